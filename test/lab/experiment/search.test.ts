import { test as properly } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Measure } from '../../../src/lab/experiment/schema.ts'
import { search } from '../../../src/lab/experiment/search.ts'

/** A measure that falls in steps, as shares of counted events do. */
const stepped = (events: number, middle: number) => (by: number) =>
  Math.floor(events / (1 + Math.exp(2 * (by - middle)))) / events

async function searchFor(measure: Measure, curve: (by: number) => number | null, wanted: number) {
  let rounds = 0
  const found = await search(
    async (shifts) => {
      rounds++
      return shifts.map(curve)
    },
    measure,
    wanted,
  )
  return { found, rounds }
}

const middles = fc.double({ min: -4, max: 4, noNaN: true })
const shares = fc.double({ min: 0.05, max: 0.95, noNaN: true })

describe('a search for a shift', () => {
  properly.prop([middles, shares])(
    'stops at least as much fraud, with hardly less friction to be had',
    async (middle, wanted) => {
      const curve = stepped(50, middle)
      const { found, rounds } = await searchFor('fraudStopped', curve, wanted)
      expect(found?.met).toBe(true)
      expect(found?.reached).toBeGreaterThanOrEqual(wanted - 1e-9)
      expect(curve((found?.by ?? 0) + 0.021)).toBeLessThan(wanted)
      expect(rounds).toBeLessThanOrEqual(12)
    },
  )

  properly.prop([middles, shares])('asks at most as much, and hardly less than that', async (middle, wanted) => {
    const curve = stepped(50, middle)
    const { found } = await searchFor('challenge', curve, wanted)
    expect(found?.reached).toBeLessThanOrEqual(wanted + 1e-9)
    expect(curve((found?.by ?? 0) - 0.021)).toBeGreaterThan(wanted)
  })

  test('lets pass at least as much where that is the measure', async () => {
    const { found } = await searchFor('frictionless', (by) => 1 - stepped(1_000, 0.7)(by), 0.3)
    expect(found?.reached).toBeGreaterThanOrEqual(0.3)
    expect(found?.reached).toBeLessThan(0.32)
  })

  test('takes the edge where many shifts give the same', async () => {
    const { found } = await searchFor('fraudStoppedAmount', (by) => (by < 2 ? 0.9 : 0.4), 0.9)
    expect(found?.by).toBeGreaterThan(1.97)
    expect(found?.by).toBeLessThan(2)
  })

  test('says where what is wanted lies beyond every shift', async () => {
    expect((await searchFor('fraudStopped', (by) => 0.5 * stepped(1_000, 0)(by), 0.9)).found?.met).toBe(false)
    expect((await searchFor('challenge', () => 1, 0.2)).found?.met).toBe(false)
  })

  test('has nothing to find where the measure has no value', async () => {
    expect((await searchFor('fraudStopped', () => null, 0.5)).found).toBeUndefined()
  })

  test('tells every shift that was tried, in order and once', async () => {
    const { found } = await searchFor('challenge', stepped(500, 0.3), 0.4)
    const shifts = found?.tried.map(({ by }) => by) ?? []
    expect(shifts).toEqual([...new Set(shifts)].sort((a, b) => a - b))
  })
})
