// Parquet whose bytes are wrong: reading ends, with an answer or with words, and takes nothing with it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportStream } from '../../../src/lab/files/export.ts'
import { importStream } from '../../../src/lab/files/import.ts'
import { openParquet } from '../../../src/lab/files/parquet.ts'
import { LabFileError } from '../../../src/lab/files/rows.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { desk } from './support.ts'

const { folder, put, clear } = desk()
afterAll(clear)

const duckdb = await import('@duckdb/node-api').catch(() => undefined)

/** The same numbers on every machine. */
function drawn(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function readAll(path: string): Promise<number> {
  const { rows } = await openParquet(path, { wanted: () => true, workFolder: folder })
  let n = 0
  for await (const batch of rows) n += batch.length
  return n
}

const files: Record<string, string> = {}
const rows = 300
beforeAll(async () => {
  const lines = Array.from(
    { length: rows },
    (_, i) => `e${i},${1_700_000_000 + i * 60},c${i % 7},shop,${i * 100},${i % 3 === 0 ? '' : '5411'}`,
  )
  const csv = put('events.csv', `id,ts,card,merchant,purchaseAmount,mcc\n${lines.join('\n')}\n`)
  const out = join(folder, 'out')
  await importStream({ events: [csv], out })
  files.own = join(folder, 'own.parquet')
  await exportStream(await openStream(out), { format: 'parquet', out: files.own })
  const instance = await duckdb?.DuckDBInstance.create(':memory:')
  const connection = await instance?.connect()
  for (const [name, options] of [
    ['snappy', 'COMPRESSION snappy'],
    ['zstd', 'COMPRESSION zstd'],
    ['gzip', 'COMPRESSION gzip'],
    ['lz4', 'COMPRESSION lz4_raw'],
    ['brotli', 'COMPRESSION brotli'],
    ['v2', 'COMPRESSION uncompressed, PARQUET_VERSION v2'],
  ] as const) {
    const path = join(folder, `${name}.parquet`)
    await connection?.run(
      `COPY (SELECT i AS id, 'card ' || (i % 7) AS card, CASE WHEN i % 2 = 0 THEN NULL ELSE i / 10.0 END AS share, i % 50 = 0 AS flag,
        {'a': i, 'b': [i, NULL, 3]} AS signals FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet, ${options})`,
    )
    if (connection !== undefined) files[name] = path
  }
  connection?.closeSync()
  instance?.closeSync()
}, 60_000)

test('lists and records are read as they are', async () => {
  if (files.v2 === undefined) return
  for (const name of ['snappy', 'gzip', 'v2']) {
    const { names, rows: batches } = await openParquet(files[name] as string, {
      wanted: () => true,
      workFolder: folder,
    })
    for await (const [first, second] of batches) {
      const at = names.indexOf('signals')
      const cells = [first, second].map((row) => (row !== undefined && 'cells' in row ? row.cells[at] : undefined))
      expect(cells).toEqual([
        { a: 0n, b: [0n, null, 3n] },
        { a: 1n, b: [1n, null, 3n] },
      ])
      break
    }
  }
})

describe.each(['own', 'snappy', 'zstd', 'gzip', 'lz4', 'brotli', 'v2'])('a file with wrong bytes, %s', (name) => {
  test('is read, or refused in words', async () => {
    const path = files[name]
    if (path === undefined) return
    const whole = readFileSync(path)
    expect(await readAll(path)).toBe(rows)
    const draw = drawn(name.length * 97 + name.charCodeAt(0))
    let refused = 0
    for (let round = 0; round < 32; round++) {
      const bytes = Buffer.from(whole)
      const at = Math.floor(draw() * bytes.length)
      if (round % 4 === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(draw() * 8))
      else if (round % 4 === 1) bytes[at] = Math.floor(draw() * 256)
      else if (round % 4 === 2) bytes.fill(255, at, Math.min(at + 4, bytes.length))
      else bytes.fill(0, at, Math.min(at + 8, bytes.length))
      const wrong = put('wrong.parquet', bytes)
      try {
        await readAll(wrong)
      } catch (error) {
        refused++
        expect(error).toBeInstanceOf(LabFileError)
        expect(String(error)).toContain('wrong.parquet')
      }
    }
    expect(refused).toBeGreaterThan(3)
  }, 60_000)
})

test('counts that cannot be are told before anything is decoded', async () => {
  const { own } = files
  if (own === undefined) throw new Error('no file')
  const { parquetMetadata } = await import('hyparquet')
  const bytes = readFileSync(own)
  const [group] = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)).row_groups
  const column = group?.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === 'mcc')?.meta_data
  const from = Number(column?.dictionary_page_offset || column?.data_page_offset)
  // Every byte of the column, one after the other: its headers, its levels, its values.
  const told = new Set<string>()
  for (let at = from; at < from + Math.min(70, Number(column?.total_compressed_size)); at++)
    for (const value of [0x00, 0x7f, 0xff]) {
      const wrong = Buffer.from(bytes)
      wrong[at] = value
      const path = put('wrong.parquet', wrong)
      await readAll(path).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LabFileError)
        told.add(String(error).replace(/^.*wrong.parquet: |\d+/g, ''))
      })
    }
  expect([...told].some((words) => words.startsWith('is broken: '))).toBe(true)
})

test('a schema with fewer children than none is refused', async () => {
  // Behind the root the footer names the columns; 0x01 in the place of a count is -1.
  const bytes = readFileSync(files.v2 ?? files.own ?? '')
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  for (let at = footer; at < footer + 110; at++) {
    const wrong = Buffer.from(bytes)
    wrong[at] = 0x01
    await readAll(put('wrong.parquet', wrong)).catch((error: unknown) => expect(error).toBeInstanceOf(LabFileError))
  }
})
