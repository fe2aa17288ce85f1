// Valid messages made from the element table, the same for the same seed. Spec: Annex A (presence, formats), Annex B.
import { isMissing, type JsonObject, type Surroundings } from '../rules/conditions.ts'
import { elements } from '../tables/elements.ts'
import { type ErrorCode, errorDescriptions } from '../tables/errors.ts'
import { currencies } from '../tables/iso.ts'
import type { ElementTable, Leg, MessageType, Version } from '../tables/types.ts'
import { belongs, steering } from './sample-plan.ts'
import { createRows, knows, type Place, type Row } from './sample-rows.ts'
import { textOf } from './sample-texts.ts'

export interface SampleOf {
  readonly version: Version
  readonly message: MessageType
  readonly channel: string
  readonly category: string
  readonly leg: Leg
  /** `minimal`: what this message must have. `full`: all it may have. */
  readonly fill: 'minimal' | 'full'
  /** Messages of one seed share their ids, as those of one transaction do. */
  readonly seed?: number
  /** Members that are given; conditions see them. `undefined` leaves the member out. */
  readonly set?: JsonObject
  /** Other messages of the transaction by type, and flags, as `Reading.context`. */
  readonly context?: JsonObject
}

const table: ElementTable = elements
const rowsOf = createRows(table)

interface Assembly {
  readonly place: Place
  readonly seed: number
  readonly fill: 'minimal' | 'full'
  readonly around: (message: JsonObject) => Surroundings
  /** Whether an element that may be there makes sense beside those that are. */
  readonly wants: (row: Row, members: JsonObject) => boolean
}

/** Elements that have but one sensible answer of the two. */
const saysTrue = ['payTokenInd', 'browserJavascriptEnabled', 'oobContinue', 'infoContinueIndicator']

const decimals = (currency: unknown): string =>
  String((typeof currency === 'string' ? currencies.get(currency)?.exponent : undefined) ?? 0)

/** `at`: positions in the arrays around the element; `beside`: the members it joins; `root`: the message. */
interface Spot {
  readonly at: readonly number[]
  readonly beside: JsonObject
  readonly root?: JsonObject
}

function objectOf(row: Row, assembly: Assembly, spot: Spot): JsonObject {
  const rows = rowsOf(assembly.place, row.path)
  const position = spot.at.at(-1)
  if (rows.length === 0)
    return position === undefined ? { note: 'an example' } : { [`0${position + 1}`]: `Choice ${position + 1}` }
  const made = assemble(rows, {}, assembly, spot)
  const [first] = rows
  return isMissing(made) && first !== undefined ? { [first.name]: exampleAt(first, assembly, spot) } : made
}

function exampleAt(row: Row, assembly: Assembly, spot: Spot): unknown {
  const { path, name, element, shape } = row
  const text = (at: readonly number[]): string => textOf(path, element, shape, assembly.place, at, assembly.seed)
  switch (shape.type) {
    case 'boolean':
      return saysTrue.includes(name)
    case 'object':
      return objectOf(row, assembly, spot)
    case 'array': {
      const [min, max] = shape.entries ?? [1, 1]
      const length = Math.max(min, assembly.fill === 'full' ? Math.min(max, 2) : 1)
      const places = Array.from({ length }, (_, position) => [...spot.at, position])
      if (shape.items === 'object') return places.map((at) => objectOf(row, assembly, { ...spot, at }))
      return [...new Set(places.map(text))]
    }
    case 'any':
      return text(spot.at)
    case 'string': {
      const { beside } = spot
      if (name.endsWith('Exponent')) return decimals(beside[name.replace(/Exponent$/, 'Currency')] ?? '392') // ACS-VAL-67
      if (name === 'errorDescription' && typeof beside.errorCode === 'string')
        return errorDescriptions[beside.errorCode as ErrorCode]
      return text(spot.at)
    }
  }
}

