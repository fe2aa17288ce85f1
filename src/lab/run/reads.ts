/** Which features a policy can read: others need not be worked out, nor what they are worked out from. */
import { type FeatureName, featureNames, isFeature } from '../../risk/features.ts'
import type { Policy } from '../../risk/policy.ts'

/** Names of features in conditions as they were written. */
function* namesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* namesIn(one)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      if (name === 'of' && typeof member === 'string' && member.startsWith('feature.')) yield member.slice(8)
      else yield* namesIn(member)
    }
}

/** Of a check nobody knows what it reads, so that with one of them all is read but what only the freeman scorer counts. */
export function featuresRead(policy: Policy): readonly FeatureName[] {
  const { checks, scorers, scorecard, rules, segments, limits } = policy
  const names = new Set<string>([
    ...(checks.length > 0 ? featureNames.filter((name) => !name.startsWith('freeman_')) : []),
    ...scorers.flatMap(({ scorer }) => scorer.features),
    ...scorecard.map(({ feature }) => feature),
    ...[...rules, ...segments].flatMap(({ when }) => [...namesIn(when.source)]),
    ...(Object.values(limits).some((limit) => limit !== undefined) ? ['frictionless_n', 'frictionless_sum'] : []),
  ])
  return [...names].filter(isFeature)
}
