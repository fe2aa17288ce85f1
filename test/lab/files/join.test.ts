import { afterAll, expect, test } from 'vitest'
import { PartBuilder } from '../../../src/lab/files/builder.ts'
import { dealIds, dealsFor, FoundReader, joined, type Stray, TruthDeals } from '../../../src/lab/files/join.ts'
import { Scratch } from '../../../src/lab/files/scratch.ts'
import { fileColumn, lineColumn } from '../../../src/lab/files/sort.ts'
import { numberIn, type Part, textIn } from '../../../src/lab/stream/table.ts'
import { readTable } from '../../../src/lab/stream/table-file.ts'
import { desk } from './support.ts'

const { folder, clear } = desk()
afterAll(clear)

const events = 5_000
/** Every seventh event has no id, every eleventh that of the event before it. */
const idOf = (event: number): string | undefined =>
  event % 7 === 0 ? undefined : `id ${event % 11 === 0 && (event - 1) % 7 !== 0 ? event - 1 : event}`

function partsOf(count: number, size: number, row: (builder: PartBuilder, at: number) => void): readonly Part[] {
  const builder = new PartBuilder(size)
  const parts: Part[] = []
  for (let at = 0; at < count; at++) {
    row(builder, at)
    builder.next()
    if (builder.isFull) parts.push(builder.take())
  }
  parts.push(builder.take())
  return parts
}

test('as many files are dealt as it takes to hold each in memory', () => {
  expect([0, 1, 1 << 18, (1 << 18) + 1, 20_000_000, 1e12].map(dealsFor)).toEqual([1, 1, 1, 2, 77, 256])
})

test.each([1, 3, 64])('dealt into %i files, each event has its truth, and no other', async (deals) => {
  const scratch = new Scratch(`${folder}/work`)
  await scratch.begin()
  const table = scratch.path('table')
  const writer = await scratch.write('table')
  const parts = partsOf(events, 512, (builder, event) => {
    const id = idOf(event)
    if (id !== undefined) builder.text('id').set(builder.n, id)
    builder.number('event').set(builder.n, event)
  })
  for (const part of parts) await writer.put(part)
  await writer.end()
  const ids = await dealIds(table, scratch, deals)
  const truth = new TruthDeals(scratch, deals)
  await truth.open()
  // Backwards, for every second event and for some that are none.
  const rows = partsOf(events, 300, (builder, at) => {
    builder.text('id').set(builder.n, `id ${(events - at) * 2}`)
    builder.text('kind').set(builder.n, `kind of ${(events - at) * 2}`)
    builder.number(fileColumn).set(builder.n, 3)
    builder.number(lineColumn).set(builder.n, at + 2)
  })
  for (const part of rows) await truth.put(part)
  const strays: Stray[] = []
  const found = await joined(ids, await truth.end(), scratch, (stray) => {
    strays.push(stray)
    return undefined
  })
  const reader = new FoundReader(found, 512)
  let withTruth = 0
  const seen = new Set<string>()
  for await (const part of readTable(table)) {
    const { kept, again, truth: side, withTruth: here } = await reader.of(part)
    withTruth += here
    expect(side.n).toBe(kept.length)
    kept.forEach((row, at) => {
      const id = textIn(part.columns.get('id'), row)
      if (id !== undefined) {
        expect(seen.has(id)).toBe(false)
        seen.add(id)
      }
      const number = Number(id?.slice(3))
      const wanted = id === undefined || number % 2 === 1 || number === 0 ? undefined : `kind of ${number}`
      expect(textIn(side.columns.get('kind'), at), `event ${numberIn(part.columns.get('event'), row)}`).toBe(wanted)
    })
    for (const row of again) expect(seen.has(textIn(part.columns.get('id'), row) ?? '')).toBe(true)
  }
  await reader.close()
  await scratch.clear()
  const twos = [...seen].filter((id) => Number(id.slice(3)) % 2 === 0)
  expect(withTruth).toBe(twos.length)
  expect(strays).toHaveLength(events - twos.length)
  expect(strays.every(({ file, why }) => file === 3 && why === 'no event')).toBe(true)
  expect(
    seen.size + Array.from({ length: events }, (_, event) => idOf(event)).filter((id) => id === undefined).length,
  ).toBeLessThan(events)
})
