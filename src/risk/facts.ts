/**
 * What an AReq and the 3DS Method said, normalised. What was not said is undefined, which is not the same as "no".
 * Facts hold keyed hashes and codes, no names, addresses or card numbers, so that they may be kept with a transaction.
 */
import { currencies } from '../protocol/tables/iso.ts'
import { deviceInfoOf } from './device-info.ts'
import { type EntityKind, type Keys, markOf } from './profile.ts'
import type { Issuer, Setting } from './setting.ts'

type Text = string | undefined

/** The elements of an AReq that the risk engine reads, as they are on the wire. A parsed AReq is one. */
export type AReqFacts = {
  /** 01 app, 02 browser, 03 3RI; not told: browser. */
  readonly deviceChannel?: Text
  readonly acctNumber?: Text
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
        readonly shipAddressUsageInd?: Text
        readonly suspiciousAccActivity?: Text
      }
    | undefined
  readonly merchantRiskIndicator?:
    | {
        readonly shipIndicator?: Text
        readonly deliveryTimeframe?: Text
        readonly reorderItemsInd?: Text
        readonly giftCardAmount?: Text
        readonly giftCardCount?: Text
        readonly giftCardCurr?: Text
      }
    | undefined
}

/** Device parameters collected by the 3DS Method. `deviceId` is one the ACS left in the browser itself. */
export type MethodData = {
  readonly deviceId?: string | undefined
  readonly [parameter: string]: string | number | boolean | null | undefined
}

export type KeyedKind = Exclude<EntityKind, 'account' | 'range'>

export type FactsContext = {
  readonly accountKey: string
  /** The store's key of a value: a keyed hash. */
  readonly keyOf: (kind: KeyedKind, value: string) => string
  readonly method?: MethodData | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  readonly policy: Setting
}

/** Short ids of the entities, for the known sets of profiles. */
export type Marks = { readonly account: number } & {
  readonly [K in 'device' | 'merchant' | 'shipTo' | 'country']?: number | undefined
}

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
  /** How many of email, billAddrCountry and, of a browser, browserIP and browserTZ were not told. */
  readonly missing: number
}

export function factsOf(areq: AReqFacts, context: FactsContext): Facts {
  const { keyOf, method } = context
  const { issuer, lists } = context.policy
  const isBrowser = areq.deviceChannel !== '01' && areq.deviceChannel !== '03'
  const app = areq.deviceChannel === '01' ? deviceInfoOf(areq.deviceInfo) : undefined
  const deviceValue = deviceOf(areq, method)
  const address = isBrowser ? areq.browserIP : (areq.appIp ?? app?.ip)
  const ip = address === undefined ? undefined : networkOf(address)
  const language = isBrowser ? areq.browserLanguage : app?.language
  const email = areq.email === undefined ? undefined : foldedEmail(areq.email)
  const merchant = merchantValue(areq)
  const shipTo = shipToValue(areq)
  const device = deviceValue === undefined ? undefined : keyOf('device', deviceValue.value)
  const merchantKey = merchant === undefined ? undefined : keyOf('merchant', merchant)
  const shipToKey = shipTo === undefined ? undefined : keyOf('shipTo', shipTo)
  const { acctInfo, merchantRiskIndicator: risk } = areq
  const giftCards = numberOf(risk?.giftCardAmount)
  return {
    keys: {
      account: context.accountKey,
      device,
      ip: ip === undefined ? undefined : keyOf('ip', ip),
      email: email === undefined ? undefined : keyOf('email', email),
      merchant: merchantKey,
      shipTo: shipToKey,
      range: areq.acctNumber?.slice(0, 6),
    },
    marks: {
      account: markOf(context.accountKey),
      device: device === undefined ? undefined : markOf(device),
      merchant: merchantKey === undefined ? undefined : markOf(merchantKey),
      shipTo: shipToKey === undefined ? undefined : markOf(shipToKey),
      country: numberOf(areq.merchantCountryCode),
    },
    amount: inIssuerCurrency(areq.purchaseAmount, areq.purchaseCurrency, areq.purchaseExponent, issuer),
    localHour: areq.deviceChannel === '03' ? undefined : localHourAt(context.now, issuer),
    device: deviceValue?.by,
    ip: ip === undefined ? undefined : isPrivate(ip) ? 'private' : 'public',
    ipCountry: ip === undefined ? undefined : countryOfIp(ip, lists.ipCountries),
    emailDomain: email?.slice(email.lastIndexOf('@') + 1),
    emailAlias: email === undefined ? undefined : email !== areq.email?.toLowerCase(),
    merchantCountry: areq.merchantCountryCode,
    mcc: areq.mcc,
    billCountry: areq.billAddrCountry,
    shipCountry: areq.shipAddrCountry,
    language: language?.split('-', 1)[0]?.toLowerCase(),
    browserTZ: numberOf(areq.browserTZ),
    addrMatch: areq.addrMatch,
    shipIndicator: risk?.shipIndicator,
    shipForwarding: shipTo === undefined ? undefined : lists.forwarding.some((pattern) => shipTo.includes(pattern)),
    giftCardAmount: giftCards === undefined ? undefined : toIssuer(giftCards, 0, risk?.giftCardCurr, issuer),
    giftCardCount: numberOf(risk?.giftCardCount),
    deliveryTimeframe: numberOf(risk?.deliveryTimeframe),
    reordered: risk?.reorderItemsInd === undefined ? undefined : risk.reorderItemsInd === '02',
    shopAccountAge: numberOf(acctInfo?.chAccAgeInd),
    shopAccountChange: numberOf(acctInfo?.chAccChangeInd),
    shopPasswordChange: numberOf(acctInfo?.chAccPwChangeInd),
    shopPurchases: numberOf(acctInfo?.nbPurchaseAccount),
    shopPurchasesToday: numberOf(acctInfo?.txnActivityDay),
    shipAddressAge: numberOf(acctInfo?.shipAddressUsageInd),
    shopSuspects: acctInfo?.suspiciousAccActivity === undefined ? undefined : acctInfo.suspiciousAccActivity === '02',
    missing:
      untold(areq.email) +
      untold(areq.billAddrCountry) +
      (isBrowser ? untold(areq.browserIP) + untold(areq.browserTZ) : 0),
  }
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

/** A ship-to address in one spelling: NFKC, lower case, without spaces, hyphens and punctuation. */
export function shipToValue(areq: AReqFacts): string | undefined {
  const { shipAddrLine1, shipAddrLine2, shipAddrLine3, shipAddrCity, shipAddrPostCode } = areq
  const lines = [shipAddrPostCode, shipAddrCity, shipAddrLine1, shipAddrLine2, shipAddrLine3]
  const text = lines.filter((line) => line !== undefined).join('|')
  if (text === '') return undefined
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}ー]/gu, '')
  return `${folded}${areq.shipAddrState?.toLowerCase() ?? ''}${areq.shipAddrCountry ?? ''}`
}

