/** One row of the bound part: who and what it is about. */
import { monthAt } from '../../../risk/facts.ts'
import type { Setting } from '../../../risk/setting.ts'
import type { Tables } from '../../../risk/tables.ts'
import type { Part } from '../../stream/table.ts'
import { Devices, type Method } from './devices.ts'
import { Entities, type Entity } from './entities.ts'
import { Orders, type Told } from './orders.ts'
import { type MailEntry, People, type PhoneEntry } from './people.ts'
import { type Address, type ChainHalf, type Place, Places } from './places.ts'
import { Presence } from './presence.ts'
import { Shop } from './shop.ts'
import { Columns } from './texts.ts'

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
  readonly #columns = new Columns()
  readonly #presence = new Presence()
  #isPresenceBound = false
  #day = Number.NaN
  #month = 0

  channel = 2
  account!: Entity
  range: Entity | undefined
  merchant: Entity | undefined
  method: Method | undefined
  device: Entity | undefined
  address: Address | undefined
  /** Of a public address. */
  place: Place | undefined
  mail!: MailEntry
  phone: PhoneEntry | undefined
  shipTo: Entity | undefined
  told: Told | undefined

  constructor(setting: Setting, tables: Tables) {
    this.setting = setting
    const entities = new Entities()
    this.people = new People(entities, tables)
    this.places = new Places(entities, tables, setting)
    this.devices = new Devices(entities, setting)
    this.orders = new Orders(entities, tables, setting)
  }

  bind(part: Part): void {
    const columns = this.#columns
    columns.bind(part)
    this.#isPresenceBound = false
    for (const one of [this.people, this.places, this.devices, this.orders, this.shop]) one.bind(columns)
  }

  go(row: number, now: number, renewal: number): void {
    const { people, places, devices, orders } = this
    this.row = row
    this.now = now
    const channel = devices.channelAt(row)
    this.channel = channel
    this.account = people.accountAt(row, renewal)
    this.range = people.rangeAt(row)
    this.merchant = orders.merchantAt(row)
    const method = devices.methodAt(row)
    this.method = method
    this.device = method?.entity ?? devices.otherAt(row, channel)
    const address = places.addressAt(row, channel)
    this.address = address
    this.place = address?.isPublic === true ? places.placeAt(row, address) : undefined
    this.mail = people.mails.at(row)
    this.phone = people.phoneAt(row)
  }

  /** `isTold`: signals beside the verdicts count. */
  hear(isTold: boolean): void {
    const told = isTold ? this.orders.toldAt(this.row) : undefined
    this.told = told
    this.shipTo = told?.hasAddress === true ? told.shipTo : this.orders.shipAt(this.row).entity
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
