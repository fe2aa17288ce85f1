// The policy: what runs, in words; the draft, tried on the payments that came; which policies ran; the lists beside them.
import { policyTexts } from '../texts/policy.js'
import { policyDeskTexts } from '../texts/policy-desk.js'
import { editorView } from './policy/editor.js'
import { historyView } from './policy/history.js'
import { listsView } from './policy/lists.js'
import { runningView } from './policy/running.js'
import { whatIfView } from './policy/what-if.js'

/** @typedef {{ unmount?(): void }} Part */

const parts = /** @type {const} */ ({
  now: runningView,
  edit: editorView,
  ask: whatIfView,
  history: historyView,
  lists: listsView,
})
/** @typedef {keyof typeof parts} Tab */
const tabs = /** @type {readonly Tab[]} */ (Object.keys(parts))

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(policyTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(policyDeskTexts)
  const nav = el('nav', { class: 'tabs', 'aria-label': t('tabs') })
  const main = el('div')
  /** @type {Tab | undefined} */
  let shown
  /** @type {Part | undefined} */
  let part
  let turn = 0

  async function follow() {
    const asked = app.query().get('tab')
    const wanted = tabs.find((tab) => tab === asked) ?? 'now'
    if (wanted === shown) return
    shown = wanted
    turn += 1
    const mine = turn
    part?.unmount?.()
    part = undefined
    nav.replaceChildren(
      ...tabs.map((tab) =>
        el(
          'a',
          {
            class: 'tab',
            href: app.href(tab === 'now' ? 'policy' : `policy?tab=${tab}`),
            'aria-current': tab === wanted ? 'page' : undefined,
            'data-testid': `tab-${tab}`,
          },
          t(`tab.${tab}`),
        ),
      ),
    )
    const next = el('div')
    main.replaceChildren(next)
    /** @type {Part | undefined} */
    const made = (await parts[wanted](next, app)) ?? undefined
    if (mine === turn) part = made
    else made?.unmount?.()
  }

  root.append(nav, main)
  await follow()
  return {
    unmount() {
      turn += 1
      part?.unmount?.()
    },
    query: () => void follow(),
  }
}
