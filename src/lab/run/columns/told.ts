/** What memory is told of the rows of a part, column by column: worked out when the part is bound, in one loop for each column. */
import type { Asked } from '../../../risk/decide.ts'
import { kindAt } from '../../../risk/live/memory.ts'
import { entityKinds } from '../../../risk/profile.ts'
import { askedOf } from '../reader.ts'
import type { Place } from './places.ts'
import type { Row } from './row.ts'
import { markAt, markNames, type Wanted } from './wanted.ts'

const nothingAsked = askedOf(undefined, undefined, undefined, undefined, undefined)

export class ToldColumns {
  /** By kind, in the order of `entityKinds`; -1: none. Undefined: nobody wants them, or the reader finds them row by row. */
  readonly slots: (Int32Array | undefined)[]
  /** In the order of `markNames`; NaN: none. */
  readonly marks: (Float64Array | undefined)[]
  /** NaN: there is none. */
  amounts = new Float64Array(0)
  /** Where they are wanted. */
  places: (Place | undefined)[] | undefined
  /** What each row asks for. */
  asked: Asked[] = []
  /** 1 app, 2 browser, 3 without the holder. */
  channels = new Uint8Array(0)
  readonly #wanted: Wanted
  /** Where slots go that only marks follow from. */
  #unwanted = new Int32Array(0)
  constructor(wanted: Wanted) {
    this.#wanted = wanted
    this.slots = entityKinds.map(() => undefined)
    this.marks = markNames.map(() => undefined)
  }

  #grow(n: number): void {
    const { kinds, marks } = this.#wanted
    this.amounts = new Float64Array(n)
    this.channels = new Uint8Array(n)
    this.#unwanted = new Int32Array(n)
    if (this.#wanted.places) this.places = new Array<Place | undefined>(n).fill(undefined)
    this.asked = new Array<Asked>(n).fill(nothingAsked)
    for (const kind of columnKinds) if (kinds.has(kind)) this.slots[kindAt[kind]] = new Int32Array(n)
    for (const mark of marks) this.marks[markAt[mark]] = new Float64Array(n)
  }

  /** Of the part that the row is bound to. */
  take({ people, places, devices, orders, shop }: Row, n: number): void {
    if (n > this.amounts.length) this.#grow(n)
    const { channels, amounts, slots, marks } = this
    devices.putChannels(n, channels)
    orders.putAmounts(n, amounts)
    shop.putAsked(n, this.asked)
    const [account, device, ip, email, merchant, shipTo, range, phone, domain, binMerchant] = slots
    const [accounts, ofDevice, ofMerchant, ofShipTo, country, ofEmail, ofPhone, network, method, likeness] = marks
    const [, , , , , , , , , , spelling, name, shopAccount] = marks
    if (account !== undefined && accounts !== undefined) people.putAccounts(n, account, accounts)
    if (range !== undefined) people.putRanges(n, range)
    this.#both(device, ofDevice, (to) => devices.putDevices(n, channels, to, ofDevice))
    this.#both(ip, undefined, (to) => places.putAddresses(n, channels, to))
    this.#both(email, ofEmail, (to) => people.putBoxes(n, to, ofEmail))
    this.#both(merchant, ofMerchant, (to) => orders.putMerchants(n, to, ofMerchant))
    this.#both(shipTo, ofShipTo, (to) => orders.putShipTos(n, to, ofShipTo))
    this.#both(phone, ofPhone, (to) => people.putPhones(n, to, ofPhone))
    this.#both(domain, undefined, (to) => people.putDomains(n, to))
    if (binMerchant !== undefined && range !== undefined && merchant !== undefined)
      orders.putBinMerchants(n, people, range, merchant, binMerchant)
    if (country !== undefined) orders.putCountries(n, country)
    if (this.places !== undefined) places.putPlaces(n, channels, this.places)
    if (network !== undefined && this.places !== undefined) places.putNetworks(n, this.places, network)
    if (method !== undefined) devices.putDigests(n, method)
    if (likeness !== undefined) devices.putLikenesses(n, likeness)
    if (spelling !== undefined) people.putSpellings(n, spelling)
    if (name !== undefined) people.putNames(n, name)
    if (shopAccount !== undefined) people.putShopAccounts(n, shopAccount)
  }

  #both(slots: Int32Array | undefined, marks: Float64Array | undefined, put: (to: Int32Array) => void): void {
    if (slots !== undefined || marks !== undefined) put(slots ?? this.#unwanted)
  }
}

/** Those of which a part has a column; entities of the freeman scorer follow from several texts of a row. */
export const columnKinds = entityKinds.slice(0, kindAt.everyone)
