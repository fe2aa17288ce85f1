/**
 * What the metrics need of a stream, taken out of it once: whose card, which shop, fraud or not, and the slices, in numbers. A few bytes
 * an event, in memory for a short stream and in a scratch file for a long one, so that every variant is measured against it cheaply.
 */
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Column, Dictionary, EventStream, StreamMeta } from '../stream/table.ts'
import { numberIn, textIn } from '../stream/table.ts'

/** Bits of `truth`. */
export const isFraudBit = 1
export const isUntoldBit = 2
/** Whether the one at the keyboard would pass a challenge, by uChallenge and pChallengePass. */
export const wouldPassBit = 4
export const passUntoldBit = 8

/** A slice has at most so many values by name; what comes later is `(other)`. */
const sliceValues = 200
/** About twenty-five megabytes. */
const usualInMemory = 1 << 20

/** Events `first` … of the stream. */
export type GroundPart = {
  readonly n: number
  readonly first: number
  readonly ts: Float64Array
  readonly card: Uint32Array
  readonly merchant: Uint32Array
  readonly kind: Uint16Array
  readonly truth: Uint8Array
  /** By slice, then by event: position in `values`. */
  readonly slices: Uint8Array
}

/** Events that are fraud or of a pattern, of the whole stream: what further attempts go back to. */
export type Suspects = {
  readonly n: number
  readonly event: Float64Array
  readonly ts: Float64Array
  /** NaN: never reported. */
  readonly labelTs: Float64Array
  readonly card: Uint32Array
  readonly merchant: Uint32Array
  readonly kind: Uint16Array
  readonly truth: Uint8Array
  /** By event, then by slice. */
  readonly slices: Uint8Array
}

/** All of it as plain data, whose parts threads read where they lie. */
export type GroundData = {
  readonly meta: StreamMeta
  /** First event that is measured, and how many are from there on. */
  readonly firstEvent: number
  readonly events: number
  /** Cards of measured events: 0 … cards − 1 in order of appearance. Those beyond, up to allCards, had fraud before only. */
  readonly cards: number
  readonly allCards: number
  /** Rank of a card among all by its text, ascending by code unit. */
  readonly cardRank: Uint32Array
  readonly merchants: readonly string[]
  /** 0: none told. */
  readonly kinds: readonly string[]
  readonly slices: readonly { readonly column: string; readonly values: readonly string[] }[]
  readonly suspects: Suspects
  readonly hasTruth: boolean
  readonly kept: KeptParts
}

export type Ground = GroundData & {
  parts(): AsyncIterable<GroundPart>
  /** Removes the scratch file. */
  close(): Promise<void>
}

/** Columns that `readGround` looks at: a stream opened with these alone is read faster. */
export const groundColumns = (slices: readonly string[]): readonly string[] => [
  'ts',
  'card',
  'merchant',
  'isFraud',
  'kind',
  'campaign',
  'labelTs',
  'pChallengePass',
  'uChallenge',
  ...slices,
]

