// The challenge machine, row by row, without time, disk or network.
import { describe, expect, test } from 'vitest'
import { challengeLimits } from '../../src/acs/challenge/limits.ts'
import type {
  Challenge,
  ChallengeEffect,
  ChallengeEvent,
  Limits,
  Step,
  Verdict,
} from '../../src/acs/challenge/state.ts'
import { awaitFirstCReq, normaliseCode, transition } from '../../src/acs/challenge/transition.ts'
import type { BehaviourFacts } from '../../src/risk/behaviour.ts'
import { judgeWith, setupWith } from '../support/challenge.ts'

const limits: Limits = challengeLimits
const strict: Limits = { ...limits, isStrict: true }
const t0 = Date.UTC(2026, 0, 15)

/** The right code says its own number. */
const judge = judgeWith((codeNumber, entered) => entered === `00000${codeNumber}`)
const right = (codeNumber = 1): string => `00000${codeNumber}`

const creq = (at: number, change: Partial<Extract<ChallengeEvent, { type: 'creq' }>> = {}): ChallengeEvent => ({
  type: 'creq',
  at,
  windowSize: '02',
  ...change,
})
const badCReq = (at: number): ChallengeEvent => ({
  type: 'badCReq',
  at,
  errorCode: '203',
  errorDetail: 'challengeWindowSize',
})
const answer = (at: number, step: number, entered: string): ChallengeEvent => ({ type: 'answer', at, step, entered })
const resend = (at: number, step: number): ChallengeEvent => ({ type: 'resend', at, step })
const cancel = (at: number, step: number): ChallengeEvent => ({ type: 'cancel', at, step })
const timeout = (at: number, timer: 'firstCReq' | 'answer'): ChallengeEvent => ({ type: 'timeout', at, timer })
const erroFromDs = (at: number): ChallengeEvent => ({ type: 'erroFromDs', at })

const waiting = awaitFirstCReq(t0, limits, setupWith())

/** State after the events, and all effects on the way. */
function played(events: readonly ChallengeEvent[], from: Challenge = waiting, by: Limits = limits): Step {
  let state = from
  const effects: ChallengeEffect[] = []
  for (const event of events) {
    const step = transition(state, event, by, judge)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects }
}

const presented = played([creq(t0 + 1_000)]).state

const verdictOf = ({ state }: Step): Verdict | undefined => (state.phase === 'ended' ? state.verdict : undefined)
const kindsOf = ({ effects }: Step): readonly string[] => effects.map((effect) => effect.do)

