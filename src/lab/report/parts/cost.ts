// What the decisions would cost, and how that changes with the prices.
import type { Prices } from '../../metrics/types.ts'
import { costOfCuts, costOverPrice } from '../charts/tradeoff.ts'
import { type Context, figure, figures, section } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { type Both, say } from '../language.ts'
import { money, percent } from '../numbers.ts'
import { legend } from '../series.ts'
import { costTable, estimatesTable, modeNote } from './rates.ts'

const size = { width: 560, height: 340 }
const overTitles: Readonly<Record<keyof Prices, Both>> = {
  lossShare: { en: 'Cost over the loss of an approved fraud', ja: '費用と不正の損失率' },
  challenge: { en: 'Cost over the price of a challenge', ja: '費用とチャレンジの単価' },
  margin: { en: 'Cost over the margin', ja: '費用と利益率' },
  review: { en: 'Cost over the price of a review', ja: '費用と審査の単価' },
}

export function costPart(context: Context): Html | undefined {
  const { series, draw, currency, exponent, summary } = context
  if (series.every(({ variant }) => variant.metrics.cost === null)) return undefined
  const { prices } = summary
  const curves = (['challenge', 'margin', 'lossShare', 'review'] as const).filter((over) =>
    series.some(({ variant }) => (variant.metrics.costCurves.find((one) => one.over === over)?.points.length ?? 0) > 1),
  )
  return section(
    'cost',
    { en: 'Cost', ja: '費用' },
    [
      say(
        {
          en: 'At these prices: {loss} of an approved fraud is lost, a challenge costs {challenge}, {margin} of a lost genuine purchase is missed, a review of a decline costs {review}. They are assumptions of the experiment, not findings; the charts say what others would do.',
          ja: '前提とした単価：承認した不正の{loss}が損失、チャレンジ1件{challenge}、失った正当な取引の{margin}が逸失利益、拒否の審査1件{review}。これらは実験の前提であって結果ではありません。単価が異なる場合は図をご覧ください。',
        },
        {
          loss: percent(prices.lossShare, 0),
          challenge: money(prices.challenge, currency),
          margin: percent(prices.margin),
          review: money(prices.review, currency),
        },
      ),
    ],
    figures(
      figure({
        id: 'cost-cuts',
        title: { en: 'Cost over the frictionless rate', ja: '費用とフリクションレス率' },
        says: html`${say({
          en: 'Line: the scores cut at every threshold, nothing declined. Mark: the policy as it decided. Lower is better.',
          ja: '線：スコアをあらゆるしきい値で区切った場合（拒否なし）。印：実際の判定。下ほど良い結果です。',
        })} ${modeNote(context)}`,
        chart: draw(costOfCuts(series, exponent, currency), size),
        legend: legend(series),
      }),
      ...curves.map((over) =>
        figure({
          id: `cost-${over}`,
          title: overTitles[over],
          says: html`${say({
            en: 'The decisions as they were, if this price were another and the rest stayed.',
            ja: '実際の判定のまま、この単価だけを変えた場合。',
          })} ${modeNote(context)}`,
          chart: draw(costOverPrice(series, over, exponent, currency), size),
          legend: legend(series),
        }),
      ),
    ),
    estimatesTable(context, 'cost-rates', { en: 'Cost.', ja: '費用。' }, ['cost', 'costPerEvent', 'savings']),
    costTable(context),
  )
}
