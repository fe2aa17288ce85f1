import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { featureNames, featuresOf, named, windows } from '../../src/risk/features.ts'
import { emptyProfile, type Profiles } from '../../src/risk/profile.ts'
import { score } from '../../src/risk/score.ts'
import { accountKey, defaultPolicy, hour, keyOf, noon, purchase, World } from './support.ts'

const kinds = ['account', 'device', 'ip', 'email', 'merchant'] as const

/** A stream of AReqs over few entities, so that they meet often; gaps from none to days. */
const stream = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat({ max: 700 }), fc.nat({ max: 5_000 }), fc.nat({ max: 400_000 })),
    card: fc.nat({ max: 2 }),
    device: fc.nat({ max: 2 }),
    ip: fc.nat({ max: 2 }),
    mail: fc.nat({ max: 2 }),
    shop: fc.nat({ max: 2 }),
    ship: fc.nat({ max: 2 }),
    amount: fc.integer({ min: 1, max: 300_000 }),
  }),
  { minLength: 1, maxLength: 60 },
)

describe('features over a random stream', () => {
  property.prop([stream], { numRuns: 60 })('are what a naive recomputation over all earlier events gives', (events) => {
    const world = new World()
    const past: { readonly ts: number; readonly key: Readonly<Record<string, string>>; readonly amount: number }[] = []
    let at = noon
    for (const event of events) {
      at += event.gap * 1000
      const ts = at / 1000
      const areq = {
        ...purchase,
        acctNumber: `411111000000000${event.card}`,
        purchaseAmount: String(event.amount),
        browserIP: `192.0.2.${event.ip}`,
        email: `holder${event.mail}@cardholder.example`,
        acquirerMerchantID: `SHOP-${event.shop}`,
        shipAddrLine1: `${event.ship}-1 Yumoto`,
      }
      const method = { deviceId: `device-${event.device}` }
      const features = named(world.ask(areq, at, method).features)
      const key = {
        account: String(event.card),
        device: String(event.device),
        ip: String(event.ip),
        email: String(event.mail),
        merchant: String(event.shop),
        shipTo: String(event.ship),
      }
      const within = (seconds: number, kind: keyof typeof key) =>
        past.filter((e) => ts - seconds < e.ts && e.ts <= ts && e.key[kind] === key[kind])
      const distinct = (of: string, seconds: number, kind: keyof typeof key) =>
        new Set(within(seconds, kind).map((e) => e.key[of])).size
      for (const kind of kinds) {
        for (const [name, seconds] of Object.entries(windows)) {
          expect(features[`n_${name}_${kind}`]).toBe(within(seconds, kind).length)
        }
        const decays = { '1h': 3_600, '24h': 86_400, '30d': 2_592_000 }
        for (const [name, halfLife] of Object.entries(decays)) {
          const mine = past.filter((e) => e.key[kind] === key[kind])
          const naive = mine.reduce((sum, e) => sum + 2 ** (-(ts - e.ts) / halfLife), 0)
          expect(features[`decay_${name}_${kind}`]).toBeCloseTo(naive, 9)
        }
      }
      expect(features.accounts_24h_device).toBe(distinct('account', 86_400, 'device'))
      expect(features.accounts_24h_ip).toBe(distinct('account', 86_400, 'ip'))
      expect(features.accounts_24h_email).toBe(distinct('account', 86_400, 'email'))
      expect(features.accounts_7d_shipTo).toBe(distinct('account', 604_800, 'shipTo'))
      expect(features.devices_24h_account).toBe(distinct('device', 86_400, 'account'))
      const spent = within(86_400, 'account').reduce((sum, e) => sum + e.amount, 0)
      expect(features.amount_sum_24h_log).toBeCloseTo(Math.log1p(spent), 9)
      const mine = past.filter((e) => e.key.account === key.account)
      expect(features.device_is_first).toBe(mine.some((e) => e.key.device === key.device) ? 0 : 1)
      expect(features.merchant_is_first).toBe(mine.some((e) => e.key.merchant === key.merchant) ? 0 : 1)
      expect(features.ship_to_is_first).toBe(mine.some((e) => e.key.shipTo === key.shipTo) ? 0 : 1)
      past.push({ ts, key, amount: event.amount })
    }
  })
})

describe('a window', () => {
  const feature = (world: World, at: number, name: string) => named(world.answer(purchase, at).features)[name]

  test('of w seconds leaves out the event exactly w seconds ago and counts the one a second younger', () => {
    const world = new World()
    world.ask(purchase, noon)
    expect(feature(world, noon + 599_000, 'n_10m_account')).toBe(1)
    expect(feature(world, noon + 600_000, 'n_10m_account')).toBe(0)
    expect(feature(world, noon + 3_599_000, 'n_1h_account')).toBe(1)
    expect(feature(world, noon + 3_600_000, 'n_1h_account')).toBe(0)
  })

  test('counts nothing that lies after the event when the clock was set back', () => {
    const world = new World()
    world.ask(purchase, noon)
    world.ask(purchase, noon + 2 * hour)
    expect(feature(world, noon + hour - 1_000, 'n_1h_account')).toBe(1)
    expect(feature(world, noon + 2 * hour, 'n_24h_account')).toBe(2)
  })

  test('that reaches past the oldest event of a full ring counts 64, and does not come down before the ring does', () => {
    const world = new World()
    for (let i = 0; i < 80; i++) world.ask(purchase, noon + i * 1_000)
    expect(feature(world, noon + 80_000, 'n_10m_account')).toBe(64)
  })

  test('of one account sees 0 … 49 in fifty AReqs of the same instant', () => {
    const world = new World()
    const seen = Array.from({ length: 50 }, () => named(world.ask(purchase, noon).features).n_10m_account)
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i))
  })
})

