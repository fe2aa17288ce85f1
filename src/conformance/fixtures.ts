// Reads spec-fixtures/: message files and the cases about them. The form of both is in spec-fixtures/README.md.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ProtocolError } from '../protocol/errors.ts'
import type { Parsed, Parser, Reading } from '../protocol/messages/parse.ts'
import type { Leg, MessageType, Version } from '../protocol/tables/types.ts'
import { casesOfElement, type ElementRow } from './element-cases.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = { [name: string]: Json }

export type FixtureProfile = 'lenient' | 'strict'
/** `message`: the verdict on the message alone; `decision`, `transaction`: needs card ranges, or what came before. */
export type Layer = 'message' | 'decision' | 'transaction'

/** Without errorDetail any detail will do that an Erro may hold. */
export type Expected = 'accepted' | { readonly errorCode: string; readonly errorDetail?: string }

/** Text, written out or as pieces of which some are repeated. */
type Pieces = string | readonly Json[]

/** Switches of the reader that are off, or all on, by default. */
type Settings = Omit<Reading, 'expects' | 'leg' | 'profile' | 'channel' | 'category' | 'version' | 'context'>

/** A case; what a file says of several `paths` or `folders` stands here once for each. */
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
  /** Other messages of the transaction and flags, merged over those of the base. */
  readonly context?: JsonObject
  readonly leg?: Leg
  readonly settings?: Settings
  readonly absent?: readonly string[]
  readonly warns?: readonly string[]
  readonly expect: Expected
}

interface Each {
  readonly path: string
  readonly values?: readonly Json[]
  readonly ranges?: readonly (readonly [from: string, to: string])[]
}

/** A case as written. */
interface WrittenCase extends FixtureCase {
  readonly paths?: readonly string[]
  readonly folders?: readonly string[]
}

export interface FixtureFile {
  readonly folder: string
  readonly name: string
  readonly title: string
  readonly spec: string
  readonly cases: readonly FixtureCase[]
}

/** What the messages of a folder are, and how they reach their receiver. */
export interface About {
  readonly message: MessageType
  readonly version: Version
  readonly channel?: string
  readonly category?: string
  readonly leg: Leg
  /** Types that the receiver takes; without it that of the folder alone. */
  readonly expects?: readonly MessageType[]
  /** A folder whose message files stand for those that this one does not have. */
  readonly bases?: string
}

/** One message of a case. */
export interface Sample {
  /** The case's id; with `each`, also the value. */
  readonly id: string
  readonly bytes: Uint8Array
  readonly reading: Omit<Reading, 'profile'>
}

const root = fileURLToPath(new URL('../../spec-fixtures/', import.meta.url))
const suffix = '.case.json'

export type FixtureFolder = string

const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()

export const fixtureFolders: readonly FixtureFolder[] = folders.filter((name) =>
  existsSync(`${root}${name}/about.json`),
)

/** Their case files say which folders they are about. */
const sharedFolders = folders.filter((name) => name.endsWith('-shared'))

const known = new Map<string, unknown>()

/** Read once; not to be changed. */
function readJson(folder: string, file: string): unknown {
  const path = `${root}${folder}/${file}`
  if (!known.has(path)) known.set(path, existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)
  return known.get(path)
}

export const aboutOf = (folder: FixtureFolder): About => readJson(folder, 'about.json') as About

/** These open an exchange, or may answer a message whose version nobody could read; the others keep the transaction's. */
const saysItsVersion: readonly MessageType[] = ['AReq', 'PReq', 'OReq', 'Erro']

function readingOf(folder: FixtureFolder, one: FixtureCase): Omit<Reading, 'profile'> {
  const { message, version, channel, category, leg, expects } = aboutOf(folder)
  const isAReq = message === 'AReq'
  const context = merged(one.base === undefined ? {} : baseContext(folder, one.base), one.context ?? {})
  return {
    expects: expects ?? [message],
    leg: one.leg ?? leg,
    ...(!isAReq && channel !== undefined && { channel }),
    ...(!isAReq && category !== undefined && { category }),
    ...(!saysItsVersion.includes(message) && { version }),
    ...(Object.keys(context).length > 0 && { context }),
    ...one.settings,
  }
}

const isPlain = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `over` laid on `base`: objects member by member, `null` takes away. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const below = result[name]
    if (value === null) delete result[name]
    else result[name] = isPlain(value) ? merged(isPlain(below) ? below : {}, value) : value
  }
  return result
}

/** The folder that holds a message file: this one, or the one that its about.json names. */
const homeOf = (folder: FixtureFolder, base: string): string =>
  readJson(folder, `${base}.json`) === undefined ? (aboutOf(folder).bases ?? folder) : folder

const baseContext = (folder: FixtureFolder, base: string): JsonObject =>
  (readJson(homeOf(folder, base), `${base}.context.json`) ?? {}) as JsonObject

