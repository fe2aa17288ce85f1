// The page of scores of elsewhere (`sekisho lab score`): how they rank, what they are worth as probabilities, and how they compare.
import type { VariantResult } from '../experiment/summary.ts'
import type { Comparison, Metrics } from '../metrics/types.ts'
import { loadCharts } from './chart.ts'
import { type MetricsContext, section } from './frame.ts'
import { type Html, html } from './html.ts'
import { type Language, say } from './language.ts'
import { dayOf, percent, whole } from './numbers.ts'
import { pageOf } from './page.ts'
import { comparisonsPart } from './parts/comparisons.ts'
import { rankingPart, scoresPart } from './parts/ranking.ts'
import { definitions, estimatesTable } from './parts/rates.ts'
import { seriesOf } from './series.ts'

export interface ScoresToShow {
  readonly metrics: readonly Metrics[]
  readonly comparisons: readonly Comparison[]
  readonly stream: { readonly name: string; readonly hash: string }
  readonly seed: string
}

/** A score has no policy: nothing decided by it. */
const variantOf = (metrics: Metrics): VariantResult => ({
  id: metrics.variant,
  kind: 'policy',
  changes: [],
  hears: 'none',
  policy: { name: metrics.variant, version: 0, hash: '' },
  metrics,
})

const glance = ['auc', 'averagePrecision', 'tprAtFpr1', 'cardPrecisionAtK'] as const

function lead(context: MetricsContext, { population, bootstrap, k }: Metrics): Html {
  return html`<div class="short" id="short"><section class="came-out" aria-labelledby="came-out"><h2 id="came-out">${say(
    {
      en: 'What came out',
      ja: '結果',
    },
  )}</h2><p>${say(
    {
      en: 'Nothing was decided: scores are measured as they were imported. {n} events of {cards} cards on {days} days, {fraud} of them fraud{rate}. Intervals: {draws} resamples of whole cards. k is {k} a day.',
      ja: '判定は行わず、取り込んだスコアをそのまま評価しています。{days}日間、カード{cards}枚、{n}件、うち不正{fraud}件{rate}。区間はカード単位の再標本{draws}回によります。kは1日{k}件です。',
    },
    {
      n: whole(population.decided),
      cards: whole(population.cards),
      days: whole(population.days),
      fraud: whole(population.fraud),
      rate: population.fraudRate === null ? '' : ` (${percent(population.fraudRate)})`,
      draws: whole(bootstrap.draws),
      k: whole(k),
    },
  )}</p>${estimatesTable(context, 'glance', { en: 'At a glance.', ja: '概要。' }, glance)}</section></div>`
}

function limitsPart(context: MetricsContext): Html {
  const points = [
    say({
      en: 'A ranking is no decision: no threshold, price or rule enters. A score that ranks better need not decide better at the threshold that is used.',
      ja: '順位付けは判定ではありません。しきい値・価格・ルールは含まれず、順位付けが優れていても、実際のしきい値での判定が優れるとは限りません。',
    }),
    say({
      en: 'Fraud is what the file says. Fraud that nobody reported counts as genuine, and what an earlier system stopped is not among the events. A score that was fitted on these very events looks better than it is.',
      ja: '不正はファイルのラベルによります。報告されなかった不正は正当な取引として数えられ、以前の仕組みが止めた取引は含まれません。同じ取引で学習したスコアは実際より良く見えます。',
    }),
    say({
      en: 'Intervals are about other cards from where these came from, not about other months or another mix of attacks.',
      ja: '区間は同じ母集団の別のカードについてのもので、別の月や別の手口の構成についてのものではありません。',
    }),
  ]
  return section(
    'limits',
    { en: 'What this page cannot say', ja: 'このページでは分からないこと' },
    [],
    html`<ul>${points.map((one) => html`<li>${one}</li>`)}</ul>`,
    html`<details><summary>${say({ en: 'What the numbers mean', ja: '指標の定義' })}</summary>${definitions(
      context.series[0]?.variant.metrics.reliability.some(({ n }) => n > 0) === true
        ? ['auc', 'averagePrecision', 'ks', 'brier', 'logLoss', 'ece']
        : ['auc', 'averagePrecision', 'ks'],
    )}</details>`,
  )
}

const parts = [
  { id: 'comparisons', link: { en: 'Differences', ja: '差' }, part: comparisonsPart },
  { id: 'ranking', link: { en: 'Ranking', ja: '順位付け' }, part: rankingPart },
  { id: 'scores', link: { en: 'Scores', ja: 'スコア' }, part: scoresPart },
  { id: 'limits', link: { en: 'Limits', ja: '限界' }, part: limitsPart },
]

/** `lang`: the language that is shown first; both are in the page. */
export async function scoresHtml(
  { metrics, comparisons, stream, seed }: ScoresToShow,
  { lang = 'en' }: { readonly lang?: Language } = {},
): Promise<string> {
  const variants = metrics.map(variantOf)
  const context: MetricsContext = {
    summary: { variants, comparisons },
    mode: 'scores',
    series: seriesOf({ variants }),
    draw: await loadCharts(),
    currency: 'JPY',
    exponent: 0,
  }
  const [first] = metrics
  return pageOf({
    lang,
    title: stream.name,
    kind: { en: 'Sekisho research lab: scores, measured', ja: 'Sekisho リサーチラボ：スコアの評価' },
    about:
      first &&
      html`<p>${say(
        {
          en: '{from} to {to}, events {hash}, seed {seed}.',
          ja: '{from}〜{to}、取引 {hash}、シード {seed}。',
        },
        {
          from: dayOf(first.population.from),
          to: dayOf(first.population.to),
          hash: html`<code>${stream.hash.slice(0, 16)}</code>`,
          seed,
        },
      )}</p>`,
    lead: first === undefined ? html`` : lead(context, first),
    parts: parts.flatMap(({ id, link, part }) => {
      const content = part(context)
      return content === undefined ? [] : [{ id, link, content }]
    }),
  })
}
