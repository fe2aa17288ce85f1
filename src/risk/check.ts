/**
 * What a check is: it reads facts and features, and gives evidence or abstains. It does not decide. It does not read
 * profiles, so that a decision can be made again from the facts and features that were kept with it.
 */
import { z } from 'zod'
import type { Facts } from './facts.ts'
import type { Features } from './features.ts'
import type { Issuer } from './setting.ts'

export type CheckInput = {
  readonly issuer: Issuer
  readonly facts: Facts
  readonly features: Features
}

export type Language = 'en' | 'ja'
export type Words = { readonly [L in Language]: string }
/** Numbers and codes for a sentence; never what a person wrote. */
export type Params = Readonly<Record<string, string | number>>

/** The parts of knowledge that a decision message names. */
export type Family = 'cardholder' | 'merchant' | 'environment' | 'behaviour'

export type Evidence = {
  readonly checkId: string
  /** Log-odds: positive speaks for fraud. */
  readonly weight: number
  /** `check.reason`. */
  readonly code: string
  readonly params: Params
  /** JSON paths of the elements that were read. */
  readonly paths: readonly string[]
}

/** What a check has said. It is used again for the next one, so nobody keeps it. */
export type Said = {
  /** NaN: the check abstains. */
  readonly weight: number
  readonly reason: string
}
export type Say<R extends string, S extends string> = {
  evidence(reason: R, weight: number): Said
  nothing(why: S): Said
}

/** Scores are sums of multiples of this, so that they are exact and do not depend on the order of the checks. */
const quantum = 2 ** 30
export const rounded = (weight: number): number => Math.round(weight * quantum) / quantum + 0
/** No part of a score is further from 0: all of them together stay far below 2^23, up to which their sums are exact. */
export const farthestWeight = 1_000
/** At most so much in either direction; what is not known stays so. */
export const within = (weight: number, cap: number): number => (weight > cap ? cap : weight < -cap ? -cap : weight)

export class Voice implements Say<string, string> {
  weight = Number.NaN
  reason = ''
  evidence(reason: string, weight: number): Said {
    this.weight = weight
    this.reason = reason
    return this
  }
  nothing(why: string): Said {
    this.weight = Number.NaN
    this.reason = why
    return this
  }
}

export type Run = (input: CheckInput, say: Say<string, string>) => Said
/** The least and the most that a check can add to the score: 0 where it abstains, so 0 is always between them. */
export type Span = readonly [least: number, most: number]
/** A check with the parameters of a policy. */
export type Bound = {
  readonly run: Run
  readonly span: Span
  readonly params: unknown
  /** Numbers for the sentence of a reason. */
  readonly told: (input: CheckInput, reason: string) => Params
}

export type CheckWords = {
  readonly title: string
  /** What it looks at, and what it concludes. */
  readonly about: string
  /** Each parameter by its path. */
  readonly params: Readonly<Record<string, string>>
}

export type Check = {
  readonly id: string
  readonly family: Family
  /** Ids of the seed check list that it answers. */
  readonly seeds: readonly string[]
  readonly paths: readonly string[]
  readonly words: { readonly [L in Language]: CheckWords }
  readonly reasons: Readonly<Record<string, Words>>
  readonly silent: Readonly<Record<string, Words>>
  /** Reads the check's parameters from a policy and gives the check with them. */
  readonly bound: z.ZodType<Bound>
  /** The parameters as data, for JSON Schema. */
  readonly params: z.ZodType
}

export type CheckDefinition<P extends z.ZodType, R extends string, S extends string> = {
  readonly id: string
  readonly family: Family
  readonly seeds: readonly string[]
  readonly paths: readonly string[]
  readonly params: P
  readonly words: { readonly [L in Language]: CheckWords }
  /** `{name}` is a number of `told`; `{name:money}` minor units of the issuer, `:times` a ratio, `:window`, `:country` a code. */
  readonly reasons: { readonly [K in R]: Words }
  readonly silent: { readonly [K in S]: Words }
  /** Every weight at the ends of what `run` can give. */
  readonly ends: (own: z.output<P>) => readonly number[]
  readonly run: (input: CheckInput, own: z.output<P>, say: Say<R, S>) => Said
  readonly told?: (input: CheckInput, own: z.output<P>, reason: R) => Params
}

const nothingToTell: Params = {}

export function defineCheck<P extends z.ZodType, R extends string, S extends string>(
  definition: CheckDefinition<P, R, S>,
): Check {
  const { params, run, told, ends, ...rest } = definition
  return {
    ...rest,
    params,
    bound: params.transform((own): Bound => {
      const weights = ends(own).map(rounded)
      return {
        run: (input, say) => run(input, own, say),
        told: (input, reason) => told?.(input, own, reason as R) ?? nothingToTell,
        span: [Math.min(0, ...weights), Math.max(0, ...weights)],
        params: own,
      }
    }),
  }
}

/** Base weight of every check: log-odds at strength 1. */
export const weight = z.number().min(-20).max(20)
/** Part of a weight. */
export const share = z.number().min(0).max(2)

/** From 0 at the first number to 1 at the second. */
export const ramp = z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to, 'from must be below to')
/** 0 for what is not known. */
export function along(value: number | undefined, range: readonly [number, number]): number {
  if (value === undefined) return 0
  const from = range[0]
  const to = range[1]
  return value >= to ? 1 : value > from ? (value - from) / (to - from) : 0
}

/**
 * Several things that one check may notice: shares add up, the largest gives the reason. Made once per check and begun
 * anew for every purchase, so that nothing is allocated.
 */
export class Parts<R extends string> {
  sum = 0
  largest: R | undefined = undefined
  #most = 0
  begin(): this {
    this.sum = 0
    this.#most = 0
    this.largest = undefined
    return this
  }
  add(share: number, reason: R): void {
    this.sum += share
    if (share <= this.#most) return
    this.#most = share
    this.largest = reason
  }
}

/** A check as a policy holds it. */
export type PolicyCheck = Bound & {
  readonly id: string
  readonly family: Family
  readonly paths: readonly string[]
  /** `check.reason` of each reason: made once. */
  readonly codes: Readonly<Record<string, string>>
}

export const codeOf = (checkId: string, reason: string): string => `${checkId}.${reason}`

export const bindCheck = ({ id, family, paths, reasons }: Check, bound: Bound): PolicyCheck => ({
  id,
  family,
  paths,
  codes: Object.fromEntries(Object.keys(reasons).map((reason) => [reason, codeOf(id, reason)])),
  ...bound,
})
