/**
 * What a prober sends: purchases of one card that differ in nothing but the four things that the study of 2018 changed. Who the
 * cardholder is, what they usually do and by how much each thing changes is drawn anew for every repetition. Pure.
 */
import type { Issuer } from '../../risk/setting.ts'
import { Chance, keyOf } from '../gen/chance.ts'
import { agentText, isPhoneModel, methodText, modelFor, models } from '../gen/models.ts'
import { addressIn, homes, issuerCountry, networks, networksOf, places } from '../gen/world.ts'
import type { Row } from './part-of.ts'

/** In the order of the bits of a cell. */
export const factors = ['device', 'region', 'amount', 'site'] as const
export type Factor = (typeof factors)[number]
export const cells = 2 ** factors.length
export const isChanged = (cell: number, factor: Factor): boolean => ((cell >> factors.indexOf(factor)) & 1) === 1

/** `clean`: the issuer has never seen the card. `history`: it has, at home, on its usual device, at both shops. */
export const memories = ['clean', 'history'] as const
export type Memory = (typeof memories)[number]

export const setting = {
  /** Purchases of the card before it is probed. */
  purchases: [6, 14],
  /** Days in which they lie. */
  days: 60,
  /** How often the usual amount is paid, with the amount changed. */
  times: [6, 15],
  /** Purchases of other cards at both shops, so that the shops are none the issuer has never heard of. */
  others: 40,
} as const

const begin = Date.UTC(2026, 3, 1) / 1_000
const day = 86_400
const shops = [
  { merchant: 'probe-shop-a', merchantName: 'Probe Books', mcc: '5942' },
  { merchant: 'probe-shop-b', merchantName: 'Probe Clothing', mcc: '5651' },
] as const

type Machine = { readonly model: number; readonly deviceId: string; readonly canvas: string }
type Person = {
  readonly network: number
  readonly address: number
  readonly machine: Machine
  /** Minor units. */
  readonly usual: number
  readonly spread: number
  readonly hour: number
}

const hex = (chance: Chance): string => chance.bits().toString(16).padStart(8, '0')
const machineOf = (chance: Chance, model: number): Machine => ({
  model,
  deviceId: `d-${hex(chance)}${hex(chance)}`,
  canvas: hex(chance),
})

/** What an everyday purchase costs where nothing is known of the currency but its minor units. */
const everyday = ({ currency }: Issuer): number => (currency.exponent === 0 ? 5_000 : 40 * 10 ** currency.exponent)

/** Places by the country of the issuer; where the made-up world has none there, its homes stand for it. */
const isHome = (place: number, issuer: Issuer): boolean =>
  places.some(({ country }) => country === issuer.country) ? places[place]?.country === issuer.country : place < homes
const networksAt = (isWanted: boolean, issuer: Issuer): readonly number[] =>
  [...networksOf.home, ...networksOf.foreign].filter((i) => isHome(networks[i]?.place ?? -1, issuer) === isWanted)

const oneOf = <T>(chance: Chance, all: readonly T[]): T => all[chance.below(all.length)] as T

function personOf(chance: Chance, issuer: Issuer): Person {
  return {
    network: oneOf(chance, networksAt(true, issuer)),
    address: chance.below(65_024),
    machine: machineOf(chance, modelFor(chance.chance(0.5), chance)),
    usual: chance.lognormal(everyday(issuer), 0.4),
    spread: chance.between(0.2, 0.4),
    hour: chance.between(9, 21),
  }
}

type Purchase = {
  readonly id: string
  readonly card: string
  readonly ts: number
  readonly amount: number
  readonly shop: number
  readonly machine: Machine
  readonly network: number
  readonly address: number
}

