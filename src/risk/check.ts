/** What a check is: it reads facts, profiles and features, and gives evidence or abstains. It does not decide. */
import { z } from 'zod'
import type { Facts } from './facts.ts'
import type { Features } from './features.ts'
import type { Profiles } from './profile.ts'
import type { ReasonCode } from './reasons.ts'
import type { Issuer } from './setting.ts'

export type CheckInput = {
  readonly issuer: Issuer
  readonly facts: Facts
  readonly profiles: Profiles
  readonly features: Features
}

export type Params = Readonly<Record<string, string | number>>

export type Evidence = {
  readonly checkId: string
  /** Log-odds: positive speaks for fraud. */
  readonly weight: number
  readonly code: ReasonCode
  readonly params: Params
  /** JSON paths of the AReq's elements that were read. */
  readonly paths: readonly string[]
}
/** A check that cannot say anything tells why. */
export type Abstention = { readonly abstained: string }
export type Opinion = Evidence | Abstention

export type Run = (input: CheckInput) => Opinion
/** The least and the most that a check can add to the score: 0 where it abstains, so 0 is always between them. */
export type Span = readonly [least: number, most: number]
/** A check with the parameters of a policy. */
export type Bound = { readonly run: Run; readonly span: Span; readonly params: unknown }
export type Check = {
  readonly id: string
  readonly paths: readonly string[]
  /** Reads the check's parameters from a policy and gives the check with them. */
  readonly bound: z.ZodType<Bound>
}

/** Base weight of every check: log-odds at strength 1. */
export const weight = z.number().min(-20).max(20)

export function check<P extends z.ZodType>(
  id: string,
  paths: readonly string[],
  params: P,
  run: (input: CheckInput, own: z.output<P>) => Opinion,
  /** Every weight at the ends of what `run` can give. */
  ends: (own: z.output<P>) => readonly number[],
): Check {
  return {
    id,
    paths,
    bound: params.transform((own): Bound => {
      const weights = ends(own)
      return { run: (input) => run(input, own), span: [Math.min(0, ...weights), Math.max(0, ...weights)], params: own }
    }),
  }
}

export const abstain = (why: string): Abstention => ({ abstained: why })
export const isEvidence = (opinion: Opinion): opinion is Evidence => 'weight' in opinion

/** From 0 at the first number to 1 at the second. */
export const ramp = z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to, 'from must be below to')
export function along(value: number, range: readonly [number, number]): number {
  const from = range[0]
  const to = range[1]
  return value >= to ? 1 : value > from ? (value - from) / (to - from) : 0
}

/** One of several things a check has noticed; shares add up, the largest gives the reason. */
export type Part = { readonly share: number; readonly code: ReasonCode; readonly params: Params }

export function largest(parts: readonly Part[]): Part | undefined {
  let first: Part | undefined
  for (const part of parts) if (part.share > (first?.share ?? 0)) first = part
  return first
}
export function sum(parts: readonly Part[]): number {
  let total = 0
  for (const part of parts) total += part.share
  return total
}
