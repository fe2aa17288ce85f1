// What screenings of shops said, what it was worth, and what there would have been without it.
import { assessmentTexts } from '../../texts/assessments.js'
import { inLanguage, signed } from './shapes.js'

/** @typedef {import('./shapes.js').Explained} Explained */

/** Whether there is anything to be shown. @param {Explained} explained */
export const isSpokenOf = ({ assessments = [], unheard = [] }) => assessments.length + unheard.length > 0

/** @param {import('./shapes.js').App} app @param {Explained} explained */
export function assessmentsPanel(app, { assessments = [], unheard = [], withoutAll, conflict }) {
  const { el } = app
  const t = app.texts(assessmentTexts)
  /** @param {string} name @param {import('./shapes.js').Without | undefined} without @param {(Node | string | false)[]} said */
  const rung = (name, without, said, isSilent = false) =>
    el(
      'li',
      { class: ['tx-rung', isSilent && 'is-silent'], 'data-testid': `assessment-${name}` },
      el(
        'div',
        { class: 'tx-rung-head' },
        el('b', null, name),
        el('span', { class: 'tx-said' }, without !== undefined && t('without')),
        without !== undefined && app.statusChip(without.transStatus, without.transStatusReason),
      ),
      said,
    )
  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'assessments', 'aria-labelledby': 'tx-assessments' },
    el('h2', { id: 'tx-assessments' }, t('title')),
    el('p', { class: 'tx-about' }, t('about')),
    el(
      'ol',
      { class: 'tx-ladder' },
      assessments.map(({ source, door, verdict, score, reasons, labelled, evidence, weight, without, ms }) =>
        rung(source, without, [
          el(
            'p',
            null,
            el('b', null, verdict),
            ` (${t(`door.${door}`)}${ms === undefined ? '' : `, ${t('took', { ms: app.format.number(ms) })}`})`,
            score !== undefined && ` ${t('score', { score: app.format.number(score) })}`,
            reasons.flatMap((reason) => [' ', el('code', { class: 'tx-check' }, reason)]),
          ),
          el(
            'p',
            null,
            evidence === undefined
              ? t('countedOnly', { weight: signed(weight) })
              : t('counted', { weight: signed(weight), evidence: signed(evidence) }),
            ' ',
            t('record', { good: app.format.number(labelled.good), fraud: app.format.number(labelled.fraud) }),
            without !== undefined && ` ${t('withoutScore', { score: signed(without.score) })}`,
          ),
        ]),
      ),
      withoutAll !== undefined &&
        assessments.length > 1 &&
        el(
          'li',
          { class: 'tx-rung', 'data-testid': 'without-all' },
          el(
            'div',
            { class: 'tx-rung-head' },
            el('b', null, t('nobody')),
            app.statusChip(withoutAll.transStatus, withoutAll.transStatusReason),
          ),
          el('p', null, t('nobodyScore', { score: signed(withoutAll.score) })),
        ),
    ),
    conflict !== undefined && [
      el('h3', { class: 'tx-sub' }, t('conflict')),
      el(
        'p',
        { 'data-testid': 'conflict' },
        inLanguage(app, conflict.text),
        ` ${t('sides', { own: signed(conflict.own), theirs: signed(conflict.theirs) })}`,
      ),
    ],
    unheard.length > 0 && [
      el('h3', { class: 'tx-sub' }, t('unheard')),
      el(
        'ul',
        { class: 'tx-points', 'data-testid': 'unheard' },
        unheard.map(({ source, door, text }) =>
          el('li', null, `${source ?? t('somebody')} (${t(`door.${door}`)}): ${inLanguage(app, text)}`),
        ),
      ),
    ],
  )
}
