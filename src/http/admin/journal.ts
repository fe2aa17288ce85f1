// The journal: search, live tail, export, import, and the comparison of two runs.
import express, { type Router } from 'express'
import { z } from 'zod'
import { canonicalLines } from '../../journal/canonical.ts'
import { diffRuns, NotCanonical, type Run, readCanonical } from '../../journal/diff.ts'
import { diffText } from '../../journal/diff-text.ts'
import { entrySchema } from '../../journal/entry.ts'
import { readRun } from '../../journal/file.ts'
import { type Filter, messageMatch } from '../../journal/filter.ts'
import { canonicalRun, sendExport } from './journal-export.ts'
import { importRun } from './journal-import.ts'
import { search } from './journal-source.ts'
import { createTail } from './journal-tail.ts'
import { mount, operation } from './operation.ts'
import type { AdminPorts } from './ports.ts'
import { BadRequest, instant, limit, parse, uuid, words } from './request.ts'

const element = z
  .string()
  .max(600)
  .regex(/^[^=]{1,200}=/, 'path=value expected')

const filterShape = {
  acsTransID: messageMatch.shape.acsTransID,
  threeDSServerTransID: messageMatch.shape.threeDSServerTransID,
  dsTransID: messageMatch.shape.dsTransID,
  messageType: messageMatch.shape.messageType,
  event: messageMatch.shape.event.describe('of a page or a mail: its `page`, `action` or `event`'),
  link: messageMatch.shape.link.describe('such as `ACS-DS`'),
  errorCode: messageMatch.shape.errorCode.describe('of an Erro, or of a finding'),
  text: words.optional().describe('part of the masked message'),
  fault: messageMatch.shape.fault.describe('part of the name of the fault; `any`'),
  element: z
    .union([element, z.array(element).max(20)])
    .optional()
    .describe('`path=value`, also several times'),
}
const searchQuery = z.strictObject({
  ...filterShape,
  from: instant.optional().describe('ISO 8601 or milliseconds since 1970, by the clock of the tenant'),
  to: instant.optional(),
  limit,
  before: z
    .string()
    .regex(/^[0-9]{1,15}(?:\.[0-9]{1,15}){0,2}$/, '`next` of an earlier answer expected')
    .optional()
    .describe('`next` of an earlier answer'),
})
const tailQuery = z.strictObject({
  ...filterShape,
  last: z.coerce.number().int().min(0).max(500).default(0).describe('how many of the newest entries come first'),
})

type Given = Omit<z.output<typeof searchQuery>, 'limit' | 'before'>

/** An address bar may hold what was typed into it, also a card number; `words` looks at texts only. */
function filterOf({ element: given, ...rest }: Given): Filter {
  const elements = given === undefined ? [] : [given].flat()
  const where = Object.fromEntries(
    elements.map((text) => {
      const cut = text.indexOf('=')
      return [text.slice(0, cut), parse(words, text.slice(cut + 1), 'element')]
    }),
  )
  return { ...rest, ...(elements.length > 0 && { where }) }
}

const searchJournal = operation({
  id: 'searchJournal',
  method: 'get',
  path: '/journal',
  tag: 'Journal',
  summary: 'Messages, newest first',
  description:
    'With an id of a transaction its whole story, as ACS, DS and 3DS Server saw it. A request looks through a bounded number of rows; `next` says where to go on.',
  query: searchQuery,
  answers: {
    200: {
      description: 'what was found',
      schema: z.strictObject({
        entries: z.array(entrySchema),
        next: z.string().optional().describe('there may be more before this'),
        searched: z.int().min(0).describe('rows that were looked at'),
      }),
    },
  },
})

const tailJournal = operation({
  id: 'tailJournal',
  method: 'get',
  path: '/journal/tail',
  tag: 'Journal',
  summary: 'Messages as they come (server-sent events)',
  description: 'One event `message` for each; after a break the Last-Event-ID goes on where it was.',
  query: tailQuery,
  answers: { 200: { description: 'events', contentType: 'text/event-stream' } },
})

const exportJournal = operation({
  id: 'exportJournal',
  method: 'get',
  path: '/journal/export',
  tag: 'Journal',
  summary: 'A run as one file (lines of JSON)',
  description:
    'form=file: all that is known, for another Sekisho. form=canonical: what is the same for equal seeds, to be compared. Waits for what is on its way.',
  query: z.strictObject({
    form: z.enum(['file', 'canonical']).default('file'),
    from: instant.optional().describe('transactions that began then or later'),
    to: instant.optional(),
    acsTransID: uuid.optional().describe('one transaction only'),
  }),
  answers: { 200: { description: 'the run', contentType: 'application/x-ndjson' } },
})

