/**
 * What attackers do, as objects: there are few of them beside the purchases of people. What they know is what the pattern says:
 * the number and name, sometimes the address, the shop account, the code or the browser.
 */
import type { Chance } from '../chance.ts'
import { type GenConfig, goodsOf, type PatternId } from '../config.ts'
import {
  type Address,
  addressAt,
  cardIndex,
  cardNumber,
  checkDigit,
  day,
  mobileOf,
  rangeOf,
  unissuedFrom,
} from '../holders.ts'
import type { Life } from '../life.ts'
import { type Method, methodText, modelFor, robotModel } from '../models.ts'
import type { Scene } from '../scene.ts'
import type { SignalKind } from '../signals.ts'
import {
  addressIn,
  familyNames,
  givenNames,
  homes,
  issuerZone,
  languages,
  mailProviders,
  networks,
  networksOf,
  places,
  throwAwayProviders,
} from '../world.ts'

export const minute = 60 // seconds
export const hour = 3_600
export { day }

export type Seat = {
  readonly network: number
  readonly ip: string
  readonly model: number
  readonly version: number
  /** Index into `languages`. */
  readonly language: number
  readonly tz: number
  readonly isHeadless: boolean
  readonly hasScreen: boolean
  /** What the 3DS Method told; undefined: it did not answer. */
  readonly method: { readonly deviceId: string | undefined; readonly data: string } | undefined
}
type Account = {
  readonly id: string
  /** Codes of chAccAgeInd, chAccChangeInd, chAccPwChangeInd. */
  readonly age: number
  readonly change: number
  readonly password: number
  readonly purchases: number
  readonly today: number
}

/** One purchase of somebody who is not the holder, or not honest. */
export type Act = {
  readonly ts: number
  readonly shop: number
  readonly yen: number
  readonly card: string
  readonly cardAgeDays: number
  readonly latin: string
  readonly mail: string
  readonly phone: string | undefined
  readonly bill: Address
  readonly shipTo: Address | undefined
  readonly account: Account | undefined
  readonly deliveryMail?: string | undefined
  readonly giftCards?: number | undefined
  readonly isExpress?: boolean | undefined
  readonly isFirstOffer?: boolean | undefined
  /** What the shop saw of it. */
  readonly signals: SignalKind
  readonly seat: Seat
  /** Whose card it is; -1: nobody's that is known. */
  readonly holder: number
}
/** Something that the holder does, with the holder's own things: told by whom and which purchase it is. */
type Own = {
  readonly ts: number
  readonly holder: number
  readonly which: number
  readonly shop: number
  /** Undefined: what the holder usually spends there. */
  readonly yen?: number
}

export type Deed = { readonly act: Act } | { readonly own: Own; readonly isFraud: boolean }

/** What a campaign draws on. */
export type Stage = {
  readonly scene: Scene
  readonly life: Life
  readonly chance: Chance
  readonly config: GenConfig
  /** When it begins. */
  readonly start: number
  /** Of all campaigns of the pattern. */
  readonly n: number
  /** A holder with a card and a past. */
  readonly victim: () => number
}

export type Pattern = {
  readonly id: PatternId
  readonly isFraud: boolean
  /** Days within which a campaign is over. */
  readonly days: number
  /** Of [0, 1]: how much of it a merchant's screening can see. */
  readonly visible: number
  readonly run: (stage: Stage) => readonly Deed[]
}

export const pickShop = ({ scene: { shops }, chance }: Stage, mcc: readonly string[]): number => {
  const fit = shops.mcc.flatMap((code, shop) => (mcc.includes(code) ? [shop] : []))
  return fit.length === 0 ? chance.below(shops.n) : chance.pick(fit)
}
const shippedGoods = goodsOf.indexOf('shipped')
export const isShipped = ({ scene }: Stage, shop: number): boolean => scene.shops.goods[shop] === shippedGoods
export const isDigital = ({ scene }: Stage, shop: number): boolean =>
  scene.shops.goods[shop] === goodsOf.indexOf('digital')
export const anyShop = ({ scene, chance }: Stage): number => chance.below(scene.shops.n)
export function shippingShop(stage: Stage): number {
  for (;;) {
    const shop = anyShop(stage)
    if (isShipped(stage, shop)) return shop
  }
}

export const personOf = (chance: Chance): { given: string; family: string } => ({
  family: chance.pick(familyNames),
  given: chance.pick(givenNames),
})
/** Someone who makes up who they are as they need it. */
export function inventedMail(chance: Chance): string {
  const domain = chance.chance(0.2) ? chance.pick(throwAwayProviders) : chance.pick(mailProviders)
  const { family, given } = personOf(chance)
  const local = chance.chance(0.4) ? `${chance.letters(5)}${chance.digits(5)}` : `${given}.${family}${chance.digits(5)}`
  return `${local}@${domain}`.toLowerCase()
}
export const inventedPhone = (chance: Chance): string | undefined =>
  chance.chance(0.3)
    ? `81-50${chance.whole(1, 9)}${chance.digits(7)}` // an IP telephone
    : chance.chance(0.1)
      ? undefined
      : mobileOf(150_000_000 + chance.below(50_000_000))

/** Where goods go that nobody should be found with. */
export function drop(chance: Chance): Address {
  const place = chance.below(homes)
  const address = addressAt(place, chance)
  return chance.chance(0.25)
    ? { ...address, line: `${chance.whole(1, 9)}-${chance.whole(1, 30)} Forwarding Center Suite ${chance.digits(4)}` }
    : address
}

