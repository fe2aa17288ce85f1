// Tables of networks that users bring.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { networkOf } from '../../src/risk/net/network.ts'
import { StartError } from '../../src/start/files.ts'
import { shippedTables } from '../../src/start/tables.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, bytes: string | Uint8Array): string => {
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  return file
}

test('a CSV of the user is believed before what is shipped', () => {
  const networks = [fileOf('own.csv', 'cidr,country,kind\n198.18.33.0/24,FR,vpn\n')]
  expect(networkOf('198.18.33.9', shippedTables({ networks }))).toMatchObject({ country: '250', kind: 'vpn' })
  expect(networkOf('198.18.34.9', shippedTables({ networks }))).toMatchObject({ country: '392', kind: 'isp' })
})

test('an MMDB file as well', () => {
  const networks = [fileOf('own.mmdb', mmdb({ country_code: 'FR' }))]
  const tables = shippedTables({ networks })
  expect(networkOf('198.18.230.1', tables)).toMatchObject({ country: '250', kind: 'vpn', isCountryWide: true })
  expect(networkOf('8.8.4.4', tables).country).toBe('250')
})

test.each([
  ['own.csv', 'cidr,country\nnonsense,JP\n', 'line 2'],
  ['own.mmdb', 'no such format', 'own.mmdb'],
])('a file that cannot be read is told when the program starts: %s', (name, bytes, told) => {
  const file = fileOf(name, bytes)
  expect(() => shippedTables({ networks: [file] })).toThrow(StartError)
  expect(() => shippedTables({ networks: [file] })).toThrow(told)
})

test('and one that is not there', () => {
  expect(() => shippedTables({ networks: [path.join(folder, 'none.csv')] })).toThrow(StartError)
})

test('all can be read before anybody asks', async () => {
  const tables = shippedTables()
  await tables.warm()
  expect(tables.registrableOf('a.b.co.jp')).toBe('b.co.jp')
})

/** The smallest file of that format: every address leads to one record. */
function mmdb(record: Readonly<Record<string, string>>): Uint8Array {
  const text = (value: string) => [0x40 | value.length, ...Buffer.from(value)]
  const map = (entries: Readonly<Record<string, number[]>>) => [
    0xe0 | Object.keys(entries).length,
    ...Object.entries(entries).flatMap(([key, bytes]) => [...text(key), ...bytes]),
  ]
  const uint16 = (value: number) => [0xa2, value >> 8, value & 0xff]
  const uint32 = (value: number) => [0xc4, 0, 0, value >> 8, value & 0xff]
  const nodes = 1
  const leaf = nodes + 16 // the first record of the data, behind sixteen zeros
  const tree = [0, 0, leaf, 0, 0, leaf]
  const data = map(Object.fromEntries(Object.entries(record).map(([key, value]) => [key, text(value)])))
  const metadata = map({
    binary_format_major_version: uint16(2),
    binary_format_minor_version: uint16(0),
    database_type: text('Sample'),
    ip_version: uint16(4),
    node_count: uint32(nodes),
    record_size: uint16(24),
    build_epoch: [0x04, 0x02, 0, 0, 0, 1],
    languages: [0x00, 0x04],
    description: map({}),
  })
  return Uint8Array.from([
    ...tree,
    ...new Array<number>(16).fill(0),
    ...data,
    0xab,
    0xcd,
    0xef,
    ...Buffer.from('MaxMind.com'),
    ...metadata,
  ])
}
