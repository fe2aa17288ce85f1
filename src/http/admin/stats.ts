// Statistics of transactions, newest first as far as one request may look.
import type { RequestHandler } from 'express'
import { z } from 'zod'
import { collectStatistics } from '../../acs/queries/statistics.ts'
import { isPastEnd, matcherOf } from '../../acs/queries/summaries.ts'
import type { AdminPorts } from './ports.ts'
import { currency, instant, parse, withoutEmpty, words } from './request.ts'

const statsQuery = z.strictObject({
  from: instant.optional(),
  to: instant.optional(),
  scheme: z.string().max(40).optional(),
  merchant: words.optional(),
  currency: currency.optional(),
})

/** Transactions that one request looks through; an answer that had to stop there says so. */
const mostSearched = 50_000

export function statsHandler({ store, policy, tenant }: AdminPorts): RequestHandler {
  return async (req, res) => {
    const filter = parse(statsQuery, withoutEmpty(req.query))
    const isWanted = matcherOf(filter)
    const statistics = collectStatistics(policy)
    let isOver = false
    const { searched, next } = await store.scan({ tenant, most: mostSearched }, (row) => {
      isOver = isPastEnd(row, filter.from)
      if (!isOver && isWanted(row)) statistics.add(row)
      return !isOver
    })
    const { from, to, ...rest } = statistics.result(filter.from, filter.to)
    res.json({ from, to, searched, isComplete: isOver || next === undefined, ...rest })
  }
}
