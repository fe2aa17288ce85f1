/** One pass over a stream, in this thread: every variant folds part after part, so that the stream is read once. */
import { performance } from 'node:perf_hooks'
import { LiveProfiles } from '../../risk/live/live.ts'
import { maskOf } from '../../risk/live/mask.ts'
import { featuresRead } from '../../risk/live/reads.ts'
import { Slots } from '../../risk/live/slots.ts'
import { loadPolicy, type Policy } from '../../risk/policy.ts'
import { shippedTables } from '../../start/tables.ts'
import type { EventStream, Part, StreamMeta } from '../stream/table.ts'
import { ClosedLoop } from './closed-loop.ts'
import { ColumnReader } from './column-reader.ts'
import { wantedBy } from './columns/wanted.ts'
import { DecisionWriter } from './decision-files.ts'
import { Fold } from './fold.ts'
import { usualConsequences } from './options.ts'
import { ownColumns } from './own-columns.ts'
import type { EventReader } from './reader.ts'
import type { Hears, Latency, PolicySource, RunOptions, Variant, VariantRun } from './types.ts'

/** What of the options crosses to a worker. */
export type PassOptions = Pick<RunOptions, 'mode' | 'challenges' | 'consequences' | 'goodAfterDays'>
export type PassVariant = Variant & { readonly folder: string }

/** How a pass tells how far it is, and is told to stop. */
export type PassControl = {
  /** Events more that were folded, of all variants together. */
  readonly advance: (events: number) => void
  readonly isStopped: () => boolean
  /** Called now and then between events, where others may have their turn. */
  readonly pause?: (() => Promise<void>) | undefined
}

export const policyOf = ({ text, models = {} }: PolicySource): Policy =>
  loadPolicy(text, ({ model = '' }) => (Object.hasOwn(models, model) ? models[model] : undefined))

export type Folding = {
  readonly policy: Policy
  readonly fold: Fold
  readonly reader: EventReader
  /** Another one, for attempts that are no rows of the stream. */
  readonly attemptReader: EventReader
}

/** What facts follow from, beside the AReq. */
const settingKey = ({ issuer, lists, countsChains = false }: Policy): string =>
  JSON.stringify([issuer, lists.forwarding, lists.ipCountries, countsChains])

/**
 * Folds with their readers: one reader for all policies of one issuer, so that a text is worked out once. `names`: features that
 * somebody reads besides the policies.
 */
export function foldsOf(
  variants: readonly { readonly policy: Policy; readonly hears: Hears }[],
  { seed, events }: Pick<StreamMeta, 'seed'> & Partial<Pick<StreamMeta, 'events'>>,
  { mode = 'replay', challenges, goodAfterDays }: Partial<Pick<PassOptions, 'mode' | 'challenges' | 'goodAfterDays'>>,
  names: readonly string[] = [],
): readonly Folding[] {
  const tables = shippedTables()
  const slots = new Slots()
  const read = variants.map(({ policy }) => maskOf([...featuresRead(policy), ...names]))
  const readers = new Map<string, EventReader>()
  const readerOf = (policy: Policy, use: string): EventReader => {
    const setting = settingKey(policy)
    const key = `${use} ${setting}`
    const known = readers.get(key)
    if (known !== undefined) return known
    const masks = read.filter((_, i) => settingKey((variants[i] as { readonly policy: Policy }).policy) === setting)
    const made = new ColumnReader(policy, tables, (kind, hash) => slots.slotOf(kind, hash), wantedBy(masks))
    readers.set(key, made)
    return made
  }
  return variants.map(({ policy, hears }, i) => {
    const memory = new LiveProfiles({ slots, mask: read[i], events })
    const isClosed = mode === 'closedLoop'
    const fold = new Fold({ policy, hears, memory, seed, challenges, goodAfterDays, wanted: read[i], isClosed })
    return { policy, fold, reader: readerOf(policy, 'rows'), attemptReader: readerOf(policy, 'attempts') }
  })
}

