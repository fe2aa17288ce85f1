// JSON with its places: where a text stops being JSON, and where in it a value stands. RFC 8259, nothing more lenient.

/** A member name or an array position. */
type Step = string | number
export type Path = readonly Step[]

export type JsonFault =
  | 'empty'
  | 'end'
  | 'value'
  | 'name'
  | 'colon'
  | 'comma'
  | 'trailingComma'
  | 'quote'
  | 'literal'
  | 'number'
  | 'control'
  | 'escape'
  | 'more'

export interface JsonProblem {
  readonly fault: JsonFault
  /** In UTF-16 units. */
  readonly offset: number
}

/** Where a value stands, its name included where it has one. */
export interface Span {
  readonly start: number
  readonly value: number
  readonly end: number
}

export interface Place {
  readonly line: number
  readonly column: number
}

/** Line and column, both from 1; columns count characters. */
export function placeOf(text: string, offset: number): Place {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    start = at + 1
  }
  return { line, column: [...text.slice(start, offset)].length + 1 }
}

/** What is looked for: the spans of values by the JSON text of their paths. */
interface Wanted {
  key?: string
  readonly inner: Map<Step, Wanted>
}

export const keyOf = (path: Path): string => JSON.stringify(path)

function wantedOf(paths: Iterable<Path>): Wanted {
  const root: Wanted = { inner: new Map() }
  for (const path of paths) {
    let here = root
    for (const step of path) {
      let next = here.inner.get(step)
      if (next === undefined) {
        next = { inner: new Map() }
        here.inner.set(step, next)
      }
      here = next
    }
    here.key = keyOf(path)
  }
  return root
}

interface Open {
  readonly isArray: boolean
  readonly wanted: Wanted | undefined
  /** Of the container itself. */
  readonly start: number
  readonly value: number
  position: number
  isEmpty: boolean
}

const literals: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' }
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const escaped = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y
const blanks = /[ \t\r\n]*/y

/** No Error: one is thrown at the end of every line of a recording, and nobody reads where from. */
class Fault {
  readonly problem: JsonProblem
  constructor(fault: JsonFault, offset: number) {
    this.problem = { fault, offset }
  }
}

/** The index behind what `pattern` matches at `at`. */
function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    let unit = text.charCodeAt(at)
    while (unit >= 0x20 && unit !== 0x22 && unit !== 0x5c) {
      at += 1
      unit = text.charCodeAt(at)
    }
    const char = text[at]
    if (char === undefined) throw new Fault('end', at)
    if (char === '"') return at + 1
    if (char !== '\\') throw new Fault('control', at)
    const next = behind(escaped, text, at)
    if (next === at) throw new Fault(at + 1 >= text.length ? 'end' : 'escape', at)
    at = next
  }
}

function endOfScalar(text: string, at: number): number {
  const char = text[at]
  if (char === undefined) throw new Fault('end', at)
  if (char === '"') return endOfString(text, at)
  const literal = literals[char]
  if (literal !== undefined && text.startsWith(literal, at)) return at + literal.length
  if (char === '-' || (char >= '0' && char <= '9')) {
    const end = behind(number, text, at)
    if (end === at || /[0-9A-Za-z.+-]/.test(text[end] ?? '')) throw new Fault('number', at)
    return end
  }
  throw new Fault(char === "'" ? 'quote' : /[A-Za-z_]/.test(char) ? 'literal' : 'value', at)
}

/** Walks over the text once, without recursion, so that no depth of nesting ends the process. */
function walk(text: string, wanted: Wanted, onSpan: (key: string, span: Span) => void): void {
  const skip = (at: number): number => behind(blanks, text, at)
  const open: Open[] = []
  let at = skip(text.startsWith('\ufeff') ? 1 : 0)
  if (at >= text.length) throw new Fault('empty', at)

  /** Whether the name (for objects) and the value of the next member follow. */
  const nextMember = (here: Open): { readonly start: number; readonly step: Step } => {
    const start = at
    if (here.isArray) return { start, step: here.position }
    if (text[at] !== '"') throw new Fault(text[at] === undefined ? 'end' : text[at] === "'" ? 'quote' : 'name', at)
    const end = endOfString(text, at)
    const name = text.slice(at + 1, end - 1)
    at = skip(end)
    if (text[at] !== ':') throw new Fault(text[at] === undefined ? 'end' : 'colon', at)
    at = skip(at + 1)
    return { start, step: name.includes('\\') ? String(JSON.parse(`"${name}"`)) : name }
  }

  /** Reads what stands here; a container is opened and read by the loop. */
  const value = (start: number, found: Wanted | undefined): void => {
    const char = text[at]
    if (char === '{' || char === '[') {
      open.push({ isArray: char === '[', wanted: found, start, value: at, position: 0, isEmpty: true })
      at = skip(at + 1)
      return
    }
    const from = at
    at = endOfScalar(text, at)
    if (found?.key !== undefined) onSpan(found.key, { start, value: from, end: at })
    at = skip(at)
  }

  value(at, wanted)
  for (let here = open.at(-1); here !== undefined; here = open.at(-1)) {
    const closer = here.isArray ? ']' : '}'
    const char = text[at]
    if (char === undefined) throw new Fault('end', at)
    if (char === closer) {
      open.pop()
      if (here.wanted?.key !== undefined) onSpan(here.wanted.key, { start: here.start, value: here.value, end: at + 1 })
      at = skip(at + 1)
      continue
    }
    if (!here.isEmpty) {
      if (char !== ',') throw new Fault('comma', at)
      const comma = at
      at = skip(at + 1)
      if (text[at] === closer) throw new Fault('trailingComma', comma)
      here.position += 1
    }
    here.isEmpty = false
    const { start, step } = nextMember(here)
    value(start, here.wanted?.inner.get(step))
  }
  if (at < text.length) throw new Fault('more', at)
}

/** Where the text stops being JSON; undefined: it is JSON. */
export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    walk(text, { inner: new Map() }, () => {})
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.problem
    throw error
  }
}

/** Spans of the values at these paths, by `keyOf`. Of a name that occurs twice the last is told, as JSON.parse takes it. */
export function spansOf(text: string, paths: Iterable<Path>): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>()
  try {
    walk(text, wantedOf(paths), (key, span) => spans.set(key, span))
  } catch (error) {
    if (!(error instanceof Fault)) throw error // what was found up to there holds
  }
  return spans
}

const plainName = /^[A-Za-z_$][\w$]*$/

/** `$.acctInfo.chAccAgeInd`, `$.messageExtension[0].id`. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number'
        ? `${text}[${step}]`
        : `${text}${plainName.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`}`,
    '$',
  )

/** The other way, for paths that rules give: names joined by dots, positions in brackets. */
export function pathOf(text: string): Path {
  const steps: Step[] = []
  for (const [, name, position, quoted] of text.matchAll(/\.?([^.[\]]+)|\[([0-9]+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    if (position !== undefined) steps.push(Number(position))
    else if (quoted !== undefined) steps.push(String(JSON.parse(quoted)))
    else if (name !== undefined && name !== '$') steps.push(name)
  }
  return steps
}

/** The value at a path, and whether something stands there. */
export function valueAt(value: unknown, path: Path): { readonly found: boolean; readonly value?: unknown } {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return { found: false }
    here = Reflect.get(here, step)
  }
  return { found: true, value: here }
}
