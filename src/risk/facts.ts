/**
 * What an AReq and the 3DS Method said, normalised. What was not said is undefined, which is not the same as "no".
 * Facts hold keyed hashes and codes, no names, addresses or card numbers, so that they may be kept with a transaction.
 */
import { currencies } from '../protocol/tables/iso.ts'
import { type BrowserFacts, browserFactsOf, likenessOf, type MethodData, methodDigestOf } from './browser.ts'
import { type Chains, type ChainTexts, chainsOf } from './chains.ts'
import { deviceInfoOf } from './device-info.ts'
import { addressOf } from './net/address.ts'
import { type NetworkFacts, networkOf as networkFrom } from './net/network.ts'
import { presenceOf } from './presence.ts'
import { type EntityKind, type Keys, markOf } from './profile.ts'
import type { Issuer, Setting } from './setting.ts'
import { type SignalFacts, signalFactsOf } from './signal-facts.ts'
import type { AddressKind, Signals } from './signals.ts'
import { noTables, type Tables } from './tables.ts'
import { addressKeyOf, japaneseAddressKeyOf } from './text/address.ts'
import { type MailKind, mailOf } from './text/mail.ts'
import { type Agreement, nameKeyOf } from './text/name.ts'
import { type PhoneElement, type PhoneKind, phoneOf } from './text/phone.ts'
import { kindOfPlace, placeTextOf } from './text/place-kind.ts'
import { postalCodeAgainstState } from './text/postal.ts'

export type { MethodData } from './browser.ts'

type Text = string | undefined

type OneOrMore<T> = T | readonly T[]
type RequestorAuthentication = {
  readonly threeDSReqAuthMethod?: Text
  readonly threeDSReqAuthTimestamp?: Text
}
type PriorAuthentication = {
  readonly threeDSReqPriorAuthMethod?: Text
  readonly threeDSReqPriorAuthTimestamp?: Text
}

/** The elements of an AReq that the risk engine reads, as they are on the wire. A parsed AReq is one. */
export type AReqFacts = {
  /** 01 app, 02 browser, 03 3RI; not told: browser. */
  readonly deviceChannel?: Text
  readonly messageVersion?: Text
  readonly messageCategory?: Text
  readonly acctNumber?: Text
  readonly acctID?: Text
  readonly cardholderName?: Text
  readonly mobilePhone?: PhoneElement | undefined
  readonly homePhone?: PhoneElement | undefined
  readonly workPhone?: PhoneElement | undefined
  readonly threeDSCompInd?: Text
  readonly threeDSRequestorAuthenticationInd?: Text
  readonly threeDSRequestorChallengeInd?: Text | readonly string[]
  readonly threeDSRequestorAuthenticationInfo?: OneOrMore<RequestorAuthentication> | undefined
  readonly threeDSRequestorPriorAuthenticationInfo?: OneOrMore<PriorAuthentication> | undefined
  readonly recurringInd?: unknown
  readonly purchaseAmount?: Text
  readonly purchaseCurrency?: Text
  readonly purchaseExponent?: Text
  readonly email?: Text
  readonly acquirerMerchantID?: Text
  readonly merchantName?: Text
  readonly merchantCountryCode?: Text
  readonly mcc?: Text
  readonly addrMatch?: Text
  readonly billAddrCountry?: Text
  readonly billAddrLine1?: Text
  readonly billAddrPostCode?: Text
  readonly billAddrState?: Text
  readonly shipAddrLine1?: Text
  readonly shipAddrLine2?: Text
  readonly shipAddrLine3?: Text
  readonly shipAddrCity?: Text
  readonly shipAddrPostCode?: Text
  readonly shipAddrState?: Text
  readonly shipAddrCountry?: Text
  readonly browserIP?: Text
  readonly browserUserAgent?: Text
  readonly browserLanguage?: Text
  readonly browserTZ?: Text
  readonly browserScreenWidth?: Text
  readonly browserScreenHeight?: Text
  readonly browserColorDepth?: Text
  readonly browserJavascriptEnabled?: boolean | Text
  readonly sdkAppID?: Text
  readonly appIp?: Text
  readonly deviceInfo?: Text
  readonly acctInfo?:
    | {
        readonly chAccAgeInd?: Text
        readonly chAccChangeInd?: Text
        readonly chAccPwChangeInd?: Text
        readonly nbPurchaseAccount?: Text
        readonly txnActivityDay?: Text
        readonly txnActivityYear?: Text
        readonly provisionAttemptsDay?: Text
        readonly paymentAccInd?: Text
        readonly shipNameIndicator?: Text
        readonly shipAddressUsageInd?: Text
        readonly suspiciousAccActivity?: Text
      }
    | undefined
  readonly merchantRiskIndicator?:
    | {
        readonly shipIndicator?: Text
        readonly deliveryTimeframe?: Text
        readonly deliveryEmailAddress?: Text
        readonly preOrderPurchaseInd?: Text
        readonly reorderItemsInd?: Text
        readonly giftCardAmount?: Text
        readonly giftCardCount?: Text
        readonly giftCardCurr?: Text
      }
    | undefined
}

