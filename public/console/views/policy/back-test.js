// A draft over the stored payments: counts side by side, and the payments that come out otherwise.
import { button, pane, problemLine } from '../../lib/pane.js'
import { policyDeskTexts } from '../../texts/policy-desk.js'

/** @typedef {{ transStatus: string, transStatusReason?: string, score: number }} Opinion */
/**
 * @typedef {object} Payment
 * @property {string} acsTransID
 * @property {number} at
 * @property {string} panMask
 * @property {string} [merchantName]
 * @property {string} [purchaseAmount]
 * @property {string} [purchaseCurrency]
 * @property {string} [purchaseExponent]
 * @property {Opinion} stored
 * @property {Opinion} running
 * @property {Opinion} draft
 * @property {{ weights: { part: string, from: number, to: number }[], applied: string[], noLonger: string[],
 *   thresholds?: { from: [number, number], to: [number, number] } }} why
 */
/**
 * @typedef {object} BackTest
 * @property {number} searched
 * @property {number} replayed
 * @property {{ older: number, features: number }} notReplayed
 * @property {number} withoutCounts
 * @property {('issuer' | 'tables')[]} notWeighed
 * @property {boolean} isComplete
 * @property {{ transStatus: string, stored: number, running: number, draft: number }[]} outcomes
 * @property {{ kind: 'fraud' | 'confirmedGood', count: number, running: number, draft: number }[]} labels
 * @property {number} changed
 * @property {Payment[]} payments
 */

const limits = [1_000, 10_000, 100_000]

