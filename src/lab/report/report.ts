// The report of an experiment as one HTML file: it opens from disk, asks no network for anything, and needs no script.
import { currencies } from '../../protocol/tables/iso.ts'
import type { Summary } from '../experiment/summary.ts'
import { loadCharts } from './chart.ts'
import type { Context } from './frame.ts'
import { type Html, html } from './html.ts'
import { type Both, type Language, say } from './language.ts'
import { dayOf, whole } from './numbers.ts'
import { pageOf } from './page.ts'
import { ablationsPart, matchedPart, repeatsPart, sweepsPart } from './parts/changes.ts'
import { comparisonsPart } from './parts/comparisons.ts'
import { costPart } from './parts/cost.ts'
import { attacksPart, daysPart, slicesPart } from './parts/detail.ts'
import { dutiesPart } from './parts/duties.ts'
import { againPart, limitsPart, speedPart, targetsPart } from './parts/end.ts'
import { rankingPart, scoresPart } from './parts/ranking.ts'
import { decisionsPart, genuinePart } from './parts/rates.ts'
import { shortPart } from './parts/short.ts'
import { tradeoffPart } from './parts/tradeoff.ts'
import { variantsPart } from './parts/variants.ts'
import { seriesOf } from './series.ts'

/** In the order of the page. A part that has nothing to show is left out, and so is its link. */
const parts: readonly {
  readonly id: string
  readonly link: Both
  readonly part: (context: Context) => Html | undefined
}[] = [
  { id: 'variants', link: { en: 'Compared', ja: '比較対象' }, part: variantsPart },
  { id: 'tradeoff', link: { en: 'Frictionless and fraud', ja: 'フリクションレスと不正' }, part: tradeoffPart },
  { id: 'comparisons', link: { en: 'Differences', ja: '差' }, part: comparisonsPart },
  { id: 'decisions', link: { en: 'Decisions', ja: '判定' }, part: decisionsPart },
  { id: 'genuine', link: { en: 'Genuine', ja: '正当な取引' }, part: genuinePart },
  { id: 'cost', link: { en: 'Cost', ja: '費用' }, part: costPart },
  { id: 'matched', link: { en: 'Moved to meet', ja: '調整' }, part: matchedPart },
  { id: 'ablations', link: { en: 'Parts', ja: '各部分' }, part: ablationsPart },
  { id: 'sweeps', link: { en: 'Thresholds', ja: 'しきい値' }, part: sweepsPart },
  { id: 'ranking', link: { en: 'Ranking', ja: '順位付け' }, part: rankingPart },
  { id: 'scores', link: { en: 'Scores', ja: 'スコア' }, part: scoresPart },
  { id: 'days', link: { en: 'Days', ja: '日別' }, part: daysPart },
  { id: 'attacks', link: { en: 'Attacks', ja: '手口' }, part: attacksPart },
  { id: 'slices', link: { en: 'Slices', ja: '属性別' }, part: slicesPart },
  { id: 'duties', link: { en: 'Reference rates', ja: '基準率' }, part: dutiesPart },
  { id: 'repeats', link: { en: 'Other seeds', ja: '別シード' }, part: repeatsPart },
  { id: 'targets', link: { en: 'Population', ja: '母集団' }, part: targetsPart },
  { id: 'speed', link: { en: 'Speed', ja: '速度' }, part: speedPart },
  { id: 'limits', link: { en: 'Limits', ja: '限界' }, part: limitsPart },
  { id: 'again', link: { en: 'Make it again', ja: '再現' }, part: againPart },
]

function contextOf(summary: Summary, draw: Context['draw']): Context {
  const currency = summary.variants[0]?.metrics.population.currency ?? 'JPY'
  const exponent = [...currencies.values()].find(({ alpha }) => alpha === currency)?.exponent ?? 0
  return { summary, mode: summary.manifest.mode, series: seriesOf(summary), draw, currency, exponent }
}

function warning({ summary }: Context): Html | undefined {
  const { state, left } = summary.manifest
  if (state === 'whole') return undefined
  return html`<p class="warn" role="note"><b>${say({ en: 'A partial result.', ja: '途中までの結果です。' })}</b> ${say(
    {
      en: 'It was stopped before all was done. Not here, in no table and in no correction: {left}.',
      ja: '完了前に停止されました。次の変種は、表にも補正にも含まれていません：{left}。',
    },
    { left: left.length === 0 ? '–' : left.join(', ') },
  )}</p>`
}

/**
 * @throws nothing of its own; the summary is taken as its types say.
 * `lang`: the language that is shown first; both are in the page.
 */
export async function reportHtml(
  summary: Summary,
  { lang = 'en' }: { readonly lang?: Language } = {},
): Promise<string> {
  const context = contextOf(summary, await loadCharts())
  const { manifest } = summary
  const made = parts.flatMap(({ id, link, part }) => {
    const content = part(context)
    return content === undefined ? [] : [{ id, link, content }]
  })
  const population = summary.variants[0]?.metrics.population
  const about =
    population &&
    html`<p>${say(
      {
        en: '{stream}, {from} to {to}, {n} events measured. Sekisho {version}, seed {seed}.',
        ja: '{stream}、{from}〜{to}、計測{n}件。Sekisho {version}、シード {seed}。',
      },
      {
        stream: manifest.stream.name,
        from: dayOf(population.from),
        to: dayOf(population.to),
        n: whole(population.events),
        version: manifest.version,
        seed: manifest.seed,
      },
    )}</p>`
  return pageOf({
    lang,
    title: manifest.name,
    kind: { en: 'Sekisho research lab: report of an experiment', ja: 'Sekisho リサーチラボ：実験レポート' },
    about,
    lead: html`${warning(context)}
${shortPart(context)}`,
    parts: made,
  })
}
