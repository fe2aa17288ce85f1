import { expect, test } from 'vitest'
import { confirmedFraud } from '../../../src/risk/checks/confirmed-fraud.ts'
import type { FeatureName } from '../../../src/risk/features.ts'
import { purchase } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(confirmedFraud, {
  weight: 2,
  most: 1.5,
  frauds: [0, 2],
  card: 0.5,
  phone: 1,
  shipTo: 1,
  ip: 0.25,
})
const of = (features: Partial<Record<FeatureName, number>>) => said({ areq: purchase, features })

test('without a confirmed fraud, or without what could have one, it says nothing', () => {
  expect(of({ frauds_account: 0, frauds_phone: 0 })).toEqual({ silent: 'ordinary' })
  expect(of({ frauds_phone: Number.NaN })).toEqual({ silent: 'ordinary' })
})

test('each kind has its part, and they add up to their limit', () => {
  expect(of({ frauds_account: 2 })).toEqual({ weight: 1, reason: 'card', told: { n: 2 } })
  expect(of({ frauds_phone: 1 })).toEqual({ weight: 1, reason: 'phone', told: { n: 1 } })
  expect(of({ frauds_ip: 5 })).toMatchObject({ weight: 0.5, reason: 'ip' })
  expect(of({ frauds_phone: 2, frauds_shipTo: 3 })).toMatchObject({ weight: 3, reason: 'phone' })
})
