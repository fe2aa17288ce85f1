// What the hook has come to know: reports, how good sources were, fraud of merchants, webhooks, alerts, journeys of shoppers.
import { Router } from 'express'
import { z } from 'zod'
import { alertReasons } from '../../acs/hook/alert-record.ts'
import { feedbackKinds } from '../../acs/hook/feedback-record.ts'
import { shopperKey } from '../../acs/hook/journey.ts'
import { findJourneys, foundBy } from '../../acs/hook/journey-search.ts'
import { happeningKinds, journeyOf, journeyOfPayment } from '../../acs/hook/journey-view.ts'
import {
  fullMonthsOf,
  type MerchantStanding,
  merchantStates,
  monthlyLimit,
  monthsInARow,
  monthsShown,
  monthText,
  standingOf,
  standings,
} from '../../acs/hook/merchant-monitor.ts'
import { overlayAt, overlayOf } from '../../acs/hook/overlay.ts'
import { reliabilityOf } from '../../acs/hook/reliability.ts'
import { webhookEvents, webhookStates } from '../../acs/hook/webhook-record.ts'
import { resend } from '../../acs/hook/webhooks.ts'
import type { Transaction } from '../../acs/ports.ts'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { verdicts } from '../../risk/assessment.ts'
import { monthAt } from '../../risk/facts.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, limit as limitSchema, rowId, uuid, words } from './request.ts'

const tag = 'Hook'
const count = z.number().min(0)
const paging = { limit: limitSchema, before: rowId.optional() }

const reportSchema = z
  .strictObject({
    row: z.int(),
    id: z.string().describe('of the source'),
    source: z.string().describe('cardholder: the answer to an alert'),
    at: z.number(),
    kind: z.enum(feedbackKinds),
    outcome: z.enum(['labelled', 'kept', 'unmatched']),
    acsTransID: z.string().optional(),
    verdict: z.enum(verdicts).optional(),
    because: z.string().optional(),
    note: z.string().optional(),
    listed: z.array(z.strictObject({ id: z.int(), kind: z.string(), until: z.string() })),
  })
  .meta({ id: 'FeedbackReport' })

const listFeedback = operation({
  id: 'listFeedback',
  method: 'get',
  path: '/hook/feedback',
  tag,
  summary: 'What was told of payments after them, newest first',
  query: z.object({ ...paging, source: z.string().max(64).optional() }),
  answers: {
    200: {
      description: 'the reports',
      schema: z.strictObject({ reports: z.array(reportSchema), next: z.int().optional() }),
    },
  },
})

const ratio = z.number().nullable().describe('null: nothing to divide by')
const interval = z
  .array(z.number())
  .length(2)
  .nullable()
  .describe('of 95 % (Wilson) about the rate; null: nothing seen')
const worth = z.number().optional()
const reliability = z
  .strictObject({
    source: z.string(),
    good: count,
    fraud: count,
    verdicts: z.array(
      z.strictObject({
        verdict: z.enum(verdicts),
        good: count,
        fraud: count,
        fraudRate: ratio.describe('seen'),
        interval,
        evidence: worth.describe('log-odds that the verdict is worth now; absent: the policy weighs none'),
      }),
    ),
    bands: z
      .array(
        z.strictObject({
          from: z.number(),
          to: z.number(),
          predicted: z.number().describe('middle of the band'),
          good: count,
          fraud: count,
          seen: ratio,
          interval,
          evidence: worth.describe('log-odds that a score of the band is worth beside a verdict that says nothing'),
        }),
      )
      .describe('of those that send a score: what it said, and what came'),
  })
  .meta({ id: 'SourceReliability' })
const getReliability = operation({
  id: 'getSourceReliability',
  method: 'get',
  path: '/hook/reliability',
  tag,
  summary: 'How good each source was: what it said of labelled payments, and what they were',
  answers: {
    200: { description: 'one table for each source', schema: z.strictObject({ sources: z.array(reliability) }) },
  },
})

