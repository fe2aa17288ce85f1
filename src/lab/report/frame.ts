// What the parts of a report are built of: sections, figures with their legend and numbers, tables with caption and denominators.
import type { Summary, VariantResult } from '../experiment/summary.ts'
import type { Denominator, Estimate, EstimateKey, IntervalMethod, Mode } from '../metrics/types.ts'
import type { Draw } from './chart.ts'
import { type Content, Html, html } from './html.ts'
import { type Both, say } from './language.ts'
import { change, unitOf, whole, written, writtenInterval } from './numbers.ts'
import type { Series } from './series.ts'
import { swatch } from './series.ts'
import { whyWords } from './terms.ts'

/** What is measured, whatever it was made by. */
export interface MetricsContext {
  readonly summary: Pick<Summary, 'variants' | 'comparisons'>
  readonly mode: Mode
  /** The variants that every chart shows. */
  readonly series: readonly Series[]
  readonly draw: Draw
  /** ISO 4217, letters; and how many digits its minor units have. */
  readonly currency: string
  readonly exponent: number
}
/** Of an experiment. */
export interface Context extends MetricsContext {
  readonly summary: Summary
}

export const section = (id: string, title: Both, intro: readonly Html[], ...content: readonly Content[]): Html => html`
<section class="part" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${say(title)}</h2>
${intro.map((one) => html`<p>${one}</p>`)}
${content}
</section>`

export interface Figure {
  readonly id: string
  readonly title: Both
  /** What is to be seen, and of what. */
  readonly says: Html
  readonly chart: Html
  readonly legend?: Html
  /** A chart whose names must stay readable on a phone: it scrolls there. */
  readonly isWide?: boolean
  readonly numbers?: Html
}
export const figure = ({ id, title, says, chart, legend, isWide = false, numbers }: Figure): Html => html`
<figure class="figure" id="${id}">
<h3 id="${id}-title">${say(title)}</h3>
<figcaption id="${id}-says">${says}</figcaption>
<div class="chart${isWide ? ' is-wide' : ''}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-says"${
  isWide && new Html(' tabindex="0"')
}>${chart}</div>
${legend}
${numbers !== undefined && html`<details><summary>${say({ en: 'The numbers of this chart', ja: 'この図の数値' })}</summary>${numbers}</details>`}
</figure>`

export const figures = (...all: readonly (Html | undefined)[]): Html => html`<div class="figures">${all}</div>`

export interface Row {
  readonly head: Html
  /** A cell that is plain text stands on the left. */
  readonly cells: readonly Cell[]
}
export type Cell = Html | { readonly text: Html; readonly isText: true }
export const textCell = (text: Html): Cell => ({ text, isText: true })

/** `id` is unique on the page. The first heading is that of the names of the rows. */
export const table = (id: string, caption: Html, heads: readonly Html[], rows: readonly Row[]): Html => {
  const isText = heads.map((_, index) => index === 0 || rows.some((row) => !(row.cells[index - 1] instanceof Html)))
  return html`
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}-caption"><table id="${id}">
<caption id="${id}-caption">${caption}</caption>
<thead><tr>${heads.map((one, index) => html`<th scope="col"${isText[index] === false && new Html(' class="n"')}>${one}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ head, cells }) => html`
<tr><th scope="row" class="name">${head}</th>${cells.map((cell) =>
      cell instanceof Html ? html`<td class="n">${cell}</td>` : html`<td class="says">${cell.text}</td>`,
    )}</tr>`,
  )}</tbody></table></div>`
}

export const none = html`<span class="quiet">–</span>`

/** The variant with the hash of what decided: it stands in every table. A score of elsewhere has no policy. */
export const variantName = ({ id, policy }: VariantResult, series?: Series): Html =>
  html`${series !== undefined && html`<span class="swatch">${swatch(series)}</span>`}${id}${policy.hash !== '' && html`<small><code>${policy.hash}</code></small>`}`
/** The heading above the names. */
export const variantHead = (mode: Mode): Html =>
  mode === 'scores'
    ? say({ en: 'Score', ja: 'スコア' })
    : say({ en: 'Variant, policy hash', ja: '変種・ポリシーのハッシュ' })

/** Intervals that are not made by resampling say so. */
const methodMark = (method: IntervalMethod): Html | undefined =>
  method === 'exactCards'
    ? say({ en: ' exact', ja: ' 正確法' })
    : method === 'cardsLinear'
      ? say({ en: ' linearised', ja: ' 線形化' })
      : undefined

/** The size of a denominator: events, or an amount. */
export const sizeOf = (n: number, denominator: Denominator | undefined, currency: string): string =>
  denominator !== undefined && isAmount(denominator) ? written(n, 'money', currency) : whole(n)
const isAmount = (denominator: Denominator): boolean =>
  denominator.endsWith('Amount') || denominator === 'costOfPassingAll'

/** Value, interval, and what it rests on; where there is no value, why. */
export function estimateCell(key: EstimateKey, estimate: Estimate | undefined, currency: string): Html {
  if (estimate === undefined) return none
  const { value, interval, numerator, n, why } = estimate
  const reason = why !== undefined && html`<small class="why">${say(whyWords[why])}</small>`
  if (value === null) return html`${none}${reason}`
  const unit = unitOf(key)
  const isMoney = isAmount(estimate.denominator)
  return html`${written(value, unit, currency)}${
    interval !== null
      ? html`<small>${writtenInterval(interval, unit, currency, value)}${methodMark(interval.method)}</small>`
      : reason
  }<small>${
    numerator !== null && unit === 'share' && !isMoney
      ? `${whole(numerator)} / ${whole(n)}`
      : `n = ${sizeOf(n, estimate.denominator, currency)}`
  }</small>`
}

/** A difference with its interval; shares in percentage points. */
export const differenceText = (
  key: EstimateKey,
  value: number,
  interval: { readonly low: number; readonly high: number } | null,
  currency: string,
): string => change(value, unitOf(key), currency, interval)

export const points = (key: EstimateKey): Both =>
  unitOf(key) === 'share' ? { en: ' points', ja: 'ポイント' } : { en: '', ja: '' }
