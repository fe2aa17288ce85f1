// How well the scores part fraud from the rest, and whether a probability means what it says.
import type { EChartsOption } from 'echarts'
import type { HistogramBin, ReliabilityBin } from '../../metrics/types.ts'
import {
  grid,
  line,
  logAxis,
  type Point,
  percentLabel,
  point,
  reference,
  share,
  thinned,
  whiskers,
  xAxis,
  yAxis,
} from '../axes.ts'
import type { Both } from '../language.ts'
import type { Series } from '../series.ts'

const fpr = { en: 'genuine flagged (false-positive rate)', ja: '誤検知率（正当な取引のうち捕捉）' }
const tpr = { en: 'fraud caught (true-positive rate)', ja: '捕捉率（不正のうち捕捉）' }

/** Only the left edge decides about friction, so it is drawn on a logarithmic scale, too. */
export const leastFpr = 0.0001

export const rocChart = (all: readonly Series[]): EChartsOption => ({
  grid,
  xAxis: xAxis(share(fpr)),
  yAxis: yAxis(share(tpr)),
  series: [
    reference([
      [0, 0],
      [1, 1],
    ]),
    ...all.map((one) =>
      line(
        one,
        thinned(
          one.variant.metrics.roc.map((at): Point => [at.fpr, at.tpr]),
          200,
        ),
      ),
    ),
  ],
})

export const rocEdge = (all: readonly Series[]): EChartsOption => ({
  grid,
  xAxis: logAxis({ name: fpr, min: leastFpr, max: 1, format: percentLabel }),
  yAxis: yAxis(share(tpr)),
  series: all.map((one) => {
    const points = one.variant.metrics.roc.map((at): Point => [Math.max(at.fpr, leastFpr), at.tpr])
    // The last point that is not to be seen on this scale is where the line begins.
    const first = points.findLastIndex(([x]) => x <= leastFpr)
    return line(one, thinned(points.slice(Math.max(0, first)), 200))
  }),
})

export const precisionRecallChart = (all: readonly Series[], baseRate: number | null): EChartsOption => ({
  grid,
  xAxis: xAxis(share({ en: 'recall: fraud caught', ja: '再現率：捕捉した不正' })),
  yAxis: yAxis(share({ en: 'precision: fraud among flagged', ja: '適合率：捕捉したうちの不正' })),
  series: [
    ...(baseRate === null
      ? []
      : [
          reference([
            [0, baseRate],
            [1, baseRate],
          ]),
        ]),
    ...all.map((one) =>
      line(
        one,
        thinned(
          one.variant.metrics.precisionRecall.map((at): Point => [at.recall, at.precision]),
          200,
        ),
      ),
    ),
  ],
})

export function reliabilityChart(series: Series): EChartsOption {
  const bins = series.variant.metrics.reliability.flatMap(({ meanP, observed, band }: ReliabilityBin) =>
    meanP === null || observed === null ? [] : [{ meanP, observed, band }],
  )
  return {
    grid,
    xAxis: xAxis(share({ en: 'mean probability in the bin', ja: '区間内の平均確率' })),
    yAxis: yAxis(share({ en: 'fraud in the bin', ja: '区間内の不正率' })),
    series: [
      reference([
        [0, 0],
        [1, 1],
      ]),
      whiskers(
        series,
        bins.flatMap(({ meanP, band }): [Point, Point][] =>
          band === null
            ? []
            : [
                [
                  [meanP, band.low],
                  [meanP, band.high],
                ],
              ],
        ),
      ),
      line(
        series,
        bins.map((one): Point => [one.meanP, one.observed]),
      ),
      point(
        series,
        bins.map((one): Point => [one.meanP, one.observed]),
        8,
      ),
    ],
  }
}

/** Whether the scores differ at all: some policies give every event the same. */
export const isSpread = (bins: readonly HistogramBin[]): boolean => (bins.at(-1)?.to ?? 0) - (bins[0]?.from ?? 0) > 1e-9

/** The engine's scores are log-odds; of those that were imported nothing is known. */
export const scoreNames = {
  logOdds: { en: 'score (log-odds of fraud)', ja: 'スコア（不正の対数オッズ）' },
  imported: { en: 'score, as it was imported', ja: 'スコア（取り込んだまま）' },
} as const

/** Shares of each class, so that a few hundred frauds are seen beside a million others. */
export function histogramChart(bins: readonly HistogramBin[], name: Both = scoreNames.logOdds): EChartsOption {
  const sum = (read: (bin: HistogramBin) => number): number => bins.reduce((all, bin) => all + read(bin), 0)
  const genuine = Math.max(
    1,
    sum((bin) => bin.genuine),
  )
  const fraud = Math.max(
    1,
    sum((bin) => bin.fraud),
  )
  const steps = (read: (bin: HistogramBin) => number, of: number): [number, number][] => [
    ...bins.map((bin): [number, number] => [bin.from, read(bin) / of]),
    ...bins.slice(-1).map((bin): [number, number] => [bin.to, 0]),
  ]
  const classes = [
    { data: steps((bin) => bin.genuine, genuine), colour: 'var(--s8)', type: 'solid' as const },
    { data: steps((bin) => bin.fraud, fraud), colour: 'var(--s1)', type: [6, 3] },
  ]
  return {
    grid,
    xAxis: xAxis({ name, isCut: true }),
    yAxis: yAxis({ name: { en: 'share of the class', ja: '各クラスに占める割合' }, min: 0, format: percentLabel }),
    series: classes.map(({ data, colour, type }) => ({
      type: 'line' as const,
      step: 'end' as const,
      silent: true,
      showSymbol: false,
      lineStyle: { color: colour, width: 1.5, type },
      areaStyle: { color: colour, opacity: 0.16 },
      data,
    })),
  }
}
