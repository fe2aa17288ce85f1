// Charts in the colours of the style sheet. Canvas, since its drawing needs no inline style.

/** @typedef {import('../app.js').App} App */
/** @typedef {import('echarts').EChartsOption} Option */
/** @typedef {import('echarts').ECharts} Chart */

/** Loaded with the first chart. @type {Promise<typeof import('../echarts.js')> | undefined} */
let library

/** @param {App} app */
const paletteOf = ({ colour }) => ({
  text: colour('--text'),
  quiet: colour('--quiet'),
  line: colour('--line'),
  paper: colour('--paper'),
  frictionless: colour('--y'),
  challenge: colour('--c'),
  decline: colour('--n'),
  other: colour('--u'),
  latency: colour('--a'),
  Y: colour('--y'),
  C: colour('--c'),
  N: colour('--n'),
  R: colour('--r'),
  A: colour('--a'),
  U: colour('--u'),
  I: colour('--i'),
})
/** @typedef {ReturnType<typeof paletteOf>} Palette */

/**
 * A chart that fills `place`, draws itself again when the theme or its size changes, and lets `draw` say what it shows.
 * @param {App} app
 * @param {HTMLElement} place
 * @param {(palette: Palette) => Option} draw
 */
export async function createChart(app, place, draw) {
  library ??= import('../echarts.js')
  const echarts = await library
  const chart = echarts.init(place, null, { renderer: 'canvas' })
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  const update = () => {
    const palette = paletteOf(app)
    chart.setOption(
      /** @type {Option} */ ({
        animation: !isStill,
        animationDuration: 350,
        animationDurationUpdate: 250,
        textStyle: { color: palette.text, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 },
        ...draw(palette),
      }),
      { notMerge: true },
    )
  }
  const observer = new ResizeObserver(() => chart.resize())
  observer.observe(place)
  const off = app.onTheme(update)
  update()
  return {
    update,
    close() {
      off()
      observer.disconnect()
      chart.dispose()
    },
  }
}

/**
 * What a chart says about the point under the pointer.
 * @param {App} app
 * @param {string} title
 * @param {readonly { label: string, value: string, colour: string }[]} lines
 */
export const tip = ({ el }, title, lines) =>
  el(
    'div',
    { class: 'tip' },
    el('b', null, title),
    lines.map(({ label, value, colour }) =>
      el(
        'p',
        null,
        el('i', { class: 'swatch', style: { background: colour } }),
        el('span', null, label),
        el('span', { class: 'value' }, value),
      ),
    ),
  )
