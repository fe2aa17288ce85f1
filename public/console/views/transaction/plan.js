// What was asked for by a stub, an override or a row, beside what the engine would have decided; and which faults were met.
import { planParts } from '../../plan/words.js'
import { transactionTexts } from '../../texts/transaction.js'
import { endsOf } from './message.js'
import { wordOf } from './shapes.js'

/** @typedef {import('./shapes.js').App} App */
/** @typedef {import('./shapes.js').Detail} Detail */

/** Whether there is anything to tell. @param {Detail} detail */
export const isPlanned = ({ plan, overrideProblem, nearMiss, messages }) =>
  plan !== undefined ||
  overrideProblem !== undefined ||
  nearMiss !== undefined ||
  messages.some(({ fault }) => fault !== undefined)

/** @param {App} app @param {Detail} detail */
export function planPanel(
  app,
  { plan, engine, decision, decidedBy, overrideProblem, nearMiss, challenge, messages, card },
) {
  const { el } = app
  const t = app.texts(transactionTexts)
  const words = transactionTexts[app.lang]
  const met = messages.filter(({ fault }) => fault !== undefined)
  const bent = challenge?.verdict?.planned?.bent ?? []
  const isBent = plan?.transStatus !== undefined && decision !== undefined && plan.transStatus !== decision.transStatus
  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'plan', 'aria-labelledby': 'tx-plan' },
    el('h2', { id: 'tx-plan' }, t('plan')),
    plan !== undefined &&
      el(
        'div',
        { class: 'tx-planned' },
        el('p', { class: 'tx-quiet' }, t('plan.by', { by: wordOf(words, `decider.${decidedBy}`) ?? decidedBy })),
        el('div', { class: 'plan-parts' }, planParts(app, plan)),
      ),
    engine !== undefined &&
      plan !== undefined &&
      el(
        'p',
        { class: 'tx-planned', 'data-testid': 'engine-word' },
        el('span', { class: 'tx-quiet' }, t('plan.engine')),
        ' ',
        app.statusChip(engine.transStatus, engine.transStatusReason),
        engine.band !== undefined && el('span', { class: 'tx-quiet' }, ` ${t(`plan.band.${engine.band}`)}`),
      ),
    isBent &&
      el(
        'p',
        { class: 'tx-problem' },
        t('plan.bent', {
          asked: plan.transStatus ?? '',
          sent: decision?.transStatus ?? '',
          why: (decision?.because ?? []).join(', '),
        }),
      ),
    bent.map(({ element, asked }) => el('p', { class: 'tx-problem' }, t('plan.bentElement', { element, asked }))),
    overrideProblem !== undefined && el('p', { class: 'tx-problem' }, t('plan.override', { problem: overrideProblem })),
    nearMiss !== undefined &&
      el('p', { class: 'tx-quiet' }, t('plan.nearMiss', { row: nearMiss.scenario, code: nearMiss.code })),
    met.length > 0 &&
      el(
        'div',
        { class: 'tx-planned' },
        el('h3', null, t('plan.faults')),
        el(
          'ul',
          { class: 'tx-met', 'data-testid': 'faults-met' },
          met.map(({ link, messageType, fault, at }) =>
            el(
              'li',
              null,
              el('span', { class: 'tx-fault' }, app.icon('faults'), fault ?? ''),
              ` ${endsOf(link).join(' → ')} ${messageType ?? ''} `,
              el('span', { class: 'tx-quiet' }, app.format.clock(at)),
            ),
          ),
        ),
      ),
    el(
      'p',
      { class: 'form-actions' },
      el('a', { class: 'button', href: app.href(`stubs?card=${card}`), 'data-testid': 'make-stub' }, t('plan.stub')),
    ),
  )
}
