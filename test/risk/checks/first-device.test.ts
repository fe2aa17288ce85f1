import { expect, test } from 'vitest'
import { firstDevice } from '../../../src/risk/checks/first-device.ts'
import { positionOf } from '../../../src/risk/features.ts'
import { day, minute, noon, purchase, World } from '../support.ts'
import { saidBy } from './said.ts'

const own = {
  weight: 2,
  seen: { times: 3, days: 7, share: 0.25 },
  trusted: { withId: -1, withoutId: -0.5 },
}
const said = saidBy(firstDevice, { ...own, alike: 0.25 })
const areq = { browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64)' }
const method = { deviceId: '0123456789abcdef0123456789abcdef' }

test.each([
  ['new', { device_is_first: 1 }, 2, 'first'],
  ['new, and unlike all others', { device_is_first: 1, likeness_is_trusted: 0 }, 2, 'first'],
  ['new, and like one that is trusted', { device_is_first: 1, likeness_is_trusted: 1 }, 0.5, 'alike'],
  ['seen', { device_is_first: 0, device_is_trusted: 0, device_seen_n: 1, device_seen_days: 0 }, 2, 'seen'],
  ['settled', { device_is_first: 0, device_is_trusted: 0, device_seen_n: 3, device_seen_days: 7 }, 0.5, 'seen'],
  ['trusted', { device_is_first: 0, device_is_trusted: 1 }, -1, 'trusted'],
])('a device that is %s', (_, features, weight, reason) => {
  expect(said({ areq, method, features })).toEqual({ weight, reason, told: {} })
})

test('trust in looks alone is less, and a policy that says nothing of likeness knows none', () => {
  expect(said({ areq, features: { device_is_first: 0, device_is_trusted: 1 } })).toMatchObject({ weight: -0.5 })
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
  const features = { device_is_first: 1, likeness_is_trusted: 1 }
  expect(saidBy(firstDevice, own)({ areq, method, features })).toMatchObject({ weight: 2, reason: 'first' })
})

test('a device is known by its likeness when its storage was emptied, and another make is not', () => {
  const world = new World()
  const data = (deviceId: string, canvasHash = '0badcafe') => ({
    deviceId,
    canvasHash,
    screenWidth: 390,
    screenHeight: 844,
    platform: 'iPhone',
    colorDepth: 24,
    languages: 'ja-JP',
    maxTouchPoints: 5,
    hardwareConcurrency: 4,
  })
  const first = world.ask(purchase, noon, data('a'.repeat(32)))
  world.learn('challengePassed', first.facts, noon + minute)
  const again = (id: string, canvas?: string) => {
    const { features } = world.answer(purchase, noon + day, data(id, canvas))
    return (['device_is_first', 'likeness_is_first', 'likeness_is_trusted'] as const).map(
      (name) => features[positionOf(name)],
    )
  }
  expect(again('a'.repeat(32))).toEqual([0, 0, 1])
  expect(again('b'.repeat(32))).toEqual([1, 0, 1])
  expect(again('b'.repeat(32), '12345678')).toEqual([1, 1, 0])
})
