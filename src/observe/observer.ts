// One helper per event: log line, counter and live event together, after the commit. Nothing here may see a secret (SEC-LOG-1).
import type { Logger } from 'pino'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { HookWitness } from '../acs/hook/door-ports.ts'
import type { Observer } from '../acs/ports.ts'
import { createHookMetrics, createHookWitness } from './hook-witness.ts'
import { createLive, type Live } from './live.ts'

export interface Observation {
  readonly observer: Observer
  /** What came of the doors of the hook. */
  readonly hook: HookWitness
  readonly metrics: Registry
  /** For consoles that are open. */
  readonly live: Live
}

/** What is counted, of all tenants together. */
export type Metrics = ReturnType<typeof createMetrics>

export function createMetrics() {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const registers = [metrics]
  const authentications = new Counter({
    name: 'sekisho_authentications_total',
    help: 'AReqs answered with an ARes, by transStatus and by who decided.',
    labelNames: ['transStatus', 'decidedBy'],
    registers,
  })
  const duration = new Histogram({
    name: 'sekisho_authentication_seconds',
    help: 'From the last byte of the AReq to the durable ARes.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
    registers,
  })
  const errors = new Counter({
    name: 'sekisho_erros_total',
    help: 'Messages answered with an Erro, by code.',
    labelNames: ['messageType', 'errorCode'],
    registers,
  })
  const challenges = new Counter({
    name: 'sekisho_challenges_total',
    help: 'Challenges ended, by transStatus, transStatusReason and challengeCancel.',
    labelNames: ['transStatus', 'transStatusReason', 'challengeCancel'],
    registers,
  })
  const rreqs = new Counter({
    name: 'sekisho_rreq_attempts_total',
    help: 'Attempts to deliver an RReq, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  const mails = new Counter({
    name: 'sekisho_codes_sent_total',
    help: 'One-time codes put into the inbox of a cardholder.',
    registers,
  })
  const alerts = new Histogram({
    name: 'sekisho_alert_seconds',
    help: 'From the AReq to the alert in the inbox of the cardholder, by reason; 15 s is what is aimed at.',
    labelNames: ['reason'],
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 300],
    registers,
  })
  const webhooks = new Counter({
    name: 'sekisho_webhook_attempts_total',
    help: 'Attempts to deliver a webhook, by source, event and outcome.',
    labelNames: ['source', 'event', 'outcome'],
    registers,
  })
  const failures = new Counter({
    name: 'sekisho_failures_total',
    help: 'Unexpected failures inside the ACS.',
    labelNames: ['what'],
    registers,
  })
  const hook = createHookMetrics(metrics)

  return { metrics, hook, authentications, duration, errors, challenges, rreqs, mails, alerts, webhooks, failures }
}

/** Of one tenant. */
export function createObserver(log: Logger, counted: Metrics = createMetrics()): Observation {
  const { metrics, authentications, duration, errors, challenges, rreqs, mails, alerts, webhooks, failures } = counted
  const live = createLive()

  const observer: Observer = {
    authenticated({ id, transaction, durationMs }) {
      const { transStatus, decidedBy, acsTransID } = transaction
      authentications.inc({ transStatus, decidedBy })
      duration.observe(durationMs / 1000)
      log.info(
        {
          acsTransID,
          transStatus,
          transStatusReason: transaction.transStatusReason,
          decidedBy,
          card: transaction.panMask,
          durationMs,
        },
        'AReq answered',
      )
      live.transaction(id)
    },
    refused({ messageType, errorCode, errorDetail }) {
      errors.inc({ messageType, errorCode })
      log.info({ messageType, errorCode, errorDetail }, 'message refused')
    },
    challengeMoved({ transactionId }) {
      live.transaction(transactionId)
    },
    challengeEnded({ acsTransID, verdict }) {
      const { transStatus, transStatusReason = '', challengeCancel = '' } = verdict
      challenges.inc({ transStatus, transStatusReason, challengeCancel })
      log.info(
        { acsTransID, transStatus, transStatusReason, challengeCancel, interactionCounter: verdict.interactionCounter },
        'challenge ended',
      )
    },
    rreq({ transactionId, acsTransID, outcome, attempt }) {
      rreqs.inc({ outcome })
      log.info({ acsTransID, outcome, attempt }, 'RReq attempt')
      live.transaction(transactionId)
    },
    mailed({ inboxId, acsTransID }) {
      mails.inc()
      log.info({ acsTransID }, 'code sent to the inbox')
      live.mail(inboxId)
    },
    labelled({ transactionId, acsTransID, kind }) {
      log.info({ acsTransID, kind }, 'transaction labelled')
      live.transaction(transactionId)
    },
    alerted({ acsTransID, reason, ms, inboxIds }) {
      alerts.observe({ reason }, ms / 1000)
      for (const inboxId of inboxIds) live.mail(inboxId)
      log.info({ acsTransID, reason, ms }, 'cardholder alerted')
    },
    webhook({ source, event, outcome, acsTransID }) {
      webhooks.inc({ source, event, outcome })
      log.info({ source, event, outcome, acsTransID }, 'webhook attempt')
    },
    cardChanged({ panHash }) {
      live.card(panHash)
    },
    stubsChanged() {
      live.stubs()
    },
    failed({ what, error, acsTransID }) {
      failures.inc({ what })
      log.error({ what, acsTransID, err: error }, 'failed')
    },
  }
  return { observer, hook: createHookWitness(log, counted.hook), metrics, live }
}
