// Who was asked for a decision, in order, and what each said or would have said.
import { transactionTexts } from '../../texts/transaction.js'
import { inLanguage, wordOf } from './shapes.js'

/** @param {import('./shapes.js').App} app @param {readonly import('./shapes.js').Decider[]} deciders */
export function decidersPanel(app, deciders) {
  const { el } = app
  const t = app.texts(transactionTexts)
  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'deciders', 'aria-labelledby': 'tx-deciders' },
    el('h2', { id: 'tx-deciders' }, t('deciders')),
    el('p', { class: 'tx-about' }, t('decidersAbout')),
    el(
      'ol',
      { class: 'tx-ladder' },
      deciders.map(({ by, isChosen, outcome, why }) =>
        el(
          'li',
          {
            class: ['tx-rung', isChosen && 'is-chosen', outcome === null && 'is-silent'],
            'data-testid': `decider-${by}`,
          },
          el(
            'div',
            { class: 'tx-rung-head' },
            el('b', null, wordOf(transactionTexts[app.lang], `decider.${by}`) ?? by),
            el(
              'span',
              { class: 'tx-said' },
              isChosen
                ? el('span', { class: 'tx-chosen' }, t('chosen'))
                : outcome === null
                  ? t('silent')
                  : t('wouldHave'),
            ),
            outcome !== null && app.statusChip(outcome.transStatus, outcome.transStatusReason),
          ),
          inLanguage(app, why) !== '' && el('p', null, inLanguage(app, why)),
        ),
      ),
    ),
  )
}
