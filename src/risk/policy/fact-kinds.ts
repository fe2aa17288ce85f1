/** Facts that conditions may ask about, and what each of them is. */
import type { Facts } from '../facts.ts'
import type { OperandKind } from './operands.ts'

/** Keys and marks of entities are for profiles; lists tell of them. */
type Asked = Omit<Facts, 'keys' | 'marks'>
type PathsOf<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends readonly unknown[]
    ? K
    : NonNullable<T[K]> extends object
      ? `${K}.${keyof NonNullable<T[K]> & string}`
      : K
}[keyof T & string]
export type FactPath = PathsOf<Asked>

export const factKinds = {
  amount: 'number',
  localHour: 'number',
  device: 'text',
  ip: 'text',
  ipCountry: 'text',
  emailDomain: 'text',
  emailAlias: 'flag',
  merchantCountry: 'text',
  mcc: 'text',
  billCountry: 'text',
  shipCountry: 'text',
  language: 'text',
  browserTZ: 'number',
  addrMatch: 'text',
  shipIndicator: 'text',
  shipForwarding: 'flag',
  giftCardAmount: 'number',
  giftCardCount: 'number',
  deliveryTimeframe: 'number',
  reordered: 'flag',
  shopAccountAge: 'number',
  shopAccountChange: 'number',
  shopPasswordChange: 'number',
  shopPurchases: 'number',
  shopPurchasesToday: 'number',
  shipAddressAge: 'number',
  shopSuspects: 'flag',
  missing: 'number',
  'mail.kind': 'text',
  'mail.isDeliverable': 'flag',
  'mail.fault': 'text',
  'mail.slipOf': 'text',
  'mail.lookAlike': 'text',
  'mail.looksRandom': 'flag',
  'mail.domainLooksRandom': 'flag',
  'phone.kind': 'text',
  'phone.country': 'text',
  'network.kind': 'text',
  'network.country': 'text',
  'browser.family': 'text',
  'browser.isRobot': 'flag',
  'browser.isHeadless': 'flag',
  'browser.contradictions': 'text',
  isNewcomer: 'flag',
  deliveryEmail: 'text',
  preOrder: 'flag',
  shopPurchasesYear: 'number',
  provisionAttempts: 'number',
  paymentAccountAge: 'number',
  shipNameDiffers: 'flag',
  'requestorAuth.method': 'text',
  'requestorAuth.minutesAgo': 'number',
  'priorAuth.method': 'text',
  'priorAuth.minutesAgo': 'number',
  authenticationInd: 'text',
  challengeInds: 'text',
  compInd: 'text',
} as const satisfies Readonly<Partial<Record<FactPath, Exclude<OperandKind, 'some'>>>>
