/** One purchase as it is put into the columns: filled by those who live and by those who steal, written in one place. */
import type { Chance } from './chance.ts'
import { challengeMethods, goodsOf, patternIds } from './config.ts'
import { agentText, models, mostVersions } from './models.ts'
import type { Out, Words } from './out.ts'
import type { Scene } from './scene.ts'
import { currencies, tiers, versions, wishes } from './shops.ts'
import { signalTexts } from './signals.ts'
import { languages as browserLanguages, homes, networks, places } from './world.ts'

/** Written again for every purchase. Ids are of the column of the same name; 0 is "not sent". */
export type Purchase = {
  ts: number
  shop: number
  yen: number
  card: number
  bin: number
  cardholderName: number
  email: number
  mobilePhone: number
  billAddrLine1: number
  billAddrPostCode: number
  billPlace: number
  /** -1: nothing is shipped. */
  shipPlace: number
  shipAddrLine1: number
  shipAddrPostCode: number
  isShippedHome: boolean
  /** 0: a guest. */
  acctID: number
  /** Codes of acctInfo; 0: not told. */
  accountAge: number
  accountChange: number
  passwordChange: number
  shipAddressUsage: number
  nbPurchaseAccount: number
  txnActivityDay: number
  deliveryEmailAddress: number
  giftCards: number
  isPreOrder: boolean
  isExpress: boolean
  isNewHere: boolean
  isApp: boolean
  model: number
  version: number
  isHeadless: boolean
  hasScreen: boolean
  /** Index into the words of `browserLanguage`. */
  browserLanguage: number
  tz: number
  network: number
  ip: number
  /** 0 Y, 1 N, 2 U. */
  method: number
  deviceId: number
  methodData: number
  sdkAppID: number
  deviceInfo: number
  /** Index into the pool of signals, or -1. */
  signals: number
  cardAgeDays: number
  // Truth.
  isFraud: number
  kind: number
  campaign: number
  labelTs: number
  pass: number
  abandon: number
  challengeMethod: number
  luck: number
  /** 1 + index; 0: not known. */
  ageBand: number
  /** Of [0, 1]: how much of a fraud a screening can see of it. */
  visible: number
}

export const newPurchase = (): Purchase => ({
  ts: 0,
  shop: 0,
  yen: 0,
  card: 0,
  bin: 0,
  cardholderName: 0,
  email: 0,
  mobilePhone: 0,
  billAddrLine1: 0,
  billAddrPostCode: 0,
  billPlace: 0,
  shipPlace: -1,
  shipAddrLine1: 0,
  shipAddrPostCode: 0,
  isShippedHome: true,
  acctID: 0,
  accountAge: 0,
  accountChange: 0,
  passwordChange: 0,
  shipAddressUsage: 0,
  nbPurchaseAccount: 0,
  txnActivityDay: 0,
  deliveryEmailAddress: 0,
  giftCards: 0,
  isPreOrder: false,
  isExpress: false,
  isNewHere: false,
  isApp: false,
  model: 0,
  version: 0,
  isHeadless: false,
  hasScreen: true,
  browserLanguage: 0,
  tz: 0,
  network: 0,
  ip: 0,
  method: 0,
  deviceId: 0,
  methodData: 0,
  sdkAppID: 0,
  deviceInfo: 0,
  signals: -1,
  cardAgeDays: 0,
  isFraud: 0,
  kind: 0,
  campaign: 0,
  labelTs: Number.NaN,
  pass: 0,
  abandon: 0,
  challengeMethod: 0,
  luck: 0,
  ageBand: 0,
  visible: 0,
})

const codes = ['', '01', '02', '03', '04', '05', '06', '07'] as const
const verdicts = ['', 'OK', 'REVIEW', 'HOLD', 'NG'] as const

/** Abramowitz and Stegun 26.2.17: exact to seven digits. */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    Math.exp((-x * x) / 2) *
    0.3989422804 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x > 0 ? 1 - tail : tail
}

