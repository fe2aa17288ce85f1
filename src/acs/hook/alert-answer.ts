// What the cardholder says to an alert. The first answer counts; it is a label as any other report is.
import type { Card, Transaction } from '../ports.ts'
import { madeUpCard } from '../register.ts'
import type { AlertReason } from './alert-record.ts'
import { FeedbackConflict, type FeedbackPorts, takeFeedback } from './feedback.ts'

/** By which reports of cardholders are known; no source of the hook has this name. */
export const cardholder = 'cardholder'

export type AlertAnswer = 'mine' | 'notMine'

export interface OpenAlert {
  readonly transaction: Transaction
  readonly card: Card
  readonly reason: AlertReason
  readonly answer: AlertAnswer | undefined
}

/** Undefined: nobody was told of such a payment. */
export async function alertOf(
  { store, tenant }: Pick<FeedbackPorts, 'store' | 'tenant'>,
  acsTransID: string,
): Promise<OpenAlert | undefined> {
  const [transaction] = await store.transactions({ tenant, acsTransID: acsTransID.toLowerCase(), limit: 1 })
  const alert = transaction && store.hook.alerts.get(tenant, transaction.id)
  if (transaction === undefined || alert === undefined) return undefined
  const { panHash, panMask, scheme } = transaction
  const card = (await store.card(tenant, panHash)) ?? madeUpCard(panHash, panMask, scheme)
  const told = store.hook.feedback.get(tenant, cardholder, transaction.acsTransID)
  const answer = told === undefined ? undefined : told.kind === 'fraud' ? 'notMine' : 'mine'
  return { transaction, card, reason: alert.reason, answer }
}

/** late: there was another answer before. */
export async function answerAlert(
  ports: FeedbackPorts,
  acsTransID: string,
  answer: AlertAnswer,
): Promise<'taken' | 'late' | 'unknown'> {
  if ((await alertOf(ports, acsTransID)) === undefined) return 'unknown'
  const kind = answer === 'mine' ? 'confirmedGood' : 'fraud'
  try {
    await takeFeedback(
      ports,
      { name: cardholder, vouchesForItself: true },
      { id: acsTransID, kind, about: { acsTransID } },
    )
    return 'taken'
  } catch (error) {
    if (error instanceof FeedbackConflict) return 'late'
    throw error
  }
}
