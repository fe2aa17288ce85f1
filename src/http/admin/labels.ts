// What a transaction turned out to be: told once, learnt once, and taken back exactly.
import { Router } from 'express'
import { z } from 'zod'
import { label } from '../../acs/labels.ts'
import { hasCardNumber } from '../../acs/plan.ts'
import { type Label, labelKinds } from '../../acs/ports.ts'
import { maskPan } from '../../protocol/mask.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, uuid } from './request.ts'

export const labelSchema = z
  .strictObject({
    kind: z.enum(labelKinds),
    at: z.number().describe('when it was told, by the clock of the tenant'),
    note: z.string().optional(),
  })
  .meta({ id: 'Label' })

const params = z.object({ acsTransID: uuid })
const putLabel = operation({
  id: 'labelTransaction',
  method: 'put',
  path: '/transactions/{acsTransID}/label',
  tag: 'Decisions',
  summary: 'Say what a transaction was: fraud, or confirmed by the cardholder',
  description:
    'The profiles of card, device, addresses and shop learn it, once; another label takes the place of the one before, and what that taught is taken back.',
  params,
  body: z.strictObject({
    kind: z.enum(labelKinds),
    note: z.string().max(200).optional().describe('for who reads the record; no names of persons'),
  }),
  answers: { 200: { description: 'the label', schema: labelSchema } },
})
const deleteLabel = operation({
  id: 'unlabelTransaction',
  method: 'delete',
  path: '/transactions/{acsTransID}/label',
  tag: 'Decisions',
  summary: 'Take back what was said of a transaction, and what it taught',
  params,
  answers: { 204: { description: 'there is no label any more' } },
})

export const labelOperations = [putLabel, deleteLabel] as const

/** What it was held against stays inside. */
export const shownLabel = ({ kind, at, note }: Label) => ({ kind, at, ...(note !== undefined && { note }) })

/** However its digits are written. */
function withoutCards(note: string): string {
  const plain = note.normalize('NFKC')
  return hasCardNumber(plain)
    ? plain.replace(/[0-9](?:[ -]?[0-9]){12,}/g, (run) => maskPan(run.replace(/[ -]/g, '').slice(0, 19)))
    : note
}

const unknown = () => new BadRequest(404, 'acsTransID', 'no such transaction')

export function labelsRouter(ports: AdminPorts): Router {
  const router = Router()
  mount(router, '/transactions', putLabel, async ({ params: { acsTransID }, body: { kind, note } }, _req, res) => {
    const said = { kind, ...(note !== undefined && note !== '' && { note: withoutCards(note) }) }
    const labelled = await label(ports, acsTransID.toLowerCase(), said)
    if (labelled?.label === undefined) throw unknown()
    res.json(shownLabel(labelled.label))
  })
  mount(router, '/transactions', deleteLabel, async ({ params: { acsTransID } }, _req, res) => {
    if ((await label(ports, acsTransID.toLowerCase(), undefined)) === undefined) throw unknown()
    res.status(204).end()
  })
  return router
}
