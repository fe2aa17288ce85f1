// Card numbers as the emulators handle them: matched against leading-digit ranges, kept as a mask only (SEC-LOG-1).

/** A span of card numbers given by leading digits of equal length, for example 400000 to 400009. */
export interface CardRange {
  readonly from: string
  readonly to: string
}

export function findRange<Range extends CardRange>(ranges: readonly Range[], acctNumber: string): Range | undefined {
  return ranges.find(({ from, to }) => acctNumber.slice(0, from.length) >= from && acctNumber.slice(0, to.length) <= to)
}

/** First six and last four digits; the rest is gone. */
export const maskCard = (acctNumber: string): string =>
  `${acctNumber.slice(0, 6)}${'*'.repeat(Math.max(acctNumber.length - 10, 0))}${acctNumber.slice(-4)}`
