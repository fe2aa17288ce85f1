import { expect, test } from 'vitest'
import { deviceWithFraud } from '../../../src/risk/checks/device-with-fraud.ts'
import { saidBy } from './said.ts'

const said = saidBy(deviceWithFraud, { weight: 3, frauds: [0, 2], withoutId: 0.5 })
const areq = { browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64)' }
const method = { deviceId: '0123456789abcdef0123456789abcdef' }

test('a device without fraud, or without a name, says nothing', () => {
  expect(said({ areq, features: { frauds_device: 0 } })).toEqual({ silent: 'clean' })
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})

test('each confirmed fraud counts, up to the limit; a device known by its looks may be another one', () => {
  expect(said({ areq, method, features: { frauds_device: 1 } })).toEqual({
    weight: 1.5,
    reason: 'listed',
    told: { n: 1 },
  })
  expect(said({ areq, method, features: { frauds_device: 9 } })).toMatchObject({ weight: 3 })
  expect(said({ areq, features: { frauds_device: 2 } })).toMatchObject({ weight: 1.5 })
})
