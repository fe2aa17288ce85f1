import { describe, expect, test } from 'vitest'
import { type LearnFacts, learn } from '../../src/risk/learn.ts'
import { find } from '../../src/risk/profile.ts'
import { accountKey, codesOf, day, minute, noon, purchase, World } from './support.ts'

const pan = '4111110000000021'
const here = { deviceId: 'a-browser' }
const costly = { ...purchase, purchaseAmount: '24800' }
const accountOf = (world: World) => world.load({ account: accountKey(pan) }).account

describe('a passed challenge', () => {
  test('makes device, shop and address trusted for the account, and the account for the device', () => {
    const world = new World().seed(pan, noon)
    const { facts } = world.ask(costly, noon, here)
    expect(find(accountOf(world)?.devices ?? [], facts.marks.device)?.trusted).toBe(false)
    world.learn('challengePassed', facts, noon + minute)
    const { account, device } = world.load(facts.keys)
    expect(account?.passed).toBe(1)
    expect(find(account?.devices ?? [], facts.marks.device)?.trusted).toBe(true)
    expect(find(account?.merchants ?? [], facts.marks.merchant)?.trusted).toBe(true)
    expect(find(account?.shipTos ?? [], facts.marks.shipTo)?.trusted).toBe(true)
    expect(find(device?.accounts ?? [], facts.marks.account)?.trusted).toBe(true)
    expect(codesOf(world.ask(costly, noon + day, here).evidence)).toContain('first-device.trusted')
  })

  test('does not make the device trusted for another account', () => {
    const world = new World()
    const { facts } = world.ask(costly, noon, here)
    world.learn('challengePassed', facts, noon + minute)
    const other = world.ask({ ...costly, acctNumber: '4111110000000211' }, noon + minute, here)
    expect(codesOf(other.evidence)).toContain('first-device.first')
  })

  test('can be learnt from facts that were stored as JSON meanwhile', () => {
    const world = new World().seed(pan, noon)
    const { email: _email, ...withoutEmail } = costly
    const { facts } = world.ask(withoutEmail, noon, here)
    world.learn('challengePassed', JSON.parse(JSON.stringify(facts)) as LearnFacts, noon + minute)
    expect(find(accountOf(world)?.devices ?? [], facts.marks.device)?.trusted).toBe(true)
  })
})

describe('a habit', () => {
  test('is learnt from what was approved, not from what was refused or failed', () => {
    const world = new World().seed(pan, noon)
    const before = accountOf(world)?.habit
    const { facts, decision } = world.ask({ ...costly, purchaseAmount: '250000', mcc: '6540' }, noon, here)
    expect(decision.transStatus).toBe('R')
    world.learn('challengeFailed', facts, noon)
    world.learn('challengeAbandoned', facts, noon)
    expect(accountOf(world)?.habit).toEqual(before)
    world.ask(purchase, noon + minute, here)
    expect(accountOf(world)?.habit?.n).toBe((before?.n ?? 0) + 1)
  })

  test('is moved little by one unusual purchase, and by enough of them becomes another', () => {
    const world = new World().seed(pan, noon)
    const typical = () => Math.exp(accountOf(world)?.habit?.logMean ?? 0)
    const before = typical()
    let asked = 0
    let at = noon
    for (; asked < 60; asked++) {
      at += 3 * day
      const { facts, decision } = world.ask(costly, at, here)
      if (decision.transStatus === 'Y') break
      expect(decision.transStatus).toBe('C')
      world.learn('challengePassed', facts, at + minute)
      if (asked === 0) expect(typical() / before).toBeLessThan(1.05)
    }
    expect(asked).toBeGreaterThan(3)
    expect(asked).toBeLessThan(30)
  })

  test('never holds more than 64 purchases', () => {
    const world = new World()
    for (let i = 0; i < 200; i++) world.learn('frictionless', world.factsOf(purchase, noon + i * day), noon + i * day)
    expect(accountOf(world)?.habit?.n).toBe(64)
    expect(Math.exp(accountOf(world)?.habit?.logMean ?? 0)).toBeCloseTo(1480, 5)
    expect(Math.max(...(accountOf(world)?.habit?.hours ?? []))).toBeLessThanOrEqual(128)
  })
})

describe('a failed challenge', () => {
  test('is counted, weighs on the next purchase of the day, and fades', () => {
    const world = new World().seed(pan, noon)
    const { facts } = world.ask(costly, noon, here)
    world.learn('challengeFailed', facts, noon)
    expect(accountOf(world)).toMatchObject({ failed: 1, failed24h: 1, failedAt: noon / 1000 })
    const weightAt = (at: number) =>
      world.answer(purchase, at, here).evidence.find(({ checkId }) => checkId === 'scorecard')?.weight ?? 0
    expect(weightAt(noon)).toBeCloseTo(0.8, 9)
    expect(weightAt(noon + day)).toBeCloseTo(0.4, 9)
    world.learn('challengeFailed', facts, noon + day)
    expect(accountOf(world)?.failed).toBe(2)
    expect(accountOf(world)?.failed24h).toBeCloseTo(1.5, 9)
  })

  test('gives no trust, and neither does an abandoned one', () => {
    const world = new World().seed(pan, noon)
    const { facts } = world.ask(costly, noon, here)
    world.learn('challengeFailed', facts, noon)
    world.learn('challengeAbandoned', facts, noon)
    expect(accountOf(world)).toMatchObject({ passed: 0, failed: 1, abandoned: 1 })
    expect(find(accountOf(world)?.devices ?? [], facts.marks.device)?.trusted).toBe(false)
  })
})

