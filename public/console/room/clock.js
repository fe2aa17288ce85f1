// The clock of the tenant: what time it is there, and hands that move it.
import { button, Field, problemLine } from '../lib/pane.js'
import { clockTexts } from '../texts/clock.js'

/** @typedef {import('../app.js').App} App */

const leaps = /** @type {const} */ ([
  ['10s', '10s'],
  ['10m', '10m'],
  ['1h', '1h'],
  ['1d', '1d'],
])

/** The time of the tenant in a line, and what is unusual about it. @param {App} app */
export function clockWords(app) {
  const t = app.texts(clockTexts)
  const { state } = app.clock
  const time = app.format.dateTime(app.now())
  if (state?.mode === 'frozen') return t('line.frozen', { time })
  if (state === undefined || !app.clock.isVirtual) return t('line.real')
  return t(state.offsetMs > 0 ? 'line.ahead' : 'line.behind', { time, by: spanWords(app, Math.abs(state.offsetMs)) })
}

/** About how long. @param {App} app @param {number} ms */
function spanWords(app, ms) {
  const t = app.texts(clockTexts)
  const [unit, size] =
    ms < 120_000
      ? /** @type {const} */ (['seconds', 1_000])
      : ms < 7_200_000
        ? /** @type {const} */ (['minutes', 60_000])
        : ms < 172_800_000
          ? /** @type {const} */ (['hours', 3_600_000])
          : /** @type {const} */ (['days', 86_400_000])
  return t(`span.${unit}`, { n: app.format.number(Math.round(ms / size)) })
}

/** As an input of local time takes it. @param {number} ms */
const localOf = (ms) => {
  const at = new Date(ms)
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

let made = 0

/** @param {App} app */
export function clockPanel(app) {
  const { el } = app
  const t = app.texts(clockTexts)
  made += 1
  const id = `clock-${made}`
  const time = el('p', { class: 'clock-time', 'data-testid': 'clock-time' })
  const what = el('p', { class: 'quiet', 'data-testid': 'clock-what' })
  const problem = problemLine(app, 'clock-problem')
  /** @type {HTMLButtonElement[]} */
  const buttons = []
  let isBusy = false

  /** @param {Record<string, unknown>} body @param {string} said */
  async function turn(body, said) {
    if (isBusy) return
    isBusy = true
    node.setAttribute('aria-busy', 'true')
    problem.show(undefined)
    try {
      await app.api.post('/clock', body)
      await app.askClock()
      app.announce(`${said} ${clockWords(app)}`)
    } catch (error) {
      problem.show(error)
    }
    isBusy = false
    node.removeAttribute('aria-busy')
  }

  const own = new Field(
    el('input', {
      class: 'input mono',
      id: `${id}-own`,
      type: 'text',
      placeholder: '90s',
      autocomplete: 'off',
      spellcheck: 'false',
      'data-testid': 'clock-own',
      onkeydown: (/** @type {KeyboardEvent} */ event) => onEnter(event, () => ownGo.click()),
    }),
    t('own'),
    t('own.hint'),
  )
  const ownGo = button(t('advance'), () => void turn({ advance: own.value }, t('advanced')), {
    'data-testid': 'clock-own-go',
  })
  const moment = new Field(
    el('input', {
      class: 'input',
      id: `${id}-set`,
      type: 'datetime-local',
      step: '1',
      'data-testid': 'clock-set',
      onkeydown: (/** @type {KeyboardEvent} */ event) => onEnter(event, () => setGo.click()),
    }),
    t('set'),
    t('set.hint', { zone: app.format.zone() }),
  )
  const setGo = button(
    t('set.go'),
    () => {
      const at = Date.parse(moment.value)
      moment.complain(Number.isNaN(at) ? t('set.form') : undefined)
      if (!Number.isNaN(at)) void turn({ set: new Date(at).toISOString() }, t('set.done'))
    },
    { 'data-testid': 'clock-set-go' },
  )
  const freeze = button(t('freeze'), () => void turn({ freeze: true }, t('frozen')), { 'data-testid': 'clock-freeze' })
  const run = button(t('run'), () => void turn({ run: true }, t('running')), { 'data-testid': 'clock-run' })
  buttons.push(
    ...leaps.map(([span, name]) =>
      button(t(`leap.${name}`), () => void turn({ advance: span }, t('advanced')), { 'data-testid': `clock-${span}` }),
    ),
  )
  const node = el(
    'div',
    { class: 'clock', 'data-testid': 'clock' },
    el('div', { class: 'clock-face' }, app.icon('clock'), el('div', null, time, what), freeze, run),
    problem.node,
    el('div', { class: 'clock-leaps', role: 'group', 'aria-label': t('advance') }, buttons),
    el(
      'div',
      { class: 'clock-fields' },
      el('div', { class: 'clock-field' }, own.root, ownGo),
      el('div', { class: 'clock-field' }, moment.root, setGo),
    ),
    el('p', { class: 'field-hint' }, t('order')),
  )

  function draw() {
    const { state } = app.clock
    time.textContent = state === undefined ? '–' : app.format.dateTime(app.now())
    what.textContent = clockWhat(app)
    freeze.hidden = state?.mode === 'frozen'
    run.hidden = state?.mode !== 'frozen'
  }

  /** @param {App} of */
  function clockWhat(of) {
    const { state } = of.clock
    if (state === undefined) return ''
    if (state.mode === 'frozen') return t('what.frozen')
    if (!of.clock.isVirtual) return t('what.real')
    return t(state.offsetMs > 0 ? 'what.ahead' : 'what.behind', { by: spanWords(of, Math.abs(state.offsetMs)) })
  }

  draw()
  if (app.clock.state !== undefined) moment.control.value = localOf(app.now())
  const off = app.clock.on(draw)
  const ticking = setInterval(draw, 1_000)
  void app.askClock()
  return {
    node,
    unmount() {
      off()
      clearInterval(ticking)
    },
  }
}

/** @param {KeyboardEvent} event @param {() => void} act */
function onEnter(event, act) {
  if (event.key !== 'Enter') return
  // Neither a form around it nor a dialog is meant.
  event.preventDefault()
  event.stopPropagation()
  act()
}
