/** Parts in a file, one behind the other: what a stored stream is made of, and what is put aside while one is imported. */
import { type FileHandle, open, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { FrameReader, FrameWriter } from './frame.ts'
import type { Part } from './table.ts'

/** Of a part: mark, bytes of the head, bytes of the body, CRC-32 of both. */
const prefixSize = 16
const mark = 0x31_50_4b_53 // SKP1

/** A stored stream that cannot be written or read, told in a sentence. */
export class LabStreamError extends Error {
  readonly path: string
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options)
    this.name = 'LabStreamError'
    this.path = path
  }
}

export type TableWriter = {
  /** The part is encoded before this returns, so its arrays may be filled anew at once; wait for the promise before the next put. */
  put(part: Part): Promise<void>
  end(): Promise<void>
  /** Gives up, and removes the file. */
  drop(): Promise<void>
}

export async function writeTable(path: string): Promise<TableWriter> {
  const file = await open(path, 'w')
  const frames = new FrameWriter()
  return {
    async put(part) {
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
    end: () => file.close(),
    async drop() {
      await file.close()
      await rm(path, { force: true })
    },
  }
}

async function writeAll(file: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  const { bytesWritten } = await file.writev(buffers)
  // A disk may take less than it was given.
  let taken = bytesWritten
  for (const buffer of buffers) {
    if (taken < buffer.length) await file.writeFile(buffer.subarray(taken))
    taken = Math.max(0, taken - buffer.length)
  }
}

export type ReadOptions = {
  /** Rows there must be; undefined: as many as there are. */
  readonly rows?: number | undefined
  /** Only these columns are decoded; undefined: all. */
  readonly columns?: ReadonlySet<string> | undefined
  /** From the part that holds this row. */
  readonly from?: number | undefined
}

/**
 * Part by part, one ahead of who reads.
 * @throws LabStreamError where the file is broken, when its turn comes
 */
export async function* readTable(path: string, { rows, columns, from = 0 }: ReadOptions = {}): AsyncGenerator<Part> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw new LabStreamError(path, 'cannot be opened', { cause: error })
  }
  let next: Promise<Frame | undefined> | undefined
  try {
    const frames = new FrameReader(columns)
    const reader = frameReader(file, path)
    let read = 0
    next = reader()
    while (rows === undefined || read < rows) {
      const frame = await next
      if (frame === undefined) {
        if (rows === undefined) return
        throw new LabStreamError(path, `ends after ${read} of ${rows} events`)
      }
      next = reader()
      // An error of what is read ahead is thrown when it is waited for, and not at all when nobody does.
      next.catch(() => undefined)
      const start = read
      const part = frames.decode(frame.head, frame.body, (n) => start + n > from)
      if (part.first !== read) throw new LabStreamError(path, `event ${part.first} stands where ${read} should`)
      read += part.n
      if (read > from) yield part
    }
  } finally {
    await next?.catch(() => undefined)
    await file.close()
  }
}

type Frame = { readonly head: Buffer; readonly body: Uint8Array }

/** The frames of a file one by one; undefined: no more. */
function frameReader(file: FileHandle, path: string): () => Promise<Frame | undefined> {
  let at = 0
  return async () => {
    const prefix = Buffer.alloc(prefixSize)
    const { bytesRead } = await file.read(prefix, 0, prefixSize, at)
    if (bytesRead === 0) return undefined
    const headSize = prefix.readUInt32LE(4)
    const size = headSize + prefix.readUInt32LE(8)
    if (bytesRead < prefixSize || prefix.readUInt32LE(0) !== mark || at + prefixSize + size > (await file.stat()).size)
      throw new LabStreamError(path, `is broken at byte ${at}`)
    const whole = Buffer.allocUnsafeSlow(size)
    const got = await file.read(whole, 0, size, at + prefixSize)
    if (got.bytesRead < size || crc32(whole) !== prefix.readUInt32LE(12))
      throw new LabStreamError(path, `is broken at byte ${at}`)
    at += prefixSize + size
    return { head: whole.subarray(0, headSize), body: whole.subarray(headSize) }
  }
}
