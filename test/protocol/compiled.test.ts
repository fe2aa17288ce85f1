// The generated function that tells faultless messages is held equal to the plain walk, for every column of the table.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { sampleMessage } from '../../src/protocol/messages/sample.ts'
import { compileColumn } from '../../src/protocol/rules/checker.ts'
import { isObject, type JsonObject } from '../../src/protocol/rules/conditions.ts'
import { inOrder } from '../../src/protocol/rules/steps.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import { columns } from '../support/columns.ts'

type Place = readonly (string | number)[]

/** Every place of a value, at any depth. */
function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((entry, index) => placesIn(entry, [...at, index]))]
  if (!isObject(value)) return [at]
  return [at, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...at, name]))]
}

type Holder = Record<string | number, unknown>

/** The message with one value replaced by what `change` makes of it; undefined takes it out. */
function changed(message: JsonObject, place: Place, change: (value: unknown) => unknown): JsonObject {
  const copy = structuredClone(message) as Holder
  const last = place.at(-1)
  if (last === undefined) return copy
  const holder = place.slice(0, -1).reduce<Holder>((here, name) => here[name] as Holder, copy)
  holder[last] = change(holder[last])
  return JSON.parse(JSON.stringify(copy)) as JsonObject
}

const values: readonly unknown[] = [
  undefined,
  null,
  '',
  [],
  {},
  [{}],
  [''],
  7,
  true,
  false,
  '0',
  '00',
  '01',
  '07',
  '80',
  '99',
  '0x',
  'N',
  '000',
  '901',
  '999',
  '840',
  '0000000000000',
  '20260230',
  '20240229',
  '19000229',
  '202602281060',
  '20260228235960',
  '20260228240000',
  'https://a.example:99999/',
  'https://a..b/',
  'https://256.256.256.256/',
  'https://shop.example.test/a?b=c#d',
  'http://127.0.0.1:8080/',
  'HTTPS://A.EXAMPLE',
  'https://xn--a.example/',
  'g80e8400-e29b-41d4-a716-446655440000',
  '８',
  'é',
  '\u0000',
  '𝒳'.repeat(20),
  '𝒳'.repeat(45),
  'x'.repeat(46),
  'x'.repeat(300),
  'x'.repeat(9_000),
  ['01', '01'],
  ['01', '02', '03'],
  { a: 'b' },
]

const changes: readonly ((value: unknown) => unknown)[] = [
  ...values.map((value) => () => value),
  (value) => [value],
  (value) => [value, value],
  (value) => (Array.isArray(value) ? [...value, ...value] : value),
  (value) => (typeof value === 'string' ? `${value}${value}` : value),
  (value) => (typeof value === 'string' ? value.slice(1) : value),
  (value) => (typeof value === 'string' ? value.replace(/^./, ' ') : value),
  (value) => (typeof value === 'string' ? value.replaceAll('-', '') : value),
  (value) => (isObject(value) ? { ...value, unheardOf: [1] } : value),
]

// An app CReq is judged with what came before, by the walk alone.
const compiledColumns = columns.filter(({ message, channel }) => message !== 'CReq' || channel === '02')

describe.each(compiledColumns)('$version $message on $leg, channel $channel, category $category', (about) => {
  describe.each(['lenient', 'strict'] as const)('%s', (profile) => {
    const check = compileColumn(elements, { ...about, profile }, true)

    const agrees = (message: JsonObject): boolean => {
      const around = { message, leg: about.leg, channel: about.channel, category: about.category }
      const isFaultless = check.isFaultless?.(message, around) // before the walk, which takes empty objects out
      const report = check.report(message, around)
      const found = [...inOrder(report), ...report.warnings]
      expect({ isFaultless, found }).toEqual({ isFaultless: found.length === 0, found })
      return isFaultless === true
    }

    test.prop([fc.nat(), fc.constantFrom('minimal' as const, 'full' as const)], { numRuns: 4 })(
      'says of a sample what the walk says',
      (seed, fill) => {
        agrees(sampleMessage({ ...about, fill, seed }))
      },
    )

    test.prop([fc.nat(), fc.nat(), fc.constantFrom(...changes)], { numRuns: 40 })(
      'says of a mutated message what the walk says',
      (seed, choice, change) => {
        const message = sampleMessage({ ...about, fill: 'full', seed: seed % 5 })
        const places = placesIn(message)
        agrees(changed(message, places[choice % places.length] ?? [], change))
      },
    )
  })
})