function rowOf(purchase: Purchase, issuer: Issuer): Row {
  const { id, card, ts, amount, shop, machine, network, address } = purchase
  const { model, deviceId, canvas } = machine
  const [language = 'en'] = issuer.languages
  const [tz = 0] = issuer.browserTZ
  const block = networks[network]
  const place = places[block?.place ?? 0]
  const isAtHome = isHome(block?.place ?? 0, issuer)
  const { width = 0, height = 0, depth = 24 } = models[model] ?? {}
  return {
    id,
    ts,
    card,
    ...shops[shop],
    merchantCountryCode: issuer.country,
    messageVersion: '2.2.0',
    messageCategory: '01',
    deviceChannel: '02',
    purchaseAmount: Math.max(1, Math.round(amount)),
    purchaseCurrency: issuer.currency.code,
    purchaseExponent: String(issuer.currency.exponent),
    cardholderName: 'PROBE CARDHOLDER',
    email: `${card}@example.com`,
    billAddrCountry: issuer.country,
    threeDSRequestorAuthenticationInd: '01',
    threeDSRequestorChallengeInd: '01',
    threeDSCompInd: 'Y',
    browserIP: addressIn(network, address),
    browserUserAgent: agentText(model, 0),
    browserLanguage: language,
    browserTZ: tz,
    browserScreenWidth: width,
    browserScreenHeight: height,
    browserColorDepth: String(depth),
    browserJavascriptEnabled: 'true',
    deviceId,
    methodData: methodText({ model, canvas, language, tz }),
    // Where the made-up world does not know the issuer's country, its homes lie there.
    ipCountry: isAtHome ? issuer.country : (place?.country ?? issuerCountry),
    ipType: 'isp',
    ...(place !== undefined && { ipLat: place.lat, ipLon: place.lon, ipRadiusKm: 0 }),
    // Whoever is asked is the cardholder, and passes.
    isFraud: 0,
    pChallengePass: 1,
    uChallenge: 0,
  }
}

/** An hour of the issuer's day `days` after the beginning, in seconds since 1970. */
const timeAt = (days: number, hour: number, { zone }: Issuer): number =>
  Math.round(begin + days * day + hour * 3_600 - zone.offsetMinutes * 60)

/** Everything that the issuer sees of one repetition of one cell, in order of time; the probe comes last. */
export function eventsOf(
  seed: string,
  repetition: number,
  cell: number,
  memory: Memory,
  issuer: Issuer,
): readonly Row[] {
  const chance = new Chance()
  const key = (use: string): number => keyOf(seed, `probe ${use}`)
  const before: Row[] = []
  for (let other = 0; other < setting.others; other++) {
    chance.at(key('others'), repetition, other)
    const { network, address, machine, usual, hour } = personOf(chance, issuer)
    const ts = timeAt(chance.below(setting.days), hour, issuer)
    const shop = other % shops.length
    before.push(
      rowOf(
        {
          id: `other-${other}`,
          card: `other-${repetition}-${other}`,
          ts,
          amount: usual,
          shop,
          machine,
          network,
          address,
        },
        issuer,
      ),
    )
  }
  const person = personOf(chance.at(key('person'), repetition), issuer)
  const { network, address, machine, usual, spread, hour } = person
  const card = `probe-${repetition}`
  const own = { card, machine, network, address }
  if (memory === 'history') {
    chance.at(key('history'), repetition)
    const count = chance.whole(setting.purchases[0], setting.purchases[1])
    for (let i = 0; i < count; i++) {
      const days = Math.floor(((i + chance.unit()) / count) * setting.days)
      const ts = timeAt(days, hour + chance.between(-2, 2), issuer)
      before.push(
        rowOf({ ...own, id: `own-${i}`, ts, amount: chance.lognormal(usual, spread), shop: i % shops.length }, issuer),
      )
    }
  }
  before.sort((a, b) => Number(a.ts) - Number(b.ts))
  // All of this is drawn for every cell, so that cells differ in what they change and in nothing else.
  chance.at(key('change'), repetition)
  const otherModel = modelFor(!isPhoneModel(machine.model), chance)
  const otherMachine = machineOf(chance, otherModel)
  const abroad = oneOf(chance, networksAt(false, issuer))
  const addressAbroad = chance.below(65_024)
  const times = chance.magnitude(setting.times[0], setting.times[1])
  const amount = chance.lognormal(usual, spread)
  const ts = timeAt(setting.days + 2, hour + chance.between(-2, 2), issuer)
  const isAbroad = isChanged(cell, 'region')
  return [
    ...before,
    rowOf(
      {
        id: 'probe',
        card,
        ts,
        amount: amount * (isChanged(cell, 'amount') ? times : 1),
        shop: isChanged(cell, 'site') ? 1 : 0,
        machine: isChanged(cell, 'device') ? otherMachine : machine,
        network: isAbroad ? abroad : network,
        address: isAbroad ? addressAbroad : address,
      },
      issuer,
    ),
  ]
}
