// Which colour, dash and mark a variant has in every chart. Variants of one policy share its colour and differ by the rest.
import type { Summary, VariantResult } from '../experiment/summary.ts'
import { plain } from './chart.ts'
import { type Html, html } from './html.ts'

export interface Series {
  readonly variant: VariantResult
  /** A colour of the style sheet. */
  readonly colour: string
  readonly dash: 'solid' | 'dashed' | 'dotted'
  readonly symbol: 'circle' | 'rect' | 'triangle' | 'diamond'
  readonly isHollow: boolean
}

const colours = 10
const symbols = ['circle', 'rect', 'triangle', 'diamond'] as const

/** The variants that every chart shows: policies, with and without assessments, and those that were moved to meet another. */
export const isMain = ({ kind }: VariantResult): boolean =>
  kind === 'policy' || kind === 'assessments' || kind === 'match'

/** Follows `of` to the policy that a variant is a change of. */
export function rootOf(id: string, variants: readonly VariantResult[]): string {
  const seen = new Set<string>()
  let at = id
  for (;;) {
    const of = variants.find((one) => one.id === at)?.of
    if (of === undefined || seen.has(of)) return at
    seen.add(of)
    at = of
  }
}

export function seriesOf({ variants }: Pick<Summary, 'variants'>): readonly Series[] {
  const roots: string[] = []
  const used = new Map<string, number>()
  return variants.filter(isMain).map((variant, position) => {
    const root = rootOf(variant.id, variants)
    if (!roots.includes(root)) roots.push(root)
    const nth = used.get(root) ?? 0
    used.set(root, nth + 1)
    const index = roots.indexOf(root)
    return {
      variant,
      colour: `var(--s${index % colours})`,
      dash: nth === 0 ? 'solid' : nth % 2 === 1 ? 'dashed' : 'dotted',
      symbol: symbols[position % symbols.length] ?? 'circle',
      isHollow: position % (2 * symbols.length) >= symbols.length,
    }
  })
}

export const dashes = { solid: undefined, dashed: [6, 4], dotted: [2, 3] } as const

const marks = {
  circle: 'M15 2.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 1 1 0-7z',
  rect: 'M12 3h6v6h-6z',
  triangle: 'M15 2l4 7.500h-8z',
  diamond: 'M15 1.500l4 4.500-4 4.500-4-4.500z',
} as const

/** How a variant looks, beside its name. */
export function swatch({ colour, dash, symbol, isHollow }: Series): Html {
  const pattern = dashes[dash]
  return html`<svg viewBox="0 0 30 12" aria-hidden="true" focusable="false"><path d="M0 6h30" fill="none" stroke="${colour}" stroke-width="2"${
    pattern === undefined ? '' : html` stroke-dasharray="${pattern.join(' ')}"`
  }/><path d="${marks[symbol]}" fill="${isHollow ? 'var(--paper)' : colour}" stroke="${colour}" stroke-width="1.500"/></svg>`
}

export const legend = (series: readonly Series[]): Html =>
  html`<ul class="legend">${series.map((one) => html`<li>${swatch(one)}<span>${one.variant.id}</span></li>`)}</ul>`

/** Name of a variant for a label inside a chart: short, and without what would end it. */
export const short = (id: string, most = 26): string => {
  const text = plain(id)
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