export interface Outcome {
  readonly answer: 'accepted' | { readonly errorCode: string; readonly errorDetail: string }
  readonly parsed?: Parsed<Readonly<Record<string, unknown>>>
}

/** What `parse` says to a message. An unexpected failure passes through. */
export function outcomeOf(parse: Parser, { bytes, reading }: Omit<Sample, 'id'>, profile: FixtureProfile): Outcome {
  try {
    return { answer: 'accepted', parsed: parse(bytes, { ...reading, profile }) }
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

/** Whether one of the patterns, in which `*` stands for anything, takes the folder and none behind a `!` does. */
function takes(patterns: readonly string[], folder: FixtureFolder): boolean {
  const fits = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(folder)
  const [none, some] = [
    patterns.filter((text) => text.startsWith('!')),
    patterns.filter((text) => !text.startsWith('!')),
  ]
  return some.some(fits) && !none.some((text) => fits(text.slice(1)))
}

const withoutPositions = (path: string): string => path.replace(/\.\d+(?=\.|$)/g, '')

/** A case about several `paths` is one case for each: `$path` is the path, `$name` the same without array positions. */
function spread({ paths, folders: _said, ...one }: WrittenCase): readonly FixtureCase[] {
  if (paths === undefined) return [one]
  const text = JSON.stringify(one)
  const isNamed = one.id.includes('$')
  return paths.map((path) => {
    const filled = JSON.parse(text.replaceAll('$path', path).replaceAll('$name', withoutPositions(path))) as FixtureCase
    return isNamed ? filled : { ...filled, id: `${path}-${filled.id}` }
  })
}

interface WrittenFile extends Omit<FixtureFile, 'folder' | 'name' | 'cases'> {
  readonly folders?: readonly string[]
  /** The message file of `elements` that name none. */
  readonly base?: string
  readonly elements?: readonly ElementRow[]
  readonly cases?: readonly WrittenCase[]
}

const caseFiles = (home: string): readonly string[] =>
  readdirSync(`${root}${home}`)
    .filter((file) => file.endsWith(suffix))
    .sort()

function fileOf(home: string, file: string, folder: FixtureFolder): readonly FixtureFile[] {
  const { title, spec, base, elements = [], cases = [], folders: said = [home] } = readJson(home, file) as WrittenFile
  if (!takes(said, folder)) return []
  const isAbout = (one: { readonly folders?: readonly string[] }): boolean =>
    one.folders === undefined || takes(one.folders, folder)
  const { message, version } = aboutOf(folder)
  const own: readonly FixtureCase[] = [
    ...elements
      .filter(isAbout)
      .flatMap((row) => casesOfElement({ ...(base !== undefined && { base }), ...row }, message, version)),
    ...cases.filter(isAbout).flatMap(spread),
  ]
  const name = file.slice(0, -suffix.length)
  return own.length === 0 ? [] : [{ folder, name: home === folder ? name : `${home}/${name}`, title, spec, cases: own }]
}

/** Every case file of a folder, with the shared ones that are about it. */
export const fixtureFiles = (folder: FixtureFolder): readonly FixtureFile[] =>
  [folder, ...sharedFolders].flatMap((home) => caseFiles(home).flatMap((file) => fileOf(home, file, folder)))

/** A message file, such as `base-full`. */
export const fixtureMessage = (folder: FixtureFolder, name: string): JsonObject =>
  structuredClone(readJson(homeOf(folder, name), `${name}.json`) as JsonObject)

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
  const reading = readingOf(folder, one)
  if (one.raw !== undefined) return [{ id: one.id, bytes: Buffer.from(joined(one.raw)), reading }]
  if (one.rawBase64 !== undefined) return [{ id: one.id, bytes: Buffer.from(one.rawBase64, 'base64'), reading }]
  const message = fixtureMessage(folder, one.base ?? 'base')
  for (const path of one.remove ?? []) removeAt(message, path)
  for (const [path, value] of Object.entries(one.set ?? {})) setAt(message, path, value)
  if (one.each === undefined) return [{ id: one.id, bytes: textOf(message, one.append), reading }]
  const { path } = one.each
  return valuesOf(one.each).map((value) => {
    setAt(message, path, value)
    return { id: `${one.id} ${JSON.stringify(value)}`, bytes: textOf(message, one.append), reading }
  })
}

const joined = (pieces: Pieces): string => (typeof pieces === 'string' ? pieces : pieces.map(written).join(''))

/** `append` is the exact text of further members: it can say what JSON.stringify cannot. */
function textOf(message: JsonObject, append: Pieces | undefined): Uint8Array {
  const text = JSON.stringify(message)
  return Buffer.from(append === undefined ? text : `${text.slice(0, -1)},${joined(append)}}`)
}
