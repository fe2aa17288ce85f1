import { expect, test } from 'vitest'
import { challengeWish } from '../../../src/risk/checks/challenge-wish.ts'
import { saidBy } from './said.ts'

const said = saidBy(challengeWish, { wish: { '02': 0.125, '03': 0.25, '04': 0.5, '10': -0.25 } })
const of = (threeDSRequestorChallengeInd: string | readonly string[]) =>
  said({ areq: { threeDSRequestorChallengeInd } })

test('a wish counts as the policy says', () => {
  expect(of('03')).toEqual({ weight: 0.25, reason: 'challenge', told: { wish: '03' } })
  expect(of('10')).toMatchObject({ weight: -0.25, reason: 'none' })
})

test('a shop that always wishes for none may count against it, and the sentence still says what was wished', () => {
  expect(of('02')).toMatchObject({ weight: 0.125, reason: 'none' })
})

test('of two wishes the one that counts more is taken', () => {
  expect(of(['10', '04'])).toMatchObject({ weight: 0.5, reason: 'challenge' })
  expect(of(['04', '10'])).toMatchObject({ weight: 0.5, reason: 'challenge' })
})

test('no wish, and one without a weight, say nothing', () => {
  expect(said({ areq: {} })).toEqual({ silent: 'none' })
  expect(of('05')).toEqual({ silent: 'none' })
})
