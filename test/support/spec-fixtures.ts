// Reads spec-fixtures/: message files and the cases about them. The form of both is in spec-fixtures/README.md.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type JsonObject = { [name: string]: Json }

export type FixtureProfile = 'lenient' | 'strict'
export type Expected = 'accepted' | { readonly errorCode: string; readonly errorDetail: string }

/** A case as it stands in its file. */
export interface FixtureCase {
  readonly id: string
  readonly rule: string
  readonly title: string
  readonly base?: string
  readonly set?: { readonly [path: string]: Json }
  readonly remove?: readonly string[]
  readonly append?: string
  readonly raw?: string
  readonly rawBase64?: string
  readonly each?: Each
  readonly profile?: FixtureProfile
  readonly layer?: string
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

/** One message of a case: what is posted, and in which profiles. */
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
  const { $text, times, before = '', after = '', ...rest } = value as JsonObject
  if (typeof $text === 'string') return `${before}${$text.repeat(Number(times))}${after}`
  return Object.fromEntries(Object.entries({ ...value, ...rest }).map(([name, member]) => [name, written(member)]))
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
  if (one.raw !== undefined) return [{ id: one.id, bytes: Buffer.from(one.raw) }]
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

/** `append` is the exact text of further members: it can say what JSON.stringify cannot. */
function textOf(message: JsonObject, append: string | undefined): Uint8Array {
  const text = JSON.stringify(message)
  return Buffer.from(append === undefined ? text : `${text.slice(0, -1)},${append}}`)
}
