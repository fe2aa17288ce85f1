// What the payment was, how it stands, and by which ids the parties know it.
import { schemes } from '../../tables.js'
import { transactionTexts } from '../../texts/transaction.js'
import { copy } from './copy.js'
import { wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Detail} Detail */

const ids = /** @type {const} */ (['acsTransID', 'threeDSServerTransID', 'dsTransID'])

/** Whether an RReq follows the ARes: a challenge, or decoupled. @param {string} transStatus */
export const hasResult = (transStatus) => transStatus === 'C' || transStatus === 'D'

/** Whether something is still to come. @param {Detail} detail */
export const isOpen = ({ transStatus, resultStatus, delivery }) =>
  hasResult(transStatus) && (resultStatus === undefined || delivery === 'pending' || delivery === undefined)

/** @param {App} app @param {Detail} detail */
export function head(app, detail) {
  const { el, format } = app
  const t = app.texts(transactionTexts)
  const { transStatus, transStatusReason, resultStatus, resultReason, delivery } = detail
  const words = transactionTexts[app.lang]

  /** @param {string} name @param {string | undefined} value @param {Record<string, unknown>} [props] */
  const fact = (name, value, props) =>
    value !== undefined && value !== '' && el('div', null, el('dt', null, name), el('dd', props ?? null, value))

  const outcome = !hasResult(transStatus)
    ? el('p', { class: 'tx-quiet' }, t('final'))
    : resultStatus === undefined
      ? el('p', { class: 'tx-waiting' }, el('i', { 'aria-hidden': 'true' }), t('open'))
      : el(
          'div',
          { class: 'tx-step', 'data-testid': 'result-status' },
          el('span', { class: 'tx-step-name' }, t('result')),
          app.statusChip(resultStatus, resultReason),
        )
  const reason = resultReason ?? transStatusReason
  return el(
    'section',
    { class: 'panel tx-head', 'aria-label': t('title') },
    el(
      'div',
      { class: 'tx-what' },
      el(
        'p',
        { class: 'tx-amount' },
        format.amount(detail.purchaseAmount, detail.purchaseCurrency, detail.purchaseExponent),
      ),
      el('p', { class: 'tx-merchant' }, detail.merchantName ?? ''),
      el(
        'div',
        { class: 'tx-way', 'data-testid': 'way' },
        el(
          'div',
          { class: 'tx-step' },
          el('span', { class: 'tx-step-name' }, t('answered')),
          app.statusChip(transStatus, transStatusReason),
        ),
        hasResult(transStatus) && el('span', { class: 'tx-then', 'aria-hidden': 'true' }, '→'),
        outcome,
      ),
      reason !== undefined && el('p', { class: 'tx-reason' }, `${reason}: ${app.reasonWord(reason)}`),
    ),
    el(
      'dl',
      { class: 'tx-facts' },
      fact(t('at'), format.dateTime(detail.at)),
      fact(t('card'), `${schemes.get(detail.scheme) ?? detail.scheme} ${detail.panMask}`, { class: 'tx-number' }),
      fact(t('decidedBy'), wordOf(words, `decider.${detail.decidedBy}`) ?? detail.decidedBy),
      fact(t('version'), detail.messageVersion, { class: 'tx-number' }),
      fact(t('took'), detail.durationMs === undefined ? undefined : format.duration(detail.durationMs), {
        class: 'tx-number',
      }),
      fact(t('delivery'), delivery === undefined ? undefined : (wordOf(words, `delivery.${delivery}`) ?? delivery)),
    ),
    el(
      'dl',
      { class: 'tx-ids' },
      ids.map((name) =>
        el(
          'div',
          null,
          el('dt', null, name),
          el(
            'dd',
            null,
            el('code', null, detail[name]),
            copy(app, t, t('copyId', { name }), () => detail[name], `copy-${name}`),
          ),
        ),
      ),
    ),
  )
}

/** The state in a few words, for people who hear the page. @param {App} app @param {Detail} detail */
export const inWords = (app, { resultStatus, transStatus }) => app.outcomeWord(resultStatus ?? transStatus)
