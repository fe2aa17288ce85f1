/**
 * What one variant decided, on disk: `decisions.bin` holds one part after the other, `decisions.json` says what they are and is
 * written last, so that a folder without it was never finished. The bytes are the same on every machine and with any number of workers.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { partSize } from '../stream/table.ts'
import type { DecisionPart } from './decisions.ts'
import { LabRunError, runModes } from './types.ts'

const metaFile = 'decisions.json'
const rowsFile = 'decisions.bin'
const formatVersion = 1
/** Before each part: mark, rows. A multiple of eight, so that arrays can be read where they lie. */
const headSize = 8
const mark = 0x31_44_4b_53 // SKD1
/** Bytes of one row: event, ts, amount, score, reason, attempt, status, challenge. */
const rowSize = 8 * 4 + 2 + 3

const bytesOf = (n: number): number => headSize + ((n * rowSize + 7) & ~7)

const metaSchema = z.object({
  formatVersion: z.literal(formatVersion),
  variant: z.string(),
  policy: z.object({ name: z.string(), hash: z.string() }),
  mode: z.enum(runModes),
  /** Of the stream. */
  stream: z.object({ hash: z.string(), events: z.int().min(0) }),
  /** Folded: the first so many. */
  events: z.int().min(0),
  rows: z.int().min(0),
  isComplete: z.boolean(),
  /** `reason` of a row points here; 0 is none. */
  reasons: z.array(z.string()),
})
export type DecisionMeta = Readonly<Omit<z.infer<typeof metaSchema>, 'formatVersion'>>

export type Decisions = {
  readonly meta: DecisionMeta
  /** In the order in which they happened. */
  parts(): AsyncIterable<DecisionPart>
}

type Columns = Omit<DecisionPart, 'n'>

/** Views on the body of a part of n rows. */
function columnsIn(buffer: ArrayBufferLike, offset: number, n: number): Columns {
  let at = offset
  const next = (size: number): number => {
    const from = at
    at += size * n
    return from
  }
  return {
    event: new Float64Array(buffer, next(8), n),
    ts: new Float64Array(buffer, next(8), n),
    amount: new Float64Array(buffer, next(8), n),
    score: new Float64Array(buffer, next(8), n),
    reason: new Uint16Array(buffer, next(2), n),
    attempt: new Uint8Array(buffer, next(1), n),
    status: new Uint8Array(buffer, next(1), n),
    challenge: new Uint8Array(buffer, next(1), n),
  }
}

/** The files are little-endian, as all machines are that this runs on. */
function checkMachine(): void {
  if (endianness() !== 'LE')
    throw new LabRunError('decisions are kept as little-endian numbers, which this machine has not')
}

/** Takes one row at a time; a full part goes to disk at once. */
export class DecisionWriter {
  rows = 0
  readonly #folder: string
  readonly #file: number
  #n = 0
  readonly #columns: Columns
  readonly #buffer = new ArrayBuffer(bytesOf(partSize))
  constructor(folder: string) {
    checkMachine()
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    rmSync(join(folder, metaFile), { force: true })
    this.#file = openSync(join(folder, rowsFile), 'w')
    this.#columns = columnsIn(new ArrayBuffer(bytesOf(partSize)), 0, partSize)
  }
  put(
    event: number,
    attempt: number,
    ts: number,
    amount: number,
    score: number,
    status: number,
    challenge: number,
    reason: number,
  ): void {
    const to = this.#columns
    const n = this.#n
    to.event[n] = event
    to.attempt[n] = attempt
    to.ts[n] = ts
    to.amount[n] = amount
    to.score[n] = score
    to.status[n] = status
    to.challenge[n] = challenge
    to.reason[n] = reason
    this.#n = n + 1
    if (this.#n === partSize) this.#flush()
  }
  #flush(): void {
    const n = this.#n
    if (n === 0) return
    const bytes = new Uint8Array(this.#buffer, 0, bytesOf(n)).fill(0)
    new Uint32Array(this.#buffer, 0, 2).set([mark, n])
    const body = columnsIn(this.#buffer, headSize, n)
    for (const [name, column] of Object.entries(body)) column.set(this.#columns[name as keyof Columns].subarray(0, n))
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#file, bytes, from)
    this.rows += n
    this.#n = 0
  }
  /** Also of what was broken off: valid as far as it goes, and marked so. */
  end(about: Omit<DecisionMeta, 'rows'>): DecisionMeta {
    this.#flush()
    closeSync(this.#file)
    const meta: DecisionMeta = { ...about, rows: this.rows }
    const path = join(this.#folder, metaFile)
    writeFileSync(`${path}.new`, `${JSON.stringify({ formatVersion, ...meta }, null, 2)}\n`)
    renameSync(`${path}.new`, path)
    return meta
  }
}

/** Throws LabRunError where the folder holds no decisions, or broken ones. */
export async function openDecisions(folder: string): Promise<Decisions> {
  checkMachine()
  const path = join(folder, metaFile)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new LabRunError(`${path}: there is no such file, so the folder holds no decisions`)
  })
  const read = metaSchema.safeParse(parsed(text, path))
  if (!read.success) throw new LabRunError(`${path}: not written by this version of the lab`)
  const { formatVersion: _, ...meta } = read.data
  return { meta, parts: () => partsIn(join(folder, rowsFile), meta.rows) }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new LabRunError(`${path}: not JSON`)
  }
}

async function* partsIn(path: string, rows: number): AsyncGenerator<DecisionPart> {
  const file = await open(path, 'r').catch(() => {
    throw new LabRunError(`${path}: there is no such file`)
  })
  const broken = new LabRunError(`${path}: cut off or changed`)
  try {
    let left = rows
    while (left > 0) {
      const head = new Uint32Array(2)
      if ((await file.read(head)).bytesRead !== headSize || head[0] !== mark) throw broken
      const n = head[1] as number
      if (n === 0 || n > partSize || n > left) throw broken
      const body = new Uint8Array(bytesOf(n) - headSize)
      for (let from = 0; from < body.length; ) {
        const { bytesRead } = await file.read(body, from, body.length - from)
        if (bytesRead === 0) throw broken
        from += bytesRead
      }
      left -= n
      yield { n, ...columnsIn(body.buffer, 0, n) }
    }
  } finally {
    await file.close()
  }
}

/** A variant's folder by its id: what a file name cannot hold becomes `~`, and ids that would meet there are told apart by their place. */
export function foldersOf(ids: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return ids.map((id, i) => {
    const plain = id.replaceAll(/[^A-Za-z0-9._-]/g, '~').replace(/^\.+/, '~')
    const name = plain === '' || taken.has(plain.toLowerCase()) ? `${plain}~${i}` : plain
    taken.add(name.toLowerCase())
    return name
  })
}