/** What is hashed with the store's key: the entities, and what profiles only remember a mark of. */
export type KeyedKind =
  | Exclude<EntityKind, 'account' | 'range'>
  | 'name'
  | 'spelling'
  | 'network'
  | 'method'
  | 'likeness'
  | 'shopAccount'
  | 'person'

export type FactsContext = {
  readonly accountKey: string
  /** The store's key of a value: a keyed hash. */
  readonly keyOf: (kind: KeyedKind, value: string) => string
  readonly method?: MethodData | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  readonly policy: Setting
  /** Absent: nothing is looked up. */
  readonly tables?: Tables | undefined
  /** What a merchant-side check told beside its verdict. */
  readonly signals?: Signals | undefined
}

/** Short ids of the entities, for the known sets of profiles. */
export type Marks = { readonly account: number } & {
  readonly [K in
    | 'device'
    | 'merchant'
    | 'shipTo'
    | 'country'
    | 'email'
    | 'phone'
    | 'network'
    | 'method'
    | 'likeness'
    | 'spelling'
    | 'name'
    /** Who buys, as shops know people: by the mail box, which is one at all of them, or else by the account at this shop. */
    | 'shopAccount']?: number | undefined
}

export type MailFacts = {
  readonly kind: MailKind
  readonly isDeliverable: boolean
  readonly fault: 'syntax' | 'suffix' | 'ended' | undefined
  /** Big providers are no secret. */
  readonly slipOf: string | undefined
  readonly lookAlike: string | undefined
  readonly looksRandom: boolean
  readonly domainLooksRandom: boolean
}
export type PhoneFacts = { readonly kind: PhoneKind; readonly country: string | undefined }

