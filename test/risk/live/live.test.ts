import { describe, expect, test } from 'vitest'
import { featureNames, newFeatures } from '../../../src/risk/features.ts'
import { LiveProfiles } from '../../../src/risk/live/live.ts'
import { ObjectProfiles } from '../../../src/risk/live/objects.ts'
import { Slots } from '../../../src/risk/live/slots.ts'
import { type Mix, type Step, stepsOf } from './stream.ts'

/** Where a feature of the arrays is another than that of the objects. */
function differencesOf(steps: readonly Step[], live: LiveProfiles, objects: ObjectProfiles): readonly string[] {
  const ours = newFeatures()
  const theirs = newFeatures()
  for (const [i, step] of steps.entries()) {
    if (step.do === 'event') {
      const { facts, slots, ts } = step
      live.features(ours, facts, slots, ts)
      objects.features(theirs, facts, slots, ts)
      const wrong = featureNames.flatMap((name, at) =>
        Object.is(ours[at], theirs[at]) ? [] : [`step ${i}: ${name} is ${ours[at]}, not ${theirs[at]}`],
      )
      if (wrong.length > 0) return wrong
      live.record(facts, slots, ts)
      objects.record(facts, slots, ts)
    } else {
      const event = steps[step.event]
      if (event?.do !== 'event') continue
      const { marks, amount, localHour, presence } = event.facts
      const kept = { marks, amount, localHour, presence, slots: event.slots }
      const [mine, other] = [live, objects].map((memory) => memory.learn(step.kind, kept, step.ts, step.told))
      if (mine !== other) return [`step ${i}: ${step.kind} changed ${mine}, not ${other}`]
    }
  }
  return []
}

const mixes: Readonly<Record<string, Mix>> = {
  'a few cards in a rush': { cards: 4, entities: 12, gap: 20, untold: 100, chains: true },
  'many entities over years': { cards: 60, entities: 400, gap: 20_000, untold: 150, chains: true },
  'days between events': { cards: 12, entities: 60, gap: 4_000, untold: 300, chains: false },
  'everything told': { cards: 8, entities: 30, gap: 300, untold: 0, chains: true },
}

describe.each(Object.entries(mixes))('%s', (_, mix) => {
  test.each([1, 2, 3])('profiles in arrays are those of objects, bit for bit (seed %i)', (seed) => {
    const slots = new Slots()
    const steps = stepsOf(seed, 4_000, mix, (kind, hash) => slots.slotOf(kind, hash))
    expect(differencesOf(steps, new LiveProfiles({ slots }), new ObjectProfiles())).toEqual([])
  })
})
