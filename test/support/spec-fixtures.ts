// Reads spec-fixtures/: message files and the cases about them. The form of both is in spec-fixtures/README.md.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ProtocolError } from '../../src/protocol/errors.ts'
import type { Parsed, Parser, Reading } from '../../src/protocol/messages/parse.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = { [name: string]: Json }

export type FixtureProfile = 'lenient' | 'strict'
/** `message`: the verdict on the message alone; `decision`, `transaction`: needs card ranges, or what came before. */
export type Layer = 'message' | 'decision' | 'transaction'

/** Without errorDetail any detail will do that an Erro may hold. */
export type Expected = 'accepted' | { readonly errorCode: string; readonly errorDetail?: string }

/** Text, written out or as pieces of which some are repeated. */
type Pieces = string | readonly Json[]

/** A case as it stands in its file. */
export interface FixtureCase {
  readonly id: string
  readonly rule: string
  readonly title: string
  readonly base?: string
  readonly set?: { readonly [path: string]: Json }
  readonly remove?: readonly string[]
  readonly append?: Pieces
  readonly raw?: Pieces
  readonly rawBase64?: string
  readonly each?: Each
  readonly profile?: FixtureProfile
  readonly layer?: Layer
  readonly absent?: readonly string[]
  readonly warns?: readonly string[]
  readonly expect: Expected
}

interface Each {
  readonly path: string
  readonly values?: readonly Json[]
  readonly ranges?: readonly (readonly [from: string, to: string])[]
}

export interface FixtureFile {
  readonly folder: string
  readonly name: string
  readonly title: string
  readonly spec: string
  readonly cases: readonly FixtureCase[]
}

/** One message of a case. */
export interface Sample {
  /** The case's id; with `each`, also the value. */
  readonly id: string
  readonly bytes: Uint8Array
}

const root = fileURLToPath(new URL('../../spec-fixtures/', import.meta.url))
const suffix = '.case.json'

export const fixtureFolders = ['areq-browser-220', 'creq-browser-220', 'rres-220'] as const
export type FixtureFolder = (typeof fixtureFolders)[number]

const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(`${root}${folder}/${file}`, 'utf8'))

/** How the messages of a folder reach the ACS. */
const readings = {
  'areq-browser-220': { expects: ['AReq'], leg: 'DS-ACS' },
  'creq-browser-220': { expects: ['CReq'], leg: 'BRW-ACS', channel: '02', category: '01', version: '2.2.0' },
  'rres-220': { expects: ['RRes'], leg: 'DS-ACS', channel: '02', category: '01', version: '2.2.0' },
} as const satisfies Record<FixtureFolder, Omit<Reading, 'profile'>>

export interface Outcome {
  readonly answer: 'accepted' | { readonly errorCode: string; readonly errorDetail: string }
  readonly parsed?: Parsed<Readonly<Record<string, unknown>>>
}

/** What `parse` says to a message of `folder`. An unexpected failure passes through. */
export function outcomeOf(parse: Parser, folder: FixtureFolder, bytes: Uint8Array, profile: FixtureProfile): Outcome {
  try {
    return { answer: 'accepted', parsed: parse(bytes, { ...readings[folder], profile }) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { answer: { errorCode: error.errorCode, errorDetail: error.errorDetail } }
  }
}

/** An errorDetail holds at most 2,048 characters (ACS-VAL-22). */
export function isAsExpected(answer: Outcome['answer'], expected: Expected): boolean {
  if (answer === 'accepted' || expected === 'accepted') return answer === expected
  if (answer.errorCode !== expected.errorCode || answer.errorDetail.length > 2_048) return false
  return expected.errorDetail === undefined ? answer.errorDetail !== '' : answer.errorDetail === expected.errorDetail
}

/** Cases that a parser can judge; the others need a transaction or a decision. */
export const isParsers = (one: FixtureCase): boolean => one.layer === undefined || one.layer === 'message'

/** Every case file of a folder. */
export function fixtureFiles(folder: FixtureFolder): readonly FixtureFile[] {
  return readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith(suffix))
    .sort()
    .map((file) => {
      const { title, spec, cases } = readJson(folder, file) as Omit<FixtureFile, 'folder' | 'name'>
      return { folder, name: file.slice(0, -suffix.length), title, spec, cases }
    })
}

/** A message file, such as `base-full`. */
export const fixtureMessage = (folder: FixtureFolder, name: string): JsonObject =>
  readJson(folder, `${name}.json`) as JsonObject

export const profilesOf = (one: FixtureCase): readonly FixtureProfile[] =>
  one.profile === undefined ? ['lenient', 'strict'] : [one.profile]

/** `{ "$text": "x", "times": 41, "before": "…", "after": "…" }` stands for a text that is too long to write out. */
function written(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(written)
  const { $text, times, before = '', after = '' } = value as JsonObject
  if (typeof $text === 'string') return `${before}${$text.repeat(Number(times))}${after}`
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, written(member)]))
}

/** The object that holds the last name of `path`, made where it is missing, and that name. */
function place(message: JsonObject, path: string): readonly [holder: JsonObject, name: string] {
  const names = path.split('.')
  const last = names.pop() ?? ''
  let holder = message
  for (const name of names) {
    holder[name] ??= {}
    holder = holder[name] as JsonObject
  }
  return [holder, last]
}

function setAt(message: JsonObject, path: string, value: Json): void {
  const [holder, name] = place(message, path)
  holder[name] = written(value)
}

function removeAt(message: JsonObject, path: string): void {
  const [holder, name] = place(message, path)
  delete holder[name]
}

/** Ranges hold codes of one width: 04 to 79 are 76 values. */
function valuesOf(each: Each): readonly Json[] {
  const spread = (each.ranges ?? []).flatMap(([from, to]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) =>
      String(Number(from) + index).padStart(from.length, '0'),
    ),
  )
  return [...(each.values ?? []), ...spread]
}

/** The messages of a case: one, or one per value of `each`. */
export function samplesOf(folder: FixtureFolder, one: FixtureCase): readonly Sample[] {
  if (one.raw !== undefined) return [{ id: one.id, bytes: Buffer.from(joined(one.raw)) }]
  if (one.rawBase64 !== undefined) return [{ id: one.id, bytes: Buffer.from(one.rawBase64, 'base64') }]
  const message = structuredClone(fixtureMessage(folder, one.base ?? 'base'))
  for (const path of one.remove ?? []) removeAt(message, path)
  for (const [path, value] of Object.entries(one.set ?? {})) setAt(message, path, value)
  if (one.each === undefined) return [{ id: one.id, bytes: textOf(message, one.append) }]
  const { path } = one.each
  return valuesOf(one.each).map((value) => {
    setAt(message, path, value)
    return { id: `${one.id} ${JSON.stringify(value)}`, bytes: textOf(message, one.append) }
  })
}

const joined = (pieces: Pieces): string => (typeof pieces === 'string' ? pieces : pieces.map(written).join(''))

/** `append` is the exact text of further members: it can say what JSON.stringify cannot. */
function textOf(message: JsonObject, append: Pieces | undefined): Uint8Array {
  const text = JSON.stringify(message)
  return Buffer.from(append === undefined ? text : `${text.slice(0, -1)},${joined(append)}}`)
}
