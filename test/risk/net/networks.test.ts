import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countries } from '../../../src/protocol/tables/iso.ts'
import { addressOf, blockOf, providerBlockOf } from '../../../src/risk/net/address.ts'
import { hostingNumbers, networksFromCsv } from '../../../src/risk/net/csv.ts'
import { kmBetween } from '../../../src/risk/net/distance.ts'
import { networksFromMmdb } from '../../../src/risk/net/mmdb.ts'
import { networkOf, networkTables } from '../../../src/risk/net/network.ts'
import { middleOf, placed } from '../../../src/risk/net/places.ts'
import { listOf, packed, rangesOf, unpacked, valueAt } from '../../../src/risk/net/ranges.ts'
import { noTables } from '../../../src/risk/tables.ts'
import { tables } from '../text/tables.ts'

const at = (ip: string) => {
  const address = addressOf(ip)
  if (address === undefined) throw new Error(ip)
  return address
}

describe('addresses', () => {
  test.each([
    ['192.0.2.1', 4, 3_221_225_985],
    ['255.255.255.255', 4, 4_294_967_295],
    ['::ffff:192.0.2.1', 4, 3_221_225_985],
    ['::FFFF:c000:201', 4, 3_221_225_985],
    ['2001:db8::1', 6, 0x2001_0db8_0000],
    ['2001:DB8:1234:5678::', 6, 0x2001_0db8_1234],
    ['::1', 6, 0],
  ] as const)('%s', (text, family, value) => {
    expect(addressOf(text)).toEqual({ family, value })
  })
  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1..2.3',
    'a.b.c.d',
    '1.2.3.4 ',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
    '12345::',
    '::1.2.3',
    '1.2.3.4::',
  ])('"%s" is none', (text) => {
    expect(addressOf(text)).toBeUndefined()
  })
  test('every address of four octets is read, and any text leaves the reader whole', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.string(), (v4, v6, text) => {
        expect(addressOf(v4)?.family).toBe(4)
        expect(addressOf(v6)).toBeDefined()
        addressOf(text)
        blockOf(text)
      }),
    )
  })
  test('a block is told by its first bits', () => {
    expect(blockOf('192.0.2.77/24')).toEqual({ family: 4, from: 3_221_225_984, to: 3_221_226_239 })
    expect(blockOf('0.0.0.0/0')).toEqual({ family: 4, from: 0, to: 4_294_967_295 })
    expect(blockOf('2001:db8::/32')).toEqual({ family: 6, from: 0x2001_0db8_0000, to: 0x2001_0db8_ffff })
    expect(blockOf('2001:db8::1/128')).toEqual({ family: 6, from: 0x2001_0db8_0000, to: 0x2001_0db8_0000 })
    for (const wrong of ['192.0.2.0/33', '192.0.2.0/', '192.0.2.0/8/8', '192.0.2.0/-1', 'x/8'])
      expect(blockOf(wrong)).toBeUndefined()
  })
  test('a provider has a /16 or a /32', () => {
    expect(providerBlockOf(at('198.18.33.1'))).toBe(providerBlockOf(at('198.18.200.9')))
    expect(providerBlockOf(at('198.18.33.1'))).not.toBe(providerBlockOf(at('198.19.33.1')))
    expect(providerBlockOf(at('2001:db8:1::'))).toBe(providerBlockOf(at('2001:db8:ffff::')))
  })
})

