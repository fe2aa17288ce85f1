// The issuer's card register. A card is addressed by its keyed id, since numbers do not belong into URLs.
import { Router } from 'express'
import { z } from 'zod'
import { challengeKinds } from '../../acs/challenge/kinds.ts'
import { rangeOf } from '../../acs/issuer.ts'
import type { Card } from '../../acs/ports.ts'
import { isLocked, madeUpCard, mostKept } from '../../acs/register.ts'
import { maskPan } from '../../protocol/mask.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { acctNumber as acctNumberSchema, BadRequest, cardId } from './request.ts'

const merchantID = z.string().min(1).max(35)
const deviceID = z.string().regex(/^[\w-]{1,64}$/, 'the keyed id of a device expected')

const cardBody = z.strictObject({
  holder: z.string().min(1).max(100).optional(),
  email: z.email().optional(),
  phone: z.string().max(30).nullable().optional(),
  language: z.enum(['en', 'ja']).optional(),
  methods: z.array(z.enum(challengeKinds)).max(challengeKinds.length).optional(),
  blocked: z.boolean().optional(),
  stolen: z.boolean().optional(),
  expired: z.boolean().optional(),
  trusts: z
    .array(z.strictObject({ acquirerMerchantID: merchantID, merchantName: z.string().min(1).max(40).optional() }))
    .max(mostKept)
    .optional()
    .describe('the whole trust list; shops that are on it keep their time'),
  devices: z
    .array(z.strictObject({ id: deviceID, name: z.string().min(1).max(60).optional() }))
    .max(mostKept)
    .optional()
    .describe('all bound devices, by the keyed ids that the register shows'),
  unlock: z.literal(true).optional().describe('forget the wrong codes that locked the card'),
})
const newCardBody = cardBody.extend({ acctNumber: acctNumberSchema })

const cardSchema = z
  .strictObject({
    id: z.string().describe('keyed id of the card; it stands for the number in addresses'),
    mask: z.string(),
    scheme: z.string(),
    holder: z.string(),
    email: z.string(),
    phone: z.string().optional(),
    language: z.enum(['en', 'ja']),
    methods: z.array(z.string()),
    trusts: z
      .array(
        z.strictObject({
          acquirerMerchantID: z.string(),
          merchantName: z.string().optional(),
          at: z.string().describe('since when, by the clock of the tenant'),
        }),
      )
      .describe('shops on the trust list of the holder'),
    devices: z
      .array(z.strictObject({ id: z.string(), name: z.string(), at: z.string() }))
      .describe('devices that the holder has bound'),
    blocked: z.boolean(),
    stolen: z.boolean(),
    expired: z.boolean(),
    failures: z.int().describe('wrong codes of today'),
    locked: z.boolean(),
    isRegistered: z.boolean().describe('false: a made-up cardholder of the ranges'),
  })
  .meta({ id: 'Card' })

const params = z.object({ id: cardId })
const listCards = operation({
  id: 'listCards',
  method: 'get',
  path: '/cards',
  tag: 'Cards',
  summary: 'The register of cards',
  answers: { 200: { description: 'every row', schema: z.strictObject({ cards: z.array(cardSchema) }) } },
})
const findCard = operation({
  id: 'findCard',
  method: 'post',
  path: '/cards',
  tag: 'Cards',
  summary: 'Find or make the row of a card, by its number',
  description: 'Members that are given change the row.',
  body: newCardBody,
  answers: { 200: { description: 'the row', schema: cardSchema } },
})
const getCard = operation({
  id: 'getCard',
  method: 'get',
  path: '/cards/{id}',
  tag: 'Cards',
  summary: 'One card',
  params,
  answers: { 200: { description: 'the row', schema: cardSchema } },
})
const changeCard = operation({
  id: 'changeCard',
  method: 'put',
  path: '/cards/{id}',
  tag: 'Cards',
  summary: 'Change a card: address, methods, trust list, devices, blocked, stolen, expired, unlock',
  params,
  body: cardBody,
  answers: { 200: { description: 'the row as it is now', schema: cardSchema } },
})

