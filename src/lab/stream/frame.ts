/**
 * One part of a stored stream as bytes: a head (JSON) that says what lies where, then the texts that are new since the part before, then
 * the columns. Little-endian. Integers in a narrow range take one, two or four bytes a row, all else is a double.
 */
import { type Column, Dictionary, type NumberColumn, type Part, type TextColumn } from './table.ts'

/** Bytes a row takes; 8: doubles as they are. Else `base + code - 1`, where code 0 is not sent. */
type Width = 1 | 2 | 4 | 8
type ColumnHead = {
  readonly name: string
  readonly kind: Column['kind']
  readonly width: Width
  readonly base: number
  readonly at: number
  readonly texts?: TextsHead | undefined
}
/** Texts that are new in a column's dictionary. Lengths are UTF-16 units, the texts stand together as UTF-8. */
type TextsHead = {
  /** The column has another dictionary than before. */
  readonly isFresh: boolean
  readonly count: number
  readonly lengthWidth: 2 | 4
  readonly lengthsAt: number
  readonly textsAt: number
  readonly textsBytes: number
}
type Head = {
  readonly n: number
  readonly first: number
  readonly columns: readonly ColumnHead[]
}

type Block = { readonly bytes: Uint8Array; readonly at: number }
const aligned = (at: number): number => (at + 7) & ~7
const bytesOf = (array: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** Lays blocks one behind the other. */
class Body {
  readonly blocks: Block[] = []
  size = 0
  add(bytes: Uint8Array): number {
    const at = this.size
    this.blocks.push({ bytes, at })
    this.size = aligned(at + bytes.length)
    return at
  }
}

const coded = (width: 1 | 2 | 4, n: number): Uint8Array | Uint16Array | Uint32Array =>
  width === 1 ? new Uint8Array(n) : width === 2 ? new Uint16Array(n) : new Uint32Array(n)
const widthFor = (codes: number): 1 | 2 | 4 => (codes <= 0xff ? 1 : codes <= 0xffff ? 2 : 4)

type Coded = { readonly width: Width; readonly base: number; readonly bytes: Uint8Array }

/** Undefined where nothing was sent. */
function codedIds({ ids }: TextColumn, n: number): Coded | undefined {
  let low = 0xffff_ffff
  let high = 0
  for (let row = 0; row < n; row++) {
    const id = ids[row] as number
    if (id === 0) continue
    if (id < low) low = id
    if (id > high) high = id
  }
  if (high === 0) return undefined
  const width = widthFor(high - low + 1)
  const codes = coded(width, n)
  const shift = 1 - low
  for (let row = 0; row < n; row++) {
    const id = ids[row] as number
    codes[row] = id === 0 ? 0 : id + shift
  }
  return { width, base: low, bytes: bytesOf(codes) }
}

function codedNumbers({ values }: NumberColumn, n: number): Coded | undefined {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let isWhole = true
  for (let row = 0; row < n; row++) {
    const value = values[row] as number
    if (Number.isNaN(value)) continue
    if (Math.floor(value) !== value) isWhole = false
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return undefined
  // Beyond 2^53 a double is whole without being exact in sums.
  if (isWhole && high - low < 0xffff_fffe && Math.abs(low) < 2 ** 52 && Math.abs(high) < 2 ** 52) {
    const width = widthFor(high - low + 1)
    const codes = coded(width, n)
    for (let row = 0; row < n; row++) {
      const value = values[row] as number
      codes[row] = Number.isNaN(value) ? 0 : value - low + 1
    }
    return { width, base: low + 0, bytes: bytesOf(codes) }
  }
  const doubles = new Float64Array(n)
  for (let row = 0; row < n; row++) doubles[row] = (values[row] as number) + 0
  return { width: 8, base: 0, bytes: bytesOf(doubles) }
}

export class FrameWriter {
  /** Of each text column: its dictionary, and how many of its values are in the file. */
  readonly #written = new Map<string, { readonly dictionary: Dictionary; size: number }>()
  encode(part: Part): { readonly head: Buffer; readonly body: Buffer } {
    const body = new Body()
    const columns: ColumnHead[] = []
    for (const [name, column] of part.columns) {
      const held = column.kind === 'text' ? codedIds(column, part.n) : codedNumbers(column, part.n)
      if (held === undefined) continue
      const texts = column.kind === 'text' ? this.#newTexts(name, column.dictionary, body) : undefined
      const { width, base, bytes } = held
      columns.push({ name, kind: column.kind, width, base, at: body.add(bytes), texts })
    }
    const head: Head = { n: part.n, first: part.first, columns }
    const whole = Buffer.alloc(body.size)
    for (const { bytes, at } of body.blocks) whole.set(bytes, at)
    return { head: Buffer.from(JSON.stringify(head)), body: whole }
  }
  #newTexts(name: string, dictionary: Dictionary, body: Body): TextsHead | undefined {
    let written = this.#written.get(name)
    const isFresh = written?.dictionary !== dictionary
    if (written === undefined || isFresh) {
      written = { dictionary, size: 1 }
      this.#written.set(name, written)
    }
    if (written.size === dictionary.size) return undefined
    const more = dictionary.values.slice(written.size)
    written.size = dictionary.size
    const lengthWidth = more.some((text) => text.length > 0xffff) ? 4 : 2
    const lengths = lengthWidth === 2 ? new Uint16Array(more.length) : new Uint32Array(more.length)
    for (let index = 0; index < more.length; index++) lengths[index] = (more[index] as string).length
    const bytes = Buffer.from(more.join(''))
    return {
      isFresh,
      count: more.length,
      lengthWidth,
      lengthsAt: body.add(bytesOf(lengths)),
      textsAt: body.add(bytes),
      textsBytes: bytes.length,
    }
  }
}

export class FrameReader {
  /** Only these columns; undefined: all. */
  readonly #wanted: ReadonlySet<string> | undefined
  readonly #dictionaries = new Map<string, Dictionary>()
  constructor(wanted?: ReadonlySet<string>) {
    this.#wanted = wanted
  }
  /** `body` begins on a multiple of eight in its buffer. Where `withRows` says no to its number of rows only the texts are taken in. */
  decode(headBytes: Buffer, body: Uint8Array, withRows: (n: number) => boolean): Part {
    const { n, first, columns } = JSON.parse(headBytes.toString('utf8')) as Head
    const read = new Map<string, Column>()
    const isWanted = withRows(n)
    for (const head of columns) {
      if (this.#wanted?.has(head.name) === false) continue
      if (head.texts !== undefined) this.#takeTexts(head.name, head.texts, body)
      if (isWanted) read.set(head.name, this.#column(head, body, n))
    }
    return { n, first, columns: read }
  }
  #takeTexts(
    name: string,
    { isFresh, count, lengthWidth, lengthsAt, textsAt, textsBytes }: TextsHead,
    body: Uint8Array,
  ): void {
    let dictionary = this.#dictionaries.get(name)
    if (dictionary === undefined || isFresh) {
      dictionary = new Dictionary()
      this.#dictionaries.set(name, dictionary)
    }
    const at = body.byteOffset + lengthsAt
    const lengths =
      lengthWidth === 2 ? new Uint16Array(body.buffer, at, count) : new Uint32Array(body.buffer, at, count)
    const whole = Buffer.from(body.buffer, body.byteOffset + textsAt, textsBytes).toString('utf8')
    let from = 0
    for (let index = 0; index < count; index++) {
      const to = from + (lengths[index] as number)
      dictionary.append(whole.slice(from, to))
      from = to
    }
  }
  #column({ name, kind, width, base, at }: ColumnHead, body: Uint8Array, n: number): Column {
    const from = body.byteOffset + at
    if (width === 8) return { kind: 'number', values: new Float64Array(body.buffer, from, n) }
    const codes =
      width === 1
        ? new Uint8Array(body.buffer, from, n)
        : width === 2
          ? new Uint16Array(body.buffer, from, n)
          : new Uint32Array(body.buffer, from, n)
    const shift = base - 1
    if (kind === 'number') {
      const values = new Float64Array(n)
      for (let row = 0; row < n; row++) {
        const code = codes[row] as number
        values[row] = code === 0 ? Number.NaN : code + shift
      }
      return { kind, values }
    }
    const ids = new Uint32Array(n)
    for (let row = 0; row < n; row++) {
      const code = codes[row] as number
      ids[row] = code === 0 ? 0 : code + shift
    }
    const dictionary = this.#dictionaries.get(name)
    if (dictionary === undefined) throw new TypeError(`${name} has no texts`)
    return { kind, dictionary, ids }
  }
}
