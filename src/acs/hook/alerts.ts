/**
 * The issuer tells the cardholder of a payment that was declined, that was risky and not passed, or that something on the deny list was
 * used in: after the ARes, and without any effect on it. The answer to "was this you?" is a label.
 */
import { phoneOf } from '../challenge/notes.ts'
import { postNote } from '../challenge/post-note.ts'
import type { Verdict } from '../challenge/state.ts'
import type { Card, Effect, InboxChannel, InboxMessage, NewTransaction, Transaction, UnitOfWork } from '../ports.ts'
import { madeUpCard } from '../register.ts'
import type { AlertReason, AlertRecord } from './alert-record.ts'

export interface AlertSettings {
  readonly reasons: readonly AlertReason[]
  /** Of the bank, without a slash at the end. */
  readonly bankUrl: string
  readonly hasMailer: boolean
}

const isRefused = (status: string): boolean => status === 'N' || status === 'R'
const isApproved = (status: string): boolean => status === 'Y' || status === 'A'

/** Why a payment is worth an alert, with its ARes or (with a verdict) at its end; undefined: it is not. Pure. */
export function reasonFor(
  { transStatus, decidedBy, score, details }: NewTransaction,
  verdict: Pick<Verdict, 'transStatus'> | undefined,
): AlertReason | undefined {
  // What a test has decided in advance happened to nobody, unless its plan says that it counts.
  if (decidedBy !== 'engine' && details.plan?.teach !== true) return undefined
  const isListed = (details.inputs?.listed?.deny.length ?? 0) > 0
  if (verdict !== undefined) {
    const [, challengeFrom = Number.POSITIVE_INFINITY] = details.terms ?? []
    return !isListed && !isApproved(verdict.transStatus) && score >= challengeFrom ? 'unusual' : undefined
  }
  if (isListed && !isApproved(transStatus)) return 'listed'
  if (isRefused(transStatus)) return 'declined'
  return isApproved(transStatus) ? 'frictionless' : undefined
}

/** By mail, and where the register knows that the holder has one of them, by the app or the telephone. */
function channelsFor({ methods, phone }: Card): readonly InboxChannel[] {
  const hasApp = methods.some((kind) => kind === 'oob' || kind === 'oobMatch' || kind === 'pushOtp')
  const hasPhone = phone !== undefined && methods.some((kind) => kind === 'smsOtp' || kind === 'chooseOtp')
  return ['email', ...(hasApp ? (['push'] as const) : hasPhone ? (['sms'] as const) : [])]
}

export interface Alerted {
  readonly alert: AlertRecord
  readonly effects: readonly Effect[]
  readonly inboxIds: readonly number[]
}

/** Within a unit of work. Undefined: none is due, or the cardholder has had one. */
export function alertHolder(
  unit: UnitOfWork,
  { reasons, bankUrl, hasMailer }: AlertSettings,
  transaction: Transaction,
  verdict: Pick<Verdict, 'transStatus'> | undefined,
  at: number,
): Alerted | undefined {
  const reason = reasonFor(transaction, verdict)
  const { id: transactionId, tenant, acsTransID, panHash, panMask, scheme } = transaction
  if (reason === undefined || !reasons.includes(reason)) return undefined
  if (unit.hook.alerts.get(tenant, transactionId) !== undefined) return undefined
  // The issuer's own contact, never what the AReq claims.
  const card = unit.card(tenant, panHash) ?? madeUpCard(panHash, panMask, scheme)
  const channels = channelsFor(card)
  const effects: Effect[] = []
  const inboxIds: number[] = []
  for (const channel of channels) {
    const note: Omit<InboxMessage, 'id'> = {
      tenant,
      transactionId,
      acsTransID,
      at,
      channel,
      to: channel === 'email' ? card.email : phoneOf(card),
      language: card.language,
      via: hasMailer && channel === 'email' ? 'smtp' : 'inbox',
      merchantName: transaction.merchantName,
      purchaseAmount: transaction.purchaseAmount,
      purchaseCurrency: transaction.purchaseCurrency,
      purchaseExponent: transaction.purchaseExponent,
      panMask,
      alert: { reason, url: `${bankUrl}/alerts/${acsTransID}` },
    }
    const { inboxId } = postNote(unit, note, { transactionId, transaction })
    if (inboxId === undefined) continue
    inboxIds.push(inboxId)
    if (note.via === 'smtp') {
      const payload = { inboxId }
      effects.push(unit.addEffect({ tenant, transactionId, kind: 'sendOtp', payload, dueAt: at, createdAt: at }))
    }
  }
  const alert: AlertRecord = { transactionId, acsTransID, reason, at: transaction.at, sentAt: at, channels }
  unit.hook.alerts.add(tenant, alert)
  return { alert, effects, inboxIds }
}
