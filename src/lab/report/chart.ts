// Charts as SVG, drawn here and now: the page that holds them needs no script. Colours are names of the page's style sheet, so that one
// drawing serves light, dark and paper.
import type { EChartsOption } from 'echarts'
import { Html, html } from './html.ts'
import { type Both, say } from './language.ts'

export interface Size {
  readonly width: number
  readonly height: number
}
export type Draw = (option: EChartsOption, size: Size) => Html

/** Between the two languages of a label; it stands in no text of a person. */
const between = '\ue000'

/** A label in both languages. */
export const label = ({ en, ja }: Both): string => (en === ja ? en : `${en}${between}${ja}`)
/** A label that a person has written. */
export const plain = (text: string): string => text.replaceAll(between, '')

const rounded = (path: string): string =>
  path.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))

/**
 * Ids that the library counts up through the life of the process, by their order in the drawing: the same numbers give the same bytes.
 * `chart`: the place of the drawing on the page, where ids have to be unique.
 */
function renamed(svg: string, chart: number): string {
  const ids = new Map<string, string>()
  return svg.replace(/\bzr\d+-[\w-]+/g, (id) => {
    const name = ids.get(id) ?? `c${chart}-${ids.size}`
    ids.set(id, name)
    return name
  })
}

/** Without what only a mouse would need, and with a text for each language. */
function tidy(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(
      /<svg width="(\d+)" height="(\d+)"[^>]*>/,
      '<svg viewBox="0 0 $1 $2" aria-hidden="true" focusable="false">',
    )
    .replace(/<rect [^>]*fill="none"[^>]*><\/rect>\n?/g, '')
    .replace(
      / (?:pointer-events="visible"|class="zr[^"]*"|xml:space="preserve"|style="font-size:12px;font-family:sans-serif;")/g,
      '',
    )
    .replace(/ (d|points|transform)="([^"]*)"/g, (_, name: string, path: string) => ` ${name}="${rounded(path)}"`)
    .replace(/><\/(?:path|rect|circle|polyline|polygon|line)>/g, '/>')
    .replace(/<text([^>]*)>([^<]*)<\/text>/g, (whole, attributes: string, text: string) => {
      const [en = '', ja] = text.split(between)
      if (ja === undefined) return whole
      return `<text lang="en"${attributes}>${en}</text><text lang="ja"${attributes}>${ja}</text>`
    })
}

/** Loaded with the first report. */
export async function loadCharts(): Promise<Draw> {
  const { init } = await import('echarts')
  let charts = 0
  return (option, { width, height }) => {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
    try {
      chart.setOption({ animation: false, ...option })
      charts += 1
      return new Html(renamed(tidy(chart.renderToSVGString()), charts))
    } catch {
      // Numbers that the library cannot scale: the tables have them all the same.
      return html`<p class="quiet">${say({
        en: 'This chart cannot be drawn from these numbers; see the tables.',
        ja: 'この数値からは図を描けません。表をご覧ください。',
      })}</p>`
    } finally {
      chart.dispose()
    }
  }
}
