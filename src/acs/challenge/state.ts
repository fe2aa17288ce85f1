// The states, events and effects of a challenge, in the browser or decoupled. Spec: section 3.3; CHL-SM, CHL-TR, CHL-TMR, CHL-REP, RES-DEC.

import type { BehaviourFacts } from '../../risk/behaviour.ts'
import type { ChallengeKind, OtpChannel, ScreenName } from './kinds.ts'

/**
 * Which timer of the challenge (CHL-TMR-1, CHL-TMR-3). `decoupled`: its maximum time (RES-DEC-4); `decoupledAnswer`: the
 * cardholder of a scenario acts.
 */
export type TimerName = 'firstCReq' | 'answer' | 'decoupled' | 'decoupledAnswer' | 'ending'

/** What the challenge page tells the cardholder about the last input. `checking`: a plan lets the verdict wait. */
export type Hint =
  | 'wrong'
  | 'expired'
  | 'empty'
  | 'resent'
  | 'resendTooSoon'
  | 'resendLimit'
  | 'checking'
  | 'stale'
  /** The banking app has not been asked, or has not answered. */
  | 'appOpen'

/** What the cardholder may agree to beside the authentication (CHL-TL-1). */
export type Prompt = 'trustList' | 'deviceBinding'
/** What they said; absent: not asked, or no word. */
export type Consent = Readonly<Partial<Record<Prompt, boolean>>>

/** How a challenge is to go, fixed by the ARes. */
export interface ChallengeSetup {
  readonly kind: ChallengeKind
  /** Where a code may go; the first is the usual one. */
  readonly channels: readonly OtpChannel[]
  /** What is asked beside. */
  readonly prompts?: readonly Prompt[] | undefined
  /** What codes are derived from, with the key; gone with the end, and they with it (CHL-SM-6). */
  readonly secret: string
  /** The page learns of the banking app's answer at once; or so many looks later; or never. */
  readonly appSeenAfter?: number | 'never' | undefined
}

/** An element that a plan asked for and that could not be said so. */
export interface Bent {
  readonly element: 'transStatus' | 'transStatusReason' | 'challengeCancel'
  readonly asked: string
}

/** How a plan lets the challenge end, by what its version can say (see ./ending.ts). */
export interface Ending {
  readonly transStatus: Verdict['transStatus']
  readonly transStatusReason?: string | undefined
  readonly challengeCancel?: string | undefined
  readonly erro?: Verdict['erro']
  readonly bent?: readonly Bent[] | undefined
  /** Before any CReq, with the first CReq, or with the first answer. */
  readonly on: 'start' | 'page' | 'answer'
  /** Milliseconds from that moment; absent: at once. */
  readonly after?: number | undefined
}

/** The final outcome; stored before anybody is told, and never changed but by RES-RR-3 (CHL-SM-2). */
export interface Verdict {
  readonly transStatus: 'Y' | 'N' | 'A' | 'U' | 'R' | 'D'
  readonly transStatusReason?: string | undefined
  readonly challengeCancel?: string | undefined
  /** Answers evaluated (CHL-ATT-1). */
  readonly interactionCounter: number
  readonly at: number
  /** The Erro that ended it and goes to the notificationURL instead of a CRes (ACS-VAL-104); `by` C: the client sent it. */
  readonly erro?: { readonly errorCode: string; readonly errorDetail: string; readonly by?: 'C' } | undefined
  /** What the cardholder said to the prompts, where they were authenticated (CHL-TL-2, CHL-TL-3). */
  readonly consent?: Consent | undefined
  /** Where the code went that the cardholder chose. */
  readonly channel?: OtpChannel | undefined
  /** How the last answer was entered; absent: no script told of it. */
  readonly behaviour?: BehaviourFacts | undefined
  /** A plan said so, whatever the cardholder did. */
  readonly planned?: { readonly bent?: readonly Bent[] | undefined } | undefined
  /** transStatus before the DS could not be reached (RES-RR-3). */
  readonly was?: string | undefined
}

export interface AwaitingFirstCReq {
  readonly phase: 'awaitingFirstCReq'
  readonly until: number
  readonly setup: ChallengeSetup
  /** When a plan ends it. */
  readonly endsAt?: number | undefined
}

export interface AwaitingAnswer {
  readonly phase: 'awaitingAnswer'
  readonly setup: ChallengeSetup
  readonly screen: ScreenName
  /** Raised by every answer that is taken; the page brings it back (CHL-REP-5, CHL-REP-6). */
  readonly step: number
  /** Answers evaluated, all of them wrong so far. */
  readonly interactions: number
  readonly resends: number
  /** Of the latest code; 0: none was sent. */
  readonly codeNumber: number
  readonly codeSentAt: number
  /** Where codes go; absent: nowhere, or not yet. */
  readonly channel?: OtpChannel | undefined
  /** What the banking app has answered, where the page is not to learn of it yet, and how often it has looked since. */
  readonly app?:
    | { readonly isApproved: boolean; readonly looks: number; readonly consent?: Consent | undefined }
    | undefined
  /** How often another number than that of the page was chosen in the banking app; absent: never. */
  readonly mismatches?: number | undefined
  /** Only one code is right at a time (SEC-OTP-2). */
  readonly until: number
  readonly windowSize: string
  /** Fingerprint of the accepted CReq (CHL-REP-15). */
  readonly creq?: string | undefined
  /** Its CReq came by the API or by a plan: no browser has it in front of it. */
  readonly isDriven?: boolean | undefined
  /** Sealed. */
  readonly threeDSSessionData?: string | undefined
  readonly hint?: Hint | undefined
  /** When a plan ends it. */
  readonly endsAt?: number | undefined
}