/** So many events between two looks at whether to stop. */
const stretch = 512
/** Of so many events the time of one is taken. */
const latencyEvery = 256
const latencyMost = 100_000

/** Microseconds of single events. */
class Stopwatch {
  readonly #times: number[] = []
  add(ms: number): void {
    if (this.#times.length < latencyMost) this.#times.push(ms * 1000)
  }
  get latency(): Latency {
    const sorted = Float64Array.from(this.#times).sort()
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    return { n: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: sorted.at(-1) ?? 0 }
  }
}

class Running {
  events = 0
  readonly #watch = new Stopwatch()
  readonly #fold: Fold
  readonly #reader: EventReader
  readonly #writer: DecisionWriter
  readonly #policy: Policy
  readonly #variant: PassVariant
  /** Undefined: replay. */
  readonly #loop: ClosedLoop | undefined
  constructor(
    variant: PassVariant,
    { policy, fold, reader, attemptReader }: Folding,
    seed: string,
    options: PassOptions,
  ) {
    this.#variant = variant
    this.#policy = policy
    this.#fold = fold
    this.#reader = reader
    this.#writer = new DecisionWriter(variant.folder)
    const rules = { ...usualConsequences, ...options.consequences }
    if (options.mode === 'closedLoop')
      this.#loop = new ClosedLoop(fold, reader, attemptReader, rules, seed, this.#writer)
  }

  bind(part: Part): void {
    if (this.#loop !== undefined) this.#loop.bind(part)
    else {
      this.#fold.bind(part)
      this.#reader.bind(part)
    }
  }

  #one(part: Part, row: number, ts: number): void {
    if (this.#loop !== undefined) this.#loop.take(row, part.first + row, ts)
    else this.#fold.take(this.#reader, row, part.first + row, 0, ts, this.#writer)
  }

  /** Rows from `from`, at most a stretch of them. */
  take(part: Part, ts: Float64Array, from: number): number {
    const until = Math.min(part.n, from + stretch)
    const sample = from + ((this.events * 7) % latencyEvery)
    for (let row = from; row < until; row++) {
      if ((row - sample) % latencyEvery !== 0) {
        this.#one(part, row, ts[row] as number)
        continue
      }
      const start = performance.now()
      this.#one(part, row, ts[row] as number)
      this.#watch.add(performance.now() - start)
    }
    this.events += until - from
    return until
  }

  end(stream: EventStream, mode: PassOptions['mode']): VariantRun {
    const { id, folder } = this.#variant
    const { name, hash } = this.#policy
    const { events } = this
    const isComplete = events === stream.meta.events
    if (isComplete) this.#loop?.until(stream.meta.to)
    const { rows } = this.#writer.end({
      variant: id,
      policy: { name, hash },
      mode,
      stream: { hash: stream.meta.hash, events: stream.meta.events },
      events,
      isComplete,
      reasons: this.#fold.reasons,
    })
    return { id, policyName: name, policyHash: hash, folder, events, rows, isComplete, latency: this.#watch.latency }
  }
}

export async function pass(
  stream: EventStream,
  variants: readonly PassVariant[],
  options: PassOptions,
  { advance, isStopped, pause }: PassControl,
): Promise<readonly VariantRun[]> {
  const read = variants.map(({ policy, hears }) => ({ policy: policyOf(policy), hears }))
  const running = foldsOf(read, stream.meta, options).map(
    (folding, i) => new Running(variants[i] as PassVariant, folding, stream.meta.seed, options),
  )
  for await (const whole of stream.parts()) {
    if (isStopped()) break
    const part = ownColumns(whole)
    const ts = timesOf(part)
    for (const one of running) {
      one.bind(part)
      for (let row = 0; row < part.n && !isStopped(); ) {
        const next = one.take(part, ts, row)
        advance(next - row)
        row = next
        if (pause !== undefined) await pause()
      }
    }
  }
  return running.map((one) => one.end(stream, options.mode))
}

export function timesOf(part: Part): Float64Array {
  const column = part.columns.get('ts')
  if (column?.kind !== 'number') throw new TypeError('a part without ts')
  return column.values
}
