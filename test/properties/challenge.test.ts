// Laws of the challenge machine over arbitrary sequences of events.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { begin } from '../../src/acs/challenge/begin.ts'
import { challengeLimits } from '../../src/acs/challenge/limits.ts'
import type { Challenge, ChallengeEvent, Ending, Limits, Step } from '../../src/acs/challenge/state.ts'
import { awaitFirstCReq, normaliseCode, transition } from '../../src/acs/challenge/transition.ts'
import { judgeWith, setupWith } from '../support/challenge.ts'

const t0 = Date.UTC(2026, 0, 15)
const codeNumbered = (codeNumber: number): string => String(100_000 + codeNumber)
const judge = judgeWith((codeNumber, entered) => entered === codeNumbered(codeNumber))

/** Gaps around the borders of every timer, and small ones. */
const gap = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
  { weight: 2, arbitrary: fc.constantFrom(29_999, 30_000, 30_001, 300_000, 300_001) },
  { weight: 1, arbitrary: fc.constantFrom(599_999, 600_000, 600_001, 2_000_000) },
)

const step = fc.integer({ min: 0, max: 8 })
const entered = fc.oneof(
  fc.integer({ min: 1, max: 5 }).map(codeNumbered),
  fc.integer({ min: 1, max: 5 }).map((n) => ` ${codeNumbered(n).replace('0', '０-')} `),
  fc.constantFrom('', '  ', '999999', 'x'),
)

/** Events without their time; `isNow` asks for the token of the page that is shown. */
const event = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('creq' as const), windowSize: fc.constantFrom('01', '05') }) },
  { weight: 1, arbitrary: fc.constant({ type: 'badCReq' as const, errorCode: '203', errorDetail: 'x' }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('answer' as const), step, isNow: fc.boolean(), entered }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('answer' as const),
      step,
      isNow: fc.boolean(),
      entered,
      isLocked: fc.constant(true),
    }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('resend' as const), step, isNow: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const), step, isNow: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('timeout' as const),
      timer: fc.constantFrom('firstCReq' as const, 'answer' as const, 'ending' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'erroFromDs' as const }) },
)

const timed = fc.array(fc.tuple(gap, event), { maxLength: 40 })

const own: fc.Arbitrary<Limits> = fc
  .record({
    maxInteractions: fc.integer({ min: 1, max: 5 }),
    maxResends: fc.integer({ min: 0, max: 4 }),
    isStrict: fc.boolean(),
  })
  .map((change) => ({ ...challengeLimits, ...change }))

const ending: fc.Arbitrary<Ending> = fc.record({
  transStatus: fc.constantFrom('Y' as const, 'N' as const, 'U' as const, 'R' as const),
  on: fc.constantFrom('start' as const, 'page' as const, 'answer' as const),
  after: fc.option(fc.constantFrom(0, 1, 4_000, 29_999, 30_000, 700_000), { nil: undefined }),
})

/** Half of them as the cardholder makes them end, half with a plan. */
const limits: fc.Arbitrary<Limits> = fc.oneof(
  own,
  fc.tuple(own, ending).map(([by, planned]) => ({ ...by, ending: planned })),
)

const isPlanned = (state: Challenge | undefined): boolean =>
  state?.phase === 'ended' && state.verdict.planned !== undefined

/** As it begins with the ARes. */
const begun = (by: Limits): Challenge =>
  begin(t0, by, setupWith(), 'C', undefined, by.ending)?.state ?? awaitFirstCReq(t0, by, setupWith())

interface Turn extends Step {
  readonly before: Challenge
  readonly event: ChallengeEvent
}

function play(sequence: readonly (readonly [number, { readonly type: string }])[], by: Limits): readonly Turn[] {
  let state: Challenge = begun(by)
  let at = t0
  return sequence.map(([wait, raw]) => {
    at += wait
    const before = state
    const current = before.phase === 'awaitingAnswer' ? before.step : 0
    const { isNow, ...rest } = raw as { isNow?: boolean; type: string }
    const asked = { ...rest, at, ...(isNow === true && { step: current }) } as ChallengeEvent
    const next = transition(before, asked, by, judge)
    state = next.state
    return { before, event: asked, ...next }
  })
}

