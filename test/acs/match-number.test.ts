import { expect, test } from 'vitest'
import { matchNumber } from '../../src/acs/challenge/match-number.ts'
import { createSecrets } from '../../src/acs/secrets.ts'

const key = Buffer.alloc(32, 7)
const secrets = createSecrets({ panHash: key, entity: key, otp: key, stepToken: key, authenticationValue: key })
const acsTransID = '7f2c1c1e-1d0b-4f4b-9a39-4a1c3cf0a001'

test('page and banking app have the same three numbers of two digits, the one shown among them', () => {
  for (let n = 0; n < 2_000; n += 1) {
    const { shown, choices } = matchNumber(secrets, acsTransID, `secret ${n}`)
    expect(matchNumber(secrets, acsTransID, `secret ${n}`)).toEqual({ shown, choices })
    expect(choices).toContain(shown)
    expect(new Set(choices).size).toBe(3)
    for (const number of choices) expect(number).toMatch(/^[1-9][0-9]$/)
  }
})

test('the one shown stands in every place, and is another for another challenge', () => {
  const all = Array.from({ length: 300 }, (_, n) => matchNumber(secrets, acsTransID, `secret ${n}`))
  expect(new Set(all.map(({ shown, choices }) => choices.indexOf(shown)))).toEqual(new Set([0, 1, 2]))
  expect(new Set(all.map(({ shown }) => shown)).size).toBeGreaterThan(60)
})
