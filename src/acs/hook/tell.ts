// What follows a decision or a verdict beside the protocol: webhooks for merchants, alerts for cardholders. With the ARes only one small
// row is written; the rest comes after it, by an effect, and nothing of it can change or delay a transaction.
import { setTimeout as pause } from 'node:timers/promises'
import type { Verdict } from '../challenge/state.ts'
import type { Clock, Effect, Effects, NewEffect, NewTransaction, Observer, Store, TellMoment } from '../ports.ts'
import { type AlertSettings, alertHolder, reasonFor } from './alerts.ts'
import type { HookSources } from './sources.ts'
import { alerted, begun, decided, ended, isHeard, tellAll } from './webhooks.ts'

export interface Telling {
  /** The effect that tells it; undefined: nobody is to hear of it. */
  effectOf(
    transactionId: number,
    transaction: NewTransaction,
    moment: TellMoment,
    happened: { readonly at: number; readonly verdict?: Pick<Verdict, 'transStatus'> | undefined },
  ): NewEffect | undefined
}

export interface TellingPorts {
  readonly sources: () => HookSources
  readonly alerts: AlertSettings
}

const eventsOf = { decided: ['decision'], begun: ['challenge'], ended: ['challenge', 'result'] } as const

export const createTelling = ({ sources, alerts }: TellingPorts): Telling => ({
  effectOf(transactionId, transaction, tell, { at, verdict }) {
    const { tenant } = transaction
    const reason = tell === 'begun' ? undefined : reasonFor(transaction, verdict)
    const isAlerted = reason !== undefined && alerts.reasons.includes(reason)
    return isAlerted || eventsOf[tell].some((event) => isHeard(sources(), event, transaction))
      ? { tenant, transactionId, kind: 'tell', payload: { tell }, dueAt: at, createdAt: at }
      : undefined
  },
})

export interface TellPorts extends TellingPorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly effects: Pick<Effects, 'take'>
  readonly observer: Pick<Observer, 'alerted'>
}

/** The ARes leaves first. By the clock on the wall, since it is the network that takes its time. */
const headStartMs = 50

/** Performs a tell effect. */
export async function performTell(ports: TellPorts, effect: Effect): Promise<undefined> {
  const { store, clock, effects, observer, alerts } = ports
  if (effect.attempts === 0) await pause(headStartMs)
  const done = await store.unit((unit) => {
    unit.finishEffect(effect.id)
    const transaction = unit.transactionOf(effect.transactionId)
    if (transaction === undefined) return undefined
    const at = clock.now()
    const { tell } = effect.payload
    const verdict = tell === 'ended' ? unit.challengeOf(effect.transactionId)?.verdict : undefined
    const alert = tell === 'begun' ? undefined : alertHolder(unit, alerts, transaction, verdict, at)
    const happened = [
      ...(tell === 'decided' ? [decided(transaction)] : []),
      ...(tell === 'begun' ? [begun(transaction)] : []),
      ...(verdict === undefined ? [] : ended(verdict)),
      ...(alert === undefined ? [] : [alerted(alert.alert)]),
    ]
    const told = tellAll(unit, ports.sources(), transaction, happened, at)
    return { alert, told }
  })
  if (done === undefined) return
  const { alert, told } = done
  if (alert !== undefined) {
    const { reason, at, sentAt, acsTransID } = alert.alert
    observer.alerted({ acsTransID, reason, ms: Math.max(0, sentAt - at), inboxIds: alert.inboxIds })
  }
  effects.take([...told, ...(alert?.effects ?? [])])
}
