import { describe, expect, test } from 'vitest'
import { duration, millisecondsOf } from '../../src/faults/duration.ts'

describe('a span of time', () => {
  test.each([
    ['250ms', 250],
    ['4s', 4_000],
    ['1.5s', 1_500],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['PT10M', 600_000],
    ['P1DT12H', 129_600_000],
    ['PT0.25S', 250],
    ['P7D', 604_800_000],
  ])('%s is %i ms', (text, ms) => {
    expect(millisecondsOf(text)).toBe(ms)
  })

  test.each(['', '4', 's', '4 weeks', '-1s', 'P', 'PT', 'P1M', 'P1W', '1e3s', 'PTS', 'P1DT'])('%j is none', (text) => {
    expect(millisecondsOf(text)).toBeUndefined()
  })

  test('is taken as a number of milliseconds, too, up to its limit', () => {
    const short = duration(5_000)
    expect([short.parse(5_000), short.parse('5s')]).toEqual([5_000, 5_000])
    for (const wrong of [5_001, '6s', -1, 1.5, 'soon', null, Number.NaN])
      expect(short.safeParse(wrong).success).toBe(false)
  })
})
