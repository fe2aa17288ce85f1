// The number of a page and the three that the banking app offers.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { challengeLimits } from '../../src/acs/challenge/limits.ts'
import { matchNumber } from '../../src/acs/challenge/match-number.ts'
import type { Challenge, ChallengeEvent } from '../../src/acs/challenge/state.ts'
import { awaitFirstCReq, mostMismatches, transition } from '../../src/acs/challenge/transition.ts'
import { judgeWith, setupWith } from '../support/challenge.ts'

describe('the number to match', () => {
  test('is one of three different ones of two digits, whatever it is derived from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (code) => {
        const { shown, choices } = matchNumber(
          { otp: () => String(code).padStart(6, '0') },
          'a transaction',
          'a secret',
        )
        expect(choices).toHaveLength(3)
        expect(new Set(choices).size).toBe(3)
        expect(choices).toContain(shown)
        expect(choices.toSorted()).toEqual(choices) // so that its place tells nothing
        for (const number of choices) expect(number).toMatch(/^[1-9][0-9]$/)
      }),
    )
  })

  const at = Date.UTC(2026, 0, 15)
  const played = (events: readonly ChallengeEvent[]): Challenge => {
    const judge = judgeWith(() => false)
    const first: Challenge = awaitFirstCReq(at, challengeLimits, setupWith({ kind: 'oobMatch' }))
    return events.reduce<Challenge>((state, event) => transition(state, event, challengeLimits, judge).state, first)
  }
  const opened: ChallengeEvent = { type: 'creq', at: at + 1, windowSize: '02' }
  const mismatch: ChallengeEvent = { type: 'appAnswer', at: at + 2, isApproved: false, isMismatch: true }

  test('may be missed twice; the third time is a refusal', () => {
    const twice = played([opened, ...Array<ChallengeEvent>(mostMismatches - 1).fill(mismatch)])
    expect(twice).toMatchObject({ phase: 'awaitingAnswer', mismatches: 2, interactions: 0, step: 1 })
    const thrice = played([opened, ...Array<ChallengeEvent>(mostMismatches).fill(mismatch)])
    expect(thrice).toMatchObject({ phase: 'ended', verdict: { transStatus: 'N', interactionCounter: 1 } })
  })

  test('may be hit after it was missed', () => {
    const hit: ChallengeEvent = { type: 'appAnswer', at: at + 3, isApproved: true }
    expect(played([opened, mismatch, hit])).toMatchObject({ phase: 'ended', verdict: { transStatus: 'Y' } })
  })
})
