// Transactions: the list with its filters and search, and one of them with all that is known of it.

import { Router } from 'express'
import { z } from 'zod'
import { shownChallenge } from '../../acs/challenge/shown.ts'
import { type InboxMessage, type JournalEntry, labelKinds, type Transaction } from '../../acs/ports.ts'
import { decidersOf } from '../../acs/queries/deciders.ts'
import { isPastEnd, matcherOf, type Summary, summaryOf } from '../../acs/queries/summaries.ts'
import { timelineOf } from '../../acs/queries/timeline.ts'
import { waterfallOf } from '../../acs/queries/waterfall.ts'
import { type Entry, entryOf, messageIn } from '../../journal/entry.ts'
import { storyOf } from '../../journal/order.ts'
import { explain } from '../../risk/explain.ts'
import { featureNames } from '../../risk/features.ts'
import { type KeptEvidence, readEvidence } from '../../risk/kept.ts'
import { entriesOfWitness } from './journal-source.ts'
import { labelSchema, shownLabel } from './labels.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import {
  BadRequest,
  cardId,
  currency,
  instant,
  limit as limitSchema,
  oneOrMore,
  parse,
  rowId,
  transStatuses,
  uuid,
  withoutEmpty,
  words,
} from './request.ts'

const paging = { limit: limitSchema, before: rowId.optional() }
const fullQuery = z.strictObject({
  ...paging,
  view: z.literal('full').optional(),
  acsTransID: uuid.optional(),
  threeDSServerTransID: uuid.optional(),
  dsTransID: uuid.optional(),
  transStatus: z.enum(transStatuses).optional(),
})

const amount = z
  .string()
  .regex(/^[0-9]{1,15}(\.[0-9]{1,4})?$/, 'an amount in major units expected')
  .transform(Number)
/** Filters of the list; an empty one is none, as a form sends it. */
const summaryQuery = z.strictObject({
  ...paging,
  view: z.literal('summary'),
  q: words.optional(),
  transStatus: oneOrMore(transStatuses).optional(),
  resultStatus: oneOrMore(['Y', 'N', 'A', 'U', 'R', 'D']).optional(),
  decidedBy: oneOrMore(['stub', 'override', 'scenario', 'engine']).optional(),
  scheme: z.string().max(40).optional(),
  merchant: words.optional(),
  card: cardId.optional(),
  currency: currency.optional(),
  from: instant.optional(),
  to: instant.optional(),
  minAmount: amount.optional(),
  maxAmount: amount.optional(),
})

/** What either view may be asked; which of it, and in what form, the view says. */
const listQuery = z.object({
  view: z.enum(['full', 'summary']).optional().describe('full (default), or summary: lines of a list'),
  limit: limitSchema,
  before: rowId.optional().describe('`next` of an earlier answer'),
  acsTransID: z.string().optional().describe('full only'),
  threeDSServerTransID: z.string().optional().describe('full only'),
  dsTransID: z.string().optional().describe('full only'),
  transStatus: z.string().optional().describe('in a summary several, with commas'),
  q: z.string().optional().describe('words that are all found: merchant, ids, last four digits, amount, reason'),
  resultStatus: z.string().optional().describe('of the RReq; several, with commas'),
  decidedBy: z.string().optional().describe('stub, override, scenario, engine; several, with commas'),
  scheme: z.string().optional(),
  merchant: z.string().optional().describe('part of the name'),
  card: z.string().optional().describe('keyed id'),
  currency: z.string().optional().describe('ISO 4217, letters or digits'),
  from: z.string().optional().describe('ISO 8601 or milliseconds since 1970, included'),
  to: z.string().optional().describe('ISO 8601 or milliseconds since 1970, included'),
  minAmount: z.string().optional().describe('major units'),
  maxAmount: z.string().optional().describe('major units'),
})

