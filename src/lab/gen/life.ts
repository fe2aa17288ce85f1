/**
 * What people buy. They are not tidy on purpose: they travel, change telephones, give presents, hide behind VPNs, wake at night
 * and empty a shop on campaign days, so that a low rate of challenges has to be earned.
 */
import { Chance, placeIn } from './chance.ts'
import { goodsOf } from './config.ts'
import {
  cardIndex,
  cardNumber,
  type Device,
  day,
  devicesMost,
  favouritesMost,
  type Holders,
  mobileOf,
  rangeOf,
} from './holders.ts'
import { deviceInfoText, methodText, modelFor, models } from './models.ts'
import type { Out, Words } from './out.ts'
import type { Purchase } from './purchase.ts'
import { rows, type Scene } from './scene.ts'
import { tiers } from './shops.ts'
import { signalsOf } from './signals.ts'
import {
  addressIn,
  homes,
  issuerZone,
  languages,
  mailProviders,
  networks,
  networksOf,
  places,
  providersAt,
} from './world.ts'

const hour = 3_600
const digital = goodsOf.indexOf('digital')
const shippedGoods = goodsOf.indexOf('shipped')
const fullTier = tiers.indexOf('full')
const minimumTier = tiers.indexOf('minimum')

/** Which purchase of a holder it is, as one number: the day, the visit of the day, the item of the visit. */
export const visitsMost = 16
const itemsMost = 8
export const whichOf = (d: number, visit: number, item: number): number => (d * visitsMost + visit) * itemsMost + item

export type Times = {
  n: number
  ts: Float64Array
  who: Float64Array
  which: Float64Array
}

const tripDays = 30
const ways = [0, 6 * hour, 18 * hour] as const

/** Reused: the journey that a holder is on. */
class Trip {
  /** 0 none, 1 in the country, 2 abroad. */
  kind = 0
  place = 0
  from = 0
  to = 0
  isp = 0
  carrier = 0
  address = 0
  isAt(ts: number): boolean {
    return this.kind > 0 && this.from <= ts && ts < this.to
  }
  /** Nobody shops on the way. */
  isOnTheWay(ts: number): boolean {
    if (this.kind === 0) return false
    const way = ways[this.kind] as number
    return (this.from <= ts && ts < this.from + way) || (this.to <= ts && ts < this.to + way)
  }
}

export class Life {
  readonly #scene: Scene
  readonly #chance = new Chance()
  readonly #other = new Chance()
  readonly #trip = new Trip()
  readonly #tripShares: readonly [atHome: number, abroad: number]
  constructor(scene: Scene) {
    this.#scene = scene
    const { tripsAtHome, tripsAbroad } = scene.config.holders
    this.#tripShares = [(tripsAtHome * tripDays) / 365, (tripsAbroad * tripDays) / 365]
  }

  tripOf(h: number, ts: number): Trip {
    const { keys, from } = this.#scene
    const trip = this.#trip
    const [atHome, abroad] = this.#tripShares
    const slot = Math.floor((ts - from) / (tripDays * day))
    const chance = this.#other.at(keys.trip, h, slot)
    const drawn = chance.unit()
    trip.kind = drawn < abroad ? 2 : drawn < abroad + atHome ? 1 : 0
    if (trip.kind === 0) return trip
    const length = (trip.kind === 2 ? chance.between(3, 9) : chance.between(1, 4)) * day
    trip.from = from + slot * tripDays * day + chance.unit() * (tripDays * day - length - day)
    trip.to = trip.from + length
    trip.place = trip.kind === 2 ? homes + chance.below(places.length - homes) : chance.below(homes)
    trip.isp = chance.pick(providersAt[trip.place] as readonly number[])
    trip.address = chance.below(65_024)
    // Roaming goes out at home, a local card abroad.
    const own = this.#scene.holders.carrier[h] as number
    trip.carrier =
      trip.kind === 2 && chance.chance(0.5) ? (networksOf.foreignCarriers[trip.place - homes] as number) : own
    return trip
  }

