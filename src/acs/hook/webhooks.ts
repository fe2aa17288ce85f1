// What sources are told of their payments: which events, in which words, when again. Signed with the secret of each (Standard Webhooks).
import { webhookHeaders } from '../../protocol/crypto/webhook-signature.ts'
import type { Verdict } from '../challenge/state.ts'
import type { Clock, Effect, NewTransaction, Observer, Store, Transaction, UnitOfWork } from '../ports.ts'
import type { AlertRecord } from './alert-record.ts'
import { opinionsOf } from './calibration.ts'
import type { HookLink } from './door-ports.ts'
import type { HookSource, HookSources } from './sources.ts'
import type { Webhook, WebhookAttempt, WebhookEvent } from './webhook-record.ts'

export interface Happened {
  readonly event: WebhookEvent
  /** As it stands in the body. */
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

export const decided = ({ transStatus, transStatusReason }: Transaction): Happened => ({
  event: 'decision',
  type: 'decision.made',
  data: { transStatus, ...(transStatusReason !== undefined && { transStatusReason }) },
})

export const begun = ({ details }: Transaction): Happened => ({
  event: 'challenge',
  type: 'challenge.started',
  data: { ...(details.challengeKind !== undefined && { challengeKind: details.challengeKind }) },
})

export function ended({
  transStatus,
  transStatusReason,
  challengeCancel,
  interactionCounter,
}: Verdict): readonly Happened[] {
  const data = {
    transStatus,
    ...(transStatusReason !== undefined && { transStatusReason }),
    ...(challengeCancel !== undefined && { challengeCancel }),
    interactionCounter,
  }
  return [
    { event: 'challenge', type: 'challenge.ended', data },
    { event: 'result', type: 'result.sent', data },
  ]
}

export const alerted = ({ reason }: AlertRecord): Happened => ({
  event: 'alert',
  type: 'alert.sent',
  data: { reason },
})

/** Who is to hear of a payment: whoever speaks for its merchant, and who has spoken of it. */
function listenersOf(
  sources: HookSources,
  event: WebhookEvent,
  transaction: Pick<NewTransaction, 'details'>,
): readonly HookSource[] {
  const { acquirerMerchantID: merchant } = transaction.details
  return sources.list.filter(({ name, webhook, secret, merchants }) => {
    if (webhook === undefined || secret === undefined || webhook.events?.includes(event) === false) return false
    return merchants === undefined
      ? opinionsOf(transaction).some(({ source }) => source === name)
      : merchant !== undefined && merchants.includes(merchant)
  })
}

export const isHeard = (
  sources: HookSources,
  event: WebhookEvent,
  transaction: Pick<NewTransaction, 'details'>,
): boolean => listenersOf(sources, event, transaction).length > 0

/** What a merchant knows of its own payment; nothing of the card, and nothing of what the issuer thinks. */
const about = (transaction: Transaction) => {
  const { acsTransID, threeDSServerTransID, dsTransID, deviceChannel, messageCategory } = transaction
  const { merchantName, purchaseAmount, purchaseCurrency, purchaseExponent, details } = transaction
  const told = {
    acsTransID,
    threeDSServerTransID,
    dsTransID,
    deviceChannel,
    messageCategory,
    acquirerMerchantID: details.acquirerMerchantID,
    merchantName,
    purchaseAmount,
    purchaseCurrency,
    purchaseExponent,
  }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

/** Writes down what is to be told, within a unit of work; sending is an effect of the same unit. */
export function tellAll(
  unit: UnitOfWork,
  sources: HookSources,
  transaction: Transaction,
  happened: readonly Happened[],
  at: number,
): readonly Effect[] {
  const { id: transactionId, tenant, acsTransID } = transaction
  const effects: Effect[] = []
  for (const { event, type, data } of happened) {
    for (const { name } of listenersOf(sources, event, transaction)) {
      const body = JSON.stringify({
        type,
        timestamp: new Date(at).toISOString(),
        data: { ...about(transaction), ...data },
      })
      const webhook = unit.hook.webhooks.add(tenant, {
        at,
        event,
        state: 'waiting',
        transactionId,
        acsTransID,
        source: name,
        // The same however often it is sent; the receiver knows by it what it has had.
        messageId: `${acsTransID}:${type.replace('.', '_')}`,
        body,
        attempts: [],
        tries: 0,
        nextAt: at,
      })
      effects.push(
        unit.addEffect({
          tenant,
          transactionId,
          kind: 'sendWebhook',
          payload: { webhook: webhook.id },
          dueAt: at,
          createdAt: at,
        }),
      )
    }
  }
  return effects
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** After each try that failed, as Standard Webhooks has it: eight tries in about a day. */
export const retryAfterMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
]
/** How long a receiver may take, by the clock on the wall. */
const answerWithinMs = 10_000
const attemptsKept = 10

export interface SendWebhookPorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly observer: Pick<Observer, 'webhook'>
  readonly sources: () => HookSources
  readonly link: HookLink
  /** Durations, by the clock on the wall. */
  readonly stopwatch: () => number
}

type Tried = { readonly outcome: string; readonly is: 'delivered' | 'failed' | 'gone' }

async function attempt(
  { link }: SendWebhookPorts,
  { url, secret }: { readonly url: string; readonly secret: string },
  { messageId, body }: Webhook,
  threeDSServerTransID: string,
  at: number,
): Promise<Tried> {
  let fault: string | undefined
  const answer = await link.ask(
    {
      url,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Sekisho',
        ...webhookHeaders(secret, messageId, at, body),
      },
      body,
      message: 'webhook',
      threeDSServerTransID,
      signal: AbortSignal.timeout(answerWithinMs),
    },
    (met) => {
      fault = met
    },
  )
  const by = fault === undefined ? '' : ` (${fault})`
  switch (answer.kind) {
    case 'body':
      return { outcome: `status 200${by}`, is: 'delivered' }
    case 'status': {
      const { status } = answer
      const isTaken = status >= 200 && status < 300
      return { outcome: `status ${status}${by}`, is: isTaken ? 'delivered' : status === 410 ? 'gone' : 'failed' }
    }
    case 'tooLarge': // it was taken; nobody reads what is said to it
      return { outcome: `status 200${by}`, is: 'delivered' }
    case 'unreachable':
      return { outcome: `no answer${by}`, is: 'failed' }
  }
}

