// The challenge machine: a pure function of state, event and limits. Spec: section 3.3; rules CHL-* as cited.
import { rulesOf } from './limits.ts'
import type {
  AwaitingAnswer,
  AwaitingDecoupled,
  AwaitingFirstCReq,
  Challenge,
  ChallengeEffect,
  ChallengeEvent,
  Ended,
  Ending,
  Hint,
  Limits,
  Step,
  Verdict,
  VersionRules,
} from './state.ts'

/** Whether `entered` is the code with this number; given from outside, since the key is. */
export type CodeTest = (codeNumber: number, entered: string) => boolean

const stay = (state: Challenge): Step => ({ state, effects: [] })

function end(from: Challenge, verdict: Verdict, sessionData?: string): Step {
  const known = from.phase === 'awaitingAnswer' ? from : undefined
  const threeDSSessionData = known?.threeDSSessionData ?? sessionData
  const state: Ended = {
    phase: 'ended',
    verdict,
    ...(known !== undefined && { windowSize: known.windowSize }),
    ...(threeDSSessionData !== undefined && { threeDSSessionData }),
  }
  return { state, effects: [{ do: 'clearTimers' }, { do: 'sendRReq', verdict }] }
}

/** What the cardholder typed, without the blanks and hyphens people put into codes (SEC-OTP-3). */
export const normaliseCode = (entered: string): string =>
  entered.normalize('NFKC').replace(/[\s\u2010-\u2015\u30fc-]/g, '')

/** The timers of a page that is shown: for the answer, and for the end that a plan has set. */
const timersOf = ({ until, endsAt }: AwaitingAnswer): readonly ChallengeEffect[] => [
  { do: 'clearTimers' },
  { do: 'armTimer', timer: 'answer', at: until },
  ...(endsAt === undefined ? [] : [{ do: 'armTimer', timer: 'ending', at: endsAt } as const]),
]

/** The same screen again with a hint; the token of the page is used up and the answer timer starts anew. */
const again = (
  state: AwaitingAnswer,
  at: number,
  hint: Hint,
  limits: Limits,
  change: Partial<AwaitingAnswer> = {},
): Step => {
  const next: AwaitingAnswer = { ...state, ...change, step: state.step + 1, until: at + limits.answerWithinMs, hint }
  return { state: next, effects: timersOf(next) }
}

const interactionsOf = (state: Challenge): number => (state.phase === 'awaitingAnswer' ? state.interactions : 0)

/** The verdict of the plan, whatever the cardholder has done. */
function endAsPlanned(
  state: Challenge,
  { transStatus, transStatusReason, challengeCancel, erro, bent }: Ending,
  {
    at,
    answers = 0,
    sessionData,
  }: { readonly at: number; readonly answers?: number; readonly sessionData?: string | undefined },
): Step {
  const verdict: Verdict = {
    transStatus,
    ...(transStatusReason !== undefined && { transStatusReason }),
    ...(challengeCancel !== undefined && { challengeCancel }),
    interactionCounter: interactionsOf(state) + answers,
    at,
    ...(erro !== undefined && { erro }),
    planned: bent === undefined ? {} : { bent },
  }
  return end(state, verdict, sessionData)
}

/** With the first answer, or it only waits for the time that was set; a cancel is no evaluated answer. */
function onPlannedAnswer(
  state: AwaitingAnswer,
  at: number,
  ending: Ending,
  limits: Limits,
  interactions = state.interactions,
): Step {
  const isFirst = ending.on === 'answer' && state.endsAt === undefined
  if (isFirst && ending.after === undefined)
    return endAsPlanned(state, ending, { at, answers: interactions - state.interactions })
  return again(state, at, 'checking', limits, isFirst ? { interactions, endsAt: at + (ending.after ?? 0) } : {})
}

function onAnswer(
  state: AwaitingAnswer,
  event: Extract<ChallengeEvent, { type: 'answer' }>,
  limits: Limits,
  isCode: CodeTest,
): Step {
  const { at } = event
  const code = normaliseCode(event.entered)
  if (code === '') return again(state, at, 'empty', limits) // CHL-TR-9, CHL-ATT-2
  const interactions = state.interactions + 1 // CHL-ATT-1
  const { ending } = limits
  if (ending !== undefined) return onPlannedAnswer(state, at, ending, limits, interactions)
  if (event.isLocked === true)
    return end(state, { transStatus: 'N', transStatusReason: '19', interactionCounter: interactions, at }) // SEC-OTP-4
  const isExpired = at - state.codeSentAt > limits.codeLifeMs // CHL-TMR-9
  if (!isExpired && isCode(state.codeNumber, code))
    return end(state, { transStatus: 'Y', interactionCounter: interactions, at }) // CHL-TR-6
  const step =
    interactions >= limits.maxInteractions
      ? end(state, { transStatus: 'N', transStatusReason: '19', interactionCounter: interactions, at }) // CHL-TR-8, CHL-ATT-3
      : again(state, at, isExpired ? 'expired' : 'wrong', limits, { interactions }) // CHL-TR-7
  return { state: step.state, effects: [...step.effects, { do: 'countFailure' }] }
}

