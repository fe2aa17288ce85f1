// The merchant's own checks: each says which reasons an order gives. Pure; what came before is handed in as numbers.
import type { AddressKind, Signals } from '../../risk/signals.ts'
import { noTables, type Tables } from '../../risk/tables.ts'
import { japaneseAddressOf } from '../../risk/text/address.ts'
import { mailOf } from '../../risk/text/mail.ts'
import { kanaAgainstKanji, nameAgainstKana } from '../../risk/text/name.ts'
import { phoneOf } from '../../risk/text/phone.ts'
import { kindOfPlace, placeTextOf } from '../../risk/text/place-kind.ts'
import { postalCodeAgainstAddress, postalCodeAgainstState } from '../../risk/text/postal.ts'
import type { OrderAddress, OrderRequest } from './api.ts'
import { addressKey, type KeyKind } from './keys.ts'
import type { ReasonCode } from './reasons.ts'

/** What earlier orders with one key of this one were: the order itself is not counted. */
export interface KeyHistory {
  readonly lastHour: number
  readonly lastDay: number
  /** Persons of the last 30 days, the one of this order left out. */
  readonly otherPeople: number
  readonly otherAccounts: number
  /** The same person with the same key had an order that ended well. */
  readonly wasGood: boolean
  /** First-time prices that other accounts took. */
  readonly firstOffers: number
}

export type Listed = Readonly<{
  kind: KeyKind
  reason: NonNullable<Signals['sharedList']>[number]['reason']
  merchants: number
}>

export interface History {
  readonly of: Readonly<Partial<Record<KeyKind, KeyHistory>>>
  readonly listed: readonly Listed[]
}

export const noHistory: History = { of: {}, listed: [] }

export interface Finding {
  readonly code: ReasonCode
  /** What it was found in, for the page of a person; never sent anywhere. */
  readonly detail?: string
}

type Check = (order: OrderRequest, history: History, tables: Tables) => readonly Finding[]

const japan = '392'

/** Codes where a condition holds. */
const found = (...pairs: readonly (readonly [ReasonCode, unknown, (string | undefined)?])[]): readonly Finding[] =>
  pairs.flatMap(([code, holds, detail]) =>
    holds === undefined || holds === false || holds === '' ? [] : [{ code, ...(detail !== undefined && { detail }) }],
  )

const mail: Check = ({ buyer }, { of }, tables) => {
  const told = mailOf(buyer.email, tables)
  if (told === undefined) return [{ code: 'mail.undeliverable', detail: buyer.email }]
  return found(
    ['mail.undeliverable', !told.isDeliverable, told.fault],
    ['mail.throw-away', told.kind === 'throwAway', told.domain],
    ['mail.look-alike', told.lookAlike !== undefined, told.lookAlike],
    ['mail.slip', told.slipOf !== undefined, told.slipOf],
    ['mail.random', told.looksRandom || told.domainLooksRandom],
    ['mail.relay', told.kind === 'relay', told.domain],
    ['mail.alias-again', told.isAlias && (of.email?.otherAccounts ?? 0) > 0, told.box],
  )
}

const names: Check = ({ buyer }) => {
  const { name, kanji, kana } = buyer
  const onCard = kana === undefined ? 'unknown' : nameAgainstKana(name, kana)
  const read = kana === undefined || kanji === undefined ? 'unknown' : kanaAgainstKanji(kanji, kana)
  return found(
    ['name.kana-contradicts', onCard === 'contradicts', `${name} / ${kana ?? ''}`],
    ['name.kanji-contradicts', read === 'contradicts', `${kanji ?? ''} / ${kana ?? ''}`],
    ['name.agrees', onCard === 'agrees' && read !== 'contradicts'],
  )
}

const textOf = ({ state: _state, line1, line2, city }: OrderAddress): string =>
  [city, line1, line2].filter((line) => line !== undefined).join(' ')

/** Undefined: nothing to say of it. */
export const placeKindOf = (address: OrderAddress): AddressKind | undefined =>
  kindOfPlace(placeTextOf([address.line1, address.line2, address.city]))

const placeReasons: Readonly<Partial<Record<AddressKind, ReasonCode>>> = {
  forwarding: 'address.forwarding',
  postBox: 'address.post-box',
  weeklyMansion: 'address.weekly-mansion',
  hotel: 'address.hotel',
  pickUp: 'address.pick-up',
}

const isJapanese = (text: string): boolean => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)

function contradictsItself(address: OrderAddress, tables: Tables): boolean {
  if (address.country !== undefined && address.country !== japan) return false
  const text = textOf(address)
  const byText = isJapanese(text) ? postalCodeAgainstAddress(text, address.postCode, tables) : 'unknown'
  return byText === 'contradicts' || postalCodeAgainstState(address.postCode, address.state) === 'contradicts'
}

function hasNumber(address: OrderAddress): boolean {
  const text = textOf(address)
  return isJapanese(text) ? (japaneseAddressOf(text, address.postCode)?.numbers ?? '') !== '' : /\d/.test(text)
}

