// POST /authentication-values/verify: is this the value that the ACS gave? Never repeats the value (SEC-LOG-3, RES-AV-6, RES-AV-8).
import { Router } from 'express'
import { z } from 'zod'
import { algorithmOf, expectedEci, statusOf, verify } from '../../acs/result/verify.ts'
import { authenticationValues } from '../../protocol/tables/authentication-values.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber, transStatuses, uuid } from './request.ts'

const schema = z
  .strictObject({
    authenticationValue: z.string().min(1).max(4_000),
    acsTransID: uuid.optional(),
    dsTransID: uuid.optional(),
    purchaseAmount: z
      .string()
      .regex(/^[0-9]{0,48}$/, 'minor units expected, digits only')
      .optional(),
    purchaseCurrency: z
      .string()
      .regex(/^(?:[0-9]{3})?$/, 'ISO 4217 expected, three digits')
      .optional(),
    transStatus: z.enum(transStatuses).optional(),
    acctNumber: acctNumber.optional(),
  })
  .refine(({ acsTransID, dsTransID }) => (acsTransID === undefined) !== (dsTransID === undefined), {
    message: 'either acsTransID or dsTransID expected',
    path: ['acsTransID'],
  })

const verification = z.strictObject({
  valid: z.boolean(),
  why: z.enum(['matches', 'unknownTransaction', 'noValue', 'malformed', 'differs', 'disagrees']),
  disagrees: z.array(z.string()).optional().describe('claims that are not those of the transaction'),
  acsTransID: z.string().optional(),
  dsTransID: z.string().optional(),
  transStatus: z.string().optional(),
  eci: z.string().optional(),
  scheme: z.string().optional(),
  name: z.string().optional().describe('as the scheme calls the value'),
  algorithm: z
    .strictObject({
      mac: z.string(),
      fields: z.array(z.string()),
      separator: z.string(),
      octets: z.int(),
      lead: z.string(),
      encoding: z.string(),
    })
    .optional(),
})

const verifyAuthenticationValue = operation({
  id: 'verifyAuthenticationValue',
  method: 'post',
  path: '/authentication-values/verify',
  tag: 'Transactions',
  summary: 'Whether an authenticationValue is the one that the ACS gave',
  description: 'The value is not repeated. Give the id of the transaction by the ACS or by the DS.',
  body: schema,
  answers: { 200: { description: 'valid or not, and why', schema: verification } },
})

export const authenticationValuesOperations = [verifyAuthenticationValue] as const

export function authenticationValuesRouter({ store, secrets, tenant }: AdminPorts): Router {
  const router = Router()

  mount(router, '/authentication-values', verifyAuthenticationValue, async ({ body }, _req, res) => {
    const { acsTransID, dsTransID, ...claim } = body
    const [transaction] = await store.transactions({ tenant, acsTransID, dsTransID, limit: 1 })
    if (transaction === undefined) {
      res.json({ valid: false, why: 'unknownTransaction' })
      return
    }
    const { scheme } = transaction
    const eci = expectedEci(transaction)
    res.json({
      ...verify(transaction, claim, secrets),
      acsTransID: transaction.acsTransID,
      dsTransID: transaction.dsTransID,
      transStatus: statusOf(transaction),
      ...(eci !== undefined && { eci }),
      scheme,
      name: authenticationValues[scheme]?.name,
      algorithm: algorithmOf(transaction),
    })
  })

  return router
}
