// The validator over HTTP. What is sent is checked and forgotten: it is neither kept nor logged (SEC-LOG-2).
import express, { Router } from 'express'
import { z } from 'zod'
import { legs } from '../../lint/flow.ts'
import { lint } from '../../lint/lint.ts'
import type { LintOptions } from '../../lint/types.ts'
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

const isText = (type: string | undefined): boolean => /^text\/plain\b/i.test(type ?? '')

/** As text with the options in the query, or as JSON. */
export function lintRouter(): Router {
  const router = Router()
  router.post(
    '/',
    express.text({ limit: limitBytes, type: 'text/plain' }),
    express.json({ limit: limitBytes, type: 'application/json' }),
    (req, res) => {
      const body: unknown = req.body
      const given = isText(req.get('content-type'))
        ? { ...parse(querySchema, req.query), text: typeof body === 'string' ? body : '' }
        : parse(bodySchema, body ?? {})
      const { text, ...rest } = given
      if (holdsTooMuch(text))
        throw new BadRequest(413, 'text', `more than ${mostObjects} objects: \`sekisho lint\` reads long recordings`)
      const wanted: LintOptions = { ...rest, mostMessages, mostFindings }
      res.json(lint(text, wanted))
    },
  )
  return router
}
