/**
 * One merchant-side opinion about a purchase, and what came in by the doors of the hook. An assessment is data from outside:
 * checked here, weighed by the policy (fusion.ts), never believed blindly.
 */
import { z } from 'zod'
import { signalsSchema } from './signals.ts'

export const verdicts = ['OK', 'REVIEW', 'NG', 'HOLD'] as const
export type ScreeningVerdict = (typeof verdicts)[number]

/** Names of sources and of reasons: what can be shown, logged and counted without care. */
export const sourceName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'lower-case letters, digits, . _ -')
const reasonCode = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,98}[A-Za-z0-9])?$/, 'letters, digits, . _ : -')
const moment = z.iso.datetime({ offset: true })

export const assessmentSchema = z.strictObject({
  source: sourceName,
  verdict: z.enum(verdicts),
  score: z.number().min(0).max(1).optional().meta({ description: '0 to 1, higher is riskier.' }),
  reasons: z.array(reasonCode).max(20).default([]),
  signals: signalsSchema.optional(),
  issuedAt: moment,
  expiresAt: moment.optional(),
  about: z
    .strictObject({
      threeDSServerTransID: z.guid().optional(),
      orderId: z.string().min(1).max(64).optional(),
      acquirerMerchantID: z.string().min(1).max(35).optional(),
    })
    .refine((about) => Object.keys(about).length > 0, 'must name what it is about'),
})
export type Assessment = Readonly<z.output<typeof assessmentSchema>>

/** How an assessment came in. */
export const doors = ['areq', 'ahead', 'asked', 'module'] as const
export type Door = (typeof doors)[number]

/** Why nothing was heard at a door, or what was said there does not count. None of them ever raises trust. */
export const hookProblems = [
  'timeout',
  'unreachable',
  'circuitOpen',
  'badStatus',
  'tooLarge',
  'malformed',
  'schema',
  'unknownSource',
  'badSignature',
  'replayed',
  'expired',
  'notYetValid',
  'tooOld',
  'otherTransaction',
  'moduleFailed',
] as const
export type HookProblem = (typeof hookProblems)[number]

/** `ms`: how long asking took. */
export type Heard = { readonly door: Door; readonly assessment: Assessment; readonly ms?: number | undefined }
/** `fault`: what went wrong with the question on purpose. */
export type Unheard = {
  readonly door: Door
  readonly source?: string | undefined
  readonly problem: HookProblem
  readonly ms?: number | undefined
  readonly fault?: string | undefined
}

/** What the doors brought for one AReq: at most one assessment of each source, the door that was opened first. */
export type Hearing = { readonly heard: readonly Heard[]; readonly unheard: readonly Unheard[] }
export const nothingHeard: Hearing = { heard: [], unheard: [] }
