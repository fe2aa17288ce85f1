import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checks } from '../../src/risk/checks.ts'
import type { AReqFacts, MethodData } from '../../src/risk/facts.ts'
import { oneSlip } from '../../src/risk/text/mail.ts'
import { bandOfScore, codesOf, day, hour, minute, noon, purchase, World } from './support.ts'

const card = '4111110000000021'
const id = (deviceId: string): MethodData => ({ deviceId })

/**
 * One issuer with a history: the everyday card is at home on the device `home`; other cards have been busy. Each case
 * below changes one thing of an AReq and nothing else; the profiles are the same.
 */
function history(): World {
  const world = new World().seed(card, noon)
  const known = world.ask(purchase, noon - 20 * day, id('home'))
  world.learn('challengePassed', known.facts, noon - 20 * day + minute)
  // A card with the same habit that was used fourteen times in the last ten minutes.
  world.seed('4111110000000211', noon)
  for (let i = 0; i < 14; i++) {
    const own = { ...purchase, acctNumber: '4111110000000211', email: 'x@cardholder.example' }
    world.ask(
      { ...own, browserIP: `198.18.0.${i}`, shipAddrLine1: '2-2 Gora' },
      noon - 9 * minute + i * 1_000,
      id('other'),
    )
  }
  // Sixteen cards from one device; sixteen from one address; sixteen behind one mail box; each otherwise apart.
  for (let i = 10; i < 26; i++) {
    const apart = { acctNumber: `41111100000003${i}`, email: `n${i}@cardholder.example`, shipAddrLine1: `${i} Sengoku` }
    const net = `198.18.1.${i}`
    const at = noon - 5 * hour + i * minute
    world.ask({ ...purchase, ...apart, browserIP: net }, at, id('shared'))
    world.ask({ ...purchase, ...apart, browserIP: '198.18.2.2' }, at, id(`own-${i}`))
    world.ask({ ...purchase, ...apart, browserIP: net, email: `boX+${i}@gmail.com` }, at, id(`own-${i}`))
  }
  return world
}
const world = history()

type Case = {
  readonly check: string
  readonly code: string
  /** The element that the case names; `clock` and `method` are told apart from the AReq. */
  readonly changes: Partial<AReqFacts>
  readonly base?: Partial<AReqFacts>
  readonly device?: readonly [string, string]
  readonly at?: readonly [number, number]
  readonly flips: 'low→medium' | 'medium→high'
}

