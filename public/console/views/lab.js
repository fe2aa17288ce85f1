// The research lab: start an experiment, watch it, open its report. What is run and measured happens in a process of its own.
import { problemOf } from '../lib/ask.js'
import { createDrawing } from '../lib/fresh.js'
import { note, pane, problemLine } from '../lib/pane.js'
import { labTexts } from '../texts/lab.js'
import { formView } from './lab/form.js'
import { isGoing, rowsOf } from './lab/rows.js'

/** @typedef {import('./lab/rows.js').Experiment} Experiment */
/** @typedef {{ experiments: readonly Experiment[], presets: readonly string[], limits: { events: number } }} Known */

/** How often the list is asked for, while something runs and while nothing does. */
const soonMs = 1_000
const laterMs = 6_000

/** @param {import('../app.js').App} app */
export const title = (app) => app.texts(labTexts)('title')

/** @param {HTMLElement} root @param {import('../app.js').App} app */
export async function mount(root, app) {
  const { el } = app
  const t = app.texts(labTexts)
  let isOver = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  /** @type {ReadonlyMap<string, Experiment>} */
  let before = new Map()

  const [known, shipped, running] = await Promise.all([
    /** @type {Promise<Known>} */ (app.api.get('/experiments')),
    /** @type {Promise<{ policies: readonly { name: string, about?: { en: string, ja: string } }[] }>} */ (
      app.api.get('/policies/shipped')
    ),
    app.api.get('/policies').then(
      (/** @type {{ running: { name: string } }} */ answer) => answer.running.name,
      () => undefined,
    ),
  ])

  const problem = problemLine(app, 'lab-problem')
  const count = el('p', { class: 'pane-count', role: 'status', 'data-testid': 'lab-count' })
  const list = el('ul', { class: 'lab-rows', 'data-testid': 'experiments' })
  const none = note('lab-none', t('none'), t('noneText'))
  const draw = createDrawing(list)
  const form = formView(app, known, shipped.policies, running, () => void load())
  const row = rowsOf(app, {
    reload: () => load(),
    complain: (error) => problem.show(error),
    edit: (text) => form.take(text),
  })

  /** @param {readonly Experiment[]} experiments */
  function show(experiments) {
    for (const one of experiments) {
      const was = before.get(one.id)
      if (was !== undefined && isGoing(was) && !isGoing(one))
        app.announce(t('ended', { name: one.name, state: t(`state.${one.state}`) }))
    }
    before = new Map(experiments.map((one) => [one.id, one]))
    // Minutes pass although nothing happens: how long ago it was is drawn again, too.
    draw([experiments, Math.floor(Date.now() / 60_000)], () => experiments.map(row))
    list.hidden = experiments.length === 0
    none.hidden = experiments.length > 0
    count.textContent =
      experiments.length === 0 ? '' : t(experiments.length === 1 ? 'count.one' : 'count', { n: experiments.length })
  }

  async function load() {
    clearTimeout(timer)
    let isBusy = false
    try {
      /** @type {Known} */
      const { experiments } = await app.api.get('/experiments')
      if (isOver) return
      isBusy = experiments.some(isGoing)
      show(experiments)
    } catch (error) {
      if (isOver) return
      if (problemOf(error).status !== 0) problem.show(error)
    }
    clearTimeout(timer)
    timer = setTimeout(() => void load(), isBusy && !document.hidden ? soonMs : laterMs)
  }
  const seen = () => {
    if (!document.hidden) void load()
  }
  document.addEventListener('visibilitychange', seen)

  root.append(
    el('p', { class: 'view-about' }, t('about')),
    form.node,
    pane('lab-list', t('list'), undefined, count, problem.node, list, none),
  )
  show(known.experiments)
  timer = setTimeout(() => void load(), known.experiments.some(isGoing) ? soonMs : laterMs)
  return {
    unmount() {
      isOver = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
      form.unmount()
    },
    query() {},
  }
}
