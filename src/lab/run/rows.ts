/** Features of every event as the engine saw them while a policy ran: what models are trained on. */
import { setImmediate as turn } from 'node:timers/promises'
import { at, featureNames, isFeature } from '../../risk/features.ts'
import { openStream } from '../stream/store.ts'
import { type Dictionary, type Part, textIn } from '../stream/table.ts'
import { Chance } from './chance.ts'
import { ownColumns } from './own-columns.ts'
import { foldsOf, policyOf, timesOf } from './pass.ts'
import { Truth } from './truth.ts'
import { type FeatureRows, LabRunError, type ReadFeatureRows } from './types.ts'

/** Grows by doubling; `taken` gives what was put. */
class Growing<A extends Float64Array | Uint8Array | Uint16Array | Uint32Array> {
  #array: A
  readonly #make: (size: number) => A
  constructor(make: (size: number) => A) {
    this.#make = make
    this.#array = make(4_096)
  }
  put(i: number, value: number): void {
    if (i === this.#array.length) {
      const more = this.#make(2 * i)
      more.set(this.#array)
      this.#array = more
    }
    this.#array[i] = value
  }
  taken(n: number): A {
    return this.#array.slice(0, n) as A
  }
}
const numbers = () => new Growing((size) => new Float64Array(size))

/** Numbers of texts in order of appearance, over dictionaries that are replaced. */
class Numbering {
  readonly texts: string[] = []
  readonly #numbers = new Map<string, number>()
  #dictionary: Dictionary | undefined
  #known: number[] = []
  of(part: Part, name: string, row: number): number {
    const column = part.columns.get(name)
    const id = column?.kind === 'text' ? (column.ids[row] ?? 0) : 0
    if (column?.kind === 'text' && column.dictionary !== this.#dictionary) {
      this.#dictionary = column.dictionary
      this.#known = []
    }
    const known = this.#known[id]
    if (known !== undefined) return known
    const text = textIn(column, row) ?? ''
    const number = this.#numbers.get(text) ?? this.texts.length
    if (number === this.texts.length) {
      this.#numbers.set(text, number)
      this.texts.push(text)
    }
    this.#known[id] = number
    return number
  }
}

export const featureRows: ReadFeatureRows = async (stream, source, options = {}) => {
  const { features: names = featureNames, from = 0, until = Number.POSITIVE_INFINITY, genuineShare = 1 } = options
  const places = names.map((name) => {
    if (!isFeature(name)) throw new LabRunError(`there is no feature ${name}`)
    return at[name]
  })
  const { meta, parts } = typeof stream === 'string' ? await openStream(stream) : stream
  const { seed = meta.seed, signal, onProgress } = options
  const [one] = foldsOf([{ policy: policyOf(source), hears: options.hears ?? 'none' }], meta, options, names)
  if (one === undefined) throw new LabRunError('nothing to run')
  const { fold, reader } = one
  const drawn = new Chance(seed, 'rows')
  const columns = places.map(numbers)
  const [event, time, labelTs, amount, score] = [numbers(), numbers(), numbers(), numbers(), numbers()]
  const y = new Growing((size) => new Uint8Array(size))
  const card = new Growing((size) => new Uint32Array(size))
  const kind = new Growing((size) => new Uint16Array(size))
  const cards = new Numbering()
  const kinds = new Numbering()
  const truth = new Truth()
  const { features } = fold
  let n = 0
  let now = { amount: Number.NaN, score: Number.NaN }
  const sink = {
    put(_event: number, _attempt: number, _ts: number, amount: number, score: number): void {
      now = { amount, score }
    },
  }
  for await (const whole of parts()) {
    const part = ownColumns(whole)
    const ts = timesOf(part)
    fold.bind(part)
    reader.bind(part)
    truth.bind(part)
    for (let row = 0; row < part.n; row++) {
      const at = ts[row] as number
      const position = part.first + row
      fold.take(reader, row, position, 0, at, sink)
      const isFraud = truth.isFraud(row)
      if (at < from || at >= until || (!isFraud && genuineShare < 1 && drawn.of(position) >= genuineShare)) continue
      for (let i = 0; i < places.length; i++) columns[i]?.put(n, features[places[i] as number] as number)
      event.put(n, position)
      time.put(n, at)
      labelTs.put(n, truth.labelTs(row))
      amount.put(n, now.amount)
      score.put(n, now.score)
      y.put(n, isFraud ? 1 : 0)
      card.put(n, cards.of(part, 'card', row))
      kind.put(n, kinds.of(part, 'kind', row))
      n++
    }
    onProgress?.({ done: part.first + part.n, total: meta.events })
    await turn()
    if (signal?.aborted === true) throw new LabRunError('stopped')
  }
  const rows: FeatureRows = {
    n,
    names,
    features: columns.map((column) => column.taken(n)),
    event: event.taken(n),
    ts: time.taken(n),
    labelTs: labelTs.taken(n),
    y: y.taken(n),
    card: card.taken(n),
    amount: amount.taken(n),
    kind: kind.taken(n),
    kinds: kinds.texts,
    score: score.taken(n),
  }
  return rows
}