/** @param {import('../../app.js').App} app @param {() => string} text Of the draft. */
export function backTestPane(app, text) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  const locale = app.lang === 'ja' ? 'ja-JP' : 'en-GB'
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: 'exceptZero' })
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  /** @param {number} n */
  const score = (n) => plain.format(n).replace('-', '−')
  /** @param {number} n */
  const difference = (n) => (n === 0 ? '±0' : signed.format(n).replace('-', '−'))

  const problem = problemLine(app, 'back-test-failed')
  const limit = el(
    'select',
    { class: 'input', id: 'back-test-limit' },
    limits.map((n) => el('option', { value: String(n), selected: n === 10_000 }, app.format.number(n))),
  )
  const run = button(t('run'), () => void start(), { 'data-testid': 'back-test-run' })
  const status = el('p', { class: 'back-test-status', role: 'status', 'data-testid': 'back-test-status' })
  const result = el('div', { class: 'back-test-result' })
  let isOver = false

  /** @param {Payment['why']} why */
  function reasons({ weights, applied, noLonger, thresholds }) {
    // Where a threshold has moved, that says enough of what follows from it.
    const derived = /^(?:indicator|band):|^ACS-VAL-/
    const lines = [
      ...(thresholds !== undefined && thresholds.from[0] !== thresholds.to[0]
        ? [t('why.thresholds', { from: score(thresholds.from[0]), to: score(thresholds.to[0]) })]
        : []),
      ...(thresholds !== undefined && thresholds.from[1] !== thresholds.to[1]
        ? [t('why.rejects', { from: score(thresholds.from[1]), to: score(thresholds.to[1]) })]
        : []),
      ...weights.map(({ part, from, to }) => t('why.weight', { part, from: score(from), to: score(to) })),
      ...applied.filter((one) => !derived.test(one)).map((what) => t('why.applied', { what })),
      ...noLonger.filter((one) => !derived.test(one)).map((what) => t('why.noLonger', { what })),
    ]
    return el(
      'ul',
      { class: 'why-list' },
      (lines.length === 0 ? [t('noWhy')] : lines).map((line) => el('li', null, line)),
    )
  }

  /** @param {Opinion} opinion */
  const opinionCell = ({ transStatus, transStatusReason, score: n }) =>
    el('td', null, app.statusChip(transStatus, transStatusReason), ' ', el('span', { class: 'quiet number' }, score(n)))

  /** @param {string} label @param {boolean} [isNumber] */
  const head = (label, isNumber) => el('th', { scope: 'col', class: isNumber && 'number' }, label)

  /** @param {BackTest} found */
  function show(found) {
    const { searched, replayed, changed, outcomes, payments, labels, notReplayed } = found
    status.textContent =
      searched === 0 ? t('nothingStored') : t('result', { searched, replayed, changed: app.format.number(changed) })
    const older = notReplayed.older + notReplayed.features
    const notes = [
      ...(older > 0 ? [t('notReplayed', { n: older })] : []),
      ...(found.withoutCounts > 0 ? [t('withoutCounts', { n: found.withoutCounts })] : []),
      ...found.notWeighed.map((what) => t(`notWeighed.${what}`)),
      ...(found.isComplete ? [] : [t('incomplete')]),
    ]
    result.replaceChildren(
      el(
        'ul',
        { class: 'back-test-notes quiet', hidden: notes.length === 0 },
        notes.map((one) => el('li', null, one)),
      ),
      ...(outcomes.length === 0
        ? []
        : [
            el(
              'div',
              { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': t('outcome') },
              el(
                'table',
                { class: 'plain-table', 'data-testid': 'back-test-outcomes' },
                el(
                  'thead',
                  null,
                  el(
                    'tr',
                    null,
                    head(t('outcome')),
                    head(t('stored'), true),
                    head(t('byRunning'), true),
                    head(t('byDraft'), true),
                    head(t('change'), true),
                  ),
                ),
                el(
                  'tbody',
                  null,
                  outcomes.map((row) =>
                    el(
                      'tr',
                      null,
                      el('td', null, app.statusChip(row.transStatus)),
                      ...[row.stored, row.running, row.draft].map((n) =>
                        el('td', { class: 'number' }, app.format.number(n)),
                      ),
                      el('td', { class: 'number' }, difference(row.draft - row.running)),
                    ),
                  ),
                ),
              ),
            ),
          ]),
      ...labels.map(({ kind, count, running, draft }) =>
        el('p', null, t('labelled', { kind: t(`label.${kind}`), count, running, draft })),
      ),
      ...(replayed === 0
        ? []
        : [
            el('h3', null, t('changedPayments')),
            changed === 0
              ? el('p', { class: 'quiet' }, t('noneChanged'))
              : el(
                  'div',
                  { class: 'table-scroll is-wide', tabindex: '0', role: 'region', 'aria-label': t('changedPayments') },
                  el(
                    'table',
                    { class: 'plain-table', 'data-testid': 'back-test-payments' },
                    el(
                      'thead',
                      null,
                      el('tr', null, head(t('payment')), head(t('byRunning')), head(t('byDraft')), head(t('why'))),
                    ),
                    el('tbody', null, payments.map(paymentRow)),
                  ),
                ),
            changed > payments.length &&
              el('p', { class: 'quiet' }, t('shownOf', { n: payments.length, all: changed })),
          ].filter((node) => node !== false)),
    )
  }

  /** @param {Payment} payment */
  const paymentRow = (payment) =>
    el(
      'tr',
      null,
      el(
        'td',
        null,
        el(
          'a',
          { href: app.href(`transactions/${payment.acsTransID}`) },
          app.format.amount(payment.purchaseAmount, payment.purchaseCurrency, payment.purchaseExponent) ||
            payment.panMask,
          ' ',
          payment.merchantName ?? '',
        ),
        el('br'),
        el('span', { class: 'quiet' }, `${app.format.time(payment.at)} · ${payment.panMask}`),
      ),
      opinionCell(payment.running),
      opinionCell(payment.draft),
      el('td', null, reasons(payment.why)),
    )

  async function start() {
    run.disabled = true
    problem.show(undefined)
    status.textContent = t('running')
    result.replaceChildren()
    try {
      const found = await app.api.post('/policies/backtest', { text: text(), limit: Number(limit.value) })
      if (!isOver) show(found)
    } catch (error) {
      if (isOver) return
      status.textContent = ''
      problem.show(error)
    } finally {
      run.disabled = false
    }
  }

  return {
    node: pane(
      'policy-try',
      t('try'),
      t('tryText'),
      problem.node,
      el(
        'div',
        { class: 'editor-bar' },
        run,
        el('label', { for: 'back-test-limit', class: 'quiet' }, t('limit')),
        limit,
      ),
      status,
      result,
    ),
    unmount() {
      isOver = true
    },
  }
}
