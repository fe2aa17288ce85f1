// How what follows an ARes C or D begins, and the timers it needs. Spec: CHL-TR-1, RES-DEC-4, RES-DEC-14.
import type { AwaitingDecoupled, Challenge, ChallengeSetup, DecoupledPlan, Ending, Limits, TimerName } from './state.ts'
import { awaitFirstCReq } from './transition.ts'

export interface Begun {
  readonly state: Challenge
  readonly timers: readonly { readonly timer: TimerName; readonly at: number }[]
}

export interface Decoupled {
  /** Until when the result is due, in minutes from the ARes. */
  readonly minutes: number
  readonly plan?: DecoupledPlan | undefined
}

/** Longest maximum time (RES-DEC-4); what counts where a 2.2.0 AReq names none (ACS-VAL-52). */
const longestMinutes = 10_080

function awaitDecoupled(
  at: number,
  { minutes, plan }: Decoupled,
  { prompts }: ChallengeSetup,
): Begun & { readonly state: AwaitingDecoupled } {
  const until = at + minutes * 60_000
  const answerAt = at + (plan?.afterSeconds ?? 0) * 1_000
  const planned: AwaitingDecoupled['planned'] =
    plan === undefined || plan.result === 'ignored' || answerAt >= until
      ? undefined
      : { at: answerAt, isApproved: plan.result === 'approved' }
  return {
    state: {
      phase: 'awaitingDecoupled',
      until,
      ...(prompts !== undefined && { prompts }),
      ...(planned !== undefined && { planned }),
    },
    timers: [
      ...(planned === undefined ? [] : [{ timer: 'decoupledAnswer', at: planned.at } as const]),
      { timer: 'decoupled', at: until },
    ],
  }
}

/** Undefined: the ARes is the result. `ending`: of the plan, see ./ending.ts. */
export function begin(
  at: number,
  limits: Limits,
  setup: ChallengeSetup,
  transStatus: string,
  decoupled: Decoupled = { minutes: longestMinutes },
  ending?: Ending,
): Begun | undefined {
  if (transStatus !== 'C' && transStatus !== 'D') return undefined
  const { state, timers } =
    transStatus === 'D'
      ? awaitDecoupled(at, decoupled, setup)
      : {
          state: awaitFirstCReq(at, limits, setup),
          timers: [{ timer: 'firstCReq', at: at + limits.firstCReqWithinMs } as const],
        }
  if (ending?.on !== 'start') return { state, timers }
  const endsAt = at + (ending.after ?? 0)
  return { state: { ...state, endsAt }, timers: [...timers, { timer: 'ending', at: endsAt }] }
}
