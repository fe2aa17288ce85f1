/** What is bought, where, and where it goes. */
import { currencies } from '../../../protocol/tables/iso.ts'
import { merchantValue, postalCodeIn, shipToValue, toIssuer } from '../../../risk/facts.ts'
import type { Setting } from '../../../risk/setting.ts'
import { type SignalFacts, signalFactsOf } from '../../../risk/signal-facts.ts'
import type { AddressKind, Signals } from '../../../risk/signals.ts'
import type { Tables } from '../../../risk/tables.ts'
import type { Agreement } from '../../../risk/text/name.ts'
import { kindOfPlace, placeTextOf } from '../../../risk/text/place-kind.ts'
import { labKeyOf, signalsOfText } from '../areq.ts'
import { type Entity, entityOf, type Numbered, Pairs } from './entities.ts'
import type { People } from './people.ts'
import { Reading, type SlotsOf, wholeOf } from './reading.ts'

export type Ship = {
  readonly entity: Entity | undefined
  readonly kind: AddressKind | undefined
  readonly isForwarding: boolean
}
export type Told = {
  readonly facts: SignalFacts
  readonly hasAddress: boolean
  /** By the address as it was typed at the shop. */
  readonly shipTo: Entity | undefined
}

export class Orders extends Reading {
  readonly #tables: Tables
  readonly #setting: Setting
  readonly #binMerchants = new Pairs()
  /** By the digits of an exponent. */
  readonly #pows: Float64Array
  readonly #merchantsBy: Numbered
  readonly #shipTosBy: Numbered
  readonly #binMerchantSlotOf: ((hash: number) => number) | undefined
  constructor(tables: Tables, setting: Setting, slotsOf: SlotsOf) {
    super()
    this.#merchantsBy = this.numbered(this.#merchants, (entity) => entity, slotsOf('merchant'))
    this.#shipTosBy = this.numbered(this.#ships, ({ entity }) => entity, slotsOf('shipTo'))
    this.#binMerchantSlotOf = slotsOf('binMerchant')
    this.#tables = tables
    this.#setting = setting
    const own = setting.issuer.currency.exponent
    this.#pows = Float64Array.from({ length: 10 }, (_, exponent) => 10 ** (own - exponent))
  }

  readonly #merchantIds = this.plain('merchant')
  readonly #merchantNames = this.plain('merchantName')
  readonly #merchants = this.tuples<Entity | undefined>(['merchant', 'merchantName'], (row) => {
    const acquirerMerchantID = this.#merchantIds.at(row)
    const value = merchantValue({ acquirerMerchantID, merchantName: this.#merchantNames.at(row) })
    return value === undefined ? undefined : entityOf('merchant', value)
  })
  merchantAt(row: number): Entity | undefined {
    return this.#merchants.at(row)
  }
  binMerchantOf(range: Entity | undefined, merchant: Entity | undefined): Entity | undefined {
    // The key of a range is the range itself.
    return range === undefined || merchant === undefined
      ? undefined
      : entityOf('binMerchant', `${range.key}:${merchant.key}`)
  }
  putMerchants(n: number, slots: Int32Array, marks: Float64Array | undefined): void {
    const by = this.#merchantsBy
    for (let row = 0; row < n; row++) {
      const place = this.#merchants.placeAt(row)
      slots[row] = by.slotAt(place)
      if (marks !== undefined) marks[row] = by.markAt(place)
    }
  }
  putShipTos(n: number, slots: Int32Array, marks: Float64Array | undefined): void {
    const by = this.#shipTosBy
    for (let row = 0; row < n; row++) {
      const place = this.#ships.placeAt(row)
      slots[row] = by.slotAt(place)
      if (marks !== undefined) marks[row] = by.markAt(place)
    }
  }
  /** Of ranges and shops, by their slots. */
  putBinMerchants(n: number, people: People, ranges: Int32Array, merchants: Int32Array, slots: Int32Array): void {
    const known = this.#binMerchants
    for (let row = 0; row < n; row++) {
      const range = ranges[row] as number
      const merchant = merchants[row] as number
      let slot = -1
      if (range >= 0 && merchant >= 0) {
        slot = known.of(range, merchant)
        if (slot < 0) {
          slot =
            this.#binMerchantSlotOf?.(this.binMerchantOf(people.rangeAt(row), this.merchantAt(row))?.hash ?? 0) ?? 0
          known.put(range, merchant, slot)
        }
      }
      slots[row] = slot
    }
  }
  putCountries(n: number, marks: Float64Array): void {
    for (let row = 0; row < n; row++) marks[row] = this.countryMarks.at(row) ?? Number.NaN
  }
  putAmounts(n: number, amounts: Float64Array): void {
    for (let row = 0; row < n; row++) amounts[row] = this.amountAt(row)
  }
  readonly mccs = this.plain('mcc')
  readonly merchantCountries = this.plain('merchantCountryCode')
  readonly countryMarks = this.numeric('merchantCountryCode')

