/** Evidence as it is kept with a transaction: without the paths, which every check has by itself. */
import type { Evidence, Params } from './check.ts'
import { checkOf } from './checks.ts'

export type KeptEvidence = readonly [checkId: string, code: string, weight: number, params: Params]

export const keepEvidence = (evidence: readonly Evidence[]): readonly KeptEvidence[] =>
  evidence.map(({ checkId, code, weight, params }) => [checkId, code, weight, params])

export const readEvidence = (kept: readonly KeptEvidence[]): readonly Evidence[] =>
  kept.map(([checkId, code, weight, params]) => ({
    checkId,
    code,
    weight,
    params,
    paths: checkOf(checkId)?.paths ?? [],
  }))

/** NaN has no place in JSON: what cannot be known is null there. */
export const readFeatures = (kept: readonly (number | null)[]): Float64Array =>
  Float64Array.from(kept, (value) => value ?? Number.NaN)
export const keepFeatures = (features: ArrayLike<number>): readonly number[] => Array.from(features)
