// The validator over HTTP. What is sent is checked and forgotten: it is neither kept nor logged (SEC-LOG-2).
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { legs } from '../../lint/flow.ts'
import { lint } from '../../lint/lint.ts'
import type { LintOptions } from '../../lint/types.ts'
import { mount, operation } from './operation.ts'
import { BadRequest, parse } from './request.ts'

/** Of the request; a recording of a few transactions is far smaller. */
const limitBytes = 8 * 1_048_576
/** One request keeps others waiting: longer recordings are for the command line. */
const mostMessages = 500
const mostFindings = 200
/** Objects in the text: what is looked at one by one, whether it is a message or not. */
const mostObjects = 20_000

/** Whether the text opens more objects than are looked at here. */
function holdsTooMuch(text: string): boolean {
  let count = 0
  for (let at = text.indexOf('{'); at !== -1 && count <= mostObjects; at = text.indexOf('{', at + 1)) count += 1
  return count > mostObjects
}

const version = z.enum(['2.1.0', '2.2.0', '2.3.1'])

const options = {
  profile: z.enum(['strict', 'lenient']).default('strict'),
  lang: z.enum(['en', 'ja']).default('en'),
  channel: z.enum(['01', '02', '03']).optional(),
  category: z.enum(['01', '02']).optional(),
  leg: z.enum(legs).optional(),
  messageVersion: version.optional(),
}
const flag = z.enum(['true', 'false']).transform((word) => word === 'true')
const bodySchema = z.strictObject({
  ...options,
  text: z.string(),
  versions: z.array(version).min(1).optional(),
  show: z.boolean().default(false),
})
const querySchema = z.strictObject({
  ...options,
  versions: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(version).min(1))
    .optional(),
  show: flag.default(false),
})

const place = { line: z.int().optional(), column: z.int().optional() }
const finding = z.strictObject({
  severity: z.enum(['error', 'warning']),
  path: z.string(),
  element: z.string(),
  errorCode: z.string().optional(),
  rule: z.string(),
  message: z.string(),
  expected: z.string(),
  example: z.json().optional().describe('a value that would pass'),
  received: z.string().optional(),
  ...place,
  shownLine: z.int().optional(),
})
const count = z.int().min(0)
const texts = z.array(z.string())
const result = z.strictObject({
  kind: z.string().optional(),
  profile: z.string(),
  lang: z.string(),
  transactions: z.array(z.strictObject({ index: count, messages: z.array(count) })),
  messages: z.array(
    z.strictObject({
      index: count,
      where: z.string(),
      transaction: z.int(),
      line: z.int().optional(),
      messageType: z.string().optional(),
      messageVersion: z.string().optional(),
      deviceChannel: z.string().optional(),
      messageCategory: z.string().optional(),
      leg: z.string().optional(),
      assumed: texts.describe('which of the above the input did not say'),
      masked: texts.describe('elements that are not judged, since they are masked'),
      erro: z.strictObject({ errorCode: z.string(), errorDetail: z.string() }).optional(),
      findings: z.array(finding),
      omitted: z.strictObject({ errors: count, warnings: count }).optional(),
      lines: texts.optional(),
    }),
  ),
  problems: z.array(z.strictObject({ fault: z.string(), where: z.string(), message: z.string(), ...place })),
  notes: texts,
  summary: z.strictObject({
    messages: count,
    transactions: count,
    errors: count,
    warnings: count,
    problems: count,
  }),
})

const checkMessages = operation({
  id: 'checkMessages',
  method: 'post',
  path: '/lint',
  tag: 'Protocol',
  summary: 'Check a message or a recording; nothing of it is kept',
  description:
    'What `sekisho lint --json` prints. At most 8 MiB, 500 messages, 20,000 objects and 200 findings of each message.',
  query: querySchema,
  body: bodySchema,
  takesText: true,
  answers: { 200: { description: 'what was found, if anything', schema: result } },
})

export const lintOperations = [checkMessages] as const

const isText = (type: string | undefined): boolean => /^text\/plain\b/i.test(type ?? '')

/** Text, with the options in the query, becomes what JSON would have said. */
function asJson(req: Request, _res: Response, next: NextFunction): void {
  const body: unknown = req.body
  if (isText(req.get('content-type')))
    req.body = { ...parse(querySchema, req.query), text: typeof body === 'string' ? body : '' }
  else req.body = body ?? {}
  next()
}

/** As text with the options in the query, or as JSON. */
export function lintRouter(): Router {
  const router = Router()
  router.post(
    '/',
    express.text({ limit: limitBytes, type: 'text/plain' }),
    express.json({ limit: limitBytes, type: 'application/json' }),
    asJson,
  )
  mount(router, '/lint', checkMessages, ({ body: { text, ...rest } }, _req, res) => {
    if (holdsTooMuch(text))
      throw new BadRequest(413, 'text', `more than ${mostObjects} objects: \`sekisho lint\` reads long recordings`)
    const wanted: LintOptions = { ...rest, mostMessages, mostFindings }
    res.json(lint(text, wanted))
  })
  return router
}
