import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDecisions } from '../../../src/lab/run/decision-files.ts'
import { runVariants } from '../../../src/lab/run/run.ts'
import type { Progress, Variant } from '../../../src/lab/run/types.ts'
import { writeStream } from '../../../src/lab/stream/store.ts'
import { policyText } from '../../risk/support.ts'
import { rowsOf, streamOf } from './made-up.ts'

const variants: readonly Variant[] = [
  { id: 'rules-jp', policy: { text: policyText('rules-jp') }, hears: 'all' },
  { id: 'rules-jp/without', policy: { text: policyText('rules-jp') }, hears: 'none' },
  { id: 'amount-only', policy: { text: policyText('amount-only') }, hears: 'none' },
]

let folder: string
let stored: string
const stream = streamOf(rowsOf(3, 2_000))
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-run-'))
  stored = join(folder, 'stream')
  const writer = await writeStream(stored, stream.meta)
  for await (const part of stream.parts()) await writer.put(part)
  await writer.end()
})
afterAll(() => rm(folder, { recursive: true }))

const bytesOf = async (out: string, run: string): Promise<readonly [Buffer, Buffer]> => [
  await readFile(join(out, run, 'decisions.bin')),
  await readFile(join(out, run, 'decisions.json')),
]

describe('a run', () => {
  test('writes the same bytes in this thread, on one worker and on two, and tells how far it is', async () => {
    const bytes: unknown[] = []
    for (const workers of [0, 1, 2]) {
      const out = join(folder, `on-${workers}`)
      const told: Progress[] = []
      const runs = await runVariants(stored, variants, {
        mode: 'replay',
        workers,
        out,
        onProgress: (p) => told.push(p),
      })
      expect(runs.map(({ id, events, isComplete }) => [id, events, isComplete])).toEqual(
        variants.map(({ id }) => [id, 2_000, true]),
      )
      expect(told.at(-1)).toEqual({ done: 6_000, total: 6_000 })
      bytes.push(await Promise.all(['rules-jp', 'rules-jp~without', 'amount-only'].map((run) => bytesOf(out, run))))
    }
    expect(bytes[1]).toEqual(bytes[0])
    expect(bytes[2]).toEqual(bytes[0])
  })

  test('says of each event what was decided, and of each reason its name', async () => {
    const { meta, parts } = await openDecisions(join(folder, 'on-0', 'rules-jp'))
    let rows = 0
    const seen = new Set<string>()
    for await (const part of parts()) {
      for (let i = 0; i < part.n; i++) {
        expect(part.event[i]).toBe(rows + i)
        seen.add(String.fromCharCode(part.status[i] ?? 0))
        expect(part.reason[i]).toBeLessThan(meta.reasons.length)
      }
      rows += part.n
    }
    expect(rows).toBe(2_000)
    expect([...seen].sort()).toEqual(expect.arrayContaining(['C', 'R', 'U', 'Y']))
    expect(meta.reasons.length).toBeGreaterThan(20)
    expect(meta.reasons[0]).toBe('')
    expect(meta.reasons.slice(1).every((reason) => /^[\w-]+\.[\w-]+$/.test(reason))).toBe(true)
  })
})
