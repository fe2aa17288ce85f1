import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { behaviourOf, longestBehaviour, machineLikeness } from '../../src/risk/behaviour.ts'

const typed = { keys: 6, taps: 1, toFirst: 8_200, total: 12_900, gapMean: 310, gapSpread: 140 }
const facts = (change: object = {}) => {
  const found = behaviourOf({ ...typed, ...change })
  if (found === undefined) throw new Error('refused')
  return found
}

describe('what a page tells of an entry', () => {
  test('is read from an object or its text, with zeros for what was not counted', () => {
    expect(behaviourOf(JSON.stringify(typed))).toEqual(behaviourOf(typed))
    expect(facts()).toEqual({
      keys: 6,
      pastes: 0,
      fills: 0,
      corrections: 0,
      taps: 1,
      scripted: 0,
      isUnseen: false,
      msToFirst: 8_200,
      msTotal: 12_900,
      evenness: 0.1,
    })
  })

  test.each([
    undefined,
    null,
    '',
    '{',
    '[]',
    '"x"',
    {},
    { ...typed, keys: -1 },
    { ...typed, keys: 1e9 },
    { ...typed, keys: 1.5 },
    { ...typed, total: Number.POSITIVE_INFINITY },
    { ...typed, total: '12' },
    { ...typed, toFirst: 13_000 },
    JSON.stringify({ ...typed, more: 'x'.repeat(longestBehaviour) }),
  ])('is nothing for %j', (data) => {
    expect(behaviourOf(data)).toBeUndefined()
  })

  test('keeps nothing that was not asked for, such as what was typed', () => {
    expect(JSON.stringify(facts({ typed: '246810', __proto__: { evenness: 1 } }))).not.toContain('246810')
  })

  test('evenness needs four keys, and is 1 where every gap is the same', () => {
    expect(facts({ keys: 3 }).evenness).toBeUndefined()
    expect(facts({ gapMean: undefined }).evenness).toBeUndefined()
    expect(facts({ gapSpread: 0 }).evenness).toBe(1)
    expect(facts({ gapMean: 0, gapSpread: 0 }).evenness).toBe(1)
    expect(facts({ gapMean: 200, gapSpread: 100 }).evenness).toBe(0)
    expect(facts({ gapMean: 200, gapSpread: 900 }).evenness).toBe(0)
  })

  law.prop([fc.oneof(fc.anything(), fc.json(), fc.string())])('is refused or sound, whatever it is', (data) => {
    const found = behaviourOf(data)
    if (found === undefined) return
    expect(found.msTotal).toBeGreaterThanOrEqual(found.msToFirst ?? 0)
    expect(machineLikeness(found)).toBeGreaterThanOrEqual(0)
    expect(machineLikeness(found)).toBeLessThanOrEqual(1)
  })
})

describe('likeness to a machine', () => {
  test.each([
    ['typed in thirteen seconds', {}, 0],
    ['pasted after six seconds', { keys: 0, pastes: 1, toFirst: 5_900, total: 6_000 }, 0],
    [
      'a code that the keyboard took from a text message after four',
      { keys: 0, fills: 1, total: 4_000, toFirst: 3_000 },
      0,
    ],
    ['pasted in 0.4 s', { keys: 0, pastes: 1, toFirst: 100, total: 400 }, 1],
    ['answered two seconds after the page was there', { toFirst: 500, total: 2_000 }, 0.5],
    ['keys like a clock', { gapSpread: 2 }, 1],
    ['keys of a script', { scripted: 1 }, 1],
    ['a field that filled itself', { keys: 0, unseen: true, toFirst: undefined }, 1],
    ['options that were tapped at once: nothing was entered', { keys: 0, total: 900, toFirst: undefined }, 0],
  ])('%s', (_, change, likeness) => {
    expect(machineLikeness(facts(change))).toBeCloseTo(likeness)
  })
})
