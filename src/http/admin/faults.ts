// Faults on purpose: what goes wrong with the next messages of a link.
import { Router } from 'express'
import { z } from 'zod'
import { withoutCardNumbers } from '../../acs/plan.ts'
import { duration } from '../../faults/duration.ts'
import { misfitOf } from '../../faults/fits.ts'
import type { FaultRule } from '../../faults/registry.ts'
import { faultSchema, links, plannedFaultSchema } from '../../faults/rule.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, uuid } from './request.ts'

const matchSchema = z.strictObject({
  threeDSServerTransID: uuid.optional(),
  acsTransID: uuid.optional(),
})

const newFault = plannedFaultSchema
  .extend({
    match: matchSchema.optional().describe('messages of one transaction; absent: of all'),
    expiresIn: duration().optional().describe('by the clock of the tenant'),
  })
  .meta({ id: 'NewFaultRule' })

const shownRule = z
  .strictObject({
    id: z.string(),
    link: z.enum(links),
    message: z.string().optional(),
    match: matchSchema.optional(),
    times: z.int(),
    left: z.int().describe('how many messages it will still meet; 0: it is used up'),
    met: z.int().describe('how many it has met'),
    probability: z.number(),
    fault: faultSchema,
    planned: z.boolean().describe('it came with the plan of a transaction'),
    createdAt: z.number(),
    expiresAt: z.number().optional(),
  })
  .meta({ id: 'FaultRule' })

const tag = 'Faults'
const params = z.strictObject({ id: z.string().regex(/^[0-9]{1,15}$/, 'a number expected') })

const addFault = operation({
  id: 'addFault',
  method: 'post',
  path: '/faults',
  tag,
  summary: 'Have something go wrong on purpose',
  description:
    'The next messages of the link meet the fault: `times` of them, each with `probability`, which the seed of the tenant decides. Faults of a plan go before these; among these the oldest goes first, and a message meets one.',
  body: newFault,
  answers: { 201: { description: 'It waits for its messages', schema: shownRule } },
})
const listFaults = operation({
  id: 'listFaults',
  method: 'get',
  path: '/faults',
  tag,
  summary: 'Faults that wait, and the last ones that are used up',
  answers: { 200: { description: 'The oldest first', schema: z.strictObject({ faults: z.array(shownRule) }) } },
})
const getFault = operation({
  id: 'getFault',
  method: 'get',
  path: '/faults/{id}',
  tag,
  summary: 'One of them',
  params,
  answers: { 200: { description: 'As it stands', schema: shownRule } },
})
const deleteFault = operation({
  id: 'deleteFault',
  method: 'delete',
  path: '/faults/{id}',
  tag,
  summary: 'Take one back',
  params,
  answers: { 204: { description: 'It is gone' } },
})
const deleteFaults = operation({
  id: 'deleteFaults',
  method: 'delete',
  path: '/faults',
  tag,
  summary: 'Take all back, those of plans included',
  answers: { 204: { description: 'There are none' } },
})

export const faultsOperations = [addFault, listFaults, getFault, deleteFault, deleteFaults] as const

const shown = ({ id, isPlanned, fault, ...rule }: FaultRule) => ({
  id,
  ...rule,
  fault: withoutCardNumbers(fault),
  planned: isPlanned,
})

const noSuchFault = (): BadRequest => new BadRequest(404, 'id', 'no such fault')

export function faultsRouter({ faults, clock }: Pick<AdminPorts, 'faults' | 'clock'>): Router {
  const router = Router()

  mount(router, '/faults', addFault, ({ body: { expiresIn, ...rule } }, _req, res) => {
    const misfit = misfitOf(rule)
    if (misfit !== undefined) throw new BadRequest(400, misfit.path, misfit.message)
    if (expiresIn === 0) throw new BadRequest(400, 'expiresIn', 'is over already')
    const at = clock.now()
    const added = faults.add({ ...rule, ...(expiresIn !== undefined && { expiresAt: at + expiresIn }) }, at)
    if (added === undefined) throw new BadRequest(409, '', 'too many faults are waiting already')
    res.status(201).json(shown(added))
  })

  mount(router, '/faults', listFaults, (_given, _req, res) => {
    res.json({ faults: faults.list().map(shown) })
  })

  mount(router, '/faults', getFault, ({ params: { id } }, _req, res) => {
    const rule = faults.list().find((one) => one.id === id)
    if (rule === undefined) throw noSuchFault()
    res.json(shown(rule))
  })

  mount(router, '/faults', deleteFault, ({ params: { id } }, _req, res) => {
    if (!faults.remove(id)) throw noSuchFault()
    res.status(204).end()
  })

  mount(router, '/faults', deleteFaults, (_given, _req, res) => {
    faults.clear()
    res.status(204).end()
  })

  return router
}
