// What the routes of policies and of lists share.
import type { Request, Response } from 'express'
import { z } from 'zod'
import { hasCardNumber } from '../../acs/plan.ts'
import { cardNumberIn } from '../../acs/policies/text.ts'
import type { Caller } from './access.ts'

export const problemSchema = z.strictObject({
  path: z.string(),
  message: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
})

export const hash = z.string().regex(/^[0-9a-f]{16}$/, 'the hash of a policy expected: 16 hexadecimal digits')

export const note = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(
    (text) => !hasCardNumber(text) && cardNumberIn(text) === undefined,
    'no card numbers: it stands in the history',
  )
  .describe('why, for the history')

export const by = z
  .string()
  .describe('whose token it was: operator or tenant; api: nobody needs one; start, file: by itself')

export const callerOf = (res: Response): Caller => (res.locals.caller as Caller | undefined) ?? 'api'

/** Whether whoever asked has gone. */
export const hasGone = (req: Request, res: Response): (() => boolean) => {
  let isGone = false
  res.on('close', () => {
    isGone = true
  })
  return () => isGone || req.socket.destroyed
}