export const cardsOperations = [listCards, findCard, getCard, changeCard] as const

const shownCard = (card: Card, at: number) => {
  const { panHash, failures, failuresSince: _since, trusts = [], devices = [], ...rest } = card
  return {
    id: panHash,
    ...rest,
    trusts: trusts.map((shop) => ({ ...shop, at: iso(shop.at) })),
    devices: devices.map((device) => ({ ...device, at: iso(device.at) })),
    failures,
    locked: isLocked(card, at),
  }
}

const iso = (at: number): string => new Date(at).toISOString()

type Body = z.infer<typeof cardBody>

/** What is named twice is one, as it was said last. */
const lastOfEach = <T>(given: readonly T[], keyOf: (one: T) => string): readonly T[] => [
  ...new Map(given.map((one) => [keyOf(one), one])).values(),
]

/** As the body has it; what is known keeps its time, and its name where none is given. */
const trustsOf = ({ trusts: known = [] }: Card, given: NonNullable<Body['trusts']>, at: number): Card['trusts'] =>
  lastOfEach(given, (shop) => shop.acquirerMerchantID).map(({ acquirerMerchantID, merchantName }) => {
    const shop = known.find((one) => one.acquirerMerchantID === acquirerMerchantID)
    const name = merchantName ?? shop?.merchantName
    return { acquirerMerchantID, ...(name !== undefined && { merchantName: name }), at: shop?.at ?? at }
  })
const devicesOf = ({ devices: known = [] }: Card, given: NonNullable<Body['devices']>, at: number): Card['devices'] =>
  lastOfEach(given, (device) => device.id).map(({ id, name }) => {
    const device = known.find((one) => one.id === id)
    return { id, name: name ?? device?.name ?? 'browser', at: device?.at ?? at }
  })

const changed = (card: Card, body: Body, at: number): Card => {
  const { unlock, phone, trusts, devices, ...rest } = body
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<Card>
  return {
    ...card,
    ...given,
    ...(phone !== undefined && { phone: phone ?? undefined }),
    ...(trusts !== undefined && { trusts: trustsOf(card, trusts, at) }),
    ...(devices !== undefined && { devices: devicesOf(card, devices, at) }),
    ...(unlock === true && { failures: 0, failuresSince: 0 }),
    isRegistered: true,
  }
}

export function cardsRouter({ store, clock, secrets, issuer, tenant, observer }: AdminPorts): Router {
  const router = Router()

  mount(router, '/cards', listCards, async (_given, _req, res) => {
    const at = clock.now()
    res.json({ cards: (await store.cards(tenant)).map((card) => shownCard(card, at)) })
  })

  // By number, in the body: finds the card's id, and makes its row where there is none.
  mount(router, '/cards', findCard, async ({ body: { acctNumber, ...body } }, _req, res) => {
    const range = rangeOf(issuer.ranges, acctNumber)
    if (range === undefined) throw new BadRequest(400, 'acctNumber', 'outside of the card ranges of this issuer')
    const panHash = secrets.panHash(acctNumber)
    const card = await store.unit((unit) => {
      const next = changed(
        unit.card(tenant, panHash) ?? madeUpCard(panHash, maskPan(acctNumber), range.scheme),
        body,
        clock.now(),
      )
      unit.saveCard(tenant, next)
      return next
    })
    observer.cardChanged({ panHash })
    res.status(200).json(shownCard(card, clock.now()))
  })

  mount(router, '/cards', getCard, async ({ params: { id } }, _req, res) => {
    const card = await store.card(tenant, id)
    if (card === undefined) throw new BadRequest(404, 'id', 'the register has no such card')
    res.json(shownCard(card, clock.now()))
  })

  mount(router, '/cards', changeCard, async ({ params: { id }, body }, _req, res) => {
    const card = await store.unit((unit) => {
      const known = unit.card(tenant, id)
      if (known === undefined) return undefined
      const next = changed(known, body, clock.now())
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
