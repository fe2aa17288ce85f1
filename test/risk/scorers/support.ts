import { readScorer } from '../../../src/risk/scorers/read.ts'
import { ModelError, type Problem, type Scorer, type ScorerAbout } from '../../../src/risk/scorers/scorer.ts'

export const sumOf = (base: number, parts: Iterable<number>): number => {
  let sum = base
  for (const part of parts) sum += part
  return sum
}

/** The values in another order, the same for the same seed. */
export function shuffled(values: Float64Array, seed: number): Float64Array {
  const out = values.slice()
  let state = (seed + 1) * 2654435761
  for (let i = out.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const j = state % (i + 1)
    const kept = out[i] ?? 0
    out[i] = out[j] ?? 0
    out[j] = kept
  }
  return out
}

export const about = (kind: ScorerAbout['kind'], more: Partial<ScorerAbout> = {}): ScorerAbout => ({
  kind,
  name: 'test',
  version: '1',
  ...more,
})

/** What is wrong with a model, or undefined where nothing is. Anything but a ModelError is thrown on. */
export function problemsOf(told: ScorerAbout, text: string, engine: readonly string[]): readonly Problem[] | undefined {
  try {
    readScorer(told, text, engine)
    return undefined
  } catch (error) {
    if (error instanceof ModelError) return error.problems
    throw error
  }
}

export const contributionsOf = (scorer: Scorer, event: Float64Array): { base: number; out: Float64Array } => {
  const out = new Float64Array(scorer.features.length)
  return { base: scorer.contributions(event, out), out }
}
