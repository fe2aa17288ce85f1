// What changes from one policy to another, by name.
import { policyDeskTexts } from '../../texts/policy-desk.js'

/** @typedef {{ part: string, path: string, what: 'added' | 'removed' | 'changed' | 'moved', from?: unknown, to?: unknown }} Change */

const mostShown = 60

/** A value as it is written, short. @param {unknown} value @returns {string} */
export function written(value) {
  if (typeof value === 'string') return value
  const text = JSON.stringify(value) ?? ''
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}

/** @param {import('../../app.js').App} app @param {readonly Change[]} changes */
export function changeList(app, changes) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  return el(
    'ul',
    { class: 'change-list', 'data-testid': 'changes' },
    changes
      .slice(0, mostShown)
      .map(({ path, what, from, to }) =>
        el(
          'li',
          { class: `change is-${what}` },
          el('span', { class: 'change-what' }, t(`what.${what}`)),
          el('code', null, path),
          el(
            'span',
            { class: 'change-values' },
            from !== undefined && el('del', null, written(from)),
            from !== undefined && to !== undefined && ' → ',
            to !== undefined && el('ins', null, written(to)),
          ),
        ),
      ),
    changes.length > mostShown && el('li', null, t('moreChanges', { n: changes.length - mostShown })),
  )
}
