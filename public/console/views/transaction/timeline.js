// The challenge as steps on a time line.
import { transactionTexts } from '../../texts/transaction.js'
import { inLanguage, passed } from './shapes.js'

/** @typedef {import('./shapes.js').Happening} Happening */

/** How a step is marked, by its kind. @type {Readonly<Record<string, string>>} */
const marks = {
  wrongCode: 'is-bad',
  timeout: 'is-bad',
  cancelled: 'is-bad',
  error: 'is-bad',
  failed: 'is-bad',
  verdict: 'is-end',
  waits: 'is-waiting',
}

/** @param {import('./shapes.js').App} app @param {unknown} detail */
function detailOf(app, detail) {
  if (detail === undefined || detail === null) return ''
  if (typeof detail === 'string') return detail
  if (typeof detail === 'object') {
    const own = Reflect.get(detail, app.lang)
    if (typeof own === 'string') return own
  }
  return JSON.stringify(detail)
}

/** @param {import('./shapes.js').App} app @param {import('./shapes.js').Detail} detail */
export function timelinePanel(app, { at: start, timeline = [] }) {
  const { el } = app
  const t = app.texts(transactionTexts)
  return el(
    'section',
    { class: 'panel tx-panel', 'data-testid': 'timeline', 'aria-labelledby': 'tx-timeline' },
    el('h2', { id: 'tx-timeline' }, t('timeline')),
    el('p', { class: 'tx-about' }, t('timelineAbout')),
    el(
      'ol',
      { class: 'tx-timeline' },
      timeline.map(({ at, kind, title, detail }) =>
        el(
          'li',
          { class: ['tx-moment', marks[kind]], 'data-kind': kind },
          el('span', { class: 'tx-at', title: app.format.dateTime(at) }, `+${passed(Math.max(0, at - start))}`),
          el('i', { 'aria-hidden': 'true' }),
          el(
            'div',
            null,
            el('p', null, inLanguage(app, title)),
            detailOf(app, detail) !== '' && el('p', { class: 'tx-quiet' }, detailOf(app, detail)),
          ),
        ),
      ),
    ),
  )
}
