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

const schemePrefixes: readonly (CardRange & { readonly scheme: string })[] = [
  { from: '34', to: '34', scheme: 'amex' },
  { from: '37', to: '37', scheme: 'amex' },
  { from: '3528', to: '3589', scheme: 'jcb' },
  { from: '4', to: '4', scheme: 'visa' },
  { from: '51', to: '55', scheme: 'mastercard' },
  { from: '2221', to: '2720', scheme: 'mastercard' },
]

/** The scheme of any card, by its leading digits; a mask will do. */
export const schemeOf = (acctNumber: string): string | undefined => findRange(schemePrefixes, acctNumber)?.scheme
