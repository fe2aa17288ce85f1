/**
 * A stream as a folder: `stream.json` says what it is, `events.bin` holds its events and their truth, part by part.
 * `stream.json` is written last: a folder without it is a stream that was never finished.
 * Parquet, CSV and JSON lines are made from it and read into it (docs/lab-import.md, docs/decisions/0025).
 */
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { FrameReader, FrameWriter } from './frame.ts'
import { StreamHash } from './hash.ts'
import type { EventStream, Part, StreamMeta } from './table.ts'

const metaFile = 'stream.json'
const eventsFile = 'events.bin'
const formatVersion = 1
/** Of a part: mark, bytes of the head, bytes of the body, CRC-32 of both. */
const prefixSize = 16
const mark = 0x31_50_4b_53 // SKP1

/** A stream that cannot be written or read, told in a sentence. */
export class StreamError extends Error {
  readonly path: string
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options)
    this.name = 'StreamError'
    this.path = path
  }
}

/** What is known of a stream before its events are. */
export type StreamPlan = Omit<StreamMeta, 'hash' | 'events' | 'from' | 'to'>

export type StreamWriter = {
  /**
   * The part is encoded before this returns, so its arrays may be filled anew at once; wait for the promise before the next put.
   * @throws StreamError where it does not follow the part before it
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
  const file = await open(path, 'w')
  const frames = new FrameWriter()
  const hash = new StreamHash()
  let events = 0
  let from = Number.NaN
  let to = Number.NaN
  /** Times of a part, which must go on from those before it. */
  const follow = (part: Part): void => {
    const ts = part.columns.get('ts')
    if (ts?.kind !== 'number') throw new StreamError(path, 'a part without ts')
    if (part.first !== events) throw new StreamError(path, `event ${part.first} after ${events} events`)
    let before = events === 0 ? Number.NEGATIVE_INFINITY : to
    for (let row = 0; row < part.n; row++) {
      const now = ts.values[row] as number
      if (!(now >= before)) throw new StreamError(path, `event ${part.first + row} is before the one before it`)
      before = now
    }
    if (events === 0) from = ts.values[0] ?? Number.NaN
    to = before
  }
  const close = async (): Promise<void> => {
    await file.close()
  }
  return {
    async put(part) {
      if (part.n === 0) return
      follow(part)
      hash.add(part)
      events += part.n
      const { head, body } = frames.encode(part)
      // The body begins on a multiple of eight, so that columns can be read where they lie.
      const paddedHead = Buffer.alloc((head.length + 7) & ~7, 0x20)
      head.copy(paddedHead)
      const prefix = Buffer.alloc(prefixSize)
      prefix.writeUInt32LE(mark, 0)
      prefix.writeUInt32LE(paddedHead.length, 4)
      prefix.writeUInt32LE(body.length, 8)
      prefix.writeUInt32LE(crc32(body, crc32(paddedHead)), 12)
      await writeAll(file, [prefix, paddedHead, body])
    },
    async end(known = {}) {
      await close()
      if (events === 0) from = to = known.measuredFrom ?? plan.measuredFrom
      const meta: StreamMeta = { ...plan, ...known, events, from, to, hash: hash.digest() }
      const temporary = join(folder, `${metaFile}.new`)
      await writeFile(temporary, `${JSON.stringify({ formatVersion, ...meta }, null, 2)}\n`)
      await rename(temporary, join(folder, metaFile))
      return meta
    },
    async drop() {
      await close()
      await rm(path, { force: true })
    },
  }
}

async function writeAll(file: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  const { bytesWritten } = await file.writev(buffers)
  let rest = bytesWritten
  // A disk may take less than it was given.
  for (const buffer of buffers) {
    if (rest < buffer.length) await file.writeFile(rest > 0 ? buffer.subarray(rest) : buffer)
    rest = Math.max(0, rest - buffer.length)
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

/** @throws StreamError: there is none, it was not finished, or it is of another version */
export async function metaOf(folder: string): Promise<StreamMeta> {
  const path = join(folder, metaFile)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new StreamError(folder, `no stream here, or one that was not finished (there is no ${metaFile})`, {
      cause: error,
    })
  }
  let meta: z.infer<typeof metaSchema>
  try {
    meta = metaSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new StreamError(path, 'not a stream that this version can read', { cause: error })
  }
  const { formatVersion: _, ...rest } = meta
  return rest
}

/**
 * Reads it anew each time `parts` is called, one part ahead of who reads. With `columns` only those are decoded, which is faster.
 * What is broken shows while its part is read, as a StreamError.
 */
export async function openStream(folder: string, columns?: Iterable<string>): Promise<EventStream> {
  const meta = await metaOf(folder)
  const wanted = columns === undefined ? undefined : new Set(columns)
  return { meta, parts: (from = 0) => partsOf(join(folder, eventsFile), meta.events, wanted, from) }
}

type Frame = { readonly head: Buffer; readonly body: Uint8Array }

async function* partsOf(
  path: string,
  events: number,
  wanted: ReadonlySet<string> | undefined,
  from: number,
): AsyncGenerator<Part> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw new StreamError(path, 'cannot be opened', { cause: error })
  }
  try {
    const frames = new FrameReader(wanted)
    const reader = frameReader(file, path)
    let read = 0
    let next = reader()
    while (read < events) {
      const frame = await next
      if (frame === undefined) throw new StreamError(path, `ends after ${read} of ${events} events`)
      next = reader()
      // An error of what is read ahead is thrown when it is waited for, and not at all when nobody does.
      next.catch(() => undefined)
      const part = decoded(frames, frame, path, read, from)
      read += part.n
      if (read > from) yield part
    }
    await next
  } finally {
    await file.close()
  }
}

function decoded(frames: FrameReader, { head, body }: Frame, path: string, read: number, from: number): Part {
  const part = frames.decode(head, body, (n) => read + n > from)
  if (part.first !== read) throw new StreamError(path, `event ${part.first} stands where ${read} should`)
  return part
}

/** The frames of a file one by one; undefined: no more. */
function frameReader(file: FileHandle, path: string): () => Promise<Frame | undefined> {
  let at = 0
  return async () => {
    const prefix = Buffer.alloc(prefixSize)
    const { bytesRead } = await file.read(prefix, 0, prefixSize, at)
    if (bytesRead === 0) return undefined
    const headSize = prefix.readUInt32LE(4)
    const size = headSize + prefix.readUInt32LE(8)
    if (bytesRead < prefixSize || prefix.readUInt32LE(0) !== mark)
      throw new StreamError(path, `is broken at byte ${at}`)
    const whole = Buffer.allocUnsafeSlow(size)
    const got = await file.read(whole, 0, size, at + prefixSize)
    if (got.bytesRead < size || crc32(whole) !== prefix.readUInt32LE(12))
      throw new StreamError(path, `is broken at byte ${at}`)
    at += prefixSize + size
    return { head: whole.subarray(0, headSize), body: whole.subarray(headSize) }
  }
}
