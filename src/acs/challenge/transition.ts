// The challenge machine: a pure function of state, event and limits. Spec: section 3.3; rules CHL-* as cited.
import type { BehaviourFacts } from '../../risk/behaviour.ts'
import { hasCode, isInApp, rowOf, type ScreenName, screenAfter } from './kinds.ts'
import { rulesOf } from './limits.ts'
import type {
  AwaitingAnswer,
  AwaitingDecoupled,
  AwaitingFirstCReq,
  Challenge,
  ChallengeEffect,
  ChallengeEvent,
  ChallengeSetup,
  Consent,
  Ended,
  Ending,
  Hint,
  Limits,
  Prompt,
  Step,
  Verdict,
  VersionRules,
} from './state.ts'

/** What is right; given from outside, since keys and the issuer's questions are. */
export interface Judge {
  /** Whether it is the code with this number. */
  isCode(codeNumber: number, entered: string): boolean
  isPassword(entered: string): boolean
  /** Whether these keys, and no others, are the answer to what the screen asks. */
  isSelection(screen: ScreenName, selected: readonly string[]): boolean
}

const stay = (state: Challenge): Step => ({ state, effects: [] })

function end(from: Challenge, decided: Verdict, sessionData?: string): Step {
  const known = from.phase === 'awaitingAnswer' ? from : undefined
  const threeDSSessionData = known?.threeDSSessionData ?? sessionData
  // However it ends: the code went there, and the RReq says so (RES section 6).
  const channel = known?.setup.kind === 'chooseOtp' ? known.channel : undefined
  const verdict: Verdict = channel === undefined ? decided : { ...decided, channel }
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
  hint: Hint | undefined,
  limits: Limits,
  change: Partial<AwaitingAnswer> = {},
): Step => {
  const { hint: _last, ...rest } = state
  const until = at + limits.answerWithinMs
  const next: AwaitingAnswer = { ...rest, ...change, step: state.step + 1, until, ...(hint !== undefined && { hint }) }
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

/** What was said to each prompt; no word is a no (CHL-TL-1, ACS-VAL-126). */
const consentTo = (prompts: readonly Prompt[] | undefined, said: Consent | undefined): Consent | undefined =>
  prompts === undefined || prompts.length === 0
    ? undefined
    : Object.fromEntries(prompts.map((prompt) => [prompt, said?.[prompt] === true]))

function passed(state: AwaitingAnswer, at: number, interactionCounter: number, said: Consent | undefined): Step {
  const consent = consentTo(state.setup.prompts, said)
  return end(state, {
    transStatus: 'Y',
    interactionCounter,
    at,
    ...(consent !== undefined && { consent }),
  })
}

type Reading = 'empty' | 'expired' | 'right' | 'wrong'

/** What the answer to the screen is worth. */
function readingOf(
  { screen, codeNumber, codeSentAt }: AwaitingAnswer,
  { at, entered, password = '', selected = [] }: Extract<ChallengeEvent, { type: 'answer' }>,
  limits: Limits,
  judge: Judge,
): Reading {
  if (!hasCode(screen)) {
    if (selected.length === 0) return 'empty'
    return judge.isSelection(screen, selected) ? 'right' : 'wrong'
  }
  const code = normaliseCode(entered)
  const needsPassword = screen === 'entries'
  if (code === '' || (needsPassword && password.trim() === '')) return 'empty'
  if (at - codeSentAt > limits.codeLifeMs) return 'expired' // CHL-TMR-9
  const isRight = judge.isCode(codeNumber, code)
  return isRight && (!needsPassword || judge.isPassword(password)) ? 'right' : 'wrong'
}

/** The next screen of the kind, with what it needs. */
function goOn(state: AwaitingAnswer, at: number, screen: ScreenName, limits: Limits, channel = state.channel): Step {
  const step = again(state, at, undefined, limits, { screen, channel })
  return begun(step.state as AwaitingAnswer, at, step.effects)
}

/** What a screen sets in motion when it is shown for the first time. */
function begun(shown: AwaitingAnswer, at: number, timers: readonly ChallengeEffect[]): Step {
  const { screen, channel } = shown
  const [clear, ...arm] = timers
  const first = clear === undefined ? [] : [clear]
  if (isInApp(screen)) return { state: shown, effects: [...first, { do: 'askApp' }, ...arm] }
  if (!hasCode(screen) || channel === undefined) return { state: shown, effects: timers }
  const codeNumber = shown.codeNumber + 1
  return {
    state: { ...shown, codeNumber, codeSentAt: at },
    effects: [...first, { do: 'sendOtp', codeNumber, channel }, ...arm],
  }
}

/** Where the code is to go; after the first one it is a code sent again (CHL-TR-11, CHL-ATT-5, CHL-RSD-3). */
function onChoice(state: AwaitingAnswer, at: number, selected: readonly string[], limits: Limits): Step {
  const channel = selected.length === 1 ? state.setup.channels.find((one) => one === selected[0]) : undefined
  if (channel === undefined) return again(state, at, 'empty', limits)
  if (state.codeNumber === 0) return goOn(state, at, 'code', limits, channel)
  const back = onResend({ ...state, screen: 'code', channel }, at, limits)
  // Where nothing was sent the latest code went where it went.
  return back.state.phase === 'awaitingAnswer' && back.state.codeNumber === state.codeNumber
    ? { state: { ...back.state, channel: state.channel }, effects: back.effects }
    : back
}

/** The page asks whether the banking app has answered (CHL-TR-12, FLOW-OOB-4); it counts as no answer (CHL-ATT-2). */
function onLook(state: AwaitingAnswer, at: number, limits: Limits): Step {
  const { app, setup } = state
  if (app === undefined) return again(state, at, 'appOpen', limits)
  const looks = app.looks + 1
  const { appSeenAfter = 0 } = setup
  if (appSeenAfter === 'never' || looks < appSeenAfter)
    return again(state, at, 'appOpen', limits, { app: { ...app, looks } })
  return decidedInApp(state, at, app, limits)
}

function decidedInApp(
  state: AwaitingAnswer,
  at: number,
  { isApproved, consent }: { readonly isApproved: boolean; readonly consent?: Consent | undefined },
  limits: Limits,
): Step {
  const interactions = state.interactions + 1
  if (isApproved) return passed(state, at, interactions, consent)
  const { refusedReason } = ownRules(limits)
  return end(state, { transStatus: 'N', transStatusReason: refusedReason, interactionCounter: interactions, at }) // CHL-TR-13
}

/** So often a number that is not the page's may be chosen; the last of them is a no. */
export const mostMismatches = 3

/** The banking app has answered; the page learns of it now, or later where a plan says so. */
function onAppAnswer(
  state: AwaitingAnswer,
  { at, isApproved, consent, isMismatch }: Extract<ChallengeEvent, { type: 'appAnswer' }>,
  limits: Limits,
): Step {
  if (!isInApp(state.screen) || state.app !== undefined) return stay(state)
  const mismatches = (state.mismatches ?? 0) + 1
  if (isMismatch === true && mismatches < mostMismatches) return stay({ ...state, mismatches })
  const { ending } = limits
  if (ending !== undefined) return onPlannedAnswer(state, at, ending, limits, state.interactions + 1)
  const { appSeenAfter = 0 } = state.setup
  return appSeenAfter === 0
    ? decidedInApp(state, at, { isApproved, consent }, limits)
    : stay({ ...state, app: { isApproved, looks: 0, ...(consent !== undefined && { consent }) } })
}

/** The information was read: the next screen, or [2.3.1] the decoupled authentication that follows (CHL-TR-20, RES-DEC-12). */
function onRead(state: AwaitingAnswer, at: number, limits: Limits): Step {
  const next = screenAfter(state.setup.kind, state.screen)
  if (next !== undefined) return goOn(state, at, next, limits)
  const { ending } = limits
  if (ending !== undefined) return onPlannedAnswer(state, at, ending, limits)
  return end(state, { transStatus: 'D', transStatusReason: '29', interactionCounter: state.interactions, at })
}

function onAnswer(
  state: AwaitingAnswer,
  event: Extract<ChallengeEvent, { type: 'answer' }>,
  limits: Limits,
  judge: Judge,
): Step {
  const { at } = event
  const { screen } = state
  if (screen === 'choose') return onChoice(state, at, event.selected ?? [], limits)
  if (screen === 'info') return onRead(state, at, limits)
  if (isInApp(screen)) return onLook(state, at, limits)
  return toldHow(onEntry(state, event, limits, judge), event.behaviour)
}

/** A verdict that an answer brought tells how the answer was entered. */
function toldHow({ state, effects }: Step, behaviour: BehaviourFacts | undefined): Step {
  if (state.phase !== 'ended' || behaviour === undefined) return { state, effects }
  const verdict = { ...state.verdict, behaviour }
  return {
    state: { ...state, verdict },
    effects: effects.map((effect) => (effect.do === 'sendRReq' ? { ...effect, verdict } : effect)),
  }
}

function onEntry(
  state: AwaitingAnswer,
  event: Extract<ChallengeEvent, { type: 'answer' }>,
  limits: Limits,
  judge: Judge,
): Step {
  const { at } = event
  const reading = readingOf(state, event, limits, judge)
  if (reading === 'empty') return again(state, at, 'empty', limits) // CHL-TR-9, CHL-ATT-2
  const interactions = state.interactions + 1 // CHL-ATT-1
  const { ending } = limits
  if (ending !== undefined) return onPlannedAnswer(state, at, ending, limits, interactions)
  if (event.isLocked === true)
    return end(state, { transStatus: 'N', transStatusReason: '19', interactionCounter: interactions, at }) // SEC-OTP-4
  if (reading === 'right') return passed(state, at, interactions, event.consent) // CHL-TR-6
  const step =
    interactions >= limits.maxInteractions
      ? end(state, { transStatus: 'N', transStatusReason: '19', interactionCounter: interactions, at }) // CHL-TR-8, CHL-ATT-3
      : again(state, at, reading, limits, { interactions }) // CHL-TR-7
  return { state: step.state, effects: [...step.effects, { do: 'countFailure' }] }
}

function onResend(state: AwaitingAnswer, at: number, limits: Limits): Step {
  const { screen, channel } = state
  if (!hasCode(screen) || channel === undefined) return stay(state) // CHL-RSD-1
  if (state.resends >= limits.maxResends) return again(state, at, 'resendLimit', limits)
  if (at - state.codeSentAt < limits.resendAfterMs) return again(state, at, 'resendTooSoon', limits)
  const codeNumber = state.codeNumber + 1 // CHL-RSD-2: the earlier code is void
  const step = again(state, at, 'resent', limits, { codeNumber, codeSentAt: at, resends: state.resends + 1 })
  return { state: step.state, effects: [...step.effects, { do: 'sendOtp', codeNumber, channel }] }
}

/** Back to the choice of where the code goes; the tries and the codes stay as they are (CHL-ATT-5). */
const onOtherWay = (state: AwaitingAnswer, at: number, limits: Limits): Step =>
  state.setup.kind === 'chooseOtp' && state.screen === 'code' && state.setup.channels.length > 1
    ? again(state, at, undefined, limits, { screen: 'choose' })
    : stay(state)

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

/** What is kept of the CReq that a challenge goes on with. */
const acceptedOf = ({
  windowSize,
  fingerprint,
  threeDSSessionData,
}: Extract<ChallengeEvent, { type: 'creq' }>): Pick<AwaitingAnswer, 'windowSize' | 'creq' | 'threeDSSessionData'> => ({
  windowSize,
  ...(fingerprint !== undefined && { creq: fingerprint }),
  ...(threeDSSessionData !== undefined && { threeDSSessionData }),
})

/** A CReq that comes again while the challenge is open (CHL-REP-1, CHL-REP-2). */
function onRepeat(state: AwaitingAnswer, event: Extract<ChallengeEvent, { type: 'creq' }>, rules: VersionRules): Step {
  // Whatever opened it without a browser makes way for the browser, which may have been on its way all the time.
  if (state.isDriven === true && event.isDriven !== true) {
    const { isDriven: _driven, creq: _creq, threeDSSessionData: _data, ...rest } = state
    return stay({ ...rest, ...acceptedOf(event) })
  }
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
  const decided = (isApproved: boolean, at: number, said?: Consent): Step => {
    const consent = isApproved ? consentTo(state.prompts, said) : undefined
    return end(state, {
      transStatus: isApproved ? 'Y' : 'N',
      ...(!isApproved && { transStatusReason: '01' }), // RES-DEC-7
      interactionCounter: 0,
      at,
      ...(consent !== undefined && { consent }),
    })
  }
  /** What the cardholder says, or what a plan makes of it. */
  const answered = (isApproved: boolean, at: number, said?: Consent): Step => {
    const { ending } = limits
    if (ending?.on !== 'answer') return decided(isApproved, at, said)
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
    case 'appAnswer':
      return event.at < state.until ? answered(event.isApproved, event.at, event.consent) : expired(event.at)
    case 'erroFromDs':
      return closeSilently(state, event.at, ownRules(limits)) // ACS-VAL-151
    case 'creq':
    case 'badCReq':
    case 'answer':
    case 'resend':
    case 'otherWay':
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
  const { setup } = before
  const { screen, channel } = firstScreen(setup)
  const state: AwaitingAnswer = {
    phase: 'awaitingAnswer',
    setup,
    screen,
    step: 1,
    interactions: 0,
    resends: 0,
    codeNumber: 0,
    codeSentAt: at,
    ...(channel !== undefined && { channel }),
    until: at + limits.answerWithinMs,
    ...acceptedOf(event),
    ...(event.isDriven === true && { isDriven: true }),
    ...(endsAt !== undefined && { endsAt }),
  }
  return begun(state, at, timersOf(state))
}

/** A choice of one is none (CHL-UI-7). */
function firstScreen({ kind, channels }: ChallengeSetup): Pick<AwaitingAnswer, 'screen' | 'channel'> {
  const { screens } = rowOf(kind)
  const isChosen = kind !== 'chooseOtp' || channels.length < 2
  const screen = isChosen && screens[0] === 'choose' ? 'code' : screens[0]
  return { screen, channel: isChosen ? channels[0] : undefined }
}

/** Whether the time that a plan has set comes first: nothing that happens after it counts any more. */
const isOverAsPlanned = (state: Challenge, at: number): boolean =>
  state.phase !== 'ended' && state.endsAt !== undefined && at >= state.endsAt && state.endsAt <= state.until

export function transition(state: Challenge, event: ChallengeEvent, limits: Limits, judge: Judge): Step {
  const { ending } = limits
  if (ending !== undefined && event.type !== 'erroFromDs' && isOverAsPlanned(state, event.at)) {
    const sessionData = event.type === 'creq' || event.type === 'badCReq' ? event.threeDSSessionData : undefined
    return endAsPlanned(state, ending, { at: event.at, sessionData })
  }
  switch (state.phase) {
    case 'awaitingFirstCReq':
      if ((event.type === 'creq' || event.type === 'badCReq') && event.at >= state.until)
        return transition(state, { type: 'timeout', at: event.at, timer: 'firstCReq' }, limits, judge)
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
        case 'otherWay':
        case 'cancel':
        case 'appAnswer':
          return stay(state)
      }
      break
    case 'awaitingAnswer': {
      if (event.type !== 'timeout' && event.at >= state.until) {
        return transition(state, { type: 'timeout', at: event.at, timer: 'answer' }, limits, judge)
      }
      switch (event.type) {
        case 'creq':
          return onRepeat(state, event, ownRules(limits))
        case 'badCReq':
          return endWithErro(state, event, ownRules(limits))
        case 'answer':
          return event.step === state.step ? onAnswer(state, event, limits, judge) : stay(state) // CHL-REP-5, CHL-REP-6
        case 'resend':
          return event.step === state.step ? onResend(state, event.at, limits) : stay(state)
        case 'otherWay':
          return event.step === state.step ? onOtherWay(state, event.at, limits) : stay(state)
        case 'appAnswer':
          return onAppAnswer(state, event, limits)
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
export const awaitFirstCReq = (at: number, limits: Limits, setup: ChallengeSetup): AwaitingFirstCReq => ({
  phase: 'awaitingFirstCReq',
  until: at + limits.firstCReqWithinMs,
  setup,
})
