// Which stub answers an AReq? The first in order that fits, has answers left and has not expired. Pure.
import { type MatchAbout, matchOf } from '../match.ts'
import type { Stub } from '../ports.ts'

/** Elements of an AReq that a stub may ask for by name, besides the members of a match. */
export const stubElements = [
  'merchantName',
  'acquirerMerchantID',
  'purchaseAmount',
  'purchaseCurrency',
  'threeDSRequestorID',
  'threeDSServerTransID',
] as const

export const isExpired = ({ expiresAt }: Pick<Stub, 'expiresAt'>, at: number): boolean =>
  expiresAt !== undefined && at >= expiresAt

export const stubFor = (stubs: readonly Stub[], about: MatchAbout, at: number): Stub | undefined =>
  stubs.find((stub) => stub.left > 0 && !isExpired(stub, at) && matchOf(stub.match, about) !== undefined)
