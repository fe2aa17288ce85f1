// Counts, rates and percentiles against sets that are counted by hand.
import { describe, expect, test } from 'vitest'
import type { TransactionBrief } from '../../src/acs/ports.ts'
import { collectStatistics, type Statistics } from '../../src/acs/queries/statistics.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { defaultPolicy, policyText } from '../risk/support.ts'

let id = 0
const at = Date.UTC(2026, 0, 15, 3)
const row = (change: Partial<TransactionBrief> = {}): TransactionBrief => {
  id += 1
  return {
    id,
    at,
    acsTransID: `a${id}`,
    threeDSServerTransID: `s${id}`,
    dsTransID: `d${id}`,
    messageVersion: '2.2.0',
    panHash: 'ab',
    panMask: '411111******0021',
    scheme: 'visa',
    merchantName: 'Hakone Goods',
    purchaseAmount: '1200',
    purchaseCurrency: '392',
    purchaseExponent: '0',
    transStatus: 'Y',
    decidedBy: 'engine',
    engine: 'Y',
    score: -2,
    issuerAmount: 1200,
    durationMs: 1,
    ...change,
  }
}
const challenged = (end: Partial<TransactionBrief>, cancel?: string): TransactionBrief =>
  row({
    transStatus: 'C',
    challenge: { phase: 'ended', ...(cancel !== undefined && { cancel }) },
    ...end,
  })
const counted = (rows: readonly TransactionBrief[], from?: number, to?: number): Statistics => {
  const statistics = collectStatistics(defaultPolicy)
  for (const one of rows) statistics.add(one)
  return statistics.result(from, to)
}

/** 12 AReqs: 3 Y, 1 N, 1 R, 1 A, 1 I, 1 U, 4 C of which one is open, one passed, one failed, one cancelled. */
const dozen: readonly TransactionBrief[] = [
  row(),
  row(),
  row(),
  row({ transStatus: 'N', transStatusReason: '05' }),
  row({ transStatus: 'R', transStatusReason: '11' }),
  row({ transStatus: 'A' }),
  row({ transStatus: 'I' }),
  row({ transStatus: 'U', transStatusReason: '22' }),
  row({ transStatus: 'C', challenge: { phase: 'awaitingAnswer' } }),
  challenged({ resultStatus: 'Y' }),
  challenged({ resultStatus: 'N', resultReason: '19' }),
  challenged({ resultStatus: 'N', resultReason: '01' }, '01'),
]

test('every rate is a share of what it says: of decided AReqs, without U; of ended challenges', () => {
  const { count, decided, outcomes, rates, challenges } = counted(dozen)
  expect([count, decided]).toEqual([12, 11])
  expect(outcomes).toEqual({ Y: 3, N: 1, A: 1, U: 1, R: 1, I: 1, C: 4, D: 0 })
  expect(rates).toEqual({
    frictionless: { count: 3, of: 11, rate: 3 / 11 },
    challenge: { count: 4, of: 11, rate: 4 / 11 },
    completion: { count: 4, of: 11, rate: 4 / 11 },
    decline: { count: 2, of: 11, rate: 2 / 11 },
    challengeSuccess: { count: 1, of: 3, rate: 1 / 3 },
  })
  expect(challenges).toEqual({ open: 1, passed: 1, failed: 1, cancelled: 1, timedOut: 0, error: 0 })
})

test('a rate of nothing is no number', () => {
  const { rates, latencyMs, series, from, to } = counted([])
  expect(Object.values(rates)).toEqual(Array.from({ length: 5 }, () => ({ count: 0, of: 0, rate: null })))
  expect(latencyMs).toEqual({ count: 0, p50: null, p90: null, p95: null, p99: null, max: null })
  expect([series, from, to]).toEqual([[], null, null])
})

test.each([
  ['04', 'timedOut'],
  ['05', 'timedOut'],
  ['06', 'error'],
  [undefined, 'error'],
] as const)('a challenge that ended with U or cancel %s is counted as %s', (cancel, kind) => {
  const resultStatus = kind === 'error' ? 'U' : 'N'
  expect(counted([challenged({ resultStatus }, cancel)]).challenges[kind]).toBe(1)
})

test('reasons are those of the last word, the most frequent first, in words of both languages', () => {
  const { reasons } = counted([...dozen, row({ transStatus: 'R', transStatusReason: '11' })])
  expect(reasons.map(({ transStatus, transStatusReason, count }) => [transStatus, transStatusReason, count])).toEqual([
    ['R', '11', 2],
    ['N', '01', 1],
    ['N', '05', 1],
    ['N', '19', 1],
    ['U', '22', 1],
  ])
  expect(reasons[0]?.text).toEqual({ en: 'fraud suspected', ja: '不正利用の疑い' })
})