export type Facts = {
  readonly keys: Keys
  readonly marks: Marks
  /** Minor units of the issuer's currency; undefined when there is none, or no rate for its currency. */
  readonly amount: number | undefined
  /** 0 to 24, in the issuer's zone; undefined: the holder is not there (3RI), so that the hour is nobody's. */
  readonly localHour: number | undefined
  /** What the device is known by: an id left in it (of an app: its own), parameters of the 3DS Method, or only the elements of the AReq. */
  readonly device: 'id' | 'method' | 'browser' | undefined
  /** Private and loopback addresses are shared by construction and say nothing about who is there. */
  readonly ip: 'public' | 'private' | undefined
  readonly ipCountry: string | undefined
  readonly emailDomain: string | undefined
  /** The address as sent was another spelling of the folded one. */
  readonly emailAlias: boolean | undefined
  readonly merchantCountry: string | undefined
  readonly mcc: string | undefined
  readonly billCountry: string | undefined
  readonly shipCountry: string | undefined
  readonly language: string | undefined
  readonly browserTZ: number | undefined
  readonly addrMatch: string | undefined
  readonly shipIndicator: string | undefined
  readonly shipForwarding: boolean | undefined
  /** What the ship-to address says that it is, such as a hotel or a post box; undefined: an address like any other. */
  readonly shipPlace: AddressKind | undefined
  /** Of addresses in Japan: whether there is such a postal code, in that prefecture. */
  readonly shipPostalCode: Agreement | undefined
  readonly billPostalCode: Agreement | undefined
  readonly giftCardAmount: number | undefined
  readonly giftCardCount: number | undefined
  readonly deliveryTimeframe: number | undefined
  readonly reordered: boolean | undefined
  readonly shopAccountAge: number | undefined
  readonly shopAccountChange: number | undefined
  readonly shopPasswordChange: number | undefined
  readonly shopPurchases: number | undefined
  readonly shopPurchasesToday: number | undefined
  readonly shipAddressAge: number | undefined
  readonly shopSuspects: boolean | undefined
  readonly mail: MailFacts | undefined
  readonly phone: PhoneFacts | undefined
  readonly network: NetworkFacts | undefined
  readonly browser: BrowserFacts | undefined
  /** A guest, or an account at the shop that was opened for this purchase. */
  readonly isNewcomer: boolean | undefined
  /** Years times 12 and months of the issuer's zone, for totals of calendar months. */
  readonly month: number
  readonly deliveryEmail: 'same' | 'other' | undefined
  readonly preOrder: boolean | undefined
  readonly shopPurchasesYear: number | undefined
  readonly provisionAttempts: number | undefined
  readonly paymentAccountAge: number | undefined
  /** shipNameIndicator: the receiver's name is not the holder's. */
  readonly shipNameDiffers: boolean | undefined
  /** 02 none, 03 … methods of the shop's own log-in; how long ago in minutes. */
  readonly requestorAuth: { readonly method: string | undefined; readonly minutesAgo: number | undefined } | undefined
  readonly priorAuth: { readonly method: string | undefined; readonly minutesAgo: number | undefined } | undefined
  readonly authenticationInd: string | undefined
  /** At least one. */
  readonly challengeInds: readonly string[]
  readonly compInd: string | undefined
  readonly signals: SignalFacts | undefined
  /** What the freeman scorer counts, where the policy has it. */
  readonly chains: Chains | undefined
  /** One letter per element of `readPaths`. */
  readonly presence: string
  /** How many of email, billAddrCountry and, of a browser, browserIP and browserTZ were not told. */
  readonly missing: number
}

