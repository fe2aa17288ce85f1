import { describe, expect, test } from 'vitest'
import type { AReqFacts } from '../../src/risk/facts.ts'
import { loadPolicy } from '../../src/risk/policy.ts'
import { codesOf, everyday, hour, minute, noon, policyText, purchase, World } from './support.ts'

const everydayPan = '4111110000000021'
const coffee: AReqFacts = { ...purchase, purchaseAmount: '1480' }
const headphones: AReqFacts = { ...purchase, purchaseAmount: '24800' }
const risk = { deliveryTimeframe: '01', giftCardAmount: '250000', giftCardCount: '05', giftCardCurr: '392' }
const digitalGifts: AReqFacts = {
  ...purchase,
  purchaseAmount: '250000',
  addrMatch: 'N',
  merchantRiskIndicator: { ...risk, shipIndicator: '05' },
}
const giftsElsewhere: AReqFacts = {
  ...digitalGifts,
  shipAddrLine1: '9-9 Elsewhere',
  merchantRiskIndicator: { ...risk, shipIndicator: '03' },
}

/** Browsers that somebody might come with; the demonstration promises the same to all. */
const browsers: Readonly<Record<string, Partial<AReqFacts>>> = {
  'a browser in Japan': {},
  'an English browser in UTC on this machine': { browserLanguage: 'en-US', browserTZ: '0', browserIP: '127.0.0.1' },
  'an English browser in California': { browserLanguage: 'en-US', browserTZ: '480', browserIP: '::1' },
}
const hours = Array.from({ length: 24 }, (_, h) => h)
const statusOf = (world: World, areq: AReqFacts, at: number) => world.answer(areq, at).decision.transStatus

describe.each(['default', 'features-30'] as const)('under the policy %s the everyday card', (name) => {
  const policy = loadPolicy(policyText(name))
  describe.each(Object.keys(browsers))('on its first visit from %s', (browser) => {
    test.each(hours)('gets coffee Y, headphones C and gift cards R at %i hours after noon', (h) => {
      const at = noon + h * hour
      const world = new World(policy).seed(everydayPan, at)
      const here = browsers[browser]
      expect(statusOf(world, { ...coffee, ...here }, at)).toBe('Y')
      expect(statusOf(world, { ...headphones, ...here }, at)).toBe('C')
      expect(statusOf(world, { ...digitalGifts, ...here }, at)).toBe('R')
      expect(statusOf(world, { ...giftsElsewhere, ...here }, at)).toBe('R')
    })

    test('drinks four coffees in ten minutes at any hour', () => {
      for (const h of hours) {
        const at = noon + h * hour
        const world = new World(policy).seed(everydayPan, at)
        const answers = [0, 3, 6, 9].map((m) => world.ask({ ...coffee, ...browsers[browser] }, at + m * minute))
        expect(answers.map(({ decision }) => decision.transStatus)).toEqual(['Y', 'Y', 'Y', 'Y'])
      }
    })
  })

  test('gets gift cards R also after coffee and a passed challenge for headphones on the same device', () => {
    for (const h of hours) {
      const at = noon + h * hour
      const method = { deviceId: 'a-browser' }
      const world = new World(policy).seed(everydayPan, at)
      expect(world.ask(coffee, at, method).decision.transStatus).toBe('Y')
      const challenged = world.ask(headphones, at + 2 * minute, method)
      expect(challenged.decision.transStatus).toBe('C')
      world.learn('challengePassed', challenged.facts, at + 3 * minute)
      expect(world.ask(digitalGifts, at + 5 * minute, method).decision.transStatus).toBe('R')
      expect(world.ask(coffee, at + 6 * minute, method).decision.transStatus).toBe('Y')
    }
  })

  test('is challenged for headphones again after a passed challenge: the device is known then, the amount is not usual yet', () => {
    const world = new World(policy).seed(everydayPan, noon)
    const first = world.ask(headphones, noon, { deviceId: 'a-browser' })
    world.learn('challengePassed', first.facts, noon + minute)
    const second = world.ask(headphones, noon + 20 * minute, { deviceId: 'a-browser' })
    expect(codesOf(second.evidence)).toContain('first-device.trusted')
    expect(second.decision.transStatus).toBe('C')
  })

  test('a card with no habit is challenged for a modest amount at any hour, and not for the next one after it passed', () => {
    for (const h of hours) {
      const at = noon + h * hour
      const world = new World(policy)
      const areq = { ...coffee, acctNumber: '3566000000000018' }
      const first = world.ask(areq, at, { deviceId: 'a-browser' })
      expect(first.decision.transStatus).toBe('C')
      world.learn('challengePassed', first.facts, at + minute)
      expect(world.ask(areq, at + 2 * minute, { deviceId: 'a-browser' }).decision.transStatus).toBe('Y')
    }
  })
})

test('the everyday card keeps coffee at Y by default from a device on which eleven other cards were tried the same day', () => {
  const at = noon + 15 * hour // 03:00 in Tokyo
  const world = new World().seed(everydayPan, at)
  const here = browsers['an English browser in UTC on this machine']
  for (let i = 10; i < 21; i++) {
    world.ask({ ...coffee, ...here, acctNumber: `41111100000000${i + 30}` }, at + i * 30_000, {
      deviceId: 'a-browser',
    })
  }
  expect(world.ask({ ...coffee, ...here }, at + 20 * minute, { deviceId: 'a-browser' }).decision.transStatus).toBe('Y')
})

test('a seeded habit is the same every time and reads as it was described', () => {
  const profiles = [1, 2].map(() => new World().seed(everydayPan, noon).load({ account: `account:${everydayPan}` }))
  expect(profiles[0]).toEqual(profiles[1])
  const account = profiles[0]?.account
  expect(account?.count).toBe(everyday.perWeek * everyday.weeks)
  expect(account?.last).toBeLessThanOrEqual((noon - 24 * hour) / 1000)
  expect(account?.habit?.hours.reduce((sum, n) => sum + n, 0)).toBe(48)
  expect(account?.habit?.hours.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  expect(Math.exp(account?.habit?.logMean ?? 0)).toBeGreaterThan(1_900)
  expect(Math.exp(account?.habit?.logMean ?? 0)).toBeLessThan(2_300)
  expect(Math.min(...(account?.amounts ?? []))).toBeGreaterThanOrEqual(900)
  expect(Math.max(...(account?.amounts ?? []))).toBeLessThanOrEqual(3_500)
})
