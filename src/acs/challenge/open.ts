// What an ARes C or D leaves to be done, in the unit of work of its AReq: the challenge, its timers, and the push note of a decoupled
// authentication. Spec: CHL-TR-1, RES-DEC-2, RES-DEC-4.
import type { Faults } from '../../faults/rule.ts'
import type { Card, Effect, NewTransaction, UnitOfWork } from '../ports.ts'
import { begin, type Decoupled } from './begin.ts'
import { fitEnding } from './ending.ts'
import { pushNote } from './notes.ts'
import { beginsWithARes, planStep, stepsOf } from './play.ts'
import { postNote } from './post-note.ts'
import { setupOf } from './setup.ts'
import type { Limits } from './state.ts'

export interface OpenAbout {
  readonly id: number
  readonly transaction: NewTransaction
  readonly card: Card
  /** Random, of this transaction alone; codes are derived from it. */
  readonly secret: string
  readonly limits: Limits
  readonly decoupled?: Decoupled | undefined
  /** Absent: nothing goes wrong on purpose. */
  readonly faults?: Faults | undefined
}

export interface Opened {
  readonly effects: readonly Effect[]
  /** Of the push note. */
  readonly inboxId?: number
}

export function openAfterARes(
  unit: UnitOfWork,
  { id, transaction, card, secret, limits, decoupled, faults }: OpenAbout,
): Opened {
  const { tenant, at, transStatus, details } = transaction
  const { plan } = details
  const fitted = fitEnding(plan?.challenge?.ending, transaction, limits)
  // An ARes that a plan lets wait comes before the RReq all the same.
  const ending = fitted?.on === 'start' ? { ...fitted, after: (fitted.after ?? 0) + (plan?.delay ?? 0) } : fitted
  // What a play does decides a decoupled authentication, unless the plan has said so beside it.
  const isPlayed = stepsOf(plan).length > 0 && plan?.decoupled === undefined
  const asked = decoupled !== undefined && isPlayed ? { minutes: decoupled.minutes } : decoupled
  const begun = begin(at, limits, setupOf(transaction, card, secret), transStatus, asked, ending)
  if (begun === undefined) return { effects: [] }
  unit.insertChallenge(id, begun.state)
  const effects = begun.timers.map(({ timer, at: dueAt }) =>
    unit.addEffect({ tenant, transactionId: id, kind: 'timer', payload: { timer }, dueAt, createdAt: at }),
  )
  if (beginsWithARes(plan, transStatus)) {
    const first = planStep(unit, { tenant, transactionId: id, plan }, 0, at + (plan?.delay ?? 0))
    if (first !== undefined) effects.push(first)
  }
  if (begun.state.phase !== 'awaitingDecoupled') return { effects }
  const note = pushNote({ transactionId: id, transaction, card, at })
  const { inboxId, effect } = postNote(unit, note, { transactionId: id, transaction, faults })
  return {
    effects: effect === undefined ? effects : [...effects, effect],
    ...(inboxId !== undefined && { inboxId }),
  }
}
