// The decision as a waterfall: from the base over the evidence of each check to the score, against the thresholds.
// A table for people who hear it; the bars are decoration of its rows.
import { transactionTexts } from '../../texts/transaction.js'
import { readsOf } from './decision.js'
import { inLanguage, signed, wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Detail} Detail */
/** @typedef {import('./shapes.js').Waterfall} Waterfall */

/** Position of a value between the ends of the scale, in percent. @param {number} low @param {number} high */
const scaleOf = (low, high) => (/** @type {number} */ value) => ((value - low) / (high - low)) * 100

/**
 * @param {App} app
 * @param {Waterfall} waterfall
 * @param {string} policy
 * @param {(path: string) => void} showElement
 * @param {import('./shapes.js').Explained | undefined} explained
 */
export function waterfallPanel(
  app,
  { base, parts, score, probability, thresholds, band, policy: origin },
  policy,
  showElement,
  explained,
) {
  const { el } = app
  const t = app.texts(transactionTexts)
  const bandName = wordOf(transactionTexts[app.lang], `band.${band}`) ?? band
  const spoken = parts.filter(({ abstained }) => abstained !== true)
  const silent = parts.filter(({ abstained }) => abstained === true)

  let sum = base
  const rows = spoken.map((part) => {
    const from = sum
    sum += part.weight
    return { part, from, to: sum }
  })
  const all = [base, score, thresholds.challenge, thresholds.reject, ...rows.map(({ to }) => to)]
  const reach = Math.max(1, Math.max(...all) - Math.min(...all))
  // Both outer bands get room for their names.
  const low = Math.min(Math.min(...all) - reach * 0.08, thresholds.challenge - reach * 0.18)
  const high = Math.max(Math.max(...all) + reach * 0.08, thresholds.reject + reach * 0.18)
  const at = scaleOf(low, high)

  /** Leads from the row above, and to the row below. @param {number | undefined} from @param {number | undefined} to */
  const joints = (from, to) => [
    from !== undefined && el('i', { class: 'tx-joint is-in', style: { left: `${at(from)}%` } }),
    to !== undefined && el('i', { class: 'tx-joint is-out', style: { left: `${at(to)}%` } }),
  ]

  /** @param {number} from @param {number} to @param {string} kind */
  const bar = (from, to, kind) =>
    el(
      'div',
      { class: 'tx-plot', 'aria-hidden': 'true' },
      el('i', {
        class: ['tx-bar', `is-${kind}`],
        style: { left: `${Math.min(at(from), at(to))}%`, width: `${Math.abs(at(to) - at(from))}%` },
      }),
      joints(from, to),
    )

  /** @param {number} value @param {string} kind @param {boolean} isLast */
  const mark = (value, kind, isLast) =>
    el(
      'div',
      { class: 'tx-plot', 'aria-hidden': 'true' },
      el('i', { class: ['tx-point', `is-${kind}`], style: { left: `${at(value)}%` } }),
      isLast ? joints(value, undefined) : joints(undefined, value),
    )

  /** @param {readonly (Node | string | false)[]} what @param {Node} plot @param {string} value @param {number} total @param {string} [kind] */
  const row = (what, plot, value, total, kind = '') =>
    el(
      'div',
      { class: ['tx-fall', kind], role: 'row' },
      el('div', { class: 'tx-what-for', role: 'cell' }, [...what]),
      el('div', { class: 'tx-number tx-weight', role: 'cell' }, value),
      el('div', { role: 'cell', class: 'tx-plot-cell' }, plot, el('span', { class: 'unseen' }, signed(total))),
    )

  const about = new Map(
    [...(explained?.contributions ?? []), ...(explained?.silent ?? [])].map((one) => [one.checkId, one]),
  )
  /** Its name and what it read, as far as that is known yet. @param {import('./shapes.js').Part} part */
  const named = ({ checkId, paths }) => {
    const one = about.get(checkId)
    return [
      el('span', { class: 'tx-check', title: checkId }, one === undefined ? checkId : inLanguage(app, one.title)),
      readsOf(app, one?.reads ?? paths.map((path) => ({ path })), showElement),
    ]
  }

  /** @param {import('./shapes.js').Part['features']} features */
  const madeOf = (features = []) =>
    features.length > 0 &&
    el(
      'details',
      { class: 'tx-reads' },
      el('summary', null, t('madeOf', { count: features.length })),
      el(
        'ul',
        { class: 'tx-features' },
        features.map(({ feature, value, weight }) =>
          el(
            'li',
            null,
            el('code', null, feature),
            ` ${app.format.number(value)}`,
            el('b', { class: 'tx-part' }, signed(weight)),
          ),
        ),
      ),
    )

  const table = el(
    'div',
    {
      class: 'tx-waterfall',
      role: 'table',
      'aria-label': t('caption'),
      style: { '--challenge': `${at(thresholds.challenge)}%`, '--reject': `${at(thresholds.reject)}%` },
    },
    el(
      'div',
      { class: 'tx-fall tx-fall-head', role: 'row' },
      el('div', { role: 'columnheader' }, t('evidence')),
      el('div', { role: 'columnheader', class: 'tx-weight' }, t('weight')),
      el(
        'div',
        { role: 'columnheader', class: 'tx-plot-cell' },
        el('span', { class: 'unseen' }, t('sum')),
        el(
          'div',
          { class: 'tx-axis', 'aria-hidden': 'true' },
          el('span', { class: 'tx-band is-low', style: { left: 0, width: 'var(--challenge)' } }, t('band.low')),
          el(
            'span',
            {
              class: 'tx-band is-medium',
              style: { left: 'var(--challenge)', width: 'calc(var(--reject) - var(--challenge))' },
            },
            t('band.medium'),
          ),
          el('span', { class: 'tx-band is-high', style: { left: 'var(--reject)', right: 0 } }, t('band.high')),
        ),
      ),
    ),
    row([el('p', null, t('base'))], mark(base, 'base', false), signed(base), base, 'is-base'),
    rows.map(({ part, from, to }) =>
      row(
        [
          el('p', null, inLanguage(app, part.text)),
          ...named(part),
          madeOf(part.features ?? about.get(part.checkId)?.features),
        ],
        bar(from, to, part.weight > 0 ? 'up' : 'down'),
        signed(part.weight),
        to,
      ),
    ),
    row([el('p', null, t('score'))], mark(score, band, true), signed(score), score, 'is-score'),
  )

  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'waterfall', 'aria-labelledby': 'tx-decision' },
    el(
      'div',
      { class: 'tx-panel-head' },
      el('h2', { id: 'tx-decision' }, t('decision')),
      el('span', { class: 'tx-quiet' }, t('policy', { policy })),
    ),
    el(
      'p',
      { class: ['tx-verdict', `is-${band}`], 'data-testid': 'verdict' },
      t('verdict', { score: signed(score), probability: app.format.percent(probability), band: bandName }),
    ),
    el('p', { class: 'tx-about' }, t('decisionAbout')),
    table,
    el(
      'ul',
      { class: 'tx-legend' },
      el('li', { class: 'is-challenge' }, t('challengeFrom', { value: signed(thresholds.challenge) })),
      el('li', { class: 'is-reject' }, t('rejectFrom', { value: signed(thresholds.reject) })),
    ),
    origin?.recorded === false && el('p', { class: 'tx-quiet' }, t('policyChanged')),
    silent.length > 0 &&
      el(
        'details',
        { class: 'tx-silent', 'data-fold': 'silent' },
        el('summary', null, silent.length === 1 ? t('abstainedOne') : t('abstained', { count: silent.length })),
        el(
          'ul',
          null,
          silent.map((part) => el('li', null, inLanguage(app, part.text), ' ', ...named(part))),
        ),
      ),
  )
}