describe('a confirmed fraud', () => {
  const thief = {
    ...purchase,
    email: 'somebody@elsewhere.example',
    shipAddrLine1: '9-9 Elsewhere',
    mobilePhone: { cc: '81', subscriber: '5012345678' },
  }
  const blamed = (world: World, areq: typeof thief | typeof purchase, deviceId: string, at: number) => {
    const { facts } = world.ask(areq, noon, { deviceId })
    const outcome = { kind: 'fraud', facts, month: facts.month, yen: 24_800, at } as const
    const next = learn(world.load(facts.keys), outcome, noon + 20 * day)
    return Object.fromEntries(Object.entries(next).map(([kind, profile]) => [kind, profile?.frauds?.n]))
  }

  test('is held against card, device, address, mail box, telephone, delivery and shop', () => {
    expect(blamed(new World().seed(pan, noon), thief, 'a-thief', noon / 1000)).toEqual({
      account: 1,
      device: 1,
      ip: 1,
      email: 1,
      shipTo: 1,
      phone: 1,
      merchant: 1,
    })
  })

  test('does not make a suspect of what was the holder’s own before', () => {
    const world = new World().seed(pan, noon)
    world.ask(purchase, noon - 5 * day, here)
    // The browser, the mail box and the address of the holder, shown by someone else.
    expect(blamed(world, purchase, here.deviceId, noon / 1000)).toEqual({ account: 1, ip: 1, merchant: 1 })
  })

  test('blames what came with the thief the day before', () => {
    const world = new World().seed(pan, noon)
    world.ask(thief, noon - day, { deviceId: 'a-thief' })
    expect(blamed(world, thief, 'a-thief', noon / 1000)).toMatchObject({ device: 1, email: 1, shipTo: 1, phone: 1 })
  })

  test('of more yen than numbers hold is a number all the same, in memory and in bytes', () => {
    const world = new World().seed(pan, noon)
    const { facts } = world.ask(thief, noon, { deviceId: 'a-thief' })
    const outcome = {
      kind: 'fraud',
      facts,
      month: facts.month,
      yen: Number.POSITIVE_INFINITY,
      at: noon / 1000,
    } as const
    for (let i = 0; i < 3; i++) world.save(facts.keys, learn(world.load(facts.keys), outcome, noon + day))
    const [month] = world.load(facts.keys).merchant?.frauds?.months ?? []
    expect(month).toEqual({ month: facts.month, n: 3, sum: Number.MAX_SAFE_INTEGER })
  })

  test('that is withdrawn leaves nothing behind', () => {
    const world = new World().seed(pan, noon)
    const { facts } = world.ask(thief, noon, { deviceId: 'a-thief' })
    const label = { facts, month: facts.month, yen: 24_800, at: noon / 1000 }
    const before = world.load(facts.keys)
    const after = learn(before, { kind: 'fraud', ...label }, noon + day)
    const withdrawn = learn({ ...before, ...after }, { kind: 'fraudWithdrawn', ...label }, noon + 2 * day)
    for (const profile of Object.values(withdrawn)) expect(profile?.frauds).toBeUndefined()
  })
})

describe('what passed without a challenge', () => {
  const sparedOf = (world: World) => accountOf(world)?.spared

  test('is counted also where nobody knows the rate of its currency', () => {
    const world = new World().seed(pan, noon)
    const foreign = { ...purchase, purchaseCurrency: '752', purchaseExponent: '2' }
    const { facts } = world.ask(foreign, noon, here)
    expect(facts.amount).toBeUndefined()
    const habit = accountOf(world)?.habit
    const before = sparedOf(world)
    world.learn('frictionless', facts, noon)
    expect(sparedOf(world)).toEqual({ n: (before?.n ?? 0) + 1, sum: before?.sum ?? 0 })
    expect(accountOf(world)?.habit).toEqual(habit)
  })

  test('is not counted where nothing was bought, or nobody was there', () => {
    const world = new World().seed(pan, noon)
    const { purchaseAmount: _amount, ...nothing } = purchase
    const before = sparedOf(world)
    world.learn('frictionless', world.factsOf(nothing, noon), noon)
    world.learn('frictionless', world.factsOf({ ...purchase, deviceChannel: '03' }, noon), noon)
    expect(sparedOf(world)).toEqual(before)
  })
})