/** What a scenario lets the cardholder do in a decoupled authentication, and when. */
export interface DecoupledPlan {
  readonly result: 'approved' | 'refused' | 'ignored'
  readonly afterSeconds: number
}

/** After an ARes D: nobody comes by way of the requestor (RES-DEC-8). */
export interface AwaitingDecoupled {
  readonly phase: 'awaitingDecoupled'
  /** The maximum time is over (RES-DEC-4). */
  readonly until: number
  /** What the banking app asks beside. */
  readonly prompts?: readonly Prompt[] | undefined
  /** What the cardholder of a scenario does, in time. */
  readonly planned?: { readonly at: number; readonly isApproved: boolean } | undefined
  /** When a plan ends it, with a verdict of its own. */
  readonly endsAt?: number | undefined
}

export interface Ended {
  readonly phase: 'ended'
  readonly verdict: Verdict
  readonly windowSize?: string | undefined
  readonly threeDSSessionData?: string | undefined
}

export type Challenge = AwaitingFirstCReq | AwaitingAnswer | AwaitingDecoupled | Ended

export type ChallengeEvent =
  | {
      readonly type: 'creq'
      readonly at: number
      readonly windowSize: string
      readonly fingerprint?: string | undefined
      readonly threeDSSessionData?: string | undefined
      /** By the API or by a plan. */
      readonly isDriven?: boolean | undefined
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
      /** The code, on screens that ask for one. */
      readonly entered: string
      /** The password beside it. */
      readonly password?: string | undefined
      /** Keys of what was selected. */
      readonly selected?: readonly string[] | undefined
      readonly consent?: Consent | undefined
      readonly behaviour?: BehaviourFacts | undefined
      /** The card has had its wrong codes of the day, here or in other transactions (SEC-OTP-4). */
      readonly isLocked?: boolean
    }
  | { readonly type: 'resend'; readonly at: number; readonly step: number }
  /** The code is to go somewhere else. */
  | { readonly type: 'otherWay'; readonly at: number; readonly step: number }
  | { readonly type: 'cancel'; readonly at: number; readonly step: number }
  /** `isNow`: somebody says that the time is over, though the clock does not. */
  | { readonly type: 'timeout'; readonly at: number; readonly timer: TimerName; readonly isNow?: boolean }
  /** The cardholder has decided outside of the protocol: in the banking app, or wherever the issuer asked (RES-DEC-5, CHL-TR-13). */
  | {
      readonly type: 'appAnswer'
      readonly at: number
      readonly isApproved: boolean
      readonly consent?: Consent | undefined
      /** Another number than that of the page was chosen; not approved. */
      readonly isMismatch?: true | undefined
    }
  /** The DS reported an Erro about the ARes (CHL-TR-21). */
  | { readonly type: 'erroFromDs'; readonly at: number }

export type ChallengeEffect =
  | { readonly do: 'sendOtp'; readonly codeNumber: number; readonly channel: OtpChannel }
  /** A push note asks the cardholder to open the banking app. */
  | { readonly do: 'askApp' }
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
  /** [2.3.1] Take a CReq that comes again, changed or after the end, as older versions do (CHL-REP-2, CHL-REP-4). */
  readonly takesRepeats?: boolean
  /** By the transaction's version; those of 2.2.0 where none are given. */
  readonly rules?: VersionRules
  /** Of the transaction's plan. */
  readonly ending?: Ending | undefined
}

/** What a version prescribes for the same event. */
export interface VersionRules {
  /** Reason of the cardholder's cancel; otherwise `Limits.cancelReason`. */
  readonly cancelReason?: string
  /** The cancel counts as an interaction, too. */
  readonly isCancelCounted: boolean
  /** Reason of a refusal in the banking app (CHL-TR-13, CHL-ATT-6). */
  readonly refusedReason: string
  /** challengeCancel after an Erro that answered the CReq (ACS-VAL-104). */
  readonly erroCancel: '06' | '10'
  /** Reason of what the ACS could not finish (RES-TR-2). */
  readonly technicalReason: string
  /** A CReq that comes again while the challenge is open, or after the RReq: refused with this code, or taken. */
  readonly identical?: '305' | '314'
  readonly changed?: '305'
  readonly afterEnd?: '305' | '315'
}
