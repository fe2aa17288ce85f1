import { expect, test } from 'vitest'
import { networkKind } from '../../../src/risk/checks/network-kind.ts'
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

const said = saidBy(
  networkKind,
  { weight: 2, vpn: 0.5, hosting: 1, tor: 0.75, relay: 0.125, habit: { days: 14, share: 0.25 } },
  tables,
)
test.each([
  [ip.tokyo, { silent: 'ordinary' }],
  [ip.carrier, { silent: 'ordinary' }],
  [ip.vpnInTokyo, { weight: 1, reason: 'vpn' }],
  [ip.hosting, { weight: 2, reason: 'hosting' }],
  [ip.tor, { weight: 1.5, reason: 'tor' }],
  [ip.relay, { weight: 0.25, reason: 'relay' }],
  ['192.168.0.1', { silent: 'untold' }],
])('%s', (browserIP, expected) => {
  expect(said({ areq: at(browserIP), features: { network_known_days: 0 } })).toMatchObject(expected)
})
test('what this card has used for a fortnight is a habit', () => {
  expect(said({ areq: at(ip.vpnInTokyo), features: { network_known_days: 13 } })).toMatchObject({ weight: 1 })
  expect(said({ areq: at(ip.vpnInTokyo), features: { network_known_days: 14 } })).toMatchObject({ weight: 0.25 })
})