const standingSchema = z
  .strictObject({
    merchant: z.string().describe('keyed id'),
    acquirerMerchantID: z.string().optional(),
    name: z.string().optional(),
    state: z
      .enum(merchantStates)
      .describe('manifest: above the limit in so many months in a row; rising: in fewer; past: once; clear: never'),
    inARow: z.int().describe('months above the limit, up to this one or the one before'),
    since: z.string().optional().describe('the month in which they were full'),
    months: z.array(z.strictObject({ month: z.string(), n: z.int(), yen: z.int(), isOver: z.boolean() })),
    overlay: z
      .enum(['on', 'partly', 'off'])
      .describe(
        'whether a rule of the running policy acts on its payments now; partly: on those that something else is true of, too',
      ),
  })
  .meta({ id: 'MerchantStanding' })
const rule = z.strictObject({ yen: z.int(), months: z.int(), thisMonth: z.string(), timeZone: z.string() })
const overlay = z
  .strictObject({
    policy: z.string().describe('that runs'),
    rules: z
      .array(z.strictObject({ id: z.string(), outcome: z.looseObject({}), isInForce: z.boolean() }))
      .describe('that ask `feature.merchant_fraud_months`'),
    isScored: z.boolean().describe('the check manifest-fraud-merchant weighs such months, too'),
  })
  .meta({ id: 'MerchantOverlay' })

const listMerchants = operation({
  id: 'listMerchantFraud',
  method: 'get',
  path: '/hook/merchants',
  tag,
  summary: 'Confirmed fraud by merchant and month, those that matter most first',
  description:
    'Months are calendar months in the zone of the issuer, by the time of the payment. Policies see the same as `feature.merchant_fraud_months`, which counts full months.',
  query: z.object({ state: z.enum(merchantStates).optional(), q: words.optional().describe('part of name or number') }),
  answers: {
    200: {
      description: 'the merchants with fraud',
      schema: z.strictObject({ rule, overlay, merchants: z.array(standingSchema) }),
    },
  },
})
const exportMerchants = operation({
  id: 'exportMerchantFraud',
  method: 'get',
  path: '/hook/merchants/csv',
  tag,
  summary: 'The same as CSV, a line for each merchant and month',
  answers: { 200: { description: 'the table', contentType: 'text/csv' } },
})
const getMerchant = operation({
  id: 'getMerchantFraud',
  method: 'get',
  path: '/hook/merchants/{merchant}',
  tag,
  summary: 'Confirmed fraud of one merchant',
  params: z.object({ merchant: z.string().regex(/^[\w-]{22}$/, 'the keyed id of a merchant expected') }),
  answers: { 200: { description: 'its standing', schema: standingSchema } },
})

const webhookSchema = z
  .strictObject({
    id: z.int(),
    at: z.number(),
    event: z.enum(webhookEvents),
    source: z.string(),
    messageId: z.string().describe('webhook-id: the same in every try'),
    acsTransID: z.string().optional(),
    state: z.enum(webhookStates),
    tries: z.int(),
    nextAt: z.number().optional().describe('of the next try'),
    attempts: z.array(z.strictObject({ at: z.number(), durationMs: z.number(), outcome: z.string() })),
    body: z.unknown().describe('as it is sent; long runs of digits are masked here'),
  })
  .meta({ id: 'Webhook' })
const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'get',
  path: '/hook/webhooks',
  tag,
  summary: 'What sources were told, or are about to be, newest first',
  query: z.object({
    ...paging,
    event: z.enum(webhookEvents).optional(),
    state: z.enum(webhookStates).optional(),
    source: z.string().max(64).optional(),
    acsTransID: z.guid().optional(),
  }),
  answers: {
    200: {
      description: 'the webhooks',
      schema: z.strictObject({ webhooks: z.array(webhookSchema), next: z.int().optional() }),
    },
  },
})
const getWebhook = operation({
  id: 'getWebhook',
  method: 'get',
  path: '/hook/webhooks/{id}',
  tag,
  summary: 'One webhook with its tries',
  params: z.object({ id: rowId }),
  answers: { 200: { description: 'the webhook', schema: webhookSchema } },
})
const resendWebhook = operation({
  id: 'resendWebhook',
  method: 'post',
  path: '/hook/webhooks/{id}/resend',
  tag,
  summary: 'Send it once more: the same id, the same bytes',
  params: z.object({ id: rowId }),
  answers: {
    202: { description: 'on its way', schema: webhookSchema },
    409: { description: 'it is on its way already' },
  },
})

