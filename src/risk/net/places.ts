/** A country's middle stands for a place that nobody has told. */
import { countries } from '../../protocol/tables/iso.ts'
import { countryPlaces } from '../data/country-places.ts'
import type { Position } from './distance.ts'
import type { Network } from './network.ts'

const numbers = new Map([...countries].map(([number, alpha]) => [alpha, number]))
const places: ReadonlyMap<string, Position & { readonly radiusKm: number }> = new Map(
  countryPlaces
    .trim()
    .split(/,\s*/)
    .map((row) => {
      const [alpha = '', lat, lon, radiusKm] = row.split(' ')
      return [numbers.get(alpha) ?? '', { lat: Number(lat), lon: Number(lon), radiusKm: Number(radiusKm) }]
    }),
)

/** By ISO 3166-1 number. */
export const middleOf = (country: string) => places.get(country)

/** With the country's middle where only the country is known. */
export function placed(network: Network): Network {
  if (network.lat !== undefined || network.country === undefined) return network
  const middle = places.get(network.country)
  return middle === undefined ? network : { ...network, ...middle, isCountryWide: true }
}
