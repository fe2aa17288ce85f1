import { describe, expect, test } from 'vitest'
import { entryBehaviour } from '../../../src/risk/checks/entry-behaviour.ts'
import { positionOf } from '../../../src/risk/features.ts'
import { day, minute, noon, purchase, World } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(entryBehaviour, {
  weight: 2,
  most: 1.5,
  scripted: 1,
  hurried: { seconds: [4, 12], share: 1 },
  even: { evenness: [0.5, 1], share: 0.5 },
  answers: { machine30d: [0, 2], share: 0.5 },
})
const typed = { keys: 60, taps: 6, toFirst: 2_000, total: 48_000, gapMean: 240, gapSpread: 130 }
const of = (change: object, features = {}) =>
  said({ areq: {}, signals: { behaviour: { ...filled, ...typed, ...change } }, features })
const filled = { pastes: 0, fills: 0, corrections: 0, scripted: 0, unseen: false }

describe('an order', () => {
  test('of which nothing is told, or that was typed, pasted or filled in by a person, says nothing', () => {
    expect(said({ areq: {} })).toEqual({ silent: 'untold' })
    expect(of({})).toEqual({ silent: 'ordinary' })
    expect(of({ pastes: 2 })).toEqual({ silent: 'ordinary' })
    expect(of({ keys: 0, fills: 8, total: 15_000 })).toEqual({ silent: 'ordinary' })
  })

  test.each([
    ['scripted', { scripted: 3 }, { weight: 2, told: {} }],
    ['scripted', { keys: 0, unseen: true }, { weight: 2, told: {} }],
    ['hurried', { toFirst: 10, total: 400 }, { weight: 2, told: { seconds: 0.4 } }],
    ['hurried', { total: 8_000 }, { weight: 1, told: { seconds: 8 } }],
    ['even', { gapSpread: 0 }, { weight: 1, told: {} }],
  ])('is %s with %j', (reason, change, opinion) => {
    expect(of(change)).toEqual({ reason, ...opinion })
  })

  test('that was only tapped together is in no hurry', () => {
    expect(of({ keys: 0, toFirst: undefined, total: 900 })).toEqual({ silent: 'ordinary' })
  })

  test('gives the sum of its parts up to the limit', () => {
    expect(of({ scripted: 1, toFirst: 1, total: 10 })).toMatchObject({ weight: 3, reason: 'scripted' })
  })
})

describe('challenges that were answered as by a machine', () => {
  test('are held against the next purchases, half as much after thirty days', () => {
    expect(said({ areq: {}, features: { machine_answers_30d: 1 } })).toMatchObject({ weight: 0.5, reason: 'answers' })
    const world = new World()
    const machineAnswers = (at: number) => world.answer(purchase, at).features[positionOf('machine_answers_30d')] ?? 0
    const { facts } = world.ask(purchase, noon)
    world.learn('challengePassed', facts, noon + minute)
    expect(machineAnswers(noon + 2 * minute)).toBe(0)
    world.learn('challengePassed', facts, noon + minute, true)
    expect(machineAnswers(noon + 2 * minute)).toBeCloseTo(1, 3)
    expect(machineAnswers(noon + 30 * day)).toBeCloseTo(0.5, 3)
  })
})
