// One transaction: what was said, why it was decided so, how the challenge went.
import { problemOf } from '../lib/ask.js'
import { mountNextDecision } from '../next-decision.js'
import { transactionTexts } from '../texts/transaction.js'
import { assessmentsPanel, isSpokenOf } from './transaction/assessments.js'
import { cardholderPanel } from './transaction/cardholder.js'
import { copy } from './transaction/copy.js'
import { decidersPanel } from './transaction/deciders.js'
import { stepsPanel, waysPanel } from './transaction/decision.js'
import { hasResult, head, inWords, isOpen } from './transaction/head.js'
import { jsonTree } from './transaction/json.js'
import { labelPanel } from './transaction/label.js'
import { isPlanned, planPanel } from './transaction/plan.js'
import { createSequence } from './transaction/sequence.js'
import { timelinePanel } from './transaction/timeline.js'
import { waterfallPanel } from './transaction/waterfall.js'

/** @typedef {import('../app.js').App} App */
/** @typedef {import('./transaction/shapes.js').Detail} Detail */

/** While it is open, and in case the live events do not come. */
const askAgainMs = 5_000

/** @param {App} app */
export const title = (app) => app.texts(transactionTexts)('title')

/** @param {HTMLElement} root @param {App} app @param {Record<string, string>} params */
export async function mount(root, app, { acsTransID = '' }) {
  const { el } = app
  const t = app.texts(transactionTexts)
  const path = `/transactions/${encodeURIComponent(acsTransID)}`
  const back = el(
    'p',
    { class: 'tx-ways' },
    el('a', { class: 'tx-back', href: app.href('') }, app.icon('left'), t('back')),
    el('a', { href: app.href(`journal?acsTransID=${encodeURIComponent(acsTransID)}`) }, t('inJournal')),
    el(
      'a',
      { href: app.href(`journeys?payment=${encodeURIComponent(acsTransID)}`), 'data-testid': 'to-journey' },
      t('inJourney'),
    ),
    el('a', { href: app.href(`policy?tab=ask&from=${encodeURIComponent(acsTransID)}`) }, t('whatIf')),
  )

  /** @type {Detail} */
  let detail
  try {
    detail = await app.api.get(path)
  } catch (error) {
    const { status } = problemOf(error)
    if (status !== 404 && status !== 400) throw error
    root.append(
      el(
        'div',
        { class: 'note', 'data-testid': 'unknown-transaction' },
        el('h2', null, t('unknown')),
        el('p', null, t('unknownText', { id: acsTransID })),
        el('p', null, el('a', { class: 'button primary', href: app.href('') }, t('toList'))),
      ),
    )
    return {}
  }

  const sequence = createSequence(app)
  const headSlot = el('div', { class: 'tx-slot' })
  const whySlot = el('div', { class: 'tx-slot' })
  const whoSlot = el('div', { class: 'tx-slot' })
  const saidSlot = el('div', { class: 'tx-slot' })
  const stepsSlot = el('div', { class: 'tx-slot' })
  const waysSlot = el('div', { class: 'tx-slot' })
  const timeSlot = el('div', { class: 'tx-slot' })
  const planSlot = el('div', { class: 'tx-slot' })
  const cardholder = cardholderPanel(app, acsTransID, () => void refresh())
  const label = labelPanel(app, acsTransID, () => void refresh())
  const nextSlot = el('div', { class: 'panel tx-panel tx-next', 'data-testid': 'next-decision' })
  const rawSlot = el('div', { class: 'tx-raw-body' })
  const raw = el(
    'details',
    { class: 'panel tx-panel tx-raw', 'data-testid': 'raw' },
    el('summary', null, el('h2', null, t('raw')), el('span', { class: 'tx-quiet' }, t('rawAbout'))),
    rawSlot,
  )

  /** Asked for apart, since it takes longer. @type {import('./transaction/shapes.js').Explained | undefined} */
  let explained
  let whose = 'anyone'

  /** What each panel was drawn from: one whose data are the same stays as it is, with its folds. @type {Map<HTMLElement, string>} */
  const drawn = new Map()

  /** @param {HTMLElement} slot @param {unknown} from @param {() => Node | undefined} make */
  function draw(slot, from, make) {
    const text = JSON.stringify(from) ?? ''
    if (drawn.get(slot) === text) return
    drawn.set(slot, text)
    const folds = [...slot.querySelectorAll('details')].map((fold) => fold.open)
    const made = make()
    if (made === undefined) slot.replaceChildren()
    else slot.replaceChildren(made)
    for (const [index, fold] of [...slot.querySelectorAll('details')].entries()) fold.open = folds[index] ?? fold.open
  }

  function drawRaw() {
    if (!raw.open) return
    draw(rawSlot, detail, () =>
      el(
        'div',
        null,
        copy(app, t, t('copyRaw'), () => JSON.stringify(detail, null, 2)),
        jsonTree(app, detail).node,
      ),
    )
  }
  raw.addEventListener('toggle', drawRaw)

  /** Its end was seen. */
  let isSettled = !isOpen(detail)

  function update() {
    const { waterfall, deciders = [], messages: _messages, ...rest } = detail
    draw(headSlot, rest, () => head(app, detail))
    sequence.update(detail)
    draw(whySlot, [waterfall, explained?.contributions, explained?.silent], () =>
      waterfall === undefined
        ? undefined
        : waterfallPanel(app, waterfall, detail.policy, (element) => sequence.reveal('AReq', element), explained),
    )
    label.draw(detail.label)
    drawExplained()
    draw(whoSlot, deciders, () => (deciders.length === 0 ? undefined : decidersPanel(app, deciders)))
    draw(planSlot, [detail.plan, detail.messages, detail.challenge, detail.decision], () =>
      isPlanned(detail) ? planPanel(app, detail) : undefined,
    )
    if (hasResult(detail.transStatus) && !isSettled) {
      isSettled = !isOpen(detail)
      void cardholder.look()
    }
    draw(timeSlot, [detail.timeline, detail.transStatus], () =>
      hasResult(detail.transStatus) ? timelinePanel(app, detail) : undefined,
    )
    drawRaw()
  }

  function drawExplained() {
    const known = explained
    if (known === undefined) return
    const { counterfactual, ...rest } = known
    const { assessments, unheard, withoutAll, conflict } = known
    draw(saidSlot, [assessments, unheard, withoutAll, conflict], () =>
      isSpokenOf(known) ? assessmentsPanel(app, known) : undefined,
    )
    draw(stepsSlot, rest, () => stepsPanel(app, known))
    const hadFocus = waysSlot.contains(document.activeElement)
    draw(waysSlot, [counterfactual, whose], () => waysPanel(app, known, whose, choose))
    const checked = waysSlot.querySelector('input:checked')
    if (hadFocus && checked instanceof HTMLElement) checked.focus({ preventScroll: true })
  }

  /** @param {string} next */
  function choose(next) {
    whose = next
    void explain()
  }

  async function explain() {
    const asked = whose
    try {
      const query = asked === 'anyone' ? '' : `?controllable=${asked}`
      /** @type {import('./transaction/shapes.js').Explained} */
      const next = await app.api.get(`${path}/decision${query}`)
      if (isGone || asked !== whose) return
      explained = next
      update()
    } catch {
      // The page stays as it is: what was decided is shown already.
    }
  }

  let isGone = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let isAsking = false
  let isToAsk = false

  async function refresh() {
    if (isAsking) {
      isToAsk = true
      return
    }
    isAsking = true
    clearTimeout(timer)
    try {
      const before = inWords(app, detail)
      /** @type {Detail} */
      const next = await app.api.get(path)
      if (isGone) return
      detail = next
      update()
      const after = inWords(app, detail)
      if (after !== before) app.announce(t('changed', { what: after }))
    } catch {
      // The next event or the timer asks again.
    } finally {
      isAsking = false
      if (isToAsk && !isGone) {
        isToAsk = false
        void refresh()
      } else plan()
    }
  }

  function plan() {
    clearTimeout(timer)
    if (!isGone && isOpen(detail)) timer = setTimeout(() => void refresh(), askAgainMs)
  }

  update()
  root.append(
    el(
      'div',
      { class: 'tx', 'data-testid': 'transaction', 'data-transaction': acsTransID },
      back,
      headSlot,
      sequence.node,
      el(
        'div',
        { class: 'tx-two' },
        // Columns of about the same height: with a challenge its steps fill the right one.
        el('div', { class: 'tx-column' }, whySlot, waysSlot, detail.transStatus === 'C' && nextSlot),
        el(
          'div',
          { class: 'tx-column' },
          cardholder.node,
          planSlot,
          whoSlot,
          saidSlot,
          stepsSlot,
          label.node,
          timeSlot,
          detail.transStatus !== 'C' && nextSlot,
        ),
      ),
      raw,
    ),
  )
  void explain()
  const next = mountNextDecision(nextSlot, app, { card: detail.card, panMask: detail.panMask })
  const offs = [
    app.events.on('transactions', (batch) => {
      /** @type {readonly { acsTransID: string }[]} */
      const rows = batch?.transactions ?? []
      const isOurs = rows.some((row) => row.acsTransID === detail.acsTransID)
      if (isOurs || (Number(batch?.skipped) > 0 && isOpen(detail))) void refresh()
    }),
    app.events.on('reconnect', () => void refresh()),
  ]
  plan()
  return {
    unmount() {
      isGone = true
      clearTimeout(timer)
      for (const off of offs) off()
      next.unmount()
    },
  }
}
