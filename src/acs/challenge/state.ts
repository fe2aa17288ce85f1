// The states, events and effects of a browser challenge. Spec: section 3.3; CHL-SM, CHL-TR, CHL-TMR, CHL-REP.

/** Which timer of the challenge (CHL-TMR-1, CHL-TMR-3). */
export type TimerName = 'firstCReq' | 'answer'

/** What the challenge page tells the cardholder about the last input. */
export type Hint = 'wrong' | 'expired' | 'empty' | 'resent' | 'resendTooSoon' | 'resendLimit' | 'stale'

/** The final outcome; stored before anybody is told, never changed (CHL-SM-2). */
export interface Verdict {
  readonly transStatus: 'Y' | 'N' | 'U' | 'R'
  readonly transStatusReason?: string | undefined
  readonly challengeCancel?: string | undefined
  /** Answers evaluated (CHL-ATT-1). */
  readonly interactionCounter: number
  readonly at: number
  /** The Erro that ended it and goes to the notificationURL instead of a CRes (ACS-VAL-104). */
  readonly erro?: { readonly errorCode: string; readonly errorDetail: string } | undefined
}

export interface AwaitingFirstCReq {
  readonly phase: 'awaitingFirstCReq'
  readonly until: number
}

export interface AwaitingAnswer {
  readonly phase: 'awaitingAnswer'
  /** Raised by every answer that is taken; the page brings it back (CHL-REP-5, CHL-REP-6). */
  readonly step: number
  /** Answers evaluated, all of them wrong so far. */
  readonly interactions: number
  readonly resends: number
  readonly codeNumber: number
  readonly codeSentAt: number
  /** Only one code is right at a time (SEC-OTP-2). */
  readonly until: number
  readonly windowSize: string
  /** Sealed. */
  readonly threeDSSessionData?: string | undefined
  readonly hint?: Hint | undefined
}

export interface Ended {
  readonly phase: 'ended'
  readonly verdict: Verdict
  readonly windowSize?: string | undefined
  readonly threeDSSessionData?: string | undefined
}

export type Challenge = AwaitingFirstCReq | AwaitingAnswer | Ended

export type ChallengeEvent =
  | {
      readonly type: 'creq'
      readonly at: number
      readonly windowSize: string
      readonly threeDSSessionData?: string | undefined
    }
  /** An identifiable CReq that had to be answered with an Erro (ACS-VAL-104). */
  | {
      readonly type: 'badCReq'
      readonly at: number
      readonly errorCode: string
      readonly errorDetail: string
      readonly threeDSSessionData?: string | undefined
    }
  | {
      readonly type: 'answer'
      readonly at: number
      readonly step: number
      readonly entered: string
      /** The card has had its wrong codes of the day, here or in other transactions (SEC-OTP-4). */
      readonly isLocked?: boolean
    }
  | { readonly type: 'resend'; readonly at: number; readonly step: number }
  | { readonly type: 'cancel'; readonly at: number; readonly step: number }
  | { readonly type: 'timeout'; readonly at: number; readonly timer: TimerName }
  /** The DS reported an Erro about the ARes (CHL-TR-21). */
  | { readonly type: 'erroFromDs'; readonly at: number }

export type ChallengeEffect =
  | { readonly do: 'sendOtp'; readonly codeNumber: number }
  | { readonly do: 'armTimer'; readonly timer: TimerName; readonly at: number }
  | { readonly do: 'clearTimers' }
  | { readonly do: 'sendRReq'; readonly verdict: Verdict }
  | { readonly do: 'countFailure' }

export interface Step {
  readonly state: Challenge
  readonly effects: readonly ChallengeEffect[]
}

/** Times in milliseconds. Defaults with their sources: `challengeLimits` in ./limits.ts. */
export interface Limits {
  readonly firstCReqWithinMs: number
  readonly answerWithinMs: number
  readonly maxInteractions: number
  readonly maxResends: number
  readonly resendAfterMs: number
  readonly codeLifeMs: number
  /** [≤ 2.2] what a cancel is reported as (CHL-CAN-3). */
  readonly cancelReason: string
  /** Refuse a CReq that repeats, changed or after the end, instead of going on (CHL-REP-1, 2, 4). */
  readonly isStrict: boolean
}
