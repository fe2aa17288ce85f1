import { expect, test } from 'vitest'
import { failedAttempts } from '../../../src/risk/checks/failed-attempts.ts'
import { saidBy } from './said.ts'

const said = saidBy(failedAttempts, {
  weight: 2,
  most: 1.5,
  challenges: { failed24h: [0, 2], share: 1 },
  logins: { failed: [2, 6], share: 0.5 },
  reset: 0.25,
  resetOnNewDevice: 1,
  stepUps: { failed: [0, 2], share: 0.5 },
  newDevice: 0.25,
})

test.each([
  ['nothing told', {}, {}, { silent: 'none' }],
  ['a slip or two at the log-in', { loginFailures: 2, passwordReset: false }, {}, { silent: 'none' }],
  ['a failed challenge', {}, { failed_decay_24h: 1 }, { weight: 1, reason: 'challenges', told: {} }],
  ['many log-ins', { loginFailures: 8 }, {}, { weight: 1, reason: 'logins', told: { n: 8 } }],
  ['a reset at home', { passwordReset: true }, { device_is_first: 0 }, { weight: 0.5, reason: 'reset', told: {} }],
  ['a reset elsewhere', { passwordReset: true }, { device_is_first: 1 }, { weight: 2, reason: 'taken', told: {} }],
  ['a step-up that failed', { stepUpFailures: 1 }, {}, { weight: 0.5, reason: 'stepUps', told: { n: 1 } }],
  ['a log-in from a new device', { newDeviceLogin: true }, {}, { weight: 0.5, reason: 'newDevice', told: {} }],
  ['one from a known device', { newDeviceLogin: false, stepUpFailures: 0 }, {}, { silent: 'none' }],
  [
    'all of it',
    { loginFailures: 9, passwordReset: true },
    { device_is_first: 1, failed_decay_24h: 3 },
    { weight: 3, reason: 'challenges', told: {} },
  ],
])('%s', (_, signals, features, opinion) => {
  expect(said({ areq: {}, signals, features })).toEqual(opinion)
})

test('a policy from before step-ups and devices were told hears nothing of them', () => {
  const before = saidBy(failedAttempts, {
    ...{ weight: 2, most: 1.5, reset: 0.25, resetOnNewDevice: 1 },
    challenges: { failed24h: [0, 2], share: 1 },
    logins: { failed: [2, 6], share: 0.5 },
  })
  expect(before({ areq: {}, signals: { stepUpFailures: 3, newDeviceLogin: true } })).toEqual({ silent: 'none' })
})
