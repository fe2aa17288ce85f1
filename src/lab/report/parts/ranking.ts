// How well the scores rank, and what a probability is worth.
import {
  histogramChart,
  isSpread,
  precisionRecallChart,
  reliabilityChart,
  rocChart,
  rocEdge,
  scoreNames,
} from '../charts/ranking.ts'
import { figure, figures, type MetricsContext, section, table } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { say } from '../language.ts'
import { fixed, percent, whole } from '../numbers.ts'
import { legend, type Series } from '../series.ts'
import { estimatesTable, modeNote } from './rates.ts'

const size = { width: 560, height: 360 }
const small = { width: 560, height: 280 }

export function rankingPart(context: MetricsContext): Html | undefined {
  const { series, draw } = context
  const scored = series.filter(({ variant }) => variant.metrics.roc.length > 0)
  const [first] = scored
  if (first === undefined) return undefined
  const { estimates, k } = first.variant.metrics
  // What is ranked: decided, with a score and a known truth.
  const [fraud, n] = [estimates.averagePrecision.n, estimates.ks.n]
  const rate = n > 0 ? fraud / n : null
  const base = html`${say(
    {
      en: 'Base rate: {fraud} frauds of {n} that were decided, have a score and a known truth, {rate} ({name}).',
      ja: '基準率：判定済みでスコアと真値のある{n}件中の不正{fraud}件、{rate}（{name}）。',
    },
    { fraud: whole(fraud), n: whole(n), rate: rate === null ? '–' : percent(rate), name: first.variant.id },
  )} ${modeNote(context)}`
  return section(
    'ranking',
    { en: 'How well the scores rank', ja: 'スコアの順位付け' },
    [
      say(
        {
          en: 'These numbers look at the scores alone, whatever was decided from them. Precision depends on the base rate; k is {k} a day.',
          ja: '判定とは切り離し、スコアだけを評価した指標です。適合率は基準率に左右されます。kは1日{k}件です。',
        },
        { k: whole(k) },
      ),
    ],
    figures(
      figure({
        id: 'roc',
        title: { en: 'ROC', ja: 'ROC曲線' },
        says: html`${say({ en: 'Dotted: a score that knows nothing.', ja: '点線：何も識別しないスコア。' })} ${base}`,
        chart: draw(rocChart(scored), size),
        legend: legend(scored),
      }),
      figure({
        id: 'roc-edge',
        title: { en: 'ROC, its left edge', ja: 'ROC曲線の左端' },
        says: html`${say({
          en: 'The same on a logarithmic scale: only here do few genuine purchases pay for the fraud that is caught.',
          ja: '横軸を対数にした同じ曲線。少ない誤検知で不正を捕捉できるのはこの範囲です。',
        })} ${base}`,
        chart: draw(rocEdge(scored), size),
        legend: legend(scored),
      }),
      figure({
        id: 'precision-recall',
        title: { en: 'Precision and recall', ja: '適合率と再現率' },
        says: html`${say({ en: 'Dotted: the base rate.', ja: '点線：基準率。' })} ${base}`,
        chart: draw(precisionRecallChart(scored, rate), size),
        legend: legend(scored),
      }),
    ),
    estimatesTable(context, 'ranking-metrics', { en: 'Ranking.', ja: '順位付け。' }, [
      'auc',
      'averagePrecision',
      'ks',
      'tprAtFpr01',
      'tprAtFpr1',
      'tprAtFpr5',
      'tprAtFpr10',
      'precisionAtK',
      'cardPrecisionAtK',
    ]),
  )
}

const classes = html`<ul class="legend">
<li><svg viewBox="0 0 30 12" aria-hidden="true" focusable="false"><path d="M0 6h30" stroke="var(--s8)" stroke-width="3"/></svg><span>${say({ en: 'genuine', ja: '正当' })}</span></li>
<li><svg viewBox="0 0 30 12" aria-hidden="true" focusable="false"><path d="M0 6h30" stroke="var(--s1)" stroke-width="3" stroke-dasharray="6 3"/></svg><span>${say({ en: 'fraud', ja: '不正' })}</span></li></ul>`

