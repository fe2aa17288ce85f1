/**
 * A table of networks as CSV. With a header: `cidr` (or `from` and `to`), `country` (two letters or the ISO number), and if one
 * likes `kind`, `lat`, `lon`; other columns are left alone. Without one: from, to, country, as public tables come.
 */
import { countries } from '../../protocol/tables/iso.ts'
import { addressOf, type Block, blockOf } from './address.ts'
import { type Network, type NetworkKind, type NetworkSource, networkKinds } from './network.ts'
import { rangesOf, valueAt } from './ranges.ts'

const numeric = new Map([...countries].map(([number, alpha]) => [alpha, number]))

/** Undefined: no country of ISO 3166. */
export function countryNumber(code: string | undefined): string | undefined {
  const text = code?.trim().toUpperCase() ?? ''
  return countries.has(text) ? text : numeric.get(text)
}

export function networksFromCsv(text: string): NetworkSource {
  const lines = text.split(/\r?\n/)
  const first = cellsOf(lines[0] ?? '').map((cell) => cell.trim().toLowerCase())
  const hasHeader = first.includes('cidr') || (first.includes('from') && first.includes('to'))
  const names = hasHeader ? first : ['from', 'to', 'country']
  const column = (name: string): number => names.indexOf(name)
  const [cidr, from, to, country, kind, lat, lon] = ['cidr', 'from', 'to', 'country', 'kind', 'lat', 'lon'].map(column)
  const rows: Network[] = []
  const known = new Map<string, number>()
  const blocks: (Block & { readonly value: number })[] = []
  for (let i = hasHeader ? 1 : 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    if (line.trim() === '' || line.startsWith('#')) continue
    const cells = cellsOf(line)
    const cell = (at: number | undefined): string | undefined =>
      at === undefined || at < 0 ? undefined : cells[at]?.trim() || undefined
    const fault = (what: string): Error => new Error(`line ${i + 1}: ${what}`)
    const block = cell(cidr) === undefined ? spanOf(cell(from), cell(to)) : blockOf(cell(cidr) ?? '')
    if (block === undefined)
      throw fault('no address block: 192.0.2.0/24 in the column cidr, or two addresses in from and to')
    const key = [country, kind, lat, lon].map((at) => cell(at) ?? '').join(',')
    let value = known.get(key)
    if (value === undefined) {
      const network = {
        country: countryNumber(cell(country)),
        kind: kindOf(cell(kind), fault),
        ...positionOf(cell(lat), cell(lon), fault),
      }
      // Tables mark what lies nowhere with ZZ, or with nothing.
      if (
        cell(country) !== undefined &&
        network.country === undefined &&
        !/^(zz|xk|eu|ap|-)$/i.test(cell(country) ?? '')
      ) {
        throw fault(`"${cell(country)}" is no country of ISO 3166-1 (JP or 392)`)
      }
      value = rows.push(network) - 1
      known.set(key, value)
    }
    blocks.push({ ...block, value })
  }
  const ranges = rangesOf(blocks)
  return { find: (address) => rows[valueAt(ranges, address)] }
}

function spanOf(from: string | undefined, to: string | undefined): Block | undefined {
  const [first, last] = [addressOf(from ?? ''), addressOf(to ?? '')]
  if (first === undefined || last === undefined || first.family !== last.family || first.value > last.value)
    return undefined
  return { family: first.family, from: first.value, to: last.value }
}

function kindOf(text: string | undefined, fault: (what: string) => Error): NetworkKind | undefined {
  if (text === undefined) return undefined
  const kind = networkKinds.find((one) => one === text.toLowerCase())
  if (kind === undefined) throw fault(`"${text}" is no kind of network: ${networkKinds.join(', ')}`)
  return kind
}

function positionOf(
  lat: string | undefined,
  lon: string | undefined,
  fault: (what: string) => Error,
): { lat?: number; lon?: number } {
  if (lat === undefined || lon === undefined) return {}
  const position = { lat: Number(lat), lon: Number(lon) }
  if (!(Math.abs(position.lat) <= 90 && Math.abs(position.lon) <= 180))
    throw fault(`${lat}, ${lon} is no place on earth`)
  return position
}

/** Cells between commas; quoted ones may hold commas, and quotes twice. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',')
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  )
}

/** Numbers of the networks (AS) where machines live: `ASN,Entity`. */
export function hostingNumbers(text: string): ReadonlySet<number> {
  const numbers = text.split('\n').map((line) => Number.parseInt(line, 10))
  return new Set(numbers.filter((number) => number > 0))
}