describe('before the first CReq', () => {
  test('the challenge waits 30 seconds (CHL-TR-1, CHL-TMR-1)', () => {
    expect(waiting).toEqual({ phase: 'awaitingFirstCReq', until: t0 + 30_000, setup: setupWith() })
  })

  test('a valid one stops that timer, sends a code and starts ten minutes (CHL-TR-2, CHL-TMR-3, CHL-ATT-1)', () => {
    const step = played([creq(t0 + 29_999, { windowSize: '05', threeDSSessionData: 's' })])
    expect(step.state).toEqual({
      phase: 'awaitingAnswer',
      setup: setupWith(),
      screen: 'code',
      channel: 'email',
      step: 1,
      interactions: 0,
      resends: 0,
      codeNumber: 1,
      codeSentAt: t0 + 29_999,
      until: t0 + 629_999,
      windowSize: '05',
      threeDSSessionData: 's',
    })
    expect(step.effects).toEqual([
      { do: 'clearTimers' },
      { do: 'sendOtp', codeNumber: 1, channel: 'email' },
      { do: 'armTimer', timer: 'answer', at: t0 + 629_999 },
    ])
  })

  test('one that is refused ends it with U and cancel 06 (CHL-TR-3)', () => {
    const step = played([{ ...badCReq(t0 + 5), threeDSSessionData: 's' } as ChallengeEvent])
    expect(verdictOf(step)).toEqual({
      transStatus: 'U',
      transStatusReason: '22',
      challengeCancel: '06',
      interactionCounter: 0,
      at: t0 + 5,
      erro: { errorCode: '203', errorDetail: 'challengeWindowSize' },
    })
    expect(step.state).toMatchObject({ threeDSSessionData: 's' })
    expect(kindsOf(step)).toEqual(['clearTimers', 'sendRReq'])
  })

  test('30 seconds end it with N, 14 and cancel 05 (CHL-TR-5, CHL-TMR-4)', () => {
    const step = played([timeout(t0 + 30_000, 'firstCReq')])
    expect(verdictOf(step)).toEqual({
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: '05',
      interactionCounter: 0,
      at: t0 + 30_000,
    })
    expect(kindsOf(step)).toEqual(['clearTimers', 'sendRReq'])
  })

  test.each([
    ['a valid one', creq(t0 + 30_000)],
    ['one that is refused', badCReq(t0 + 30_000)],
  ])('%s that comes with the end of the time is too late, whatever the timer does (CHL-TMR-1)', (_, event) => {
    const step = played([event])
    expect(verdictOf(step)).toMatchObject({ transStatus: 'N', transStatusReason: '14', challengeCancel: '05' })
    expect(kindsOf(step)).not.toContain('sendOtp')
  })

  test.each([
    ['of another state', timeout(t0 + 30_000, 'answer')],
    ['that fires too early', timeout(t0 + 29_999, 'firstCReq')],
  ])('a timer %s changes nothing', (_, event) => {
    expect(played([event])).toEqual({ state: waiting, effects: [] })
  })

  test('an Erro from the DS closes it without an RReq (CHL-TR-21)', () => {
    const step = played([erroFromDs(t0 + 5)])
    expect(step.state.phase).toBe('ended')
    expect(kindsOf(step)).toEqual(['clearTimers'])
    expect(kindsOf(played([creq(t0 + 6), timeout(t0 + 30_000, 'firstCReq')], step.state))).toEqual([])
  })

  test.each([answer(t0 + 1, 0, right()), answer(t0 + 1, 1, right()), resend(t0 + 1, 1), cancel(t0 + 1, 1)])(
    'nobody has a page to answer from: $type changes nothing',
    (event) => {
      expect(played([event])).toEqual({ state: waiting, effects: [] })
    },
  )
})