describe('blocks in a table', () => {
  const small = fc.record({ from: fc.nat(200), size: fc.integer({ min: 1, max: 60 }) })
  test('the smallest block that an address lies in tells, the later of two equal ones, as in a plain search', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 30 }), (drawn) => {
        const blocks = drawn.map(({ from, size }, value) => ({ family: 4 as const, from, to: from + size - 1, value }))
        const ranges = rangesOf(blocks)
        for (let value = 0; value < 270; value++) {
          let best: (typeof blocks)[number] | undefined
          for (const block of blocks) {
            if (value < block.from || value > block.to) continue
            if (best === undefined || block.to - block.from <= best.to - best.from) best = block
          }
          const found = valueAt(ranges, { family: 4, value })
          // Where parts of blocks of one size overlap, either may tell.
          if (
            best === undefined ||
            blocks.filter((one) => one.to - one.from === (best?.to ?? 0) - (best?.from ?? 0)).length === 1
          ) {
            expect(found).toBe(best?.value ?? -1)
          } else expect(found).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
  test('packing and unpacking a list changes nothing', () => {
    const list = listOf('# made up\n192.0.2.0/25\n192.0.2.128/25\n\n198.51.100.7\r\n203.0.113.0/24 # a comment\n')
    expect(unpacked(packed(list))).toEqual(list)
    expect(list.v4.from).toHaveLength(3)
    for (const [ip, found] of [
      ['192.0.2.255', 0],
      ['192.0.3.0', -1],
      ['198.51.100.7', 0],
      ['198.51.100.8', -1],
    ] as const) {
      expect(valueAt(list, at(ip))).toBe(found)
    }
  })
  test('a line that is no block is told', () => {
    expect(() => listOf('192.0.2.0/24\nnonsense\n')).toThrow('line 2: "nonsense"')
  })
})

describe('the tables that are shipped', () => {
  test.each([
    ['198.18.33.1', { country: '392', kind: 'isp', lat: 34.69 }],
    ['198.18.170.1', { country: '392', kind: 'mobile' }],
    ['198.18.230.1', { country: '392', kind: 'vpn' }],
    ['198.18.241.1', { country: '392', kind: 'relay', isCountryWide: true }],
    ['198.19.150.1', { country: '276', kind: 'hosting' }],
    ['198.19.250.1', { kind: 'tor' }],
    ['192.0.2.9', { country: '392', kind: 'isp' }],
    ['2001:db8:3000::1', { country: '528', kind: 'vpn' }],
    ['1.12.0.1', { kind: 'hosting' }],
    ['2.26.157.1', { kind: 'vpn' }],
  ] as const)('%s', (ip, network) => {
    expect(networkOf(ip, tables)).toMatchObject(network)
  })
  test('an address that no table has is nobody’s, and so is a text that is none', () => {
    expect(networkOf('100.64.0.1', tables)).toEqual({})
    expect(networkOf('nonsense', tables)).toEqual({})
    expect(networkOf('192.0.2.1', noTables)).toEqual({})
  })
  test('every block of the made-up table is reserved for documentation and tests', () => {
    const csv = readFileSync(new URL('../../../src/risk/data/lists/made-up-networks.csv', import.meta.url), 'utf8')
    const reserved = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15', '2001:db8::/32'].map(
      blockOf,
    )
    for (const line of csv.trim().split('\n').slice(1)) {
      const block = blockOf(line.split(',', 1)[0] ?? '')
      const isWithin = reserved.some(
        (one) =>
          one?.family === block?.family &&
          (one?.from ?? 0) <= (block?.from ?? -1) &&
          (block?.to ?? 0) <= (one?.to ?? -1),
      )
      expect([line, isWithin]).toEqual([line, true])
    }
  })
  test('each country has a middle on earth, not far from its neighbours', () => {
    for (const [number, alpha] of countries) {
      const middle = middleOf(number)
      expect([alpha, Math.abs(middle?.lat ?? 99) <= 90 && Math.abs(middle?.lon ?? 999) <= 180]).toEqual([alpha, true])
      expect(middle?.radiusKm).toBeGreaterThan(0)
    }
    for (const [a, b, km] of [
      ['392', '410', 1_000],
      ['250', '276', 1_000],
      ['840', '124', 2_000],
      ['036', '554', 4_500],
    ] as const) {
      const [from, to] = [middleOf(a), middleOf(b)]
      expect(from && to && kmBetween(from, to)).toBeLessThan(km)
    }
  })
})

