// Statistics of transactions, newest first as far as one request may look.
import type { Router } from 'express'
import { z } from 'zod'
import { collectStatistics } from '../../acs/queries/statistics.ts'
import { isPastEnd, matcherOf } from '../../acs/queries/summaries.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { currency, instant, words } from './request.ts'

const statsQuery = z.strictObject({
  from: instant.optional().describe('ISO 8601 or milliseconds since 1970, included'),
  to: instant.optional().describe('ISO 8601 or milliseconds since 1970, included'),
  scheme: z.string().max(40).optional(),
  merchant: words.optional().describe('part of the name'),
  currency: currency.optional().describe('ISO 4217, letters or digits'),
})

/** Transactions that one request looks through; an answer that had to stop there says so. */
const mostSearched = 50_000

const count = z.int().min(0)
const rank = z.number().nullable().describe('nearest rank in milliseconds; null: nothing was measured')
const rate = z.strictObject({ count, of: count, rate: z.number().nullable().describe('null: nothing to divide by') })
const ways = { frictionless: count, challenge: count, decline: count, other: count }
const group = z.strictObject({
  key: z.string(),
  label: z.string(),
  count,
  ...ways,
  challengePassed: count,
  challengeEnded: count,
  p50: rank,
  p95: rank,
})
const statistics = z.strictObject({
  from: z.number().nullable(),
  to: z.number().nullable(),
  searched: count.describe('transactions that were looked through'),
  isComplete: z.boolean().describe('false: there are more than one request looks through'),
  count,
  decided: count.describe('all but those answered U'),
  outcomes: z.strictObject({
    Y: count,
    N: count,
    A: count,
    U: count,
    R: count,
    I: count,
    C: count,
    D: count,
  }),
  rates: z.strictObject({
    frictionless: rate,
    challenge: rate,
    completion: rate,
    decline: rate,
    challengeSuccess: rate,
  }),
  reasons: z.array(
    z.strictObject({
      transStatus: z.string(),
      transStatusReason: z.string(),
      count,
      text: z.strictObject({ en: z.string(), ja: z.string() }),
    }),
  ),
  challenges: z.strictObject({
    open: count,
    passed: count,
    failed: count,
    cancelled: count,
    timedOut: count,
    error: count,
  }),
  latencyMs: z.strictObject({ count, p50: rank, p90: rank, p95: rank, p99: rank, max: rank }),
  by: z.strictObject({
    scheme: z.array(group),
    merchant: z.array(group),
    amountBand: z.array(group),
    decidedBy: z.array(group),
  }),
  series: z.array(z.strictObject({ at: z.number(), ...ways, p95: rank })).max(60),
})

const getStats = operation({
  id: 'getStats',
  method: 'get',
  path: '/stats',
  tag: 'Transactions',
  summary: 'Counts, rates and percentiles',
  description: 'Over the newest 50,000 transactions at most; `isComplete` says whether there were more.',
  query: statsQuery,
  answers: { 200: { description: 'what was counted', schema: statistics } },
})

export const statsOperations = [getStats] as const

export function mountStats(router: Router, { store, policies, tenant }: AdminPorts): void {
  mount(router, '', getStats, async ({ query: filter }, _req, res) => {
    const isWanted = matcherOf(filter)
    const counted = collectStatistics(policies.running())
    let isOver = false
    const { searched, next } = await store.scan({ tenant, most: mostSearched }, (row) => {
      isOver = isPastEnd(row, filter.from)
      if (!isOver && isWanted(row)) counted.add(row)
      return !isOver
    })
    const { from, to, ...rest } = counted.result(filter.from, filter.to)
    res.json({ from, to, searched, isComplete: isOver || next === undefined, ...rest })
  })
}
