/** Amounts of the issuer in euros, which the limits of the regulation are given in. */
import type { Issuer } from '../setting.ts'

const euro = '978'

/** Major units of the issuer's currency. */
export const majorOf = (minor: number, { currency }: Issuer): number => minor / 10 ** currency.exponent

/** One euro in major units of the issuer's currency; undefined without a rate. */
const rateOf = ({ currency, rates }: Issuer): number | undefined => (currency.code === euro ? 1 : rates[euro])

/** Whether amounts in euros mean anything to the issuer. */
export const knowsEuros = (issuer: Issuer): boolean => rateOf(issuer) !== undefined

/** From minor units of the issuer's currency; NaN without an amount or a rate. */
export function euros(minor: number | undefined, issuer: Issuer): number {
  const rate = rateOf(issuer)
  return minor === undefined || rate === undefined ? Number.NaN : majorOf(minor, issuer) / rate
}

const yen = '392'

/** An amount in yen, by the rates of the policy; 0 where there is none. */
export function inYen(amount: number | undefined, issuer: Issuer): number {
  const { code } = issuer.currency
  const rate = code === yen ? 1 : issuer.rates[yen]
  return amount === undefined || rate === undefined ? 0 : Math.round(majorOf(amount, issuer) / rate)
}
