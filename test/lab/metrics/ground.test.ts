import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Ground, readGround, wouldPassBit } from '../../../src/lab/metrics/ground.ts'
import { type Row, streamOf } from './support.ts'

const rows: readonly Row[] = Array.from({ length: 40 }, (_, at) => ({
  ts: at * 60,
  card: `K${(at * 7) % 11}`,
  y: at % 10 === 0 ? 1 : 0,
  merchant: `M${at % 3}`,
  ...(at % 10 === 0 && { kind: 'theft' }),
  pass: 0.5,
  u: (at % 4) / 4,
  slices: { age: at % 2 === 0 ? 'old' : '', shop: `S${at}` },
}))

const told = async (ground: Ground): Promise<unknown> => {
  const parts = []
  for await (const part of ground.parts()) parts.push({ ...part, slices: [...part.slices] })
  return parts
}

test('what does not fit into memory lies in a scratch file, which is gone afterwards', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'ground-'))
  try {
    const stream = streamOf(rows, { perPart: 7, slices: ['age', 'shop'] })
    const plain = await readGround(stream)
    const stored = await readGround(stream, { scratch, inMemory: 10 })
    expect(await readdir(scratch)).toEqual(['ground.bin'])
    expect(await told(stored)).toEqual(await told(plain))
    expect(await told(stored)).toEqual(await told(plain))
    await stored.close()
    expect(await readdir(scratch)).toEqual([])
  } finally {
    await rm(scratch, { recursive: true })
  }
})

test('cards count in the order of measured events; those with fraud before stand behind them', async () => {
  const before: Row[] = [
    { ts: -10, card: 'Z', y: 1, kind: 'theft' },
    { ts: -9, card: 'Y', y: 0 },
  ]
  const ground = await readGround(streamOf([...before, ...rows], { measuredFrom: 0, perPart: 9 }))
  expect(ground).toMatchObject({ firstEvent: 2, events: 40, cards: 11, allCards: 12, hasTruth: true })
  expect([...ground.suspects.card]).toEqual([11, 0, 10, 9, 8])
  // By text: K0 K1 K10 K2 … Z.
  expect(ground.cardRank[11]).toBe(11)
  expect(ground.kinds).toEqual(['', 'theft'])
  expect(ground.merchants.slice(0, 2)).toEqual(['M', 'M0'])
})

test('whether a challenge would be passed is the event’s own luck against its own chance', async () => {
  const ground = await readGround(streamOf(rows))
  for await (const part of ground.parts())
    part.truth.forEach((truth, at) => {
      expect((truth & wouldPassBit) !== 0).toBe((at % 4) / 4 < 0.5)
    })
})

test('a slice with hundreds of values keeps two hundred by name', async () => {
  const many: Row[] = Array.from({ length: 300 }, (_, at) => ({ ts: at, card: 'K', y: 0, slices: { shop: `S${at}` } }))
  const ground = await readGround(streamOf(many, { slices: ['shop'] }))
  const [slice] = ground.slices
  expect(slice?.values).toHaveLength(201)
  expect(slice?.values.at(-1)).toBe('(other)')
  for await (const part of ground.parts()) expect(part.slices.filter((value) => value === 200)).toHaveLength(101)
})