/** Numbers for texts, by dictionary id where one was seen before. */
class Numbering {
  readonly #numbers = new Map<string, number>()
  readonly texts: string[] = []
  #dictionary: Dictionary | undefined
  #byId = new Int32Array(0)
  constructor(...first: readonly string[]) {
    for (const text of first) this.numberOf(text)
  }
  numberOf(text: string): number {
    const found = this.#numbers.get(text)
    if (found !== undefined) return found
    const number = this.texts.length
    this.texts.push(text)
    this.#numbers.set(text, number)
    return number
  }
  /** Of a row of a text column; what was not sent is the empty text. */
  of(column: Column | undefined, row: number): number {
    if (column?.kind !== 'text') return this.numberOf(column === undefined ? '' : numberText(column.values[row]))
    if (column.dictionary !== this.#dictionary || column.dictionary.size > this.#byId.length)
      this.#follow(column.dictionary)
    const id = column.ids[row] as number
    const known = this.#byId[id] as number
    if (known >= 0) return known
    const number = this.numberOf(column.dictionary.values[id] ?? '')
    this.#byId[id] = number
    return number
  }
  #follow(dictionary: Dictionary): void {
    const longer = new Int32Array(Math.max(1_024, dictionary.size * 2)).fill(-1)
    if (dictionary === this.#dictionary) longer.set(this.#byId)
    this.#dictionary = dictionary
    this.#byId = longer
  }
}

const numberText = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : String(value)

/** Slices are few texts; what comes after the last place is lumped together. */
const cappedSlice = (numbering: Numbering, column: Column | undefined, row: number): number => {
  const number = numbering.of(column, row)
  return number < sliceValues ? number : sliceValues
}

type Suspect = {
  readonly event: number
  readonly ts: number
  readonly labelTs: number
  readonly card: string
  readonly merchant: number
  readonly kind: number
  readonly truth: number
  readonly slices: Uint8Array
}

type TruthColumns = {
  readonly isFraud: Column | undefined
  readonly pass: Column | undefined
  readonly u: Column | undefined
}

function truthOf(columns: TruthColumns, row: number): number {
  const isFraud = numberIn(columns.isFraud, row)
  const pass = numberIn(columns.pass, row)
  const u = numberIn(columns.u, row)
  const known = Number.isNaN(isFraud) ? isUntoldBit : isFraud === 1 ? isFraudBit : 0
  if (Number.isNaN(pass) || Number.isNaN(u)) return known | passUntoldBit
  return u < pass ? known | wouldPassBit : known
}

type GroundOptions = {
  readonly slices?: readonly string[]
  readonly scratch?: string
  /** Events that are kept in memory before the scratch file takes the rest. */
  readonly inMemory?: number
}

/**
 * Reads the whole stream once. `scratch` is a folder for the file of a long stream; without it all is kept in memory.
 * Slices may be columns of the truth or of the events.
 */
export async function readGround(stream: EventStream, options: GroundOptions = {}): Promise<Ground> {
  const { meta } = stream
  const columns = options.slices ?? meta.slices
  const cards = new Numbering()
  const merchants = new Numbering()
  const kinds = new Numbering('')
  const values = columns.map(() => new Numbering(''))
  const suspects: Suspect[] = []
  const store = new GroundStore(
    options.scratch === undefined ? undefined : join(options.scratch, 'ground.bin'),
    options.inMemory ?? usualInMemory,
  )
  let firstEvent = Number.NaN
  let events = 0
  let hasTruth = false
  for await (const part of stream.parts()) {
    const column = (name: string): Column | undefined => part.columns.get(name)
    const ts = column('ts')
    const card = column('card')
    const merchant = column('merchant')
    const kind = column('kind')
    const campaign = column('campaign')
    const truths = { isFraud: column('isFraud'), pass: column('pChallengePass'), u: column('uChallenge') }
    const sliced = columns.map(column)
    let begin = 0
    while (begin < part.n && numberIn(ts, begin) < meta.measuredFrom) begin++
    const n = part.n - begin
    const made = emptyPart(n, part.first + begin, columns.length)
    for (let row = 0; row < part.n; row++) {
      const truth = truthOf(truths, row)
      if ((truth & isFraudBit) !== 0 || hasText(kind, row) || hasText(campaign, row)) {
        suspects.push({
          event: part.first + row,
          ts: numberIn(ts, row),
          labelTs: numberIn(column('labelTs'), row),
          card: textIn(card, row) ?? '',
          merchant: merchants.of(merchant, row),
          kind: kinds.of(kind, row),
          truth,
          slices: Uint8Array.from(sliced, (one, index) => cappedSlice(values[index] as Numbering, one, row)),
        })
      }
      const at = row - begin
      if (at < 0) continue
      if ((truth & isUntoldBit) === 0) hasTruth = true
      made.ts[at] = numberIn(ts, row)
      made.truth[at] = truth
      made.card[at] = cards.of(card, row)
      made.merchant[at] = merchants.of(merchant, row)
      made.kind[at] = kinds.of(kind, row)
      for (let index = 0; index < sliced.length; index++)
        made.slices[index * n + at] = cappedSlice(values[index] as Numbering, sliced[index], row)
    }
    if (n === 0) continue
    if (Number.isNaN(firstEvent)) firstEvent = made.first
    events += n
    await store.put(made)
  }
  const measured = cards.texts.length
  const found = suspectsOf(suspects, cards, columns.length)
  const data: GroundData = {
    meta,
    firstEvent: Number.isNaN(firstEvent) ? meta.events : firstEvent,
    events,
    cards: measured,
    allCards: cards.texts.length,
    cardRank: ranksOf(cards.texts),
    merchants: merchants.texts,
    kinds: kinds.texts,
    slices: columns.map((column, index) => ({ column, values: sliceNames((values[index] as Numbering).texts) })),
    suspects: found,
    hasTruth,
    kept: await store.end(),
  }
  const ground = groundOf(data)
  return {
    ...ground,
    close: async () => {
      await ground.close()
      if (store.path !== undefined) await rm(store.path, { force: true })
    },
  }
}

/** What another thread has read. Closing it leaves the scratch file to who made it. */
export function groundOf(data: GroundData): Ground {
  const { path, parts } = data.kept
  let file: Promise<FileHandle> | undefined
  return {
    ...data,
    async *parts() {
      for (const { n, first, at, bytes, buffer } of parts) {
        if (buffer !== undefined) {
          yield partIn(buffer, n, first, data.slices.length)
          continue
        }
        if (path === undefined) throw new TypeError('neither in memory nor in a file')
        file ??= open(path, 'r')
        const read = new Uint8Array(bytes)
        const { bytesRead } = await (await file).read(read, 0, bytes, at)
        if (bytesRead !== bytes) throw new Error(`${path}: cut off`)
        yield partIn(read.buffer, n, first, data.slices.length)
      }
    },
    async close() {
      await (await file)?.close()
      file = undefined
    },
  }
}

const hasText = (column: Column | undefined, row: number): boolean => column?.kind === 'text' && column.ids[row] !== 0

const sliceNames = (texts: readonly string[]): readonly string[] =>
  texts.length <= sliceValues ? texts : [...texts.slice(0, sliceValues), '(other)']

function ranksOf(texts: readonly string[]): Uint32Array {
  const order = texts.map((_, index) => index).sort((a, b) => ((texts[a] as string) < (texts[b] as string) ? -1 : 1))
  const ranks = new Uint32Array(new SharedArrayBuffer(4 * texts.length))
  order.forEach((card, rank) => {
    ranks[card] = rank
  })
  return ranks
}

/** Cards of frauds before the measured period get their number last, so that those of measured events stand together. */
function suspectsOf(list: readonly Suspect[], cards: Numbering, width: number): Suspects {
  const n = list.length
  const slices = new Uint8Array(n * width)
  list.forEach((suspect, index) => {
    slices.set(suspect.slices, index * width)
  })
  return {
    n,
    event: Float64Array.from(list, ({ event }) => event),
    ts: Float64Array.from(list, ({ ts }) => ts),
    labelTs: Float64Array.from(list, ({ labelTs }) => labelTs),
    card: Uint32Array.from(list, ({ card }) => cards.numberOf(card)),
    merchant: Uint32Array.from(list, ({ merchant }) => merchant),
    kind: Uint16Array.from(list, ({ kind }) => kind),
    truth: Uint8Array.from(list, ({ truth }) => truth),
    slices,
  }
}

/** All columns of a part lie in one buffer, widest first. */
const bytesPerEvent = (slices: number): number => 8 + 4 + 4 + 2 + 1 + slices

function partIn(buffer: ArrayBufferLike, n: number, first: number, slices: number): GroundPart {
  return {
    n,
    first,
    ts: new Float64Array(buffer, 0, n),
    card: new Uint32Array(buffer, 8 * n, n),
    merchant: new Uint32Array(buffer, 12 * n, n),
    kind: new Uint16Array(buffer, 16 * n, n),
    truth: new Uint8Array(buffer, 18 * n, n),
    slices: new Uint8Array(buffer, 19 * n, n * slices),
  }
}
const emptyPart = (n: number, first: number, slices: number): GroundPart =>
  partIn(new SharedArrayBuffer(n * bytesPerEvent(slices)), n, first, slices)

/** Parts in memory have a buffer, the others lie in a file. */
type KeptParts = {
  readonly path: string | undefined
  readonly parts: readonly {
    readonly n: number
    readonly first: number
    readonly at: number
    readonly bytes: number
    readonly buffer?: ArrayBufferLike
  }[]
}

/** Takes parts in, the first in memory. */
class GroundStore {
  readonly path: string | undefined
  readonly #inMemory: number
  readonly #kept: KeptParts['parts'][number][] = []
  #file: FileHandle | undefined
  #events = 0
  #written = 0
  constructor(path: string | undefined, inMemory: number) {
    this.path = path
    this.#inMemory = inMemory
  }
  async put(part: GroundPart): Promise<void> {
    const { buffer } = part.ts
    const { n, first } = part
    this.#events += n
    if (this.path === undefined || this.#events <= this.#inMemory) {
      this.#kept.push({ n, first, at: 0, bytes: buffer.byteLength, buffer })
      return
    }
    this.#file ??= await open(this.path, 'w')
    await this.#file.write(new Uint8Array(buffer), 0, buffer.byteLength, this.#written)
    this.#kept.push({ n, first, at: this.#written, bytes: buffer.byteLength })
    this.#written += buffer.byteLength
  }
  async end(): Promise<KeptParts> {
    await this.#file?.close()
    return { path: this.#file === undefined ? undefined : this.path, parts: this.#kept }
  }
}
