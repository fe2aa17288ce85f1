// The screening service: what a merchant asks about an order before 3-D Secure, and a desk for people. Shops and issuers sign what
// they send (Standard Webhooks); the pages are for whoever operates it.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { webhookHeaders, webhookProblem } from '../../protocol/crypto/webhook-signature.ts'
import { noTables, type Tables } from '../../risk/tables.ts'
import { BodyAborted, BodyTooLarge, isEncoded, mediaTypeOf, readBody } from '../../web/body.ts'
import { BadRequest, readForm } from '../http-form.ts'
import type { Clock, Fetch, Log, Uuid } from '../ports.ts'
import { assessRequest, issuersWebhook, labels, listForm, orderRequest, outcomeRequest, stateRequest } from './api.ts'
import { createIssuerLink } from './issuer.ts'
import { sourceOfService } from './judge.ts'
import { learntOf } from './learnt.ts'
import { createPages } from './pages.ts'
import { createService } from './service.ts'
import type { ScreeningStore } from './store.ts'

export interface ScreeningOptions {
  readonly store: ScreeningStore
  /** `whsec_…`, shared with the shops and the issuer. */
  readonly secret: string
  /** Where the issuer's hook is, without a slash at the end. */
  readonly hookUrl?: string | undefined
  /** The console of the issuer, if it is near. */
  readonly consoleUrl?: string | undefined
  readonly tables?: Tables
  readonly clock: Clock
  readonly uuid: Uuid
  readonly log: Log
  readonly fetch?: Fetch
  /** Who may see the pages; without it nobody may. */
  readonly mayOperate?: RequestHandler | undefined
}

const messageLimitBytes = 65_536
const formLimitBytes = 16_384
const shownOrders = 50

const assets = fileURLToPath(new URL('../../../public/screening/', import.meta.url))

interface Signed {
  readonly json: unknown
  /** When the sender signed it. */
  readonly atMs: number
}

