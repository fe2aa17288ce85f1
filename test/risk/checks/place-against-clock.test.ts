import { expect, test } from 'vitest'
import { placeAgainstClock } from '../../../src/risk/checks/place-against-clock.ts'
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

const said = saidBy(placeAgainstClock, { weight: 2, hours: [1, 5], throughExit: 0.5 }, tables)
test.each([
  [at(ip.tokyo, '-540'), { silent: 'ordinary' }],
  [at(ip.tokyo, '-480'), { silent: 'ordinary' }],
  [at(ip.tokyo, '300'), { weight: 2, reason: 'off', told: { n: 10 } }], // New York's clock in Tokyo
  [at(ip.newYork, '240'), { silent: 'ordinary' }], // summer time
  [at(ip.newYork, '-540'), { weight: 2, reason: 'off' }],
  [at(ip.tokyo, '-420'), { silent: 'ordinary' }],
  [at(ip.vpnInTokyo, '300'), { weight: 1, reason: 'off' }],
  [at(ip.carrier, '300'), { silent: 'gateway' }],
  [at(ip.tokyo), { silent: 'untold' }],
  [at('100.64.0.1', '-540'), { silent: 'untold' }],
  [at('192.168.0.1', '-540'), { silent: 'untold' }],
])('%j', (areq, expected) => {
  expect(said({ areq })).toMatchObject(expected)
})
