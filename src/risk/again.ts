/** A decision made again: from what was kept of it, from a draft of a policy, or from what might have been. Pure. */
import { type DecideInput, type Decision, decide } from './decide.ts'
import type { Facts } from './facts.ts'
import type { Policy } from './policy.ts'
import { newScratch, type Scratch, weighInto } from './score.ts'

/** All that the engine decides by, besides its policy. Who else wanted an outcome does not belong to it. */
export type Basis = Omit<DecideInput, 'score' | 'reasons' | 'policy' | 'selected'> & { readonly facts: Facts }

export type Again = {
  readonly score: number
  readonly weights: Float64Array
  readonly reasons: readonly (string | undefined)[]
  readonly decision: Decision
}

export const scratchFor = ({ facts, features }: Basis, policy: Policy): Scratch => newScratch(policy, facts, features)

/** What the engine decides. Weights and reasons are those of `scratch`, which the next call writes over. */
export function decideAgain(basis: Basis, policy: Policy, scratch: Scratch = scratchFor(basis, policy)): Again {
  const { features, facts, opinions, unheard } = basis
  const score = weighInto(scratch, features, facts, policy, opinions, unheard)
  const { weights, reasons } = scratch
  return { score, weights, reasons, decision: decide({ ...basis, score, reasons, policy }) }
}

/** The same purchase, had this source not been heard; without a source: had nobody been. What it told besides stays known. */
export const unassessed = (basis: Basis, source?: string): Basis => ({
  ...basis,
  opinions: source === undefined ? [] : basis.opinions?.filter((one) => one.source !== source),
})
