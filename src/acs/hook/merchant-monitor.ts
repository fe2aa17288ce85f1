/**
 * 不正顕在化加盟店: a merchant with confirmed fraud above JPY 500,000 in each of three consecutive calendar months, in the issuer's
 * zone. The risk engine counts the same from its profiles (`merchant_fraud_months`); here they can be listed and handed on.
 */
import type { Facts } from '../../risk/facts.ts'
import type { Transaction, UnitOfWork } from '../ports.ts'
import type { MerchantMonth } from './merchant-month.ts'

/** JPY, above which a month counts, and how many months in a row. Spec: definitions, manifest-fraud merchant (Japan). */
export const monthlyLimit = 500_000
export const monthsInARow = 3
/** How far back is looked. */
export const monthsShown = 25

/** One fraud more, or (by -1) one that was none. */
export function countFraud(
  unit: UnitOfWork,
  { tenant, details, merchantName }: Transaction,
  { month, yen }: { readonly month: number; readonly yen: number },
  by: 1 | -1,
): void {
  const { merchant } = (details.facts as Facts).keys
  if (merchant === undefined) return
  const before = unit.hook.merchants.get(tenant, merchant, month)
  const { acquirerMerchantID } = details
  unit.hook.merchants.put(tenant, {
    merchant,
    month,
    n: Math.max(0, (before?.n ?? 0) + by),
    yen: Math.max(0, (before?.yen ?? 0) + by * yen),
    ...(acquirerMerchantID !== undefined && { acquirerMerchantID }),
    ...(merchantName !== undefined && { name: merchantName }),
  })
}

/**
 * manifest: the months are full, up to this one or the one before. rising: fewer months in a row. past: they were full once, and
 * are not any more. clear: none of that.
 */
export const merchantStates = ['manifest', 'rising', 'past', 'clear'] as const
export type MerchantState = (typeof merchantStates)[number]

export interface MerchantStanding {
  readonly merchant: string
  readonly acquirerMerchantID?: string | undefined
  readonly name?: string | undefined
  readonly state: MerchantState
  /** Months above the limit in a row, up to this one, or up to the one before while this one is not above it. */
  readonly inARow: number
  /** The month in which they were full for the first time of the newest row that was. */
  readonly since?: number | undefined
  /** Newest first, without those in which nothing was. */
  readonly months: readonly Pick<MerchantMonth, 'month' | 'n' | 'yen'>[]
}

/** The newest row of months above the limit that was long enough. */
function manifestSince(over: ReadonlySet<number>): number | undefined {
  let since: number | undefined
  for (const month of [...over].sort((a, b) => a - b)) {
    const begins = !over.has(month - 1)
    if (!begins) continue
    let length = 1
    while (over.has(month + length)) length += 1
    if (length >= monthsInARow) since = month + monthsInARow - 1
  }
  return since
}

/** Of the months of one merchant. `now`: this month, as `monthAt` gives it. Pure. */
export function standingOf(months: readonly MerchantMonth[], now: number): Omit<MerchantStanding, 'merchant'> {
  // A clock may have been set back: what lies in the future is not there yet.
  const known = months.filter(({ month }) => month <= now && month > now - monthsShown)
  const over = new Set(known.filter(({ yen }) => yen > monthlyLimit).map(({ month }) => month))
  let inARow = 0
  for (let month = over.has(now) ? now : now - 1; over.has(month); month--) inARow += 1
  const since = manifestSince(over)
  const state: MerchantState =
    inARow >= monthsInARow ? 'manifest' : inARow > 0 ? 'rising' : since !== undefined ? 'past' : 'clear'
  const newest = known.toSorted((a, b) => b.month - a.month)
  const [latest] = newest
  return {
    ...(latest?.acquirerMerchantID !== undefined && { acquirerMerchantID: latest.acquirerMerchantID }),
    ...(latest?.name !== undefined && { name: latest.name }),
    state,
    inARow,
    ...(since !== undefined && { since }),
    months: newest.map(({ month, n, yen }) => ({ month, n, yen })),
  }
}

/** Months above the limit in a row up to the last full one, as policies know them. */
export function fullMonthsOf({ months }: Pick<MerchantStanding, 'months'>, now: number): number {
  const over = new Set(months.filter(({ yen }) => yen > monthlyLimit).map(({ month }) => month))
  let n = 0
  while (over.has(now - 1 - n)) n += 1
  return n
}

const rank: Readonly<Record<MerchantState, number>> = { manifest: 0, rising: 1, past: 2, clear: 3 }

/** All of them, those that matter most first. */
export function standings(months: readonly MerchantMonth[], now: number): readonly MerchantStanding[] {
  const byMerchant = new Map<string, MerchantMonth[]>()
  for (const one of months) byMerchant.set(one.merchant, [...(byMerchant.get(one.merchant) ?? []), one])
  return [...byMerchant]
    .map(([merchant, own]) => ({ merchant, ...standingOf(own, now) }))
    .filter((one) => one.months.length > 0)
    .toSorted(
      (a, b) =>
        rank[a.state] - rank[b.state] ||
        b.inARow - a.inARow ||
        sumOf(b) - sumOf(a) ||
        (a.merchant < b.merchant ? -1 : 1),
    )
}

const sumOf = ({ months }: MerchantStanding): number => months.reduce((sum, { yen }) => sum + yen, 0)

/** 2026-11 */
export const monthText = (month: number): string =>
  `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
