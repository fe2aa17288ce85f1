/** Conditions as a part of a zod schema: every problem is told with its path. */
import { z } from 'zod'
import { reasonCodes } from '../checks.ts'
import { type Condition, readCondition } from './conditions.ts'

export type { Condition } from './conditions.ts'

export const conditionSchema = z
  .unknown()
  .transform((value, context): Condition => {
    const condition = readCondition(value, { reasons: reasonCodes }, (path, message) => {
      context.addIssue({ code: 'custom', path: [...path], message })
      return undefined
    })
    return condition ?? z.NEVER
  })
  .meta({ id: 'condition' })
