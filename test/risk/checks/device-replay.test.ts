import { describe, expect, test } from 'vitest'
import { Voice } from '../../../src/risk/check.ts'
import { deviceReplay } from '../../../src/risk/checks/device-replay.ts'
import { day, noon, purchase, World } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(deviceReplay, {
  weight: 2,
  most: 1.5,
  copied: 1,
  elsewhere: { share: 0.5, networks: 2 },
  mute: { N: 0.75, U: 0.25, likenesses: 1 },
})
const areq = { browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64)', threeDSCompInd: 'Y' }
const method = { deviceId: '0123456789abcdef0123456789abcdef', clock: noon }
const elsewhere = { device_is_first: 0, network_is_first: 1, merchant_is_first: 1, networks_known: 2 }

describe('a device', () => {
  test('of which nothing is told, or at home, says nothing', () => {
    expect(said({ areq: {} })).toEqual({ silent: 'untold' })
    expect(said({ areq, method, features: { ...elsewhere, network_is_first: 0 } })).toEqual({ silent: 'ordinary' })
  })

  test('whose data came before is a copy', () => {
    expect(said({ areq, method, features: { method_is_replayed: 1 } })).toEqual({
      weight: 2,
      reason: 'copied',
      told: {},
    })
    expect(said({ areq, method, features: { method_is_replayed: 0 } })).toEqual({ silent: 'ordinary' })
  })

  test('that is known and suddenly elsewhere may be one, once the holder’s networks are known', () => {
    expect(said({ areq, method, features: elsewhere })).toMatchObject({ weight: 1, reason: 'elsewhere' })
    const likeness = { ...elsewhere, device_is_first: 1, likeness_is_first: 0 }
    expect(said({ areq, method, features: likeness })).toMatchObject({ reason: 'elsewhere' })
    expect(said({ areq, method, features: { ...elsewhere, networks_known: 1 } })).toEqual({ silent: 'ordinary' })
    expect(said({ areq, method, features: { ...elsewhere, merchant_is_first: 0 } })).toEqual({ silent: 'ordinary' })
    expect(said({ areq, method, features: { ...elsewhere, device_is_first: 1 } })).toEqual({ silent: 'ordinary' })
  })

  test('that is silent where the card’s devices used to answer may be one; a shop that never asks is no sign', () => {
    const known = { likenesses_known: 1 }
    expect(said({ areq: { ...areq, threeDSCompInd: 'N' }, features: known })).toMatchObject({
      weight: 1.5,
      reason: 'mute',
    })
    expect(said({ areq: { ...areq, threeDSCompInd: 'U' }, features: known })).toMatchObject({
      weight: 0.5,
      reason: 'mute',
    })
    expect(said({ areq: { ...areq, threeDSCompInd: 'N' }, features: { likenesses_known: 0 } })).toEqual({
      silent: 'ordinary',
    })
    expect(said({ areq: { ...areq, threeDSCompInd: 'N' }, method, features: known })).toEqual({ silent: 'ordinary' })
  })

  test('gives the sum of its parts up to the limit', () => {
    expect(said({ areq, method, features: { ...elsewhere, method_is_replayed: 1 } })).toMatchObject({
      weight: 3,
      reason: 'copied',
    })
  })
})

test('the engine finds data that come a second time, with this card or on this device, and lets honest runs pass', () => {
  const world = new World()
  const run = (clock: number) => ({ deviceId: '0123456789abcdef0123456789abcdef', clock })
  const replayed = (pan: string, at: number, clock: number) => {
    const { features, facts } = world.ask({ ...purchase, acctNumber: pan, threeDSCompInd: 'Y' }, at, run(clock))
    return saidOf(features, facts)
  }
  const bound = deviceReplay.bound.parse({
    weight: 1,
    most: 1,
    copied: 1,
    elsewhere: { share: 0, networks: 1 },
    mute: { N: 0, U: 0, likenesses: 1 },
  })
  const saidOf = (features: Float64Array, facts: ReturnType<World['ask']>['facts']) =>
    bound.run({ features, facts, issuer: world.policy.issuer }, new Voice()).reason
  expect(replayed('4111110000000021', noon, 1)).toBe('ordinary')
  expect(replayed('4111110000000021', noon + day, 2)).toBe('ordinary')
  expect(replayed('4111110000000021', noon + 2 * day, 1)).toBe('copied')
  expect(replayed('4111110000000039', noon + 3 * day, 2)).toBe('copied')
  expect(replayed('4111110000000039', noon + 4 * day, 3)).toBe('ordinary')
})
