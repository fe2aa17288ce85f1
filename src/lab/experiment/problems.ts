/** What is wrong with an experiment file: the path in it, the line, and the name that was probably meant. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { meant } from '../../risk/policy/nearest.ts'

export type Problem = {
  /** With dots; positions in lists count from 0. Empty: the file as a whole. */
  readonly path: string
  readonly message: string
  /** From 1. */
  readonly line?: number
}

const mostTold = 20

/** As long as a card number, in one piece or in groups. */
const withoutDigits = (text: string): string => text.replace(/\d(?:[ -]?\d){12,}/g, '***')

/** Something in an experiment that a person has to mend. */
export class LabExperimentError extends Error {
  override readonly name = 'LabExperimentError'
  readonly file: string
  readonly problems: readonly Problem[]
  constructor(file: string, problems: readonly Problem[]) {
    // What somebody typed by mistake may be a card number.
    const told = problems.slice(0, mostTold).map(({ path, message, line }) => {
      const place = line === undefined ? file : `${file}:${line}`
      return `${place}: ${withoutDigits(`${path === '' ? '' : `${path}: `}${message}`)}`
    })
    if (problems.length > mostTold) told.push(`and ${problems.length - mostTold} more`)
    super(told.join('\n'))
    this.file = file
    this.problems = problems
  }
}

type Path = readonly PropertyKey[]

export type Source = { readonly file: string; readonly document: Document; readonly lines: LineCounter }

/** The line of the key at the path, or of the nearest above it that is there. */
function lineOf({ document, lines }: Source, path: Path): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const name = path[length - 1]
    if (isMap(parent)) {
      const key = parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(name))?.key
      if (isScalar(key) && key.range) return lines.linePos(key.range[0]).line
      continue
    }
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  const start = document.contents?.range?.[0]
  return start === undefined ? undefined : lines.linePos(start).line
}

export function problemAt(source: Source, path: Path, message: string): Problem {
  const line = lineOf(source, path)
  return { path: path.map(String).join('.'), message, ...(line !== undefined && { line }) }
}

type Json = z.core.JSONSchema.JSONSchema
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every side of a union that may stand here. */
const sidesOf = (schema: Json): readonly Json[] =>
  schema.anyOf === undefined ? [schema] : schema.anyOf.filter(isJson).flatMap(sidesOf)

/** Names that a mapping at the path may have. */
function namesAt(schema: z.ZodType, path: Path): readonly string[] {
  let sides = sidesOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  for (const step of path) {
    sides = sides.flatMap((side) => {
      const member = typeof step === 'number' ? side.items : side.properties?.[String(step)]
      return isJson(member) ? sidesOf(member) : []
    })
  }
  return [...new Set(sides.flatMap((side) => Object.keys(side.properties ?? {})))]
}

/** How far from what a union wants: the side that has the fewest names too many or too few was meant. */
const meantSide = (sides: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined => {
  const deep = sides.filter((side) => !side.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'))
  return deep.toSorted((a, b) => costOf(a) - costOf(b))[0]
}
const costOf = (side: readonly z.core.$ZodIssue[]): number =>
  side.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
  tuple: 'a list',
}

/** In our words where zod's would be of no use to who writes YAML. */
function wordsFor(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) return 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `${kinds[issue.expected] ?? issue.expected} expected`
    case 'invalid_value': {
      const values = issue.values.map(String)
      return `one of ${values.join(', ')} expected${typeof value === 'string' ? meant(value, values) : ''}`
    }
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}${counted(issue.origin, issue.minimum)} expected`
    case 'too_big':
      return `at most ${String(issue.maximum)}${counted(issue.origin, issue.maximum)} expected`
    default:
      return issue.message
  }
}
const counted = (origin: string, n: number | bigint): string => {
  const unit = origin === 'array' ? ' entr' : origin === 'string' ? ' character' : ''
  if (unit === '') return ''
  return unit + (unit === ' entr' ? (Number(n) === 1 ? 'y' : 'ies') : Number(n) === 1 ? '' : 's')
}

type Told = { readonly path: Path; readonly message: string }

function told(issue: z.core.$ZodIssue, above: Path, schema: z.ZodType, values: unknown): readonly Told[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const names = namesAt(schema, path)
    return issue.keys.map((key) => ({ path: [...path, key], message: unknown(key, names) }))
  }
  if (issue.code === 'invalid_union') {
    const isWhole = typeof at(values, path) !== 'object' && issue.message !== 'Invalid input'
    const side = isWhole ? undefined : meantSide(issue.errors)
    if (side !== undefined && side.length > 0) return side.flatMap((one) => told(one, path, schema, values))
  }
  return [{ path, message: wordsFor(issue, at(values, path)) }]
}

function unknown(key: string, names: readonly string[]): string {
  if (names.includes(key)) return 'does not go together with the other keys here'
  return `there is no such key here${meant(key, names) || (names.length > 0 ? `; it takes ${names.join(', ')}` : '')}`
}

function at(values: unknown, path: Path): unknown {
  let value = values
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<PropertyKey, unknown>>)[step]
  }
  return value
}

/** Behind the first errors of a text that is no YAML the others say nothing more. */
const mostErrors = 5
/** Where the words of the parser are for who calls it. */
const yamlWords: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there already',
  MULTIPLE_DOCS: 'one document is expected, without --- lines between several',
  IMPOSSIBLE: 'cannot be read as YAML (nested too deeply?)',
  RESOURCE_EXHAUSTION: 'nested too deeply',
}

/** What is wrong with values that a schema refuses, in our words. */
export const wordsOf = (
  error: z.core.$ZodError,
  schema: z.ZodType,
  values: unknown,
): readonly { path: string; message: string }[] =>
  error.issues
    .flatMap((issue) => told(issue, [], schema, values))
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }))

/** Reads a text by a schema, or tells all that is wrong with it. */
export function readYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
): { readonly value: z.output<S>; readonly source: Source } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const source: Source = { file, document, lines }
  if (document.errors.length > 0)
    throw new LabExperimentError(
      file,
      document.errors.slice(0, mostErrors).map(({ code, message, pos }) => ({
        path: '',
        message: yamlWords[code] ?? message,
        line: lines.linePos(pos[0]).line,
      })),
    )
  const values = valuesIn(source)
  const read = schema.safeParse(values)
  if (read.success) return { value: read.data, source }
  const problems = read.error.issues
    .flatMap((issue) => told(issue, [], schema, values))
    .map(({ path, message }) => problemAt(source, path, message))
  throw new LabExperimentError(
    file,
    problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  )
}

/** Aliases may make more of a text than anybody wants to hold. */
function valuesIn({ file, document }: Source): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new LabExperimentError(file, [{ path: '', message: error instanceof Error ? error.message : 'not valid' }])
  }
}
