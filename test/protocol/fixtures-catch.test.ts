// Alters rows of the element table, one change each: a hand-written fixture must turn red, or the change has no effect and
// says why. This is a sample; `npm run mutants` draws more, `npm run mutants -- --all` tries all there are.
import { beforeAll, describe, expect, test } from 'vitest'
import { equivalentOf, equivalents } from '../mutants/equivalents.ts'
import { placeText } from '../mutants/places.ts'
import { mutantOf, mutants, nameOf } from '../mutants/sample.ts'
import { redBy } from '../mutants/trials.ts'

const count = 60
const seed = 20_260_115

function* first<T>(many: number, values: Iterable<T>): Generator<T> {
  let left = many
  for (const value of values) {
    if (left === 0) return
    left -= 1
    yield value
  }
}

describe('one change in a row of the element table', () => {
  const red: string[] = []
  const survivors: string[] = []
  beforeAll(() => {
    for (const mutant of mutants(seed)) {
      if (red.length + survivors.length === count) break
      if (redBy(mutant) !== undefined) red.push(nameOf(mutant))
      else if (equivalentOf(mutant) === undefined) survivors.push(nameOf(mutant))
    }
  })

  test('turns a fixture red in at least 95 of 100 cases', () => {
    expect(survivors.length, survivors.join('\n')).toBeLessThanOrEqual(count * 0.05)
    expect(red.length).toBeGreaterThan(0)
  })

  test('is tried in every version and in many messages', () => {
    const places = [...first(count, mutants(seed))].map(({ place }) => place)
    expect(new Set(places.map(({ version }) => version))).toEqual(new Set(['2.1.0', '2.2.0', '2.3.1']))
    expect(new Set(places.map(({ message }) => message)).size).toBeGreaterThan(5)
    expect(new Set(places.map(placeText)).size).toBeGreaterThan(20)
  })

  test.each(equivalents)('is without effect where $because', ({ examples }) => {
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      const mutant = mutantOf(example)
      expect(equivalentOf(mutant), nameOf(mutant)).toBeDefined()
      expect(redBy(mutant), nameOf(mutant)).toBeUndefined()
    }
  })
})