  /** Everything that is bought on a day, holder by holder, put behind what is there. */
  drawDay(d: number, into: Times): void {
    const { holders, volume, from } = this.#scene
    const factor = volume[d] as number
    const isOrdinary = factor === 1
    const chance = this.#chance
    for (let h = 0; h < holders.n; h++) {
      chance.at(this.#scene.keys.times, h, d)
      const none = isOrdinary ? (holders.idle[h] as number) : Math.exp(-(holders.perDay[h] as number) * factor)
      const visits = chance.poisson((holders.perDay[h] as number) * factor, none)
      if (visits > 0) this.#drawVisits(h, d, Math.min(visits, visitsMost), from + d * day, into)
    }
  }

  #drawVisits(h: number, d: number, visits: number, midnight: number, into: Times): void {
    const { holders, mandateFrom, shops } = this.#scene
    const chance = this.#chance
    for (let visit = 0; visit < visits; visit++) {
      const isEvening = chance.chance(0.5)
      const owl = holders.isOwl[h] === 1
      const mean = (isEvening && !owl ? holders.evening[h] : holders.noon[h]) as number
      const deviation = owl || isEvening ? 1.6 : 2
      const away = ((places[holders.place[h] as number]?.tz ?? 0) + issuerZone) * 60
      const local = Math.floor((mean + deviation * chance.normal()) * hour) + away
      const ts = midnight + (((local % day) + day) % day)
      const isGames = holders.isGamer[h] === 1 && chance.chance(rows.games)
      const isInRows = isGames && chance.chance(rows.inRows)
      const items = isInRows ? chance.whole(rows.from, rows.to) : chance.chance(rows.split) ? 2 : 1
      const gap = chance.whole(40, 400)
      if (!holders.hasCard(h, ts) || this.tripOf(h, ts).isOnTheWay(ts)) continue
      if (ts < mandateFrom && shops.isEarly[this.shopOf(h, whichOf(d, visit, 0), isGames)] === 0) continue
      for (let item = 0; item < items; item++) {
        // Games are told from the rest by the sign, so that they need not be drawn again.
        const which = whichOf(d, visit, item)
        push(into, Math.min(ts + item * gap, midnight + day - 1), h, isGames ? -1 - which : which)
      }
    }
  }

  /** The shop of a visit: the same for all its items. */
  shopOf(h: number, which: number, isGames: boolean): number {
    const { holders, shops, config, keys } = this.#scene
    const chance = this.#other.at(keys.seat, h, Math.floor(which / itemsMost))
    if (chance.chance(isGames ? 0.05 : config.shops.elsewhere)) {
      this.isFavourite = -1
      return placeIn(shops.sums, chance.unit())
    }
    const many = holders.favouriteCount[h] as number
    const first = chance.below(many)
    for (let i = 0; i < many; i++) {
      const at = (first + i) % many
      const shop = holders.favourites[h * favouritesMost + at] as number
      if (isGames && shops.goods[shop] !== digital) continue
      this.isFavourite = at
      return shop
    }
    this.isFavourite = isGames ? 0 : -1
    return shops.digital[h % shops.digital.length] as number
  }
  /** Of the shop that was told last: its place among the favourites; -1: none of them. */
  isFavourite = -1
}

function push(into: Times, ts: number, who: number, which: number): void {
  if (into.n === into.ts.length) {
    for (const name of ['ts', 'who', 'which'] as const) {
      const grown = new Float64Array(Math.max(1_024, into.n * 2))
      grown.set(into[name])
      into[name] = grown
    }
  }
  into.ts[into.n] = ts
  into.who[into.n] = who
  into.which[into.n] = which
  into.n++
}

/** Ids of the texts that belong to people, by holder: interned when they are first needed. */
export class LifeTexts {
  readonly #out: Out
  readonly #scene: Scene
  readonly #holders: Holders
  readonly #cards: Uint32Array
  readonly #cardOf: Float64Array
  readonly #names: Uint32Array
  readonly #mails: Uint32Array
  readonly #deliveryMails: Uint32Array
  readonly #phones: Uint32Array
  readonly #accounts: Uint32Array
  readonly #billLines: Uint32Array
  readonly #billCodes: Uint32Array
  readonly #shipLines: Uint32Array
  readonly #shipCodes: Uint32Array
  readonly #wifi: Uint32Array
  readonly #wifiEpoch: Int32Array
  readonly #deviceIds: Uint32Array
  readonly #methods: Uint32Array
  readonly #deviceKeys: Float64Array
  readonly #apps: Uint32Array
  readonly #appOf: Int32Array
  readonly #infos: Words
  readonly #secondMails: Uint32Array
  readonly #gateways: Uint32Array
  readonly #gatewaysEach: number
  readonly #ranges: Uint32Array

