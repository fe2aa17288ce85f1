/**
 * Three kinds of an element: present, absent (it could have been sent and was not), not asked (the version, channel or
 * category of the AReq does not have it). What is absent may be a sign; what was not asked never is.
 */
import { columnOf, letterOf } from '../protocol/rules/column.ts'
import { elements } from '../protocol/tables/elements.ts'
import type { Element, Version } from '../protocol/tables/types.ts'

export type Presence = 'present' | 'absent' | 'notAsked'

/** Elements that the engine reads, by their JSON paths. Facts hold one letter for each, in this order. */
export const readPaths = [
  'acctID',
  'acctInfo.chAccAgeInd',
  'acctInfo.chAccChangeInd',
  'acctInfo.chAccPwChangeInd',
  'acctInfo.nbPurchaseAccount',
  'acctInfo.paymentAccInd',
  'acctInfo.provisionAttemptsDay',
  'acctInfo.shipAddressUsageInd',
  'acctInfo.shipNameIndicator',
  'acctInfo.suspiciousAccActivity',
  'acctInfo.txnActivityDay',
  'acctInfo.txnActivityYear',
  'acquirerMerchantID',
  'addrMatch',
  'appIp',
  'billAddrCountry',
  'billAddrLine1',
  'billAddrPostCode',
  'browserColorDepth',
  'browserIP',
  'browserJavascriptEnabled',
  'browserLanguage',
  'browserScreenHeight',
  'browserScreenWidth',
  'browserTZ',
  'browserUserAgent',
  'cardholderName',
  'deviceInfo',
  'email',
  'homePhone',
  'mcc',
  'merchantCountryCode',
  'merchantName',
  'merchantRiskIndicator.deliveryEmailAddress',
  'merchantRiskIndicator.deliveryTimeframe',
  'merchantRiskIndicator.giftCardAmount',
  'merchantRiskIndicator.giftCardCount',
  'merchantRiskIndicator.giftCardCurr',
  'merchantRiskIndicator.preOrderPurchaseInd',
  'merchantRiskIndicator.reorderItemsInd',
  'merchantRiskIndicator.shipIndicator',
  'mobilePhone',
  'purchaseAmount',
  'purchaseCurrency',
  'sdkAppID',
  'shipAddrCountry',
  'shipAddrLine1',
  'shipAddrPostCode',
  'threeDSCompInd',
  'threeDSRequestorAuthenticationInd',
  'threeDSRequestorAuthenticationInfo',
  'threeDSRequestorChallengeInd',
  'threeDSRequestorPriorAuthenticationInfo',
  'workPhone',
] as const
export type ReadPath = (typeof readPaths)[number]

const steps = readPaths.map((path) => path.split('.') as [string, string?])
const positions: ReadonlyMap<string, number> = new Map(readPaths.map((path, position) => [path, position]))

/** Which of them a column has. */
const askedBy = new Map<string, readonly boolean[]>()

function askedIn(version: Version, channel: string, category: string): readonly boolean[] {
  const key = `${version}${channel}${category}`
  const found = askedBy.get(key)
  if (found !== undefined) return found
  const column = columnOf(elements, { version, message: 'AReq', channel, category, profile: 'strict' })
  const asked = readPaths.map((path) => {
    const [name = ''] = path.split('.')
    const row: Element | undefined = (elements as Readonly<Record<string, Element>>)[name]
    return row?.presence?.AReq !== undefined && letterOf(row, column) !== '-'
  })
  askedBy.set(key, asked)
  return asked
}

const isVersion = (text: unknown): text is Version => text === '2.1.0' || text === '2.2.0' || text === '2.3.1'

/** One letter per path: p present, a absent, n not asked. A stream that names no version could have sent everything. */
export function presenceOf(areq: Readonly<Record<string, unknown>>): string {
  const { messageVersion, deviceChannel, messageCategory } = areq
  const asked =
    isVersion(messageVersion) && typeof deviceChannel === 'string' && typeof messageCategory === 'string'
      ? askedIn(messageVersion, deviceChannel, messageCategory)
      : undefined
  let letters = ''
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]
    if (step === undefined) continue
    const member = areq[step[0]]
    const value = step[1] === undefined ? member : (member as Readonly<Record<string, unknown>> | undefined)?.[step[1]]
    letters += value !== undefined ? 'p' : asked?.[i] === false ? 'n' : 'a'
  }
  return letters
}

const kinds = { p: 'present', a: 'absent', n: 'notAsked' } as const

/** Undefined: the engine does not read that element, or the record is older than this. */
export function presenceAt(letters: string | undefined, path: string): Presence | undefined {
  const position = positions.get(path)
  if (letters === undefined || position === undefined) return undefined
  return kinds[letters[position] as keyof typeof kinds]
}

const letters = { present: 'p', absent: 'a', notAsked: 'n' } as const satisfies Readonly<Record<Presence, string>>

/** The same with another letter at a path. */
export function withPresence(all: string, path: string, presence: Presence): string {
  const position = positions.get(path)
  return position === undefined ? all : all.slice(0, position) + letters[presence] + all.slice(position + 1)
}
