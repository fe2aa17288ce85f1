// The issuer's card register. A card is addressed by its keyed id, since numbers do not belong into URLs.
import { Router } from 'express'
import { z } from 'zod'
import { rangeOf } from '../../acs/issuer.ts'
import type { Card } from '../../acs/ports.ts'
import { isLocked, madeUpCard } from '../../acs/register.ts'
import { maskPan } from '../../protocol/mask.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber as acctNumberSchema, BadRequest, cardId, parse } from './request.ts'

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
const newCardBody = cardBody.extend({ acctNumber: acctNumberSchema })

const shownCard = (card: Card, at: number) => {
  const { panHash, failures, failuresSince: _since, ...rest } = card
  return { id: panHash, ...rest, failures, locked: isLocked(card, at) }
}

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

export function cardsRouter({ store, clock, secrets, issuer, tenant, observer }: AdminPorts): Router {
  const router = Router()

  router.get('/', async (_req, res) => {
    const at = clock.now()
    res.json({ cards: (await store.cards(tenant)).map((card) => shownCard(card, at)) })
  })

  // By number, in the body: finds the card's id, and makes its row where there is none.
  router.post('/', async (req, res) => {
    const { acctNumber, ...body } = parse(newCardBody, req.body)
    const range = rangeOf(issuer.ranges, acctNumber)
    if (range === undefined) throw new BadRequest(400, 'acctNumber', 'outside of the card ranges of this issuer')
    const panHash = secrets.panHash(acctNumber)
    const card = await store.unit((unit) => {
      const next = changed(unit.card(tenant, panHash) ?? madeUpCard(panHash, maskPan(acctNumber), range.scheme), body)
      unit.saveCard(tenant, next)
      return next
    })
    observer.cardChanged({ panHash })
    res.status(200).json(shownCard(card, clock.now()))
  })

  router.get('/:id', async (req, res) => {
    const card = await store.card(tenant, parse(cardId, req.params.id, 'id'))
    if (card === undefined) throw new BadRequest(404, 'id', 'the register has no such card')
    res.json(shownCard(card, clock.now()))
  })

  router.put('/:id', async (req, res) => {
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
    observer.cardChanged({ panHash: id })
    res.json(shownCard(card, clock.now()))
  })

  return router
}
