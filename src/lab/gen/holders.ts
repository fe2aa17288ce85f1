/** The people of a stream, in columns. What changes in their lives is a function of time, so that any day can be made first. */
import { Chance, keyOf, placeIn } from './chance.ts'
import { challengeMethods, type GenConfig } from './config.ts'
import { isPhoneModel, modelFor, newestPhone } from './models.ts'
import type { Shops } from './shops.ts'
import {
  carrierAt,
  familyNames,
  givenNames,
  homes,
  languages,
  mailProviders,
  networksOf,
  places,
  providersAt,
  towns,
} from './world.ts'

export const day = 86_400 // seconds
const year = 365 * day

export const favouritesMost = 8
export const devicesMost = 3
const nobody = 0xffff_ffff

export type Address = { readonly line: string; readonly place: number; readonly postal: string }

const flag = (yes: boolean): number => (yes ? 1 : 0)

export class Holders {
  readonly n: number
  readonly place: Uint8Array
  readonly language: Uint8Array
  readonly ageBand: Uint8Array
  readonly isp: Uint8Array
  readonly carrier: Uint8Array
  /** VPN or relay exits, index of the network plus one; 0: none. */
  readonly vpn: Uint8Array
  readonly relay: Uint8Array
  readonly spend: Float64Array
  readonly spread: Float64Array
  readonly perDay: Float64Array
  /** exp(-perDay): nothing is bought on most days. */
  readonly idle: Float64Array
  readonly isOwl: Uint8Array
  readonly noon: Float32Array
  readonly evening: Float32Array
  readonly isPrivate: Uint8Array
  readonly isGamer: Uint8Array
  readonly guest: Float32Array
  readonly usesAliases: Uint8Array
  readonly hasSecondMail: Uint8Array
  readonly method: Uint8Array
  /** The one whose address and network it is, too: itself, or the holder before. */
  readonly house: Uint32Array
  /** Owner of the computer: itself, or the holder before. */
  readonly computerOf: Uint32Array
  readonly devices: Uint8Array
  readonly favourites: Uint32Array
  readonly favouriteCount: Uint8Array
  /** When a new customer comes; 0: was there before. Seconds since 1970. */
  readonly cardFrom: Float64Array
  readonly newPhoneAt: Float64Array
  /** When the issuer replaced a card after a fraud, by holder, in the order of time. */
  readonly #reissued = new Map<number, number[]>()
  readonly #config: GenConfig
  readonly #from: number
  readonly #keys: { readonly life: number; readonly device: number; readonly text: number; readonly wifi: number }
  readonly #chance = new Chance()

