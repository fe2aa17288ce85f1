import { expect, test } from 'vitest'
import { priorAuthentication } from '../../../src/risk/checks/prior-authentication.ts'
import { day, noon } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(priorAuthentication, { method: { '01': -0.25, '02': -1 }, days: [10, 20] })
const stamp = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 12)
const of = (threeDSReqPriorAuthMethod: string, at: number) =>
  said({
    areq: {
      threeDSRequestorPriorAuthenticationInfo: { threeDSReqPriorAuthMethod, threeDSReqPriorAuthTimestamp: stamp(at) },
    },
  })

test('an earlier authentication speaks lightly for the holder, and fades with its age', () => {
  expect(of('02', noon - 10 * day)).toEqual({ weight: -1, reason: 'referred', told: { method: '02', days: 10 } })
  expect(of('02', noon - 15 * day)).toMatchObject({ weight: -0.5 })
  expect(of('01', noon - day)).toMatchObject({ weight: -0.25 })
  expect(of('02', noon - 20 * day)).toEqual({ silent: 'worthless' })
})

test('of a kind without a weight, without a time or in the future it says nothing', () => {
  expect(of('03', noon - day)).toEqual({ silent: 'worthless' })
  expect(of('02', noon + day)).toEqual({ silent: 'worthless' })
  const untimed = { threeDSRequestorPriorAuthenticationInfo: { threeDSReqPriorAuthMethod: '02' } }
  expect(said({ areq: untimed })).toEqual({ silent: 'worthless' })
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})

test('no weight of it may speak against the holder', () => {
  expect(priorAuthentication.bound.safeParse({ method: { '02': 1 }, days: [1, 2] }).success).toBe(false)
})