export function factsOf(areq: AReqFacts, context: FactsContext): Facts {
  const { keyOf, method, signals, now, tables = noTables } = context
  const { issuer, lists } = context.policy
  const isBrowser = areq.deviceChannel !== '01' && areq.deviceChannel !== '03'
  const app = areq.deviceChannel === '01' ? deviceInfoOf(areq.deviceInfo) : undefined
  const deviceValue = deviceOf(areq, method)
  const address = isBrowser ? areq.browserIP : (areq.appIp ?? app?.ip)
  const ip = address === undefined ? undefined : networkOf(address)
  const isPublic = ip !== undefined && !isPrivate(ip)
  const network = isPublic && address !== undefined ? networkFrom(address, tables) : undefined
  const language = isBrowser ? areq.browserLanguage : app?.language
  const mail = areq.email === undefined ? undefined : mailOf(areq.email, tables)
  const phone = phoneIn(areq, tables)
  const merchant = merchantValue(areq)
  const shipTo = shipToValue(areq, signals)
  const place = placeTextOf([areq.shipAddrCity, areq.shipAddrLine1, areq.shipAddrLine2, areq.shipAddrLine3])
  const name = areq.cardholderName === undefined ? undefined : nameKeyOf(areq.cardholderName)
  const keyed = (kind: KeyedKind, value: string | undefined): string | undefined =>
    value === undefined ? undefined : keyOf(kind, value)
  const marked = (key: string | undefined): number | undefined => (key === undefined ? undefined : markOf(key))
  const device = keyed('device', deviceValue?.value)
  const merchantKey = keyed('merchant', merchant)
  const shipToKey = keyed('shipTo', shipTo)
  const emailKey = keyed('email', mail?.box)
  const phoneKey = keyed('phone', phone?.e164)
  const range = areq.acctNumber?.slice(0, 6)
  const { acctInfo, merchantRiskIndicator: risk } = areq
  const giftCards = numberOf(risk?.giftCardAmount)
  const ipCountry = network?.country ?? (isPublic ? countryOfIp(ip, lists.ipCountries) : undefined)
  const browser = isBrowser ? browserFactsOf(areq, method, now) : undefined
  const counted =
    context.policy.countsChains === true
      ? chainsOf(chainTextsOf(areq, isPublic ? ip : undefined, ipCountry, browser), keyOf)
      : undefined
  return {
    keys: {
      account: context.accountKey,
      device,
      ip: keyed('ip', ip),
      email: emailKey,
      merchant: merchantKey,
      shipTo: shipToKey,
      range,
      phone: phoneKey,
      // Of a big provider everybody has a box.
      domain: mail === undefined || mail.kind === 'provider' ? undefined : keyOf('domain', mail.registrable),
      binMerchant:
        range === undefined || merchantKey === undefined ? undefined : keyOf('binMerchant', `${range}:${merchantKey}`),
      ...counted?.keys,
    },
    marks: {
      account: markOf(context.accountKey),
      device: marked(device),
      merchant: marked(merchantKey),
      shipTo: marked(shipToKey),
      country: numberOf(areq.merchantCountryCode),
      email: marked(emailKey),
      phone: marked(phoneKey),
      network: isPublic ? markOf(keyOf('network', `${prefixOf(ip)}/${ipCountry ?? ''}`)) : undefined,
      method: marked(keyed('method', methodDigestOf(method))),
      likeness: marked(keyed('likeness', likenessOf(method))),
      spelling: areq.email === undefined ? undefined : markOf(keyOf('spelling', areq.email.trim().toLowerCase())),
      name: marked(keyed('name', name)),
      shopAccount: marked(emailKey ?? keyed('shopAccount', shopAccountOf(merchant, areq.acctID))),
    },
    amount: inIssuerCurrency(areq.purchaseAmount, areq.purchaseCurrency, areq.purchaseExponent, issuer),
    localHour: areq.deviceChannel === '03' ? undefined : localHourAt(now, issuer),
    month: monthAt(now, issuer),
    device: deviceValue?.by,
    ip: ip === undefined ? undefined : isPublic ? 'public' : 'private',
    ipCountry,
    network: network === undefined ? undefined : { ...network, country: ipCountry },
    browser,
    emailDomain: mail?.domain,
    emailAlias: mail?.isAlias,
    mail:
      mail === undefined
        ? undefined
        : {
            kind: mail.kind,
            isDeliverable: mail.isDeliverable,
            fault: mail.fault,
            slipOf: mail.slipOf,
            lookAlike: mail.lookAlike,
            looksRandom: mail.looksRandom,
            domainLooksRandom: mail.domainLooksRandom,
          },
    phone: phone === undefined ? undefined : { kind: phone.kind, country: phone.country },
    merchantCountry: areq.merchantCountryCode,
    mcc: areq.mcc,
    billCountry: areq.billAddrCountry,
    shipCountry: areq.shipAddrCountry,
    language: language?.split('-', 1)[0]?.toLowerCase(),
    browserTZ: numberOf(areq.browserTZ),
    addrMatch: areq.addrMatch,
    shipIndicator: risk?.shipIndicator,
    shipForwarding: shipTo === undefined ? undefined : lists.forwarding.some((pattern) => place.includes(pattern)),
    shipPlace: place === '' ? undefined : kindOfPlace(place),
    shipPostalCode: postalCodeIn(areq.shipAddrCountry, areq.shipAddrPostCode, areq.shipAddrState),
    billPostalCode: postalCodeIn(areq.billAddrCountry, areq.billAddrPostCode, areq.billAddrState),
    giftCardAmount: giftCards === undefined ? undefined : toIssuer(giftCards, 0, risk?.giftCardCurr, issuer),
    giftCardCount: numberOf(risk?.giftCardCount),
    deliveryTimeframe: numberOf(risk?.deliveryTimeframe),
    deliveryEmail: deliveryOf(risk?.deliveryEmailAddress, mail?.box, tables),
    preOrder: risk?.preOrderPurchaseInd === undefined ? undefined : risk.preOrderPurchaseInd === '02',
    reordered: risk?.reorderItemsInd === undefined ? undefined : risk.reorderItemsInd === '02',
    shopAccountAge: numberOf(acctInfo?.chAccAgeInd),
    shopAccountChange: numberOf(acctInfo?.chAccChangeInd),
    shopPasswordChange: numberOf(acctInfo?.chAccPwChangeInd),
    shopPurchases: numberOf(acctInfo?.nbPurchaseAccount),
    shopPurchasesToday: numberOf(acctInfo?.txnActivityDay),
    shopPurchasesYear: numberOf(acctInfo?.txnActivityYear),
    provisionAttempts: numberOf(acctInfo?.provisionAttemptsDay),
    paymentAccountAge: numberOf(acctInfo?.paymentAccInd),
    shipAddressAge: numberOf(acctInfo?.shipAddressUsageInd),
    shipNameDiffers: acctInfo?.shipNameIndicator === undefined ? undefined : acctInfo.shipNameIndicator === '02',
    shopSuspects: acctInfo?.suspiciousAccActivity === undefined ? undefined : acctInfo.suspiciousAccActivity === '02',
    isNewcomer:
      acctInfo?.chAccAgeInd === undefined ? undefined : acctInfo.chAccAgeInd === '01' || acctInfo.chAccAgeInd === '02',
    requestorAuth: authOf(
      areq.threeDSRequestorAuthenticationInfo,
      'threeDSReqAuthMethod',
      'threeDSReqAuthTimestamp',
      now,
    ),
    priorAuth: authOf(
      areq.threeDSRequestorPriorAuthenticationInfo,
      'threeDSReqPriorAuthMethod',
      'threeDSReqPriorAuthTimestamp',
      now,
    ),
    authenticationInd: areq.threeDSRequestorAuthenticationInd,
    challengeInds: indicatorsOf(areq.threeDSRequestorChallengeInd),
    compInd: areq.threeDSCompInd,
    signals: signals === undefined ? undefined : signalFactsOf(signals, areq, { tables, keyOf }),
    chains: counted?.chains,
    presence: presenceOf(areq),
    missing:
      untold(areq.email) +
      untold(areq.billAddrCountry) +
      (isBrowser ? untold(areq.browserIP) + untold(areq.browserTZ) : 0),
  }
}

