import { expect, test } from 'vitest'
import { requestorAuthentication } from '../../../src/risk/checks/requestor-authentication.ts'
import { minute, noon } from '../support.ts'
import { saidBy } from './said.ts'

const said = saidBy(requestorAuthentication, { method: { '01': 0.5, '02': -0.25, '06': -1 }, minutes: [30, 90] })
const stamp = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 12)
const of = (threeDSReqAuthMethod: string, at?: number) =>
  said({
    areq: {
      threeDSRequestorAuthenticationInfo: {
        threeDSReqAuthMethod,
        ...(at !== undefined && { threeDSReqAuthTimestamp: stamp(at) }),
      },
    },
  })

test('a guest speaks a little against, a log-in for the holder as far as it goes', () => {
  expect(of('01')).toMatchObject({ weight: 0.5, reason: 'guest' })
  expect(of('02', noon)).toMatchObject({ weight: -0.25, reason: 'loggedIn' })
  expect(of('06')).toEqual({ weight: -1, reason: 'loggedIn', told: { method: '06' } })
})

test('a log-in fades with its age; that somebody is a guest does not', () => {
  expect(of('06', noon - 60 * minute)).toMatchObject({ weight: -0.5 })
  expect(of('06', noon - 90 * minute)).toEqual({ silent: 'worthless' })
  expect(of('01', noon - 900 * minute)).toMatchObject({ weight: 0.5 })
})

test('nothing is said of a method without a weight, or of none', () => {
  expect(of('05')).toEqual({ silent: 'worthless' })
  expect(said({ areq: {} })).toEqual({ silent: 'untold' })
})

test('of several authentications the first counts', () => {
  const several = [{ threeDSReqAuthMethod: '02' }, { threeDSReqAuthMethod: '06' }]
  expect(said({ areq: { threeDSRequestorAuthenticationInfo: several } })).toMatchObject({ weight: -0.25 })
})
