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
})

test.each([
  ['nothing told', {}, {}, { silent: 'none' }],
  ['a slip or two at the log-in', { loginFailures: 2, passwordReset: false }, {}, { silent: 'none' }],
  ['a failed challenge', {}, { failed_decay_24h: 1 }, { weight: 1, reason: 'challenges', told: {} }],
  ['many log-ins', { loginFailures: 8 }, {}, { weight: 1, reason: 'logins', told: { n: 8 } }],
  ['a reset at home', { passwordReset: true }, { device_is_first: 0 }, { weight: 0.5, reason: 'reset', told: {} }],
  ['a reset elsewhere', { passwordReset: true }, { device_is_first: 1 }, { weight: 2, reason: 'taken', told: {} }],
  [
    'all of it',
    { loginFailures: 9, passwordReset: true },
    { device_is_first: 1, failed_decay_24h: 3 },
    { weight: 3, reason: 'challenges', told: {} },
  ],
])('%s', (_, signals, features, opinion) => {
  expect(said({ areq: {}, signals, features })).toEqual(opinion)
})
