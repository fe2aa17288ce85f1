// Whether what somebody said is an assessment, and whether it counts here and now. Pure.
import type { z } from 'zod'
import { maskDigitRuns } from '../../protocol/mask.ts'
import { decode, readText } from '../../protocol/messages/read.ts'
import type { JsonObject } from '../../protocol/rules/conditions.ts'
import { type Assessment, assessmentSchema, type HookProblem } from '../../risk/assessment.ts'
import { nestsDeeper } from '../nesting.ts'
import { hasCardNumber } from '../plan.ts'
import { looksLikeCard } from '../policies/text.ts'
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

/**
 * Undefined: no object in JSON (UTF-8), deeper than a message, or one that says something twice, which two readers may
 * take for different things.
 */
export function jsonIn(bytes: Uint8Array): JsonObject | undefined {
  const text = decode(bytes)
  const read = text === undefined ? undefined : readText(text)
  return read?.hasDuplicates === false ? read.message : undefined
}

/** At most so many are told, with paths and words, never with values. */
const mostProblems = 10

/** What is wrong by a schema, told to who sent it. */
export const pathsOf = (error: z.ZodError): readonly PathProblem[] =>
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
  if (!result.success) return { problem: 'schema', problems: pathsOf(result.error) }
  const problems = cardNumbersIn(result.data)
  return problems.length > 0 ? { problem: 'schema', problems } : { assessment: result.data }
}

/** Its texts are kept, and reasons are shown: no card number may be among them (SEC-LOG-3). */
function cardNumbersIn({ reasons, about, signals = {} }: Assessment): readonly PathProblem[] {
  const paths = [
    ...(reasons.some(hasCardNumber) ? ['reasons'] : []),
    ...(about.orderId !== undefined && looksLikeCard(about.orderId) ? ['about.orderId'] : []),
    ...Object.entries(signals)
      .filter(([, value]) => typeof value === 'string' && looksLikeCard(value))
      .map(([name]) => `signals.${name}`),
  ]
  return paths.map((path) => ({ path, message: 'no card numbers' }))
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
