/** Manifest-fraud merchants (Japan, 不正顕在化加盟店): fraud above JPY 500,000 in each of three consecutive calendar months. */
import { type Collected, monthsPerMerchant } from './collect.ts'
import { monthName, monthOf } from './day.ts'
import type { ManifestMerchants } from './types.ts'

/** Yen, which has no minor unit. */
const manifestThreshold = 500_000
const inARow = 3
const listed = 50

/** Months, rising, that end a run of three above the threshold. */
export function manifestMonths(sums: ReadonlyMap<number, number>, threshold = manifestThreshold): number[] {
  const above = (month: number): boolean => (sums.get(month) ?? 0) > threshold
  return [...sums.keys()]
    .filter((month) => above(month) && above(month - 1) && above(month - inARow + 1))
    .sort((a, b) => a - b)
}

type Period = {
  readonly firstDay: number
  readonly lastDay: number
  readonly currency: string
  readonly isTold: boolean
}

export function manifestOf(collected: Collected, merchants: readonly string[], period: Period): ManifestMerchants {
  const { firstDay, lastDay, currency, isTold } = period
  const first = monthOf(firstDay)
  const last = monthOf(lastDay)
  const isWhole = (month: number): boolean => {
    const startsBefore = month === first ? monthOf(firstDay - 1) === first : false
    const endsAfter = month === last ? monthOf(lastDay + 1) === last : false
    return !startsBefore && !endsAfter
  }
  const months = Math.max(0, last - first + 1)
  const about = {
    threshold: manifestThreshold,
    merchants: merchants.length,
    months,
    wholeMonths: Array.from({ length: months }, (_, index) => first + index).filter(isWhole).length,
  }
  const why = currency !== 'JPY' ? 'notYen' : isTold ? undefined : 'noTruth'
  if (why !== undefined) return { ...about, attempted: null, approved: null, list: [], why }
  const attempted = new Map<number, Map<number, number>>()
  const approved = new Map<number, Map<number, number>>()
  for (const [key, sums] of collected.merchantMonths) {
    const merchant = Math.floor(key / monthsPerMerchant)
    const month = key % monthsPerMerchant
    for (const [into, sum] of [
      [attempted, sums.attempted],
      [approved, sums.approved],
    ] as const) {
      const of = into.get(merchant) ?? new Map<number, number>()
      of.set(month, sum)
      into.set(merchant, of)
    }
  }
  const manifest = [...approved].flatMap(([merchant, sums]) => {
    const ends = manifestMonths(sums)
    if (ends.length === 0) return []
    const named = new Set(ends.flatMap((end) => [end - 2, end - 1, end]))
    const approvedAmount = [...sums.values()].reduce((sum, amount) => sum + amount, 0)
    return [
      { merchant: merchants[merchant] ?? '', months: [...named].sort((a, b) => a - b).map(monthName), approvedAmount },
    ]
  })
  return {
    ...about,
    attempted: [...attempted.values()].filter((sums) => manifestMonths(sums).length > 0).length,
    approved: manifest.length,
    list: manifest
      .sort((a, b) => b.approvedAmount - a.approvedAmount || (a.merchant < b.merchant ? -1 : 1))
      .slice(0, listed),
  }
}