  readonly #amounts = this.numbers('purchaseAmount')
  readonly #rates = this.texts<number>('purchaseCurrency', (code) => this.#rateOf(code), Number.NaN)
  readonly #usualExponents = this.texts<number>('purchaseCurrency', (code) => currencies.get(code)?.exponent ?? 0, 0)
  readonly #exponents = this.texts<number>(
    'purchaseExponent',
    (text) => (/^\d$/.test(text) ? Number(text) : Number.NaN),
    Number.NaN,
  )
  #rateOf(code: string): number {
    const { currency, rates } = this.#setting.issuer
    if (code === currency.code) return 1
    return Object.hasOwn(rates, code) ? (rates[code] ?? Number.NaN) : Number.NaN
  }
  /** Minor units of the issuer's currency; NaN: there is none, or no rate. As `toIssuer` has it. */
  amountAt(row: number): number {
    const value = this.#amounts.at(row)
    if (!(value >= 0) || value > Number.MAX_SAFE_INTEGER || !Number.isInteger(value)) return Number.NaN
    const rate = this.#rates.at(row)
    if (Number.isNaN(rate)) return Number.NaN
    const told = this.#exponents.at(row)
    const exponent = Number.isNaN(told) ? this.#usualExponents.at(row) : told
    return Math.min(Math.round((value + 0) * (this.#pows[exponent] as number) * rate), Number.MAX_SAFE_INTEGER - 1)
  }

  readonly #giftAmounts = this.numbers('giftCardAmount')
  readonly #giftCurrencies = this.plain('giftCardCurr')
  readonly #giftCounts = this.numbers('giftCardCount')
  giftAmountAt(row: number): number | undefined {
    const amount = wholeOf(this.#giftAmounts.at(row))
    return amount === undefined ? undefined : toIssuer(amount, 0, this.#giftCurrencies.at(row), this.#setting.issuer)
  }
  giftCountAt(row: number): number | undefined {
    return wholeOf(this.#giftCounts.at(row))
  }

  readonly #lines = [this.plain('shipAddrLine1'), this.plain('shipAddrLine2'), this.plain('shipAddrLine3')] as const
  readonly #cities = this.plain('shipAddrCity')
  readonly #shipCodes = this.plain('shipAddrPostCode')
  readonly #shipStates = this.plain('shipAddrState')
  readonly shipCountries = this.plain('shipAddrCountry')
  readonly #ships = this.tuples<Ship>(
    [
      'shipAddrLine1',
      'shipAddrLine2',
      'shipAddrLine3',
      'shipAddrCity',
      'shipAddrPostCode',
      'shipAddrState',
      'shipAddrCountry',
    ],
    (row) => this.#shipOf(row),
  )
  #shipOf(row: number): Ship {
    const [line1, line2, line3] = this.#lines.map((line) => line.at(row))
    const shipAddrCity = this.#cities.at(row)
    const value = shipToValue({
      shipAddrLine1: line1,
      shipAddrLine2: line2,
      shipAddrLine3: line3,
      shipAddrCity,
      shipAddrPostCode: this.#shipCodes.at(row),
      shipAddrState: this.#shipStates.at(row),
      shipAddrCountry: this.shipCountries.at(row),
    })
    const place = placeTextOf([shipAddrCity, line1, line2, line3])
    return {
      entity: value === undefined ? undefined : entityOf('shipTo', value),
      kind: place === '' ? undefined : kindOfPlace(place),
      isForwarding: this.#setting.lists.forwarding.some((pattern) => place.includes(pattern)),
    }
  }
  shipAt(row: number): Ship {
    return this.#ships.at(row)
  }

  readonly #shipAgreements = this.tuples<Agreement | undefined>(
    ['shipAddrPostCode', 'shipAddrState', 'shipAddrCountry'],
    (row) => postalCodeIn(this.shipCountries.at(row), this.#shipCodes.at(row), this.#shipStates.at(row)),
  )
  shipCodeAt(row: number): Agreement | undefined {
    return this.#shipAgreements.at(row)
  }
  readonly billCountries = this.plain('billAddrCountry')
  readonly #billCodes = this.plain('billAddrPostCode')
  readonly #billStates = this.plain('billAddrState')
  readonly #billAgreements = this.tuples<Agreement | undefined>(
    ['billAddrPostCode', 'billAddrState', 'billAddrCountry'],
    (row) => postalCodeIn(this.billCountries.at(row), this.#billCodes.at(row), this.#billStates.at(row)),
  )
  billCodeAt(row: number): Agreement | undefined {
    return this.#billAgreements.at(row)
  }

  readonly #signals = this.texts<Signals | undefined>('merchantSignals', signalsOfText, undefined)
  readonly #names = this.plain('cardholderName')
  readonly #told = this.tuples<Told | undefined>(['merchantSignals', 'cardholderName', 'shipAddrPostCode'], (row) => {
    const signals = this.#signals.at(row)
    if (signals === undefined) return undefined
    const areq = { cardholderName: this.#names.at(row), shipAddrPostCode: this.#shipCodes.at(row) }
    const hasAddress = signals.rawAddress !== undefined
    const shipTo = hasAddress ? shipToValue(areq, signals) : undefined
    return {
      facts: signalFactsOf(signals, areq, { tables: this.#tables, keyOf: labKeyOf }),
      hasAddress,
      shipTo: shipTo === undefined ? undefined : entityOf('shipTo', shipTo),
    }
  })
  /** What was told besides a verdict, where somebody listens. */
  toldAt(row: number): Told | undefined {
    return this.#told.at(row)
  }
}
