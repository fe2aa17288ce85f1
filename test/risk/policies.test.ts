// What each shipped policy is for, tried on payments.
import { describe, expect, test } from 'vitest'
import type { AReqFacts, MethodData } from '../../src/risk/facts.ts'
import { loadPolicy, type ShippedPolicy, shippedPolicies } from '../../src/risk/policy.ts'
import { day, hour, minute, noon, policyText, purchase, shipped, World } from './support.ts'

const pan = purchase.acctNumber ?? ''
const home: MethodData = { deviceId: 'home' }

/** The everyday card with a device on which a challenge was passed two weeks ago. */
function settled(name: ShippedPolicy): World {
  const world = new World(shipped(name)).seed(pan, noon)
  const known = world.ask(purchase, noon - 14 * day, home)
  world.learn('challengePassed', known.facts, noon - 14 * day + minute)
  return world
}
const statusOf = (world: World, changes: Partial<AReqFacts>, method: MethodData = home, at = noon): string =>
  world.answer({ ...purchase, ...changes }, at, method).decision.transStatus

describe.each([
  ['always-challenge', 'C'],
  ['never-challenge', 'Y'],
] as const)('%s', (name, transStatus) => {
  test(`answers ${transStatus}, whatever is bought where and when`, () => {
    const world = settled(name)
    const strange = { purchaseAmount: '900000', merchantCountryCode: '840', browserIP: '203.0.113.9', mcc: '6051' }
    for (const changes of [{}, strange, { purchaseAmount: undefined }])
      for (const at of [noon, noon + 15 * hour])
        expect(statusOf(world, changes, { deviceId: 'other' }, at)).toBe(transStatus)
  })
})

test.each(shippedPolicies)('%s weighs a forwarding company once', (name) => {
  const parts = shipped(name).checks.map(({ id, params }): number => {
    const { forwarding } = params as { readonly forwarding?: number }
    return (id === 'ship-to-mismatch' || id === 'place-of-delivery') && forwarding !== undefined ? forwarding : 0
  })
  expect(parts.filter((part) => part > 0).length).toBeLessThan(2)
})

test('words of forwarding companies are found as people write them', () => {
  const forwarding = 'forwarding: ["Parcel Relay", テンソー・センター]'
  const policy = loadPolicy(policyText('default').replace(/forwarding: \[.*\]/, forwarding))
  const isForwarded = (shipAddrLine1: string) =>
    new World(policy).factsOf({ ...purchase, shipAddrLine1 }, noon).shipForwarding
  expect(isForwarded('PARCEL-RELAY 9')).toBe(true)
  expect(isForwarded('テンソーセンター 3階')).toBe(true)
  expect(isForwarded('1-1 Yumoto')).toBe(false)
  expect(() => loadPolicy(policyText('default').replace(/forwarding: \[.*\]/, 'forwarding: ["ー"]'))).toThrow(
    /forwarding/,
  )
})

test('amount-only looks at the amount and nothing else', () => {
  const world = settled('amount-only')
  const strange = { merchantCountryCode: '840', browserIP: '203.0.113.9', mcc: '6051' }
  expect(statusOf(world, { ...strange, purchaseAmount: '9999' }, { deviceId: 'other' })).toBe('Y')
  expect(statusOf(world, { purchaseAmount: '10000' })).toBe('C')
  // 66.67 dollars are 10,000 yen; of a currency without a rate nobody knows.
  expect(statusOf(world, { purchaseAmount: '6666', purchaseCurrency: '840', purchaseExponent: '2' })).toBe('Y')
  expect(statusOf(world, { purchaseAmount: '6667', purchaseCurrency: '840', purchaseExponent: '2' })).toBe('C')
  expect(statusOf(world, { purchaseAmount: '1', purchaseCurrency: '752' })).toBe('C')
})

describe('probe-2018 is found by a probe as its authors found it', () => {
  const world = settled('probe-2018')
  const factors = {
    device: {},
    region: { browserIP: '198.51.100.7' },
    amount: { purchaseAmount: '40000' },
    site: { merchantName: 'Elsewhere', acquirerMerchantID: 'E-1', mcc: '5732' },
  } satisfies Record<string, Partial<AReqFacts>>
  const probe = (...changed: readonly (keyof typeof factors)[]): string =>
    statusOf(
      world,
      Object.assign({}, ...changed.map((factor) => factors[factor])) as Partial<AReqFacts>,
      changed.includes('device') ? { deviceId: 'new' } : home,
    )

  test.each([
    ['nothing', [], 'Y'],
    ['the site', ['site'], 'Y'],
    ['the device', ['device'], 'C'],
    ['the region', ['region'], 'C'],
    ['the amount', ['amount'], 'C'],
    ['device and amount', ['device', 'amount'], 'C'],
    ['device and amount at another site', ['device', 'amount', 'site'], 'C'],
    ['all three', ['device', 'region', 'amount'], 'R'],
  ] as const)('changing %s', (_, changed, transStatus) => {
    expect(probe(...changed)).toBe(transStatus)
  })
})

describe('rules-eu', () => {
  test('lets small payments pass on a known device until five have passed, then by risk analysis', () => {
    const world = settled('rules-eu')
    const answers = Array.from({ length: 7 }, (_, i) => world.ask(purchase, noon + i * day, home).decision)
    expect(answers.map(({ transStatus }) => transStatus)).toEqual(new Array(7).fill('Y'))
    const why = answers.map(({ because }) => because.find((one) => one.startsWith('exemption:')))
    expect(why.slice(0, 5)).toEqual(new Array(5).fill('exemption:low-value'))
    expect(why.slice(5)).toEqual(['exemption:tra', 'exemption:tra'])
  })

  test('asks the holder on a device that is new to the card, however small the payment is', () => {
    expect(statusOf(settled('rules-eu'), { purchaseAmount: '300' }, { deviceId: 'new' })).toBe('C')
  })

  test('asks the holder above what the issuer’s fraud rate allows', () => {
    const world = settled('rules-eu')
    // Usual for the card before it is asked about.
    for (let i = 0; i < 40; i++) world.ask({ ...purchase, purchaseAmount: '60000' }, noon - (13 - i / 4) * day, home)
    const { decision } = world.answer({ ...purchase, purchaseAmount: '60000' }, noon, home)
    expect(decision.transStatus).toBe('C')
  })
})

test('freeman asks a card that it has never seen, and one from where others come', () => {
  const world = new World(shipped('freeman'))
  const areq = { ...purchase, browserIP: '192.0.2.77' }
  expect(world.ask(areq, noon - 20 * day, home).decision.transStatus).toBe('C')
  for (let i = 19; i > 0; i--) world.ask(areq, noon - i * day, home)
  for (let i = 0; i < 30; i++)
    world.ask(
      { ...areq, acctNumber: `41111100000003${i + 10}`, browserIP: `198.51.100.${i % 3}` },
      noon - 3 * hour + i * minute,
      {
        deviceId: `d${i}`,
      },
    )
  expect(statusOf(world, areq)).toBe('Y')
  expect(statusOf(world, { ...areq, browserIP: '198.51.100.1', browserUserAgent: 'curl/8' })).toBe('C')
})