/** How the code of `shipIndicator` tells what is delivered without an address. */
const delivered = { shipped: 1, digital: 5, tickets: 6, service: 7 } as const
const deliveredCode = goodsOf.map((goods) => delivered[goods])
const digital = goodsOf.indexOf('digital')
const shippedGoods = goodsOf.indexOf('shipped')
const full = tiers.indexOf('full')
const minimum = tiers.indexOf('minimum')
const wishCodes = { none: 1, rather: 2, exempt: 5, first: 3, dear: 3, always: 4 } as const

const channels = ['browser', 'app'] as const
const cardAges = ['', 'under 30 days', '30 days to a year', 'over a year'] as const

/** What every column can be asked to say, interned when it first does. */
export function wordsOf(out: Out, { shops, config }: Scene) {
  const code = (name: CodeColumn): Words => out[name].words(codes)
  const placed = (name: PlaceColumn, of: (place: (typeof places)[number]) => string | undefined): Words =>
    out[name].words(places.map((place) => of(place) ?? ''))
  const sources = ['', ...config.screenings.sources.map(({ name }) => name)]
  return {
    merchant: out.merchant.words(shops.id),
    merchantName: out.merchantName.words(shops.name),
    mcc: out.mcc.words(shops.mcc),
    merchantCountryCode: out.merchantCountryCode.words(currencies.map(({ country }) => country)),
    purchaseCurrency: out.purchaseCurrency.words(currencies.map(({ code }) => code)),
    purchaseExponent: out.purchaseExponent.words(currencies.map(({ exponent }) => String(exponent))),
    messageVersion: out.messageVersion.words(versions),
    messageCategory: code('messageCategory'),
    deviceChannel: code('deviceChannel'),
    addrMatch: out.addrMatch.words(['N', 'Y']),
    billAddrCountry: placed('billAddrCountry', ({ country }) => country),
    billAddrState: placed('billAddrState', ({ state }) => state),
    shipAddrCountry: placed('shipAddrCountry', ({ country }) => country),
    shipAddrState: placed('shipAddrState', ({ state }) => state),
    shipAddrCity: placed('shipAddrCity', ({ city }) => city),
    shipIndicator: code('shipIndicator'),
    deliveryTimeframe: code('deliveryTimeframe'),
    preOrderPurchaseInd: code('preOrderPurchaseInd'),
    reorderItemsInd: code('reorderItemsInd'),
    giftCardCurr: out.giftCardCurr.words(['392']),
    chAccAgeInd: code('chAccAgeInd'),
    chAccChangeInd: code('chAccChangeInd'),
    chAccPwChangeInd: code('chAccPwChangeInd'),
    shipAddressUsageInd: code('shipAddressUsageInd'),
    suspiciousAccActivity: code('suspiciousAccActivity'),
    threeDSRequestorChallengeInd: code('threeDSRequestorChallengeInd'),
    threeDSReqAuthMethod: code('threeDSReqAuthMethod'),
    threeDSCompInd: out.threeDSCompInd.words(['Y', 'N', 'U']),
    browserUserAgent: out.browserUserAgent.words(
      models.flatMap((_, model) => Array.from({ length: mostVersions }, (_, version) => agentText(model, version))),
    ),
    headlessAgent: out.browserUserAgent.words(models.map((_, model) => agentText(model, 0, true))),
    browserLanguage: out.browserLanguage.words(browserLanguages),
    browserColorDepth: out.browserColorDepth.words(models.map(({ depth }) => String(depth))),
    browserJavascriptEnabled: out.browserJavascriptEnabled.words(['true']),
    ipCountry: out.ipCountry.words(networks.map(({ place }) => places[place]?.country ?? '')),
    ipType: out.ipType.words(networks.map(({ kind }) => kind)),
    source: out.merchantSource.words(sources),
    source2: out.merchantSource2.words(sources),
    verdict: out.merchantVerdict.words(verdicts),
    verdict2: out.merchantVerdict2.words(verdicts),
    signals: out.merchantSignals.words(signalTexts),
    kind: out.kind.words(['', ...patternIds]),
    challengeMethod: out.challengeMethod.words(challengeMethods),
    ageBand: out.ageBand.words(['', ...Object.keys(config.holders.ageBands)]),
    channel: out.channel.words(channels),
    tier: out.tier.words(tiers),
    language: out.language.words(['other', 'ja']),
    cardAge: out.cardAge.words(cardAges),
    shopKind: out.shopKind.words(goodsOf),
  }
}
type CodeColumn =
  | 'messageCategory'
  | 'deviceChannel'
  | 'shipIndicator'
  | 'deliveryTimeframe'
  | 'preOrderPurchaseInd'
  | 'reorderItemsInd'
  | 'chAccAgeInd'
  | 'chAccChangeInd'
  | 'chAccPwChangeInd'
  | 'shipAddressUsageInd'
  | 'suspiciousAccActivity'
  | 'threeDSRequestorChallengeInd'
  | 'threeDSReqAuthMethod'
