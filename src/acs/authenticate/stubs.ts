// Which stub answers an AReq? The oldest that fits, has answers left and has not expired. Pure.
import type { Stub } from '../ports.ts'

/** Elements of an AReq that a stub may ask for. */
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

export interface StubAbout {
  readonly areq: Readonly<Record<string, unknown>>
  readonly panHash: string
  readonly at: number
}

export const stubFor = (stubs: readonly Stub[], { areq, panHash, at }: StubAbout): Stub | undefined =>
  stubs.find(
    (stub) =>
      stub.left > 0 &&
      !isExpired(stub, at) &&
      (stub.match.card === undefined || stub.match.card === panHash) &&
      Object.entries(stub.match.elements).every(([name, value]) => areq[name] === value),
  )