export function createScreening(options: ScreeningOptions): Router {
  const { store, secret, clock, uuid, log, tables = noTables } = options
  const issuer = createIssuerLink({ fetch, ...options, hookUrl: options.hookUrl })
  const service = createService({ store, clock, log, tables, secret, issuer })
  const pages = createPages({ log, consoleUrl: options.consoleUrl })
  const router = Router()

  /** The body of a signed message, once. */
  async function readSigned(req: Request): Promise<Signed> {
    if (mediaTypeOf(req) !== 'application/json' || isEncoded(req)) throw new BadRequest(415, 'plain JSON is expected')
    const bytes = await readBody(req, messageLimitBytes)
    const problem = webhookProblem([secret], req.headers, bytes, clock())
    if (problem !== undefined) throw new BadRequest(401, `the signature is not accepted: ${problem}`)
    if (!store.isNew(String(req.headers['webhook-id']), clock())) throw new BadRequest(409, 'this message came before')
    try {
      return { json: JSON.parse(bytes.toString('utf8')), atMs: Number(req.headers['webhook-timestamp']) * 1_000 }
    } catch {
      throw new BadRequest(400, 'the body is not JSON')
    }
  }

  const usable = <Value>(result: {
    readonly data?: Value
    readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] }
  }): Value => {
    if (result.data !== undefined) return result.data
    const [issue] = result.error?.issues ?? []
    throw new BadRequest(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not usable'}`)
  }

  /** Answers are signed as questions are; by the time of the question, which both sides accept. */
  function answer(res: Response, atMs: number, message: object): void {
    const body = JSON.stringify(message)
    res
      .set({ ...webhookHeaders(secret, `msg_${uuid()}`, atMs, body), 'sekisho-source': sourceOfService })
      .set('cache-control', 'no-store')
      .type('json')
      .send(body)
  }

  const signed =
    (work: (message: Signed, res: Response) => Promise<void> | void): RequestHandler =>
    async (req, res) => {
      try {
        await work(await readSigned(req), res)
      } catch (error) {
        if (error instanceof BodyAborted) return
        const status = error instanceof BadRequest ? error.status : error instanceof BodyTooLarge ? 413 : 500
        if (status === 500) log.error({ err: error }, 'screening: a message failed')
        const words = status === 500 || !(error instanceof Error) ? 'internal failure' : error.message
        res.status(status).json({ error: words })
      }
    }

  router.post(
    '/orders',
    signed(async ({ json, atMs }, res) => {
      answer(res, atMs, await service.screen(usable(orderRequest.safeParse(json))))
    }),
  )

  router.post(
    '/states',
    signed(({ json, atMs }, res) => {
      const state = service.stateOf(usable(stateRequest.safeParse(json)).orderId)
      if (state === undefined) throw new BadRequest(404, 'no such order')
      answer(res, atMs, state)
    }),
  )

  // For the issuer, which waits: what is known of a transaction, or nothing.
  router.post(
    '/assess',
    signed(({ json, atMs }, res) => {
      const assessment = service.assess(usable(assessRequest.safeParse(json)))
      if (assessment === undefined) res.status(204).end()
      else answer(res, atMs, assessment)
    }),
  )

  // From the shop how the payment ended and what became known of it; from the issuer its own webhooks.
  router.post(
    '/outcomes',
    signed(async ({ json, atMs }, res) => {
      const webhook = issuersWebhook.safeParse(json).data
      const outcome =
        webhook === undefined ? usable(outcomeRequest.safeParse(json)) : outcomeRequest.safeParse(webhook.data).data
      const isKnown = outcome !== undefined && (await service.learn(outcome))
      // An issuer tells of every payment of the merchant, screened or not.
      if (!isKnown && webhook === undefined) throw new BadRequest(404, 'no such order')
      answer(res, atMs, { isKnown })
    }),
  )

  router.use('/assets', express.static(assets, { maxAge: '1h', index: false, redirect: false }))

  router.use((req, res, next) => {
    if (options.mayOperate === undefined) res.status(403).type('txt').send('nobody may see this\n')
    else options.mayOperate(req, res, next)
  })

  /** In every form: a page of another site cannot know it (SEC-CSP-9). */
  const formToken = createHmac('sha256', secret).update('screening:form').digest('base64url')
  async function formOf(req: Request): Promise<URLSearchParams> {
    const form = await readForm(req, formLimitBytes)
    const [given, due] = [form.get('token') ?? '', formToken].map((text) =>
      createHmac('sha256', 'token').update(text).digest(),
    )
    if (given === undefined || due === undefined || !timingSafeEqual(given, due))
      throw new BadRequest(403, 'this form is not ours')
    return form
  }

  const { handled, show, goTo } = pages

  router.get(
    '/',
    handled((req, res) =>
      show(req, res, 'overview', {
        learnt: learntOf(store.tallies()),
        open: store.openReviews(),
        orders: store.newest(shownOrders).map(service.shown),
        token: formToken,
      }),
    ),
  )

  router.get(
    '/reviews',
    handled((req, res) =>
      show(req, res, 'reviews', { orders: store.reviews(200).map(service.shown), open: store.openReviews() }),
    ),
  )

  router.get(
    '/orders/:orderId',
    handled((req, res) => {
      const shown = service.show(String(req.params.orderId))
      if (shown === undefined) throw new BadRequest(404, 'no such order')
      show(req, res, 'order', { ...shown, open: store.openReviews(), token: formToken, labels })
    }),
  )

  router.post(
    '/orders/:orderId/decision',
    handled(async (req, res) => {
      const form = await formOf(req)
      const orderId = String(req.params.orderId)
      const decision = (['passed', 'stopped', 'held'] as const).find((known) => known === form.get('decision'))
      if (decision === undefined) throw new BadRequest(400, 'no such decision')
      const note = (form.get('note') ?? '').trim().slice(0, 500)
      const isDone = await service.decide(orderId, decision, note)
      goTo(req, res, isDone ? '/reviews' : `/orders/${encodeURIComponent(orderId)}`)
    }),
  )

  router.post(
    '/orders/:orderId/label',
    handled(async (req, res) => {
      const form = await formOf(req)
      const orderId = String(req.params.orderId)
      const label = labels.find((known) => known === form.get('label'))
      if (label === undefined || !(await service.learn({ orderId, label }))) throw new BadRequest(404, 'no such order')
      goTo(req, res, `/orders/${encodeURIComponent(orderId)}`)
    }),
  )

  router.get(
    '/lists',
    handled((req, res) =>
      show(req, res, 'lists', {
        entries: store.lists(clock()),
        open: store.openReviews(),
        token: formToken,
        isWrong: req.query.wrong === 'value',
      }),
    ),
  )

  router.post(
    '/lists',
    handled(async (req, res) => {
      const form = await formOf(req)
      const entry = listForm.safeParse(Object.fromEntries(form)).data
      const { kind } = entry ?? {}
      const isTaken =
        entry !== undefined && kind !== undefined && kind !== 'card' && service.addToList({ ...entry, kind })
      goTo(req, res, isTaken ? '/lists' : '/lists?wrong=value')
    }),
  )

  router.post(
    '/lists/remove',
    handled(async (req, res) => {
      const form = await formOf(req)
      store.unlist(form.get('kind') ?? '', form.get('key') ?? '', form.get('reason') ?? '')
      goTo(req, res, '/lists')
    }),
  )

  return router
}
