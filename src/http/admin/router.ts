// The admin API, first floor: transactions, inbox, card register, scenario table, policy.
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { composeOtpMail } from '../../acs/challenge/otp-mail.ts'
import { type Issuer, rangeOf, scenarioFor } from '../../acs/issuer.ts'
import type { Card, Clock, InboxMessage, JournalEntry, Secrets, Store, Transaction } from '../../acs/ports.ts'
import { cardStateOf, isLocked, madeUpCard } from '../../acs/register.ts'
import { maskDigitRuns, maskPan } from '../../protocol/mask.ts'
import { explain } from '../../risk/explain.ts'
import { featureNames } from '../../risk/features.ts'
import { type KeptEvidence, readEvidence } from '../../risk/kept.ts'
import type { Policy } from '../../risk/policy.ts'
import { formatAmount } from '../../web/i18n.ts'
import { mergeMessages, type PeerMessages } from './peer-messages.ts'
import { shownPolicy } from './shown-policy.ts'

export interface AdminPorts {
  readonly store: Store
  readonly clock: Clock
  readonly secrets: Secrets
  readonly issuer: Issuer
  readonly policy: Policy
  /** Name of the file that the policy was read from. */
  readonly policyFile?: string | undefined
  readonly tenant: number
  /** What DS and 3DS Server saw of a transaction. */
  readonly peerMessages?: PeerMessages | undefined
}

/** A problem of a request, with the path of what is wrong; never a value of it. */
class BadRequest extends Error {
  readonly status: number
  readonly path: string
  constructor(status: number, path: string, message: string) {
    super(message)
    this.status = status
    this.path = path
  }
}

/** `name`: what the value is called where it has no members of its own. */
function parse<T>(schema: z.ZodType<T>, value: unknown, name = ''): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path =
    issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys].join('.') : (issue?.path.join('.') ?? '')
  // Names are repeated, so a card number that was taken for one is masked (SEC-LOG-3).
  throw new BadRequest(400, maskDigitRuns(path === '' ? name : path), maskDigitRuns(issue?.message ?? 'not valid'))
}

/** By form only, as the protocol takes them (FLOW-GEN-7). */
const uuid = z.guid()
const transactionQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.coerce.number().int().positive().optional(),
  acsTransID: uuid.optional(),
  threeDSServerTransID: uuid.optional(),
  dsTransID: uuid.optional(),
  transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'I', 'C']).optional(),
})
const inboxQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  acsTransID: uuid.optional(),
})
const cardBody = z.strictObject({
  holder: z.string().min(1).max(100).optional(),
  email: z.email().optional(),
  phone: z.string().max(30).nullable().optional(),
  language: z.enum(['en', 'ja']).optional(),
  methods: z
    .array(z.enum(['emailOtp']))
    .max(1)
    .optional(),
  blocked: z.boolean().optional(),
  stolen: z.boolean().optional(),
  expired: z.boolean().optional(),
  /** true: forget the wrong codes that locked the card. */
  unlock: z.literal(true).optional(),
})
const acctNumberSchema = z.string().regex(/^[0-9]{13,19}$/, '13 to 19 digits expected')
const newCardBody = cardBody.extend({ acctNumber: acctNumberSchema })
const cardId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'the id of a card expected (GET /api/v1/cards); card numbers do not belong into a URL')

const shownTransaction = (transaction: Transaction) => {
  const { details, panHash, ...rest } = transaction
  const { facts: _facts, features: _features, evidence: _evidence, ...decision } = details
  return { ...rest, card: panHash, ...decision }
}

const shownMessage = (entry: JournalEntry) => {
  const { masked, raw, tenant: _tenant, transactionId: _transactionId, ...rest } = entry
  let message: unknown = masked
  try {
    message = JSON.parse(masked)
  } catch {
    // what could not be parsed is shown as masked text
  }
  return { ...rest, message, ...(raw !== undefined && { raw: Buffer.from(raw).toString('utf8') }) }
}

/** What was written down together happened in order. */
const inTime = (one: { readonly at: number }, other: { readonly at: number }): number => one.at - other.at

const shownCard = (card: Card, at: number) => {
  const { panHash, failures, failuresSince: _since, ...rest } = card
  return { id: panHash, ...rest, failures, locked: isLocked(card, at) }
}

/** What the register says of a card before anybody decides. */
const stateOf = (card: Card | undefined, at: number) => ({
  isRegistered: card?.isRegistered ?? false,
  state: card === undefined ? 'active' : cardStateOf(card, at, false).status,
  locked: card !== undefined && isLocked(card, at),
})

const changed = (card: Card, body: z.infer<typeof cardBody>): Card => {
  const { unlock, phone, ...rest } = body
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<Card>
  return {
    ...card,
    ...given,
    ...(phone !== undefined && { phone: phone ?? undefined }),
    ...(unlock === true && { failures: 0, failuresSince: 0 }),
    isRegistered: true,
  }
}

/** An inbox message as people read it: the only place where a code shows. */
export function shownMail(message: InboxMessage, secrets: Secrets) {
  const code = secrets.otp(message.acsTransID, message.codeNumber)
  const mail = composeOtpMail(message, code, formatAmount)
  return {
    id: message.id,
    at: new Date(message.at).toISOString(),
    channel: 'email',
    via: message.via,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    code,
    acsTransID: message.acsTransID,
    merchantName: message.merchantName,
    purchaseAmount: message.purchaseAmount,
    purchaseCurrency: message.purchaseCurrency,
    purchaseExponent: message.purchaseExponent,
    panMask: message.panMask,
  }
}

