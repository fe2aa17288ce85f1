/** What is kept of the signals of a merchant-side check: grades, codes, counts and marks; no names, addresses or numbers of phones. */
import { type BehaviourFacts, behaviourOf } from './behaviour.ts'
import type { AReqFacts, KeyedKind } from './facts.ts'
import { markOf } from './profile.ts'
import type { AddressKind, Signals } from './signals.ts'
import type { Tables } from './tables.ts'
import { japaneseAddressKeyOf } from './text/address.ts'
import { latinOfKana } from './text/kana.ts'
import { type Agreement, kanaAgainstKanji, nameAgainstKana, nameKeyOf } from './text/name.ts'
import { kindOfPlace, placeTextOf } from './text/place-kind.ts'
import { postalCodeAgainstAddress } from './text/postal.ts'

export type SignalFacts = Pick<
  Signals,
  | 'addressExists'
  | 'addressVacant'
  | 'phoneReachable'
  | 'mailDeliverable'
  | 'domainAgeDays'
  | 'firstTimeOffer'
  | 'loginFailures'
  | 'passwordReset'
  | 'stepUpFailures'
  | 'newDeviceLogin'
  | 'sharedList'
> & {
  /** What was told, or else what the shipped patterns see in the address. */
  readonly addressKind: AddressKind | undefined
  readonly behaviour: BehaviourFacts | undefined
  /** The address of delivery, in any spelling. */
  readonly address: number | undefined
  /** The holder's and the receiver's name, in any spelling: by their kana. */
  readonly person: number | undefined
  readonly receiver: number | undefined
  readonly receiverIsHolder: boolean | undefined
  /** The kanji of the holder's name against its kana; undefined: not told. */
  readonly kanaAgainstKanji: Agreement | undefined
  /** The name on the card against the kana. */
  readonly nameAgainstKana: Agreement | undefined
  readonly postalCode: Agreement | undefined
}

export type SignalContext = {
  readonly tables: Tables
  readonly keyOf: (kind: KeyedKind, value: string) => string
}

export function signalFactsOf(signals: Signals, areq: AReqFacts, { tables, keyOf }: SignalContext): SignalFacts {
  const { kanji, kana, rawAddress } = signals
  const { cardholderName } = areq
  const postCode = signals.postCode ?? areq.shipAddrPostCode
  const address = rawAddress === undefined ? undefined : japaneseAddressKeyOf(rawAddress, postCode)
  const person = kana === undefined ? undefined : personKeyOf(kana)
  const receiver = signals.receiverKana === undefined ? undefined : personKeyOf(signals.receiverKana)
  const mark = (kind: KeyedKind, value: string | undefined) =>
    value === undefined ? undefined : markOf(keyOf(kind, value))
  return {
    addressExists: signals.addressExists,
    addressVacant: signals.addressVacant,
    addressKind: signals.addressKind ?? (rawAddress === undefined ? undefined : kindOfPlace(placeTextOf([rawAddress]))),
    phoneReachable: signals.phoneReachable,
    mailDeliverable: signals.mailDeliverable,
    domainAgeDays: signals.domainAgeDays,
    firstTimeOffer: signals.firstTimeOffer,
    loginFailures: signals.loginFailures,
    passwordReset: signals.passwordReset,
    stepUpFailures: signals.stepUpFailures,
    newDeviceLogin: signals.newDeviceLogin,
    sharedList: signals.sharedList,
    behaviour: behaviourOf(signals.behaviour),
    address: mark('shipTo', address),
    person: mark('person', person),
    receiver: mark('person', receiver),
    receiverIsHolder: person === undefined || receiver === undefined ? undefined : person === receiver,
    kanaAgainstKanji: kanji === undefined || kana === undefined ? undefined : kanaAgainstKanji(kanji, kana),
    nameAgainstKana:
      kana === undefined || cardholderName === undefined ? undefined : nameAgainstKana(cardholderName, kana),
    postalCode: rawAddress === undefined ? undefined : postalCodeAgainstAddress(rawAddress, postCode, tables),
  }
}

/** The same for a name in one word and in two. */
function personKeyOf(kana: string): string | undefined {
  const latin = latinOfKana(kana)?.replaceAll(' ', '')
  return latin === undefined || latin === '' ? undefined : nameKeyOf(latin)
}