  constructor(out: Out, scene: Scene) {
    const { n } = scene.holders
    this.#out = out
    this.#scene = scene
    this.#holders = scene.holders
    this.#cards = out.card.cache(n)
    this.#cardOf = new Float64Array(n).fill(-1)
    this.#names = out.cardholderName.cache(n)
    this.#mails = out.email.cache(n)
    this.#deliveryMails = out.deliveryEmailAddress.cache(n)
    this.#phones = out.mobilePhone.cache(n)
    this.#accounts = out.acctID.cache(n)
    this.#billLines = out.billAddrLine1.cache(n)
    this.#billCodes = out.billAddrPostCode.cache(n)
    this.#shipLines = out.shipAddrLine1.cache(n)
    this.#shipCodes = out.shipAddrPostCode.cache(n)
    this.#wifi = out.browserIP.cache(n)
    this.#wifiEpoch = new Int32Array(n).fill(-1)
    this.#deviceIds = out.deviceId.cache(n * devicesMost)
    this.#methods = out.methodData.cache(n * devicesMost)
    this.#deviceKeys = new Float64Array(n * devicesMost).fill(-1)
    this.#apps = out.sdkAppID.cache(n)
    this.#appOf = new Int32Array(n).fill(-1)
    this.#infos = out.deviceInfo.words(
      models.flatMap((_, model) => languages.map((language) => deviceInfoText(model, language))),
    )
    this.#secondMails = out.email.cache(n)
    this.#gatewaysEach = Math.max(scene.gateways, scene.exits)
    this.#gateways = out.browserIP.cache(networks.length * this.#gatewaysEach)
    this.#ranges = out.bin.cache(scene.ranges)
  }

  card(h: number, generation: number): number {
    if (this.#cardOf[h] !== generation) {
      this.#cardOf[h] = generation
      this.#cards[h] = 0
    }
    return cached(this.#cards, h) || this.#keep(this.#cards, h, this.#out.card.id(this.cardText(h, generation)))
  }
  cardText(h: number, generation: number): string {
    return cardNumber(rangeOf(h, this.#scene.ranges), cardIndex(h, generation))
  }
  bin(h: number): number {
    const range = h % this.#scene.ranges
    return (
      cached(this.#ranges, range) || this.#keep(this.#ranges, range, this.#out.bin.id(rangeOf(h, this.#scene.ranges)))
    )
  }
  name(h: number): number {
    return cached(this.#names, h) || this.#keep(this.#names, h, this.#out.cardholderName.id(this.#holders.latin(h)))
  }
  mail(h: number): number {
    return cached(this.#mails, h) || this.#keep(this.#mails, h, this.#out.email.id(this.#holders.mail(h)))
  }
  secondMail(h: number): number {
    return (
      cached(this.#secondMails, h) || this.#keep(this.#secondMails, h, this.#out.email.id(this.#holders.secondMail(h)))
    )
  }
  deliveryMail(h: number): number {
    return (
      cached(this.#deliveryMails, h) ||
      this.#keep(this.#deliveryMails, h, this.#out.deliveryEmailAddress.id(this.#holders.mail(h)))
    )
  }
  phone(h: number): number {
    return cached(this.#phones, h) || this.#keep(this.#phones, h, this.#out.mobilePhone.id(this.#holders.phone(h)))
  }
  /** Of those who buy with somebody's card: each purchase has its own. */
  anotherMail(h: number, which: number): number {
    const { given, family } = this.#holders.person(h)
    const provider = mailProviders[which % mailProviders.length] as string
    return this.#out.email.id(`${given.slice(0, 2)}.${family}${which % 1_000}x${h}@${provider}`.toLowerCase())
  }
  anotherPhone(h: number, which: number): number {
    return this.#out.mobilePhone.id(mobileOf(200_000_000 + ((h * 8_191 + which) % 40_000_000)))
  }
  anotherAccount(h: number, which: number): number {
    return this.#out.acctID.id(`member-${h}-${which}`)
  }
  account(h: number): number {
    return cached(this.#accounts, h) || this.#keep(this.#accounts, h, this.#out.acctID.id(`member-${100_000 + h}`))
  }
  billTo(h: number, p: Purchase): void {
    p.billPlace = this.#holders.place[h] as number
    p.billAddrLine1 =
      cached(this.#billLines, h) ||
      this.#keep(this.#billLines, h, this.#out.billAddrLine1.id(this.#holders.address(h).line))
    p.billAddrPostCode =
      cached(this.#billCodes, h) ||
      this.#keep(this.#billCodes, h, this.#out.billAddrPostCode.id(this.#holders.address(h).postal))
  }
  shipHome(h: number, p: Purchase): void {
    p.shipAddrLine1 =
      cached(this.#shipLines, h) ||
      this.#keep(this.#shipLines, h, this.#out.shipAddrLine1.id(this.#holders.address(h).line))
    p.shipAddrPostCode =
      cached(this.#shipCodes, h) ||
      this.#keep(this.#shipCodes, h, this.#out.shipAddrPostCode.id(this.#holders.address(h).postal))
  }
  /** browserIP; an app's address is told in a column of its own. */
  wifi(h: number, ts: number, isApp: boolean): number {
    const isp = this.#holders.isp[h] as number
    const epoch = this.#holders.wifiEpoch(h, ts)
    if (isApp) return this.#out.appIp.id(addressIn(isp, this.#holders.wifiNumber(h, epoch)))
    if (this.#wifiEpoch[h] !== epoch) {
      this.#wifiEpoch[h] = epoch
      this.#wifi[h] = 0
    }
    const known = cached(this.#wifi, h)
    if (known !== 0) return known
    return this.#keep(this.#wifi, h, this.#out.browserIP.id(addressIn(isp, this.#holders.wifiNumber(h, epoch))))
  }
  address(network: number, n: number, isApp: boolean): number {
    return (isApp ? this.#out.appIp : this.#out.browserIP).id(addressIn(network, n))
  }
  gateway(network: number, n: number, isApp: boolean): number {
    if (isApp) return this.#out.appIp.id(addressIn(network, n * 257))
    const place = network * this.#gatewaysEach + n
    return (
      cached(this.#gateways, place) ||
      this.#keep(this.#gateways, place, this.#out.browserIP.id(addressIn(network, n * 257)))
    )
  }
  /** deviceId and methodData of a device in its usual window and zone. */
  device(h: number, device: Device, tz: number, p: Purchase, isPrivate: boolean): void {
    const { slot, generation, emptied } = device
    const place = h * devicesMost + slot
    const key = generation * 64 + emptied
    if (this.#deviceKeys[place] !== key) {
      this.#deviceKeys[place] = key
      this.#deviceIds[place] = 0
      this.#methods[place] = 0
    }
    if (!device.keepsId || isPrivate) p.deviceId = 0
    else {
      const known = cached(this.#deviceIds, place)
      p.deviceId =
        known === 0
          ? this.#keep(this.#deviceIds, place, this.#out.deviceId.id(this.#holders.deviceTexts(device).id))
          : known
    }
    if (tz !== places[this.#holders.place[h] as number]?.tz) p.methodData = this.#method(device, tz)
    else {
      const known = cached(this.#methods, place)
      p.methodData = known === 0 ? this.#keep(this.#methods, place, this.#method(device, tz)) : known
    }
  }
  /** What an app tells of itself; apps are on telephones. */
  app(h: number, device: Device, p: Purchase): void {
    if (this.#appOf[h] !== device.generation) {
      this.#appOf[h] = device.generation
      this.#apps[h] = 0
    }
    p.sdkAppID =
      cached(this.#apps, h) || this.#keep(this.#apps, h, this.#out.sdkAppID.id(this.#holders.deviceTexts(device).app))
    p.deviceInfo = this.#out.deviceInfo.word(this.#infos, device.model * languages.length + p.browserLanguage)
  }
  #method(device: Device, tz: number): number {
    const { canvas } = this.#holders.deviceTexts(device)
    const language = languages[this.#holders.language[device.owner] as number] as string
    return this.#out.methodData.id(methodText({ model: device.model, canvas, language, tz }))
  }
  #keep(cache: Uint32Array, i: number, id: number): number {
    cache[i] = id
    return id
  }
}
const cached = (cache: Uint32Array, i: number): number => cache[i] as number

const sendsNewest = 3 // the code of "within 30 days"

/** Fills `p` with what a holder buys. `shop` -1: where the holder likes to. */
export class Buyer {
  readonly #scene: Scene
  readonly #life: Life
  readonly #texts: LifeTexts
  readonly #out: Out
  readonly #seat = new Chance()
  readonly #basket = new Chance()
  constructor(scene: Scene, life: Life, texts: LifeTexts, out: Out) {
    this.#scene = scene
    this.#life = life
    this.#texts = texts
    this.#out = out
  }

  fill(p: Purchase, h: number, signedWhich: number, ts: number, shop = -1): void {
    const { holders, keys } = this.#scene
    const isGames = signedWhich < 0
    const which = isGames ? -1 - signedWhich : signedWhich
    p.ts = ts
    p.shop = shop >= 0 ? shop : this.#life.shopOf(h, which, isGames)
    const favourite = shop >= 0 ? this.#favouriteAt(h, shop) : this.#life.isFavourite
    const lent = this.#seat.at(keys.lent, h, which)
    const isLent = shop < 0 && lent.chance(this.#scene.config.holders.lent)
    if (isLent) this.#lend(p, h, lent)
    else this.sit(p, h, ts, this.#seat.at(keys.seat, h, -1 - Math.floor(which / itemsMost)))
    this.#fillBasket(p, h, which, favourite, isLent)
    const { generation, since } = holders.cardSince(h, ts)
    p.card = this.#texts.card(h, generation)
    p.bin = this.#texts.bin(h)
    p.cardAgeDays = Math.max(0, Math.floor((ts - since) / day)) + (since <= this.#scene.from ? 30 : 0)
    p.cardholderName = this.#texts.name(h)
    // What a shop does not tell is not interned either: the dictionaries hold what is told, in the order of the rows.
    const tier = this.#scene.shops.tier[p.shop] as number
    p.mobilePhone = tier !== fullTier ? 0 : isLent ? this.#texts.anotherPhone(h, which) : this.#texts.phone(h)
    if (tier !== minimumTier) this.#texts.billTo(h, p)
    p.isFraud = 0
    p.kind = 0
    p.campaign = 0
    p.labelTs = Number.NaN
    p.visible = 0
    p.ageBand = 1 + (holders.ageBand[h] as number)
    this.answer(p, h)
    p.luck = this.#seat.at(keys.luck, h, which).unit()
  }

  #favouriteAt(h: number, shop: number): number {
    const { favourites, favouriteCount } = this.#scene.holders
    for (let i = 0; i < (favouriteCount[h] as number); i++) if (favourites[h * favouritesMost + i] === shop) return i
    return -1
  }

  /** Somebody of the family or a friend buys with the card: another browser elsewhere, another mail box and telephone. Nothing is wrong. */
  #lend(p: Purchase, h: number, chance: Chance): void {
    const place = chance.below(homes)
    const isAtHome = chance.chance(0.3)
    if (!isAtHome) {
      p.network = chance.pick(providersAt[place] as readonly number[])
      p.ip = this.#out.browserIP.id(addressIn(p.network, chance.below(65_024)))
    } else {
      p.network = this.#scene.holders.isp[h] as number
      p.ip = this.#texts.wifi(h, p.ts, false)
    }
    const model = modelFor(chance.chance(0.6), chance)
    p.isApp = false
    p.model = model
    p.version = 3 + chance.below(3)
    p.isHeadless = false
    p.hasScreen = true
    p.browserLanguage = 0
    p.tz = -540
    p.method = chance.chance(this.#scene.config.holders.silentMethod) ? 1 + chance.below(2) : 0
    const canvas = chance.hex().slice(0, 8)
    const keepsId = chance.chance(this.#scene.config.holders.keepsId)
    if (p.method === 0) {
      p.deviceId = keepsId ? this.#out.deviceId.id(chance.hex()) : 0
      p.methodData = this.#out.methodData.id(methodText({ model, canvas, language: 'ja', tz: -540 }))
    }
  }

  /** How the holder answers a challenge. */
  answer(p: Purchase, h: number): void {
    const { holders, config } = this.#scene
    const { challenge } = config
    const method = holders.method[h] as number
    const name = methodNames[method] as (typeof methodNames)[number]
    const bands = Object.keys(config.holders.ageBands).length
    const older = bands < 2 ? 0 : (2 * (holders.ageBand[h] as number)) / (bands - 1) - 1
    const factor = challenge.olderAbandon ** older * (p.isApp ? challenge.appAbandon : 1)
    const usual = challenge.abandon[name]
    p.challengeMethod = method
    p.abandon = Math.min(1, usual * factor)
    p.pass = Math.max(0, Math.min(1 - p.abandon, challenge.pass[name] - (p.abandon - usual)))
  }

  /** Where and with what it is done. */
  sit(p: Purchase, h: number, ts: number, chance: Chance): void {
    const { holders, config, gateways, exits } = this.#scene
    const { holders: knobs } = config
    const home = holders.place[h] as number
    const trip = this.#life.tripOf(h, ts)
    const isAway = trip.isAt(ts)
    const many = holders.devices[h] as number
    const usesPhone = (isAway && chance.chance(0.8)) || chance.chance(0.6)
    const slot = usesPhone ? 0 : chance.below(many)
    const device = holders.device(h, slot, ts)
    const { isPhone } = device
    const place = isAway ? trip.place : home
    p.tz = places[place]?.tz ?? 0
    p.isApp = isPhone && chance.chance(knobs.app)
    const isHidden = (holders.vpn[h] as number) > 0 && chance.chance(knobs.vpnUsed)
    const isRelayed = (holders.relay[h] as number) > 0 && isPhone && chance.chance(0.7)
    const isOut = isPhone && chance.chance(knobs.outOfHome)
    const isElsewhere = chance.chance(knobs.elsewhere)
    const pick = chance.unit()
    if (isHidden || isRelayed) {
      p.network = (isHidden ? (holders.vpn[h] as number) : (holders.relay[h] as number)) - 1
      p.ip = this.#texts.gateway(p.network, Math.floor(pick * exits), p.isApp)
    } else if (isOut) {
      p.network = isAway ? trip.carrier : (holders.carrier[h] as number)
      p.ip = this.#texts.gateway(p.network, Math.floor(pick * gateways), p.isApp)
    } else if (isElsewhere) {
      const all = providersAt[place] as readonly number[]
      p.network = all[Math.floor(pick * all.length)] as number
      p.ip = this.#texts.address(p.network, chance.below(65_024), p.isApp)
    } else if (isAway) {
      p.network = trip.isp
      p.ip = this.#texts.address(p.network, trip.address, p.isApp)
    } else {
      p.network = holders.isp[h] as number
      p.ip = this.#texts.wifi(h, ts, p.isApp)
    }
    p.model = device.model
    p.version = device.version
    p.isHeadless = false
    p.hasScreen = true
    p.browserLanguage = holders.language[device.owner] as number
    p.method = chance.chance(knobs.silentMethod) ? 1 + chance.below(2) : 0
    const isPrivate = holders.isPrivate[h] === 1 && chance.chance(knobs.privateWindows)
    if (p.isApp) {
      p.deviceId = 0
      p.methodData = 0
      this.#texts.app(h, device, p)
    } else if (p.method === 0) {
      this.#texts.device(h, device, p.tz, p, isPrivate)
      if (isPrivate && device.keepsId) p.deviceId = this.#out.deviceId.id(chance.hex())
    }
  }

  #fillBasket(p: Purchase, h: number, which: number, favourite: number, isLent: boolean): void {
    const { holders, shops, config, keys } = this.#scene
    const chance = this.#basket.at(keys.basket, h, which)
    const { shop } = p
    const goods = shops.goods[shop] as number
    const isDigital = goods === digital
    const isFull = shops.tier[shop] === fullTier
    const tells = shops.tier[shop] !== minimumTier
    p.yen =
      isDigital && chance.chance(0.5)
        ? chance.pick(digitalPrices)
        : Math.min(
            600_000,
            Math.max(
              100,
              chance.lognormal(
                (holders.spend[h] as number) * (shops.price[shop] as number),
                holders.spread[h] as number,
              ),
            ),
          )
    if (shops.currency[shop] === 0) p.yen = Math.round(p.yen)
    const isGift = goods === shippedGoods && chance.chance(config.holders.gifts)
    const isGuest = chance.chance(holders.guest[h] as number) && favourite < 0
    const isNew = favourite < 0
    p.shipPlace = -1
    p.isShippedHome = true
    if (goods === shippedGoods) {
      if (isGift) {
        const friend = chance.below(3)
        const other = holders.otherAddress(h, friend === 2 ? 2 + (which % 1_000) : friend)
        p.isShippedHome = false
        p.shipPlace = other.place
        p.shipAddressUsage = friend === 2 ? 1 : 3
        if (tells) {
          p.shipAddrLine1 = this.#out.shipAddrLine1.id(other.line)
          p.shipAddrPostCode = this.#out.shipAddrPostCode.id(other.postal)
        }
      } else {
        p.shipPlace = holders.place[h] as number
        if (tells) this.#texts.shipHome(h, p)
        p.shipAddressUsage = isNew ? 1 : 4
      }
    }
    const usesSecond = holders.hasSecondMail[h] === 1 && chance.chance(0.15)
    const writesToFriend = isDigital && chance.chance(0.05)
    const friend = chance.below(100_000)
    if (!tells) p.email = 0
    else if (isLent) p.email = this.#texts.anotherMail(h, which)
    else if (usesSecond) p.email = this.#texts.secondMail(h)
    else if (holders.usesAliases[h] === 1)
      p.email = this.#out.email.id(holders.mail(h).replace('@gmail.com', `+${shops.id[shop]?.toLowerCase()}@gmail.com`))
    else p.email = this.#texts.mail(h)
    if (!isDigital || !tells) p.deliveryEmailAddress = 0
    else
      p.deliveryEmailAddress = writesToFriend
        ? this.#out.deliveryEmailAddress.id(`friend${friend}@gmail.com`)
        : this.#texts.deliveryMail(h)
    p.giftCards = shops.mcc[shop] === '6540' ? chance.whole(1, 2) : 0
    p.isPreOrder = chance.chance(0.05)
    p.isExpress = chance.chance(0.15)
    p.isNewHere = isNew
    p.acctID = isGuest || !isFull ? 0 : isLent ? this.#texts.anotherAccount(h, which) : this.#texts.account(h)
    if (p.acctID !== 0) {
      const changed = chance.unit()
      p.accountAge = isNew ? 2 : 5
      p.passwordChange = isNew ? 1 : changed < 0.006 ? sendsNewest : changed < 0.012 ? 4 : changed < 0.2 ? 5 : 1
      p.accountChange = isNew ? 1 : changed > 0.994 ? 1 : changed > 0.98 ? 2 : changed > 0.96 ? 3 : 4
      const usual =
        ((holders.perDay[h] as number) * 182 * (1 - config.shops.elsewhere)) / (holders.favouriteCount[h] as number)
      p.nbPurchaseAccount = isNew ? 0 : chance.poisson(usual)
      p.txnActivityDay = which % itemsMost
    }
    p.signals =
      shops.hasSignals[shop] === 0
        ? -1
        : signalsOf(
            isNew && chance.chance(config.shops.firstOffers) ? 'offer' : p.shipPlace >= 0 ? 'shipped' : 'honest',
            chance,
          )
  }
}
const digitalPrices = [500, 980, 1_000, 2_000, 3_000, 5_000, 10_000] as const
const methodNames = ['sms', 'mail', 'app', 'passkey'] as const
