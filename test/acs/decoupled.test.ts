// The decoupled phase of the challenge machine, without HTTP: laws of RES-DEC as transitions.
import { describe, expect, test } from 'vitest'
import { begin } from '../../src/acs/challenge/begin.ts'
import { challengeLimits } from '../../src/acs/challenge/limits.ts'
import type { Challenge, ChallengeEvent } from '../../src/acs/challenge/state.ts'
import { transition } from '../../src/acs/challenge/transition.ts'
import { receiveOperation } from '../../src/acs/result/operations.ts'
import { judgeWith, setupWith } from '../support/challenge.ts'

const limits = challengeLimits
const setup = setupWith()
const neverACode = judgeWith(() => false)
const step = (state: Challenge, event: ChallengeEvent) => transition(state, event, limits, neverACode)
const minute = 60_000

const begun = (minutes: number, plan?: { result: 'approved' | 'refused' | 'ignored'; afterSeconds: number }) => {
  const one = begin(1_000, limits, setup, 'D', { minutes, plan })
  if (one === undefined) throw new Error('D begins something')
  return one
}

describe('begin', () => {
  test('after C waits for the CReq, after D for the cardholder, after all others for nothing (CHL-TR-1, RES-TS-9)', () => {
    expect(begin(1_000, limits, setup, 'C')).toEqual({
      state: { phase: 'awaitingFirstCReq', until: 31_000, setup },
      timers: [{ timer: 'firstCReq', at: 31_000 }],
    })
    expect(begun(10)).toEqual({
      state: { phase: 'awaitingDecoupled', until: 1_000 + 10 * minute },
      timers: [{ timer: 'decoupled', at: 1_000 + 10 * minute }],
    })
    for (const transStatus of ['Y', 'N', 'A', 'U', 'R', 'I', 'S'])
      expect(begin(0, limits, setup, transStatus)).toBeUndefined()
  })

  test('without a maximum time takes the longest (ACS-VAL-52, RES-DEC-4)', () => {
    expect(begin(0, limits, setup, 'D')?.timers).toEqual([{ timer: 'decoupled', at: 10_080 * minute }])
  })

  test('plans what the cardholder of a scenario does, if it is in time', () => {
    expect(begun(1, { result: 'approved', afterSeconds: 5 }).timers).toEqual([
      { timer: 'decoupledAnswer', at: 6_000 },
      { timer: 'decoupled', at: 1_000 + minute },
    ])
    for (const plan of [
      { result: 'approved', afterSeconds: 60 },
      { result: 'ignored', afterSeconds: 1 },
    ] as const)
      expect(begun(1, plan).timers).toEqual([{ timer: 'decoupled', at: 1_000 + minute }])
  })
})

describe('while the cardholder is waited for', () => {
  const { state } = begun(10, { result: 'approved', afterSeconds: 5 })
  const until = 1_000 + 10 * minute

  test('a timer before its time changes nothing', () => {
    expect(step(state, { type: 'timeout', at: until - 1, timer: 'decoupled' }).state).toBe(state)
    expect(step(state, { type: 'timeout', at: 5_999, timer: 'decoupledAnswer' }).state).toBe(state)
    for (const timer of ['firstCReq', 'answer'] as const)
      expect(step(state, { type: 'timeout', at: until + 1, timer }).state).toBe(state)
  })

  test.each([
    ['creq', { type: 'creq', at: 2_000, windowSize: '02' }],
    ['bad CReq', { type: 'badCReq', at: 2_000, errorCode: '203', errorDetail: 'x' }],
    ['answer', { type: 'answer', at: 2_000, step: 1, entered: '123456' }],
    ['resend', { type: 'resend', at: 2_000, step: 1 }],
    ['cancel', { type: 'cancel', at: 2_000, step: 1 }],
  ] as const)('a %s changes nothing (RES-DEC-8)', (_, event) => {
    expect(step(state, event)).toEqual({ state, effects: [] })
  })

  test.each([
    [true, { transStatus: 'Y' }],
    [false, { transStatus: 'N', transStatusReason: '01' }],
  ])('an answer (%s) ends it with one RReq (RES-DEC-5, RES-DEC-7)', (isApproved, verdict) => {
    const { state: after, effects } = step(state, { type: 'appAnswer', at: 2_000, isApproved })
    expect(after).toEqual({ phase: 'ended', verdict: { ...verdict, interactionCounter: 0, at: 2_000 } })
    expect(effects.map((effect) => effect.do)).toEqual(['clearTimers', 'sendRReq'])
    // Whatever comes now, there is no second one (CHL-SM-1).
    for (const event of [
      { type: 'appAnswer', at: 3_000, isApproved: !isApproved },
      { type: 'timeout', at: until, timer: 'decoupled' },
    ] as const)
      expect(step(after, event)).toEqual({ state: after, effects: [] })
  })

  test('an answer that comes too late is none (RES-DEC-6)', () => {
    const { state: after } = step(state, { type: 'appAnswer', at: until, isApproved: true })
    expect(after).toMatchObject({ verdict: { transStatus: 'U', transStatusReason: '24', challengeCancel: '03' } })
  })

  test('a planned answer in time counts, even where it is seen after the end (RES-DEC-14)', () => {
    const { state: after } = step(state, { type: 'timeout', at: until + minute, timer: 'decoupledAnswer' })
    expect(after).toMatchObject({ phase: 'ended', verdict: { transStatus: 'Y' } })
  })

  test('an Erro of the DS ends it silently (ACS-VAL-151)', () => {
    const { state: after, effects } = step(state, { type: 'erroFromDs', at: 2_000 })
    expect(after.phase).toBe('ended')
    expect(effects).toEqual([{ do: 'clearTimers' }])
  })
})

test('a browser challenge knows no decoupled answer', () => {
  const waiting = begin(0, limits, setup, 'C')?.state
  if (waiting === undefined) throw new Error('C begins something')
  expect(step(waiting, { type: 'appAnswer', at: 1, isApproved: true })).toEqual({ state: waiting, effects: [] })
})

test('a broken sequence of operation messages goes on where it was (FLOW-OP-3)', () => {
  const known = { next: 2, total: 3 }
  expect(receiveOperation(known, { seqId: 'x', seqNum: '03', seqTotal: '03' }, '01')).toEqual({
    opStatus: '02',
    progress: known,
  })
  expect(receiveOperation(undefined, { seqId: 'x', seqNum: '02', seqTotal: '03' }, '01')).toEqual({ opStatus: '02' })
  expect(receiveOperation({ next: 3, total: 3 }, { seqId: 'x', seqNum: '03', seqTotal: '03' }, '01')).toEqual({
    opStatus: '01',
  })
})