const noPreference: readonly string[] = ['01']
export const indicatorsOf = (said: Text | readonly string[]): readonly string[] =>
  said === undefined ? noPreference : typeof said === 'string' ? [said] : said.length > 0 ? said : noPreference

/** The mobile number before others: it is whom the holder is reached by. */
function phoneIn({ mobilePhone, homePhone, workPhone }: AReqFacts, tables: Tables) {
  const element = mobilePhone ?? homePhone ?? workPhone
  return element === undefined ? undefined : phoneOf(element, tables)
}

export function deliveryOf(address: Text, box: Text, tables: Tables): Facts['deliveryEmail'] {
  if (address === undefined) return undefined
  return box !== undefined && mailOf(address, tables)?.box === box ? 'same' : 'other'
}

/** YYYYMMDDHHMM in UTC. */
const stamp = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/

/** Of several authentications the first; a time that is none, or lies ahead, tells nothing. */
function authOf<T extends object>(
  info: OneOrMore<T> | undefined,
  method: keyof T & string,
  timestamp: keyof T & string,
  now: number,
): Facts['requestorAuth'] {
  const one = Array.isArray(info) ? (info as readonly T[])[0] : (info as T | undefined)
  if (one === undefined) return undefined
  const [said, when] = [one[method], one[timestamp]]
  return {
    method: typeof said === 'string' ? said : undefined,
    minutesAgo: minutesSince(typeof when === 'string' ? stampAt(when) : Number.NaN, now),
  }
}

