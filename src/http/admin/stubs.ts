// Stubs: answers that are planned for the next AReqs that match.
import { Router } from 'express'
import { z } from 'zod'
import { isExpired, stubElements } from '../../acs/authenticate/stubs.ts'
import { type Issuer, rangeOf } from '../../acs/issuer.ts'
import { keptPlan, matchSchema, planSchema } from '../../acs/plan.ts'
import type { Stub } from '../../acs/ports.ts'
import { duration } from '../../faults/duration.ts'
import { maskPan } from '../../protocol/mask.ts'
import { isObject } from '../../protocol/rules/conditions.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, cardId, instant, rowId } from './request.ts'

/** Digits in groups count as one number. A UUID may be all digits, an acquirer's merchant number mostly has fifteen. */
const mayHoldCard: Readonly<Record<string, RegExp>> = {
  acquirerMerchantID: /^3[47][0-9]{13}$|[0-9]{16,}/,
}
const usual = /[0-9](?:[ -]?[0-9]){12,}/
const isId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

const text = z.string().min(1).max(200)
const named = {
  merchantName: text.optional(),
  acquirerMerchantID: text.optional(),
  purchaseAmount: text.optional(),
  purchaseCurrency: text.optional(),
  threeDSRequestorID: text.optional(),
  threeDSServerTransID: text.optional(),
} satisfies Record<(typeof stubElements)[number], z.ZodType>

const writtenMatch = matchSchema
  .extend({ card: cardId.optional(), ...named })
  .describe(
    'what an AReq has to be like; all of it has to fit. Elements by their own names are compared as they are written',
  )
type WrittenMatch = z.output<typeof writtenMatch>

/** The path of what looks like a card number, other than acctNumber, which is not kept. */
function cardNumberIn(value: unknown, path: readonly string[], issuer: Issuer): readonly string[] | undefined {
  if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const found = cardNumberIn(member, [...path, name], issuer)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => cardNumberIn(entry, path, issuer)).find((found) => found !== undefined)
  }
  const written = String(value)
  const element = path.findLast((name) => name in mayHoldCard)
  const isCard =
    (mayHoldCard[element ?? ''] ?? usual).test(written) ||
    (/^[0-9]{13,19}$/.test(written) && rangeOf(issuer.ranges, written) !== undefined)
  return isCard && !isId(written) ? path : undefined
}

function checkNumbers(match: WrittenMatch, issuer: Issuer): void {
  const { acctNumber: _known, card: _keyed, range, endsWith = '', amount: _amount, ...rest } = match
  const found = cardNumberIn(rest, ['match'], issuer)
  if (found !== undefined) throw new BadRequest(400, found.join('.'), 'card numbers belong into acctNumber')
  const digits = Math.max(range?.from.length ?? 0, range?.to.length ?? 0) + endsWith.replace(/[a-z]/g, '').length
  // Both ends of a number, as far as receipts may show them.
  if (digits > 12)
    throw new BadRequest(
      400,
      range === undefined ? 'match.endsWith' : 'match.range',
      'at most 12 digits together; whole numbers belong into acctNumber',
    )
}

const priority = z.int().min(-1_000_000).max(1_000_000)
const stubBody = z.strictObject({
  match: writtenMatch,
  times: z.number().int().min(1).max(1_000_000).default(1).describe('how many AReqs it answers'),
  priority: priority.default(0).describe('the higher goes first; among equals the older'),
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  then: planSchema.refine((plan) => Object.keys(plan).length > 0, 'what happens is missing'),
  expiresAt: instant.optional(),
  expiresIn: duration().optional().describe('such as 10m, by the clock of the tenant'),
})

const stubSchema = z
  .strictObject({
    id: z.string(),
    match: writtenMatch.omit({ acctNumber: true }).extend({ panMask: z.string().optional() }),
    times: z.int(),
    left: z.int().describe('how many AReqs it still answers'),
    priority,
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    then: planSchema,
    createdAt: z.number(),
    expiresAt: z.number().optional(),
  })
  .meta({ id: 'Stub' })

const params = z.object({ id: rowId })

const listStubs = operation({
  id: 'listStubs',
  method: 'get',
  path: '/stubs',
  tag: 'Stubs',
  summary: 'Planned answers that wait, in the order they are asked',
  answers: { 200: { description: 'those that wait', schema: z.strictObject({ stubs: z.array(stubSchema) }) } },
})
const addStub = operation({
  id: 'addStub',
  method: 'post',
  path: '/stubs',
  tag: 'Stubs',
  summary: 'Plan an answer for the next AReqs that match',
  description:
    'Every AReq uses one stub, the first that fits. Card numbers are not kept: of acctNumber a keyed id and a mask are.',
  body: stubBody,
  answers: {
    201: { description: 'the stub', schema: stubSchema },
    409: { description: 'too many are waiting' },
  },
})
const getStub = operation({
  id: 'getStub',
  method: 'get',
  path: '/stubs/{id}',
  tag: 'Stubs',
  summary: 'One planned answer',
  params,
  answers: {
    200: { description: 'the stub', schema: stubSchema },
    404: { description: 'no such stub, or it is used up' },
  },
})
const deleteStub = operation({
  id: 'deleteStub',
  method: 'delete',
  path: '/stubs/{id}',
  tag: 'Stubs',
  summary: 'Take a planned answer back',
  params,
  answers: { 204: { description: 'it is gone' }, 404: { description: 'no such stub, or it is used up' } },
})
const deleteStubs = operation({
  id: 'deleteStubs',
  method: 'delete',
  path: '/stubs',
  tag: 'Stubs',
  summary: 'Take all planned answers back',
  answers: { 200: { description: 'how many there were', schema: z.strictObject({ deleted: z.int() }) } },
})

