import { test as properly } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { search } from '../../../src/lab/experiment/search.ts'

/** A measure that falls in steps, as shares of counted events do. */
const stepped = (events: number, middle: number) => (by: number) =>
  Math.floor(events / (1 + Math.exp(2 * (by - middle)))) / events

const searchFor = async (measure: (by: number) => number | null, wanted: number) => {
  let rounds = 0
  const found = await search(async (shifts) => {
    rounds++
    return shifts.map(measure)
  }, wanted)
  return { found, rounds }
}

describe('a search for a shift', () => {
  properly.prop([fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0.05, max: 0.95, noNaN: true })])(
    'comes as near as the measure has steps, in few rounds',
    async (middle, wanted) => {
      const { found, rounds } = await searchFor(stepped(2_000, middle), wanted)
      expect(found?.met).toBe(true)
      expect(Math.abs((found?.reached ?? 0) - wanted)).toBeLessThan(0.003)
      expect(rounds).toBeLessThanOrEqual(9)
    },
  )

  test('finds measures that rise, too', async () => {
    const { found } = await searchFor((by) => 1 - stepped(1_000, 0.7)(by), 0.3)
    expect(found?.reached).toBeCloseTo(0.3, 2)
  })

  test('says where what is wanted lies beyond every shift', async () => {
    const { found } = await searchFor((by) => 0.5 * stepped(1_000, 0)(by), 0.9)
    expect(found?.met).toBe(false)
    expect(found?.reached).toBeCloseTo(0.5, 2)
  })

  test('has nothing to find where the measure has no value', async () => {
    expect((await searchFor(() => null, 0.5)).found).toBeUndefined()
  })

  test('takes the smaller of two shifts that are equally near', async () => {
    const { found } = await searchFor((by) => (by < 0 ? 0.6 : 0.4), 0.5)
    expect(found?.by).toBe(0)
  })

  test('tells every shift that was tried, in order and once', async () => {
    const { found } = await searchFor(stepped(500, 0.3), 0.4)
    const shifts = found?.tried.map(({ by }) => by) ?? []
    expect(shifts).toEqual([...new Set(shifts)].sort((a, b) => a - b))
  })
})