  constructor(config: GenConfig, seed: string, n: number, shops: Shops, from: number, newDevicesFrom: number) {
    const { holders: knobs, challenge } = config
    this.n = n
    this.#config = config
    this.#from = from
    this.#keys = {
      life: keyOf(seed, 'life'),
      device: keyOf(seed, 'device'),
      text: keyOf(seed, 'text'),
      wifi: keyOf(seed, 'wifi'),
    }
    const bytes = () => new Uint8Array(n)
    const words = () => new Uint32Array(n)
    const numbers = () => new Float64Array(n)
    this.place = bytes()
    this.language = bytes()
    this.ageBand = bytes()
    this.isp = bytes()
    this.carrier = bytes()
    this.vpn = bytes()
    this.relay = bytes()
    this.spend = numbers()
    this.spread = numbers()
    this.perDay = numbers()
    this.idle = numbers()
    this.isOwl = bytes()
    this.noon = new Float32Array(n)
    this.evening = new Float32Array(n)
    this.isPrivate = bytes()
    this.isGamer = bytes()
    this.guest = new Float32Array(n)
    this.usesAliases = bytes()
    this.hasSecondMail = bytes()
    this.method = bytes()
    this.house = words()
    this.computerOf = words().fill(nobody)
    this.devices = bytes()
    this.favourites = new Uint32Array(n * favouritesMost)
    this.favouriteCount = bytes()
    this.cardFrom = numbers()
    this.newPhoneAt = numbers().fill(Number.POSITIVE_INFINITY)
    const key = keyOf(seed, 'holder')
    const chance = new Chance()
    const ages = Object.values(knobs.ageBands)
    const methods = challengeMethods.map((method) => challenge.methods[method])
    const to = from + config.days * day
    for (let h = 0; h < n; h++) {
      chance.at(key, h)
      const isPartner = h % 2 === 1 && chance.chance(knobs.partners)
      this.house[h] = isPartner ? h - 1 : h
      const isAbroad = chance.chance(knobs.abroad)
      const drawn = isAbroad ? homes + chance.below(places.length - homes) : chance.below(homes)
      const place = isPartner ? (this.place[h - 1] as number) : drawn
      this.place[h] = place
      const isForeign = chance.chance(place < homes ? knobs.foreignLanguage : 0.5)
      this.language[h] = isForeign ? 1 + chance.below(place < homes ? languages.length - 2 : 1) : 0
      this.ageBand[h] = chance.weighted(ages)
      const isps = providersAt[place] as readonly number[]
      this.isp[h] = isPartner ? (this.isp[h - 1] as number) : chance.pick(isps)
      this.carrier[h] = place < homes ? chance.pick(networksOf.carriers) : (carrierAt[place] as number)
      if (chance.chance(knobs.vpn)) this.vpn[h] = 1 + chance.pick(networksOf.vpns)
      if (chance.chance(knobs.relay)) this.relay[h] = 1 + chance.pick(networksOf.relays)
      this.spend[h] = chance.lognormal(knobs.spend.median, knobs.spend.sigma)
      this.spread[h] = chance.between(...knobs.spend.spread)
      const perDay = Math.min(knobs.perDay.most, chance.gamma(knobs.perDay.shape, knobs.perDay.mean))
      this.perDay[h] = perDay
      this.idle[h] = Math.exp(-perDay)
      this.isOwl[h] = flag(chance.chance(knobs.owls))
      this.noon[h] = this.isOwl[h] === 1 ? chance.between(24, 27) : chance.between(11, 14)
      this.evening[h] = chance.between(19.5, 22.5)
      this.isPrivate[h] = flag(chance.chance(knobs.privateBrowsing))
      this.isGamer[h] = flag(chance.chance(knobs.gamers))
      this.guest[h] = chance.chance(knobs.guests) ? chance.between(0.2, 0.7) : chance.between(0, 0.06)
      this.usesAliases[h] = flag(chance.chance(knobs.aliases))
      this.hasSecondMail[h] = flag(chance.chance(knobs.secondMail))
      this.method[h] = chance.weighted(methods)
      const sharesComputer = isPartner && this.computerOf[h - 1] === h - 1 && chance.chance(0.7)
      if (sharesComputer) this.computerOf[h] = h - 1
      else if (chance.chance(knobs.secondDevice)) this.computerOf[h] = h
      const hasThird = this.computerOf[h] !== nobody && chance.chance(knobs.thirdDevice)
      this.devices[h] = this.computerOf[h] === nobody ? 1 : hasThird ? 3 : 2
      if (chance.chance((knobs.newCards * config.days) / 365)) this.cardFrom[h] = from + chance.unit() * (to - from)
      const { newDevices } = config.calendar
      if (newDevices !== null && chance.chance(newDevices.share))
        this.newPhoneAt[h] = newDevicesFrom + chance.unit() * newDevices.days * day
      const many = chance.whole(...config.shops.favourites)
      this.favouriteCount[h] = many
      for (let i = 0; i < many; i++) this.favourites[h * favouritesMost + i] = placeIn(shops.sums, chance.unit())
    }
  }

  /** Whether the holder has a card by then. */
  hasCard(h: number, ts: number): boolean {
    return (this.cardFrom[h] as number) <= ts
  }

  /** Which of the holder's numbers it is, counted from the beginning; and since when, in seconds. */
  cardSince(h: number, ts: number): { readonly generation: number; readonly since: number } {
    const own = this.#regular(h, ts)
    const reissued = this.#reissued.get(h)
    if (reissued === undefined) return own
    let { generation, since } = own
    for (const at of reissued)
      if (at > own.since && at <= ts) {
        generation++
        since = at
      }
    return { generation, since }
  }
  /** From then on the holder has another number. */
  reissue(h: number, at: number): void {
    this.#reissued.set(
      h,
      [...(this.#reissued.get(h) ?? []), at].sort((a, b) => a - b),
    )
  }
  #regular(h: number, ts: number): { readonly generation: number; readonly since: number } {
    const from = this.cardFrom[h] as number
    if (from > 0) return { generation: 0, since: from }
    const span = this.#config.holders.cardYears * year
    const age = ts - this.#from + this.#phase(h, 0) * span
    const generation = Math.floor(age / span)
    return { generation: 8 * generation, since: ts - (age - generation * span) }
  }
  /** Of [0, 1), the same at any time. */
  #phase(h: number, which: number): number {
    return this.#chance.at(this.#keys.life, h, which).unit()
  }

  /** How often the address at home has changed, and its number within the provider's block. */
  wifiEpoch(h: number, ts: number): number {
    const span = this.#config.holders.wifiDays * day
    return Math.floor((ts - this.#from) / span + this.#phase(this.house[h] as number, 1))
  }
  wifiNumber(h: number, epoch: number): number {
    return this.#chance.at(this.#keys.wifi, this.house[h] as number, epoch).below(65_024)
  }

  /** `slot` 0: the telephone, 1 the computer, 2 another. `key`: one number for the device and its id. */
  device(h: number, slot: number, ts: number): Device {
    const owner = slot === 1 ? (this.computerOf[h] as number) : h
    const { deviceMonths, emptiedDays, updateDays, keepsId } = this.#config.holders
    const span = (deviceMonths / 12) * year
    const elapsed = ts - this.#from
    const chance = this.#chance.at(this.#keys.device, owner, slot)
    let generation = Math.floor(elapsed / span + chance.unit())
    const emptied = Math.floor(elapsed / (emptiedDays * day) + chance.unit())
    const version = 3 + Math.floor(elapsed / (updateDays * day) - 3 * chance.unit())
    const isNewest = slot === 0 && ts >= (this.newPhoneAt[owner] as number)
    if (isNewest) generation += 100
    chance.at(this.#keys.device, owner, 8 + slot + 4 * generation)
    const drawn = modelFor(slot === 0, chance)
    const model = isNewest ? newestPhone : drawn
    return {
      owner,
      slot,
      generation,
      emptied,
      model,
      isPhone: isPhoneModel(model),
      version: Math.min(version, 127),
      keepsId: chance.chance(keepsId),
    }
  }
  /** The id in it, the drawing of it, and the app's own. */
  deviceTexts({ owner, slot, generation, emptied }: Device): { id: string; canvas: string; app: string } {
    const lasting = this.#chance.at(this.#keys.text, owner, 64 + 3 * generation + slot)
    const canvas = lasting.bits().toString(16).padStart(8, '0')
    const app = lasting.hex()
    const id = this.#chance.at(this.#keys.text, owner, 1e6 + 64 * (3 * generation + slot) + emptied).hex()
    const guid = `${app.slice(0, 8)}-${app.slice(8, 12)}-4${app.slice(13, 16)}-a${app.slice(17, 20)}-${app.slice(20)}`
    return { id, canvas, app: guid }
  }

  person(h: number): { readonly given: string; readonly family: string } {
    const chance = this.#chance.at(this.#keys.text, h, 1)
    const family = chance.pick(familyNames)
    return { given: chance.pick(givenNames), family }
  }
  latin(h: number): string {
    const { given, family } = this.person(h)
    return `${given} ${family}`
  }
  mail(h: number): string {
    const { given, family } = this.person(h)
    const chance = this.#chance.at(this.#keys.text, h, 2)
    const form = chance.below(3)
    const local =
      form === 0
        ? `${given}.${family}`
        : form === 1
          ? `${family}.${given.slice(0, 3)}`
          : `${given}${chance.whole(60, 99)}`
    const provider = chance.chance(0.02) ? 'privaterelay.appleid.com' : chance.pick(mailProviders)
    return `${local}${h}@${provider}`.toLowerCase()
  }
  secondMail(h: number): string {
    const provider = this.#chance.at(this.#keys.text, h, 3).pick(mailProviders)
    return `${this.person(h).family}.shop${h}@${provider}`.toLowerCase()
  }
  phone(h: number): string {
    return mobileOf(h * 7 + 1)
  }
  address(h: number): Address {
    const house = this.house[h] as number
    return addressAt(this.place[house] as number, this.#chance.at(this.#keys.text, house, 4))
  }
  /** Of two friends or relatives who are sent presents. */
  otherAddress(h: number, which: number): Address {
    const chance = this.#chance.at(this.#keys.text, h, 5 + which)
    return addressAt(chance.below(homes), chance)
  }
}

export type Device = {
  readonly owner: number
  readonly slot: number
  readonly generation: number
  readonly emptied: number
  readonly model: number
  readonly isPhone: boolean
  readonly version: number
  readonly keepsId: boolean
}

/** House or flat; the postal code is one of a hundred of the place. */
export function addressAt(place: number, chance: Chance): Address {
  const { postal } = places[place] as (typeof places)[number]
  const code = place < homes ? `${postal}-${String(1 + chance.below(99)).padStart(4, '0')}` : postal
  const numbers = `${chance.whole(1, 9)}-${chance.whole(1, 30)}-${chance.whole(1, 20)}`
  const room = chance.chance(0.6) ? ` ${chance.whole(1, 15)}${String(chance.whole(1, 12)).padStart(2, '0')}` : ''
  return { line: `${numbers} ${chance.pick(towns)}${room}`, place, postal: code }
}

/** Numbers of mobile telephones, each another: 24 million of them. */
export function mobileOf(n: number): string {
  const scattered = (n * 7_654_321) % 240_000_000
  const prefix = ['90', '80', '70'][Math.floor(scattered / 80_000_000)] as string
  return `81-${prefix}${String(10_000_000 + (scattered % 80_000_000)).padStart(8, '0')}`
}

/** Sixteen digits with the check digit that makes the sum right. `n` below 10^9: no two of a range are the same. */
export function cardNumber(range: string, n: number): string {
  const body = range + String((n * 7_654_321 + 123_456_789) % 1_000_000_000).padStart(9, '0')
  return body + checkDigit(body)
}
export function checkDigit(body: string): number {
  let sum = 0
  for (let i = 0; i < body.length; i++) {
    const digit = (body.charCodeAt(i) - 48) * (i % 2 === 0 ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return (10 - (sum % 10)) % 10
}
/** Below are numbers of holders, at or above such as nobody has. */
export const unissuedFrom = 900_000_000
export const cardIndex = (h: number, generation: number): number => h * 64 + (generation % 64)
/** Ranges of the issuer: one for about 8,000 holders. */
export const holdersPerRange = 8_000
export const rangeOf = (h: number, ranges: number): string => String(411_112 + (h % ranges))
