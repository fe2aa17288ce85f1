// The line of defence from the log-in to the report: what one shopper did at one merchant, in words.
import type { ScreeningVerdict } from '../../risk/assessment.ts'
import type { Opinion } from '../../risk/sources.ts'
import type { Store, Transaction } from '../ports.ts'
import type { AlertReason } from './alert-record.ts'
import { opinionsOf } from './calibration.ts'
import type { FeedbackRecord } from './feedback-record.ts'
import type { JourneyEvent, LoginEvent, OrderEvent } from './journey-event.ts'

interface Words {
  readonly en: string
  readonly ja: string
}

export const happeningKinds = ['login', 'order', 'assessment', 'payment', 'challenge', 'alert', 'feedback'] as const

export interface Happening {
  readonly at: number
  readonly kind: (typeof happeningKinds)[number]
  readonly what: string
  readonly text: Words
  readonly source?: string | undefined
  readonly acsTransID?: string | undefined
  readonly orderId?: string | undefined
  readonly device?: string | undefined
  /** Of a log-in. */
  readonly stepUp?: LoginEvent['stepUp']
  /** Of an assessment: how it came, and why. */
  readonly door?: string | undefined
  readonly reasons?: readonly string[] | undefined
  /** Of an assessment, 0 to 1; of a payment, log-odds. */
  readonly score?: number | undefined
  readonly payment?: PaymentBrief | undefined
  /** Of an alert. */
  readonly channels?: readonly string[] | undefined
  readonly note?: string | undefined
}

export interface PaymentBrief {
  readonly threeDSServerTransID: string
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly panMask: string
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly decidedBy: string
  readonly label?: string | undefined
}

