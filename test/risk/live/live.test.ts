import { describe, expect, test } from 'vitest'
import { type FeatureName, featureNames, newFeatures, toldNames } from '../../../src/risk/features.ts'
import { LiveProfiles, MaskError, TimeError } from '../../../src/risk/live/live.ts'
import { everyFeature, type FeatureMask, maskOf } from '../../../src/risk/live/mask.ts'
import { ObjectProfiles } from '../../../src/risk/live/objects.ts'
import { maskFor } from '../../../src/risk/live/reads.ts'
import { Slots } from '../../../src/risk/live/slots.ts'
import { shippedPolicies } from '../../../src/risk/policy.ts'
import { entityKinds } from '../../../src/risk/profile.ts'
import { shipped } from '../support.ts'
import { chanceOf, type Mix, type Step, stepsOf } from './stream.ts'

/** Kinds whose frauds somebody asks for. */
const keptOf = (wanted: FeatureMask): number =>
  entityKinds.reduce(
    (bits, kind, i) => (wanted.names.some((name) => name === `frauds_${kind}`) ? bits | (1 << i) : bits),
    0,
  )

/** Where a feature of the arrays is another than that of the objects. */
function differencesOf(
  steps: readonly Step[],
  live: LiveProfiles,
  objects: ObjectProfiles,
  wanted: FeatureMask = everyFeature,
): readonly string[] {
  const ours = newFeatures()
  const theirs = newFeatures()
  for (const [i, step] of steps.entries()) {
    if (step.do === 'event') {
      const { facts, slots, ts } = step
      live.features(ours, facts, slots, ts, wanted)
      objects.features(theirs, facts, slots, ts)
      const wrong = featureNames.flatMap((name, at) =>
        !wanted.has(name) || Object.is(ours[at], theirs[at])
          ? []
          : [`step ${i}: ${name} is ${ours[at]}, not ${theirs[at]}`],
      )
      if (wrong.length > 0) return wrong
      // Told that features were asked for or not: that is nobody's business but the clock's.
      live.record(facts, slots, ts, i % 3 > 0)
      objects.record(facts, slots, ts)
    } else {
      const event = steps[step.event]
      if (event?.do !== 'event') continue
      const { marks, amount, localHour, presence } = event.facts
      const kept = { marks, amount, localHour, presence, slots: event.slots }
      const [mine, other] = [live, objects].map((memory) => memory.learn(step.kind, kept, step.ts, step.told))
      const blamed = step.kind === 'fraud' || step.kind === 'fraudWithdrawn' ? keptOf(wanted) : -1
      if (((mine ?? 0) & blamed) !== ((other ?? 0) & blamed))
        return [`step ${i}: ${step.kind} changed ${mine}, not ${other}`]
    }
  }
  return []
}

const mixes: Readonly<Record<string, Mix>> = {
  'two cards in a rush': { cards: 2, entities: 12, gap: 20, untold: 100, chains: true },
  'many entities over years': { cards: 60, entities: 400, gap: 20_000, untold: 150, chains: true },
  'days between events': { cards: 12, entities: 60, gap: 4_000, untold: 300, chains: false },
  'many cards at few places': { cards: 300, entities: 6, gap: 12, untold: 80, chains: false },
  'everything told': { cards: 8, entities: 30, gap: 300, untold: 0, chains: true },
}

describe.each(Object.entries(mixes))('%s', (_, mix) => {
  test.each([1, 2])('profiles in arrays are those of objects, bit for bit (seed %i)', (seed) => {
    const slots = new Slots()
    const steps = stepsOf(seed, 2_500, mix, (kind, hash) => slots.slotOf(kind, hash))
    expect(differencesOf(steps, new LiveProfiles({ slots }), new ObjectProfiles())).toEqual([])
  })
})

describe('a memory that keeps some features only', () => {
  const mix: Mix = { cards: 10, entities: 40, gap: 900, untold: 150, chains: true }
  const slots = new Slots()
  const steps = stepsOf(11, 800, mix, (kind, hash) => slots.slotOf(kind, hash))

  test.each(shippedPolicies)('gives the policy %s what it reads', (name) => {
    const mask = maskFor([shipped(name)])
    expect(differencesOf(steps, new LiveProfiles({ slots, mask }), new ObjectProfiles(), mask)).toEqual([])
  })
  test.each(featureNames)('gives %s alone', (name) => {
    const mask = maskOf([name])
    const few = steps.slice(0, 150)
    expect(differencesOf(few, new LiveProfiles({ slots, mask }), new ObjectProfiles(), mask)).toEqual([])
  })
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('gives whatever was chosen (%i)', (seed) => {
    const chance = chanceOf(seed)
    const names = featureNames.filter(() => chance(8) < seed)
    const mask = maskOf(names)
    const wanted = maskOf(names.filter(() => chance(3) > 0))
    expect(differencesOf(steps, new LiveProfiles({ slots, mask }), new ObjectProfiles(), wanted)).toEqual([])
  })
  test('refuses to be asked for others', () => {
    const memory = new LiveProfiles({ slots, mask: maskOf(['n_1h_account']) })
    const [event] = steps
    if (event?.do !== 'event') throw new Error('no event')
    const ask = (...names: readonly FeatureName[]) =>
      memory.features(newFeatures(), event.facts, event.slots, event.ts, maskOf(names))
    expect(() => ask('n_1h_account')).not.toThrow()
    expect(() => ask('n_1h_account', 'n_1h_phone')).toThrow(MaskError)
  })
})

