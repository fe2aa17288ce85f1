// What waits for the banking app, and its answers: the issuer's desk, and tests that need no phone.
import { Router } from 'express'
import { z } from 'zod'
import { type Approval, approvalOf, type BankPorts, decide, decisions, openApprovals } from '../../acs/bank.ts'
import { mount, operation } from './operation.ts'
import { BadRequest, cardId, uuid } from './request.ts'

const instantText = z.string().describe('by the clock of the tenant')
const prompts = ['trustList', 'deviceBinding'] as const

const approval = z
  .strictObject({
    acsTransID: z.string(),
    way: z.enum(['oob', 'oobMatch', 'decoupled']),
    state: z
      .enum(['open', 'answered', 'notYet', 'over'])
      .describe(
        'answered: the page of the shop has still to learn of it; notYet: that page is not open; over: too late',
      ),
    at: instantText.describe('when the AReq came'),
    until: instantText.optional().describe('when it ends by itself'),
    merchantName: z.string().optional(),
    purchaseAmount: z.string().optional(),
    purchaseCurrency: z.string().optional(),
    purchaseExponent: z.string().optional(),
    panMask: z.string(),
    card: z.string().describe('keyed id of the card'),
    holder: z.string(),
    scheme: z.string(),
    issuer: z.string().describe('id of the issuer'),
    prompts: z.array(z.enum(prompts)).describe('what is asked beside'),
    match: z
      .strictObject({ shown: z.string(), choices: z.array(z.string()), left: z.int() })
      .optional()
      .describe('oobMatch: the number of the page, what the app offers, and how often one may be chosen'),
    answered: z.enum(decisions).optional(),
    planned: z
      .strictObject({ at: instantText, decision: z.enum(decisions) })
      .optional()
      .describe('what the cardholder of a scenario does by themselves'),
    ending: z.enum(['approved', 'refused', 'cancelled', 'expired', 'ended']).optional(),
    verdict: z
      .strictObject({
        transStatus: z.string(),
        transStatusReason: z.string().optional(),
        challengeCancel: z.string().optional(),
        at: instantText,
      })
      .optional(),
  })
  .meta({ id: 'Approval' })

const params = z.object({ acsTransID: uuid })
const notFound = { description: 'no such transaction, or the banking app has nothing to do with it' }

const listApprovals = operation({
  id: 'listApprovals',
  method: 'get',
  path: '/approvals',
  tag: 'Approvals',
  summary: 'What waits for the banking app: out of band and decoupled, newest first',
  query: z.strictObject({ card: cardId.optional().describe('only those of this card') }),
  answers: { 200: { description: 'those that are open', schema: z.strictObject({ approvals: z.array(approval) }) } },
})
const getApproval = operation({
  id: 'getApproval',
  method: 'get',
  path: '/approvals/{acsTransID}',
  tag: 'Approvals',
  summary: 'One of them, wherever it stands',
  params,
  answers: { 200: { description: 'as it is now', schema: approval }, 404: notFound },
})
const decideApproval = operation({
  id: 'decideApproval',
  method: 'post',
  path: '/approvals/{acsTransID}',
  tag: 'Approvals',
  summary: 'Approve or refuse, as the cardholder would in the banking app',
  description:
    'A wrong `number` is told by `state` open and `match.left`; the third is a refusal. Without `number` the right one is chosen. What is asked beside and not mentioned is a no.',
  params,
  body: z.strictObject({
    decision: z.enum(decisions),
    trustList: z.boolean().optional().describe('yes or no to the trust list, where that is asked'),
    deviceBinding: z.boolean().optional(),
    number: z
      .string()
      .regex(/^[0-9]{2}$/, 'two digits expected')
      .optional()
      .describe('oobMatch: the number that is chosen'),
  }),
  answers: {
    200: { description: 'as it is after it', schema: approval },
    404: notFound,
    409: { description: 'too early, too late, or answered already' },
  },
})

export const approvalsOperations = [listApprovals, getApproval, decideApproval] as const

const iso = (at: number): string => new Date(at).toISOString()

function shownApproval({ transaction, card, brand, until, planned, verdict, ...rest }: Approval) {
  const { acsTransID, at, merchantName, purchaseAmount, purchaseCurrency, purchaseExponent, panMask } = transaction
  return {
    acsTransID,
    at: iso(at),
    ...(until !== undefined && { until: iso(until) }),
    merchantName,
    purchaseAmount,
    purchaseCurrency,
    purchaseExponent,
    panMask,
    card: card.panHash,
    holder: card.holder,
    scheme: transaction.scheme,
    issuer: brand.id,
    ...rest,
    ...(planned !== undefined && { planned: { ...planned, at: iso(planned.at) } }),
    ...(verdict !== undefined && {
      verdict: {
        transStatus: verdict.transStatus,
        transStatusReason: verdict.transStatusReason,
        challengeCancel: verdict.challengeCancel,
        at: iso(verdict.at),
      },
    }),
  }
}

const why = ({ state, ending }: Approval): string =>
  ({
    open: 'it was answered at the same moment',
    answered: 'it is answered already',
    notYet: 'the page that asks for the banking app is not open yet',
    over: ending === 'expired' ? 'too late: its time is over' : 'it is over already',
  })[state]

export function approvalsRouter(ports: BankPorts): Router {
  const router = Router()
  const missing = () => new BadRequest(404, 'acsTransID', notFound.description)

  mount(router, '/approvals', listApprovals, async ({ query }, _req, res) => {
    res.json({ approvals: (await openApprovals(ports, query.card)).map(shownApproval) })
  })

  mount(router, '/approvals', getApproval, async ({ params: { acsTransID } }, _req, res) => {
    const one = await approvalOf(ports, acsTransID)
    if (one === undefined) throw missing()
    res.json(shownApproval(one))
  })

  mount(router, '/approvals', decideApproval, async ({ params: { acsTransID }, body }, _req, res) => {
    const { decision, trustList, deviceBinding, number } = body
    const consent = {
      ...(trustList !== undefined && { trustList }),
      ...(deviceBinding !== undefined && { deviceBinding }),
    }
    const decided = await decide(ports, { acsTransID, decision, consent, number, via: 'api' })
    if (decided.is === 'unknown') throw missing()
    if (decided.is === 'unfit') throw new BadRequest(409, 'acsTransID', why(decided.approval))
    res.json(shownApproval(decided.approval))
  })

  return router
}