const listAlerts = operation({
  id: 'listAlerts',
  method: 'get',
  path: '/hook/alerts',
  tag,
  summary: 'Payments that cardholders were told of, newest first',
  query: z.object(paging),
  answers: {
    200: {
      description: 'the alerts',
      schema: z.strictObject({
        alerts: z.array(
          z.strictObject({
            acsTransID: z.string(),
            reason: z.enum(alertReasons),
            at: z.number().describe('of the AReq'),
            sentAt: z.number(),
            channels: z.array(z.string()),
            answer: z.enum(['mine', 'notMine']).optional().describe('of the cardholder; absent: none yet'),
            answeredAt: z.number().optional(),
            merchantName: z.string().optional(),
            purchaseAmount: z.string().optional(),
            purchaseCurrency: z.string().optional(),
            purchaseExponent: z.string().optional(),
            panMask: z.string(),
            transStatus: z.string(),
            resultStatus: z.string().optional(),
            merchants: z
              .array(z.strictObject({ id: z.int(), source: z.string(), state: z.enum(webhookStates), at: z.number() }))
              .describe('webhooks that tell merchants of it'),
          }),
        ),
        next: z.int().optional(),
      }),
    },
  },
})

const happening = z
  .strictObject({
    at: z.number(),
    kind: z.enum(happeningKinds),
    what: z.string().describe('such as failure, placed, NG, or a transStatus'),
    text: z.strictObject({ en: z.string(), ja: z.string() }),
    source: z.string().optional(),
    acsTransID: z.string().optional(),
    orderId: z.string().optional(),
    device: z.string().optional().describe('keyed id'),
    stepUp: z.string().optional().describe('of a log-in'),
    door: z.string().optional().describe('of an assessment'),
    reasons: z.array(z.string()).optional(),
    score: z.number().optional().describe('of an assessment 0 to 1, of a payment log-odds'),
    payment: z
      .strictObject({
        threeDSServerTransID: z.string(),
        merchantName: z.string().optional(),
        purchaseAmount: z.string().optional(),
        purchaseCurrency: z.string().optional(),
        purchaseExponent: z.string().optional(),
        panMask: z.string(),
        transStatus: z.string(),
        transStatusReason: z.string().optional(),
        decidedBy: z.string(),
        label: z.string().optional().describe('what it turned out to be'),
      })
      .optional(),
    channels: z.array(z.string()).optional().describe('of an alert'),
    note: z.string().optional(),
  })
  .meta({ id: 'JourneyHappening' })
const listJourneys = operation({
  id: 'listJourneys',
  method: 'get',
  path: '/hook/journeys',
  tag,
  summary: 'Shoppers that something was told of lately',
  query: z.object({ limit: limitSchema }),
  answers: {
    200: {
      description: 'newest first',
      schema: z.strictObject({
        shoppers: z.array(
          z.strictObject({
            shopper: z.string(),
            at: z.number(),
            happenings: z.int(),
            merchantName: z.string().optional().describe('of its newest payment'),
          }),
        ),
      }),
    },
  },
})
const getJourney = operation({
  id: 'getJourney',
  method: 'get',
  path: '/hook/journeys/{shopper}',
  tag,
  summary:
    'One shopper at one merchant: log-ins, orders, assessments, payments, challenges, alerts and reports, oldest first',
  params: z.object({ shopper: z.string().regex(/^[\w-]{22}$/, 'the keyed id of a shopper expected') }),
  query: z.object({ limit: limitSchema }),
  answers: {
    200: {
      description: 'the journey',
      schema: z.strictObject({ shopper: z.string(), happenings: z.array(happening) }),
    },
  },
})
const findJourney = operation({
  id: 'findJourney',
  method: 'post',
  path: '/hook/journeys/find',
  tag,
  summary: 'The keyed id of a shopper, by the name that the merchant has for it',
  body: z.strictObject({
    acquirerMerchantID: z.string().min(1).max(35),
    shopper: z.string().min(1).max(64).describe('acctID of its AReqs'),
  }),
  answers: {
    200: { description: 'the id, whether anything is known or not', schema: z.strictObject({ shopper: z.string() }) },
  },
})