/** Milliseconds since 1970; NaN: no time. */
export function stampAt(text: string): number {
  const [, year, month, day, hour, minute] = stamp.exec(text) ?? []
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
}

/** A minute ahead is a clock that is not quite right. */
export const minutesSince = (at: number, now: number): number | undefined =>
  Number.isNaN(at) || at > now + 60_000 ? undefined : Math.max(0, Math.floor((now - at) / 60_000))

/** Year times 12 plus month - 1, in the issuer's zone. */
export function monthAt(now: number, issuer: Issuer): number {
  const local = new Date(now + issuer.zone.offsetMinutes * 60_000)
  return local.getUTCFullYear() * 12 + local.getUTCMonth()
}

/** /16 of an IPv4 address, two groups of an IPv6 one: what a provider has. */
export function prefixOf(network: string): string {
  const [first = '', second = ''] = network.split(network.includes(':') ? ':' : '.')
  return `${first}.${second}`
}

const untold = (said: Text): number => (said === undefined ? 1 : 0)

export const localHourAt = (now: number, issuer: Issuer): number => {
  const minutes = Math.floor(now / 60_000) + issuer.zone.offsetMinutes
  return (((minutes % 1_440) + 1_440) % 1_440) / 60
}

/** The identity of a merchant: its number at the acquirer and its name. */
export function merchantValue(areq: Pick<AReqFacts, 'acquirerMerchantID' | 'merchantName'>): string | undefined {
  const { acquirerMerchantID, merchantName } = areq
  if (acquirerMerchantID === undefined && merchantName === undefined) return undefined
  return `${acquirerMerchantID ?? ''}\n${merchantName ?? ''}`
}

/** Shops number their accounts as they like. */
export const shopAccountOf = (merchant: Text, acctID: Text): Text =>
  acctID === undefined ? undefined : `${merchant ?? ''}\n${acctID}`

const japan = '392'

export const postalCodeIn = (country: Text, postCode: Text, state: Text): Agreement | undefined =>
  country === japan && postCode !== undefined ? postalCodeAgainstState(postCode, state) : undefined

/** The key of a ship-to address: one for all its spellings. As it was typed at the shop it says more than in Latin letters. */
export function shipToValue(areq: AReqFacts, signals?: Signals): string | undefined {
  if (signals?.rawAddress !== undefined) {
    return japaneseAddressKeyOf(signals.rawAddress, signals.postCode ?? areq.shipAddrPostCode)
  }
  const { shipAddrLine1, shipAddrLine2, shipAddrLine3, shipAddrCity, shipAddrPostCode } = areq
  return addressKeyOf({
    lines: [shipAddrLine1, shipAddrLine2, shipAddrLine3],
    city: shipAddrCity,
    postCode: shipAddrPostCode,
    state: areq.shipAddrState,
    country: areq.shipAddrCountry,
  })
}

type Device = { readonly value: string; readonly by: NonNullable<Facts['device']> }

function deviceOf(areq: AReqFacts, method: MethodData | undefined): Device | undefined {
  if (method?.deviceId !== undefined) return { value: `id\n${method.deviceId}`, by: 'id' }
  const likeness = likenessOf(method)
  if (likeness !== undefined) return { value: likeness, by: 'method' }
  // Made when the app is installed, and kept there.
  if (areq.deviceChannel === '01')
    return areq.sdkAppID === undefined ? undefined : { value: `app\n${areq.sdkAppID.toLowerCase()}`, by: 'id' }
  if (areq.browserUserAgent === undefined || areq.deviceChannel === '03') return undefined
  return { value: `browser\n${signatureOf(areq, areq.browserUserAgent)}`, by: 'browser' }
}