function reliabilityNumbers(series: Series, index: number, context: MetricsContext): Html {
  return table(
    `reliability-${index}-numbers`,
    html`${series.variant.id} <code>${series.variant.policy.hash}</code>. ${modeNote(context)}`,
    [
      say({ en: 'Probability', ja: '確率' }),
      html`n`,
      say({ en: 'Fraud', ja: '不正' }),
      say({ en: 'Mean probability', ja: '平均確率' }),
      say({ en: 'Observed', ja: '実際の率' }),
    ],
    series.variant.metrics.reliability.map((bin) => ({
      head: html`${fixed(bin.from, 1)} – ${fixed(bin.to, 1)}`,
      cells: [
        html`${whole(bin.n)}`,
        html`${whole(bin.fraud)}`,
        html`${bin.meanP === null ? '–' : percent(bin.meanP)}`,
        html`${bin.observed === null ? '–' : percent(bin.observed)}${bin.band !== null && html`<small>[${percent(bin.band.low)}, ${percent(bin.band.high)}]</small>`}`,
      ],
    })),
  )
}

export function scoresPart(context: MetricsContext): Html | undefined {
  const { series, draw } = context
  const scored = series.filter(({ variant }) => isSpread(variant.metrics.histogram))
  if (scored.length === 0) return undefined
  const flat = series.filter(({ variant: { metrics } }) => metrics.histogram.length > 0 && !isSpread(metrics.histogram))
  const calibrated = scored.filter(({ variant }) => variant.metrics.reliability.some(({ n }) => n > 0))
  return section(
    'scores',
    { en: 'Scores and probabilities', ja: 'スコアと確率' },
    [
      say({
        en: 'Each class is drawn as shares of itself, since fraud is rare. A probability is reliable where the points lie on the dotted line; most events lie in the lowest bin. A policy whose score is not calibrated has no such chart.',
        ja: '不正は少ないため、各クラスをそのクラス内の割合で描いています。点が点線上にあれば確率は信頼できます。大半の取引は最も低い区間にあります。較正されていないスコアには信頼性の図がありません。',
      }),
      ...(flat.length === 0
        ? []
        : [
            say(
              {
                en: 'Every event has the same score under {names}.',
                ja: '{names}では、すべての取引が同じスコアです。',
              },
              { names: flat.map(({ variant }) => variant.id).join(', ') },
            ),
          ]),
    ],
    figures(
      ...scored.flatMap((one, index) => {
        const { estimates } = one.variant.metrics
        const frauds = estimates.averagePrecision.n
        const about = html`<code>${one.variant.policy.hash}</code> ${say(
          {
            en: 'n = {n} genuine, {fraud} fraud, with a score and a known truth.',
            ja: 'スコアと真値のある正当{n}件、不正{fraud}件。',
          },
          { n: whole(estimates.ks.n - frauds), fraud: whole(frauds) },
        )} ${modeNote(context)}`
        return [
          figure({
            id: `histogram-${index}`,
            title: { en: `${one.variant.id}: scores`, ja: `${one.variant.id}：スコアの分布` },
            says: about,
            chart: draw(
              histogramChart(
                one.variant.metrics.histogram,
                context.mode === 'scores' ? scoreNames.imported : scoreNames.logOdds,
              ),
              small,
            ),
            legend: classes,
          }),
          calibrated.includes(one)
            ? figure({
                id: `reliability-${index}`,
                title: { en: `${one.variant.id}: reliability`, ja: `${one.variant.id}：信頼性` },
                says: about,
                chart: draw(reliabilityChart(one), small),
                numbers: reliabilityNumbers(one, index, context),
              })
            : undefined,
        ]
      }),
    ),
    calibrated.length > 0 &&
      estimatesTable(context, 'calibration', { en: 'Calibration.', ja: '較正。' }, ['brier', 'logLoss', 'ece']),
  )
}
