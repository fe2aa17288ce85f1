/**
 * Events in columns: strings are interned, numbers lie in typed arrays, so that a stream of millions makes no object per event.
 * A stream is a row of parts in stream order (ts, then position), each of at most `partSize` events.
 */

export const partSize = 16_384

/** At most so many values: memory stays flat however long the stream. */
export const dictionarySize = 1 << 16

/** Distinct texts of a column; id 0 is "not sent", which is not the same as an empty text or "no". */
export class Dictionary {
  readonly values: string[] = ['']
  readonly #ids = new Map<string, number>()
  /** So many of the values are in `#ids`: who only reads a stream never asks for an id, and need not pay for the map. */
  #indexed = 1
  /** The id of a text; undefined: it has none. */
  find(text: string): number | undefined {
    while (this.#indexed < this.values.length) this.#ids.set(this.values[this.#indexed] as string, this.#indexed++)
    return this.#ids.get(text)
  }
  /** The id of a text, a new one where it has none. */
  idOf(text: string): number {
    const found = this.find(text)
    if (found !== undefined) return found
    const id = this.append(text)
    this.#ids.set(text, id)
    this.#indexed++
    return id
  }
  /** A text that is not there yet: whoever calls it knows. */
  append(text: string): number {
    return this.values.push(text) - 1
  }
  get size(): number {
    return this.values.length
  }
  get isFull(): boolean {
    return this.values.length > dictionarySize
  }
}

/**
 * `dictionary` is shared by many parts and only ever grows, so that what a text means can be worked out once per (dictionary, id);
 * a part may come with another dictionary than the one before it: what holds answers by id asks whether it is the same object.
 */
export type TextColumn = { readonly kind: 'text'; readonly dictionary: Dictionary; readonly ids: Uint32Array }
/** NaN is "not sent". */
export type NumberColumn = { readonly kind: 'number'; readonly values: Float64Array }
export type Column = TextColumn | NumberColumn

/** Events `first` … `first + n - 1` of a stream. A column that is not there was not sent by anybody. */
export type Part = {
  readonly n: number
  /** Position in the stream of the first event. */
  readonly first: number
  readonly columns: ReadonlyMap<string, Column>
}

/** What a stream is, beside its events. */
export type StreamMeta = {
  readonly name: string
  readonly seed: string
  readonly events: number
  /** Of the events, in seconds since 1970: first and last. */
  readonly from: number
  readonly to: number
  /** From here on it is measured; what lies before lets the profiles grow. Seconds since 1970. */
  readonly measuredFrom: number
  /** Columns of the truth that reports may be cut by. */
  readonly slices: readonly string[]
  /** SHA-256 of the events and the truth, in stream order: independent of file format, machine and workers. */
  readonly hash: string
  /** How it came to be: the generator's name, version and knobs, or the import's. */
  readonly made: Readonly<Record<string, unknown>>
}

/** Read anew by every worker and as often as somebody wants. */
export type EventStream = {
  readonly meta: StreamMeta
  /** From the part that holds event `from` (default 0). */
  parts(from?: number): AsyncIterable<Part>
}

export const textIn = (column: Column | undefined, row: number): string | undefined => {
  if (column?.kind !== 'text') return undefined
  const id = column.ids[row] ?? 0
  return id === 0 ? undefined : column.dictionary.values[id]
}
/** NaN: not sent. */
export const numberIn = (column: Column | undefined, row: number): number =>
  column?.kind === 'number' ? (column.values[row] ?? Number.NaN) : Number.NaN