const getJourneyOfPayment = operation({
  id: 'getJourneyOfPayment',
  method: 'get',
  path: '/hook/journeys/of/{acsTransID}',
  tag,
  summary: 'The journey that a payment belongs to; where its AReq names no shopper, what is known of the payment',
  params: z.object({ acsTransID: uuid }),
  query: z.object({ limit: limitSchema }),
  answers: {
    200: {
      description: 'the journey',
      schema: z.strictObject({
        shopper: z.string().optional(),
        acsTransID: z.string(),
        happenings: z.array(happening),
      }),
    },
  },
})
const searchJourneys = operation({
  id: 'searchJourneys',
  method: 'post',
  path: '/hook/journeys/search',
  tag,
  summary: 'Journeys by what is at hand: the name of a shopper, a card, an order, or an id of the payment',
  description:
    'A name is tried at the given merchant, or at those that sources speak for and that paid lately. A card number is looked up by its keyed hash, and not kept.',
  body: z.strictObject({
    q: z.string().min(1).max(100),
    acquirerMerchantID: z.string().min(1).max(35).optional(),
  }),
  answers: {
    200: {
      description: 'newest first',
      schema: z.strictObject({
        found: z.array(
          z.strictObject({
            by: z.enum(foundBy),
            shopper: z.string().optional(),
            acsTransID: z.string().optional(),
            at: z.number(),
            merchantName: z.string().optional(),
          }),
        ),
      }),
    },
  },
})

export const hookAfterOperations = [
  listFeedback,
  getReliability,
  listMerchants,
  exportMerchants,
  getMerchant,
  listWebhooks,
  getWebhook,
  resendWebhook,
  listAlerts,
  listJourneys,
  findJourney,
  searchJourneys,
  getJourneyOfPayment,
  getJourney,
] as const