describe('while an answer is awaited', () => {
  const at = t0 + 2_000

  test('a verdict tells how the answer was entered that brought it, however it turned out', () => {
    const behaviour = { keys: 6, msTotal: 9_000 } as BehaviourFacts
    const entered = (step: number, code: string): ChallengeEvent => ({
      type: 'answer',
      at: at + step,
      step,
      entered: code,
      behaviour,
    })
    const pass = played([entered(1, right())], presented)
    expect(verdictOf(pass)).toMatchObject({ transStatus: 'Y', behaviour })
    expect(pass.effects).toContainEqual({ do: 'sendRReq', verdict: verdictOf(pass) })
    const failed = played([answer(at, 1, 'x'), answer(at, 2, 'x'), entered(3, 'x')], presented)
    expect(verdictOf(failed)).toMatchObject({ transStatus: 'N', behaviour })
    expect(verdictOf(played([answer(at, 1, right())], presented))).not.toHaveProperty('behaviour')
    expect(verdictOf(played([entered(1, 'x'), cancel(at + 9, 2)], presented))).not.toHaveProperty('behaviour')
  })

  test('the right one ends it with Y (CHL-TR-6, CHL-CAN-6)', () => {
    const step = played([answer(at, 1, right())], presented)
    expect(verdictOf(step)).toEqual({ transStatus: 'Y', interactionCounter: 1, at })
    expect(kindsOf(step)).toEqual(['clearTimers', 'sendRReq'])
  })

  test('a wrong one is counted, shown again with a hint and gives ten new minutes (CHL-TR-7, CHL-ATT-4, MIS-RES-9)', () => {
    const step = played([answer(at, 1, '999999')], presented)
    expect(step.state).toMatchObject({ step: 2, interactions: 1, hint: 'wrong', until: at + 600_000, codeNumber: 1 })
    expect(step.effects).toEqual([
      { do: 'clearTimers' },
      { do: 'armTimer', timer: 'answer', at: at + 600_000 },
      { do: 'countFailure' },
    ])
  })

  test('the third wrong one ends it with N and 19, and is counted like the others (CHL-TR-8, CHL-ATT-3, CHL-CAN-6)', () => {
    const step = played(
      [1, 2, 3].map((n) => answer(at, n, '999999')),
      presented,
    )
    expect(verdictOf(step)).toEqual({ transStatus: 'N', transStatusReason: '19', interactionCounter: 3, at })
    expect(kindsOf(step).filter((kind) => kind === 'countFailure')).toHaveLength(3)
  })

  test('an empty one is not counted (CHL-TR-9, CHL-ATT-2)', () => {
    const step = played([answer(at, 1, ' - ')], presented)
    expect(step.state).toMatchObject({ step: 2, interactions: 0, hint: 'empty', until: at + 600_000 })
    expect(kindsOf(step)).toEqual(['clearTimers', 'armTimer'])
  })

  test('one for a locked card ends it with N and 19, right or wrong; an empty one does not (SEC-OTP-4)', () => {
    for (const entered of [right(), '999999']) {
      const step = played([{ type: 'answer', at, step: 1, entered, isLocked: true }], presented)
      expect(verdictOf(step)).toEqual({ transStatus: 'N', transStatusReason: '19', interactionCounter: 1, at })
      expect(kindsOf(step)).toEqual(['clearTimers', 'sendRReq'])
    }
    expect(played([{ type: 'answer', at, step: 1, entered: '', isLocked: true }], presented).state.phase).toBe(
      'awaitingAnswer',
    )
  })

  test('the right code is wrong when it is old, with a hint of its own (CHL-TMR-9)', () => {
    const sent = t0 + 1_000
    expect(verdictOf(played([answer(sent + 300_000, 1, right())], presented))).toMatchObject({ transStatus: 'Y' })
    expect(played([answer(sent + 300_001, 1, right())], presented).state).toMatchObject({
      hint: 'expired',
      interactions: 1,
    })
  })

  test('a new code after 30 seconds voids the old one (CHL-TR-10, CHL-RSD-2, CHL-RSD-3)', () => {
    const sent = t0 + 31_000
    const step = played([resend(sent, 1)], presented)
    expect(step.state).toMatchObject({
      step: 2,
      codeNumber: 2,
      codeSentAt: sent,
      resends: 1,
      interactions: 0,
      hint: 'resent',
    })
    expect(step.effects).toContainEqual({ do: 'sendOtp', codeNumber: 2, channel: 'email' })
    expect(step.effects).toContainEqual({ do: 'armTimer', timer: 'answer', at: sent + 600_000 })
    expect(played([answer(sent, 2, right(1))], step.state).state).toMatchObject({ hint: 'wrong' })
    expect(verdictOf(played([answer(sent, 2, right(2))], step.state))).toMatchObject({ transStatus: 'Y' })
  })

  test('a new code too soon, or a fourth one, is not sent (CHL-RSD-3)', () => {
    const soon = played([resend(t0 + 30_999, 1)], presented)
    expect(soon.state).toMatchObject({ hint: 'resendTooSoon', codeNumber: 1, resends: 0 })
    expect(kindsOf(soon)).not.toContain('sendOtp')
    const all = played(
      [1, 2, 3, 4].map((n) => resend(t0 + 40_000 * n, n)),
      presented,
    )
    expect(all.state).toMatchObject({ hint: 'resendLimit', codeNumber: 4, resends: 3, step: 5 })
    expect(kindsOf(all).filter((kind) => kind === 'sendOtp')).toHaveLength(3)
  })

  test('the tries are those of the transaction, not of a code (CHL-ATT-5)', () => {
    const events = [answer(at, 1, 'x'), answer(at, 2, 'x'), resend(t0 + 40_000, 3), answer(t0 + 40_001, 4, 'x')]
    expect(verdictOf(played(events, presented))).toMatchObject({ transStatusReason: '19', interactionCounter: 3 })
  })

  test('a cancel ends it with N, 01 and cancel 01 (CHL-TR-14, CHL-CAN-3)', () => {
    expect(verdictOf(played([cancel(at, 1)], presented))).toEqual({
      transStatus: 'N',
      transStatusReason: '01',
      challengeCancel: '01',
      interactionCounter: 0,
      at,
    })
    expect(verdictOf(played([answer(at, 1, 'x'), cancel(at, 2)], presented))).toMatchObject({ interactionCounter: 1 })
    expect(verdictOf(played([cancel(at, 1)], presented, { ...limits, cancelReason: '26' }))).toMatchObject({
      transStatusReason: '26',
    })
  })

  test('ten minutes end it with N, 14 and cancel 04, with what was counted (CHL-TR-15, CHL-TMR-4)', () => {
    const tried = played([answer(at, 1, 'x')], presented).state
    expect(verdictOf(played([timeout(at + 600_000, 'answer')], tried))).toEqual({
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: '04',
      interactionCounter: 1,
      at: at + 600_000,
    })
  })

  test.each([
    ['of an earlier state', timeout(t0 + 700_000, 'firstCReq')],
    ['of an earlier page', timeout(t0 + 600_999, 'answer')],
  ])('a timer %s changes nothing (CHL-TMR-3)', (_, event) => {
    expect(played([event], presented)).toEqual({ state: presented, effects: [] })
  })

  test.each([
    creq(t0 + 601_000),
    badCReq(t0 + 601_000),
    answer(t0 + 601_000, 1, right()),
    resend(t0 + 601_000, 1),
    cancel(t0 + 601_000, 1),
    erroFromDs(t0 + 601_000),
  ])('$type when the time is over is a timeout (CHL-TMR-3, CHL-REP-9)', (event) => {
    expect(verdictOf(played([event], presented))).toMatchObject({ transStatusReason: '14', challengeCancel: '04' })
  })

  test('a CReq that is refused ends it with U and 06, with what was counted (CHL-TR-17)', () => {
    const tried = played([answer(at, 1, 'x')], presented).state
    expect(verdictOf(played([badCReq(at)], tried))).toMatchObject({
      transStatus: 'U',
      challengeCancel: '06',
      interactionCounter: 1,
    })
  })

  test('the same CReq again goes on: no code, no tries, no time, no token (CHL-REP-1)', () => {
    expect(played([creq(at), creq(at + 1)], presented)).toEqual({ state: presented, effects: [] })
  })

  test('another window size is taken, other session data are not (CHL-TR-22, CHL-REP-2, CHL-REP-3)', () => {
    const first = played([creq(t0, { threeDSSessionData: 'first' })]).state
    const step = played([creq(at, { windowSize: '05', threeDSSessionData: 'second' })], first)
    expect(step).toEqual({ state: { ...first, windowSize: '05' }, effects: [] })
  })

  test.each(['02', '05'])(
    'a strict ACS ends it with 305 when the CReq comes again, with size %s (CHL-REP-1, CHL-REP-2)',
    (windowSize) => {
      const step = played([creq(at, { windowSize })], presented, strict)
      expect(verdictOf(step)).toMatchObject({
        transStatus: 'U',
        challengeCancel: '06',
        erro: { errorCode: '305', errorDetail: 'acsTransID' },
      })
    },
  )

  test.each([0, 2, 3])(
    'an answer or resend with the token of step %i is not evaluated (CHL-REP-5, CHL-REP-6)',
    (step) => {
      for (const event of [answer(at, step, right()), answer(at, step, 'x'), resend(t0 + 60_000, step)])
        expect(played([event], presented)).toEqual({ state: presented, effects: [] })
    },
  )

  test('an Erro from the DS about the ARes comes too late (CHL-TR-21)', () => {
    expect(played([erroFromDs(at)], presented)).toEqual({ state: presented, effects: [] })
  })
})