describe('a memory that is told of events ahead', () => {
  const slots = new Slots()
  const mix: Mix = { cards: 30, entities: 200, gap: 2_000, untold: 200, chains: true }
  const steps = stepsOf(5, 1_500, mix, (kind, hash) => slots.slotOf(kind, hash))
  const events = steps.flatMap((step) => (step.do === 'event' ? [step] : []))
  /** Some kinds may not be told of at all. */
  const columnsOf = (isTold: (kind: number) => boolean): readonly (Int32Array | undefined)[] =>
    entityKinds.map((_, kind) =>
      isTold(kind) ? Int32Array.from(events, (event) => event.slots[kind] ?? -1) : undefined,
    )

  test.each([
    [1, everyFeature],
    [7, maskFor([shipped('rules-jp')])],
    [300, maskOf(['n_1h_account', 'device_is_first', 'decay_1h_ip'])],
  ])('gives and keeps what it would otherwise, %i at a time', (batch, mask) => {
    const columns = columnsOf((kind) => kind % 4 !== 3)
    const [told, untold] = [new LiveProfiles({ slots, mask }), new LiveProfiles({ slots, mask })]
    const [ours, theirs] = [newFeatures(), newFeatures()]
    let wrong = 0
    for (const [i, { facts, slots: of, ts }] of events.entries()) {
      if (i % batch === 0) told.ahead(columns, i, Math.min(i + batch, events.length))
      told.features(ours, facts, of, ts)
      untold.features(theirs, facts, of, ts)
      if (featureNames.some((name, at) => mask.has(name) && !Object.is(ours[at], theirs[at]))) wrong++
      told.record(facts, of, ts)
      untold.record(facts, of, ts)
    }
    expect(wrong).toBe(0)
    expect(told.bytes).toBe(untold.bytes)
  })
  test('makes no profile of who never comes', () => {
    const memory = new LiveProfiles({ slots })
    const before = memory.bytes
    memory.ahead(
      columnsOf(() => true),
      0,
      events.length,
    )
    expect(memory.bytes).toBe(before)
    expect(differencesOf(steps.slice(0, 400), memory, new ObjectProfiles())).toEqual([])
  })
})

describe('a memory', () => {
  const slots = new Slots()
  const mix: Mix = { cards: 5_000, entities: 50_000, gap: 30, untold: 50, chains: false }
  const steps = stepsOf(3, 4_000, mix, (kind, hash) => slots.slotOf(kind, hash))

  test('grows with the entities and is the same then', () => {
    const memory = new LiveProfiles({ slots })
    const before = memory.bytes
    expect(differencesOf(steps, memory, new ObjectProfiles())).toEqual([])
    expect(memory.bytes).toBeGreaterThan(before + 500_000)
  })
  test('shares its numbers of entities with others, and nothing else', () => {
    const [one, other] = [new LiveProfiles({ slots }), new LiveProfiles({ slots })]
    const [event] = steps
    if (event?.do !== 'event') throw new Error('no event')
    one.record(event.facts, event.slots, event.ts)
    expect(differencesOf(steps.slice(0, 300), other, new ObjectProfiles())).toEqual([])
  })
  test('takes no time that is no whole second of its span', () => {
    const memory = new LiveProfiles()
    const [event] = steps
    if (event?.do !== 'event') throw new Error('no event')
    for (const ts of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(() => memory.record(event.facts, event.slots, ts)).toThrow(TimeError)
    }
  })
  test('is made for as many events as are said, and takes more', () => {
    const memory = new LiveProfiles({ slots, events: 10 })
    expect(differencesOf(steps.slice(0, 1_000), memory, new ObjectProfiles())).toEqual([])
  })
})

test('what needs no profile stands side by side among the features', () => {
  const first = featureNames.indexOf(toldNames[0])
  expect(featureNames.slice(first, first + toldNames.length)).toEqual(toldNames)
})

describe('slots', () => {
  test('are counted up by kind, and the same for the same hash', () => {
    const slots = new Slots()
    const chance = chanceOf(4)
    const seen = new Map<number, number>()
    let wrong = 0
    for (let i = 0; i < 50_000; i++) {
      const hash = chance(2) === 0 ? chance(5_000) : chance(2 ** 21) * 2 ** 32 + chance(2 ** 30)
      const slot = slots.slotOf('device', hash)
      if (slot !== (seen.get(hash) ?? seen.size)) wrong++
      seen.set(hash, slot)
    }
    expect(wrong).toBe(0)
    expect(slots.sizeOf('device')).toBe(seen.size)
    expect(slots.slotOf('ip', 5)).toBe(0)
  })
})