/** Amounts set the starting point near the threshold, the same before and after. */
const cases: readonly Case[] = [
  {
    check: 'amount-unlike-habit',
    code: 'amount-unlike-habit.unlikeHabit',
    changes: { purchaseAmount: '30000' },
    flips: 'low→medium',
  },
  {
    check: 'amount-unlike-habit',
    code: 'amount-unlike-habit.unlikeHabit',
    base: { purchaseAmount: '30000' },
    changes: { purchaseAmount: '300000' },
    device: ['new', 'new'],
    flips: 'medium→high',
  },
  {
    check: 'account-velocity',
    code: 'account-velocity.busy',
    base: { purchaseAmount: '5500' },
    changes: { acctNumber: '4111110000000211' },
    device: ['new', 'new'],
    flips: 'low→medium',
  },
  {
    check: 'device-velocity',
    code: 'device-velocity.manyAccounts',
    base: { purchaseAmount: '6500' },
    changes: {},
    device: ['new', 'shared'],
    flips: 'low→medium',
  },
  {
    check: 'ip-velocity',
    code: 'ip-velocity.manyAccounts',
    base: { purchaseAmount: '6500' },
    changes: { browserIP: '198.18.2.2' },
    device: ['new', 'new'],
    flips: 'low→medium',
  },
  {
    check: 'first-device',
    code: 'first-device.first',
    base: { purchaseAmount: '15000' },
    changes: {},
    device: ['home', 'new'],
    flips: 'low→medium',
  },
  {
    check: 'ship-to-mismatch',
    code: 'ship-to-mismatch.differs',
    base: { purchaseAmount: '15000' },
    changes: { merchantRiskIndicator: { shipIndicator: '03' }, addrMatch: 'N', shipAddrLine1: '9-9 Elsewhere' },
    flips: 'low→medium',
  },
  {
    check: 'ship-to-mismatch',
    code: 'ship-to-mismatch.differs',
    base: { purchaseAmount: '14000', shipAddrLine1: '3-3 Odawara' },
    changes: { addrMatch: 'N' },
    flips: 'low→medium',
  },
  {
    check: 'ship-to-mismatch',
    code: 'ship-to-mismatch.forwarding',
    base: { purchaseAmount: '13500', shipAddrLine1: '3-3 Odawara' },
    changes: { shipAddrLine1: '3-3 Odawara, Forwarding Center 12' },
    flips: 'low→medium',
  },
  {
    check: 'night',
    code: 'night.unlikeHabit',
    base: { purchaseAmount: '17000' },
    changes: {},
    at: [noon + 11 * hour, noon + 15 * hour],
    flips: 'low→medium',
  },
  {
    check: 'country-mismatch',
    code: 'country-mismatch.merchant',
    base: { purchaseAmount: '17000' },
    changes: { merchantCountryCode: '840' },
    flips: 'low→medium',
  },
  {
    check: 'country-mismatch',
    code: 'country-mismatch.billing',
    base: { purchaseAmount: '17500' },
    changes: { billAddrCountry: '840' },
    flips: 'low→medium',
  },
  {
    check: 'country-mismatch',
    code: 'country-mismatch.browser',
    base: { purchaseAmount: '18000' },
    changes: { browserTZ: '480' },
    flips: 'low→medium',
  },
  {
    check: 'country-mismatch',
    code: 'country-mismatch.ip',
    base: { purchaseAmount: '17500' },
    changes: { browserIP: '203.0.113.7' },
    flips: 'low→medium',
  },
  {
    check: 'email-domain',
    code: 'email-domain.throwAway',
    base: { purchaseAmount: '15000' },
    changes: { email: 'someone@mailinator.com' },
    flips: 'low→medium',
  },
  {
    check: 'email-domain',
    code: 'email-domain.lookAlike',
    base: { purchaseAmount: '15000' },
    changes: { email: 'someone@gmial.com' },
    flips: 'low→medium',
  },
  {
    check: 'email-domain',
    code: 'email-domain.manyAccounts',
    base: { purchaseAmount: '18000' },
    changes: { email: 'b.o.x@googlemail.com' },
    flips: 'low→medium',
  },
  {
    check: 'merchant-category',
    code: 'merchant-category.riskyMerchant',
    base: { purchaseAmount: '15000' },
    changes: { mcc: '6051' },
    flips: 'low→medium',
  },
  {
    check: 'merchant-category',
    code: 'merchant-category.giftCards',
    base: { purchaseAmount: '150000' },
    changes: {
      merchantRiskIndicator: { ...purchase.merchantRiskIndicator, giftCardAmount: '150000', giftCardCurr: '392' },
    },
    flips: 'medium→high',
  },
]

describe.each(cases)('$check: $code of $base.purchaseAmount', (one) => {
  const [from, to] = one.flips.split('→')
  const base = { ...purchase, ...one.base }
  const [deviceBefore, deviceAfter] = one.device ?? ['home', 'home']
  const [atBefore, atAfter] = one.at ?? [noon, noon]
  const before = world.answer(base, atBefore, id(deviceBefore))
  const after = world.answer({ ...base, ...one.changes }, atAfter, id(deviceAfter))

  test(`flips the decision from ${from} to ${to} by that element alone`, () => {
    expect(before.decision.band).toBe(from)
    expect(after.decision.band).toBe(to)
    expect(after.decision.transStatus).not.toBe(before.decision.transStatus)
  })

  test('by its own evidence, which the other AReq does not have in that strength', () => {
    const own = (asked: typeof before) => asked.evidence.find(({ checkId }) => checkId === one.check)
    expect(own(after)?.code).toBe(one.code)
    const gained = (own(after)?.weight ?? 0) - (own(before)?.weight ?? 0)
    expect(gained).toBeGreaterThan(0)
    // Without what this check gained the decision would have stayed.
    expect(bandOfScore(after.score - gained)).toBe(from)
  })
})