describe('after the end', () => {
  const ends: readonly (readonly [string, Challenge])[] = [
    ['Y', played([answer(t0 + 2_000, 1, right())], presented).state],
    ['N', played([cancel(t0 + 2_000, 1)], presented).state],
    ['U', played([badCReq(t0 + 2_000)], presented).state],
    ['timeout', played([timeout(t0 + 30_000, 'firstCReq')]).state],
    ['closed by the DS', played([erroFromDs(t0 + 1)]).state],
  ]

  test.each(ends)(
    'nothing changes the verdict %s and nothing is done again (CHL-SM-1, CHL-SM-2, CHL-SM-5, CHL-TR-18, CHL-REP-4)',
    (_, ended) => {
      const events = [
        creq(t0 + 3_000),
        badCReq(t0 + 3_000),
        answer(t0 + 3_000, 1, right()),
        resend(t0 + 90_000, 1),
        cancel(t0 + 3_000, 1),
        timeout(t0 + 999_000, 'answer'),
        timeout(t0 + 999_000, 'firstCReq'),
        erroFromDs(t0 + 3_000),
      ]
      for (const by of [limits, strict]) expect(played(events, ended, by)).toEqual({ state: ended, effects: [] })
    },
  )

  test('the first session data and the window size are kept for the way back (CHL-REP-4)', () => {
    const begun = played([creq(t0, { threeDSSessionData: 'first', windowSize: '03' })]).state
    expect(played([cancel(t0 + 1, 1)], begun).state).toMatchObject({ threeDSSessionData: 'first', windowSize: '03' })
  })
})

