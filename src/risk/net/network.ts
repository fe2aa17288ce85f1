/** What tables know of a network address: evidence that ages, no verdict. */

import type { Tables } from '../tables.ts'
import { type Address, addressOf } from './address.ts'

export type NetworkKind = 'isp' | 'mobile' | 'hosting' | 'vpn' | 'tor' | 'relay'
export type Network = {
  readonly kind?: NetworkKind | undefined
  /** ISO 3166-1 numeric. */
  readonly country?: string | undefined
  /** Degrees; of the place, or of the middle of the country. */
  readonly lat?: number | undefined
  readonly lon?: number | undefined
  /** The position is only the country's. */
  readonly isCountryWide?: boolean | undefined
}

export type NetworkTables = { readonly find: (address: Address) => Network | undefined }

/** What facts keep of it. */
export type NetworkFacts = Network

const nothing: Network = {}

export function networkOf(ip: string, tables: Tables): Network {
  const address = addressOf(ip)
  return address === undefined ? nothing : (tables.networks.find(address) ?? nothing)
}
