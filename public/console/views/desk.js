// The issuer's desk: what waits for a banking app, as it comes, and answers in the place of the cardholder.
import { coalesced, problemOf } from '../lib/ask.js'
import { button, note, problemLine } from '../lib/pane.js'
import { deskTexts } from '../texts/desk.js'

/**
 * @typedef {object} Approval As the API shows it.
 * @property {string} acsTransID
 * @property {'oob' | 'oobMatch' | 'decoupled'} way
 * @property {'open' | 'answered' | 'notYet' | 'over'} state
 * @property {string} [until]
 * @property {string} [merchantName]
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {string} panMask
 * @property {string} card
 * @property {string} holder
 * @property {readonly ('trustList' | 'deviceBinding')[]} prompts
 * @property {{ shown: string, choices: readonly string[], left: number }} [match]
 * @property {'approve' | 'refuse'} [answered]
 * @property {{ at: string, decision: 'approve' | 'refuse' }} [planned]
 */

const retryMs = 3_000
const collectMs = 500
const secondMs = 1_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** How many of those that were decided here are remembered. */
const mostDone = 8

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(deskTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(deskTexts)
  let isOver = false
  let isFirst = true
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {Map<string, { item: HTMLElement, tick: () => void, key: string }>} */
  const shown = new Map()

  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'desk-count' })
  const list = el('ul', { class: 'desk-rows', 'data-testid': 'desk' })
  const problem = problemLine(app, 'desk-problem')
  const none = note(
    'desk-none',
    t('none'),
    t('noneText'),
    el('a', { class: 'button primary', href: app.shopUrl }, t('toShop')),
  )
  const done = el('ul', { class: 'desk-done', 'data-testid': 'desk-done' })
  const doneArea = el(
    'section',
    { hidden: true, 'aria-labelledby': 'desk-decided' },
    el('h2', { id: 'desk-decided' }, t('decided')),
    done,
  )

  /** @param {number} ms */
  function leftWords(ms) {
    if (ms <= 0) return t('over')
    const s = Math.floor((ms % minuteMs) / secondMs)
    const m = Math.floor((ms % hourMs) / minuteMs)
    if (ms >= 2 * dayMs) {
      const h = Math.floor((ms % dayMs) / hourMs)
      return t(h === 0 ? 'days' : 'daysHours', { n: Math.floor(ms / dayMs), h })
    }
    if (ms >= hourMs) return t('hours', { h: Math.floor(ms / hourMs), m })
    return ms >= minuteMs ? t('minutes', { m, s: String(s).padStart(2, '0') }) : t('seconds', { s })
  }

  /** @param {Approval} approval */
  const whoOf = ({ merchantName = '', purchaseAmount, purchaseCurrency, purchaseExponent, panMask }) =>
    [
      merchantName === '' ? t('somebody') : merchantName,
      app.format.amount(purchaseAmount, purchaseCurrency, purchaseExponent),
      `•••• ${panMask.slice(-4)}`,
    ]
      .filter((word) => word !== '')
      .join(' · ')

  /** @param {Approval} approval @param {'approve' | 'refuse' | 'expire' | 'late'} what */
  function remember(approval, what) {
    const words = t(`done.${what}`, { who: whoOf(approval) })
    done.prepend(
      el(
        'li',
        { class: `is-${what}`, 'data-testid': `done-${approval.acsTransID}` },
        el('a', { href: app.href(`transactions/${approval.acsTransID}`) }, words),
      ),
    )
    while (done.childElementCount > mostDone) done.lastElementChild?.remove()
    doneArea.hidden = false
    app.announce(words)
  }

  /** @param {Approval} approval */
  function drawRow(approval) {
    const { acsTransID, state, until, prompts, match, planned, answered, holder, panMask, card, way } = approval
    const left = el('strong', { 'data-testid': `left-${acsTransID}` })
    const ends = until === undefined ? undefined : Date.parse(until)
    const tick = () => {
      if (ends !== undefined) left.textContent = leftWords(ends - app.now())
    }
    tick()
    const boxes = prompts.map((name) => ({
      name,
      input: el('input', { type: 'checkbox', id: `${name}-${acsTransID}`, 'data-testid': `${name}-${acsTransID}` }),
    }))
    /** @type {HTMLButtonElement[]} */
    const buttons = []

    /** @param {'approve' | 'refuse' | 'expire'} what */
    async function act(what) {
      problem.show(undefined)
      for (const one of buttons) one.disabled = true
      try {
        if (what === 'expire') await app.api.post(`/transactions/${acsTransID}/challenge`, { action: 'expire' })
        else {
          const said = Object.fromEntries(boxes.map(({ name, input }) => [name, input.checked]))
          await app.api.post(`/approvals/${acsTransID}`, { decision: what, ...(what === 'approve' && said) })
        }
        remember(approval, what)
      } catch (error) {
        if (problemOf(error).status === 409) remember(approval, 'late')
        else problem.show(error)
        for (const one of buttons) one.disabled = false
      }
      await load()
    }
    const isOpen = state === 'open'
    if (isOpen) {
      buttons.push(
        button(t('approve'), () => void act('approve'), { class: 'primary', 'data-testid': `approve-${acsTransID}` }),
        button(t('refuse'), () => void act('refuse'), { 'data-testid': `refuse-${acsTransID}` }),
      )
    }
    buttons.push(
      button(t('expire'), () => void act('expire'), { class: 'danger', 'data-testid': `expire-${acsTransID}` }),
    )

    const amount = app.format.amount(approval.purchaseAmount, approval.purchaseCurrency, approval.purchaseExponent)
    const item = el(
      'li',
      { class: 'desk-row', 'data-testid': `waits-${acsTransID}`, 'data-state': state },
      el(
        'div',
        { class: 'desk-what' },
        el(
          'h2',
          null,
          approval.merchantName || t('somebody'),
          ' ',
          el('span', { class: 'desk-amount' }, amount || t('noAmount')),
        ),
        el(
          'p',
          { class: 'quiet' },
          el('a', { href: app.href(`cards?card=${card}`), 'data-testid': `card-of-${acsTransID}` }, holder),
          ' ',
          el('span', { class: 'mono' }, `•••• ${panMask.slice(-4)}`),
        ),
      ),
      el(
        'div',
        { class: 'desk-how' },
        el('p', null, el('span', { class: ['desk-way', `is-${way}`] }, t(`way.${way}`))),
        match !== undefined &&
          el(
            'p',
            { 'data-testid': `number-${acsTransID}` },
            t('number', { number: match.shown }),
            match.left < 3 &&
              el(
                'span',
                { class: 'quiet' },
                ` ${t(match.left === 1 ? 'numberLeft.one' : 'numberLeft', { n: match.left })}`,
              ),
          ),
        planned !== undefined &&
          el(
            'p',
            { class: 'quiet' },
            t(`planned.${planned.decision}`, { time: app.format.time(Date.parse(planned.at)) }),
          ),
        state === 'answered' &&
          el('p', { class: 'quiet' }, t(answered === undefined ? 'answered' : `answered.${answered}`)),
      ),
      el(
        'p',
        { class: 'desk-left' },
        el('span', { class: 'quiet' }, t('left')),
        left,
        ends !== undefined &&
          el('time', { class: 'quiet', datetime: until }, t('until', { time: app.format.time(ends) })),
      ),
      el(
        'div',
        { class: 'desk-acts' },
        isOpen &&
          boxes.map(({ name, input }) => el('label', { class: 'desk-prompt' }, input, el('span', null, t(name)))),
        el('p', { class: 'desk-buttons' }, buttons),
        el(
          'p',
          { class: 'desk-links' },
          el(
            'a',
            { href: app.href(`transactions/${acsTransID}`), 'data-testid': `transaction-of-${acsTransID}` },
            t('transaction'),
          ),
          el(
            'a',
            { href: `${app.base}/bank/approvals/${acsTransID}`, 'data-testid': `phone-of-${acsTransID}` },
            t('phone'),
          ),
        ),
      ),
    )
    return { item, tick, key: JSON.stringify(approval) }
  }

  /** @param {readonly Approval[]} approvals */
  function draw(approvals) {
    const kept = new Set(approvals.map(({ acsTransID }) => acsTransID))
    const hadFocus = list.contains(document.activeElement)
    for (const [id, { item }] of shown) {
      if (kept.has(id)) continue
      item.remove()
      shown.delete(id)
    }
    // A row that says what it said stays as it is, with what was ticked in it.
    let before = list.firstElementChild
    for (const approval of approvals) {
      let known = shown.get(approval.acsTransID)
      if (known !== undefined && known.key !== JSON.stringify(approval)) {
        if (known.item === before) before = before.nextElementSibling
        known.item.remove()
        known = undefined
      }
      if (known === undefined) {
        known = drawRow(approval)
        if (!isFirst) known.item.classList.add('is-new')
        shown.set(approval.acsTransID, known)
      }
      if (known.item === before) before = before.nextElementSibling
      else list.insertBefore(known.item, before)
    }
    const { length } = approvals
    list.hidden = length === 0
    none.hidden = length > 0
    count.textContent = length === 0 ? '' : t(length === 1 ? 'count.one' : 'count', { n: app.format.number(length) })
    if (hadFocus && !list.contains(document.activeElement)) {
      const next = list.querySelector('button') ?? phones
      next.focus({ preventScroll: true })
    }
  }

  const load = coalesced(async () => {
    clearTimeout(timer)
    try {
      const { approvals } = await app.api.get('/approvals')
      if (isOver) return
      draw(approvals)
      isFirst = false
    } catch (error) {
      if (isOver) return
      if (isFirst && problemOf(error).status > 0) throw error
      problem.show(error)
      timer = setTimeout(() => void load().then(() => problem.show(undefined)), retryMs)
    }
  })

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let collecting
  /** Much happens at a busy ACS, and most of it is no business of a banking app. */
  const loadSoon = () => {
    collecting ??= setTimeout(() => {
      collecting = undefined
      void load()
    }, collectMs)
  }

  const phones = el('a', { class: 'button', href: `${app.base}/bank`, 'data-testid': 'desk-phones' }, t('phones'))
  root.append(
    el('p', { class: 'view-about' }, t('about')),
    el('div', { class: 'pane-head' }, phones, count),
    problem.node,
    list,
    none,
    doneArea,
  )
  const tickAll = () => {
    for (const { tick } of shown.values()) tick()
  }
  const offs = [
    app.events.on('transactions', loadSoon),
    app.events.on('reconnect', () => void load()),
    app.clock.on(() => {
      tickAll()
      void load()
    }),
  ]
  await load()
  const ticking = setInterval(tickAll, secondMs)
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      clearTimeout(collecting)
      clearInterval(ticking)
      for (const off of offs) off()
    },
  }
}
