// The provider that is simulated: a table that a seed draws.
import { expect, test } from 'vitest'
import { simulatedProvider, tableShares } from '../../src/acs/simulated-provider.ts'
import { signalsSchema } from '../../src/risk/signals.ts'

const areq = {
  email: 'taro@shop.co.jp',
  mobilePhone: { cc: '81', subscriber: '9012345678' },
  shipAddrLine1: '1-2-3-405 Nishi-Shinjuku',
  shipAddrCity: 'Shinjuku',
  shipAddrPostCode: '160-0023',
  shipAddrCountry: '392',
}

test('the same seed and value give the same answer, in any spelling', () => {
  const answers = simulatedProvider('seed')(areq)
  expect(simulatedProvider('seed')(areq)).toEqual(answers)
  const other = {
    email: 'TARO+x@shop.co.jp',
    mobilePhone: { cc: '81', subscriber: '09012345678' },
    shipAddrLine1: 'Nishishinjuku 1-2-3',
    shipAddrLine2: 'Sample Heights #405',
    shipAddrPostCode: '1600023',
    shipAddrCountry: '392',
  }
  expect(simulatedProvider('seed')(other)).toEqual(answers)
})

test('answers are such as a shop may send, and only about what was told', () => {
  expect(signalsSchema.parse(simulatedProvider('seed')(areq))).toMatchObject({ addressExists: true })
  expect(simulatedProvider('seed')({})).toEqual({})
  expect(Object.keys(simulatedProvider('seed')({ email: 'taro@gmail.com' }))).toEqual(['mailDeliverable'])
})

test('some values have a fixed answer, whatever the seed', () => {
  for (const seed of ['a', 'b', 'c']) {
    const answers = simulatedProvider(seed)
    expect(answers({ mobilePhone: { cc: '81', subscriber: '9000000404' } }).phoneReachable).toBe(false)
    expect(answers({ email: 'nobody@example.com' }).mailDeliverable).toBe(false)
    expect(answers({ email: 'listed@example.com' }).sharedList).toMatchObject([{ kind: 'email' }])
    expect(answers({ ...areq, shipAddrLine1: '1-2-3 Nowhere' })).toMatchObject({
      addressExists: false,
      addressVacant: false,
    })
    expect(answers({ mobilePhone: { cc: '81', subscriber: '1' } }).phoneReachable).toBe(false)
  }
})

test('the shares of the table are kept, and another seed draws another table', () => {
  const of = (seed: string) => {
    const answers = simulatedProvider(seed)
    return Array.from(
      { length: 5_000 },
      (_, i) => answers({ mobilePhone: { cc: '81', subscriber: `90${10_000_000 + i * 17}` } }).phoneReachable,
    )
  }
  const [one, other] = [of('one'), of('other')]
  const silent = one.filter((reaches) => reaches === false).length / one.length
  expect(Math.abs(silent - tableShares.phoneSilent)).toBeLessThan(0.01)
  expect(other).not.toEqual(one)
})
