// The inbox of cardholders.
import { Router } from 'express'
import { z } from 'zod'
import { composeOtpMail } from '../../acs/challenge/otp-mail.ts'
import type { InboxMessage, Secrets } from '../../acs/ports.ts'
import { formatAmount } from '../../web/i18n.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, limit as limitSchema, parse, rowId, uuid } from './request.ts'
import { transactionOf } from './transactions.ts'

const inboxQuery = z.strictObject({ limit: limitSchema, acsTransID: uuid.optional() })

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
    language: message.language,
  }
}

export function inboxRouter(ports: AdminPorts): Router {
  const { store, secrets, tenant } = ports
  const router = Router()

  router.get('/', async (req, res) => {
    const { limit, acsTransID } = parse(inboxQuery, req.query)
    const transaction = acsTransID === undefined ? undefined : await transactionOf(ports, acsTransID)
    const messages = await store.inbox(tenant, limit, transaction?.id)
    res.json({ messages: messages.map((message) => shownMail(message, secrets)) })
  })

  router.get('/:id', async (req, res) => {
    const message = await store.inboxMessage(tenant, parse(rowId, req.params.id, 'id'))
    if (message === undefined) throw new BadRequest(404, 'id', 'no such message')
    res.json(shownMail(message, secrets))
  })

  return router
}
