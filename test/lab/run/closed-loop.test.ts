import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDecisions } from '../../../src/lab/run/decision-files.ts'
import { isApproved, notMade } from '../../../src/lab/run/decisions.ts'
import { runVariants } from '../../../src/lab/run/run.ts'
import type { Consequences, PolicySource, RunMode } from '../../../src/lab/run/types.ts'
import { policyText } from '../../risk/support.ts'
import { type Row, rowsOf, streamOf } from './made-up.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-loop-'))
})
afterAll(() => rm(folder, { recursive: true }))

const policyFor = (name: 'rules-jp' | 'never-challenge' | 'always-challenge'): PolicySource => ({
  text: policyText(name),
})

type Decided = {
  readonly event: number
  readonly attempt: number
  readonly ts: number
  readonly amount: number
  readonly status: number
  readonly challenge: number
}
let runs = 0
async function decided(
  rows: readonly Row[],
  policy: PolicySource,
  mode: RunMode,
  consequences: Partial<Consequences> = {},
): Promise<{ readonly rows: readonly Decided[]; readonly bytes: Buffer }> {
  const out = join(folder, String(runs++))
  await runVariants(streamOf(rows), [{ id: 'it', policy, hears: 'all' }], { mode, workers: 0, out, consequences })
  const all: Decided[] = []
  for await (const part of (await openDecisions(join(out, 'it'))).parts())
    for (let i = 0; i < part.n; i++)
      all.push({
        event: part.event[i] ?? -1,
        attempt: part.attempt[i] ?? -1,
        ts: part.ts[i] ?? -1,
        amount: part.amount[i] ?? -1,
        status: part.status[i] ?? -1,
        challenge: part.challenge[i] ?? -1,
      })
  return { rows: all, bytes: await readFile(join(out, 'it', 'decisions.bin')) }
}

const nothing: Partial<Consequences> = {
  blockAfterFailed: 0,
  blockAfterReject: false,
  blockAfterReport: false,
  retry: { share: 0, most: 0, minutes: [1, 2] },
  giveUpAfter: Number.POSITIVE_INFINITY,
}
const start = Date.UTC(2026, 3, 1) / 1000
const day = 86_400
/** A purchase of a card at a time; 0.99 and more never passes a challenge. */
const purchase = (ts: number, more: Row = {}): Row => ({
  ts,
  card: 'card',
  bin: '411111',
  merchant: 'SHOP-1',
  merchantName: 'Shop 1',
  messageVersion: '2.2.0',
  messageCategory: '01',
  deviceChannel: '02',
  purchaseAmount: 8_000,
  purchaseCurrency: '392',
  browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
  browserIP: '192.0.2.1',
  isFraud: 0,
  uChallenge: 0.1,
  pChallengePass: 0.9,
  pChallengeAbandon: 0,
  ...more,
})
const theft: Row = {
  isFraud: 1,
  kind: 'stolen',
  campaign: 'c1',
  uChallenge: 0.99,
  pChallengePass: 0.2,
  browserIP: '198.51.100.9',
}

describe('a closed loop', () => {
  const rows = rowsOf(41, 2_500, { cards: 60, step: 4_000 })

  test('without consequences is the replay where everything goes through', async () => {
    const replay = await decided(rows, policyFor('never-challenge'), 'replay')
    const loop = await decided(rows, policyFor('never-challenge'), 'closedLoop', nothing)
    const approved = rows.map((_, i) => isApproved(replay.rows[i]?.status ?? 0, replay.rows[i]?.challenge ?? 0))
    expect(approved.filter(Boolean).length).toBeGreaterThan(1_500)
    expect(loop.bytes.equals(replay.bytes)).toBe(true)
  })

  test('is the same twice, goes on in time, and leaves no event of the stream out', async () => {
    const first = await decided(rows, policyFor('rules-jp'), 'closedLoop')
    const again = await decided(rows, policyFor('rules-jp'), 'closedLoop')
    expect(again.bytes.equals(first.bytes)).toBe(true)
    expect(first.rows.filter(({ attempt }) => attempt === 0).map(({ event }) => event)).toEqual(rows.map((_, i) => i))
    for (let i = 1; i < first.rows.length; i++)
      expect(first.rows[i]?.ts).toBeGreaterThanOrEqual(first.rows[i - 1]?.ts ?? 0)
    expect(first.rows.some(({ attempt }) => attempt > 0)).toBe(true)
    expect(first.rows.some(({ status }) => status === notMade)).toBe(true)
  })

  test('a reported fraud blocks the card until its holder has a new one, which is another account', async () => {
    const stream = [
      ...Array.from({ length: 5 }, (_, i) => purchase(start + i * day)),
      purchase(start + 5 * day, { ...theft, labelTs: start + 7 * day }),
      purchase(start + 6 * day),
      purchase(start + 8 * day),
      purchase(start + 9 * day, theft),
      purchase(start + 13 * day),
      purchase(start + 14 * day, theft),
      purchase(start + 15 * day, { ...theft, campaign: 'c2' }),
    ]
    const { rows: got } = await decided(stream, policyFor('never-challenge'), 'closedLoop', { reissueDays: 5 })
    const made = got.map(({ status }) => status !== notMade)
    // Blocked from day 7 to day 12; the first campaign has the old number for good.
    expect(made).toEqual([true, true, true, true, true, true, true, false, false, true, false, true])
    expect(got.map(({ amount }) => amount)).toEqual(stream.map(() => 8_000))
  })

  test('a fraud that did not go through is never reported', async () => {
    const stream = [
      purchase(start),
      purchase(start + day, { ...theft, labelTs: start + 2 * day }),
      purchase(start + 3 * day),
    ]
    const { rows: got } = await decided(stream, policyFor('always-challenge'), 'closedLoop', {
      retry: { share: 0, most: 0, minutes: [1, 2] },
    })
    expect(got.map(({ status }) => String.fromCharCode(status))).toEqual(['C', 'C', 'C'])
  })

  test('an attacker goes elsewhere, asks for less, and gives up', async () => {
    const stream = [
      purchase(start, { card: 'other', merchant: 'SHOP-2', merchantName: 'Shop 2' }),
      purchase(start + 60, { ...theft, pChallengePass: 0 }),
      purchase(start + day, { card: 'other' }),
      purchase(start + 2 * day, { ...theft, pChallengePass: 0 }),
      purchase(start + 3 * day, { card: 'other' }),
    ]
    const { rows: got } = await decided(stream, policyFor('always-challenge'), 'closedLoop', {
      blockAfterFailed: 0,
      retry: { share: 1, most: 2, minutes: [2, 30] },
      lower: { share: 1, factor: 0.5 },
      giveUpAfter: 3,
    })
    const tries = got.filter(({ event }) => event === 1)
    expect(tries.map(({ attempt, amount }) => [attempt, amount])).toEqual([
      [0, 8_000],
      [1, 4_000],
      [2, 2_000],
    ])
    const waits = tries.slice(1).map(({ ts }, i) => ts - (tries[i]?.ts ?? 0))
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(120)
      expect(wait).toBeLessThanOrEqual(1_800)
    }
    expect(got.find(({ event }) => event === 3)?.status).toBe(notMade)
  })

  test('challenges that were failed block the card', async () => {
    const failing = { uChallenge: 0.95 }
    const stream = [0, 1, 2, 3].map((i) => purchase(start + i * 600, failing))
    const { rows: got } = await decided(stream, policyFor('always-challenge'), 'closedLoop', { blockAfterFailed: 3 })
    expect(got.map(({ status }) => status !== notMade)).toEqual([true, true, true, false])
  })
})