const sentence = z.strictObject({ en: z.string(), ja: z.string() })
const whatever = z.unknown()
const transactionSchema = z
  .looseObject({
    id: z.int(),
    at: z.number(),
    acsTransID: z.string(),
    threeDSServerTransID: z.string(),
    dsTransID: z.string(),
    card: z.string().describe('keyed id'),
    panMask: z.string(),
    scheme: z.string(),
    messageVersion: z.string(),
    merchantName: z.string().optional(),
    purchaseAmount: z.string().optional(),
    purchaseCurrency: z.string().optional(),
    purchaseExponent: z.string().optional(),
    transStatus: z.string().describe('of the ARes'),
    transStatusReason: z.string().optional(),
    decidedBy: z.enum(['stub', 'override', 'scenario', 'engine']),
    score: z.number(),
    resultStatus: z.string().optional().describe('of the RReq'),
    resultReason: z.string().optional(),
    delivery: z.string().optional().describe('of the RReq'),
    durationMs: z.number().optional(),
    label: labelSchema.optional().describe('what it turned out to be'),
    labelKind: z.enum(labelKinds).optional().describe('the same in a summary'),
    engine: whatever.describe('what the engine would have said'),
  })
  .meta({ id: 'Transaction' })

const part = z.strictObject({
  checkId: z.string(),
  code: z.string().optional(),
  weight: z.number().describe('log-odds'),
  text: sentence,
  paths: z.array(z.string()),
  abstained: z.boolean(),
  features: z
    .array(z.strictObject({ feature: z.string(), value: z.number().nullable(), weight: z.number() }))
    .optional(),
})
const wholeTransaction = transactionSchema
  .extend({
    evidence: z.strictObject({ en: whatever, ja: whatever }),
    features: z.record(z.string(), z.number().nullable()),
    facts: whatever.optional(),
    deciders: z.array(
      z.strictObject({
        by: z.enum(['stub', 'override', 'scenario', 'engine']),
        isChosen: z.boolean(),
        outcome: z.looseObject({ transStatus: z.string().optional() }).nullable(),
        why: sentence,
      }),
    ),
    waterfall: z.strictObject({
      base: z.number(),
      parts: z.array(part),
      score: z.number(),
      probability: z.number(),
      thresholds: z.strictObject({ challenge: z.number(), reject: z.number() }),
      band: z.string(),
      policy: z.strictObject({ name: z.string(), recorded: z.boolean() }),
    }),
    timeline: z.array(
      z.looseObject({ at: z.number(), kind: z.string(), title: sentence, detail: sentence.optional() }),
    ),
    messages: z.array(z.looseObject({ at: z.number(), link: z.string(), message: whatever.optional() })),
    challenge: z.looseObject({ phase: z.string() }).optional(),
    steps: z.array(z.looseObject({ kind: z.string(), createdAt: z.number(), dueAt: z.number(), done: z.boolean() })),
  })
  .meta({ id: 'WholeTransaction' })

const listTransactions = operation({
  id: 'listTransactions',
  method: 'get',
  path: '/transactions',
  tag: 'Transactions',
  summary: 'Transactions, newest first; with view=summary filtered and searched',
  query: listQuery,
  answers: {
    200: {
      description: 'a page of them; `next` goes into `before`',
      schema: z.strictObject({
        transactions: z.array(transactionSchema),
        next: z.int().optional(),
        searched: z.int().optional().describe('transactions that were looked through'),
      }),
    },
  },
})
const getTransaction = operation({
  id: 'getTransaction',
  method: 'get',
  path: '/transactions/{acsTransID}',
  tag: 'Transactions',
  summary: 'A transaction with all that is known of it: messages, evidence, deciders, timeline',
  params: z.object({ acsTransID: uuid }),
  answers: { 200: { description: 'the transaction', schema: wholeTransaction } },
})

export const transactionsOperations = [listTransactions, getTransaction] as const

/** Rows that one request looks through; the answer says where to go on. */
const mostSearched = 20_000

const shownTransaction = (transaction: Transaction) => {
  const { details, panHash, engineStatus: _engine, issuerAmount: _amount, label, ...rest } = transaction
  const {
    facts: _facts,
    features: _features,
    evidence: _evidence,
    scenario: _scenario,
    inputs: _inputs,
    mode: _mode,
    terms: _terms,
    ...decision
  } = details
  return {
    ...rest,
    ...(label !== undefined && { label: shownLabel(label) }),
    card: panHash,
    ...decision,
    engine: details.engine ?? details.decision,
  }
}

/** The ids are those of the transaction, which shows them. */
const shownMessage = ({
  threeDSServerTransID: _server,
  acsTransID: _acs,
  dsTransID: _ds,
  decidedBy: _by,
  ...rest
}: Entry) => rest

