/** Where a row comes from by its network address, and what is known of it. */
import type { ChainKeys, Chains } from '../../../risk/chains.ts'
import { chainsOf } from '../../../risk/chains.ts'
import { deviceInfoOf } from '../../../risk/device-info.ts'
import { countryOfIp, isPrivate, networkOf, prefixOf } from '../../../risk/facts.ts'
import { addressOf } from '../../../risk/net/address.ts'
import { type NetworkFacts, networkOf as networkFrom } from '../../../risk/net/network.ts'
import { placed } from '../../../risk/net/places.ts'
import { markOf } from '../../../risk/profile.ts'
import type { Setting } from '../../../risk/setting.ts'
import type { Tables } from '../../../risk/tables.ts'
import type { EventColumn } from '../../stream/schema.ts'
import { labKeyOf, networkOfParts, tablesWith } from '../areq.ts'
import { type Entity, entityOf, type Numbered } from './entities.ts'
import { Reading, type SlotsOf } from './reading.ts'
import type { Texts } from './texts.ts'

/** Half of what the freeman scorer counts. */
export type ChainHalf = { readonly keys: ChainKeys; readonly chains: Chains; slots?: readonly number[] }

export type Place = {
  readonly network: NetworkFacts
  readonly country: string | undefined
  readonly mark: number
  readonly chain: ChainHalf | undefined
}
/** One address, and what the stream last told of it. */
export type Address = {
  readonly text: string
  readonly ip: string
  readonly entity: Entity
  readonly isPublic: boolean
  country: string | undefined
  type: string | undefined
  lat: number
  lon: number
  radiusKm: number
  place: Place | undefined
}

const isSame = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

export class Places extends Reading {
  readonly #tables: Tables
  readonly #setting: Setting
  readonly #byBrowser: Numbered
  readonly #byApp: Numbered
  readonly #byDevice: Numbered
  constructor(tables: Tables, setting: Setting, slotsOf: SlotsOf) {
    super()
    this.#tables = tables
    this.#setting = setting
    const slotOf = slotsOf('ip')
    this.#byBrowser = this.numbered(this.#ofBrowser, (address) => address?.entity, slotOf)
    this.#byApp = this.numbered(this.#ofApp, (address) => address?.entity, slotOf)
    this.#byDevice = this.numbered(this.#ofDevice, (address) => address?.entity, slotOf)
  }
  readonly #ofBrowser = this.#addresses('browserIP', (text) => text)
  readonly #ofApp = this.#addresses('appIp', (text) => text)
  readonly #ofDevice = this.#addresses('deviceInfo', (text) => deviceInfoOf(text).ip)
  readonly #countries = this.plain('ipCountry')
  readonly #types = this.plain('ipType')
  readonly #lats = this.numbers('ipLat')
  readonly #lons = this.numbers('ipLon')
  readonly #radii = this.numbers('ipRadiusKm')

  #addresses(name: EventColumn, of: (text: string) => string | undefined): Texts<Address | undefined> {
    return this.texts<Address | undefined>(
      name,
      (told) => {
        const text = of(told)
        return text === undefined ? undefined : this.#addressOf(text)
      },
      undefined,
    )
  }
  #addressOf(text: string): Address {
    const ip = networkOf(text)
    return {
      text,
      ip,
      entity: entityOf('ip', ip),
      isPublic: !isPrivate(ip),
      country: undefined,
      type: undefined,
      lat: Number.NaN,
      lon: Number.NaN,
      radiusKm: Number.NaN,
      place: undefined,
    }
  }

  /** `channel`: 1 app, 2 browser, 3 without the holder. */
  addressAt(row: number, channel: number): Address | undefined {
    if (channel === 2) return this.#ofBrowser.at(row)
    if (this.#ofApp.isTold(row)) return this.#ofApp.at(row)
    return channel === 1 ? this.#ofDevice.at(row) : undefined
  }

  putAddresses(n: number, channels: Uint8Array, slots: Int32Array): void {
    const { ids: browsers } = this.#ofBrowser
    const { ids: apps } = this.#ofApp
    const { ids: devices } = this.#ofDevice
    for (let row = 0; row < n; row++) {
      const channel = channels[row]
      const app = apps[row] as number
      if (channel === 2) slots[row] = this.#byBrowser.slotAt(browsers[row] as number)
      else if (app !== 0) slots[row] = this.#byApp.slotAt(app)
      else slots[row] = channel === 1 ? this.#byDevice.slotAt(devices[row] as number) : -1
    }
  }
  /** Of public addresses. */
  putPlaces(n: number, channels: Uint8Array, places: (Place | undefined)[]): void {
    for (let row = 0; row < n; row++) {
      const address = this.addressAt(row, channels[row] as number)
      places[row] = address?.isPublic === true ? this.placeAt(row, address) : undefined
    }
  }
  putNetworks(n: number, places: readonly (Place | undefined)[], marks: Float64Array): void {
    for (let row = 0; row < n; row++) marks[row] = places[row]?.mark ?? Number.NaN
  }
  isBrowserTold(row: number): boolean {
    return this.#ofBrowser.isTold(row)
  }

  /** Of a public address. */
  placeAt(row: number, address: Address): Place {
    const country = this.#countries.at(row)
    const type = this.#types.at(row)
    const lat = this.#lats.at(row)
    const lon = this.#lons.at(row)
    const radiusKm = this.#radii.at(row)
    const { place } = address
    if (
      place !== undefined &&
      address.country === country &&
      address.type === type &&
      isSame(address.lat, lat) &&
      isSame(address.lon, lon) &&
      isSame(address.radiusKm, radiusKm)
    )
      return place
    address.country = country
    address.type = type
    address.lat = lat
    address.lon = lon
    address.radiusKm = radiusKm
    const next = this.#placeOf(address)
    address.place = next
    return next
  }
  #placeOf({ text, ip, country, type, lat, lon, radiusKm }: Address): Place {
    const told = networkOfParts(country, type, lat, lon, radiusKm)
    // Where the stream tells all of it, no table is asked.
    const network =
      told?.kind !== undefined && told.country !== undefined && addressOf(text) !== undefined
        ? placed(told)
        : networkFrom(text, tablesWith(this.#tables, told))
    const { lists, countsChains } = this.#setting
    const found = network.country ?? countryOfIp(ip, lists.ipCountries)
    const prefix = prefixOf(ip)
    return {
      network: { ...network, country: found },
      country: found,
      mark: markOf(labKeyOf('network', `${prefix}/${found ?? ''}`)),
      chain:
        countsChains === true
          ? chainsOf({ network: { narrow: ip, middle: prefix, wide: found ?? 'unknown' }, agent: undefined }, labKeyOf)
          : undefined,
    }
  }
}
