// The inbox of cardholders: mails, text messages, push notes. A request may wait for what has not come yet.
import { Router } from 'express'
import { z } from 'zod'
import { codeIn, composeNote } from '../../acs/challenge/otp-mail.ts'
import type { InboxFilter, InboxMessage, Secrets, Store } from '../../acs/ports.ts'
import { duration } from '../../faults/duration.ts'
import { formatAmount } from '../../web/i18n.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, instant, limit as limitSchema, rowId, uuid } from './request.ts'
import { transactionOf } from './transactions.ts'

const channels = ['email', 'sms', 'push'] as const

/** Longest wait, and how many requests may wait at a time. */
const longestWaitMs = 60_000
const mostWaiting = 200

const message = z
  .strictObject({
    id: z.int(),
    at: z.string().describe('by the clock of the tenant'),
    channel: z.enum(channels),
    via: z.enum(['inbox', 'smtp']),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    code: z.string().optional().describe('the one-time code; a push note has none'),
    acsTransID: z.string(),
    merchantName: z.string().optional(),
    purchaseAmount: z.string().optional(),
    purchaseCurrency: z.string().optional(),
    purchaseExponent: z.string().optional(),
    panMask: z.string(),
    language: z.enum(['en', 'ja']),
  })
  .meta({ id: 'InboxMessage' })

const wait = duration(longestWaitMs)
  .optional()
  .describe('such as 5s: where there is nothing that fits, the answer waits so long for it, by the clock on the wall')
const tooMany = { description: `more than ${mostWaiting} requests wait already` }

const listInbox = operation({
  id: 'listInbox',
  method: 'get',
  path: '/inbox',
  tag: 'Inbox',
  summary: 'Messages to cardholders, newest first',
  description:
    'With `wait` the answer comes as soon as there is something that fits, or with an empty list after that time; `after` with the id of the last known message waits for newer ones.',
  query: z.strictObject({
    limit: limitSchema,
    acsTransID: uuid.optional(),
    channel: z.enum(channels).optional(),
    since: instant.optional().describe('at this time or later, by the clock of the tenant'),
    after: z.coerce.number().int().min(0).optional().describe('only messages with a greater id'),
    wait,
  }),
  answers: {
    200: { description: 'what fits', schema: z.strictObject({ messages: z.array(message) }) },
    503: tooMany,
  },
})
const latestCode = operation({
  id: 'latestCode',
  method: 'get',
  path: '/inbox/latest',
  tag: 'Inbox',
  summary: 'The latest one-time code: of a transaction, or of all',
  query: z.strictObject({ acsTransID: uuid.optional(), threeDSServerTransID: uuid.optional(), wait }),
  answers: {
    200: { description: 'the message with the code', schema: message },
    404: { description: 'no such transaction, or no code for it (in time)' },
    503: tooMany,
  },
})
const getMessage = operation({
  id: 'getInboxMessage',
  method: 'get',
  path: '/inbox/{id}',
  tag: 'Inbox',
  summary: 'One message',
  params: z.object({ id: rowId }),
  answers: { 200: { description: 'the message', schema: message } },
})
const deleteMessage = operation({
  id: 'deleteInboxMessage',
  method: 'delete',
  path: '/inbox/{id}',
  tag: 'Inbox',
  summary: 'Delete a message',
  params: z.object({ id: rowId }),
  answers: { 204: { description: 'gone' } },
})
const clearInbox = operation({
  id: 'clearInbox',
  method: 'delete',
  path: '/inbox',
  tag: 'Inbox',
  summary: 'Delete all messages; codes stay valid',
  answers: { 200: { description: 'how many there were', schema: z.strictObject({ deleted: z.int() }) } },
})

export const inboxOperations = [listInbox, latestCode, getMessage, deleteMessage, clearInbox] as const

export interface MailPorts {
  readonly secrets: Secrets
  readonly store: Pick<Store, 'challengeSecret'>
}

