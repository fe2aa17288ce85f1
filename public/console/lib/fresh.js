// Pages that show what the hook knows: kept fresh while somebody looks, drawn again only where something has changed.
import { coalesced, problemOf } from './ask.js'

const collectMs = 500
/** Much of it comes without an event of the stream: reports, tries, answers. */
const everyMs = 4_000

/**
 * Calls `load` now, when something happens, and from time to time; the first failure is thrown, the others are shown.
 * @param {import('../app.js').App} app
 * @param {() => Promise<void>} load
 * @param {{ show(error: unknown): void }} problem
 */
export async function keepFresh(app, load, problem) {
  let isOver = false
  let isFirst = true
  const once = coalesced(async () => {
    try {
      await load()
      if (!isOver) problem.show(undefined)
      isFirst = false
    } catch (error) {
      if (isOver) return
      if (isFirst && problemOf(error).status > 0) throw error
      problem.show(error)
    }
  })
  await once()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let collecting
  const soon = () => {
    collecting ??= setTimeout(() => {
      collecting = undefined
      void once()
    }, collectMs)
  }
  const offs = [
    app.events.on('transactions', soon),
    app.events.on('inbox', soon),
    app.events.on('reconnect', soon),
    app.clock.on(soon),
  ]
  const timer = setInterval(() => {
    if (!document.hidden) void once()
  }, everyMs)
  return {
    now: once,
    stop() {
      isOver = true
      clearTimeout(collecting)
      clearInterval(timer)
      for (const off of offs) off()
    },
  }
}

/** Draws the children of `node` when `from` has changed; folds stay open, and the focus where it was (by data-testid). @param {HTMLElement} node */
export function createDrawing(node) {
  let drawn = ''
  /** @param {unknown} from @param {() => readonly (Node | string)[]} make */
  return (from, make) => {
    const text = JSON.stringify(from)
    if (text === drawn) return
    drawn = text
    const open = new Set(
      [...node.querySelectorAll('details[data-testid]')].flatMap((fold) =>
        fold instanceof HTMLDetailsElement && fold.open ? [fold.dataset.testid] : [],
      ),
    )
    const focused = node.contains(document.activeElement) ? document.activeElement : null
    const name = focused?.getAttribute('data-testid') ?? focused?.closest('[data-testid]')?.getAttribute('data-testid')
    node.replaceChildren(...make())
    for (const fold of node.querySelectorAll('details[data-testid]'))
      if (fold instanceof HTMLDetailsElement && open.has(fold.dataset.testid)) fold.open = true
    if (name === null || name === undefined) return
    const again = node.querySelector(`[data-testid="${CSS.escape(name)}"]`)
    const target = again instanceof HTMLDetailsElement ? again.querySelector('summary') : again
    if (target instanceof HTMLElement) target.focus({ preventScroll: true })
  }
}

/**
 * Names of sources as people know them.
 * @param {import('../app.js').App} app
 * @param {string} cardholder The word for the one that is no source.
 */
export async function sourceNames(app, cardholder) {
  /** @type {ReadonlyMap<string, string>} */
  let labels = new Map()
  try {
    const { sources } = await app.api.get('/hook/sources')
    labels = new Map(
      sources.map((/** @type {{ name: string, label: Record<'en' | 'ja', string> }} */ { name, label }) => [
        name,
        label[app.lang],
      ]),
    )
  } catch {
    // The names of the file are good enough.
  }
  return (/** @type {string | undefined} */ name = '') =>
    name === 'cardholder' ? cardholder : (labels.get(name) ?? name)
}