describe('what an AReq does not tell', () => {
  test('is NaN in the features, not 0, and touches no profile', () => {
    const world = new World()
    const { browserIP: _ip, email: _email, ...rest } = purchase
    const { features, nextProfiles } = world.ask(rest, noon)
    expect(named(features).n_1h_ip).toBeNaN()
    expect(named(features).accounts_24h_email).toBeNaN()
    expect(named(features).n_1h_account).toBe(0)
    expect(named(features).amount_z).toBeNaN()
    expect(nextProfiles.ip).toBeUndefined()
    expect(nextProfiles.email).toBeUndefined()
    expect(nextProfiles.account?.count).toBe(1)
  })
})

test('there are at least thirty features, each with a name of its own and a value', () => {
  expect(featureNames.length).toBeGreaterThanOrEqual(30)
  expect(new Set(featureNames).size).toBe(featureNames.length)
  const world = new World()
  const facts = world.factsOf(purchase, noon)
  const features = featuresOf({}, facts, noon / 1000)
  expect(features).toHaveLength(featureNames.length)
  expect(Array.from(features).every((value) => typeof value === 'number')).toBe(true)
  expect(Object.keys(named(features))).toEqual([...featureNames])
})

describe('habit features', () => {
  test('tell how far amount and hour are from the usual', () => {
    const world = new World().seed('4111110000000021', noon)
    const atNoon = named(world.answer({ ...purchase, purchaseAmount: '2100' }, noon).features)
    expect(atNoon.amount_z).toBeCloseTo(0, 0)
    expect(atNoon.amount_ratio_log10).toBeCloseTo(0, 1)
    // The hours 8 to 21 have their middle at 15:00.
    expect(atNoon.hour_distance).toBeGreaterThan(2)
    expect(atNoon.hour_distance).toBeLessThan(4)
    const atThree = named(world.answer({ ...purchase, purchaseAmount: '21000' }, noon + 15 * hour).features)
    expect(atThree.amount_ratio_log10).toBeCloseTo(1, 1)
    expect(atThree.hour_distance).toBeGreaterThan(11)
    expect(atThree.is_night).toBe(1)
    expect(atThree.night_share).toBe(0)
  })

  test.each([
    [23.99, 0],
    [24, 1],
    [28.98, 1],
    [29, 0],
  ])('night is 00:00 to 04:59 in the zone of the issuer (%d hours: %d)', (hours, isNight) => {
    const midnightBefore = noon - 12 * hour
    expect(named(new World().answer(purchase, midnightBefore + hours * hour).features).is_night).toBe(isNight)
  })
})

test('what the shop says of its customer and of the goods comes through under its own name', () => {
  const acctInfo = { chAccAgeInd: '02', chAccChangeInd: '03', chAccPwChangeInd: '04', nbPurchaseAccount: '7' }
  const more = { txnActivityDay: '6', shipAddressUsageInd: '01', suspiciousAccActivity: '02' }
  const goods = { deliveryTimeframe: '04', reorderItemsInd: '02', giftCardAmount: '1', giftCardCurr: '392' }
  const areq = {
    ...purchase,
    email: 'a+b@c.example',
    browserIP: undefined,
    acctInfo: { ...acctInfo, ...more },
    merchantRiskIndicator: goods,
  }
  expect(named(new World().ask(areq, noon).features)).toMatchObject({
    shop_account_age: 2,
    shop_account_change: 3,
    shop_password_change: 4,
    shop_purchases: 7,
    shop_purchases_today: 6,
    ship_address_age: 1,
    shop_suspects: 1,
    delivery_timeframe: 4,
    is_reordered: 1,
    gift_card_amount_log: Math.log1p(1),
    email_is_alias: 1,
    missing_elements: 1,
    account_idle_days: Number.NaN,
    challenges_passed: 0,
  })
})

property.prop([fc.integer({ min: 1, max: 900_000 }), fc.nat({ max: 10_000_000 })])(
  'the same inputs give the same score, evidence and profiles, and the inputs stay as they were',
  (amount, seconds) => {
    const at = noon + seconds * 1000
    const world = new World().seed('4111110000000021', noon)
    const facts = world.factsOf({ ...purchase, purchaseAmount: String(amount) }, at)
    const profiles: Profiles = { ...world.load(facts.keys), device: emptyProfile }
    const before = structuredClone(profiles)
    const [first, second] = [1, 2].map(() => score(profiles, facts, [], defaultPolicy, at))
    expect(first).toEqual(second)
    expect(profiles).toEqual(before)
    const spoken = Array.from(first?.weights ?? []).filter((weight) => !Number.isNaN(weight))
    expect(first?.score).toBe(spoken.reduce((sum, weight) => sum + weight, defaultPolicy.base))
    expect(first?.score).toBe(spoken.reverse().reduce((sum, weight) => sum + weight, 0) + defaultPolicy.base)
    expect(facts.keys.account).toBe(accountKey('4111110000000021'))
    expect(facts.keys.ip).toBe(keyOf('ip', '192.0.2.10'))
  },
)