/** An inbox message as people read it: the only place where a code shows. */
export function shownMail(message: InboxMessage, ports: MailPorts) {
  const code = codeIn(message, ports)
  const note = composeNote(message, code, formatAmount)
  return {
    id: message.id,
    at: new Date(message.at).toISOString(),
    channel: message.channel ?? 'email',
    via: message.via,
    to: note.to,
    subject: note.subject,
    text: note.text,
    ...(code !== undefined && { code }),
    acsTransID: message.acsTransID,
    merchantName: message.merchantName,
    purchaseAmount: message.purchaseAmount,
    purchaseCurrency: message.purchaseCurrency,
    purchaseExponent: message.purchaseExponent,
    panMask: message.panMask,
    language: message.language,
  }
}

export function inboxRouter(ports: AdminPorts): Router {
  const { store, tenant, live } = ports
  const router = Router()
  let waiting = 0

  /** What `read` finds, at once or as soon as something has come; nothing after the time, or when nobody listens any more. */
  async function found(
    read: () => Promise<readonly InboxMessage[]>,
    withinMs: number,
    gone: AbortSignal,
  ): Promise<readonly InboxMessage[]> {
    const at = await read()
    if (at.length > 0 || withinMs === 0) return at
    if (waiting >= mostWaiting) throw new BadRequest(503, 'wait', 'too many requests wait already')
    waiting += 1
    let messages: readonly InboxMessage[] = []
    let isOver = false
    let wake = (): void => {}
    const stop = (): void => {
      isOver = true
      wake()
    }
    const timer = setTimeout(stop, withinMs)
    gone.addEventListener('abort', stop)
    let hasNews = true // something may have come while the first look was on its way
    const takeBack = live.onMail(() => {
      hasNews = true
      wake()
    }, stop)
    try {
      while (!isOver && messages.length === 0) {
        if (hasNews) {
          hasNews = false
          messages = await read()
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
      return messages
    } finally {
      waiting -= 1
      clearTimeout(timer)
      takeBack()
    }
  }

  const messages = (limit: number, transactionId: number | undefined, filter: InboxFilter) => () =>
    store.inbox(tenant, limit, transactionId, filter)

  const goneOf = (res: { once(event: 'close', listener: () => void): unknown }): AbortSignal => {
    const controller = new AbortController()
    res.once('close', () => controller.abort())
    return controller.signal
  }

  mount(router, '/inbox', listInbox, async ({ query }, _req, res) => {
    const { limit, acsTransID, wait = 0, ...filter } = query
    const transaction = acsTransID === undefined ? undefined : await transactionOf(ports, acsTransID)
    const list = await found(messages(limit, transaction?.id, filter), wait, goneOf(res))
    res.json({ messages: list.map((one) => shownMail(one, ports)) })
  })

  mount(router, '/inbox', latestCode, async ({ query }, _req, res) => {
    const { acsTransID, threeDSServerTransID, wait = 0 } = query
    const isNamed = acsTransID !== undefined || threeDSServerTransID !== undefined
    const [transaction] = isNamed
      ? await store.transactions({ tenant, acsTransID, threeDSServerTransID, limit: 1 })
      : []
    if (isNamed && transaction === undefined) throw new BadRequest(404, 'acsTransID', 'no such transaction')
    const list = await found(messages(20, transaction?.id, { hasCode: true }), wait, goneOf(res))
    // One that still counts, if there is any.
    const latest = list.find((one) => codeIn(one, ports) !== undefined) ?? list[0]
    if (latest === undefined)
      throw new BadRequest(404, 'acsTransID', wait > 0 ? `no code came within ${wait} ms` : 'no code was sent')
    res.json(shownMail(latest, ports))
  })

  mount(router, '/inbox', getMessage, async ({ params }, _req, res) => {
    const one = await store.inboxMessage(tenant, params.id)
    if (one === undefined) throw new BadRequest(404, 'id', 'no such message')
    res.json(shownMail(one, ports))
  })

  mount(router, '/inbox', deleteMessage, async ({ params }, _req, res) => {
    if ((await store.unit((unit) => unit.removeFromInbox(tenant, params.id))) === 0)
      throw new BadRequest(404, 'id', 'no such message')
    res.status(204).end()
  })

  mount(router, '/inbox', clearInbox, async (_given, _req, res) => {
    res.json({ deleted: await store.unit((unit) => unit.removeFromInbox(tenant)) })
  })

  return router
}