type PlaceColumn = 'billAddrCountry' | 'billAddrState' | 'shipAddrCountry' | 'shipAddrState' | 'shipAddrCity'
export type PurchaseWords = ReturnType<typeof wordsOf>

/** Writes a purchase into a row. `chance`: of what screenings see of it. */
export function write(out: Out, words: PurchaseWords, scene: Scene, p: Purchase, row: number, chance: Chance): void {
  const { shops } = scene
  const { shop, isApp } = p
  const goods = shops.goods[shop] as number
  const tier = shops.tier[shop] as number
  const isFull = tier === full
  const tells = tier !== minimum
  const currency = shops.currency[shop] as number
  const { yen, exponent } = currencies[currency] as (typeof currencies)[number]
  const isShipped = p.shipPlace >= 0
  out.ts.values[row] = p.ts
  out.card.ids[row] = p.card
  out.bin.ids[row] = p.bin
  out.merchant.ids[row] = out.merchant.word(words.merchant, shop)
  out.merchantName.ids[row] = out.merchantName.word(words.merchantName, shop)
  out.mcc.ids[row] = out.mcc.word(words.mcc, shop)
  out.merchantCountryCode.ids[row] = out.merchantCountryCode.word(words.merchantCountryCode, currency)
  out.purchaseCurrency.ids[row] = out.purchaseCurrency.word(words.purchaseCurrency, currency)
  out.purchaseExponent.ids[row] = out.purchaseExponent.word(words.purchaseExponent, currency)
  out.purchaseAmount.values[row] = Math.max(1, Math.round((p.yen / yen) * 10 ** exponent))
  const speaks = isApp ? 1 : (shops.speaks[shop] as number)
  out.messageVersion.ids[row] = out.messageVersion.word(words.messageVersion, speaks)
  out.messageCategory.ids[row] = out.messageCategory.word(words.messageCategory, 1)
  out.deviceChannel.ids[row] = out.deviceChannel.word(words.deviceChannel, isApp ? 1 : 2)
  out.cardholderName.ids[row] = p.cardholderName
  const wish = wishOf(scene, p)
  out.threeDSRequestorChallengeInd.ids[row] = out.threeDSRequestorChallengeInd.word(
    words.threeDSRequestorChallengeInd,
    wish,
  )
  if (tells) {
    out.email.ids[row] = p.email
    out.billAddrLine1.ids[row] = p.billAddrLine1
    out.billAddrPostCode.ids[row] = p.billAddrPostCode
    out.billAddrCountry.ids[row] = out.billAddrCountry.word(words.billAddrCountry, p.billPlace)
    if (p.billPlace < homes) out.billAddrState.ids[row] = out.billAddrState.word(words.billAddrState, p.billPlace)
    const indicator = isShipped ? (p.isShippedHome ? 1 : 3) : (deliveredCode[goods] as number)
    out.shipIndicator.ids[row] = out.shipIndicator.word(words.shipIndicator, indicator)
    out.deliveryTimeframe.ids[row] = out.deliveryTimeframe.word(
      words.deliveryTimeframe,
      goods === digital ? 1 : p.isExpress ? 2 : 4,
    )
    out.deliveryEmailAddress.ids[row] = p.deliveryEmailAddress
    if (p.giftCards > 0) {
      out.giftCardCount.values[row] = p.giftCards
      out.giftCardAmount.values[row] = Math.round(p.yen)
      out.giftCardCurr.ids[row] = out.giftCardCurr.word(words.giftCardCurr, 0)
    }
    if (goods === shippedGoods && isShipped)
      out.addrMatch.ids[row] = out.addrMatch.word(words.addrMatch, p.isShippedHome ? 1 : 0)
    if (isShipped) {
      out.shipAddrLine1.ids[row] = p.shipAddrLine1
      out.shipAddrPostCode.ids[row] = p.shipAddrPostCode
      out.shipAddrCity.ids[row] = out.shipAddrCity.word(words.shipAddrCity, p.shipPlace)
      out.shipAddrCountry.ids[row] = out.shipAddrCountry.word(words.shipAddrCountry, p.shipPlace)
      if (p.shipPlace < homes) out.shipAddrState.ids[row] = out.shipAddrState.word(words.shipAddrState, p.shipPlace)
    }
  }
  if (isFull) {
    out.mobilePhone.ids[row] = p.mobilePhone
    out.reorderItemsInd.ids[row] = out.reorderItemsInd.word(words.reorderItemsInd, 1)
    out.preOrderPurchaseInd.ids[row] = out.preOrderPurchaseInd.word(words.preOrderPurchaseInd, p.isPreOrder ? 2 : 1)
    out.threeDSReqAuthMethod.ids[row] = out.threeDSReqAuthMethod.word(
      words.threeDSReqAuthMethod,
      p.acctID === 0 ? 1 : 2,
    )
    if (p.acctID === 0) out.chAccAgeInd.ids[row] = out.chAccAgeInd.word(words.chAccAgeInd, 1)
    else {
      out.acctID.ids[row] = p.acctID
      out.chAccAgeInd.ids[row] = out.chAccAgeInd.word(words.chAccAgeInd, p.accountAge)
      out.chAccChangeInd.ids[row] = out.chAccChangeInd.word(words.chAccChangeInd, p.accountChange)
      out.chAccPwChangeInd.ids[row] = out.chAccPwChangeInd.word(words.chAccPwChangeInd, p.passwordChange)
      out.nbPurchaseAccount.values[row] = p.nbPurchaseAccount
      out.txnActivityDay.values[row] = p.txnActivityDay
      out.suspiciousAccActivity.ids[row] = out.suspiciousAccActivity.word(words.suspiciousAccActivity, 1)
      if (isShipped)
        out.shipAddressUsageInd.ids[row] = out.shipAddressUsageInd.word(words.shipAddressUsageInd, p.shipAddressUsage)
    }
  }
  const network = networks[p.network] as (typeof networks)[number]
  const place = places[network.place] as (typeof places)[number]
  const { width, height } = models[p.model] as (typeof models)[number]
  if (isApp) {
    out.sdkAppID.ids[row] = p.sdkAppID
    out.deviceInfo.ids[row] = p.deviceInfo
    out.appIp.ids[row] = p.ip
  } else {
    out.browserIP.ids[row] = p.ip
    out.threeDSCompInd.ids[row] = out.threeDSCompInd.word(words.threeDSCompInd, p.method)
    out.browserUserAgent.ids[row] = p.isHeadless
      ? out.browserUserAgent.word(words.headlessAgent, p.model)
      : out.browserUserAgent.word(words.browserUserAgent, p.model * mostVersions + p.version)
    out.browserLanguage.ids[row] = out.browserLanguage.word(words.browserLanguage, p.browserLanguage)
    out.browserColorDepth.ids[row] = out.browserColorDepth.word(words.browserColorDepth, p.model)
    out.browserJavascriptEnabled.ids[row] = out.browserJavascriptEnabled.word(words.browserJavascriptEnabled, 0)
    out.browserTZ.values[row] = p.tz
    if (p.hasScreen) {
      out.browserScreenWidth.values[row] = width
      out.browserScreenHeight.values[row] = height
    }
    if (p.method === 0) {
      out.deviceId.ids[row] = p.deviceId
      out.methodData.ids[row] = p.methodData
    }
  }
  out.ipCountry.ids[row] = out.ipCountry.word(words.ipCountry, p.network)
  out.ipType.ids[row] = out.ipType.word(words.ipType, p.network)
  out.ipLat.values[row] = place.lat
  out.ipLon.values[row] = place.lon
  out.ipRadiusKm.values[row] = 0
  out.cardAgeDays.values[row] = p.cardAgeDays
  screen(out, words, scene, p, row, chance)
  // Truth and slices.
  out.isFraud.values[row] = p.isFraud
  out.kind.ids[row] = out.kind.word(words.kind, p.kind)
  out.campaign.ids[row] = p.campaign
  out.labelTs.values[row] = p.labelTs
  out.pChallengePass.values[row] = p.pass
  out.pChallengeAbandon.values[row] = p.abandon
  out.challengeMethod.ids[row] = out.challengeMethod.word(words.challengeMethod, p.challengeMethod)
  out.uChallenge.values[row] = p.luck
  out.ageBand.ids[row] = out.ageBand.word(words.ageBand, p.ageBand)
  out.channel.ids[row] = out.channel.word(words.channel, isApp ? 1 : 0)
  out.tier.ids[row] = out.tier.word(words.tier, tier)
  out.language.ids[row] = out.language.word(words.language, p.browserLanguage === 0 ? 1 : 0)
  const age = p.cardAgeDays
  out.cardAge.ids[row] = out.cardAge.word(words.cardAge, Number.isNaN(age) ? 0 : age < 30 ? 1 : age < 365 ? 2 : 3)
  out.shopKind.ids[row] = out.shopKind.word(words.shopKind, goods)
}

