// Values in messages: sorted as text, found by path, and tested. Pure.
import { z } from 'zod'

/** The same text for equal JSON, whatever the order of its members. */
export const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  ) ?? ''

/** No message is nested deeper than this (SEC-B64-4). */
const deepest = 32

/** What stands at a path with dots; a step that is no position goes into every entry of an array. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [value]
  for (const step of path.split('.').slice(0, deepest)) {
    found = found.flatMap((one): readonly unknown[] => {
      if (Array.isArray(one)) {
        if (/^[0-9]+$/.test(step)) return Number(step) < one.length ? [one[Number(step)] as unknown] : []
        return one.flatMap((entry) => valuesAt(entry, step))
      }
      return typeof one === 'object' && one !== null && Object.hasOwn(one, step)
        ? [(one as Readonly<Record<string, unknown>>)[step]]
        : []
    })
  }
  // An element with several values is its values.
  return found.flatMap((one): readonly unknown[] => (Array.isArray(one) ? [one, ...(one as unknown[])] : [one]))
}

const part = z.string().min(1).max(2_048)

/** What a value has to be like. */
export const valueTest = z.strictObject({
  is: z.json().optional(),
  not: z.json().optional(),
  oneOf: z.array(z.json()).min(1).max(200).optional(),
  contains: part.optional(),
  startsWith: part.optional(),
  endsWith: part.optional(),
  /** Numbers, also of digits in text. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** true: it has to be there; false: it must not. */
  present: z.boolean().optional(),
})
export type ValueTest = z.output<typeof valueTest>

/** A value it has to equal, or a test. */
export const wantedValue = z.union([valueTest, z.json()])
export type WantedValue = z.output<typeof wantedValue>

const testNames = new Set(Object.keys(valueTest.shape))

const asTest = (wanted: WantedValue): ValueTest => {
  const isTest =
    typeof wanted === 'object' &&
    wanted !== null &&
    !Array.isArray(wanted) &&
    Object.keys(wanted).length > 0 &&
    Object.keys(wanted).every((name) => testNames.has(name))
  return isTest ? (wanted as ValueTest) : { is: wanted as z.output<ReturnType<typeof z.json>> }
}

const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?[0-9.]+$/.test(value)
      ? Number(value)
      : Number.NaN

/** Equal as JSON; `2` and `"2"` are, since an address bar has no numbers. */
const isEqual = (one: unknown, other: unknown): boolean => {
  if (sorted(one) === sorted(other)) return true
  const isPlain = (value: unknown): boolean =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isPlain(one) && isPlain(other) && String(one) === String(other)
}

/** Ids come in either case (FLOW-GEN-7). */
const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const isSame = (one: unknown, other: unknown): boolean =>
  isEqual(one, other) ||
  (typeof one === 'string' &&
    typeof other === 'string' &&
    idForm.test(one) &&
    one.toLowerCase() === other.toLowerCase())

function holds(value: unknown, test: ValueTest): boolean {
  const { is, not, oneOf, contains, startsWith, endsWith, min, max } = test
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  return (
    (is === undefined || isSame(value, is)) &&
    (not === undefined || !isSame(value, not)) &&
    (oneOf === undefined || oneOf.some((one) => isSame(value, one))) &&
    (contains === undefined || text?.includes(contains) === true) &&
    (startsWith === undefined || text?.startsWith(startsWith) === true) &&
    (endsWith === undefined || text?.endsWith(endsWith) === true) &&
    (min === undefined || numberOf(value) >= min) &&
    (max === undefined || numberOf(value) <= max)
  )
}

export function passes(values: readonly unknown[], wanted: WantedValue): boolean {
  const { present, ...test } = asTest(wanted)
  if (present === false) return values.length === 0
  const hasMore = Object.keys(test).length > 0
  return values.length > 0 && (!hasMore || values.some((value) => holds(value, test)))
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

/** In words, for people. */
export function wordsOf(wanted: WantedValue): string {
  const { is, not, oneOf, contains, startsWith, endsWith, min, max, present } = asTest(wanted)
  return [
    is === undefined ? '' : shown(is),
    not === undefined ? '' : `not ${shown(not)}`,
    oneOf === undefined ? '' : `one of ${oneOf.map(shown).join(', ')}`,
    contains === undefined ? '' : `with ${shown(contains)} in it`,
    startsWith === undefined ? '' : `that starts with ${shown(startsWith)}`,
    endsWith === undefined ? '' : `that ends with ${shown(endsWith)}`,
    min === undefined ? '' : `at least ${min}`,
    max === undefined ? '' : `at most ${max}`,
    present === undefined ? '' : present ? 'something' : 'nothing',
  ]
    .filter((words) => words !== '')
    .join(' and ')
}
