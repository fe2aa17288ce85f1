// What the cardholder of a plan does, step by step: each step is a row with its time, and the one that is done writes the next one, so that a
// restart goes on where it was and no step is done twice.
import type { Plan, Play } from '../plan.ts'
import type { Effect, UnitOfWork } from '../ports.ts'

export interface PlayAbout {
  readonly tenant: number
  readonly transactionId: number
  readonly plan: Plan | undefined
}

export const stepsOf = (plan: Plan | undefined): readonly Play[] => plan?.challenge?.play ?? []

/** Otherwise with the first page: a browser is expected to open it. */
export const beginsWithARes = (plan: Plan | undefined, transStatus: string): boolean =>
  transStatus === 'D' || stepsOf(plan)[0]?.do === 'open'

/** The step at `index`, so long after `at` as it says; undefined: there is none. */
export function planStep(
  unit: UnitOfWork,
  { tenant, transactionId, plan }: PlayAbout,
  index: number,
  at: number,
): Effect | undefined {
  const step = stepsOf(plan)[index]
  if (step === undefined) return undefined
  const dueAt = at + (step.after ?? 0)
  return unit.addEffect({ tenant, transactionId, kind: 'play', payload: { play: index }, dueAt, createdAt: at })
}

/**
 * The way back to the shop, where no browser goes it. Whoever ends the challenge goes it at once; the row is for the case that the
 * process does not live to do so.
 */
export function planReturn(unit: UnitOfWork, { tenant, transactionId }: PlayAbout, at: number): Effect {
  return unit.addEffect({ tenant, transactionId, kind: 'play', payload: { play: 'return' }, dueAt: at, createdAt: at })
}
