// Whether what somebody said is an assessment, and whether it counts here and now. Pure.
import type { z } from 'zod'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { type Assessment, assessmentSchema, type HookProblem } from '../../risk/assessment.ts'
import { nestsDeeper } from '../nesting.ts'
import type { HookSource } from './sources.ts'

/** How far clocks may differ. */
export const clockToleranceMs = 300_000
/** The longest body, in octets. */
export const longestAssessment = 16_384

export interface PathProblem {
  readonly path: string
  readonly message: string
}

export type Judged =
  | { readonly assessment: Assessment }
  | { readonly problem: HookProblem; readonly problems?: readonly PathProblem[] }

/** Undefined: no JSON. */
export function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

/** At most so many are told, with paths and words, never with values. */
const mostProblems = 10

const pathsOf = (error: z.ZodError): readonly PathProblem[] =>
  error.issues
    .flatMap(({ path, message, ...issue }) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            path: [...path, key].join('.').slice(0, 200),
            message: 'there is no such member',
          }))
        : [{ path: path.join('.').slice(0, 200), message }],
    )
    .slice(0, mostProblems)
    .map((one) => ({ path: maskDigitRuns(one.path), message: maskDigitRuns(one.message) }))

export function readAssessment(value: unknown): Judged {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || nestsDeeper(value, 16))
    return { problem: 'malformed' }
  const result = assessmentSchema.safeParse(value)
  return result.success ? { assessment: result.data } : { problem: 'schema', problems: pathsOf(result.error) }
}

/** What is wrong with its times. */
export function timeProblem({ issuedAt, expiresAt }: Assessment, maxAge: number, now: number): HookProblem | undefined {
  const issued = Date.parse(issuedAt)
  if (issued > now + clockToleranceMs) return 'notYetValid'
  if (expiresAt !== undefined) return Date.parse(expiresAt) <= now ? 'expired' : undefined
  return issued < now - maxAge - clockToleranceMs ? 'tooOld' : undefined
}

export interface Purchase {
  readonly threeDSServerTransID: string
  readonly acquirerMerchantID?: string | undefined
}

/** Whether it is about this purchase: it has to name the transaction, so that it cannot be told of another one. */
function isAbout({ about }: Assessment, { threeDSServerTransID, acquirerMerchantID }: Purchase): boolean {
  if (about.threeDSServerTransID?.toLowerCase() !== threeDSServerTransID.toLowerCase()) return false
  return (
    about.acquirerMerchantID === undefined ||
    acquirerMerchantID === undefined ||
    about.acquirerMerchantID === acquirerMerchantID
  )
}

/** Of an assessment whose source is sure. */
export function judgeFor(
  assessment: Assessment,
  { source, purchase, now }: { readonly source: HookSource; readonly purchase: Purchase; readonly now: number },
): Judged {
  if (assessment.source !== source.name) return { problem: 'unknownSource' }
  if (!isAbout(assessment, purchase)) return { problem: 'otherTransaction' }
  const problem = timeProblem(assessment, source.maxAge, now)
  return problem === undefined ? { assessment } : { problem }
}
