import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc, test as prop } from '@fast-check/vitest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { metaOf, openStream, type StreamPlan, writeStream } from '../../../src/lab/stream/store.ts'
import {
  type Column,
  Dictionary,
  type EventStream,
  numberIn,
  type Part,
  textIn,
} from '../../../src/lab/stream/table.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-stream-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const plan: StreamPlan = { name: 'small', seed: '1', measuredFrom: 0, slices: [], made: { by: 'test' } }
type Value = string | number | undefined
type Row = Readonly<Record<string, Value>>
type Kinds = Readonly<Record<string, Column['kind']>>

/** `known`: dictionaries that are shared with other parts. */
function partOf(first: number, rows: readonly Row[], kinds: Kinds, known = new Map<string, Dictionary>()): Part {
  const columns = new Map<string, Column>()
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind === 'number') {
      columns.set(name, { kind, values: Float64Array.from(rows, (row) => Number(row[name] ?? Number.NaN)) })
      continue
    }
    const dictionary = known.get(name) ?? new Dictionary()
    known.set(name, dictionary)
    const ids = Uint32Array.from(rows, (row) => (row[name] === undefined ? 0 : dictionary.idOf(String(row[name]))))
    columns.set(name, { kind, dictionary, ids })
  }
  return { n: rows.length, first, columns }
}

async function rowsOf(stream: EventStream, from?: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const part of stream.parts(from))
    for (let row = 0; row < part.n; row++) {
      const cells: Record<string, Value> = {}
      for (const [name, column] of part.columns) {
        const value = column.kind === 'text' ? textIn(column, row) : numberIn(column, row)
        if (value !== undefined && !Number.isNaN(value)) cells[name] = value
      }
      rows.push(cells)
    }
  return rows
}

/** Parts of these sizes, with new dictionaries where `fresh` says so. */
async function write(rows: readonly Row[], kinds: Kinds, sizes: readonly number[], fresh: readonly boolean[] = []) {
  const writer = await writeStream(folder, plan)
  let known = new Map<string, Dictionary>()
  let first = 0
  for (let at = 0; first < rows.length; at++) {
    if (fresh[at % Math.max(1, fresh.length)] === true) known = new Map()
    const size = sizes[at % sizes.length] ?? 1
    await writer.put(partOf(first, rows.slice(first, first + size), kinds, known))
    first += size
  }
  return await writer.end()
}

const kinds = { ts: 'number', card: 'text', purchaseAmount: 'number', email: 'text' } as const
const rows: readonly Row[] = [
  { ts: 10, card: 'a', purchaseAmount: 1.5, email: '山田@example.jp' },
  { ts: 10, card: 'b' },
  { ts: 12, card: 'a', purchaseAmount: 0, email: '' },
]

test('what was written is read, with not sent and empty kept apart', async () => {
  const writer = await writeStream(folder, plan)
  await writer.put(partOf(0, rows.slice(0, 2), kinds))
  await writer.put(partOf(2, rows.slice(2), kinds))
  const meta = await writer.end({ measuredFrom: 11 })
  expect(meta).toMatchObject({ events: 3, from: 10, to: 12, measuredFrom: 11, name: 'small' })
  const stream = await openStream(folder)
  expect(stream.meta).toEqual(meta)
  expect(await rowsOf(stream)).toEqual(rows)
  expect(await rowsOf(stream)).toEqual(rows)
})

const number = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: -5, max: 300 }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(2 ** 32, 2 ** 53, -(2 ** 53), 1e300, Number.POSITIVE_INFINITY, -0),
)
const text = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom('', '02', 'x'.repeat(70_000)),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)
const table = fc.array(fc.record({ gap: fc.nat({ max: 3 }), a: number, b: number, c: text, d: text }), {
  maxLength: 60,
})
const sizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 5 })
const freshness = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 })
const tableKinds = { ts: 'number', a: 'number', b: 'number', c: 'text', d: 'text' } as const
const withTimes = (cells: readonly ({ readonly gap: number } & Row)[]): readonly Row[] => {
  let ts = 1_000
  return cells.map(({ gap, ...row }) => {
    ts += gap
    const sent = Object.entries(row).filter(([, value]) => value !== undefined)
    return { ts, ...Object.fromEntries(sent.map(([name, value]) => [name, Object.is(value, -0) ? 0 : value])) }
  })
}

prop.prop([table, sizes, freshness], { numRuns: 60 })(
  'any table comes back as it was, from any of its events on',
  async (cells, partSizes, fresh) => {
    const wanted = withTimes(cells)
    const meta = await write(wanted, tableKinds, partSizes, fresh)
    const stream = await openStream(folder)
    expect(await rowsOf(stream)).toEqual(wanted)
    expect(meta.events).toBe(wanted.length)
    const from = Math.floor(wanted.length / 2)
    const tail = await rowsOf(stream, from)
    expect(tail.length).toBeGreaterThanOrEqual(wanted.length - from)
    expect(tail).toEqual(wanted.slice(wanted.length - tail.length))
    const some = await rowsOf(await openStream(folder, ['ts', 'd']))
    expect(some).toEqual(wanted.map(({ ts, d }) => (d === undefined ? { ts } : { ts, d })))
  },
)

