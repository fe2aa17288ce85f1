/** Evidence as it is kept with a transaction: without the paths, which every check has by itself. */
import type { Evidence, Params } from './check.ts'
import { checks } from './checks.ts'
import type { ReasonCode } from './reasons.ts'

export type KeptEvidence = readonly [checkId: string, code: ReasonCode, weight: number, params: Params]

export const keepEvidence = (evidence: readonly Evidence[]): readonly KeptEvidence[] =>
  evidence.map(({ checkId, code, weight, params }) => [checkId, code, weight, params])

const pathsOf: ReadonlyMap<string, readonly string[]> = new Map(checks.map(({ id, paths }) => [id, paths]))

export const readEvidence = (kept: readonly KeptEvidence[]): readonly Evidence[] =>
  kept.map(([checkId, code, weight, params]) => ({ checkId, code, weight, params, paths: pathsOf.get(checkId) ?? [] }))
