/** What tables know of a network address: evidence that ages, no verdict. */
import { noTables, type Tables } from '../tables.ts'
import { type Address, addressOf } from './address.ts'

export const networkKinds = ['isp', 'mobile', 'hosting', 'vpn', 'tor', 'relay'] as const
export type NetworkKind = (typeof networkKinds)[number]
export type Network = {
  readonly kind?: NetworkKind | undefined
  /** ISO 3166-1 numeric. */
  readonly country?: string | undefined
  /** Degrees; of the place, or of the middle of the country. */
  readonly lat?: number | undefined
  readonly lon?: number | undefined
  /** The position is only the country's: the holder may be so many kilometres from it. */
  readonly radiusKm?: number | undefined
  readonly isCountryWide?: boolean | undefined
}
/** What facts keep of it. */
export type NetworkFacts = Network

/** One table: of a list, of a file of the user. */
export type NetworkSource = { readonly find: (address: Address, text: string) => Network | undefined }
export type NetworkTables = { readonly find: (ip: string) => Network | undefined }

const nothing: Network = {}

/** Nothing known: no member is there. */
export const networkOf = (ip: string, tables: Tables = noTables): Network => tables.networks.find(ip) ?? nothing

/**
 * Several tables as one. The first that tells a kind gives the kind, the first that tells a country gives country and place:
 * so the user's own come before those that are shipped.
 */
export function networkTables(sources: readonly NetworkSource[], placed: (network: Network) => Network): NetworkTables {
  return {
    find(ip) {
      const address = addressOf(ip)
      if (address === undefined) return undefined
      let kind: Network | undefined
      let place: Network | undefined
      for (const source of sources) {
        if (kind !== undefined && place !== undefined) break
        const found = source.find(address, ip)
        if (found === undefined) continue
        if (kind === undefined && found.kind !== undefined) kind = found
        if (place === undefined && found.country !== undefined) place = found
      }
      if (kind === undefined && place === undefined) return undefined
      if (place === undefined) return kind
      return placed(kind === undefined || kind === place ? place : { ...place, kind: kind.kind })
    },
  }
}
