import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { ColumnReader } from '../../../src/lab/run/column-reader.ts'
import { wantedBy } from '../../../src/lab/run/columns/wanted.ts'
import { Fold, type Sink } from '../../../src/lab/run/fold.ts'
import { ownColumns } from '../../../src/lab/run/own-columns.ts'
import { timesOf } from '../../../src/lab/run/pass.ts'
import { PlainReader } from '../../../src/lab/run/reader.ts'
import type { EventStream } from '../../../src/lab/stream/table.ts'
import { featureNames } from '../../../src/risk/features.ts'
import { LiveProfiles } from '../../../src/risk/live/live.ts'
import { maskOf } from '../../../src/risk/live/mask.ts'
import { ObjectProfiles } from '../../../src/risk/live/objects.ts'
import { featuresRead } from '../../../src/risk/live/reads.ts'
import { Slots } from '../../../src/risk/live/slots.ts'
import { loadPolicy, type Policy, type ShippedPolicy } from '../../../src/risk/policy.ts'
import { shippedTables } from '../../../src/start/tables.ts'
import { policyText } from '../../risk/support.ts'
import { rowsOf, streamOf } from './made-up.ts'

const tables = shippedTables()
const loaded = new Map<ShippedPolicy, Policy>()
const policyOf = (name: ShippedPolicy): Policy => {
  const policy = loaded.get(name) ?? loadPolicy(policyText(name))
  loaded.set(name, policy)
  return policy
}

/** The freeman scorer counts for itself. */
const plainFeatures = featureNames.filter((name) => !name.startsWith('freeman'))

type Told = readonly (readonly number[])[]

class Rows implements Sink {
  readonly rows: number[][] = []
  put(...row: Parameters<Sink['put']>): void {
    this.rows.push(row)
  }
}

async function folded(stream: EventStream, fold: Fold, reader: PlainReader | ColumnReader): Promise<Told> {
  const sink = new Rows()
  for await (const whole of stream.parts()) {
    const part = ownColumns(whole)
    const ts = timesOf(part)
    fold.bind(part)
    reader.bind(part)
    for (let row = 0; row < part.n; row++) fold.take(reader, row, part.first + row, 0, ts[row] as number, sink)
  }
  return sink.rows
}

/** By the server's own functions over objects, and as the lab does it. */
async function both(stream: EventStream, policy: Policy, hears: 'all' | 'none'): Promise<readonly [Told, Told]> {
  const about = { policy, hears, seed: stream.meta.seed, goodAfterDays: 3 }
  const objects = new ObjectProfiles()
  const plain = new PlainReader(policy, tables, (kind, hash) => objects.slotOf(kind, hash))
  const slots = new Slots()
  const mask = maskOf(featuresRead(policy))
  const reader = new ColumnReader(policy, tables, (kind, hash) => slots.slotOf(kind, hash), wantedBy([mask]))
  return [
    await folded(stream, new Fold({ ...about, memory: objects }), plain),
    await folded(stream, new Fold({ ...about, memory: new LiveProfiles({ slots, mask }), wanted: mask }), reader),
  ]
}

describe('a fold over columns and typed arrays', () => {
  test.each([
    'rules-jp',
    'rules-eu',
    'features-30',
    'freeman',
    'amount-only',
    'probe-2018',
    'always-challenge',
  ] as const)('decides as score, decide and learn do over objects: %s', async (name) => {
    const [expected, got] = await both(streamOf(rowsOf(21, 2_500, { cards: 40 }), { size: 700 }), policyOf(name), 'all')
    expect(got).toEqual(expected)
    expect(expected).toHaveLength(2_500)
  })
  property.prop(
    [
      fc.integer(),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('all', 'none'),
      fc.integer({ min: 1, max: 20_000 }),
    ],
    {
      numRuns: 8,
    },
  )('whoever comes, how often, and whatever the shops say', async (seed, cards, hears, step) => {
    const [expected, got] = await both(streamOf(rowsOf(seed, 400, { cards, step })), policyOf('rules-jp'), hears)
    expect(got).toEqual(expected)
  })
  test('whichever feature alone a policy reads, so that little else is remembered', async () => {
    const stream = streamOf(rowsOf(23, 100, { cards: 4, step: 9_000 }), { size: 40 })
    for (const feature of plainFeatures) {
      const card = `scorecard:\n  - { feature: ${feature}, weight: 0.1, cap: 3 }\n`
      const [expected, got] = await both(stream, loadPolicy(`${policyText('amount-only')}\n${card}`), 'none')
      expect(got, feature).toEqual(expected)
    }
  })
  test('a stream that tells no challenges and no labels has those of chance', async () => {
    const bare = rowsOf(22, 600).map(({ pChallengePass: _, pChallengeAbandon: __, uChallenge: ___, ...row }) => row)
    const [expected, got] = await both(streamOf(bare), policyOf('always-challenge'), 'none')
    expect(got).toEqual(expected)
    const ends = new Set(got.map((row) => row[6]))
    expect([...ends].sort()).toEqual([0, 1, 2, 3, 4])
  })
})
