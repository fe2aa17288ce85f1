// POST /authentication-values/verify: is this the value that the ACS gave? Never repeats the value (SEC-LOG-3, RES-AV-6, RES-AV-8).
import { Router } from 'express'
import { z } from 'zod'
import { algorithmOf, expectedEci, statusOf, verify } from '../../acs/result/verify.ts'
import { authenticationValues } from '../../protocol/tables/authentication-values.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber, parse, transStatuses, uuid } from './request.ts'

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

export function authenticationValuesRouter({ store, secrets, tenant }: AdminPorts): Router {
  const router = Router()

  router.post('/verify', async (req, res) => {
    const { acsTransID, dsTransID, ...claim } = parse(schema, req.body)
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
