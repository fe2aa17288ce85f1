// Axes and marks that the charts share.
import type { CustomSeriesOption, LineSeriesOption, ScatterSeriesOption } from 'echarts'
import { label } from './chart.ts'
import type { Both } from './language.ts'
import { dashes, type Series } from './series.ts'

export type Point = readonly [x: number, y: number]

const look = {
  axisLabel: { color: 'var(--quiet)', hideOverlap: true },
  nameTextStyle: { color: 'var(--text)' },
  axisLine: { show: true, onZero: false, lineStyle: { color: 'var(--line-strong)' } },
  axisTick: { lineStyle: { color: 'var(--line-strong)' } },
  splitLine: { show: true, lineStyle: { color: 'var(--line)' } },
} as const

const signed = (value: number): string => String(value).replace('-', '−')

export const percentLabel = (share: number): string => {
  const value = share * 100
  return `${signed(Math.round(value * 1e4) / 1e4)}%`
}
/** 1.2M, 30k. */
export const shortNumber = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1e9) return `${Math.round(value / 1e8) / 10}G`
  if (size >= 1e6) return `${Math.round(value / 1e5) / 10}M`
  if (size >= 1e4) return `${Math.round(value / 1e3)}k`
  return signed(Math.round(value * 1e4) / 1e4)
}

export interface AxisWords {
  readonly name: Both
  readonly min?: number
  readonly max?: number
  readonly format?: (value: number) => string
  readonly interval?: number
  /** Whether the axis begins near the least value in the place of 0. */
  readonly isCut?: boolean
}

const valueAxis = ({ name, min, max, format = shortNumber, interval, isCut = false }: AxisWords, gap: number) => ({
  ...look,
  type: 'value' as const,
  name: label(name),
  nameLocation: 'middle' as const,
  nameGap: gap,
  scale: isCut,
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(interval !== undefined && { interval }),
  axisLabel: { ...look.axisLabel, formatter: (value: number) => format(value) },
})
export const xAxis = (words: AxisWords) => valueAxis(words, 30)
export const yAxis = (words: AxisWords) => valueAxis(words, 48)
/** Logarithmic: `min` must be above 0. */
export const logAxis = (words: AxisWords) => ({ ...xAxis(words), type: 'log' as const })

/** Names down the side, the first on top. */
export const namesAxis = (names: readonly string[]) => ({
  ...look,
  type: 'category' as const,
  data: [...names],
  inverse: true,
  splitLine: { show: false },
  splitArea: { show: true, areaStyle: { color: ['transparent', 'var(--sunk)'] } },
  axisTick: { show: false },
  axisLabel: { color: 'var(--text)', interval: 0 },
})

/** Names below, not each of them where they are many. */
export const daysAxis = (days: readonly string[]) => ({
  ...look,
  type: 'category' as const,
  data: [...days],
  boundaryGap: false,
  splitLine: { show: false },
})

/** Names of axes may be long: they must not make the plot smaller. */
export const grid = { left: 64, right: 20, top: 16, bottom: 48, outerBoundsMode: 'none' } as const
export const share = (name: Both): AxisWords => ({ name, min: 0, max: 1, format: percentLabel, interval: 0.2 })

const stroke = (series: Series): { color: string; width: number; type: 'solid' | number[] } => {
  const pattern = dashes[series.dash]
  return { color: series.colour, width: 2, type: pattern === undefined ? 'solid' : [...pattern] }
}

export const line = (series: Series, data: readonly Point[], step = false): LineSeriesOption => ({
  type: 'line',
  silent: true,
  showSymbol: false,
  lineStyle: stroke(series),
  ...(step && { step: 'end' as const }),
  data: data.map(([x, y]) => [x, y]),
})

export const point = (series: Series, data: readonly Point[], size = 10): ScatterSeriesOption => ({
  type: 'scatter',
  silent: true,
  symbol: series.symbol,
  symbolSize: size,
  z: 5,
  itemStyle: {
    color: series.isHollow ? 'var(--paper)' : series.colour,
    borderColor: series.isHollow ? series.colour : 'var(--paper)',
    borderWidth: series.isHollow ? 2 : 1,
  },
  data: data.map(([x, y]) => [x, y]),
})

/** So that axes reach as far as what is drawn. */
const corners = { encode: { x: [0, 2], y: [1, 3] } }
const cornersOf = (points: readonly Point[]): number[] => {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** The area between two lines. */
export const band = (series: Series, low: readonly Point[], high: readonly Point[]): CustomSeriesOption => ({
  type: 'custom',
  silent: true,
  z: 1,
  clip: true,
  ...corners,
  data: low.length === 0 ? [] : [cornersOf([...low, ...high])],
  renderItem: (_params, api) => ({
    type: 'polygon',
    shape: { points: [...low, ...high.toReversed()].map((one) => api.coord([...one])) },
    style: { fill: series.colour, opacity: 0.13 },
  }),
})

/** Lines between pairs of points: intervals, in the direction in which they lie. */
export const whiskers = (series: Series, pairs: readonly (readonly [Point, Point])[]): CustomSeriesOption => ({
  type: 'custom',
  silent: true,
  z: 4,
  clip: true,
  ...corners,
  data: pairs.map(cornersOf),
  renderItem: (params, api) => {
    const pair = pairs[params.dataIndex]
    if (pair === undefined) return null
    const [from = [0, 0], to = [0, 0]] = pair.map((one) => api.coord([...one]))
    return {
      type: 'line',
      shape: { x1: from[0] ?? 0, y1: from[1] ?? 0, x2: to[0] ?? 0, y2: to[1] ?? 0 },
      style: { stroke: series.colour, lineWidth: 1.5 },
    }
  },
})

/** A thin line that something is to be compared with. */
export const reference = (data: readonly Point[]): LineSeriesOption => ({
  type: 'line',
  silent: true,
  showSymbol: false,
  z: 2,
  lineStyle: { color: 'var(--field)', width: 1, type: [3, 3] },
  data: data.map(([x, y]) => [x, y]),
})

/** At most so many points, the first and the last among them. */
export function thinned<T>(all: readonly T[], most = 120): readonly T[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, index) => all[Math.round((index * (all.length - 1)) / (most - 1))] as T)
}