export function adminRouter(ports: AdminPorts): Router {
  const { store, secrets, tenant, issuer, clock } = ports
  const router = Router()
  router.use(express.json({ limit: '64kb' }))
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })

  const transactionOf = async (acsTransID: string): Promise<Transaction> => {
    const [transaction] = await store.transactions({
      tenant,
      acsTransID: parse(uuid, acsTransID, 'acsTransID'),
      limit: 1,
    })
    if (transaction === undefined) throw new BadRequest(404, 'acsTransID', 'no such transaction')
    return transaction
  }

  router.get('/transactions', async (req, res) => {
    const rows = await store.transactions({ tenant, ...parse(transactionQuery, req.query) })
    res.json({ transactions: rows.map(shownTransaction), next: rows.at(-1)?.id })
  })

  router.get('/transactions/:acsTransID', async (req, res) => {
    const transaction = await transactionOf(req.params.acsTransID)
    const { id, acsTransID, threeDSServerTransID, details } = transaction
    const [peers, journal, effects, row] = await Promise.all([
      ports.peerMessages?.(threeDSServerTransID) ?? [],
      store.journalOf(id),
      store.effectsOf(id),
      store.challengeRow(tenant, acsTransID),
    ])
    const evidence = readEvidence(details.evidence as readonly KeptEvidence[])
    const features = details.features as readonly (number | null)[]
    const challenge = row?.challenge
    res.json({
      ...shownTransaction(transaction),
      evidence: { en: explain(evidence, 'en', ports.policy), ja: explain(evidence, 'ja', ports.policy) },
      features: Object.fromEntries(featureNames.map((name, position) => [name, features[position] ?? null])),
      facts: details.facts,
      messages: mergeMessages([{ party: 'ACS', messages: journal.map(shownMessage).toSorted(inTime) }, ...peers]),
      ...(challenge !== undefined && { challenge: { ...challenge, threeDSSessionData: undefined } }),
      steps: effects.map(({ kind, payload, dueAt, attempts, done, createdAt }) => ({
        kind,
        ...payload,
        createdAt,
        dueAt,
        attempts,
        done,
      })),
    })
  })

  router.get('/inbox', async (req, res) => {
    const { limit, acsTransID } = parse(inboxQuery, req.query)
    const transaction = acsTransID === undefined ? undefined : await transactionOf(acsTransID)
    const messages = await store.inbox(tenant, limit, transaction?.id)
    res.json({ messages: messages.map((message) => shownMail(message, secrets)) })
  })

  router.get('/inbox/:id', async (req, res) => {
    const message = await store.inboxMessage(tenant, parse(z.coerce.number().int().positive(), req.params.id, 'id'))
    if (message === undefined) throw new BadRequest(404, 'id', 'no such message')
    res.json(shownMail(message, secrets))
  })

  router.get('/cards', async (_req, res) => {
    const at = clock.now()
    res.json({ cards: (await store.cards(tenant)).map((card) => shownCard(card, at)) })
  })

  // By number, in the body: finds the card's id, and makes its row where there is none.
  router.post('/cards', async (req, res) => {
    const { acctNumber, ...body } = parse(newCardBody, req.body)
    const range = rangeOf(issuer.ranges, acctNumber)
    if (range === undefined) throw new BadRequest(400, 'acctNumber', 'outside of the card ranges of this issuer')
    const panHash = secrets.panHash(acctNumber)
    const card = await store.unit((unit) => {
      const next = changed(unit.card(tenant, panHash) ?? madeUpCard(panHash, maskPan(acctNumber), range.scheme), body)
      unit.saveCard(tenant, next)
      return next
    })
    res.status(200).json(shownCard(card, clock.now()))
  })

  router.get('/cards/:id', async (req, res) => {
    const card = await store.card(tenant, parse(cardId, req.params.id, 'id'))
    if (card === undefined) throw new BadRequest(404, 'id', 'the register has no such card')
    res.json(shownCard(card, clock.now()))
  })

  router.put('/cards/:id', async (req, res) => {
    const id = parse(cardId, req.params.id, 'id')
    const body = parse(cardBody, req.body)
    const card = await store.unit((unit) => {
      const known = unit.card(tenant, id)
      if (known === undefined) return undefined
      const next = changed(known, body)
      unit.saveCard(tenant, next)
      return next
    })
    if (card === undefined)
      throw new BadRequest(404, 'id', 'the register has no such card; POST /api/v1/cards makes one')
    res.json(shownCard(card, clock.now()))
  })

  router.get('/scenarios', (_req, res) => {
    res.json({ ranges: issuer.ranges, scenarios: issuer.scenarios, cards: issuer.try })
  })

  // Which row would this card hit? By number, in the body, and nothing is kept of it.
  router.post('/scenarios/match', async (req, res) => {
    const { acctNumber } = parse(z.strictObject({ acctNumber: acctNumberSchema }), req.body)
    const range = rangeOf(issuer.ranges, acctNumber)
    const id = secrets.panHash(acctNumber)
    const card = await store.card(tenant, id)
    const row = range?.mode === 'scripted' ? scenarioFor(issuer.scenarios, acctNumber) : undefined
    res.json({
      panMask: maskPan(acctNumber),
      range: range ?? null,
      scenario: row ?? null,
      card: range === undefined ? null : { id, ...stateOf(card, clock.now()) },
    })
  })

  router.get('/policy', (_req, res) => {
    res.json(shownPolicy(ports.policy, ports.policyFile))
  })

  router.use((_req, res) => {
    res.status(404).json({ error: 'no such resource' })
  })

  // The last handler: a bad body is the sender's fault, anything else ours, and neither says more than it must.
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error)
    if (error instanceof BadRequest) return res.status(error.status).json({ error: error.message, path: error.path })
    const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500
    if (status >= 500) return next(error)
    return res.status(status).json({ error: 'the body is not valid JSON, or too large' })
  })

  return router
}