const lineProblem = z.strictObject({
  line: z.int().min(1),
  path: z.string(),
  message: z.string(),
})

const importJournal = operation({
  id: 'importJournal',
  method: 'post',
  path: '/journal/import',
  tag: 'Journal',
  summary: 'Take in a run that was exported',
  description: 'All of it or nothing; ids stay. The body is the file (application/x-ndjson).',
  bodyType: 'application/x-ndjson',
  body: z.string().min(1, 'a file of GET /journal/export expected'),
  answers: {
    201: {
      description: 'taken in',
      schema: z.strictObject({
        tenant: z.string().describe('where the run comes from'),
        transactions: z.int().min(0),
        messages: z.int().min(0),
      }),
    },
    422: {
      description: 'nothing was taken in; what is wrong with which line',
      schema: z.strictObject({ error: z.string(), problems: z.array(lineProblem) }),
    },
  },
})

const change = z.strictObject({ path: z.string(), a: z.unknown().optional(), b: z.unknown().optional() })
const kind = z.enum(['changed', 'onlyInA', 'onlyInB'])
const messageDiff = z.strictObject({
  kind,
  position: z.int().min(1),
  link: z.string(),
  messageType: z.string().optional(),
  changes: z.array(change),
  message: z.unknown().optional(),
})

const diffJournal = operation({
  id: 'diffJournal',
  method: 'post',
  path: '/journal/diff',
  tag: 'Journal',
  summary: 'Compare two runs, message by message and field by field',
  description: 'Each is the text of an export, of either form; without `a` it is this tenant as it is now.',
  body: z.strictObject({
    a: z.string().min(1).optional(),
    b: z.string().min(1),
    ignore: z.array(z.string().min(1).max(200)).max(200).optional().describe('names or paths of elements'),
    strictIds: z.boolean().optional().describe('ids have to be the same, not only to stand for the same'),
    times: z.boolean().optional().describe('compare times; otherwise where both clocks were frozen'),
  }),
  answers: {
    200: {
      description: 'what is different',
      schema: z.strictObject({
        isEqual: z.boolean(),
        transactions: z.strictObject({ a: z.int(), b: z.int() }),
        differences: z.array(
          z.strictObject({
            kind,
            position: z.int().min(1),
            acsTransID: z.string().optional(),
            changes: z.array(change),
            messages: z.array(messageDiff),
          }),
        ),
        text: z.string().describe('for people'),
      }),
    },
  },
})

export const journalOperations = [searchJournal, tailJournal, exportJournal, importJournal, diffJournal] as const

/** Exports are longer than what the others are sent. */
const bodyLimit = '64mb'

function runIn(text: string, path: string): Run {
  try {
    return readRun(text)
  } catch (error) {
    if (error instanceof NotCanonical) throw new BadRequest(422, path, `line ${error.line}: ${error.message}`)
    throw error
  }
}

/** Before the usual limit of bodies. */
export function mountJournal(router: Router, ports: AdminPorts): void {
  const tail = createTail(ports)
  router.use('/journal/import', express.text({ limit: bodyLimit, type: () => true }))
  router.use('/journal/diff', express.json({ limit: bodyLimit }))

  mount(router, '', searchJournal, async ({ query: { limit: most, before, ...given } }, _req, res) => {
    res.json(await search(ports, filterOf(given), { limit: most, before }))
  })

  mount(router, '', tailJournal, async ({ query: { last, ...given } }, req, res) => {
    await tail(req, res, { filter: filterOf(given), last })
  })

  mount(router, '', exportJournal, ({ query }, _req, res) => sendExport(ports, res, query))

  mount(router, '', importJournal, async ({ body }, _req, res) => {
    const imported = await importRun(ports, body)
    if (imported.ok) {
      const { tenant, transactions, messages } = imported
      res.status(201).json({ tenant, transactions, messages })
      return
    }
    const { problems } = imported
    const [first] = problems
    const where =
      first === undefined ? '' : `line ${first.line}: ${[first.path, first.message].filter(Boolean).join(': ')}`
    res.status(422).json({ error: `nothing was taken in; ${where}`, problems })
  })

  mount(router, '', diffJournal, async ({ body }, _req, res) => {
    const { a, b, ...options } = body
    const other = runIn(b, 'b')
    const own =
      a === undefined ? readCanonical([...canonicalLines(await canonicalRun(ports))].join('\n')) : runIn(a, 'a')
    const diff = diffRuns(own, other, options)
    res.json({ ...diff, text: diffText(diff) })
  })
}
