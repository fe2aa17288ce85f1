// The cardholder of one challenge, without a browser: each method is one thing that they do.
import type { Api } from './api.ts'
import type { Operations } from './generated.ts'

type Body = Operations['driveChallenge']['takes'] extends { readonly body: infer B } ? B : never
export type ChallengeState = Operations['driveChallenge']['gives']
export type CardholderAction = Body['action']

/** What is entered in the place of what is right, what is said to the prompts, and whether the final form is posted. */
export type Entry = Pick<Body, 'value' | 'otp' | 'password' | 'selected' | 'trustList' | 'deviceBinding' | 'post'>
/** Of the CReq. */
export type Opening = Pick<Body, 'windowSize' | 'threeDSSessionData' | 'post'>
type Way = Pick<Body, 'post'>

/** Each answers where the challenge stands after it; what needs the page opens it first. */
export interface CardholderOf {
  state(): Promise<ChallengeState>
  open(opening?: Opening): Promise<ChallengeState>
  /** What is right, or what is given. */
  submit(entry?: Entry): Promise<ChallengeState>
  /** What is wrong on that screen; in the banking app: refuses. */
  wrong(entry?: Entry): Promise<ChallengeState>
  /** Options by their keys; where a code goes: `email`, `sms`, `push`. */
  select(...keys: readonly string[]): Promise<ChallengeState>
  otherWay(): Promise<ChallengeState>
  continue(way?: Way): Promise<ChallengeState>
  resend(): Promise<ChallengeState>
  cancel(way?: Way): Promise<ChallengeState>
  /** In the banking app. */
  approve(entry?: Entry): Promise<ChallengeState>
  refuse(way?: Way): Promise<ChallengeState>
  /** submit, with yes to all that is asked beside. */
  trust(entry?: Entry): Promise<ChallengeState>
  /** Closes the window. */
  abandon(): Promise<ChallengeState>
  /** Its time is over now. */
  expire(way?: Way): Promise<ChallengeState>
}

export function cardholderOf(api: Api, acsTransID: string): CardholderOf {
  const params = { acsTransID }
  const does =
    (action: CardholderAction) =>
    (more: Omit<Body, 'action'> = {}): Promise<ChallengeState> =>
      api.driveChallenge({ params, body: { ...more, action } })
  return {
    state: () => api.getChallenge({ params }),
    open: does('open'),
    submit: does('submit'),
    wrong: does('wrong'),
    select: (...selected) => does('select')({ selected }),
    otherWay: () => does('otherWay')(),
    continue: does('continue'),
    resend: () => does('resend')(),
    cancel: does('cancel'),
    approve: does('approve'),
    refuse: does('refuse'),
    trust: does('trust'),
    abandon: () => does('abandon')(),
    expire: does('expire'),
  }
}
