// The line of defence from the log-in to the report: what one shopper did at one merchant, in words.
import type { Store, Transaction } from '../ports.ts'
import type { AlertReason } from './alert-record.ts'
import type { FeedbackRecord } from './feedback-record.ts'
import type { JourneyEvent, LoginEvent, OrderEvent } from './journey-event.ts'

interface Words {
  readonly en: string
  readonly ja: string
}

export interface Happening {
  readonly at: number
  readonly kind: 'login' | 'order' | 'payment' | 'feedback' | 'alert'
  readonly what: string
  readonly text: Words
  readonly source?: string | undefined
  readonly acsTransID?: string | undefined
  readonly orderId?: string | undefined
  readonly device?: string | undefined
}

function loginWords({ result, attempts, stepUp, passwordReset, isNewDevice }: LoginEvent): Words {
  const en: string[] = [
    result === 'success' ? 'Logged in' : attempts === undefined ? 'Log-in failed' : `Log-in failed ${attempts} times`,
  ]
  const ja: string[] = [
    result === 'success' ? 'ログイン成功' : attempts === undefined ? 'ログイン失敗' : `ログイン失敗（${attempts}回）`,
  ]
  if (isNewDevice === true) {
    en.push('on a new device')
    ja.push('新しい端末')
  }
  if (stepUp === 'passed') {
    en.push('after a step-up')
    ja.push('追加認証に成功')
  }
  if (stepUp === 'failed') {
    en.push('the step-up failed')
    ja.push('追加認証に失敗')
  }
  if (passwordReset === true) {
    en.push('the password was reset')
    ja.push('パスワードを再設定')
  }
  return { en: `${en.join(', ')}.`, ja: `${ja.join('、')}。` }
}

const orderWords: Readonly<Record<OrderEvent['state'], Words>> = {
  placed: { en: 'Order placed.', ja: '注文を受け付けました。' },
  held: { en: 'Order held for review.', ja: '注文を保留しました。' },
  shipped: { en: 'Order shipped.', ja: '商品を発送しました。' },
  cancelled: { en: 'Order cancelled.', ja: '注文を取り消しました。' },
  refunded: { en: 'Order refunded.', ja: '返金しました。' },
}

const paymentWords = (status: string, result: string | undefined): Words => {
  const end = result === undefined ? '' : ` → ${result}`
  return { en: `3-D Secure: ${status}${end}.`, ja: `3-Dセキュア：${status}${end}。` }
}

const alertWords: Readonly<Record<AlertReason, Words>> = {
  declined: { en: 'The cardholder was told of a declined payment.', ja: '拒否された取引を会員に通知しました。' },
  unusual: { en: 'The cardholder was told of an unusual payment.', ja: '不審な取引を会員に通知しました。' },
  listed: {
    en: 'The cardholder was told: something of it is on a list.',
    ja: 'リストに該当する取引を会員に通知しました。',
  },
  frictionless: { en: 'The cardholder was told of the payment.', ja: '取引を会員に通知しました。' },
}

const reportWords: Readonly<Record<FeedbackRecord['kind'], Words>> = {
  fraud: { en: 'Reported as fraud.', ja: '不正利用と報告されました。' },
  chargeback: { en: 'Charged back.', ja: 'チャージバックがありました。' },
  confirmedGood: { en: 'Confirmed as good.', ja: '正当な取引と確認されました。' },
  review: { en: 'Reviewed by a person.', ja: '担当者が審査しました。' },
}
const answers: Readonly<Record<'fraud' | 'confirmedGood', Words>> = {
  fraud: { en: 'The cardholder says: it was not me.', ja: '会員の回答：身に覚えがない。' },
  confirmedGood: { en: 'The cardholder says: it was me.', ja: '会員の回答：本人の利用。' },
}

function reportOf({ at, source, kind, acsTransID }: FeedbackRecord): Happening {
  const isAnswer = source === 'cardholder' && (kind === 'fraud' || kind === 'confirmedGood')
  return { at, kind: 'feedback', what: kind, text: isAnswer ? answers[kind] : reportWords[kind], source, acsTransID }
}

function ofTransaction(store: Pick<Store, 'hook'>, tenant: number, transaction: Transaction): readonly Happening[] {
  const { id, at, acsTransID, transStatus, resultStatus } = transaction
  const alert = store.hook.alerts.get(tenant, id)
  return [
    {
      at,
      kind: 'payment',
      what: resultStatus ?? transStatus,
      text: paymentWords(transStatus, resultStatus),
      acsTransID,
    },
    ...(alert === undefined
      ? []
      : [{ at: alert.sentAt, kind: 'alert', what: alert.reason, text: alertWords[alert.reason], acsTransID } as const]),
    ...store.hook.feedback.ofTransaction(tenant, id).map(reportOf),
  ]
}

function told(event: Exclude<JourneyEvent, { kind: 'payment' }>): Happening {
  const { at, source } = event
  return event.kind === 'login'
    ? { at, kind: 'login', what: event.result, text: loginWords(event), source, device: event.device }
    : { at, kind: 'order', what: event.state, text: orderWords[event.state], source, orderId: event.orderId }
}

/** Oldest first; of the newest `limit` events, with all that belongs to their payments. */
export async function journeyOf(
  store: Pick<Store, 'hook' | 'transactions'>,
  tenant: number,
  shopper: string,
  limit: number,
): Promise<readonly Happening[]> {
  const events = store.hook.journey.of(tenant, shopper, limit)
  const paid = new Set<string>()
  const named = new Set<string>()
  for (const event of events) {
    if (event.kind === 'payment') paid.add(event.acsTransID)
    if (event.kind === 'order' && event.threeDSServerTransID !== undefined) named.add(event.threeDSServerTransID)
  }
  const transactions = new Map<number, Transaction>()
  const keep = (found: readonly Transaction[]): void => {
    for (const one of found) transactions.set(one.id, one)
  }
  for (const acsTransID of paid) keep(await store.transactions({ tenant, acsTransID, limit: 1 }))
  for (const threeDSServerTransID of named) keep(await store.transactions({ tenant, threeDSServerTransID, limit: 1 }))
  const happenings = [
    ...events.filter((event) => event.kind !== 'payment').map(told),
    ...[...transactions.values()].flatMap((transaction) => ofTransaction(store, tenant, transaction)),
  ]
  return happenings.toSorted((a, b) => a.at - b.at)
}