describe('tables of the user', () => {
  const one = (text: string, ip: string) => networksFromCsv(text).find(at(ip), ip)

  test('with a header, in any order of columns', () => {
    const text = 'kind,country,cidr,name,lat,lon\nVPN,nl,203.0.113.0/24,"Exit, Ltd",52.4,4.9\n,840,198.51.100.0/25,,,\n'
    expect(one(text, '203.0.113.9')).toEqual({ kind: 'vpn', country: '528', lat: 52.4, lon: 4.9 })
    expect(one(text, '198.51.100.9')).toEqual({ kind: undefined, country: '840' })
    expect(one(text, '198.51.100.200')).toBeUndefined()
  })
  test('without one: from, to, country', () => {
    const text =
      '192.0.2.0,192.0.2.63,JP\n2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,JP\n203.0.113.0,203.0.113.255,ZZ\n'
    expect(one(text, '192.0.2.63')?.country).toBe('392')
    expect(one(text, '192.0.2.64')).toBeUndefined()
    expect(one(text, '2001:db8::5')?.country).toBe('392')
    expect(one(text, '203.0.113.1')).toMatchObject({ country: undefined })
  })
  test('a small block in a large one tells', () => {
    const text = 'cidr,country\n198.18.0.0/16,JP\n198.18.5.0/24,US\n'
    expect(
      [one(text, '198.18.4.255'), one(text, '198.18.5.1'), one(text, '198.18.6.0')].map((found) => found?.country),
    ).toEqual(['392', '840', '392'])
  })
  test.each([
    ['cidr,country\n192.0.2.0/24,JP\n192.0.2.0/99,JP', 'line 3: no address block'],
    ['cidr,country\n192.0.2.0/24,Japan', 'line 2: "Japan" is no country'],
    ['cidr,country,kind\n192.0.2.0/24,JP,dsl', 'line 2: "dsl" is no kind of network: isp, mobile'],
    ['cidr,country,lat,lon\n192.0.2.0/24,JP,91,0', 'line 2: 91, 0 is no place on earth'],
    ['192.0.2.9,192.0.2.1,JP', 'line 1: no address block'],
  ])('what is wrong is told with its line', (text, told) => {
    expect(() => networksFromCsv(text)).toThrow(told)
  })
  test('the first table that tells the kind and the first that tells the country are believed', () => {
    const own = networksFromCsv('cidr,country\n198.18.224.0/20,US\n')
    const other = networksFromCsv('cidr,country,kind,lat,lon\n198.18.224.0/20,JP,vpn,35,139\n')
    const found = networkTables([own, other], placed).find('198.18.224.1')
    expect(found).toMatchObject({ country: '840', kind: 'vpn', isCountryWide: true, lat: middleOf('840')?.lat })
  })

  test.each([
    [
      { country: { iso_code: 'JP' }, location: { latitude: 35.7, longitude: 139.7 } },
      { country: '392', lat: 35.7, lon: 139.7 },
    ],
    [{ country_code: 'US' }, { country: '840' }],
    [
      { country: 'FR', asn: 'AS64500', latitude: '48.9', longitude: '2.4' },
      { country: '250', kind: 'hosting', lat: 48.9 },
    ],
    [{ autonomous_system_number: 64_500 }, { kind: 'hosting', country: undefined }],
    [{ is_anonymous_vpn: true, is_hosting_provider: true }, { kind: 'vpn' }],
    [{ traits: { is_tor_exit_node: true, connection_type: 'Cellular' } }, { kind: 'tor' }],
    [{ traits: { connection_type: 'Cellular' } }, { kind: 'mobile' }],
    [{ location: { latitude: 400, longitude: 0 } }, { country: undefined }],
    [{}, { kind: undefined, country: undefined }],
  ])('a record of an MMDB file: %j', (record, network) => {
    const hosting = hostingNumbers('ASN,Entity\n64500, "Sample, Ltd"\n')
    expect(networksFromMmdb({ get: () => record }, hosting).find(at('192.0.2.1'), '192.0.2.1')).toMatchObject(network)
  })
  test('an MMDB file knows nothing of some addresses', () => {
    expect(networksFromMmdb({ get: () => null }, new Set()).find(at('192.0.2.1'), '192.0.2.1')).toBeUndefined()
  })
})

describe('distances', () => {
  const [newYork, losAngeles, tokyo, osaka] = [
    { lat: 40.71, lon: -74.01 },
    { lat: 34.05, lon: -118.24 },
    { lat: 35.68, lon: 139.77 },
    { lat: 34.69, lon: 135.5 },
  ] as const
  test('known ones', () => {
    expect(kmBetween(newYork, losAngeles)).toBeCloseTo(3_936, -1)
    expect(kmBetween(tokyo, osaka)).toBeCloseTo(403, -1)
    expect(kmBetween({ lat: 90, lon: 0 }, { lat: -90, lon: 0 })).toBeCloseTo(20_015, 0)
    expect(kmBetween({ lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 })).toBeCloseTo(111.2, 1)
  })
  test('there and back is as far, never negative, never more than half around', () => {
    const place = fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    fc.assert(
      fc.property(place, place, (a, b) => {
        const km = kmBetween(a, b)
        expect(km).toBeGreaterThanOrEqual(0)
        expect(km).toBeLessThan(20_016)
        expect(kmBetween(b, a)).toBeCloseTo(km, 6)
      }),
    )
  })
})