/** One spelling per mail box: NFKC, lower case, no +tag; dots mean nothing at Gmail. */
export function foldedEmail(address: string): string | undefined {
  const text = address.normalize('NFKC').trim().toLowerCase()
  const at = text.lastIndexOf('@')
  if (at < 1 || at === text.length - 1) return undefined
  const said = text.slice(at + 1)
  const domain = said === 'googlemail.com' ? 'gmail.com' : said
  const plus = text.slice(0, at).indexOf('+')
  const local = text.slice(0, plus > 0 ? plus : at)
  return `${domain === 'gmail.com' ? local.replaceAll('.', '') : local}@${domain}`
}

type Device = { readonly value: string; readonly by: NonNullable<Facts['device']> }

function deviceOf(areq: AReqFacts, method: MethodData | undefined): Device | undefined {
  if (method?.deviceId !== undefined) return { value: `id\n${method.deviceId}`, by: 'id' }
  const parameters = method === undefined ? [] : Object.keys(method).filter((name) => method[name] !== undefined)
  if (method !== undefined && parameters.length > 0) {
    return { value: parameters.sort().reduce((all, name) => `${all}\n${name}=${method[name]}`, 'method'), by: 'method' }
  }
  // Made when the app is installed, and kept there.
  if (areq.deviceChannel === '01')
    return areq.sdkAppID === undefined ? undefined : { value: `app\n${areq.sdkAppID.toLowerCase()}`, by: 'id' }
  if (areq.browserUserAgent === undefined || areq.deviceChannel === '03') return undefined
  const { browserUserAgent, browserScreenWidth, browserScreenHeight, browserColorDepth, browserTZ } = areq
  const screen = `${browserScreenWidth ?? ''}x${browserScreenHeight ?? ''}x${browserColorDepth ?? ''}`
  return {
    value: `browser\n${browserUserAgent}\n${screen}\n${browserTZ ?? ''}\n${areq.browserLanguage ?? ''}`,
    by: 'browser',
  }
}

/** An IPv4 address as it is; of an IPv6 address the first four groups, which one household has for itself. */
function networkOf(address: string): string {
  const text = address.toLowerCase()
  if (text.startsWith('::ffff:') && text.includes('.')) return text.slice(7)
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

const isPrivate = (network: string): boolean =>
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

function countryOfIp(network: string, table: Setting['lists']['ipCountries']): string | undefined {
  const address = ipv4(network)
  if (address === undefined) return undefined
  for (const { cidr, country } of table) {
    const [base = '', bits = '32'] = cidr.split('/')
    const size = 2 ** (32 - Number(bits))
    if (Math.floor(address / size) === Math.floor((ipv4(base) ?? 0) / size)) return country
  }
  return undefined
}

/** Whole numbers of the wire, sign allowed; anything else was not told. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined
  return Number(text)
}

function inIssuerCurrency(amount: Text, currency: Text, exponent: Text, issuer: Issuer): number | undefined {
  const value = numberOf(amount)
  if (value === undefined) return undefined
  return toIssuer(value, numberOf(exponent) ?? currencies.get(currency ?? '')?.exponent ?? 0, currency, issuer)
}

/** Whole minor units, at most 2^53 - 2: the wire allows 48 digits. */
function toIssuer(value: number, exponent: number, currency: Text, issuer: Issuer): number | undefined {
  const rate = currency === issuer.currency.code ? 1 : currency === undefined ? 0 : (issuer.rates[currency] ?? 0)
  if (rate === 0) return undefined
  return Math.min(Math.round(value * 10 ** (issuer.currency.exponent - exponent) * rate), Number.MAX_SAFE_INTEGER - 1)
}