test('percentiles are values that were measured (nearest rank), and rows without one are left out', () => {
  const rows = Array.from({ length: 100 }, (_, i) => row({ durationMs: 100 - i }))
  expect(counted([...rows, row({ durationMs: undefined })]).latencyMs).toEqual({
    count: 100,
    p50: 50,
    p90: 90,
    p95: 95,
    p99: 99,
    max: 100,
  })
})

describe('groups', () => {
  test('add up to all, the largest first', () => {
    const { by } = counted([...dozen, row({ scheme: 'jcb', merchantName: 'Odawara Market', decidedBy: 'stub' })])
    for (const groups of Object.values(by)) expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(13)
    expect(by.scheme).toEqual([
      {
        key: 'visa',
        label: 'Visa',
        count: 12,
        frictionless: 3,
        challenge: 4,
        challengePassed: 1,
        challengeEnded: 3,
        decline: 2,
        other: 3,
        p50: 1,
        p95: 1,
      },
      expect.objectContaining({ key: 'jcb', label: 'JCB', count: 1, frictionless: 1 }),
    ])
    expect(by.merchant.map(({ key }) => key)).toEqual(['Hakone Goods', 'Odawara Market'])
    expect(by.decidedBy.map(({ key, count }) => [key, count])).toEqual([
      ['engine', 12],
      ['stub', 1],
    ])
  })

  test('amounts lie in bands of the issuer’s currency, lower bound included, in their order', () => {
    const amounts = [999, 1000, 4999, 5000, 99_999, 100_000, undefined]
    const { by } = counted(amounts.map((issuerAmount) => row({ issuerAmount })))
    expect(by.amountBand.map(({ key, label, count }) => [key, label, count])).toEqual([
      ['0-1000', 'JPY < 1,000', 1],
      ['1000-5000', 'JPY 1,000–5,000', 2],
      ['5000-10000', 'JPY 5,000–10,000', 1],
      ['30000-100000', 'JPY 30,000–100,000', 1],
      ['100000-', 'JPY ≥ 100,000', 1],
      ['unknown', '–', 1],
    ])
  })

  test('an issuer whose currency has cents has bands of its own', () => {
    const euro = loadPolicy(
      policyText('default').replace("currency: '392'", "currency: '978'").replace("'978': 160", "'392': 0.006"),
    )
    const statistics = collectStatistics(euro)
    for (const issuerAmount of [999, 1000, 100_000]) statistics.add(row({ issuerAmount }))
    expect(statistics.result(undefined, undefined).by.amountBand.map(({ label, count }) => [label, count])).toEqual([
      ['EUR < 10', 1],
      ['EUR 10–50', 1],
      ['EUR ≥ 1,000', 1],
    ])
  })
})

describe('the series', () => {
  test('has a bucket for every span of time, also for those without transactions, and loses none', () => {
    const rows = [0, 1, 59, 60, 200].map((minutes) => row({ at: at + minutes * 60_000, durationMs: minutes }))
    const { series, from, to } = counted([...rows, row({ at: at + 60_000, transStatus: 'U' })])
    expect([from, to]).toEqual([at, at + 200 * 60_000])
    const width = (series[1]?.at ?? 0) - (series[0]?.at ?? 0)
    expect(series.map((bucket) => bucket.at)).toEqual(series.map((_, i) => at + i * width))
    const total = (key: 'frictionless' | 'other') => series.reduce((sum, bucket) => sum + bucket[key], 0)
    expect([total('frictionless'), total('other'), series.length <= 60]).toEqual([5, 1, true])
    expect(series.some(({ p95 }) => p95 === null)).toBe(true)
  })

  test('spans all of time, should somebody ask for it, and loses none', () => {
    const statistics = collectStatistics(defaultPolicy)
    statistics.add(row())
    const { series } = statistics.result(0, 999_999_999_999_999)
    expect(series.length).toBeLessThanOrEqual(60)
    expect(series.reduce((sum, { frictionless }) => sum + frictionless, 0)).toBe(1)
    expect(statistics.result(at + 1, at - 1).series).toEqual([])
  })

  test('spans what was asked for, from seconds to years', () => {
    for (const span of [1_000, 60_000, 3_600_000, 86_400_000, 30 * 86_400_000, 3 * 365 * 86_400_000]) {
      const { series } = counted([row({ at: at + span })], at, at + span)
      expect(series.length).toBeLessThanOrEqual(60)
      expect(series.length).toBeGreaterThan(1)
      expect(series[0]?.at).toBeLessThanOrEqual(at)
      expect(series.at(-1)?.frictionless).toBe(1)
    }
  })
})