/** What a mail's event says of it, for runs whose mails were sent elsewhere. */
function mailsIn(journal: readonly JournalEntry[]): readonly Pick<InboxMessage, 'at' | 'codeNumber' | 'via'>[] {
  return journal.flatMap(({ at, link, masked }) => {
    if (link !== 'ACS→mail') return []
    const { codeNumber, via } = messageIn(masked) as Partial<InboxMessage>
    return typeof codeNumber === 'number' ? [{ at, codeNumber, via: via === 'smtp' ? 'smtp' : 'inbox' }] : []
  })
}

export async function transactionOf({ store, tenant }: AdminPorts, acsTransID: string): Promise<Transaction> {
  const [transaction] = await store.transactions({
    tenant,
    acsTransID: parse(uuid, acsTransID, 'acsTransID'),
    limit: 1,
  })
  if (transaction === undefined) throw new BadRequest(404, 'acsTransID', 'no such transaction')
  return transaction
}

export function transactionsRouter(ports: AdminPorts): Router {
  const { store, tenant } = ports
  const router = Router()

  mount(router, '/transactions', listTransactions, async (_given, req, res) => {
    if (req.query.view !== 'summary') {
      const rows = await store.transactions({ tenant, ...parse(fullQuery, req.query) })
      res.json({ transactions: rows.map(shownTransaction), next: rows.at(-1)?.id })
      return
    }
    const { limit, before, view: _view, ...filter } = parse(summaryQuery, withoutEmpty(req.query))
    const isWanted = matcherOf(filter)
    const transactions: Summary[] = []
    let isOver = false
    const { searched, next } = await store.scan({ tenant, before, most: mostSearched }, (row) => {
      isOver = isPastEnd(row, filter.from)
      if (!isOver && isWanted(row)) transactions.push(summaryOf(row))
      return !isOver && transactions.length < limit
    })
    res.json({ transactions, ...(!isOver && next !== undefined && { next }), searched })
  })

  mount(router, '/transactions', getTransaction, async ({ params }, _req, res) => {
    const transaction = await transactionOf(ports, params.acsTransID)
    const { id, acsTransID, threeDSServerTransID, details } = transaction
    const [peers, all, effects, row, inbox] = await Promise.all([
      ports.peerMessages?.(threeDSServerTransID) ?? [],
      store.journalOf(id),
      store.effectsOf(id),
      store.challengeRow(tenant, acsTransID),
      store.inbox(tenant, 100, id),
    ])
    const journal = all.filter(({ party }) => party === undefined)
    const mails = inbox.length > 0 ? inbox.toReversed() : mailsIn(journal)
    // Of the day, where its text was kept.
    const policy = ports.policies.byHash(details.policyHash ?? '') ?? ports.policies.running()
    const evidence = readEvidence(details.evidence as readonly KeptEvidence[])
    const [base, challengeFrom, rejectFrom] = details.terms ?? [
      policy.base,
      policy.thresholds.challenge,
      policy.thresholds.reject,
    ]
    // Of a segment, or of costs, the thresholds are others than the policy's own.
    const setting = { ...policy, base, thresholds: { challenge: challengeFrom, reject: rejectFrom } }
    const features = details.features as readonly (number | null)[]
    const challenge = row?.challenge
    res.json({
      ...shownTransaction(transaction),
      evidence: { en: explain(evidence, 'en', setting), ja: explain(evidence, 'ja', setting) },
      features: Object.fromEntries(featureNames.map((name, position) => [name, features[position] ?? null])),
      facts: details.facts,
      deciders: decidersOf(transaction),
      waterfall: waterfallOf(transaction, policy),
      timeline: timelineOf({ transaction, journal, effects, mails, challenge }),
      messages: storyOf([...all.map(entryOf), ...peers.flatMap(entriesOfWitness)])
        .filter(({ link }) => link !== 'ACS→mail') // in the timeline
        .map(shownMessage),
      ...(challenge !== undefined && { challenge: shownChallenge(challenge) }),
      steps: effects.map(
        ({ kind, payload: { note: _note, isTriedAgain: _again, ...payload }, dueAt, attempts, done, createdAt }) => ({
          kind,
          ...payload,
          createdAt,
          dueAt,
          attempts,
          done,
        }),
      ),
    })
  })

  return router
}
