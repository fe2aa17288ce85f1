// Rates day by day.
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts'
import type { Day } from '../../metrics/types.ts'
import { daysAxis, grid, percentLabel, share, yAxis } from '../axes.ts'
import type { Both } from '../language.ts'
import { dashes, type Series } from '../series.ts'

export interface DailyRate {
  readonly name: Both
  /** Null: there is no rate that day. */
  readonly read: (day: Day) => number | null
  /** Days have so few that the axis shows all there can be. */
  readonly isWhole?: boolean
  readonly band?: (day: Day) => { readonly low: number; readonly high: number } | null
}

const ratio = (above: number, below: number): number | null => (below === 0 ? null : above / below)
export const dailyRates = {
  frictionless: {
    name: { en: 'frictionless (Y, A, I) of AReqs decided', ja: 'フリクションレス率（判定したAReqのうち）' },
    read: (day) => ratio(day.frictionless, day.decided),
    band: (day) => day.frictionlessRate.interval,
  },
  genuineFlagged: {
    name: { en: 'genuine challenged or declined', ja: 'チャレンジまたは拒否された正当な取引' },
    read: (day) => ratio(day.genuineFlagged, day.genuine),
  },
  fraudStopped: {
    name: { en: 'fraud stopped, by count', ja: '阻止した不正（件数）' },
    read: (day) => ratio(day.fraudStopped, day.fraud),
    isWhole: true,
  },
} as const satisfies Readonly<Record<string, DailyRate>>

/** Bands of more variants than this would hide each other. */
const mostBands = 3

export function daysChart(all: readonly Series[], rate: DailyRate): EChartsOption {
  const days = all[0]?.variant.metrics.daily.map(({ day }) => day) ?? []
  return {
    grid,
    xAxis: daysAxis(days),
    yAxis: yAxis(rate.isWhole === true ? share(rate.name) : { name: rate.name, format: percentLabel, isCut: true }),
    series: all.flatMap((series): (LineSeriesOption | CustomSeriesOption)[] => {
      // A variant may have no event on one of the days (closed loop).
      const byDay = new Map(series.variant.metrics.daily.map((one) => [one.day, one]))
      const daily = days.map((day) => byDay.get(day))
      const pattern = dashes[series.dash]
      const own: LineSeriesOption = {
        type: 'line',
        silent: true,
        // Days without any fraud leave gaps, which a line alone would hide.
        showSymbol: days.length === 1 || rate.isWhole === true,
        symbol: series.symbol,
        symbolSize: 4,
        lineStyle: { color: series.colour, width: 1.75, type: pattern === undefined ? 'solid' : [...pattern] },
        itemStyle: { color: series.colour },
        data: daily.map((day) => (day === undefined ? null : rate.read(day))),
      }
      const { band } = rate
      if (band === undefined || all.length > mostBands) return [own]
      return [
        {
          type: 'custom',
          silent: true,
          z: 1,
          encode: { x: [0], y: [1, 2] },
          data: daily.flatMap((day, index) => {
            const one = day === undefined ? null : band(day)
            return one === null ? [] : [[index, one.low, one.high]]
          }),
          renderItem: (params, api) => {
            if (params.dataIndex > 0) return null // one area for all of them
            const bands = daily.flatMap((day, index) => {
              const one = day === undefined ? null : band(day)
              return one === null ? [] : [{ index, ...one }]
            })
            return {
              type: 'polygon',
              shape: {
                points: [
                  ...bands.map(({ index, low }) => api.coord([index, low])),
                  ...bands.toReversed().map(({ index, high }) => api.coord([index, high])),
                ],
              },
              style: { fill: series.colour, opacity: 0.13 },
            }
          },
        },
        own,
      ]
    }),
  }
}