describe('worked outcomes of a browser challenge', () => {
  const at = t0 + 2_000
  test.each([
    ['right at once', [creq(t0), answer(at, 1, right())], ['Y', undefined, undefined, 1]],
    [
      'two wrong, third right',
      [creq(t0), answer(at, 1, 'x'), answer(at, 2, 'x'), answer(at, 3, right())],
      ['Y', undefined, undefined, 3],
    ],
    ['three wrong', [creq(t0), answer(at, 1, 'x'), answer(at, 2, 'x'), answer(at, 3, 'x')], ['N', '19', undefined, 3]],
    ['cancel before any answer', [creq(t0), cancel(at, 1)], ['N', '01', '01', 0]],
    ['one wrong, cancel', [creq(t0), answer(at, 1, 'x'), cancel(at, 2)], ['N', '01', '01', 1]],
    ['no CReq in 30 s', [timeout(t0 + 30_000, 'firstCReq')], ['N', '14', '05', 0]],
    ['silence for 600 s', [creq(t0), timeout(t0 + 600_000, 'answer')], ['N', '14', '04', 0]],
    ['one wrong, then silence', [creq(t0), answer(at, 1, 'x'), timeout(at + 600_000, 'answer')], ['N', '14', '04', 1]],
    ['malformed CReq', [badCReq(t0)], ['U', '22', '06', 0]],
    ['malformed CReq after a wrong answer', [creq(t0), answer(at, 1, 'x'), badCReq(at)], ['U', '22', '06', 1]],
    [
      'empty, resent, right',
      [creq(t0), answer(at, 1, ''), resend(t0 + 30_000, 2), answer(t0 + 30_001, 3, right(2))],
      ['Y', undefined, undefined, 1],
    ],
  ] as const)('%s', (_, events, [transStatus, transStatusReason, challengeCancel, interactionCounter]) => {
    const step = played(events)
    const verdict = verdictOf(step)
    expect([
      verdict?.transStatus,
      verdict?.transStatusReason,
      verdict?.challengeCancel,
      verdict?.interactionCounter,
    ]).toEqual([transStatus, transStatusReason, challengeCancel, interactionCounter])
    expect(step.effects.filter((effect) => effect.do === 'sendRReq')).toEqual([{ do: 'sendRReq', verdict }])
  })
})

test.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['12-34–56', '123456'],
  ['１２３４５６', '123456'],
  ['1\u00a02\u20093\u30004\t5\n6', '123456'],
  ['１２３ー４５６', '123456'],
  ['一二三', '一二三'],
])('a code typed as "%s" is read as "%s" (SEC-OTP-3)', (entered, read) => {
  expect(normaliseCode(entered)).toBe(read)
})
