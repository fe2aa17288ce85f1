// When an RReq leaves, where a plan says so: before or after the final CRes, instead of it, after the browser's return, later, or
// never. Pure. Spec of the usual order: CHL-SM-4, RES-RR-8.
import type { Plan } from '../plan.ts'
import type { EffectPayload } from '../ports.ts'
import type { Challenge, ChallengeEvent } from './state.ts'

export type RReqPlan = NonNullable<Plan['rreq']>

/** An RReq that waits for a browser leaves without one this long after the verdict (CHL-TMR-11). */
const browserWithinMs = 60_000

/** Whether somebody is there whom the final CRes could be given to, now or soon. */
export const mayFollowBrowser = ({ phase }: Challenge, { type }: ChallengeEvent): boolean =>
  phase === 'awaitingAnswer' || type === 'creq' || type === 'badCReq'

export interface Order {
  readonly payload: EffectPayload
  readonly dueAt: number
}

export function orderOf(planned: RReqPlan | undefined, at: number, hasBrowser: boolean): Order | 'lost' {
  if (planned === undefined) return { payload: {}, dueAt: at }
  const { delay = 0, copies } = planned
  if (planned.when === 'never') return 'lost'
  const isAfter = planned.when === 'afterCRes' || planned.when === 'afterReturn'
  const when = isAfter && !hasBrowser ? 'beforeCRes' : planned.when
  return {
    payload: { rreq: { when, ...(delay > 0 && { delay }), ...(copies > 1 && { copies }) } },
    dueAt: at + delay + (isAfter && hasBrowser ? browserWithinMs : 0),
  }
}

/** The browser is told the verdict before anybody took the RReq, since a plan wants it so. */
export const isOutOfOrder = (planned: RReqPlan | undefined): boolean =>
  planned !== undefined && (planned.when !== 'beforeCRes' || (planned.delay ?? 0) > 0)
