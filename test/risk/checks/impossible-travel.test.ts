import { expect, test } from 'vitest'
import { impossibleTravel } from '../../../src/risk/checks/impossible-travel.ts'
import { tables } from '../text/tables.ts'
import { saidBy } from './said.ts'

/** Of the made-up table. */
const ip = {
  tokyo: '198.18.1.1',
  carrier: '198.18.170.1',
  vpnInTokyo: '198.18.230.1',
  relay: '198.18.241.1',
  newYork: '198.19.1.1',
  hosting: '198.19.150.1',
  tor: '198.19.250.1',
}
const at = (browserIP: string, browserTZ?: string) => ({ browserIP, browserTZ })

const own = { weight: 2, kmh: [900, 1_900], leastKm: 300, gateway: { leastKm: 2_000, share: 0.5 }, exit: 0.25 }
const said = saidBy(impossibleTravel, own, tables)
const from = (travel_km: number, travel_kmh: number) => ({ travel_km, travel_kmh })
test('New York at ten and Los Angeles at five past', () => {
  expect(said({ areq: at(ip.newYork), features: from(3_936, 47_232) })).toEqual({
    weight: 2,
    reason: 'tooFast',
    told: { km: 3_936, kmh: 47_232 },
  })
})
test.each([
  [ip.tokyo, from(3_000, 850), { silent: 'possible' }],
  [ip.tokyo, from(3_000, 1_400), { weight: 1 }],
  [ip.tokyo, from(200, 12_000), { silent: 'near' }],
  [ip.carrier, from(1_500, 90_000), { silent: 'near' }],
  [ip.carrier, from(9_000, 90_000), { weight: 1 }],
  [ip.vpnInTokyo, from(9_000, 90_000), { weight: 0.5 }],
  [ip.tokyo, {}, { silent: 'unknown' }],
])('%s %j', (browserIP, features, expected) => {
  expect(said({ areq: at(browserIP), features })).toMatchObject(expected)
})
