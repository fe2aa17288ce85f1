// Puts a mail, text message or push note on its way; one that meets a fault is late, tried again, or lost.
import { nameOf } from '../../faults/alter.ts'
import type { Faults } from '../../faults/rule.ts'
import type { Clock, Effect, Effects, InboxMessage, Observer, Store, Transaction, UnitOfWork } from '../ports.ts'
import { mailEvent } from './mail-event.ts'

type Note = Omit<InboxMessage, 'id'>

export interface Posted {
  /** Absent: it is not there, or not yet. */
  readonly inboxId?: number
  readonly effect?: Effect
}

export interface PostAbout {
  readonly transactionId: number
  readonly transaction: Pick<Transaction, 'threeDSServerTransID' | 'acsTransID'>
  /** Absent: nothing goes wrong on purpose. */
  readonly faults?: Faults | undefined
}

/** A server that takes no mail is asked again after this; the same for the built-in inbox, by the clock of the tenant. */
const triedAgainAfterMs = 10_000

function addEffect(unit: UnitOfWork, note: Note, about: PostAbout, more: Pick<Effect, 'payload' | 'dueAt'>): Effect {
  const { tenant, at: createdAt } = note
  return unit.addEffect({ tenant, transactionId: about.transactionId, kind: 'sendOtp', createdAt, ...more })
}

function deliver(unit: UnitOfWork, note: Note, about: PostAbout): Posted {
  const inboxId = unit.addToInbox(note)
  const { codeNumber, via, at } = note
  if (via === 'inbox' || codeNumber === undefined) return { inboxId }
  return { inboxId, effect: addEffect(unit, note, about, { payload: { codeNumber }, dueAt: at }) }
}

/** Within a unit of work. The record says what was written, and what became of it. */
export function postNote(unit: UnitOfWork, note: Note, about: PostAbout): Posted {
  const { threeDSServerTransID, acsTransID } = about.transaction
  const message = note.channel ?? 'email'
  const fault = about.faults?.take({ link: 'ACS→mail', message, threeDSServerTransID, acsTransID })
  if (fault === undefined) {
    unit.journal(mailEvent(note))
    return deliver(unit, note, about)
  }
  const isLate = fault.kind === 'delay'
  unit.journal({ ...mailEvent(note), fault: nameOf(fault), ...(!isLate && { sent: '' }) })
  if (fault.kind === 'drop') return {}
  const dueAt = note.at + (fault.delay ?? 0) + (isLate ? 0 : triedAgainAfterMs)
  return { effect: addEffect(unit, note, about, { payload: { note, isTriedAgain: !isLate }, dueAt }) }
}

export interface LatePorts {
  readonly store: Store
  readonly faults: Faults
  readonly clock: Clock
  readonly effects: Pick<Effects, 'take'>
  readonly observer: Pick<Observer, 'mailed'>
}

/** Performs the effect of a note that was held up. */
export async function postLate(ports: LatePorts, effect: Effect): Promise<undefined> {
  const { note, isTriedAgain } = effect.payload
  const { store, faults, clock, observer } = ports
  const posted = await store.unit((unit): Posted => {
    unit.finishEffect(effect.id)
    const row = unit.challengeOf(effect.transactionId)
    if (note === undefined || row === undefined) return {}
    const now = { ...note, at: clock.now() }
    const about = { transactionId: effect.transactionId, transaction: row.transaction, faults }
    return isTriedAgain === true ? postNote(unit, now, about) : deliver(unit, now, about)
  })
  if (posted.effect !== undefined) ports.effects.take([posted.effect])
  if (posted.inboxId !== undefined && note !== undefined) {
    observer.mailed({ inboxId: posted.inboxId, acsTransID: note.acsTransID })
  }
  return undefined
}