test('every check has a case that flips a decision, or a test of its own', () => {
  const own = readdirSync(new URL('./checks/', import.meta.url)).flatMap(
    (file) => file.match(/^(.+)\.test\.ts$/)?.[1] ?? [],
  )
  const flipped = cases.map(({ check }) => check)
  expect(new Set([...flipped, ...own])).toEqual(new Set(checks.map((check) => check.id)))
})

describe('what must not count', () => {
  const evidenceOf = (areq: AReqFacts, device = 'home', at = noon) =>
    codesOf(world.answer(areq, at, id(device)).evidence)

  test('many cards from a private or loopback address, which is shared by construction', () => {
    const busy = world.copy()
    for (let i = 10; i < 40; i++) {
      const pan = `41111100000004${i}`
      busy.ask({ ...purchase, acctNumber: pan, browserIP: '127.0.0.1', email: `${i}@a.example` }, noon, id(`p${i}`))
    }
    const { evidence } = busy.ask({ ...purchase, browserIP: '127.0.0.1' }, noon, id('home'))
    expect(evidence.filter(({ checkId }) => checkId === 'ip-velocity')).toEqual([])
  })

  test('an alias of a mail box alone, and the mail relays of browsers and phones', () => {
    expect(
      evidenceOf({ ...purchase, email: 'hanako+shop@gmail.com' }).filter((code) => code.startsWith('email')),
    ).toEqual([])
    for (const domain of ['duck.com', 'mozmail.com', 'privaterelay.appleid.com']) {
      expect(evidenceOf({ ...purchase, email: `a@${domain}` }).filter((code) => code.startsWith('email'))).toEqual([])
    }
  })

  test('elements that are not there: no delivery, mail, address or goods speak against anybody', () => {
    const { addrMatch: _a, merchantRiskIndicator: _m, email: _e, browserIP: _i, mcc: _c, ...rest } = purchase
    const { shipAddrLine1: _1, shipAddrCity: _2, shipAddrPostCode: _3, shipAddrCountry: _4, ...bare } = rest
    expect(evidenceOf(bare)).toEqual(['amount-unlike-habit.ordinary', 'first-device.trusted'])
  })

  test('night for a holder who often buys at night', () => {
    const owl = new World()
    for (let i = 0; i < 10; i++) {
      const { facts } = owl.ask(purchase, noon + 15 * hour + i * day, id('home'))
      owl.learn('challengePassed', facts, noon + 15 * hour + i * day)
    }
    const codes = codesOf(owl.ask(purchase, noon + 15 * hour + 10 * day, id('home')).evidence)
    expect(codes.filter((code) => code.startsWith('night'))).toEqual([])
  })

  test('a device that was only refused on: it stays a first device until a challenge is passed', () => {
    const tried = world.copy()
    for (let i = 0; i < 5; i++) tried.ask({ ...purchase, purchaseAmount: '250000' }, noon + i * minute, id('thief'))
    const { evidence } = tried.ask({ ...purchase, purchaseAmount: '250000' }, noon + 10 * minute, id('thief'))
    const device = evidence.find(({ checkId }) => checkId === 'first-device')
    expect(device).toMatchObject({ code: 'first-device.seen', weight: 1 })
  })
})

test('a device without an id in it says less: its look may be shared or copied', () => {
  const shy = world.copy()
  const known = shy.ask(purchase, noon)
  shy.learn('challengePassed', known.facts, noon)
  const weightOf = (asked: typeof known) =>
    asked.evidence.find(({ checkId }) => checkId === 'first-device')?.weight ?? 0
  expect(weightOf(shy.ask(purchase, noon + hour))).toBeLessThan(0)
  expect(weightOf(shy.ask(purchase, noon + hour))).toBeGreaterThan(weightOf(world.answer(purchase, noon, id('home'))))
})

describe('one slip between two domains', () => {
  test.each([
    ['gmial.com', 'gmail.com', true],
    ['gmai.com', 'gmail.com', true],
    ['gmaill.com', 'gmail.com', true],
    ['gnail.com', 'gmail.com', true],
    ['gmail.com', 'gmail.com', false],
    ['gmail.co.jp', 'gmail.com', false],
    ['yahoo.com', 'gmail.com', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(oneSlip(a, b)).toBe(expected)
  })
})
