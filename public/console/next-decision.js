// What the next payments of one card get: buttons that plan an answer, and the plans that wait.
import { coalesced, problemOf } from './lib/ask.js'
import { reasonCodesOf } from './plan/codes.js'
import { planParts } from './plan/words.js'
import { nextDecisionTexts } from './texts/next-decision.js'

/**
 * @typedef {object} Stub As the API shows it.
 * @property {string} id
 * @property {Readonly<Record<string, unknown>>} match
 * @property {number} times
 * @property {number} left
 * @property {import('./plan/words.js').Plan} then
 * @property {number} [priority]
 * @property {string | number} [expiresAt]
 * @property {string | number} createdAt
 */

const passing = /** @type {const} */ (['Y', 'C', 'A', 'I'])
/** Those that carry a reason. */
const refusing = /** @type {const} */ (['N', 'R', 'U'])
/** @type {ReadonlySet<string>} */
const withReason = new Set(refusing)
const repetitions = /** @type {const} */ ([1, 3, 10])
const reasonCodes = reasonCodesOf('ARes')

let made = 0

/** How much of a stub is left. @param {import('./app.js').App} app @param {Stub} stub */
export function stubLine(app, stub) {
  const t = app.texts(nextDecisionTexts)
  const { el } = app
  return [
    el(
      'span',
      { class: 'stub-left', 'data-testid': `stub-left-${stub.id}` },
      stub.times === 1 ? t('left.one') : t('left', { left: stub.left, times: stub.times }),
    ),
    stub.expiresAt !== undefined &&
      el('span', { class: 'quiet' }, t('until', { at: app.format.dateTime(new Date(stub.expiresAt).getTime()) })),
  ]
}

/** @param {import('./app.js').App} app @param {Stub} stub @param {() => void} then */
export function removeStubButton(app, stub, then) {
  const t = app.texts(nextDecisionTexts)
  const button = app.el(
    'button',
    {
      class: 'button',
      type: 'button',
      'aria-label': t('removeNamed', {
        status: `${stub.then.transStatus ?? ''} ${app.outcomeWord(stub.then.transStatus)}`.trim(),
      }),
      'data-testid': `stub-remove-${stub.id}`,
      onclick: async () => {
        button.disabled = true
        try {
          await app.api.delete(`/stubs/${encodeURIComponent(stub.id)}`)
          app.announce(t('removed'))
        } catch (error) {
          // Used up or removed meanwhile: what was wanted.
          const { status, message } = problemOf(error)
          if (status !== 404) app.announce(t('failed', { message }))
        }
        then()
      },
    },
    t('remove'),
  )
  return button
}

/**
 * @param {HTMLElement} root
 * @param {import('./app.js').App} app
 * @param {{ card: string, panMask: string }} about `card`: its keyed id.
 * @returns {{ unmount(): void }}
 */
