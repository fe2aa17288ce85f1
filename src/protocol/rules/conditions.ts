// Evaluates the computable conditions of the element table. Spec: Annex A, "Inclusion: conditional".
import type { Expression, Leg } from '../tables/types.ts'

export type Json = unknown
export type JsonObject = Readonly<Record<string, Json>>

/** What a condition may look at. `context` holds other messages of the transaction by type, and flags. */
export interface Surroundings {
  readonly message: JsonObject
  readonly leg: Leg
  readonly channel: string
  readonly category: string
  readonly context?: JsonObject
}

/** Absent, null, "" , [] and {} all count as missing (ACS-VAL-26…28). */
export function isMissing(value: Json): boolean {
  if (value === undefined || value === null || value === '') return true
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.length === 0
  for (const _name in value) return false
  return true
}

export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A compiled condition: `parent` is the object that holds the element. */
export type Predicate = (parent: JsonObject, around: Surroundings) => boolean

/** The value at a path; of a list, those of all its entries. */
function follow(start: Json, names: readonly string[]): Json {
  let here: Json = start
  for (const [position, name] of names.entries()) {
    if (Array.isArray(here)) {
      const rest = names.slice(position)
      return here.map((entry) => follow(entry, rest)).filter((value) => value !== undefined)
    }
    if (!isObject(here)) return undefined
    here = here[name]
  }
  return here
}

/** A flag, or an element of another message of the transaction: `CRes.acsUiType`. */
export const inContext = (context: JsonObject | undefined, path: string): Json =>
  context?.[path] ?? follow(context, path.split('.'))

export const isContextPresent = (context: JsonObject | undefined, path: string): boolean =>
  !isMissing(inContext(context, path))

const isOneOf = (allowed: readonly (string | boolean)[]): ((value: Json) => boolean) => {
  const set = new Set<Json>(allowed)
  return (value) => (Array.isArray(value) ? value.some((entry) => set.has(entry)) : set.has(value))
}

/** `isKnown`: whether a name beside the element belongs to the column; unknown ones count as absent. */
export function compileCondition(expression: Expression, isKnown: (name: string) => boolean = () => true): Predicate {
  if ('all' in expression) {
    const parts = expression.all.map((part) => compileCondition(part, isKnown))
    return (parent, around) => parts.every((part) => part(parent, around))
  }
  if ('any' in expression) {
    const parts = expression.any.map((part) => compileCondition(part, isKnown))
    return (parent, around) => parts.some((part) => part(parent, around))
  }
  if ('not' in expression) {
    const part = compileCondition(expression.not, isKnown)
    return (parent, around) => !part(parent, around)
  }
  if ('field' in expression) {
    const names = expression.field.split('.')
    if (!isKnown(names[0] ?? '')) return () => false
    const test = isOneOf(expression.in)
    return (parent) => test(follow(parent, names))
  }
  if ('root' in expression) {
    const names = expression.root.split('.')
    const test = isOneOf(expression.in)
    return (_parent, around) => test(follow(around.message, names))
  }
  if ('context' in expression) {
    const { context } = expression
    const test = isOneOf(expression.in)
    return (_parent, around) => test(inContext(around.context, context))
  }
  if ('present' in expression) {
    const names = expression.present.split('.')
    if (!isKnown(names[0] ?? '')) return () => false
    return (parent) => !isMissing(follow(parent, names))
  }
  if ('contextPresent' in expression) {
    const { contextPresent } = expression
    return (_parent, around) => isContextPresent(around.context, contextPresent)
  }
  if ('leg' in expression) return (_parent, around) => expression.leg.includes(around.leg)
  if ('channel' in expression)
    return (_parent, around) => expression.channel.some((name) => name.startsWith(around.channel))
  return (_parent, around) => expression.category.some((name) => name.startsWith(around.category))
}

/** The other messages (and flags) an expression looks at. */
export function contextsOf(expression: Expression): readonly string[] {
  if ('all' in expression) return [...new Set(expression.all.flatMap(contextsOf))]
  if ('any' in expression) return [...new Set(expression.any.flatMap(contextsOf))]
  if ('not' in expression) return contextsOf(expression.not)
  const name =
    'context' in expression
      ? expression.context
      : 'contextPresent' in expression
        ? expression.contextPresent
        : undefined
  return name === undefined ? [] : [name.split('.')[0] ?? name]
}
