/**
 * A stream as a folder: `stream.json` says what it is, `events.bin` holds its events and their truth, part by part.
 * `stream.json` is written last: a folder without it is a stream that was never finished.
 * Parquet, CSV and JSON lines are made from it and read into it (docs/lab-import.md, docs/decisions/0025).
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StreamHash } from './hash.ts'
import type { EventStream, Part, StreamMeta } from './table.ts'
import { LabStreamError, readTable, writeTable } from './table-file.ts'

export { LabStreamError } from './table-file.ts'

export const metaFile = 'stream.json'
const eventsFile = 'events.bin'
/** What a stream is made of; the last one shows that it is complete. */
export const streamFiles = [eventsFile, metaFile] as const
const formatVersion = 1

/** What is known of a stream before its events are. */
export type StreamPlan = Omit<StreamMeta, 'hash' | 'events' | 'from' | 'to'>

export type StreamWriter = {
  /**
   * The part is encoded before this returns, so its arrays may be filled anew at once; wait for the promise before the next put.
   * @throws LabStreamError where it does not follow the part before it
   */
  put(part: Part): Promise<void>
  /** What is only known at the end goes over what was planned. */
  end(known?: Partial<StreamPlan>): Promise<StreamMeta>
  /** Gives up: what was written of the events is removed. */
  drop(): Promise<void>
}

/** Makes the folder. A stream that is there is replaced. */
export async function writeStream(folder: string, plan: StreamPlan): Promise<StreamWriter> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, eventsFile)
  await rm(join(folder, metaFile), { force: true })
  const table = await writeTable(path)
  const hash = new StreamHash()
  let events = 0
  let from = Number.NaN
  let to = Number.NEGATIVE_INFINITY
  /** Times of a part must go on from those before it. */
  const follow = ({ first, n, columns }: Part): void => {
    const ts = columns.get('ts')
    if (ts?.kind !== 'number') throw new LabStreamError(path, 'a part without ts')
    if (first !== events) throw new LabStreamError(path, `event ${first} after ${events} events`)
    let before = to
    for (let row = 0; row < n; row++) {
      const now = ts.values[row] as number
      if (!(now >= before)) throw new LabStreamError(path, `event ${first + row} is before the one before it`)
      before = now
    }
    if (events === 0) from = ts.values[0] as number
    to = before
  }
  return {
    async put(part) {
      if (part.n === 0) return
      follow(part)
      hash.add(part)
      events += part.n
      await table.put(part)
    },
    async end(known = {}) {
      await table.end()
      if (events === 0) from = to = known.measuredFrom ?? plan.measuredFrom
      const meta: StreamMeta = { ...plan, ...known, events, from, to, hash: hash.digest() }
      const temporary = join(folder, `${metaFile}.new`)
      await writeFile(temporary, `${JSON.stringify({ formatVersion, ...meta }, null, 2)}\n`)
      await rename(temporary, join(folder, metaFile))
      return meta
    },
    drop: () => table.drop(),
  }
}

const metaSchema = z.object({
  formatVersion: z.literal(formatVersion),
  name: z.string(),
  seed: z.string(),
  events: z.number(),
  from: z.number(),
  to: z.number(),
  measuredFrom: z.number(),
  slices: z.array(z.string()),
  hash: z.string(),
  made: z.record(z.string(), z.unknown()),
})

/** @throws LabStreamError: there is none, it was not finished, or it is of another version */
export async function metaOf(folder: string): Promise<StreamMeta> {
  const path = join(folder, metaFile)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const problem = `no stream here, or one that was not finished (there is no ${metaFile})`
    throw new LabStreamError(folder, problem, { cause: error })
  }
  try {
    const { formatVersion: _, ...meta } = metaSchema.parse(JSON.parse(text))
    return meta
  } catch (error) {
    throw new LabStreamError(path, 'not a stream that this version can read', { cause: error })
  }
}

/**
 * Reads it anew each time `parts` is called. With `columns` only those are decoded, which is faster.
 * What is broken shows while its part is read, as a LabStreamError.
 */
export async function openStream(folder: string, columns?: Iterable<string>): Promise<EventStream> {
  const meta = await metaOf(folder)
  const wanted = columns === undefined ? undefined : new Set(columns)
  const path = join(folder, eventsFile)
  return { meta, parts: (from) => readTable(path, { rows: meta.events, columns: wanted, from }) }
}
