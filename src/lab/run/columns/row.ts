/** One row of the bound part: who and what it is about. */
import { monthAt } from '../../../risk/facts.ts'
import type { Setting } from '../../../risk/setting.ts'
import type { Tables } from '../../../risk/tables.ts'
import type { Part } from '../../stream/table.ts'
import { Devices, type Method } from './devices.ts'
import type { Entity } from './entities.ts'
import { Orders, type Ship, type Told } from './orders.ts'
import { type MailEntry, People, type PhoneEntry } from './people.ts'
import { type Address, type ChainHalf, type Place, Places } from './places.ts'
import { Presence } from './presence.ts'
import type { SlotsOf } from './reading.ts'
import { Shop } from './shop.ts'
import { Columns } from './texts.ts'
import { ToldColumns } from './told.ts'
import type { Wanted } from './wanted.ts'

export class Row {
  row = 0
  /** Milliseconds since 1970. */
  now = 0
  readonly setting: Setting
  readonly people: People
  readonly places: Places
  readonly devices: Devices
  readonly orders: Orders
  readonly shop = new Shop()
  readonly columns: ToldColumns
  readonly #columns = new Columns()
  readonly #presence = new Presence()
  #isPresenceBound = false
  #day = Number.NaN
  #month = 0

  channel = 2
  /** How many new numbers the card has had. */
  renewal = 0
  /** Signals beside the verdicts, where somebody listens. */
  told: Told | undefined
  #method: Method | undefined
  #methodRow = -1
  #device: Entity | undefined
  #deviceRow = -1
  #place: Place | undefined
  #placeRow = -1
  #ship: Ship | undefined
  #shipRow = -1

  constructor(setting: Setting, tables: Tables, wanted: Wanted, slotsOf: SlotsOf) {
    this.setting = setting
    this.columns = new ToldColumns(wanted)
    this.people = new People(tables, slotsOf)
    this.places = new Places(tables, setting, slotsOf)
    this.devices = new Devices(setting, slotsOf)
    this.orders = new Orders(tables, setting, slotsOf)
  }

  bind(part: Part): void {
    const columns = this.#columns
    columns.bind(part)
    this.#isPresenceBound = false
    this.#forget()
    for (const one of [this.people, this.places, this.devices, this.orders, this.shop]) one.bind(columns)
    this.columns.take(this, part.n)
  }

  #forget(): void {
    this.#methodRow = -1
    this.#deviceRow = -1
    this.#placeRow = -1
    this.#shipRow = -1
  }

  go(row: number, now: number, renewal: number): void {
    this.row = row
    this.now = now
    this.renewal = renewal
    this.channel = this.columns.channels[row] as number
    this.told = undefined
  }

  /** `isTold`: signals beside the verdicts count. */
  hear(isTold: boolean): void {
    if (isTold) this.told = this.orders.toldAt(this.row)
  }

  get account(): Entity {
    return this.people.accountAt(this.row, this.renewal)
  }
  get range(): Entity | undefined {
    return this.people.rangeAt(this.row)
  }
  get merchant(): Entity | undefined {
    return this.orders.merchantAt(this.row)
  }
  get mail(): MailEntry {
    return this.people.mails.at(this.row)
  }
  get phone(): PhoneEntry | undefined {
    return this.people.phoneAt(this.row)
  }
  get address(): Address | undefined {
    return this.places.addressAt(this.row, this.channel)
  }
  /** Of a public address. */
  get place(): Place | undefined {
    const { row } = this
    const { places } = this.columns
    if (places !== undefined) return places[row]
    if (this.#placeRow !== row) {
      this.#placeRow = row
      const { address } = this
      this.#place = address?.isPublic === true ? this.places.placeAt(row, address) : undefined
    }
    return this.#place
  }
  get method(): Method | undefined {
    const { row } = this
    if (this.#methodRow !== row) {
      this.#methodRow = row
      this.#method = this.devices.methodAt(row)
    }
    return this.#method
  }
  get device(): Entity | undefined {
    const { row } = this
    if (this.#deviceRow !== row) {
      this.#deviceRow = row
      this.#device = this.method?.entity ?? this.devices.otherAt(row, this.channel)
    }
    return this.#device
  }
  get ship(): Ship {
    const { row } = this
    if (this.#shipRow !== row || this.#ship === undefined) {
      this.#shipRow = row
      this.#ship = this.orders.shipAt(row)
    }
    return this.#ship
  }
  get shipTo(): Entity | undefined {
    const { told } = this
    return told?.hasAddress === true ? told.shipTo : this.ship.entity
  }

  get binMerchant(): Entity | undefined {
    return this.orders.binMerchantOf(this.range, this.merchant)
  }
  get month(): number {
    const { issuer } = this.setting
    const day = Math.floor((this.now + issuer.zone.offsetMinutes * 60_000) / 86_400_000)
    if (day !== this.#day) {
      this.#day = day
      this.#month = monthAt(this.now, issuer)
    }
    return this.#month
  }
  get presence(): string {
    if (!this.#isPresenceBound) {
      this.#presence.bind(this.#columns)
      this.#isPresenceBound = true
    }
    const { shop, row } = this
    return this.#presence.at(row, shop.kindAt(row), {
      messageVersion: shop.versions.at(row),
      deviceChannel: shop.channels.at(row),
      messageCategory: shop.categories.at(row),
    })
  }
  get networkChain(): ChainHalf | undefined {
    return this.channel === 3 ? undefined : this.place?.chain
  }
  get agentChain(): ChainHalf | undefined {
    return this.devices.chainAt(this.row, this.channel)
  }
}
