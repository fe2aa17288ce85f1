/** What each feature added to the weight that a scorer has in a score: for explanations, made on demand. */
import { toGrain } from './grain.ts'
import type { Scorer } from './scorer.ts'

type Share = { readonly feature: string; readonly value: number; readonly share: number }
export type Shares = {
  /** What the model says before it looks at this payment. */
  readonly base: number
  /** Largest first; features that added nothing are left out. */
  readonly shares: readonly Share[]
}

/** As a policy uses a scorer. */
type Entry = { readonly scorer: Scorer; readonly weight: number; readonly cap: number }

/**
 * `whole` is the scorer's weight in the score: its log-odds times the policy's weight, within the policy's cap. Where the cap
 * held, every share is cut alike. base + shares = whole exactly. Undefined where the scorer abstained.
 */
export function sharesOf(
  { scorer, weight, cap }: Entry,
  whole: number,
  event: Float64Array,
  positionOf: (feature: string) => number,
): Shares | undefined {
  const logOdds = scorer.logOdds(event) * weight
  if (Number.isNaN(whole) || Number.isNaN(logOdds)) return undefined
  const out = new Float64Array(scorer.features.length)
  scorer.contributions(event, out)
  const stretch = Math.abs(logOdds) > cap ? (weight * cap) / Math.abs(logOdds) : weight
  let base = whole
  const shares: Share[] = []
  for (const [i, feature] of scorer.features.entries()) {
    const share = toGrain((out[i] ?? 0) * stretch)
    if (share === 0) continue
    base -= share
    shares.push({ feature, value: event[positionOf(feature)] ?? Number.NaN, share })
  }
  return { base, shares: shares.sort((a, b) => Math.abs(b.share) - Math.abs(a.share)) }
}
