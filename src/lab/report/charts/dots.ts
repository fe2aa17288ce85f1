// Rates with their intervals, a row for each name and a dot for each variant: recall by attack, slices, what a part is worth, speed.
import type { CustomSeriesOption, EChartsOption } from 'echarts'
import type { Estimate } from '../../metrics/types.ts'
import { type AxisWords, grid, namesAxis, type Point, point, reference, whiskers, xAxis } from '../axes.ts'
import type { Size } from '../chart.ts'
import type { Series } from '../series.ts'
import { short } from '../series.ts'

export interface Dot {
  readonly value: number
  readonly interval?: { readonly low: number; readonly high: number } | null
}
export const dotOf = (estimate: Estimate | undefined): Dot | undefined =>
  estimate?.value === undefined || estimate.value === null
    ? undefined
    : { value: estimate.value, interval: estimate.interval }

export interface Dots {
  readonly axis: AxisWords
  readonly names: readonly string[]
  /** Of each variant, in the order of the names. */
  readonly rows: readonly { readonly series: Series; readonly dots: readonly (Dot | undefined)[] }[]
  /** Where nothing differs. */
  readonly zero?: number
}

/** Pixels between two dots of a row, and around them. */
const step = 9
const margin = 12

export const sizeOf = ({ names, rows }: Dots, width = 560): Size => ({
  width,
  height: Math.max(names.length * (Math.max(1, rows.length) * step + margin), 40) + 70,
})

export function dotsChart(dots: Dots): EChartsOption {
  const { axis, names, rows, zero } = dots
  const pitch = 1 / (rows.length + margin / step) // of one row
  const yOf = (row: number, nth: number): number => row + (nth - (rows.length - 1) / 2) * pitch
  const values = rows.flatMap((row) => row.dots.flatMap((one) => (one === undefined ? [] : [one])))
  if (values.length === 0) return {}
  return {
    grid: { ...grid, left: 150, right: 24, top: 8 },
    xAxis: xAxis(axis),
    // The names stand between whole numbers, so that dots can lie above and below the middle of their row.
    yAxis: [
      { ...namesAxis(names.map((name) => short(name, 21))) },
      {
        type: 'value',
        min: -0.5,
        max: names.length - 0.5,
        inverse: true,
        show: false,
      },
    ],
    series: [
      { type: 'scatter', data: [], yAxisIndex: 0 },
      ...(zero === undefined
        ? []
        : [
            {
              ...reference([
                [zero, -0.5],
                [zero, names.length - 0.5],
              ]),
              yAxisIndex: 1,
            },
          ]),
      ...rows.flatMap(({ series, dots: own }, nth) => {
        const shown = own.flatMap((one, row) => (one === undefined ? [] : [{ ...one, y: yOf(row, nth) }]))
        const bars: CustomSeriesOption = whiskers(
          series,
          shown.flatMap(({ interval, y }): [Point, Point][] =>
            interval === undefined || interval === null
              ? []
              : [
                  [
                    [interval.low, y],
                    [interval.high, y],
                  ],
                ],
          ),
        )
        return [
          { ...bars, yAxisIndex: 1 },
          {
            ...point(
              series,
              shown.map(({ value, y }): Point => [value, y]),
              8,
            ),
            yAxisIndex: 1,
          },
        ]
      }),
    ],
  }
}
