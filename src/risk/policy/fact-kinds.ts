/** Facts that conditions may ask about, and what each of them is. */
import type { Facts } from '../facts.ts'

/** Keys and marks of entities are for profiles; lists tell of them. */
type Asked = Omit<Facts, 'keys' | 'marks'>
type PathsOf<T> = {
  [K in keyof T & string]: NonNullable<T[K]> extends readonly unknown[]
    ? K
    : NonNullable<T[K]> extends object
      ? `${K}.${keyof NonNullable<T[K]> & string}`
      : K
}[keyof T & string]
type FactPath = PathsOf<Asked>

type At<P extends FactPath> = P extends `${infer K extends keyof Asked & string}.${infer M}`
  ? NonNullable<Asked[K]>[M & keyof NonNullable<Asked[K]>]
  : Asked[P & keyof Asked]
type KindOf<V> = V extends number ? 'number' : V extends boolean ? 'flag' : 'text'

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
  shipPlace: 'text',
  shipPostalCode: 'text',
  billPostalCode: 'text',
  'browser.system': 'text',
  'browser.isMobile': 'flag',
  'browser.hasMethod': 'flag',
  'browser.isIdNew': 'flag',
  'network.isCountryWide': 'flag',
  'signals.addressExists': 'flag',
  'signals.addressKind': 'text',
  'signals.addressVacant': 'flag',
  'signals.domainAgeDays': 'number',
  'signals.firstTimeOffer': 'flag',
  'signals.kanaAgainstKanji': 'text',
  'signals.loginFailures': 'number',
  'signals.mailDeliverable': 'flag',
  'signals.nameAgainstKana': 'text',
  'signals.newDeviceLogin': 'flag',
  'signals.passwordReset': 'flag',
  'signals.phoneReachable': 'flag',
  'signals.postalCode': 'text',
  'signals.receiverIsHolder': 'flag',
  'signals.stepUpFailures': 'number',
} as const satisfies { readonly [P in FactPath]?: KindOf<NonNullable<At<P>>> }