export const stubsOperations = [listStubs, addStub, getStub, deleteStub, deleteStubs] as const

/** Every AReq looks through those that wait. */
const mostStubs = 10_000

const namesOf: readonly string[] = stubElements

function shownMatch({ paths = {}, ...match }: Stub['match']) {
  const isNamed = ([name, value]: readonly [string, unknown]): boolean =>
    namesOf.includes(name) && typeof value === 'string'
  const entries = Object.entries(paths)
  const others = entries.filter((entry) => !isNamed(entry))
  return {
    ...match,
    ...Object.fromEntries(entries.filter(isNamed)),
    ...(others.length > 0 && { paths: Object.fromEntries(others) }),
  }
}

const shownStub = ({ id, match, times, left, priority, plan, createdAt, expiresAt }: Stub) => ({
  id: String(id),
  match: shownMatch(match),
  times,
  left,
  priority,
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  then: keptPlan(plan),
  createdAt,
  ...(expiresAt !== undefined && { expiresAt }),
})

/** As it is kept: elements by name among the paths, the card by its keyed id. */
function keptMatch(match: WrittenMatch): Stub['match'] {
  const { acctNumber: _number, card: _card, paths, ...rest } = match
  const elements = stubElements.flatMap((name) => (rest[name] === undefined ? [] : [[name, rest[name]] as const]))
  const others = Object.entries(rest).filter(([name, value]) => !namesOf.includes(name) && value !== undefined)
  const all = { ...paths, ...Object.fromEntries(elements) }
  return { ...Object.fromEntries(others), ...(Object.keys(all).length > 0 && { paths: all }) }
}

export function stubsRouter(ports: AdminPorts): Router {
  const { store, clock, secrets, issuer, tenant, observer } = ports
  const router = Router()

  mount(router, '/stubs', listStubs, (_given, _req, res) => {
    const at = clock.now()
    res.json({ stubs: store.stubs(tenant).flatMap((stub) => (isExpired(stub, at) ? [] : [shownStub(stub)])) })
  })

  mount(router, '/stubs', addStub, async ({ body }, _req, res) => {
    const { match, times, priority, then: plan, expiresIn } = body
    checkNumbers(match, issuer)
    const { acctNumber: number, card } = match
    const createdAt = clock.now()
    if (body.expiresAt !== undefined && expiresIn !== undefined)
      throw new BadRequest(400, 'expiresIn', 'either expiresAt or expiresIn')
    const expiresAt = expiresIn === undefined ? body.expiresAt : createdAt + expiresIn
    if (expiresAt !== undefined && expiresAt <= createdAt)
      throw new BadRequest(400, expiresIn === undefined ? 'expiresAt' : 'expiresIn', 'is over already')
    if (number !== undefined && rangeOf(issuer.ranges, number) === undefined && ports.takesUnlisted?.(number) !== true)
      throw new BadRequest(400, 'match.acctNumber', 'outside of the card ranges of this issuer')
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
          ...keptMatch(match),
        },
        times,
        priority,
        plan,
        createdAt,
        ...(expiresAt !== undefined && { expiresAt }),
      })
    })
    if (stub === undefined) throw new BadRequest(409, '', `${mostStubs} stubs are waiting already`)
    observer.stubsChanged()
    res.status(201).json(shownStub(stub))
  })

  mount(router, '/stubs', getStub, ({ params: { id } }, _req, res) => {
    const at = clock.now()
    const stub = store.stubs(tenant).find((one) => one.id === id && !isExpired(one, at))
    if (stub === undefined) throw new BadRequest(404, 'id', 'no such stub, or it is used up')
    res.json(shownStub(stub))
  })

  mount(router, '/stubs', deleteStub, async ({ params: { id } }, _req, res) => {
    const isGone = await store.unit((unit) => unit.deleteStub(tenant, id))
    if (!isGone) throw new BadRequest(404, 'id', 'no such stub, or it is used up')
    observer.stubsChanged()
    res.status(204).end()
  })

  mount(router, '/stubs', deleteStubs, async (_given, _req, res) => {
    const deleted = await store.unit((unit) => unit.deleteStubs(tenant))
    if (deleted > 0) observer.stubsChanged()
    res.json({ deleted })
  })

  return router
}