const addresses: Check = ({ delivery, billing }, { of }, tables) => {
  if (delivery === undefined) return []
  const kind = placeKindOf(delivery)
  const reason = kind === undefined ? undefined : placeReasons[kind]
  const { otherPeople = 0, wasGood = false } = of.shipTo ?? {}
  return [
    ...(reason === undefined ? [] : [{ code: reason, detail: textOf(delivery) }]),
    ...found(
      ['address.incomplete', !hasNumber(delivery), textOf(delivery)],
      [
        'address.post-code-contradicts',
        contradictsItself(delivery, tables),
        `${delivery.postCode ?? ''} / ${delivery.state ?? ''}`,
      ],
      ['address.other-than-billing', billing !== undefined && addressKey(billing) !== addressKey(delivery)],
      ['address.many-names', otherPeople >= 3, String(otherPeople)],
      ['address.same-again', wasGood],
    ),
  ]
}

const phone: Check = ({ buyer }, { of }, tables) => {
  const told = buyer.phone && phoneOf(buyer.phone, tables)
  const { otherPeople = 0 } = of.phone ?? {}
  return found(
    ['phone.impossible', told?.kind === 'impossible', told?.e164],
    ['phone.ip', told?.kind === 'ip'],
    ['phone.shared', otherPeople > 0, String(otherPeople)],
  )
}

/** Minutes behind UTC. */
const tokyo = -540

const device: Check = ({ device, billing }, { of }) => {
  const { otherPeople = 0, wasGood = false } = of.device ?? {}
  const isAbroad = device.timeZone !== undefined && device.timeZone !== tokyo && billing?.country === japan
  return found(
    ['device.many-people', otherPeople >= 3, String(otherPeople)],
    ['device.clock-abroad', isAbroad, String(device.timeZone)],
    ['device.known', wasGood],
  )
}

const network: Check = ({ device, billing }, _history, tables) => {
  const { kind, country } = device.ip === undefined ? {} : (tables.networks.find(device.ip) ?? {})
  const isElsewhere = country !== undefined && billing?.country !== undefined && country !== billing.country
  return found(
    ['network.hosting', kind === 'hosting', device.ip],
    ['network.vpn', kind === 'vpn', device.ip],
    ['network.tor', kind === 'tor', device.ip],
    ['network.abroad', isElsewhere, country],
  )
}

/** Earlier orders from which on there are many. */
const velocity: Check = (_order, { of }) => {
  const [mails, devices, places, networks] = [of.email, of.device, of.shipTo, of.ip]
  const said = (n: number | undefined): string => String(n ?? 0)
  return found(
    ['velocity.mail', (mails?.lastHour ?? 0) >= 3, said(mails?.lastHour)],
    ['velocity.device', (devices?.lastHour ?? 0) >= 4, said(devices?.lastHour)],
    ['velocity.address', (places?.lastDay ?? 0) >= 5, said(places?.lastDay)],
    ['velocity.network', (networks?.lastHour ?? 0) >= 6, said(networks?.lastHour)],
  )
}

const list: Check = (_order, { listed }) => {
  const bad = listed.filter(({ reason }) => reason !== 'confirmedGood')
  const good = listed.filter(({ reason }) => reason === 'confirmedGood')
  const named = (entries: readonly Listed[]): string =>
    entries.map(({ kind, reason }) => `${kind}: ${reason}`).join(', ')
  return found(
    ['list.negative', bad.length > 0, named(bad)],
    ['list.positive', bad.length === 0 && good.length > 0, named(good)],
  )
}

/** One person, several accounts, a first-time price each: found by what a person does not change so easily. */
const firstOffer: Check = ({ firstTimeOffer }, { of }) => {
  if (!firstTimeOffer) return []
  const kinds = (['email', 'phone', 'device', 'shipTo'] as const).filter((kind) => (of[kind]?.firstOffers ?? 0) > 0)
  return found(['offer.first-time-again', kinds.length > 0, kinds.join(', ')])
}

/** From this on an order is expensive, in minor units; other currencies are not judged. */
const expensiveYen = 80_000

const basket: Check = ({ items, amount }) => {
  const gifts = items.filter(({ isGiftCard }) => isGiftCard)
  return found(
    ['basket.gift-cards', gifts.length > 0, gifts.map(({ name }) => name).join(', ')],
    ['basket.expensive', amount.currency === japan && Number(amount.minor) >= expensiveYen],
  )
}

const account: Check = ({ buyer }) => {
  const { accountAgeDays = 0, earlierPurchases = 0, passwordChangedToday = false } = buyer
  return found(
    ['account.password-changed', passwordChangedToday],
    ['account.old', accountAgeDays >= 365 && earlierPurchases >= 5 && !passwordChangedToday],
  )
}

const all: readonly Check[] = [
  ...[mail, names, addresses, phone, device, network, velocity],
  ...[list, firstOffer, basket, account],
]

export const findingsOf = (order: OrderRequest, history: History, tables: Tables = noTables): readonly Finding[] =>
  all.flatMap((check) => check(order, history, tables))

/** Too little to judge by: neither a device nor a network, and nothing about the person beside the card. */
export const isHardlyKnown = ({ device, buyer, delivery }: OrderRequest): boolean =>
  device.ip === undefined &&
  device.userAgent === undefined &&
  buyer.phone === undefined &&
  buyer.kana === undefined &&
  delivery === undefined
