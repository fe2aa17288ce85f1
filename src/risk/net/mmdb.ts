/** Records of MMDB files (MaxMind's format, in which others publish as well) as networks. The reader comes from the edge. */
import { countryNumber } from './csv.ts'
import type { Network, NetworkKind, NetworkSource } from './network.ts'

export type MmdbReader = { get(ip: string): unknown }

/** What files of several makers hold; each has a few of these. */
type Made = {
  readonly country?: { readonly iso_code?: string } | string
  readonly country_code?: string
  readonly registered_country?: { readonly iso_code?: string }
  readonly location?: { readonly latitude?: number; readonly longitude?: number }
  readonly latitude?: number | string
  readonly longitude?: number | string
  readonly lat?: number | string
  readonly lng?: number | string
  readonly autonomous_system_number?: number
  readonly asn?: number | string
  readonly connection_type?: string
  readonly user_type?: string
  readonly traits?: Traits
} & Traits
type Traits = {
  readonly is_anonymous_vpn?: boolean
  readonly is_hosting_provider?: boolean
  readonly is_tor_exit_node?: boolean
  readonly is_public_proxy?: boolean
  readonly is_residential_proxy?: boolean
  readonly connection_type?: string
  readonly user_type?: string
}

export function networksFromMmdb(reader: MmdbReader, hosting: ReadonlySet<number>): NetworkSource {
  return {
    find(_address, text) {
      const record = reader.get(text)
      return typeof record === 'object' && record !== null ? networkIn(record, hosting) : undefined
    },
  }
}

function networkIn(record: Made, hosting: ReadonlySet<number>): Network {
  const { country, location } = record
  const code =
    typeof country === 'string'
      ? country
      : (country?.iso_code ?? record.country_code ?? record.registered_country?.iso_code)
  const lat = degrees(location?.latitude ?? record.latitude ?? record.lat, 90)
  const lon = degrees(location?.longitude ?? record.longitude ?? record.lng, 180)
  return {
    kind: kindIn(record, hosting),
    country: countryNumber(code),
    ...(lat === undefined || lon === undefined ? {} : { lat, lon }),
  }
}

function degrees(value: number | string | undefined, most: number): number | undefined {
  const number = value === undefined || value === '' ? Number.NaN : Number(value)
  return Math.abs(number) <= most ? number : undefined
}

function kindIn(record: Made, hosting: ReadonlySet<number>): NetworkKind | undefined {
  const traits: Traits = { ...record, ...record.traits }
  if (traits.is_tor_exit_node === true) return 'tor'
  if (traits.is_anonymous_vpn === true || traits.is_public_proxy === true || traits.is_residential_proxy === true)
    return 'vpn'
  if (traits.is_hosting_provider === true || traits.user_type === 'hosting') return 'hosting'
  if (traits.connection_type === 'Cellular' || traits.user_type === 'cellular') return 'mobile'
  const number = record.autonomous_system_number ?? Number(String(record.asn ?? '').replace(/^AS/i, ''))
  if (hosting.has(number)) return 'hosting'
  return traits.user_type === 'residential' ? 'isp' : undefined
}