export function mountNextDecision(root, app, { card, panMask }) {
  const { el } = app
  const t = app.texts(nextDecisionTexts)
  made += 1
  const id = `next-decision-${made}`
  let isOver = false
  let times = 1

  const reason = el(
    'select',
    { class: 'input', id: `${id}-reason`, title: 'N 01 · R 11 · U 22', 'data-testid': 'next-reason' },
    el('option', { value: '' }, t('reason.usual')),
    reasonCodes.map((code) => el('option', { value: code }, `${code} ${app.reasonWord(code)}`)),
  )
  const timesChoice = el(
    'fieldset',
    { class: 'next-times' },
    el('legend', null, t('times')),
    el(
      'div',
      { class: 'segments' },
      repetitions.map((n) =>
        el(
          'label',
          { class: 'segment' },
          el('input', {
            type: 'radio',
            name: `${id}-times`,
            value: String(n),
            checked: n === times,
            'data-testid': `next-times-${n}`,
            onchange: () => {
              times = n
            },
          }),
          el('span', null, n === 1 ? t('times.1') : t('times.n', { n })),
        ),
      ),
    ),
  )
  const problem = el('p', { class: 'pane-problem', role: 'alert', hidden: true })
  const pending = el('ul', { class: 'stubs', 'data-testid': 'next-pending' })
  const nothing = el('p', { class: 'quiet' }, t('nothing'))

  /** @param {string} transStatus @param {HTMLButtonElement} button */
  async function plan(transStatus, button) {
    const n = times
    const transStatusReason = withReason.has(transStatus) && reason.value !== '' ? reason.value : undefined
    button.disabled = true
    try {
      await app.api.post('/stubs', {
        match: { card },
        times: n,
        // biome-ignore lint/suspicious/noThenProperty: a member of the API; nobody awaits a stub.
        then: { transStatus, ...(transStatusReason !== undefined && { transStatusReason }) },
      })
      problem.hidden = true
      const outcome = `${transStatus} ${app.outcomeWord(transStatus)}`
      app.announce(
        n === 1
          ? t('planned', { card: panMask, outcome })
          : t('plannedTimes', { card: panMask, outcome, n: app.format.number(n) }),
      )
      await load()
    } catch (error) {
      const { status, message } = problemOf(error)
      problem.textContent = status === 0 ? t('offline') : t('failed', { message })
      problem.hidden = false
    }
    button.disabled = false
    if (!isOver) button.focus({ preventScroll: true })
  }

  const load = coalesced(async () => {
    try {
      const { stubs } = await app.api.get('/stubs')
      if (isOver) return
      /** @type {readonly Stub[]} */
      const own = stubs.filter((/** @type {Stub} */ stub) => stub.match.card === card)
      nothing.hidden = own.length > 0
      pending.hidden = own.length === 0
      const hadFocus = pending.contains(document.activeElement)
      pending.replaceChildren(
        ...own.map((stub) =>
          el(
            'li',
            { class: 'stub', 'data-testid': `stub-${stub.id}` },
            ...planParts(app, stub.then),
            ...stubLine(app, stub),
            removeStubButton(app, stub, () => void load()),
          ),
        ),
      )
      if (hadFocus) (pending.querySelector('button') ?? buttons[0])?.focus({ preventScroll: true })
    } catch {
      // the stream brings the next occasion
    }
  })

  /** @param {typeof passing[number] | typeof refusing[number]} transStatus */
  const buttonOf = (transStatus) => {
    const button = el(
      'button',
      {
        class: ['button', 'next', `is-${transStatus}`],
        type: 'button',
        title: t(`hint.${transStatus}`),
        'data-testid': `next-${transStatus}`,
        onclick: () => void plan(transStatus, button),
      },
      el('b', { class: 'letter' }, transStatus),
      el('span', null, t(`button.${transStatus}`)),
    )
    return button
  }
  const buttons = passing.map(buttonOf)
  const refusals = refusing.map(buttonOf)

  root.append(
    el(
      'section',
      { class: 'next-decision', 'aria-labelledby': `${id}-title`, 'data-testid': 'next-decision' },
      el('div', { class: 'next-head' }, el('h2', { id: `${id}-title` }, t('title')), timesChoice),
      el('p', { class: 'quiet next-about' }, t('about')),
      el(
        'div',
        { class: 'next-outcomes', role: 'group', 'aria-label': t('outcomes') },
        el('div', { class: 'next-buttons' }, buttons),
        el(
          'div',
          { class: 'next-buttons' },
          refusals,
          el('p', { class: 'next-reason' }, el('label', { for: `${id}-reason` }, t('reason')), reason),
        ),
      ),
      problem,
      el('div', { class: 'next-pending' }, el('h3', null, t('pending')), pending, nothing),
    ),
  )
  pending.hidden = true
  const offs = [app.events.on('stubs', () => void load()), app.events.on('reconnect', () => void load())]
  void load()
  return {
    unmount() {
      isOver = true
      for (const off of offs) off()
    },
  }
}
