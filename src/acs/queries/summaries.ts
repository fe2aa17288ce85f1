// Transactions as lines of a list, and what people search them by. Pure.
import { currencies } from '../../protocol/tables/iso.ts'
import type { Challenge } from '../challenge/state.ts'
import type { DecidedBy, DeliveryState, LabelKind, TransactionBrief } from '../ports.ts'

/** A line of the list. */
export interface Summary {
  readonly id: number
  readonly at: number
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly dsTransID: string
  /** Absent where the AReq had none (RES-NPA-1). */
  readonly merchantName?: string | undefined
  /** Keyed id of the card. */
  readonly card: string
  readonly panMask: string
  readonly scheme: string
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly messageVersion: string
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: DecidedBy
  /** transStatus that the engine would have given. */
  readonly engine: string
  readonly score: number
  readonly resultStatus?: string | undefined
  readonly resultReason?: string | undefined
  readonly delivery?: DeliveryState | undefined
  readonly challenge?: Challenge['phase'] | undefined
  readonly durationMs?: number | undefined
  /** What it turned out to be. */
  readonly labelKind?: LabelKind | undefined
}

export function summaryOf(row: TransactionBrief): Summary {
  const { panHash, challenge, issuerAmount: _amount, ...rest } = row
  return { ...rest, card: panHash, ...(challenge !== undefined && { challenge: challenge.phase }) }
}

export interface SummaryFilter {
  /** Words that must all be found: part of the merchant's name, start of an id, last four digits, amount, reason. */
  readonly q?: string | undefined
  readonly transStatus?: readonly string[] | undefined
  readonly resultStatus?: readonly string[] | undefined
  readonly decidedBy?: readonly string[] | undefined
  readonly scheme?: string | undefined
  /** Part of the name. */
  readonly merchant?: string | undefined
  readonly card?: string | undefined
  /** ISO 4217, letters or digits. */
  readonly currency?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Major units of the purchase's own currency. */
  readonly minAmount?: number | undefined
  readonly maxAmount?: number | undefined
}

type Test = (row: TransactionBrief) => boolean

/** As people compare names: width, case and compatibility forms make no difference. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** The numeric code of a currency, given either way. */
export const currencyCode = (currency: string): string | undefined => {
  if (currencies.has(currency)) return currency
  const alpha = currency.toUpperCase()
  for (const [code, row] of currencies) if (row.alpha === alpha) return code
  return undefined
}

/** Without an amount: no number, which no filter keeps and no search finds. */
const majorOf = ({ purchaseAmount, purchaseExponent }: TransactionBrief): number =>
  purchaseAmount === undefined || purchaseAmount === ''
    ? Number.NaN
    : Number(purchaseAmount) / 10 ** Number(purchaseExponent)

/** One word of the search. */
function wordTest(word: string): Test {
  const tests: Test[] = [(row) => folded(row.merchantName ?? '').includes(word)]
  if (/^[0-9a-f-]{4,36}$/.test(word)) {
    const starts = (id: string): boolean => id.toLowerCase().startsWith(word)
    tests.push((row) => starts(row.acsTransID) || starts(row.threeDSServerTransID) || starts(row.dsTransID))
  }
  if (/^[0-9]{4}$/.test(word)) tests.push((row) => row.panMask.endsWith(word))
  const [, status, reason] = /^([ynaurci]?)[/-]?([0-9]{2})$/.exec(word) ?? []
  if (reason !== undefined) {
    const fits = (transStatus: string | undefined, transStatusReason: string | undefined): boolean =>
      transStatusReason === reason && (status === '' || transStatus?.toLowerCase() === status)
    tests.push((row) => fits(row.transStatus, row.transStatusReason) || fits(row.resultStatus, row.resultReason))
  }
  // 24,800 and 24800.00 are the same amount; ¥ and the like are only written before it.
  const amount = /^\p{Sc}?([0-9][0-9,]*(?:\.[0-9]+)?)$/u.exec(word)?.[1]
  if (amount !== undefined) {
    const wanted = Number(amount.replaceAll(',', ''))
    tests.push((row) => Math.abs(majorOf(row) - wanted) < 1e-9)
  }
  return (row) => tests.some((test) => test(row))
}

/** Whether a row is wanted. */
export function matcherOf(filter: SummaryFilter): Test {
  const tests: Test[] = []
  const { transStatus, resultStatus, decidedBy, scheme, card, from, to, minAmount, maxAmount } = filter
  if (from !== undefined) tests.push((row) => row.at >= from)
  if (to !== undefined) tests.push((row) => row.at <= to)
  if (transStatus !== undefined) tests.push((row) => transStatus.includes(row.transStatus))
  if (resultStatus !== undefined) tests.push((row) => resultStatus.includes(row.resultStatus ?? ''))
  if (decidedBy !== undefined) tests.push((row) => decidedBy.includes(row.decidedBy))
  if (scheme !== undefined) tests.push((row) => row.scheme === scheme)
  if (card !== undefined) tests.push((row) => row.panHash === card)
  if (filter.currency !== undefined) {
    const code = currencyCode(filter.currency) ?? filter.currency
    tests.push((row) => row.purchaseCurrency === code)
  }
  if (minAmount !== undefined) tests.push((row) => majorOf(row) >= minAmount)
  if (maxAmount !== undefined) tests.push((row) => majorOf(row) <= maxAmount)
  if (filter.merchant !== undefined) {
    const part = folded(filter.merchant)
    tests.push((row) => folded(row.merchantName ?? '').includes(part))
  }
  for (const word of folded(filter.q ?? '').split(/\s+/u)) if (word !== '') tests.push(wordTest(word))
  return (row) => tests.every((test) => test(row))
}

/** Clocks may be set back a little, so rows this much older than `from` end a scan, and no sooner. */
const clockSlackMs = 60_000

/** Nothing that is wanted comes after such a row, newest first. */
export const isPastEnd = (row: Pick<TransactionBrief, 'at'>, from: number | undefined): boolean =>
  from !== undefined && row.at < from - clockSlackMs