const sends = (turns: readonly Turn[]) =>
  turns.flatMap(({ effects }) => effects.filter((effect) => effect.do === 'sendRReq'))
const all = { numRuns: 500 }

describe('whatever happens to a challenge', () => {
  test.prop([timed, limits], all)(
    'at most one RReq is sent, with the verdict that is kept (CHL-SM-1, CHL-SM-3)',
    (sequence, by) => {
      const turns = play(sequence, by)
      const sent = sends(turns)
      expect(sent.length).toBeLessThanOrEqual(1)
      const last = turns.at(-1)?.state
      if (sent[0]?.do === 'sendRReq' && last?.phase === 'ended') expect(sent[0].verdict).toEqual(last.verdict)
    },
  )

  test.prop([timed, limits], all)(
    'what has ended stays ended, with the same verdict and nothing more to do (CHL-SM-2, CHL-SM-5)',
    (sequence, by) => {
      for (const { before, state, effects } of play(sequence, by)) {
        if (before.phase !== 'ended') continue
        expect(state).toBe(before)
        expect(effects).toEqual([])
      }
    },
  )

  test.prop([timed, limits], all)(
    'it ends only with an RReq, unless the DS refused the ARes (CHL-SM-1, RES-RR-2, MIS-TMR-4)',
    (sequence, by) => {
      for (const { before, state, effects, event: happened } of play(sequence, by)) {
        if (before.phase === 'ended' || state.phase !== 'ended') continue
        const isSent = effects.some((effect) => effect.do === 'sendRReq')
        expect(isSent).toBe(!(happened.type === 'erroFromDs' && before.phase === 'awaitingFirstCReq'))
        expect(effects.some((effect) => effect.do === 'clearTimers')).toBe(true)
      }
    },
  )

  test.prop([timed, limits], all)(
    'answers are counted up to the limit, by one at a time, and only when evaluated (CHL-ATT-1, CHL-ATT-2)',
    (sequence, by) => {
      for (const { before, state, event: happened } of play(sequence, by)) {
        const was = before.phase === 'awaitingAnswer' ? before.interactions : 0
        const is =
          state.phase === 'awaitingAnswer'
            ? state.interactions
            : state.phase === 'ended'
              ? state.verdict.interactionCounter
              : 0
        expect(is).toBeLessThanOrEqual(by.maxInteractions)
        if (before.phase === 'ended') continue
        expect(is - was).toBeGreaterThanOrEqual(0)
        expect(is - was).toBeLessThanOrEqual(happened.type === 'answer' ? 1 : 0)
        if (state.phase === 'awaitingAnswer' && by.ending === undefined)
          expect(state.interactions).toBeLessThan(by.maxInteractions)
      }
    },
  )

  test.prop([timed, limits], all)(
    'reason 14 comes with cancel 04 or 05, and these only with it (CHL-TMR-4)',
    (sequence, by) => {
      for (const { state } of play(sequence, by)) {
        if (state.phase !== 'ended' || isPlanned(state)) continue
        const { transStatus, transStatusReason, challengeCancel } = state.verdict
        expect(transStatusReason === '14').toBe(challengeCancel === '04' || challengeCancel === '05')
        if (transStatusReason === '14') expect(transStatus).toBe('N')
      }
    },
  )

  test.prop([timed, limits], all)(
    'Y comes by the right code of the current number, in time, from the current page, and by nothing else (CHL-TR-6, SEC-OTP-2, CHL-TMR-9)',
    (sequence, by) => {
      for (const { before, state, event: happened } of play(sequence, by)) {
        if (before.phase === 'ended' || state.phase !== 'ended' || state.verdict.transStatus !== 'Y') continue
        if (isPlanned(state)) continue
        if (before.phase !== 'awaitingAnswer' || happened.type !== 'answer') throw new Error(`Y by ${happened.type}`)
        expect(happened.step).toBe(before.step)
        expect(normaliseCode(happened.entered)).toBe(codeNumbered(before.codeNumber))
        expect(happened.at - before.codeSentAt).toBeLessThanOrEqual(by.codeLifeMs)
        expect(happened.at).toBeLessThan(before.until)
        expect(happened.isLocked).not.toBe(true)
        expect(state.verdict).toEqual({
          transStatus: 'Y',
          interactionCounter: before.interactions + 1,
          at: happened.at,
        })
      }
    },
  )

  test.prop([timed, own], all)('the right code of an open page always ends it with Y', (sequence, by) => {
    const last = play(sequence, by).at(-1)
    const state = last?.state
    if (last === undefined || state?.phase !== 'awaitingAnswer') return
    const at = Math.max(last.event.at, state.codeSentAt)
    const done = transition(
      state,
      { type: 'answer', at, step: state.step, entered: codeNumbered(state.codeNumber) },
      by,
      judge,
    )
    const isInTime = at - state.codeSentAt <= by.codeLifeMs && at < state.until
    expect(done.state.phase === 'ended' && done.state.verdict.transStatus === 'Y').toBe(isInTime)
  })

  test.prop([timed, limits], all)(
    'codes are numbered one by one, not more than allowed, and not too often (CHL-RSD-3)',
    (sequence, by) => {
      const sent: { readonly at: number; readonly codeNumber: number }[] = []
      for (const { effects, event: happened } of play(sequence, by)) {
        for (const effect of effects)
          if (effect.do === 'sendOtp') sent.push({ at: happened.at, codeNumber: effect.codeNumber })
      }
      expect(sent.map(({ codeNumber }) => codeNumber)).toEqual(sent.map((_, index) => index + 1))
      expect(sent.length).toBeLessThanOrEqual(1 + by.maxResends)
      sent.slice(1).forEach(({ at }, index) => {
        expect(at - (sent[index]?.at ?? 0)).toBeGreaterThanOrEqual(by.resendAfterMs)
      })
    },
  )

  test.prop([timed, limits], all)(
    'an open challenge always has its timer, and one for the end of its plan, at the times it says (CHL-SM-7)',
    (sequence, by) => {
      let armed: readonly number[] =
        begin(t0, by, setupWith(), 'C', undefined, by.ending)?.timers.map(({ at }) => at) ?? []
      for (const { state, effects } of play(sequence, by)) {
        for (const effect of effects) {
          if (effect.do === 'clearTimers') armed = []
          if (effect.do === 'armTimer') armed = [...armed, effect.at]
        }
        const ends = state.phase === 'ended' || state.endsAt === undefined ? [] : [state.endsAt]
        expect(armed).toEqual(state.phase === 'ended' ? [] : [state.until, ...ends])
      }
    },
  )

  test.prop([timed, limits], all)(
    'a challenge whose timers fire is over at the latest with them (CHL-TMR-1, CHL-TMR-3)',
    (sequence, by) => {
      let state: Challenge = play(sequence, by).at(-1)?.state ?? begun(by)
      if (state.phase === 'ended') return
      const timer = state.phase === 'awaitingFirstCReq' ? 'firstCReq' : 'answer'
      state = transition(state, { type: 'timeout', at: state.until, timer }, by, judge).state
      expect(state.phase).toBe('ended')
    },
  )

  test.prop([timed, own, ending], all)(
    'a plan ends it with its own status, at its moment, or it ends before by a timer, an Erro or a refused CReq',
    (sequence, plain, planned) => {
      const by = { ...plain, ending: planned }
      let answers = 0
      for (const { before, state, event: happened } of play(sequence, by)) {
        if (before.phase === 'ended') break
        const isAnswer =
          happened.type === 'answer' && before.phase === 'awaitingAnswer' && happened.step === before.step
        if (isAnswer || happened.type === 'cancel') answers += 1
        if (state.phase !== 'ended') continue
        if (!isPlanned(state)) {
          expect(['timeout', 'badCReq', 'erroFromDs', 'creq', 'answer', 'resend', 'cancel']).toContain(happened.type)
          expect(state.verdict.transStatus).not.toBe('Y')
          continue
        }
        expect(state.verdict.transStatus).toBe(planned.transStatus)
        if (planned.on === 'answer') expect(answers).toBeGreaterThan(0)
        if (planned.after !== undefined) expect(happened.at - t0).toBeGreaterThanOrEqual(planned.after)
      }
    },
  )
})
