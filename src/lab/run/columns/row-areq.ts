/** The AReq of a row for rules and lists that ask about its elements: made when the first of them is read, since few policies do. */
import type { AReqFacts } from '../../../risk/facts.ts'
import type { Part } from '../../stream/table.ts'
import { areqOf } from '../areq.ts'

/** What `areqOf` may tell, but for the card number. */
const elements = [
  'messageVersion',
  'deviceChannel',
  'messageCategory',
  'acctID',
  'cardholderName',
  'mobilePhone',
  'homePhone',
  'workPhone',
  'threeDSCompInd',
  'threeDSRequestorAuthenticationInd',
  'threeDSRequestorChallengeInd',
  'threeDSRequestorAuthenticationInfo',
  'threeDSRequestorPriorAuthenticationInfo',
  'purchaseAmount',
  'purchaseCurrency',
  'purchaseExponent',
  'email',
  'acquirerMerchantID',
  'merchantName',
  'merchantCountryCode',
  'mcc',
  'addrMatch',
  'billAddrCountry',
  'billAddrLine1',
  'billAddrPostCode',
  'billAddrState',
  'shipAddrLine1',
  'shipAddrLine2',
  'shipAddrLine3',
  'shipAddrCity',
  'shipAddrPostCode',
  'shipAddrState',
  'shipAddrCountry',
  'browserIP',
  'browserUserAgent',
  'browserLanguage',
  'browserTZ',
  'browserScreenWidth',
  'browserScreenHeight',
  'browserColorDepth',
  'browserJavascriptEnabled',
  'sdkAppID',
  'appIp',
  'deviceInfo',
  'acctInfo',
  'merchantRiskIndicator',
] as const satisfies readonly (keyof AReqFacts)[]

/** Its elements are members of its own, as they are of an AReq: rules look at no others. */
export class RowAReq {
  #part: Part | undefined
  #row = -1
  #made: AReqFacts | undefined
  readonly [element: string]: unknown
  constructor() {
    for (const element of elements)
      Object.defineProperty(this, element, { enumerable: true, get: () => this.#areq()?.[element] })
  }
  go(part: Part, row: number): void {
    if (part === this.#part && row === this.#row) return
    this.#part = part
    this.#row = row
    this.#made = undefined
  }
  #areq(): AReqFacts | undefined {
    if (this.#part === undefined) return undefined
    this.#made ??= areqOf(this.#part, this.#row)
    return this.#made
  }
}
