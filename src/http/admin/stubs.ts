// Stubs: answers that are planned for the next AReqs that match.
import { Router } from 'express'
import { z } from 'zod'
import { isExpired, type stubElements } from '../../acs/authenticate/stubs.ts'
import { type Issuer, isReason, rangeOf } from '../../acs/issuer.ts'
import type { Stub } from '../../acs/ports.ts'
import { maskPan } from '../../protocol/mask.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber, BadRequest, cardId, instant, parse, rowId, transStatuses } from './request.ts'

/** Digits in groups count as one number. A UUID may be all digits, an acquirer's merchant number mostly has fifteen. */
const mayHoldCard: Readonly<Partial<Record<(typeof stubElements)[number], RegExp>>> = {
  merchantName: /[0-9](?:[ -]?[0-9]){12,}/,
  acquirerMerchantID: /^3[47][0-9]{13}$|[0-9]{16,}/,
}

/** What is compared with an element; a card number is known by its hash only. */
const elementValue = (name: (typeof stubElements)[number], { ranges }: Pick<Issuer, 'ranges'>) =>
  z
    .string()
    .min(1)
    .max(200)
    .refine(
      (text) =>
        !(mayHoldCard[name] ?? /[0-9]{13,}/).test(text) &&
        !(/^[0-9]{13,19}$/.test(text) && rangeOf(ranges, text) !== undefined),
      'card numbers belong into acctNumber',
    )

const refusals: ReadonlySet<string> = new Set(['N', 'U', 'R'])

const outcomeSchema = z
  .strictObject({ transStatus: z.enum(transStatuses), transStatusReason: z.string().optional() })
  .superRefine(({ transStatus, transStatusReason }, context) => {
    if (transStatusReason === undefined) return
    const message = !refusals.has(transStatus)
      ? 'only N, U and R have a reason'
      : isReason(transStatusReason)
        ? undefined
        : 'no reason that an ARes of version 2.2.0 may carry (01 to 13, 15 to 26)'
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['transStatusReason'], message })
  })

const stubBody = (issuer: Issuer) =>
  z.strictObject({
    match: z.strictObject({ card: cardId.optional(), acctNumber: acctNumber.optional() }).extend({
      merchantName: elementValue('merchantName', issuer).optional(),
      acquirerMerchantID: elementValue('acquirerMerchantID', issuer).optional(),
      purchaseAmount: elementValue('purchaseAmount', issuer).optional(),
      purchaseCurrency: elementValue('purchaseCurrency', issuer).optional(),
      threeDSRequestorID: elementValue('threeDSRequestorID', issuer).optional(),
      threeDSServerTransID: elementValue('threeDSServerTransID', issuer).optional(),
    } satisfies Record<(typeof stubElements)[number], z.ZodType>),
    times: z.number().int().min(1).max(1_000_000).default(1),
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    then: outcomeSchema,
    expiresAt: instant.optional(),
  })

/** Every AReq looks through those that wait. */
const mostStubs = 10_000

const shownStub = ({ id, match, times, left, outcome, createdAt, expiresAt }: Stub) => ({
  id: String(id),
  match: {
    ...(match.card !== undefined && { card: match.card }),
    ...(match.panMask !== undefined && { panMask: match.panMask }),
    ...match.elements,
  },
  times,
  left,
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  then: outcome,
  createdAt,
  ...(expiresAt !== undefined && { expiresAt }),
})

export function stubsRouter({ store, clock, secrets, issuer, tenant, observer }: AdminPorts): Router {
  const router = Router()
  const body = stubBody(issuer)

  router.get('/', (_req, res) => {
    const at = clock.now()
    res.json({ stubs: store.stubs(tenant).flatMap((stub) => (isExpired(stub, at) ? [] : [shownStub(stub)])) })
  })

  router.post('/', async (req, res) => {
    const { match, times, then: outcome, expiresAt } = parse(body, req.body)
    const { card, acctNumber: number, ...rest } = match
    const elements = Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
    const createdAt = clock.now()
    if (expiresAt !== undefined && expiresAt <= createdAt) throw new BadRequest(400, 'expiresAt', 'is over already')
    if (number !== undefined && rangeOf(issuer.ranges, number) === undefined) {
      throw new BadRequest(400, 'match.acctNumber', 'outside of the card ranges of this issuer')
    }
    const own = number === undefined ? undefined : secrets.panHash(number)
    if (own !== undefined && card !== undefined && own !== card) {
      throw new BadRequest(400, 'match.card', 'is not the card of match.acctNumber')
    }
    const id = own ?? card
    const stub = await store.unit((unit) => {
      const waiting = unit.stubs(tenant)
      for (const old of waiting) if (isExpired(old, createdAt)) unit.deleteStub(tenant, old.id)
      if (unit.stubs(tenant).length >= mostStubs) return undefined
      const panMask =
        number !== undefined ? maskPan(number) : id === undefined ? undefined : unit.card(tenant, id)?.mask
      return unit.addStub({
        tenant,
        match: {
          ...(id !== undefined && { card: id }),
          ...(panMask !== undefined && { panMask }),
          elements,
        },
        times,
        outcome,
        createdAt,
        ...(expiresAt !== undefined && { expiresAt }),
      })
    })
    if (stub === undefined) throw new BadRequest(409, '', `${mostStubs} stubs are waiting already`)
    observer.stubsChanged()
    res.status(201).json(shownStub(stub))
  })

  router.delete('/:id', async (req, res) => {
    const id = parse(rowId, req.params.id, 'id')
    const isGone = await store.unit((unit) => unit.deleteStub(tenant, id))
    if (!isGone) throw new BadRequest(404, 'id', 'no such stub, or it is used up')
    observer.stubsChanged()
    res.status(204).end()
  })

  return router
}
