// Lists of what is known to be good or bad, beside those of the policies: entries, CSV, and who changed what.
import express, { Router } from 'express'
import { z } from 'zod'
import type { KeptEntry, ListName } from '../../acs/policies/kept.ts'
import { listCsv } from '../../acs/policies/list-csv.ts'
import { entryFields } from '../../acs/policies/list-desk.ts'
import { ListProblem, type ListValue, listValueIn, listValueOf } from '../../acs/policies/list-value.ts'
import type { Facts } from '../../risk/facts.ts'
import { type ListKind, listKinds } from '../../risk/policy/lists.ts'
import { mount, operation } from './operation.ts'
import { by, callerOf } from './policy-words.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, rowId, uuid } from './request.ts'

const tag = 'Lists'
const listName = z.enum(['allow', 'deny'])
const kind = z.enum(listKinds)

const entrySchema = z
  .strictObject({
    id: z.int(),
    kind,
    value: z.string().describe('what belongs to a person is masked'),
    isHashed: z.boolean(),
    reason: z.string(),
    from: z.string().optional(),
    until: z.string().optional(),
    force: z.enum(['inForce', 'notYet', 'over']).describe('by the clock of the tenant'),
    at: z.number(),
    by,
  })
  .meta({ id: 'ListEntry' })

const params = z.object({ list: listName })