/** Adds members until nothing is missing; what is only allowed comes in where it forbids nothing that is there. */
function assemble(rows: readonly Row[], start: JsonObject, assembly: Assembly, spot: Omit<Spot, 'beside'>): JsonObject {
  let members = start
  const around = (now: JsonObject): Surroundings => assembly.around(spot.root ?? now)
  const isDue = (row: Row, now: JsonObject): boolean =>
    row.isRequired || row.needs.some((condition) => condition(now, around(now)))
  const limited = rows.filter((row) => row.limits.length > 0)
  const isAllowed = (row: Row, now: JsonObject): boolean =>
    row.limits.length === 0 || isDue(row, now) || row.limits.some((condition) => condition(now, around(now)))
  const add = (row: Row): JsonObject => ({
    ...members,
    [row.name]: exampleAt(row, assembly, { ...spot, beside: members, root: spot.root ?? members }),
  })
  const addDue = (): void => {
    const due = rows.find((row) => !(row.name in members) && isDue(row, members))
    if (due === undefined) return
    members = add(due)
    addDue()
  }
  addDue()
  if (assembly.fill === 'minimal') return members
  for (const row of rows) {
    if (row.name in members || !isAllowed(row, members) || !assembly.wants(row, members)) continue
    const next = add(row)
    if (!limited.every((other) => !(other.name in next) || isAllowed(other, next))) continue
    if (row.bans.some((ban) => ban(next, around(next)))) continue
    members = next
    addDue()
  }
  return members
}

/** A value of the element at `path` (JSON names joined by dots) that its checks let pass; undefined: no such element. */
export function exampleOf(
  path: string,
  about: {
    readonly version: Version
    readonly message: MessageType
    readonly channel?: string
    readonly category?: string
  },
): unknown {
  const element = table[path]
  if (element === undefined) return undefined
  const { version, message, channel = '02', category = '01' } = about
  const shape = element.by?.[version] ?? element
  const name = path.slice(path.lastIndexOf('.') + 1)
  const row: Row = { path, name, element, shape, isRequired: true, needs: [], limits: [], bans: [] }
  const assembly: Assembly = {
    place: { version, message, channel, category },
    seed: 0,
    fill: 'full',
    around: (members) => ({ message: members, leg: 'DS-ACS', channel, category }),
    wants: () => true,
  }
  return exampleAt(row, assembly, { at: [], beside: {} })
}

/** Whether there is such a message: 3RI has no challenge, 2.1.0 no 3RI payment. */
export const hasMessage = (place: Place): boolean => knows(table, place)

/** A message that passes the checks of its column, the same for the same arguments. */
export function sampleMessage(about: SampleOf): JsonObject {
  const { version, message, channel, category, leg, fill, seed = 0, set = {} } = about
  const place: Place = { version, message, channel, category }
  if (!knows(table, place))
    throw new RangeError(`no ${message} ${version} for channel ${channel}, category ${category}`)
  // What a browser brings back is always the end (CHL-FIN).
  const context = about.context ?? (message === 'CRes' && channel === '02' ? { final: true } : undefined)
  const isLeftOut = (name: string): boolean => name in set && set[name] === undefined
  const rows = rowsOf(place, '').filter(({ name }) => !isLeftOut(name))
  const start: JsonObject = {
    messageType: message,
    messageVersion: version,
    ...(message === 'AReq' && { deviceChannel: channel }),
    ...((message === 'AReq' || message === 'RReq') && { messageCategory: category }),
    ...steering(place, seed, set, context),
    ...set,
  }
  const isGiven = (name: string): boolean => !isLeftOut(name) && (name in set || rows.some((row) => row.name === name))
  const assembly: Assembly = {
    place,
    seed,
    fill,
    around: (now) => ({ message: now, leg, channel, category, ...(context !== undefined && { context }) }),
    wants: ({ path }, members) => belongs(path, members, place, context),
  }
  const given = Object.fromEntries(Object.entries(start).filter(([name]) => isGiven(name)))
  const made = assemble(rows, given, assembly, { at: [] })
  // In the order of the table, then whatever else was given.
  const names = new Set([...rows.map((row) => row.name).filter((name) => name in made), ...Object.keys(made)])
  return Object.fromEntries([...names].map((name) => [name, made[name]]))
}
