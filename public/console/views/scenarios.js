// Who answers before the engine: the scenario table to read and to write, and a question for one card or AReq.
import { scenariosTexts } from '../texts/scenarios.js'
import { editorView } from './scenarios/editor.js'
import { rangesPane, tableView } from './scenarios/table.js'
import { tester } from './scenarios/tester.js'

const tabs = /** @type {const} */ (['table', 'edit'])

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(scenariosTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(scenariosTexts)
  /** @type {import('./scenarios/table.js').Table} */
  let table = await app.api.get('/scenarios')
  /** @type {(typeof tabs)[number] | undefined} */
  let shown
  /** @type {{ unmount(): void } | undefined} */
  let editor
  let view = tableView(app, table)
  const question = tester(app, (row) => view.hit(row))
  const nav = el('nav', { class: 'tabs', 'aria-label': t('tabs') })
  const main = el('div', { class: 'scenarios-main' })
  const ranges = el('div', null, rangesPane(app, table.ranges))

  const layout = el(
    'div',
    { class: 'scenarios-layout' },
    main,
    el('div', { class: 'scenarios-side' }, question.node, ranges),
  )

  function follow() {
    const wanted = app.query().get('tab') === 'edit' ? 'edit' : 'table'
    if (wanted === shown) return
    shown = wanted
    layout.classList.toggle('is-editing', wanted === 'edit')
    ranges.hidden = wanted === 'edit'
    editor?.unmount()
    editor = undefined
    nav.replaceChildren(
      ...tabs.map((tab) =>
        el(
          'a',
          {
            class: 'tab',
            href: app.href(tab === 'table' ? 'scenarios' : `scenarios?tab=${tab}`),
            'aria-current': tab === wanted ? 'page' : undefined,
            'data-testid': `tab-${tab}`,
          },
          t(`tab.${tab}`),
        ),
      ),
    )
    if (wanted === 'edit') {
      const made = editorView(app, table, (saved) => {
        table = saved
        view = tableView(app, table)
        ranges.replaceChildren(rangesPane(app, table.ranges))
      })
      editor = made
      main.replaceChildren(made.node)
    } else main.replaceChildren(view.node)
  }

  root.append(
    el('p', { class: 'view-about' }, t('about'), ' ', el('a', { href: app.href('stubs') }, t('toStubs'))),
    nav,
    layout,
  )
  follow()
  return {
    unmount() {
      editor?.unmount()
      question.unmount()
    },
    query: follow,
  }
}
