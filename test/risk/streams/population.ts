/**
 * Genuine people and what they buy. They are not tidy on purpose: they travel, change phones, buy presents, hide behind
 * VPNs, wake at night and empty a shop before New Year, so that a low rate of challenges has to be earned.
 */
import { type Device, elementsOf, makeDevice, methodOf, privately } from './device.ts'
import type { Draft } from './events.ts'
import { type Random, randomOf } from './random.ts'
import {
  abroad,
  addressIn,
  familyNames,
  gatewayOf,
  givenNames,
  homes,
  type Network,
  networks,
  type Place,
  type Shop,
} from './world.ts'

export const day = 86_400 // seconds

export type Address = { readonly line: string; readonly place: Place }

export type ShopAccount = {
  readonly id: string
  readonly since: number
  changed: number | undefined
  passwordChanged: number | undefined
  purchases: number[]
  readonly shipTos: Map<string, number>
}

export type Holder = {
  readonly n: number
  readonly latin: string
  readonly kanji: string
  readonly kana: string
  readonly home: Place
  readonly address: Address
  readonly others: readonly Address[]
  readonly wifi: string
  readonly carrier: Network
  readonly language: string
  readonly email: string
  readonly secondEmail: string | undefined
  /** Writes `+shop` behind the name of the box. */
  readonly usesAliases: boolean
  readonly phone: { readonly cc: string; readonly subscriber: string }
  readonly spend: number
  readonly spread: number
  readonly perDay: number
  readonly hours: readonly (readonly [mean: number, deviation: number])[]
  readonly favourites: readonly Shop[]
  readonly isPrivate: boolean
  readonly vpn: Network | undefined
  readonly relay: Network | undefined
  readonly isGamer: boolean
  readonly isGuest: number
  /** Of the household: a partner who shares the computer. */
  readonly partner: number | undefined
  readonly cards: readonly { readonly number: string; readonly from: number; readonly since: number }[]
  readonly accounts: Map<string, ShopAccount>
  devices: readonly Device[]
}