function onResend(state: AwaitingAnswer, at: number, limits: Limits): Step {
  if (state.resends >= limits.maxResends) return again(state, at, 'resendLimit', limits)
  if (at - state.codeSentAt < limits.resendAfterMs) return again(state, at, 'resendTooSoon', limits)
  const codeNumber = state.codeNumber + 1 // CHL-RSD-2: the earlier code is void
  const step = again(state, at, 'resent', limits, { codeNumber, codeSentAt: at, resends: state.resends + 1 })
  return { state: step.state, effects: [...step.effects, { do: 'sendOtp', codeNumber }] }
}

const ownRules = (limits: Limits): VersionRules => limits.rules ?? rulesOf(limits, '2.2.0')

/** An Erro for a known transaction ends it with U (ACS-VAL-104, CHL-TR-3, CHL-TR-17, CHL-TR-22). */
const endWithErro = (
  state: Challenge,
  event: Extract<ChallengeEvent, { type: 'badCReq' }>,
  { erroCancel, technicalReason }: VersionRules,
): Step =>
  end(
    state,
    {
      transStatus: 'U',
      transStatusReason: technicalReason,
      challengeCancel: erroCancel,
      interactionCounter: interactionsOf(state),
      at: event.at,
      erro: { errorCode: event.errorCode, errorDetail: event.errorDetail },
    },
    event.threeDSSessionData,
  )

/** No verdict is told to anybody: the DS said that the transaction is over (CHL-TR-21, [Req 221]). */
const closeSilently = (state: Challenge, at: number, { technicalReason }: VersionRules): Step => ({
  state: {
    phase: 'ended',
    verdict: { transStatus: 'U', transStatusReason: technicalReason, interactionCounter: interactionsOf(state), at },
  },
  effects: [{ do: 'clearTimers' }],
})

/** A CReq that comes again while the challenge is open (CHL-REP-1, CHL-REP-2). */
function onRepeat(state: AwaitingAnswer, event: Extract<ChallengeEvent, { type: 'creq' }>, rules: VersionRules): Step {
  const isChanged = event.windowSize !== state.windowSize || event.fingerprint !== state.creq
  const errorCode = isChanged ? rules.changed : rules.identical
  if (errorCode !== undefined) {
    return endWithErro(state, { type: 'badCReq', at: event.at, errorCode, errorDetail: 'acsTransID' }, rules)
  }
  // Going on: no new code, no new tries, the timer as it is; a new size is taken, session data are not (CHL-REP-1…3).
  return stay(event.windowSize === state.windowSize ? state : { ...state, windowSize: event.windowSize })
}

/** What ends a decoupled authentication: the cardholder, or its maximum time (RES-DEC-5…7). */
function onDecoupled(state: AwaitingDecoupled, event: ChallengeEvent, limits: Limits): Step {
  const decided = (isApproved: boolean, at: number): Step =>
    end(state, {
      transStatus: isApproved ? 'Y' : 'N',
      ...(!isApproved && { transStatusReason: '01' }), // RES-DEC-7
      interactionCounter: 0,
      at,
    })
  /** What the cardholder says, or what a plan makes of it. */
  const answered = (isApproved: boolean, at: number): Step => {
    const { ending } = limits
    if (ending?.on !== 'answer') return decided(isApproved, at)
    if (ending.after === undefined) return endAsPlanned(state, ending, { at })
    if (state.endsAt !== undefined) return stay(state)
    const endsAt = at + ending.after
    return {
      state: { phase: 'awaitingDecoupled', until: state.until, endsAt },
      effects: [
        { do: 'clearTimers' },
        { do: 'armTimer', timer: 'decoupled', at: state.until },
        { do: 'armTimer', timer: 'ending', at: endsAt },
      ],
    }
  }
  const expired = (at: number): Step =>
    end(state, {
      transStatus: 'U',
      transStatusReason: '24',
      challengeCancel: '03',
      interactionCounter: 0,
      at,
    }) // RES-DEC-6, without a grace
  switch (event.type) {
    case 'timeout':
      if (event.timer === 'decoupled')
        return event.at < state.until && event.isNow !== true ? stay(state) : expired(event.at)
      if (event.timer !== 'decoupledAnswer' || state.planned === undefined || event.at < state.planned.at)
        return stay(state)
      // It was in time, also where this is only seen after a restart.
      return answered(state.planned.isApproved, event.at)
    case 'decoupledAnswer':
      return event.at < state.until ? answered(event.isApproved, event.at) : expired(event.at)
    case 'erroFromDs':
      return closeSilently(state, event.at, ownRules(limits)) // ACS-VAL-151
    case 'creq':
    case 'badCReq':
    case 'answer':
    case 'resend':
    case 'cancel':
      return stay(state) // RES-DEC-8
  }
}