/** A spreadsheet takes what begins so for a formula. */
const cell = (text: string | number): string => {
  const guarded = typeof text === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : String(text)
  return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** Nobody has so many sources that hear of one payment. */
const mostListeners = 50

type Brief = Pick<
  Transaction,
  | 'merchantName'
  | 'purchaseAmount'
  | 'purchaseCurrency'
  | 'purchaseExponent'
  | 'panMask'
  | 'transStatus'
  | 'resultStatus'
>
/** What is shown of a payment beside something that belongs to it. */
const paymentOf = (brief: Brief | undefined) => {
  const { merchantName, purchaseAmount, purchaseCurrency, purchaseExponent, resultStatus } = brief ?? {}
  return {
    panMask: brief?.panMask ?? '',
    transStatus: brief?.transStatus ?? '',
    ...(merchantName !== undefined && { merchantName }),
    ...(purchaseAmount !== undefined && { purchaseAmount }),
    ...(purchaseCurrency !== undefined && { purchaseCurrency }),
    ...(purchaseExponent !== undefined && { purchaseExponent }),
    ...(resultStatus !== undefined && { resultStatus }),
  }
}

export function hookAfterRouter(ports: AdminPorts): Router {
  const { store, tenant, clock, policies, secrets } = ports
  const { hook } = store
  const router = Router()
  const page = <T>(
    all: readonly T[],
    limit: number,
    keyOf: (one: T) => number | undefined,
  ): { readonly next?: number } => {
    const last = all.length === limit ? all.at(-1) : undefined
    const next = last === undefined ? undefined : keyOf(last)
    return next !== undefined && next > 1 ? { next } : {}
  }

  mount(router, '/hook', listFeedback, ({ query }, _req, res) => {
    const found = hook.feedback.list(tenant, query)
    const reports = found.map(({ row = 0, about: _about, transactionId: _id, list: _list, listed = [], ...rest }) => ({
      row,
      ...rest,
      listed,
    }))
    res.json({ reports, ...page(found, query.limit, ({ row }) => row) })
  })

  mount(router, '/hook', getReliability, (_given, _req, res) => {
    res.json({ sources: reliabilityOf(hook.sources.all(tenant), policies.running()) })
  })

  const thisMonth = (): number => monthAt(clock.now(), policies.running().issuer)
  const shownMerchant = ({ since, months, ...rest }: MerchantStanding) => ({
    ...rest,
    overlay: overlayAt(policies.running(), fullMonthsOf({ months }, thisMonth()), clock.now()),
    ...(since !== undefined && { since: monthText(since) }),
    months: months.map(({ month, n, yen }) => ({ month: monthText(month), n, yen, isOver: yen > monthlyLimit })),
  })
  const all = (): readonly MerchantStanding[] => {
    const now = thisMonth()
    return standings(hook.merchants.all(tenant, now - monthsShown + 1), now)
  }

  mount(router, '/hook', listMerchants, ({ query: { state, q } }, _req, res) => {
    const part = q?.normalize('NFKC').toLowerCase()
    const fits = ({ name = '', acquirerMerchantID = '' }: MerchantStanding): boolean =>
      part === undefined ||
      [name, acquirerMerchantID].some((text) => text.normalize('NFKC').toLowerCase().includes(part))
    const merchants = all().filter((one) => (state === undefined || one.state === state) && fits(one))
    const timeZone = policies.running().issuer.zone.name
    const rule = { yen: monthlyLimit, months: monthsInARow, thisMonth: monthText(thisMonth()), timeZone }
    const overlay = overlayOf(policies.running(), clock.now())
    res.json({ rule, overlay, merchants: merchants.map(shownMerchant) })
  })
  mount(router, '/hook', exportMerchants, (_given, _req, res) => {
    const lines = all().flatMap((one) => {
      const { merchant, acquirerMerchantID = '', name = '', state, inARow, since, months } = one
      const shown = shownMerchant(one)
      return months.map(({ month, n, yen }) =>
        [
          merchant,
          acquirerMerchantID,
          name,
          state,
          inARow,
          since === undefined ? '' : monthText(since),
          monthText(month),
          n,
          yen,
          yen > monthlyLimit ? 'over' : '',
          shown.overlay,
        ]
          .map(cell)
          .join(','),
      )
    })
    const head = 'merchant,acquirerMerchantID,name,state,inARow,since,month,frauds,yen,over,overlay'
    res
      .type('text/csv')
      .set('Content-Disposition', 'attachment; filename="sekisho-merchants.csv"')
      .send([head, ...lines, ''].join('\r\n'))
  })
  mount(router, '/hook', getMerchant, ({ params: { merchant } }, _req, res) => {
    const months = hook.merchants.of(tenant, merchant)
    if (months.length === 0) throw new BadRequest(404, 'merchant', 'no fraud was confirmed at such a merchant')
    res.json(shownMerchant({ merchant, ...standingOf(months, thisMonth()) }))
  })

  const shownWebhook = (one: NonNullable<ReturnType<typeof hook.webhooks.get>>) => {
    const { tenant: _tenant, transactionId: _id, body, nextAt, acsTransID, ...rest } = one
    return {
      ...rest,
      ...(acsTransID !== undefined && { acsTransID }),
      ...(nextAt !== undefined && { nextAt }),
      body: JSON.parse(body, (_name, value: unknown) =>
        typeof value === 'string' ? maskDigitRuns(value) : value,
      ) as unknown,
    }
  }
  const webhookWith = (id: number) => {
    const found = hook.webhooks.get(tenant, id)
    if (found === undefined) throw new BadRequest(404, 'id', 'no such webhook')
    return found
  }
  mount(router, '/hook', listWebhooks, async ({ query: { acsTransID, ...filter } }, _req, res) => {
    const [transaction] = acsTransID === undefined ? [] : await store.transactions({ tenant, acsTransID, limit: 1 })
    if (acsTransID !== undefined && transaction === undefined)
      throw new BadRequest(404, 'acsTransID', 'no such transaction')
    const found = hook.webhooks.list(tenant, { ...filter, transactionId: transaction?.id })
    res.json({ webhooks: found.map(shownWebhook), ...page(found, filter.limit, ({ id }) => id) })
  })
  mount(router, '/hook', getWebhook, ({ params: { id } }, _req, res) => {
    res.json(shownWebhook(webhookWith(id)))
  })
  mount(router, '/hook', resendWebhook, async ({ params: { id } }, _req, res) => {
    const done = await resend({ store, clock, effects: ports.challenge.effects }, tenant, id)
    if (done === undefined) throw new BadRequest(404, 'id', 'no such webhook')
    if (done === 'waiting') throw new BadRequest(409, 'id', 'it is on its way already')
    res.status(202).json(shownWebhook(webhookWith(id)))
  })

  mount(router, '/hook', listAlerts, ({ query }, _req, res) => {
    const found = hook.alerts.list(tenant, query)
    const briefs = new Map(
      store
        .briefs(
          tenant,
          found.map(({ transactionId }) => transactionId),
        )
        .map((one) => [one.id, one]),
    )
    const alerts = found.map(({ transactionId, ...alert }) => {
      const answer = hook.feedback.ofTransaction(tenant, transactionId).find(({ source }) => source === 'cardholder')
      const told = hook.webhooks.list(tenant, { limit: mostListeners, event: 'alert', transactionId })
      return {
        ...alert,
        ...(answer !== undefined && {
          answer: answer.kind === 'fraud' ? ('notMine' as const) : ('mine' as const),
          answeredAt: answer.at,
        }),
        ...paymentOf(briefs.get(transactionId)),
        merchants: told.map(({ id, source, state, at }) => ({ id, source, state, at })),
      }
    })
    res.json({ alerts, ...page(found, query.limit, ({ transactionId }) => transactionId) })
  })

  mount(router, '/hook', listJourneys, ({ query: { limit } }, _req, res) => {
    const shoppers = new Map<string, { shopper: string; at: number; happenings: number; paid?: number | undefined }>()
    // Of the newest happenings; a shopper who did nothing for long is found by name.
    for (const event of hook.journey.list(tenant, { limit: 2_000 })) {
      const { shopper, at } = event
      if (shopper === '') continue
      const known = shoppers.get(shopper) ?? { shopper, at, happenings: 0 }
      known.happenings += 1
      if (event.kind === 'payment') known.paid ??= event.transactionId
      shoppers.set(shopper, known)
    }
    const shown = [...shoppers.values()].slice(0, limit)
    const paid = shown.flatMap(({ paid }) => (paid === undefined ? [] : [paid]))
    const names = new Map(store.briefs(tenant, paid).map(({ id, merchantName }) => [id, merchantName]))
    res.json({
      shoppers: shown.map(({ paid = 0, ...one }) => {
        const merchantName = names.get(paid)
        return { ...one, ...(merchantName !== undefined && { merchantName }) }
      }),
    })
  })
  mount(router, '/hook', findJourney, ({ body: { acquirerMerchantID, shopper } }, _req, res) => {
    res.json({ shopper: shopperKey(secrets, acquirerMerchantID, shopper) })
  })
  mount(router, '/hook', searchJourneys, async ({ body: { q, acquirerMerchantID } }, _req, res) => {
    const found = await findJourneys(
      { store, secrets, tenant, sources: ports.hookSources().list },
      q,
      acquirerMerchantID,
    )
    res.json({ found })
  })
  mount(router, '/hook', getJourneyOfPayment, async ({ params: { acsTransID }, query: { limit } }, _req, res) => {
    const [transaction] = await store.transactions({ tenant, acsTransID: acsTransID.toLowerCase(), limit: 1 })
    if (transaction === undefined) throw new BadRequest(404, 'acsTransID', 'no such transaction')
    const { shopper } = transaction.details
    res.json({
      ...(shopper !== undefined && { shopper }),
      acsTransID: transaction.acsTransID,
      happenings: await journeyOfPayment(store, tenant, transaction, limit),
    })
  })
  mount(router, '/hook', getJourney, async ({ params: { shopper }, query: { limit } }, _req, res) => {
    res.json({ shopper, happenings: await journeyOf(store, tenant, shopper, limit) })
  })
  return router
}