export function signatureOf(areq: AReqFacts, userAgent: string): string {
  const { browserScreenWidth, browserScreenHeight, browserColorDepth, browserTZ, browserLanguage } = areq
  const screen = `${browserScreenWidth ?? ''}x${browserScreenHeight ?? ''}x${browserColorDepth ?? ''}`
  return `${userAgent}\n${screen}\n${browserTZ ?? ''}\n${browserLanguage ?? ''}`
}

const app = { narrow: 'app', middle: 'app', wide: 'app' }

/** Values from narrow to wide. Private addresses are shared by construction; a 3RI has neither network nor browser. */
export function chainTextsOf(
  areq: AReqFacts,
  ip: string | undefined,
  country = 'unknown',
  browser: BrowserFacts | undefined,
): ChainTexts {
  const { deviceChannel, browserUserAgent } = areq
  const isThere = deviceChannel !== '03'
  return {
    network: ip === undefined || !isThere ? undefined : { narrow: ip, middle: prefixOf(ip), wide: country },
    agent:
      deviceChannel === '01'
        ? app
        : browserUserAgent === undefined || !isThere
          ? undefined
          : {
              narrow: signatureOf(areq, browserUserAgent),
              middle: browserUserAgent,
              wide: browser?.system ?? 'other',
            },
  }
}

/** An IPv4 address as it is; of an IPv6 address the first four groups, which one household has for itself. */
export function networkOf(address: string): string {
  const text = address.toLowerCase()
  const known = addressOf(text)
  if (known?.family === 4) return [24, 16, 8, 0].map((bits) => (known.value >>> bits) & 255).join('.')
  if (!text.includes(':')) return text
  const [head = '', tail] = text.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...new Array<string>(gap).fill('0'), ...after]
  if (groups.slice(0, 7).every((group) => Number.parseInt(group, 16) === 0) && groups[7] === '1') return '::1'
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

export const isPrivate = (network: string): boolean =>
  /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(network) ||
  /^(::1$|f[cd]|fe[89ab])/.test(network)

function ipv4(address: string): number | undefined {
  let value = 0
  let parts = 0
  for (const part of address.split('.')) {
    const octet = Number(part)
    if (part === '' || !(octet >= 0 && octet <= 255)) return undefined
    value = value * 256 + octet
    parts++
  }
  return parts === 4 ? value : undefined
}

export function countryOfIp(network: string, table: Setting['lists']['ipCountries']): string | undefined {
  const address = ipv4(network)
  if (address === undefined) return undefined
  for (const { cidr, country } of table) {
    const [base = '', bits = '32'] = cidr.split('/')
    const size = 2 ** (32 - Number(bits))
    if (Math.floor(address / size) === Math.floor((ipv4(base) ?? 0) / size)) return country
  }
  return undefined
}

/** Whole numbers of the wire, which has at most 48 digits, sign allowed; anything else was not told. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d{1,48}$/.test(text)) return undefined
  return Number(text)
}

/** One digit; what is none leaves it to the currency. */
export const exponentOf = (exponent: Text, currency: Text): number =>
  exponent !== undefined && /^\d$/.test(exponent) ? Number(exponent) : (currencies.get(currency ?? '')?.exponent ?? 0)

function inIssuerCurrency(amount: Text, currency: Text, exponent: Text, issuer: Issuer): number | undefined {
  const value = numberOf(amount)
  if (value === undefined) return undefined
  return toIssuer(value, exponentOf(exponent, currency), currency, issuer)
}

export const rateOf = (currency: Text, { rates }: Issuer): number | undefined =>
  currency !== undefined && Object.hasOwn(rates, currency) ? rates[currency] : undefined

/** Whole minor units, at most 2^53 - 2: the wire allows 48 digits. */
export function toIssuer(value: number, exponent: number, currency: Text, issuer: Issuer): number | undefined {
  const rate = currency === issuer.currency.code ? 1 : rateOf(currency, issuer)
  if (rate === undefined || value < 0) return undefined
  return Math.min(Math.round(value * 10 ** (issuer.currency.exponent - exponent) * rate), Number.MAX_SAFE_INTEGER - 1)
}
