// How many pass without a challenge, against how much fraud is met: every policy on one plot, at every threshold and where it stands.
import type { EChartsOption } from 'echarts'
import type { Band, CutPoint, Estimate, Prices } from '../../metrics/types.ts'
import { band, grid, line, type Point, percentLabel, point, share, thinned, whiskers, xAxis, yAxis } from '../axes.ts'
import type { Both } from '../language.ts'
import type { Series } from '../series.ts'

export type Met = 'caught' | 'caughtAmount' | 'stopped' | 'stoppedAmount'
const keys = {
  caught: ['fraudCaught', 'caughtBand'],
  caughtAmount: ['fraudCaughtAmount', 'caughtAmountBand'],
  stopped: ['fraudStopped', 'stoppedBand'],
  stoppedAmount: ['fraudStoppedAmount', 'stoppedAmountBand'],
} as const

export const metNames: Readonly<Record<Met, Both>> = {
  caught: { en: 'fraud caught, by count', ja: '捕捉した不正（件数）' },
  caughtAmount: { en: 'fraud caught, by value', ja: '捕捉した不正（金額）' },
  stopped: { en: 'fraud stopped, by count', ja: '阻止した不正（件数）' },
  stoppedAmount: { en: 'fraud stopped, by value', ja: '阻止した不正（金額）' },
}
export const frictionlessName: Both = {
  en: 'frictionless (Y, A, I) of AReqs decided',
  ja: 'フリクションレス率（Y・A・I、判定したAReqのうち）',
}

const ends = (estimate: Estimate): readonly [number, number] | undefined =>
  estimate.interval === null ? undefined : [estimate.interval.low, estimate.interval.high]

/** The cross of both intervals where a policy stands. */
function standing(series: Series, met: Met) {
  const { estimates } = series.variant.metrics
  const x = estimates.frictionless
  const y = estimates[keys[met][0]]
  if (x.value === null || y.value === null) return []
  const across = ends(x)
  const up = ends(y)
  const [xv, yv] = [x.value, y.value]
  const crosses: [Point, Point][] = []
  if (across !== undefined)
    crosses.push([
      [across[0], yv],
      [across[1], yv],
    ])
  if (up !== undefined)
    crosses.push([
      [xv, up[0]],
      [xv, up[1]],
    ])
  return [whiskers(series, crosses), point(series, [[xv, yv]])]
}

function curve(series: Series, met: Met) {
  const bandOf = keys[met][1]
  const cuts = thinned(series.variant.metrics.cuts.filter((one) => one[met] !== null))
  const at = (cut: CutPoint, read: (band: NonNullable<Band>) => number): Point => {
    const own = cut[bandOf]
    return [cut.frictionless, own === null ? (cut[met] ?? 0) : read(own)]
  }
  // Where all events have one score there is nothing to cut.
  if (cuts.every(({ frictionless }) => frictionless === 0 || frictionless === 1)) return []
  const area = band(
    series,
    cuts.map((cut) => at(cut, ({ low }) => low)),
    cuts.map((cut) => at(cut, ({ high }) => high)),
  )
  return [
    area,
    line(
      series,
      cuts.map((cut): Point => [cut.frictionless, cut[met] ?? 0]),
    ),
  ]
}

export const tradeoff = (all: readonly Series[], met: Met): EChartsOption => ({
  grid,
  xAxis: xAxis(share(frictionlessName)),
  yAxis: yAxis(share(metNames[met])),
  series: [...all.flatMap((one) => curve(one, met)), ...all.flatMap((one) => standing(one, met))],
})

/** What each threshold would cost, at the prices of the experiment. */
export const costOfCuts = (all: readonly Series[], exponent: number, currency: string): EChartsOption => ({
  grid,
  xAxis: xAxis(share(frictionlessName)),
  yAxis: yAxis({ name: { en: `cost, ${currency}`, ja: `費用（${currency}）` }, min: 0 }),
  series: all.flatMap((series) => {
    const { cuts, estimates, cost } = series.variant.metrics
    const points = thinned(
      cuts.flatMap((cut): Point[] => (cut.cost === null ? [] : [[cut.frictionless, cut.cost / 10 ** exponent]])),
    )
    const at = estimates.frictionless.value
    return [
      line(series, points),
      ...(at === null || cost === null ? [] : [point(series, [[at, cost.total / 10 ** exponent]])]),
    ]
  }),
})

const priceNames: Readonly<Record<keyof Prices, (currency: string) => Both>> = {
  lossShare: () => ({ en: 'share of an approved fraud that is lost', ja: '承認した不正のうち損失となる割合' }),
  challenge: (currency) => ({ en: `price of a challenge, ${currency}`, ja: `チャレンジ1件の費用（${currency}）` }),
  margin: () => ({ en: 'margin on a lost genuine purchase', ja: '失った正当な取引の利益率' }),
  review: (currency) => ({ en: `price of a review, ${currency}`, ja: `審査1件の費用（${currency}）` }),
}
const isMoney = (over: keyof Prices): boolean => over === 'challenge' || over === 'review'

/** What the decisions as they are would cost, if one price were another. */
export function costOverPrice(
  all: readonly Series[],
  over: keyof Prices,
  exponent: number,
  currency: string,
): EChartsOption {
  const unit = 10 ** exponent
  return {
    grid,
    xAxis: xAxis({
      name: priceNames[over](currency),
      ...(!isMoney(over) && { format: percentLabel }),
    }),
    yAxis: yAxis({ name: { en: `cost, ${currency}`, ja: `費用（${currency}）` }, min: 0 }),
    series: all.flatMap((series) => {
      const points = series.variant.metrics.costCurves.find((one) => one.over === over)?.points ?? []
      return [
        line(
          series,
          points.map(({ price, cost }): Point => [isMoney(over) ? price / unit : price, cost / unit]),
        ),
      ]
    }),
  }
}