/** Performs a sendWebhook effect once. Returns when to try again, if so. */
export async function sendWebhook(ports: SendWebhookPorts, effect: Effect): Promise<number | undefined> {
  const { store, clock, observer, stopwatch } = ports
  const { tenant, payload } = effect
  const webhook = payload.webhook === undefined ? undefined : store.hook.webhooks.get(tenant, payload.webhook)
  if (webhook === undefined || webhook.state !== 'waiting') {
    await store.unit((unit) => unit.finishEffect(effect.id))
    return undefined
  }
  const source = ports.sources().get(webhook.source)
  const { secret } = source ?? {}
  const url = source?.webhook?.url
  const from = stopwatch()
  const at = clock.now()
  const threeDSServerTransID = idIn(webhook.body)
  const tried: Tried =
    url === undefined || secret === undefined
      ? { outcome: 'the source has no webhook any more', is: 'gone' }
      : await attempt(ports, { url, secret }, webhook, threeDSServerTransID, at)
  const tries = webhook.tries + 1
  const wait = tried.is === 'failed' ? retryAfterMs[tries - 1] : undefined
  const state = tried.is === 'delivered' ? 'delivered' : wait === undefined ? 'givenUp' : 'waiting'
  const nextAt = wait === undefined ? undefined : clock.now() + wait
  const own: WebhookAttempt = { at, durationMs: Math.max(0, Math.round(stopwatch() - from)), outcome: tried.outcome }
  await store.unit((unit) => {
    unit.hook.webhooks.save(tenant, webhook.id, state, {
      attempts: [...webhook.attempts, own].slice(-attemptsKept),
      tries,
      nextAt,
    })
    if (nextAt === undefined) unit.finishEffect(effect.id)
    else unit.postponeEffect(effect.id, nextAt)
  })
  const outcome = state === 'waiting' ? 'failed' : state
  observer.webhook({ source: webhook.source, event: webhook.event, outcome, acsTransID: webhook.acsTransID })
  return nextAt
}

/** The ACS made this body itself. */
const idIn = (body: string): string =>
  (JSON.parse(body) as { data?: { threeDSServerTransID?: string } }).data?.threeDSServerTransID ?? ''

/** Sends it once more, with the same id and the same bytes. Undefined: there is no such row; waiting: it is on its way already. */
export async function resend(
  {
    store,
    clock,
    effects,
  }: {
    readonly store: Store
    readonly clock: Pick<Clock, 'now'>
    readonly effects: { take(effects: readonly Effect[]): void }
  },
  tenant: number,
  id: number,
): Promise<'sent' | 'waiting' | undefined> {
  const done = await store.unit((unit): 'waiting' | Effect | undefined => {
    const webhook = unit.hook.webhooks.get(tenant, id)
    if (webhook === undefined || webhook.transactionId === undefined) return undefined
    if (webhook.state === 'waiting') return 'waiting'
    const at = clock.now()
    unit.hook.webhooks.save(tenant, id, 'waiting', { tries: 0, nextAt: at })
    const { transactionId } = webhook
    return unit.addEffect({
      tenant,
      transactionId,
      kind: 'sendWebhook',
      payload: { webhook: id },
      dueAt: at,
      createdAt: at,
    })
  })
  if (done === undefined || done === 'waiting') return done
  effects.take([done])
  return 'sent'
}

/** So many are on their way to one receiver at a time. */
const mostAtOnce = 32

/** Runs at most so many at a time, in the order they came. */
function inTurn(most = mostAtOnce): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => void waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** Webhooks of each source by themselves: a receiver that is slow, or gone, holds up nobody but those who wait for it. */
export function webhookTurns(store: Pick<Store, 'hook'>): <T>(effect: Effect, work: () => Promise<T>) => Promise<T> {
  const turns = new Map<string, ReturnType<typeof inTurn>>()
  return ({ tenant, payload }, work) => {
    const source = payload.webhook === undefined ? '' : (store.hook.webhooks.get(tenant, payload.webhook)?.source ?? '')
    const turn = turns.get(source) ?? inTurn()
    turns.set(source, turn)
    return turn(work)
  }
}
