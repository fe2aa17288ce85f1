/** Japanese postal codes: where they lie, and whether an address fits. */
import { postalPrefixes } from '../data/postal-prefixes.ts'
import type { Tables } from '../tables.ts'
import { japaneseAddressOf } from './address.ts'
import type { Agreement } from './name.ts'

export type Place = {
  /** ISO 3166-2:JP, two digits: 13 is Tokyo. */
  readonly prefecture: string
  readonly prefectureName: string
  readonly city: string
  /** Towns of the code; none where it stands for the rest of a city. */
  readonly towns: readonly string[]
}

const prefectures: readonly string[] = (() => {
  const byPrefix = new Array<string>(1_000).fill('')
  for (const row of postalPrefixes.split(' ')) {
    const [span = '', codes = ''] = row.split(':')
    const [from = '', to = from] = span.split('-')
    byPrefix.fill(codes, Number(from), Number(to) + 1)
  }
  return byPrefix
})()

/** Prefectures that a postal code may lie in: by its first three digits, so that no table of all codes is needed. Empty: there is no such code. */
export function prefecturesOf(code: string): readonly string[] {
  const found = prefectures[Number(code.slice(0, 3))] ?? ''
  return found === '' ? [] : found.split('+')
}

/** The postal code and the prefecture of an AReq (shipAddrPostCode and shipAddrState; ISO 3166-2 after the hyphen). */
export function postalCodeAgainstState(postCode: string | undefined, state: string | undefined): Agreement {
  const code = postCode?.normalize('NFKC').replace(/[\s-]/g, '') ?? ''
  if (code === '') return 'unknown'
  if (!/^\d{7}$/.test(code)) return 'contradicts'
  const found = prefecturesOf(code)
  if (found.length === 0) return 'contradicts'
  const said = /^(?:JP-?)?(\d{1,2})$/i.exec(state?.trim() ?? '')?.[1]
  return said === undefined ? 'unknown' : found.includes(said.padStart(2, '0')) ? 'agrees' : 'contradicts'
}

/**
 * An address in Japanese against the place of its postal code. It agrees where the city and a town of the code are in it; names
 * of towns are written in so many ways that only another prefecture or city contradicts.
 */
export function postalCodeAgainstAddress(raw: string, postCode: string | undefined, tables: Tables): Agreement {
  const address = japaneseAddressOf(raw, postCode)
  if (address?.postCode === undefined) return 'unknown'
  const { prefecture, town } = address
  const found = prefecturesOf(address.postCode)
  if (found.length === 0) return 'contradicts'
  const place = tables.placeOfPostalCode(address.postCode)
  if (place === undefined) return 'unknown'
  if (prefecture !== undefined && prefecture !== place.prefectureName) return 'contradicts'
  // 三郷市 in 北葛飾郡, 大阪市北区: the last part names the municipality.
  const city = [place.city, place.city.replace(/^.+郡/, ''), place.city.replace(/^.+市(?=.+区$)/, '')]
  if (!city.some((name) => spelt(town).includes(spelt(name)))) return namesACity(town) ? 'contradicts' : 'unknown'
  return place.towns.length === 0 || place.towns.some((name) => spelt(town).includes(spelt(name)))
    ? 'agrees'
    : 'unknown'
}

const namesACity = (town: string): boolean => /^(?:\p{Script=Han}{1,4}郡)?[^市区町村]{1,6}[市区町村]/u.test(town)

const spelt = (name: string): string => name.replace(/[ヶケがガ]/g, 'ヶ').replace(/[ノの之]/g, 'の')
