import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStream, type StreamPlan, writeStream } from '../../../src/lab/stream/store.ts'
import { type Column, Dictionary, numberIn, type Part, textIn } from '../../../src/lab/stream/table.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-stream-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const plan: StreamPlan = { name: 'small', seed: '1', measuredFrom: 0, slices: [], made: { by: 'test' } }
type Row = Readonly<Record<string, string | number | undefined>>
const partOf = (first: number, rows: readonly Row[], kinds: Readonly<Record<string, Column['kind']>>): Part => {
  const columns = new Map<string, Column>()
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind === 'number') {
      const values = Float64Array.from(rows, (row) => Number(row[name] ?? Number.NaN))
      columns.set(name, { kind, values })
      continue
    }
    const dictionary = new Dictionary()
    const ids = Uint32Array.from(rows, (row) => (row[name] === undefined ? 0 : dictionary.idOf(String(row[name]))))
    columns.set(name, { kind, dictionary, ids })
  }
  return { n: rows.length, first, columns }
}
const kinds = { ts: 'number', card: 'text', purchaseAmount: 'number', email: 'text' } as const
const rows: readonly Row[] = [
  { ts: 10, card: 'a', purchaseAmount: 1.5, email: '山田@example.jp' },
  { ts: 10, card: 'b', purchaseAmount: undefined, email: undefined },
  { ts: 12, card: 'a', purchaseAmount: -0, email: '' },
]

test('what was written is read, with not sent and empty kept apart', async () => {
  const writer = await writeStream(folder, plan)
  await writer.put(partOf(0, rows.slice(0, 2), kinds))
  await writer.put(partOf(2, rows.slice(2), kinds))
  const meta = await writer.end({ measuredFrom: 11 })
  expect(meta).toMatchObject({ events: 3, from: 10, to: 12, measuredFrom: 11, name: 'small' })
  const stream = await openStream(folder)
  expect(stream.meta).toEqual(meta)
  const read: Row[] = []
  for await (const part of stream.parts())
    for (let row = 0; row < part.n; row++) {
      const amount = numberIn(part.columns.get('purchaseAmount'), row)
      read.push({
        ts: numberIn(part.columns.get('ts'), row),
        card: textIn(part.columns.get('card'), row),
        purchaseAmount: Number.isNaN(amount) ? undefined : amount,
        email: textIn(part.columns.get('email'), row),
      })
    }
  expect(read).toEqual([rows[0], rows[1], { ...rows[2], purchaseAmount: 0 }])
})