function loginWords({ result, attempts, stepUp, passwordReset, isNewDevice }: LoginEvent): Words {
  const en: string[] = [
    result === 'success'
      ? 'Logged in'
      : attempts === undefined || attempts === 1
        ? 'Log-in failed'
        : `Log-in failed ${attempts} times`,
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

const verdictWords: Readonly<Record<ScreeningVerdict, Words>> = {
  OK: { en: 'The screening found nothing wrong.', ja: '加盟店側の審査：問題なし。' },
  REVIEW: { en: 'The screening wants a person to look.', ja: '加盟店側の審査：要確認。' },
  NG: { en: 'The screening takes it for fraud.', ja: '加盟店側の審査：不正の疑い。' },
  HOLD: { en: 'The screening holds the order.', ja: '加盟店側の審査：保留。' },
}

const paymentWords: Readonly<Record<string, Words>> = {
  Y: { en: '3-D Secure: passed without a question.', ja: '3-Dセキュア：追加認証なしで認証しました。' },
  C: { en: '3-D Secure: the cardholder is asked.', ja: '3-Dセキュア：会員に追加認証を求めました。' },
  D: { en: '3-D Secure: the cardholder is asked in the app.', ja: '3-Dセキュア：アプリでの分離型認証を求めました。' },
  N: { en: '3-D Secure: declined.', ja: '3-Dセキュア：認証しませんでした。' },
  R: { en: '3-D Secure: rejected.', ja: '3-Dセキュア：拒否しました。' },
  A: { en: '3-D Secure: an attempt.', ja: '3-Dセキュア：試行として処理しました。' },
  U: { en: '3-D Secure: could not be carried out.', ja: '3-Dセキュア：認証できませんでした。' },
  I: { en: '3-D Secure: for information only.', ja: '3-Dセキュア：情報共有のみです。' },
}
const challengeWords: Readonly<Record<string, Words>> = {
  Y: { en: 'The cardholder passed the challenge.', ja: '追加認証に成功しました。' },
  N: { en: 'The challenge was not passed.', ja: '追加認証に成功しませんでした。' },
  R: { en: 'The challenge ended with a rejection.', ja: '追加認証は拒否で終わりました。' },
  D: { en: 'The challenge was handed over to the app.', ja: '追加認証をアプリに引き継ぎました。' },
}
const challengeEnded: Words = { en: 'The challenge ended.', ja: '追加認証が終わりました。' }

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
const reviewWords: Partial<Record<ScreeningVerdict, Words>> = {
  OK: { en: 'Reviewed by a person: fine.', ja: '担当者の審査：問題なし。' },
  NG: { en: 'Reviewed by a person: fraud.', ja: '担当者の審査：不正。' },
}
const answers: Readonly<Record<'fraud' | 'confirmedGood', Words>> = {
  fraud: { en: 'The cardholder says: it was not me.', ja: '会員の回答：身に覚えがない。' },
  confirmedGood: { en: 'The cardholder says: it was me.', ja: '会員の回答：本人の利用。' },
}

function reportOf({ at, source, kind, verdict, acsTransID, note }: FeedbackRecord): Happening {
  const isAnswer = source === 'cardholder' && (kind === 'fraud' || kind === 'confirmedGood')
  const reviewed = verdict === undefined ? undefined : reviewWords[verdict]
  const text = isAnswer ? answers[kind] : kind === 'review' ? (reviewed ?? reportWords.review) : reportWords[kind]
  return { at, kind: 'feedback', what: kind, text, source, acsTransID, ...(note !== undefined && { note }) }
}

type Reads = Pick<Store, 'hook' | 'transactions' | 'challengeRow'>

async function ofTransaction(store: Reads, tenant: number, transaction: Transaction): Promise<readonly Happening[]> {
  const { id, at, acsTransID, threeDSServerTransID, transStatus, score, label } = transaction
  const { merchantName, purchaseAmount, purchaseCurrency, purchaseExponent, panMask, transStatusReason } = transaction
  const alert = store.hook.alerts.get(tenant, id)
  const ahead = new Map(
    store.hook.ahead.of(tenant, threeDSServerTransID).map((one) => [one.assessment.source, one.at] as const),
  )
  const assessed = ({ source, door, verdict, score: own, reasons }: Opinion): Happening => ({
    // When it was told; what came with the AReq or was asked for came with it.
    at: door === 'ahead' ? Math.min(ahead.get(source) ?? at, at) : at,
    kind: 'assessment',
    what: verdict,
    text: verdictWords[verdict],
    source,
    acsTransID,
    door,
    reasons,
    ...(own !== undefined && { score: own }),
  })
  const isAsked = transStatus === 'C' || transStatus === 'D'
  const verdict = isAsked ? (await store.challengeRow(tenant, acsTransID))?.verdict : undefined
  return [
    ...opinionsOf(transaction).map(assessed),
    {
      at,
      kind: 'payment',
      what: transStatus,
      text: paymentWords[transStatus] ?? { en: `3-D Secure: ${transStatus}.`, ja: `3-Dセキュア：${transStatus}。` },
      acsTransID,
      score,
      payment: {
        threeDSServerTransID,
        ...(merchantName !== undefined && { merchantName }),
        ...(purchaseAmount !== undefined && { purchaseAmount }),
        ...(purchaseCurrency !== undefined && { purchaseCurrency }),
        ...(purchaseExponent !== undefined && { purchaseExponent }),
        panMask,
        transStatus,
        ...(transStatusReason !== undefined && { transStatusReason }),
        decidedBy: transaction.decidedBy,
        ...(label !== undefined && { label: label.kind }),
      },
    },
    ...(verdict === undefined
      ? []
      : [
          {
            at: verdict.at,
            kind: 'challenge' as const,
            what: verdict.transStatus,
            text: challengeWords[verdict.transStatus] ?? challengeEnded,
            acsTransID,
          },
        ]),
    ...(alert === undefined
      ? []
      : [
          {
            at: alert.sentAt,
            kind: 'alert' as const,
            what: alert.reason,
            text: alertWords[alert.reason],
            acsTransID,
            channels: alert.channels,
          },
        ]),
    ...store.hook.feedback.ofTransaction(tenant, id).map(reportOf),
  ]
}

function told(event: Exclude<JourneyEvent, { kind: 'payment' }>): Happening {
  const { at, source } = event
  return event.kind === 'login'
    ? {
        at,
        kind: 'login',
        what: event.result,
        text: loginWords(event),
        source,
        device: event.device,
        ...(event.stepUp !== undefined && { stepUp: event.stepUp }),
      }
    : { at, kind: 'order', what: event.state, text: orderWords[event.state], source, orderId: event.orderId }
}

/** At the same moment: in the order in which one leads to the other. */
const inOrder = (a: Happening, b: Happening): number =>
  a.at - b.at || happeningKinds.indexOf(a.kind) - happeningKinds.indexOf(b.kind)

async function line(
  store: Reads,
  tenant: number,
  events: readonly JourneyEvent[],
  also: readonly Transaction[],
): Promise<readonly Happening[]> {
  const paid = new Set<string>()
  const named = new Set<string>()
  for (const event of events) {
    if (event.kind === 'payment') paid.add(event.acsTransID)
    if (event.kind === 'order' && event.threeDSServerTransID !== undefined) named.add(event.threeDSServerTransID)
  }
  const transactions = new Map<number, Transaction>(also.map((one) => [one.id, one]))
  const keep = (found: readonly Transaction[]): void => {
    for (const one of found) transactions.set(one.id, one)
  }
  for (const acsTransID of paid) keep(await store.transactions({ tenant, acsTransID, limit: 1 }))
  for (const threeDSServerTransID of named) keep(await store.transactions({ tenant, threeDSServerTransID, limit: 1 }))
  const happenings = events.filter((event) => event.kind !== 'payment').map(told)
  for (const transaction of transactions.values()) happenings.push(...(await ofTransaction(store, tenant, transaction)))
  return happenings.toSorted(inOrder)
}

/** Oldest first; of the newest `limit` events, with all that belongs to their payments. */
export const journeyOf = (
  store: Reads,
  tenant: number,
  shopper: string,
  limit: number,
): Promise<readonly Happening[]> => line(store, tenant, store.hook.journey.of(tenant, shopper, limit), [])

/** Orders of nobody that are looked through for the payment that they were paid with. */
const mostUnowned = 500

/** That of the shopper who paid; where the AReq names none, what is known of this payment. */
export async function journeyOfPayment(
  store: Reads,
  tenant: number,
  transaction: Transaction,
  limit: number,
): Promise<readonly Happening[]> {
  const { shopper } = transaction.details
  const { journey } = store.hook
  const own = shopper === undefined ? [] : journey.of(tenant, shopper, limit)
  const id = transaction.threeDSServerTransID.toLowerCase()
  // Told before the AReq, without a shopper: then it is an order of nobody.
  const unowned = journey
    .of(tenant, '', mostUnowned)
    .filter((event) => event.kind === 'order' && event.threeDSServerTransID === id)
  return line(store, tenant, [...own, ...unowned], [transaction])
}