/** threeDSRequestorChallengeInd. Apps wish for no challenge, since this ACS has none for them. */
function wishOf({ shops, config }: Scene, { shop, yen, isNewHere, isApp }: Purchase): number {
  const wish = wishes[shops.wish[shop] as number] as (typeof wishes)[number]
  if (isApp) return wishCodes.rather
  if (wish === 'first') return isNewHere ? wishCodes.first : wishCodes.none
  if (wish === 'dear') return yen >= config.shops.dearFrom ? wishCodes.dear : wishCodes.none
  return wishCodes[wish]
}

/** What the shop's screenings say: each sees frauds a little apart from purchases, through the shop's own bias. */
function screen(out: Out, words: PurchaseWords, scene: Scene, p: Purchase, row: number, chance: Chance): void {
  const { shops } = scene
  const first = shops.first[p.shop] as number
  if (first === 0) return
  const seen = chance.normal()
  const one = placeFor(scene, p, first, seen)
  out.merchantSource.ids[row] = out.merchantSource.word(words.source, first)
  out.merchantVerdict.ids[row] = out.merchantVerdict.word(words.verdict, verdictOf(scene, first, one))
  out.merchantScore.values[row] = Math.round(one * 100) / 100
  const second = shops.second[p.shop] as number
  if (second !== 0) {
    // Two screenings of one shop look at the same order.
    const two = placeFor(scene, p, second, 0.7 * seen + 0.714 * chance.normal())
    out.merchantSource2.ids[row] = out.merchantSource2.word(words.source2, second)
    out.merchantVerdict2.ids[row] = out.merchantVerdict2.word(words.verdict2, verdictOf(scene, second, two))
    out.merchantScore2.values[row] = Math.round(two * 100) / 100
  }
  if (p.signals >= 0) out.merchantSignals.ids[row] = out.merchantSignals.word(words.signals, p.signals)
}

/** Where a purchase lies among the good ones that a screening has seen: 0 to 1. */
function placeFor({ shops, config: { screenings } }: Scene, p: Purchase, source: number, seen: number): number {
  const { apart } = screenings.sources[source - 1] as (typeof screenings.sources)[number]
  return normalBelow(seen + (shops.bias[p.shop] as number) + apart * screenings.quality * p.visible)
}
/** Its number among `verdicts`. */
function verdictOf({ config: { screenings } }: Scene, source: number, place: number): number {
  const { cuts } = screenings.sources[source - 1] as (typeof screenings.sources)[number]
  return place < cuts[0] ? 1 : place < cuts[1] ? 2 : place < cuts[2] ? 3 : 4
}