/** The page for the first CReq, unless a plan ends the challenge with it (CHL-TR-2). */
function onFirstCReq(
  before: AwaitingFirstCReq,
  event: Extract<ChallengeEvent, { type: 'creq' }>,
  limits: Limits,
): Step {
  const { at } = event
  const { ending } = limits
  if (ending?.on === 'page' && ending.after === undefined)
    return endAsPlanned(before, ending, { at, sessionData: event.threeDSSessionData })
  const endsAt = ending?.on === 'page' ? at + (ending.after ?? 0) : before.endsAt
  const state: AwaitingAnswer = {
    phase: 'awaitingAnswer',
    step: 1,
    interactions: 0,
    resends: 0,
    codeNumber: 1,
    codeSentAt: at,
    until: at + limits.answerWithinMs,
    windowSize: event.windowSize,
    ...(event.fingerprint !== undefined && { creq: event.fingerprint }),
    ...(event.threeDSSessionData !== undefined && { threeDSSessionData: event.threeDSSessionData }),
    ...(endsAt !== undefined && { endsAt }),
  }
  const [clear, ...arm] = timersOf(state)
  return { state, effects: [...(clear === undefined ? [] : [clear]), { do: 'sendOtp', codeNumber: 1 }, ...arm] }
}

/** Whether the time that a plan has set comes first: nothing that happens after it counts any more. */
const isOverAsPlanned = (state: Challenge, at: number): boolean =>
  state.phase !== 'ended' && state.endsAt !== undefined && at >= state.endsAt && state.endsAt <= state.until

export function transition(state: Challenge, event: ChallengeEvent, limits: Limits, isCode: CodeTest): Step {
  const { ending } = limits
  if (ending !== undefined && event.type !== 'erroFromDs' && isOverAsPlanned(state, event.at)) {
    const sessionData = event.type === 'creq' || event.type === 'badCReq' ? event.threeDSSessionData : undefined
    return endAsPlanned(state, ending, { at: event.at, sessionData })
  }
  switch (state.phase) {
    case 'awaitingFirstCReq':
      if ((event.type === 'creq' || event.type === 'badCReq') && event.at >= state.until)
        return transition(state, { type: 'timeout', at: event.at, timer: 'firstCReq' }, limits, isCode)
      switch (event.type) {
        case 'creq':
          return onFirstCReq(state, event, limits)
        case 'badCReq':
          return endWithErro(state, event, ownRules(limits))
        case 'timeout':
          if (event.timer !== 'firstCReq' || (event.at < state.until && event.isNow !== true)) return stay(state)
          return end(state, {
            transStatus: 'N',
            transStatusReason: '14',
            challengeCancel: '05',
            interactionCounter: 0,
            at: event.at,
          }) // CHL-TR-5
        case 'erroFromDs':
          return closeSilently(state, event.at, ownRules(limits))
        case 'answer':
        case 'resend':
        case 'cancel':
        case 'decoupledAnswer':
          return stay(state)
      }
      break
    case 'awaitingAnswer': {
      if (event.type !== 'timeout' && event.at >= state.until) {
        return transition(state, { type: 'timeout', at: event.at, timer: 'answer' }, limits, isCode)
      }
      switch (event.type) {
        case 'creq':
          return onRepeat(state, event, ownRules(limits))
        case 'badCReq':
          return endWithErro(state, event, ownRules(limits))
        case 'answer':
          return event.step === state.step ? onAnswer(state, event, limits, isCode) : stay(state) // CHL-REP-5, CHL-REP-6
        case 'resend':
          return event.step === state.step ? onResend(state, event.at, limits) : stay(state)
        case 'cancel': {
          if (ending !== undefined) return onPlannedAnswer(state, event.at, ending, limits)
          const { cancelReason = limits.cancelReason, isCancelCounted } = ownRules(limits)
          return end(state, {
            transStatus: 'N',
            transStatusReason: cancelReason,
            challengeCancel: '01',
            interactionCounter: state.interactions + (isCancelCounted ? 1 : 0),
            at: event.at,
          }) // CHL-TR-14, CHL-CAN-3, VER-23-34
        }
        case 'timeout':
          if (event.timer !== 'answer' || (event.at < state.until && event.isNow !== true)) return stay(state) // of an earlier step
          return end(state, {
            transStatus: 'N',
            transStatusReason: '14',
            challengeCancel: '04',
            interactionCounter: state.interactions,
            at: event.at,
          }) // CHL-TR-15
        case 'erroFromDs':
        case 'decoupledAnswer':
          return stay(state)
      }
      break
    }
    case 'awaitingDecoupled':
      return onDecoupled(state, event, limits)
    case 'ended':
      return stay(state) // CHL-SM-1, CHL-SM-5
  }
  return stay(state)
}

/** The state right after an ARes with transStatus C (CHL-TR-1). */
export const awaitFirstCReq = (at: number, limits: Limits): AwaitingFirstCReq => ({
  phase: 'awaitingFirstCReq',
  until: at + limits.firstCReqWithinMs,
})
