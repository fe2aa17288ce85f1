import { expect, test } from 'vitest'
import { phoneNumber } from '../../../src/risk/checks/phone-number.ts'
import { saidBy } from './said.ts'

const own = {
  weight: 2,
  most: 1,
  silent: 0.75,
  impossible: 0.5,
  tollFree: 0.5,
  ip: 0.25,
  abroad: 0.125,
  reachable: -0.5,
}
const said = saidBy(phoneNumber, own)
const of = (cc: string, subscriber: string) => ({ mobilePhone: { cc, subscriber } })
test.each([
  [of('81', '9012345678'), {}, { silent: 'ordinary' }],
  [of('81', '312345678'), {}, { silent: 'ordinary' }],
  [of('81', '5012345678'), {}, { weight: 0.5, reason: 'ip' }],
  [of('81', '120123456'), {}, { weight: 1, reason: 'tollFree' }],
  [of('81', '123'), {}, { weight: 1, reason: 'impossible' }],
  [of('81', '9012345678'), { phoneReachable: false }, { weight: 1.5, reason: 'silent' }],
  [of('81', '123'), { phoneReachable: false }, { weight: 2, reason: 'silent' }],
  [of('81', '9012345678'), { phoneReachable: true }, { weight: -0.5, reason: 'reachable' }],
  [{}, {}, { silent: 'untold' }],
  [{ homePhone: { cc: '81', subscriber: '5012345678' } }, {}, { reason: 'ip' }],
])('%j %j', (areq, signals, expected) => {
  expect(said({ areq, signals })).toMatchObject(expected)
})