const getList = operation({
  id: 'getList',
  method: 'get',
  path: '/lists/{list}',
  tag,
  summary: 'Entries of a list, newest first',
  description: 'They hold whatever policy runs, beside the lists of the policy itself.',
  params,
  query: z.object({
    kind: kind.optional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
    before: rowId.optional(),
  }),
  answers: {
    200: {
      description: 'the entries',
      schema: z.strictObject({
        entries: z.array(entrySchema),
        total: z.int(),
        ofPolicy: z.int().describe('entries of the policy that runs, which are not told here'),
        next: z.int().optional(),
      }),
    },
  },
})
const addEntry = operation({
  id: 'addListEntry',
  method: 'post',
  path: '/lists/{list}',
  tag,
  summary: 'List something',
  description:
    'Cards, mail boxes, telephone numbers and devices are hashed at once and never shown again. An entry of the same value is changed.',
  params,
  body: z
    .strictObject({
      kind,
      value: z
        .string()
        .min(1)
        .max(320)
        .optional()
        .describe(
          'card number, mail address or domain, address or block, telephone number with +, code, name, or key:…',
        ),
      transaction: uuid
        .optional()
        .describe('acsTransID: the card, mail box, device, telephone or delivery address of that payment'),
      ...entryFields,
    })
    .refine(({ value, transaction }) => (value === undefined) !== (transaction === undefined), 'value or transaction'),
  answers: {
    200: { description: 'the entry, which was there before', schema: entrySchema },
    201: { description: 'the entry', schema: entrySchema },
    404: { description: 'no such transaction' },
  },
})
const removeEntry = operation({
  id: 'removeListEntry',
  method: 'delete',
  path: '/lists/{list}/{id}',
  tag,
  summary: 'Take an entry off the list',
  params: params.extend({ id: rowId }),
  answers: { 204: { description: 'gone' }, 404: { description: 'no such entry' } },
})
const exportList = operation({
  id: 'exportList',
  method: 'get',
  path: '/lists/{list}/csv',
  tag,
  summary: 'A list as CSV: kind, value, reason, from, until, shown',
  description: 'Hashes stay hashes, which mean something with the keys of this data folder only.',
  params,
  answers: { 200: { description: 'the table', contentType: 'text/csv' } },
})
const importList = operation({
  id: 'importList',
  method: 'post',
  path: '/lists/{list}/csv',
  tag,
  summary: 'Add entries from CSV, all or none',
  description: 'Columns kind, value, reason, and if one likes from and until; lines with # are notes.',
  params,
  body: z.union([z.string(), z.strictObject({ csv: z.string() }).transform(({ csv }) => csv)], {
    error: 'CSV expected: as text/csv, or in JSON as { "csv": "…" }',
  }),
  bodyType: 'text/csv',
  answers: {
    200: {
      description: 'how many were added, and how many were there before',
      schema: z.strictObject({ added: z.int(), changed: z.int() }),
    },
    400: {
      description: 'what is wrong, by line; never the value',
      schema: z.strictObject({
        error: z.string(),
        path: z.string(),
        problems: z.array(z.strictObject({ line: z.int(), message: z.string() })),
      }),
    },
  },
})
const listChanges = operation({
  id: 'listListChanges',
  method: 'get',
  path: '/lists/changes',
  tag,
  summary: 'Who changed what in the lists, newest first',
  query: z.object({ before: rowId.optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
  answers: {
    200: {
      description: 'the changes',
      schema: z.strictObject({
        changes: z.array(
          z.strictObject({
            id: z.int(),
            at: z.number(),
            what: z.enum(['added', 'changed', 'removed', 'imported']),
            list: listName,
            by,
            added: z.int().optional(),
            changed: z.int().optional(),
            entryId: z.int().optional(),
            kind: kind.optional(),
            shown: z.string().optional(),
            reason: z.string().optional(),
          }),
        ),
        next: z.int().optional(),
      }),
    },
  },
})

export const listsOperations = [listChanges, getList, addEntry, removeEntry, exportList, importList] as const

export function listsRouter(ports: AdminPorts): Router {
  const { policies, secrets, store, tenant } = ports
  const lists = policies.desk
  const router = Router()
  // A list of cards is longer than what the others are sent.
  router.use(express.text({ type: 'text/csv', limit: '20mb' }), express.json({ limit: '20mb' }))

  const shown = (entry: KeptEntry) => ({
    id: entry.id,
    kind: entry.kind,
    value: entry.shown ?? entry.value,
    isHashed: entry.value.startsWith('key:'),
    reason: entry.reason,
    ...(entry.from !== undefined && { from: entry.from }),
    ...(entry.until !== undefined && { until: entry.until }),
    force: lists.forceOf(entry),
    at: entry.at,
    by: entry.by,
  })
  const valueFor = async (
    wanted: ListKind,
    value: string | undefined,
    acsTransID: string | undefined,
  ): Promise<ListValue> => {
    if (value !== undefined) return listValueOf(wanted, value, secrets)
    const [found] = await store.transactions({ tenant, acsTransID, limit: 1 })
    if (found === undefined) throw new BadRequest(404, 'transaction', 'no such transaction')
    return listValueIn(wanted, (found.details.facts as Facts).keys, found.panMask)
  }

  mount(router, '/lists', listChanges, ({ query }, _req, res) => {
    const changes = lists.changes(query)
    const last = changes.length === query.limit ? changes.at(-1)?.id : undefined
    res.json({ changes, ...(last !== undefined && last > 1 && { next: last }) })
  })
  mount(router, '/lists', getList, ({ params: { list }, query }, _req, res) => {
    const all = lists.entries(list)
    const wanted = all.filter(
      (entry) =>
        (query.kind === undefined || entry.kind === query.kind) &&
        (query.before === undefined || entry.id < query.before),
    )
    const entries = wanted.slice(-query.limit).toReversed()
    const ofPolicy = policies.running().lists[list].size
    const next = wanted.length > entries.length ? entries.at(-1)?.id : undefined
    res.json({ entries: entries.map(shown), total: all.length, ofPolicy, ...(next !== undefined && { next }) })
  })
  mount(router, '/lists', addEntry, async ({ params: { list }, body }, _req, res) => {
    const { value, transaction, ...rest } = body
    const own = await valueFor(body.kind, value, transaction)
    const { entry, isNew } = await lists.add({ list, ...rest, ...own }, callerOf(res))
    res.status(isNew ? 201 : 200).json(shown(entry))
  })
  mount(router, '/lists', removeEntry, async ({ params: { list, id } }, _req, res) => {
    if (!(await lists.remove(list, id, callerOf(res)))) throw new BadRequest(404, 'id', 'no such entry')
    res.status(204).end()
  })
  mount(router, '/lists', exportList, ({ params: { list } }, _req, res) => {
    res
      .type('text/csv')
      .set('Content-Disposition', `attachment; filename="${fileName(list)}"`)
      .send(listCsv(lists.entries(list)))
  })
  mount(router, '/lists', importList, async ({ params: { list }, body }, _req, res) => {
    const done = await lists.importCsv(list, body, secrets, callerOf(res))
    if (!('problems' in done)) return res.json(done)
    const [first] = done.problems
    return res.status(400).json({
      error: first === undefined ? 'not valid' : `line ${first.line}: ${first.message}`,
      path: '',
      problems: done.problems,
    })
  })

  router.use((error: unknown, _req: express.Request, _res: express.Response, next: express.NextFunction) =>
    next(error instanceof ListProblem ? new BadRequest(400, error.path, error.message) : error),
  )
  return router
}

const fileName = (list: ListName): string => `sekisho-${list}.csv`