prop.prop([table, sizes, sizes, freshness], { numRuns: 40 })(
  'the hash depends on neither the size of parts, nor dictionaries, nor the order of columns',
  async (cells, sizesA, sizesB, fresh) => {
    const wanted = withTimes(cells)
    const one = await write(wanted, tableKinds, sizesA, fresh)
    const other = await write(wanted, Object.fromEntries(Object.entries(tableKinds).reverse()), sizesB)
    expect(other.hash).toBe(one.hash)
  },
)

/** The hash as its file says it is, made from rows. */
function plainHash(wanted: readonly Row[], tableKindsOf: Kinds): string {
  const columns: [string, string, string][] = []
  for (const [name, kind] of Object.entries(tableKindsOf)) {
    const hash = createHash('sha256')
    if (!wanted.some((row) => row[name] !== undefined)) continue
    for (let from = 0; from < wanted.length; from += 16_384) {
      const block = wanted.slice(from, from + 16_384).map((row) => row[name])
      if (block.every((value) => value === undefined)) hash.update(Buffer.from([0]))
      else if (kind === 'number') {
        const bytes = Buffer.alloc(1 + block.length * 8, 2)
        block.forEach((value, row) => void bytes.writeDoubleLE(Number(value ?? Number.NaN), 1 + row * 8))
        hash.update(bytes)
      } else {
        const distinct = [...new Set(block.filter((value) => value !== undefined))].map(String)
        const placeOf = new Map(distinct.map((value, at) => [value, at + 1]))
        const head = Buffer.alloc(5 + distinct.length * 4, 1)
        head.writeUInt32LE(distinct.length, 1)
        distinct.forEach((value, at) => void head.writeUInt32LE(value.length, 5 + at * 4))
        const places = Buffer.alloc(block.length * 2)
        block.forEach((value, row) => void places.writeUInt16LE(placeOf.get(String(value)) ?? 0, row * 2))
        hash.update(head).update(distinct.join('')).update(places)
      }
    }
    columns.push([name, kind, hash.digest('hex')])
  }
  columns.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify(['sekisho stream 1', wanted.length, columns]))
    .digest('hex')
}

test('the hash is what its description says, over several blocks', async () => {
  const wanted: readonly Row[] = Array.from({ length: 40_000 }, (_, at) => ({
    ts: at,
    card: `card ${at % 700}`,
    ...(at > 20_000 && { email: `${at}@example.jp` }),
    ...(at % 3 === 0 && { purchaseAmount: at / 7 }),
  }))
  expect((await write(wanted, kinds, [16_384])).hash).toBe(plainHash(wanted, kinds))
  expect((await write(wanted, kinds, [9_999, 1], [true, false])).hash).toBe(plainHash(wanted, kinds))
})

test('the hash of a stream is the same for ever', async () => {
  expect((await write(rows, kinds, [2])).hash).toBe('f764e0be352b208884a631260a2ac0dfdb9a2d78702ce30ff34f9bdbf2595bfc')
  expect(plainHash(rows, kinds)).toBe('f764e0be352b208884a631260a2ac0dfdb9a2d78702ce30ff34f9bdbf2595bfc')
})

test.each([
  ['a value', [{ ...rows[0], purchaseAmount: 2 }, ...rows.slice(1)]],
  ['not sent for empty', [...rows.slice(0, 2), { ts: 12, card: 'a', purchaseAmount: 0 }]],
  ['the order of two at the same time', [rows[1], rows[0], rows[2]]],
])('another hash with %s', async (_, other) => {
  expect((await write(other as readonly Row[], kinds, [2])).hash).not.toBe((await write(rows, kinds, [2])).hash)
})

describe('is refused', () => {
  test('a part that does not follow the one before', async () => {
    const writer = await writeStream(folder, plan)
    await writer.put(partOf(0, rows, kinds))
    await expect(writer.put(partOf(4, rows, kinds))).rejects.toThrow(/event 4 after 3 events/)
    await expect(writer.put(partOf(3, rows, kinds))).rejects.toThrow(/event 3 is before the one before it/)
    await expect(writer.put(partOf(3, [{ card: 'a' }], { card: 'text' }))).rejects.toThrow(/without ts/)
    await writer.drop()
    expect(await readdir(folder)).toEqual([])
  })
  test('a folder without a stream, and one that was not finished', async () => {
    await expect(openStream(join(folder, 'none'))).rejects.toThrow(/no stream here/)
    const writer = await writeStream(folder, plan)
    await writer.put(partOf(0, rows, kinds))
    await expect(openStream(folder)).rejects.toThrow(/not finished/)
    await writer.end()
    expect((await metaOf(folder)).events).toBe(3)
  })
  test('a stream of another version', async () => {
    await write(rows, kinds, [2])
    const path = join(folder, 'stream.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('"formatVersion": 1', '"formatVersion": 2'))
    await expect(openStream(folder)).rejects.toMatchObject({ name: 'LabStreamError', path })
  })
  test('a file that was cut off or changed, wherever', async () => {
    await write(rows, kinds, [2])
    const path = join(folder, 'events.bin')
    const whole = await readFile(path)
    const read = async () => rowsOf(await openStream(folder))
    for (let at = 0; at < whole.length; at += 7) {
      await truncate(path, at)
      await expect(read(), `cut off at ${at}`).rejects.toMatchObject({ name: 'LabStreamError' })
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      await writeFile(path, changed)
      await expect(read(), `changed at ${at}`).rejects.toMatchObject({ name: 'LabStreamError' })
    }
    await writeFile(path, whole)
    expect(await read()).toEqual(rows)
  })
})