export const range = '411112'
/** Sixteen digits with the check digit that makes the sum right. */
export function cardNumber(prefix: string, random: Random): string {
  const body = prefix + random.digits(15 - prefix.length)
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const digit = Number(body[i]) * (i % 2 === 0 ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return body + String((10 - (sum % 10)) % 10)
}

export const addressAt = (place: Place, random: Random): Address => ({
  line: `${random.whole(1, 9)}-${random.whole(1, 30)}-${random.whole(1, 20)} ${random.pick(['Honcho', 'Midori', 'Sakae', 'Chuo', 'Asahi', 'Hikari', 'Izumi', 'Sakura'])}`,
  place,
})

export const mobilePhone = (random: Random): Holder['phone'] => ({
  cc: '81',
  subscriber: `${random.pick(['90', '80', '70'])}${random.whole(1, 9)}${random.digits(7)}`,
})

export const personOf = (random: Random) => {
  const [family, familyKanji, familyKana] = random.pick(familyNames)
  const [given, givenKanji, givenKana] = random.pick(givenNames)
  return {
    family,
    given,
    latin: `${given} ${family}`,
    kanji: `${familyKanji} ${givenKanji}`,
    kana: `${familyKana} ${givenKana}`,
  }
}

export const providers = [
  'gmail.com',
  'yahoo.co.jp',
  'icloud.com',
  'docomo.ne.jp',
  'outlook.jp',
  'ezweb.ne.jp',
] as const

export type Span = { readonly from: number; readonly to: number }

/** The people as they are at the beginning; `drawn` gives their purchases. */
export function populationOf(
  seed: number,
  shops: readonly Shop[],
  { from, to }: Span,
  size: number,
): readonly Holder[] {
  const holders: Holder[] = []
  for (let n = 0; n < size; n++) {
    const random = randomOf(seed, 'holder', n)
    const person = personOf(random)
    const partner = n % 2 === 1 && random.chance(0.15) ? holders[n - 1] : undefined
    const isAbroad = random.chance(0.03)
    const home = partner?.home ?? (isAbroad ? random.pick(abroad) : random.pick(homes))
    const language =
      home.country !== '392'
        ? random.pick(['ja', 'en-US'])
        : random.chance(0.05)
          ? random.pick(['en-US', 'zh-CN', 'ko-KR', 'vi-VN', 'pt-BR'])
          : 'ja'
    const isp = random.pick(
      home.country === '392'
        ? networks.home.filter(({ place }) => place === home)
        : networks.foreign.filter(({ place }) => place === home),
    )
    const isOwl = random.chance(0.07)
    const local = random
      .weighted([
        [`${person.given}.${person.family}${random.digits(2)}`, 3],
        [`${person.family}${random.digits(4)}`, 2],
        [`${person.given}${random.whole(60, 99)}${random.letters(2)}`, 1],
      ])
      .toLowerCase()
    const mailbox = `${local}${n}`
    const since = from - random.whole(30, 3_000) * day
    const address = partner?.address ?? addressAt(home, random)
    const cards = cardsOf(random, from, to)
    holders.push({
      n,
      ...person,
      home,
      address,
      others: [addressAt(random.pick(homes), random), addressAt(random.pick(homes), random)],
      wifi: partner?.wifi ?? addressIn(isp, random),
      carrier:
        home.country === '392'
          ? random.pick(networks.carriers)
          : random.pick(networks.foreignCarriers.filter(({ place }) => place === home)),
      language,
      email: `${mailbox}@${random.chance(0.02) ? 'privaterelay.appleid.com' : random.pick(providers)}`,
      secondEmail: random.chance(0.2) ? `${mailbox}.shop@${random.pick(providers)}` : undefined,
      usesAliases: random.chance(0.02),
      phone: mobilePhone(random),
      spend: random.lognormal(4_500, 0.5),
      spread: random.between(0.45, 0.85),
      perDay: Math.min(1.5, random.gamma(1.4, 0.2)),
      hours: isOwl
        ? [[random.between(24, 27), 1.6]]
        : [
            [random.between(11, 14), 2],
            [random.between(19.5, 22.5), 1.6],
          ],
      favourites: random.shuffled(shops).slice(0, random.whole(4, 8)),
      isPrivate: random.chance(0.08),
      vpn: random.chance(0.06) ? random.pick(networks.vpns) : undefined,
      relay: random.chance(0.05) ? random.pick(networks.relays) : undefined,
      isGamer: random.chance(0.12),
      isGuest: random.chance(0.3) ? random.between(0.2, 0.7) : random.between(0, 0.06),
      partner: partner?.n,
      cards,
      accounts: new Map(),
      devices: [
        makeDevice(random, 'phone', language, since),
        ...(partner?.devices[1] !== undefined && random.chance(0.7)
          ? [partner.devices[1]]
          : random.chance(0.65)
            ? [makeDevice(random, 'computer', language, since)]
            : []),
        ...(random.chance(0.15) ? [makeDevice(random, 'computer', language, since)] : []),
      ],
    })
  }
  return holders
}

/** One card for most; some get a new number within the time, some are new customers. */
function cardsOf(random: Random, from: number, to: number): Holder['cards'] {
  const isNew = random.chance(0.04)
  const begins = isNew ? from + Math.floor(random.between(0.1, 0.95) * (to - from)) : from
  const first = {
    number: cardNumber(range, random),
    from: begins,
    since: isNew ? begins : from - random.whole(30, 1_800) * day,
  }
  // A number every five years or so, and one after each loss.
  if (!random.chance(((to - from) / (5 * 365 * day)) * 1.4)) return [first]
  const renewed = begins + Math.floor(random.between(0.1, 0.95) * (to - begins))
  return [first, { number: cardNumber(range, random), from: renewed, since: renewed }]
}

export const cardAt = ({ cards }: Holder, ts: number): Holder['cards'][number] | undefined =>
  cards.findLast((card) => card.from <= ts)

/** Before New Year people give and stock up; in yen and in number. */
const season = (ts: number): number => {
  const date = new Date(ts * 1000)
  return date.getUTCMonth() === 11 && date.getUTCDate() >= 10 ? (date.getUTCDate() <= 30 ? 1.7 : 0.8) : 1
}

type Trip = Span & {
  readonly place: Place
  readonly wifi: string
  readonly carrier: Network
  /** Seconds of each way, in which nobody shops. */
  readonly way: number
}

function tripsOf(holder: Holder, random: Random, { from, to }: Span): readonly Trip[] {
  const years = (to - from) / (365 * day)
  const trip = (place: Place, days: number, carrier: Network, isp: Network, way: number): Trip => {
    const begin = from + random.unit() * (to - from)
    return { from: begin, to: begin + days * day, place, wifi: addressIn(isp, random), carrier, way }
  }
  const domestic = Array.from({ length: random.poisson(2 * years) }, () => {
    const place = random.pick(homes)
    const isp = random.pick(networks.home.filter((network) => network.place === place))
    return trip(place, random.between(1, 4), holder.carrier, isp, 6 * 3_600)
  })
  const far = Array.from({ length: random.poisson(0.35 * years) }, () => {
    const place = random.pick(abroad)
    const isp = random.pick(networks.foreign.filter((network) => network.place === place))
    // Roaming goes out at home, a local card abroad.
    const carrier = random.chance(0.5)
      ? holder.carrier
      : random.pick(networks.foreignCarriers.filter((network) => network.place.alpha === place.alpha))
    return trip(place, random.between(3, 9), carrier, isp, 18 * 3_600)
  })
  return [...domestic, ...far]
}

/** Where and with what a purchase is made. */
export type Seat = {
  readonly device: Device
  readonly ip: string
  readonly tz: number
  /** The 3DS Method has not answered. */
  readonly isSilent: boolean
}

/** What is bought, and how it is told. */
export type Basket = {
  readonly shop: Shop
  /** In yen. */
  readonly amount: number
  readonly shipTo: Address | undefined
  readonly account: ShopAccount | undefined
  readonly email: string
  readonly deliveryEmail?: string
  readonly giftCards?: number
  readonly preOrder?: boolean
  readonly express?: boolean
  readonly firstOffer?: boolean
}

/** Who it is said to be for. */
export type Buyer = {
  readonly card: string
  readonly latin: string
  readonly kanji: string
  readonly kana: string
  readonly phone: Holder['phone'] | undefined
  readonly bill: Address
}

const rates: Readonly<Record<string, { readonly yen: number; readonly exponent: number }>> = {
  '392': { yen: 1, exponent: 0 },
  '840': { yen: 150, exponent: 2 },
  '826': { yen: 190, exponent: 2 },
  '410': { yen: 0.11, exponent: 0 },
}

/** 01 guest, 02 now, 03 within 30 days, 04 within 60, 05 earlier. */
const ageInd = (since: number, ts: number): string =>
  ts - since < 3_600 ? '02' : ts - since < 30 * day ? '03' : ts - since < 60 * day ? '04' : '05'
/** 01 now, 02 within 30 days, 03 within 60, 04 earlier. */
const changeInd = (at: number | undefined, ts: number): string =>
  at === undefined ? '04' : ts - at < 3_600 ? '01' : ts - at < 30 * day ? '02' : ts - at < 60 * day ? '03' : '04'
/** 01 never, 02 now, and so on. */
const passwordInd = (at: number | undefined, ts: number): string =>
  at === undefined ? '01' : ts - at < 3_600 ? '02' : ts - at < 30 * day ? '03' : ts - at < 60 * day ? '04' : '05'
const usageInd = (since: number | undefined, ts: number): string =>
  since === undefined
    ? '01'
    : ts - since < 3_600
      ? '01'
      : ts - since < 30 * day
        ? '02'
        : ts - since < 60 * day
          ? '03'
          : '04'

const delivered: Readonly<Record<Shop['goods'], string>> = {
  shipped: '01',
  digital: '05',
  tickets: '06',
  service: '07',
}

export function areqOf(buyer: Buyer, seat: Seat, basket: Basket, ts: number): Draft['areq'] {
  const { shop, shipTo, account } = basket
  const { tier } = shop
  const { yen, exponent } = rates[shop.currency] ?? { yen: 1, exponent: 0 }
  const isSame = shipTo === undefined || shipTo.line === buyer.bill.line
  const tells = tier !== 'minimum'
  const risk = {
    shipIndicator: shipTo === undefined ? delivered[shop.goods] : isSame ? '01' : '03',
    deliveryTimeframe: shop.goods === 'digital' ? '01' : basket.express === true ? '02' : '04',
    ...(tier === 'full' && { reorderItemsInd: '01', preOrderPurchaseInd: basket.preOrder === true ? '02' : '01' }),
    ...(basket.deliveryEmail !== undefined && { deliveryEmailAddress: basket.deliveryEmail }),
    ...(basket.giftCards !== undefined && {
      giftCardAmount: String(Math.round(basket.amount)),
      giftCardCount: String(basket.giftCards).padStart(2, '0'),
      giftCardCurr: '392',
    }),
  }
  const acctInfo =
    account === undefined
      ? { chAccAgeInd: '01' }
      : {
          chAccAgeInd: ageInd(account.since, ts),
          chAccChangeInd: changeInd(account.changed, ts),
          chAccPwChangeInd: passwordInd(account.passwordChanged, ts),
          nbPurchaseAccount: String(account.purchases.filter((at) => at > ts - 182 * day).length),
          txnActivityDay: String(account.purchases.filter((at) => at > ts - day).length),
          suspiciousAccActivity: '01',
          ...(shipTo !== undefined && { shipAddressUsageInd: usageInd(account.shipTos.get(shipTo.line), ts) }),
        }
  return {
    deviceChannel: '02',
    messageCategory: '01',
    threeDSCompInd: seat.isSilent ? (ts % 2 === 0 ? 'N' : 'U') : 'Y',
    acctNumber: buyer.card,
    cardholderName: buyer.latin,
    purchaseAmount: String(Math.max(1, Math.round((basket.amount / yen) * 10 ** exponent))),
    purchaseCurrency: shop.currency,
    purchaseExponent: String(exponent),
    acquirerMerchantID: shop.id,
    merchantName: shop.name,
    merchantCountryCode: shop.country,
    mcc: shop.mcc,
    threeDSRequestorChallengeInd: shop.wish,
    browserIP: seat.ip,
    ...elementsOf(seat.device, seat.tz),
    ...(tells && {
      email: basket.email,
      billAddrCountry: buyer.bill.place.country,
      billAddrPostCode: buyer.bill.place.postal,
      billAddrCity: buyer.bill.place.city,
      billAddrLine1: buyer.bill.line,
      merchantRiskIndicator: risk,
      ...(shop.goods === 'shipped' && { addrMatch: isSame ? 'Y' : 'N' }),
    }),
    ...(tells &&
      shipTo !== undefined && {
        shipAddrLine1: shipTo.line,
        shipAddrCity: shipTo.place.city,
        shipAddrPostCode: shipTo.place.postal,
        shipAddrCountry: shipTo.place.country,
        ...(shipTo.place.state !== undefined && { shipAddrState: shipTo.place.state }),
      }),
    ...(tier === 'full' && {
      ...(buyer.phone !== undefined && { mobilePhone: buyer.phone }),
      acctInfo,
      ...(account !== undefined && { acctID: account.id }),
      threeDSRequestorAuthenticationInfo: { threeDSReqAuthMethod: account === undefined ? '01' : '02' },
    }),
  } as Draft['areq']
}

/** What the hook tells of an honest purchase. */
export const honestSignals = (buyer: Buyer, basket: Basket, random: Random): NonNullable<Draft['signals']> => ({
  kanji: buyer.kanji,
  kana: buyer.kana,
  phoneReachable: random.chance(0.97),
  mailDeliverable: random.chance(0.98),
  ...(basket.shipTo !== undefined && { addressVacant: random.chance(0.01) }),
  loginFailures: random.chance(0.06) ? random.whole(1, 2) : 0,
  passwordReset: false,
  ...(basket.firstOffer === true && { firstTimeOffer: true }),
  behaviour: typedBy(random),
})

/** People type unevenly; some paste, some let the browser fill the form. */
export function typedBy(random: Random): Readonly<Record<string, number>> {
  const total = Math.round(random.lognormal(40_000, 0.6))
  if (random.chance(0.35)) {
    return { keys: random.whole(0, 6), pastes: 0, fills: random.whole(2, 6), corrections: 0, taps: 4, total }
  }
  const mean = random.lognormal(190, 0.3)
  return {
    keys: random.whole(20, 70),
    pastes: random.chance(0.08) ? 1 : 0,
    fills: 0,
    corrections: random.poisson(2),
    taps: random.whole(2, 9),
    total,
    toFirst: Math.min(total, Math.round(random.lognormal(2_500, 0.5))),
    gapMean: mean,
    gapSpread: mean * random.between(0.45, 1.1),
  }
}
/** A script that fills the form: even keys, no corrections, at once. */
export function typedByRobot(random: Random): Readonly<Record<string, number>> {
  const mean = random.between(5, 60)
  return {
    keys: random.whole(20, 60),
    corrections: 0,
    taps: 0,
    toFirst: random.whole(20, 300),
    total: random.whole(500, 4_000),
    gapMean: mean,
    gapSpread: mean * random.between(0, 0.03),
    scripted: random.chance(0.5) ? random.whole(5, 40) : 0,
  }
}

export const buyerOf = (holder: Holder, ts: number): Buyer | undefined => {
  const card = cardAt(holder, ts)
  if (card === undefined) return undefined
  const { latin, kanji, kana, phone, address } = holder
  return { card: card.number, latin, kanji, kana, phone, bill: address }
}

export const emailAt = (holder: Holder, shop: Shop, random: Random): string => {
  const box = holder.secondEmail !== undefined && random.chance(0.15) ? holder.secondEmail : holder.email
  return holder.usesAliases && box.endsWith('@gmail.com') ? box.replace('@', `+${shop.id.toLowerCase()}@`) : box
}

const providersAt = (place: Place): readonly Network[] =>
  [...networks.home, ...networks.foreign].filter((network) => network.place === place)

function seatOf(holder: Holder, trip: Trip | undefined, ts: number, random: Random): Seat {
  const phone = holder.devices.find(({ isPhone }) => isPhone) ?? (holder.devices[0] as Device)
  const device =
    trip !== undefined && random.chance(0.8) ? phone : random.chance(0.6) ? phone : random.pick(holder.devices)
  const used = holder.isPrivate && random.chance(0.6) ? privately(device, random, ts) : device
  const isOut = device.isPhone && random.chance(0.45)
  const ip =
    holder.vpn !== undefined && random.chance(0.6)
      ? gatewayOf(holder.vpn, random)
      : holder.relay !== undefined && device.isPhone && random.chance(0.7)
        ? gatewayOf(holder.relay, random)
        : isOut
          ? gatewayOf(trip?.carrier ?? holder.carrier, random)
          : random.chance(0.03)
            ? addressIn(random.pick(providersAt(trip?.place ?? holder.home)), random) // at a friend's, in a café
            : (trip?.wifi ?? holder.wifi)
  return { device: used, ip, tz: (trip?.place ?? holder.home).tz, isSilent: random.chance(0.04) }
}

/** A wifi address changes now and then, within the provider's block. */
const renumbered = (address: string, random: Random): string => {
  const [a, b] = address.split('.')
  return `${a}.${b}.${random.whole(0, 255)}.${random.whole(1, 254)}`
}

/** Everything the population buys within the time, each holder in the order of time. */
export function drawn(seed: number, holders: readonly Holder[], shops: readonly Shop[], span: Span): readonly Draft[] {
  const drafts: Draft[] = []
  for (const holder of holders) drafts.push(...lifeOf(seed, holder, shops, span))
  return drafts
}

function lifeOf(seed: number, born: Holder, shops: readonly Shop[], span: Span): readonly Draft[] {
  const random = randomOf(seed, 'life', born.n)
  const drafts: Draft[] = []
  const trips = tripsOf(born, random, span)
  let holder = born
  const days = Math.floor((span.to - span.from) / day)
  for (let d = 0; d < days; d++) {
    const midnight = span.from + d * day
    if (random.chance(1 / 30)) holder = { ...holder, wifi: renumbered(holder.wifi, random) }
    holder = { ...holder, devices: holder.devices.map((device) => aged(device, random, midnight)) }
    const times = Array.from({ length: random.poisson(holder.perDay * season(midnight)) }, () => {
      const [mean, deviation] = random.pick(holder.hours)
      const hour = (((random.normal(mean, deviation) % 24) + 24) % 24) * 3_600
      return midnight + Math.floor(hour) + (born.home.tz + 540) * 60
    }).sort((a, b) => a - b)
    for (const ts of times) drafts.push(...visit(holder, shops, trips, ts, random))
  }
  // The attacks need the things that the holder has in the end; the accounts are shared already.
  born.devices = holder.devices
  return drafts
}

/** A new device every 18 months, a new version of the browser every few weeks. */
function aged(device: Device, random: Random, ts: number): Device {
  if (random.chance(1 / 545)) return makeDevice(random, device.isPhone ? 'phone' : 'computer', device.language, ts)
  if (random.chance(1 / 1000)) return { ...device, id: makeDevice(random, 'phone', '', ts).id, idSince: ts } // emptied
  return random.chance(1 / 45) ? { ...device, version: device.version + 1 } : device
}

const isDigital = ({ goods }: Shop): boolean => goods === 'digital'

/** One visit is one purchase, and a few more where people buy in rows: games, and carts that are split. */
function visit(holder: Holder, shops: readonly Shop[], trips: readonly Trip[], ts: number, random: Random): Draft[] {
  if (trips.some(({ from, to, way }) => (from <= ts && ts < from + way) || (to <= ts && ts < to + way))) return []
  const trip = trips.find(({ from, to }) => from <= ts && ts < to)
  const games = holder.isGamer && random.chance(0.35)
  const known = games ? holder.favourites.filter(isDigital) : holder.favourites
  const shop =
    games && known.length === 0
      ? (shops.filter(isDigital)[holder.n % 5] as Shop)
      : random.chance(games ? 0.05 : 0.15)
        ? random.pick(shops)
        : random.pick(known)
  const seat = seatOf(holder, trip, ts, random)
  const times = games && random.chance(0.3) ? random.whole(2, 5) : random.chance(0.03) ? 2 : 1
  const drafts: Draft[] = []
  for (let i = 0, at = ts; i < times; i++, at += random.whole(40, 400)) {
    const draft = purchase(holder, shop, seat, at, random)
    if (draft !== undefined) drafts.push(draft)
  }
  return drafts
}

export function purchase(holder: Holder, shop: Shop, seat: Seat, ts: number, random: Random): Draft | undefined {
  const buyer = buyerOf(holder, ts)
  if (buyer === undefined) return undefined
  const bulk = season(ts) > 1 && random.chance(0.12) ? random.between(2, 5) : 1
  const games = isDigital(shop)
  const amount =
    games && random.chance(0.5)
      ? random.pick([500, 980, 1_000, 2_000, 3_000, 5_000, 10_000])
      : random.lognormal(holder.spend * shop.priceFactor * bulk, holder.spread)
  const isGift = shop.goods === 'shipped' && random.chance(season(ts) > 1 ? 0.15 : 0.04)
  const address = isGift
    ? random.chance(0.5)
      ? random.pick(holder.others)
      : addressAt(random.pick(homes), random)
    : holder.address
  const shipTo = shop.goods === 'shipped' ? address : undefined
  const guest = random.chance(holder.isGuest) && !holder.accounts.has(shop.id)
  const account = guest ? undefined : accountAt(holder, shop, ts, random)
  const isFirst = account !== undefined && account.since === ts
  const basket: Basket = {
    shop,
    amount: Math.min(amount, 600_000),
    shipTo,
    account,
    email: emailAt(holder, shop, random),
    ...(games && { deliveryEmail: random.chance(0.05) ? `friend${random.digits(4)}@gmail.com` : holder.email }),
    ...(shop.mcc === '6540' && { giftCards: random.whole(1, 2) }),
    preOrder: random.chance(0.05),
    express: random.chance(0.15),
    firstOffer: isFirst && random.chance(0.3),
  }
  const draft: Draft = {
    ts,
    areq: areqOf(buyer, seat, basket, ts),
    method: seat.isSilent ? undefined : methodOf(seat.device, seat.tz, ts, random),
    signals: shop.hook ? honestSignals(buyer, basket, random) : undefined,
    pattern: undefined,
    who: `holder-${holder.n}`,
    pass: 0.92,
    reportedAt: undefined,
  }
  if (account !== undefined) {
    account.purchases.push(ts)
    if (shipTo !== undefined && !account.shipTos.has(shipTo.line)) account.shipTos.set(shipTo.line, ts)
  }
  return draft
}

/** The holder's account at a shop: old at a favourite, made now where the holder is new. */
function accountAt(holder: Holder, shop: Shop, ts: number, random: Random): ShopAccount {
  const known = holder.accounts.get(shop.id)
  if (known !== undefined) {
    if (random.chance(0.004)) known.passwordChanged = ts - random.whole(0, 5) * day
    if (random.chance(0.006)) known.changed = ts
    return known
  }
  const since = holder.favourites.includes(shop) ? ts - random.whole(40, 2_000) * day : ts
  const account: ShopAccount = {
    id: `acct-${shop.id}-${holder.n}`,
    since,
    changed: undefined,
    passwordChanged: undefined,
    purchases: since === ts ? [] : Array.from({ length: random.whole(1, 8) }, () => ts - random.whole(5, 170) * day),
    shipTos: new Map(since === ts ? [] : [[holder.address.line, since]]),
  }
  holder.accounts.set(shop.id, account)
  return account
}
