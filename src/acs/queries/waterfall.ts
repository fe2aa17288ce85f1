// A decision as a waterfall: base, what each check and the scorecard added, score. Made of what was recorded. Pure.
import type { Band } from '../../risk/challenge-indicator.ts'
import { type Words as Sentence, Voice } from '../../risk/check.ts'
import { checkOf, scorerSilence } from '../../risk/checks.ts'
import { bandOf } from '../../risk/decide.ts'
import { explain } from '../../risk/explain.ts'
import type { Facts } from '../../risk/facts.ts'
import { type Features, featureSet } from '../../risk/features.ts'
import { type KeptEvidence, readEvidence, readFeatures } from '../../risk/kept.ts'
import type { Policy } from '../../risk/policy.ts'
import { contribution } from '../../risk/score.ts'
import type { Transaction, TransactionDetails } from '../ports.ts'
import type { Words } from './deciders.ts'

export interface Part {
  readonly checkId: string
  readonly code?: string
  /** Log-odds. */
  readonly weight: number
  readonly text: Words
  readonly paths: readonly string[]
  readonly abstained: boolean
  /** Of the scorecard: what each feature added; left out where the policy has changed since. */
  readonly features?: readonly { readonly feature: string; readonly value: number; readonly weight: number }[]
}

export interface Waterfall {
  readonly base: number
  /** In the order of the sum: base + all weights from first to last = score, to the last bit. */
  readonly parts: readonly Part[]
  readonly score: number
  /** The score as a probability; the weights are no fit to any data. */
  readonly probability: number
  readonly thresholds: { readonly challenge: number; readonly reject: number }
  readonly band: Band
  /** Base and thresholds are those of the decision, or (`recorded` false) of the policy that runs now. */
  readonly policy: { readonly name: string; readonly recorded: boolean }
}

function scorecardParts(policy: Policy, features: Features, weight: number): Part['features'] {
  const parts = policy.scorecard.map((entry) => ({
    feature: entry.feature,
    value: features[entry.position] ?? Number.NaN,
    weight: contribution(entry, features),
  }))
  const sum = parts.reduce((total, part) => total + part.weight, 0)
  return sum === weight ? parts.filter((part) => part.weight !== 0) : undefined
}

const silent = (checkId: string, why: Sentence | undefined): Part => {
  const check = checkOf(checkId)
  return {
    checkId,
    weight: 0,
    text: why ?? {
      en: `${check?.words.en.title ?? checkId}: nothing to say.`,
      ja: `${check?.words.ja.title ?? checkId}：特記事項なし。`,
    },
    paths: check?.paths ?? [],
    abstained: true,
  }
}

const scorerWords = (scorer: string): Sentence => ({
  en: scorerSilence.en.replace('{scorer}', scorer),
  ja: scorerSilence.ja.replace('{scorer}', scorer),
})

/** Why checks abstained: asked again of what was kept. A record of another program is not asked. */
function silencesOf(
  { checks, issuer }: Policy,
  { facts, featureSet: kept }: Kept,
  features: Features,
): ReadonlyMap<string, Sentence> {
  if (kept !== featureSet) return new Map()
  const input = { issuer, facts: facts as Facts, features }
  const voice = new Voice()
  return new Map(
    checks.flatMap(({ id, run }): [string, Sentence][] => {
      const { weight, reason } = run(input, voice)
      const words = Number.isNaN(weight) ? checkOf(id)?.silent[reason] : undefined
      return words === undefined ? [] : [[id, words]]
    }),
  )
}

type Kept = Pick<TransactionDetails, 'evidence' | 'features' | 'featureSet' | 'facts' | 'terms' | 'policy'>

export function waterfallOf(
  { score, details }: Pick<Transaction, 'score'> & { readonly details: Kept },
  running: Policy,
): Waterfall {
  const evidence = readEvidence(details.evidence as readonly KeptEvidence[])
  const features = readFeatures(details.features as readonly (number | null)[])
  const { terms } = details
  const [base, challenge, reject] = terms ?? [running.base, running.thresholds.challenge, running.thresholds.reject]
  const thresholds = { challenge, reject }
  const sentences = { en: explain(evidence, 'en', running).items, ja: explain(evidence, 'ja', running).items }
  const parts = evidence.map(({ checkId, code, weight, paths }, position): Part => {
    const own = checkId === 'scorecard' ? scorecardParts(running, features, weight) : undefined
    return {
      checkId,
      code,
      weight,
      text: { en: sentences.en[position]?.sentence ?? '', ja: sentences.ja[position]?.sentence ?? '' },
      paths,
      abstained: false,
      ...(own !== undefined && { features: own }),
    }
  })
  const spoken = new Set(evidence.map(({ checkId }) => checkId))
  const why = silencesOf(running, details, features)
  const abstained = [
    ...running.checks.filter(({ id }) => !spoken.has(id)).map(({ id }) => silent(id, why.get(id))),
    ...running.scorers.filter(({ id }) => !spoken.has(id)).map(({ id }) => silent(id, scorerWords(id))),
  ]
  return {
    base,
    parts: [...parts, ...abstained],
    score,
    probability: 1 / (1 + Math.exp(-score)),
    thresholds,
    band: bandOf(score, thresholds),
    policy: { name: details.policy, recorded: terms !== undefined },
  }
}