type Cover = GenConfig['attackers']['networks']
export function networkFor(cover: Cover, chance: Chance): number {
  const kind = chance.weighted([cover.vpn, cover.hosting, cover.local, cover.foreign])
  if (kind === 0) return chance.pick(networksOf.vpns)
  if (kind === 1) return chance.pick(networksOf.hosting)
  if (kind === 2) return chance.chance(0.92) ? chance.pick(networksOf.home) : chance.pick(networksOf.carriers)
  return chance.pick(networksOf.foreign)
}
export const addressOf = (network: number, chance: Chance): string => addressIn(network, chance.below(65_024))

/** The 3DS Method of somebody's browser; a silent one does not answer. */
export function methodFor(
  chance: Chance,
  told: Omit<Method, 'language'> & { readonly language: number },
  id: string | undefined,
  silent: number,
): Seat['method'] {
  if (chance.chance(silent)) return undefined
  return { deviceId: id, data: methodText({ ...told, language: languages[told.language] as string }) }
}

/** A thief's machine, dressed as a local one or not. */
export function thiefSeat(stage: Stage, cover: Cover = stage.config.attackers.networks, spoofs?: boolean): Seat {
  const { chance, config } = stage
  const network = networkFor(cover, chance)
  const isLocal = spoofs ?? chance.chance(config.attackers.spoofsLocale)
  const language = isLocal ? 0 : chance.pick([1, 2, 4, 6])
  const model = modelFor(chance.chance(0.35), chance)
  const place = places[(networks[network] as (typeof networks)[number]).place] as (typeof places)[number]
  const tz = isLocal ? -540 : networks[network]?.kind === 'isp' ? place.tz : chance.pick([0, 300, -480])
  const canvas = chance.hex().slice(0, 8)
  const id = chance.chance(0.7) ? chance.hex() : undefined
  return {
    network,
    ip: addressOf(network, chance),
    model,
    version: 3 + chance.below(2),
    language,
    tz,
    isHeadless: false,
    hasScreen: true,
    method: methodFor(chance, { model, canvas, language, tz }, id, 0.15),
  }
}

/** The machine of a script. */
export function robotSeat(chance: Chance, ip: string, network: number, hasScreen: boolean, tz: number): Seat {
  const isHeadless = chance.chance(0.7)
  const canvas = chance.hex().slice(0, 8)
  const id = chance.chance(0.5) ? chance.hex() : undefined
  return {
    network,
    ip,
    model: robotModel,
    version: 0,
    language: tz === -540 ? 0 : 1,
    tz,
    isHeadless,
    hasScreen,
    method: methodFor(chance, { model: robotModel, canvas, language: tz === -540 ? 0 : 1, tz, isHeadless }, id, 0.5),
  }
}

/** The holder's own browser, at home: seen from outside nothing is wrong. */
export function ownSeat({ scene: { holders } }: Stage, h: number, ts: number): Seat {
  const device = holders.device(h, 0, ts)
  const { id, canvas } = holders.deviceTexts(device)
  const home = places[holders.place[h] as number] as (typeof places)[number]
  const network = holders.isp[h] as number
  const language = holders.language[h] as number
  return {
    network,
    ip: addressIn(network, holders.wifiNumber(h, holders.wifiEpoch(h, ts))),
    model: device.model,
    version: device.version,
    language,
    tz: home.tz,
    isHeadless: false,
    hasScreen: true,
    method: {
      deviceId: device.keepsId ? id : undefined,
      data: methodText({ model: device.model, canvas, language: languages[language] as string, tz: home.tz }),
    },
  }
}

type Stolen = {
  readonly card: string
  readonly cardAgeDays: number
  readonly latin: string
  readonly bill: Address
  readonly holder: number
}
/** The holder's number and name, and where bills go. */
export function stolenFrom({ scene }: Stage, h: number, ts: number): Stolen {
  const { holders, ranges } = scene
  const { generation, since } = holders.cardSince(h, ts)
  return {
    card: cardNumber(rangeOf(h, ranges), cardIndex(h, generation)),
    cardAgeDays: Math.max(0, Math.floor((ts - since) / day)),
    latin: holders.latin(h),
    bill: holders.address(h),
    holder: h,
  }
}
/** A number that nobody of this population has. */
export function strangersCard({ scene, chance }: Stage): string {
  return cardNumber(rangeOf(chance.below(scene.ranges), scene.ranges), unissuedFrom + chance.below(100_000_000))
}
/** Numbers that follow each other, as somebody counts. */
export function countedCard(range: string, n: number): string {
  const body = `${range}${String(n % 1_000_000_000).padStart(9, '0')}`
  return body + checkDigit(body)
}

export const newAccount = (chance: Chance): Account => ({
  id: `member-${chance.hex().slice(0, 10)}`,
  age: 2,
  change: 1,
  password: 1,
  purchases: 0,
  today: 0,
})
/** What is tried beside what the holder usually spends there. */
export const temptation = ({ scene: { holders, shops }, chance, config }: Stage, h: number, shop: number): number =>
  Math.round(
    (holders.spend[h] as number) *
      (shops.price[shop] as number) *
      Math.exp(config.attackers.amount.mean + config.attackers.amount.sigma * chance.normal()),
  )
/** Of a day in the issuer's zone: its midnight. */
export const midnightBefore = (ts: number): number =>
  Math.floor((ts + issuerZone * minute) / day) * day - issuerZone * minute
