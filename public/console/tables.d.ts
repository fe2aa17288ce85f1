// `tables.js` beside this file is made by the server from the tables of the protocol and of faults.
/** ISO 4217 numeric → alphabetic code and minor units. */
export const currencies: ReadonlyMap<string, { readonly alpha: string; readonly exponent: number }>
/** ISO 3166-1 numeric → alpha-2. */
export const countries: ReadonlyMap<string, string>
/** Id → name of the card scheme. */
export const schemes: ReadonlyMap<string, string>
/** The kinds of a challenge that a plan and the register may name. */
export const challengeKinds: readonly string[]
/** What the cardholder of a plan may do. */
export const playActions: readonly string[]
/** Link → what can go wrong on it. */
export const faultKinds: ReadonlyMap<string, readonly string[]>
/** Link → what it carries. */
export const faultMessages: ReadonlyMap<string, readonly string[]>
