/** Policies × assessments with and without × parts left out × thresholds × matches: everything that an experiment runs. Pure. */
import { createHash } from 'node:crypto'
import { meant } from '../../risk/policy/nearest.ts'
import type { Policy } from '../../risk/policy.ts'
import { changed, decidesByPrices, partsOf, tidy } from './change.ts'
import { type Candidate, loaded, type PolicyText } from './policies.ts'
import { LabExperimentError, type Problem, problemAt, type Source } from './problems.ts'
import type { Experiment, Layer, Match } from './schema.ts'
import type { Change, Hears, Variant } from './summary.ts'

/** At most so many: somebody has to read the results. */
const mostVariants = 500
const tooMany = (n: number): string => `${n} variants: more than ${mostVariants} nobody can read`

export type Planned = PolicyText & { readonly about: Variant }
export type PlannedMatch = Match & {
  readonly id: string
  readonly toMeet: string
  /** In the list of the file. */
  readonly place: number
}
/** `matches`: what becomes variants once their thresholds have been found; each is a change of one of `variants`. */
export type Plan = {
  readonly variants: readonly Planned[]
  readonly matches: readonly PlannedMatch[]
  readonly baseline: string
  readonly pairs: readonly (readonly [a: string, b: string])[]
}

/** As the server's where everybody is heard: a policy as it is written has the hash that its decisions bear there. */
export function hashOf(policy: Pick<Policy, 'hash'>, hears: Hears): string {
  if (hears === 'all') return policy.hash
  const whom = hears === 'none' ? 'none' : [...hears].sort()
  return createHash('sha256')
    .update(`${policy.hash}\nhears ${JSON.stringify(whom)}`)
    .digest('hex')
    .slice(0, 16)
}

/** A variant of which something is different. Throws a PolicyError where no policy is left. */
export function varied(
  from: Planned,
  { id, kind, change }: { readonly id: string; readonly kind: Variant['kind']; readonly change: Change },
): Planned {
  const text = changed(from.text, change)
  const hears = change.what === 'hears' ? change.hears : from.about.hears
  const { models } = from
  return planned({ text, models }, hears, { id, kind, of: from.about.id, changes: [...from.about.changes, change] })
}

function planned(source: PolicyText, hears: Hears, about: Pick<Variant, 'id' | 'kind' | 'of' | 'changes'>): Planned {
  const policy = loaded(source)
  const { name, version, thresholds, costs } = policy
  return {
    text: source.text,
    models: source.models,
    about: {
      ...about,
      hears,
      policy: { name, version, hash: hashOf(policy, hears) },
      ...(costs === undefined && { thresholds }),
    },
  }
}

const stepsOf = (steps: NonNullable<Experiment['sweep'][number]['challenge']>): readonly number[] => {
  if (!('from' in steps)) return steps
  const { from, to, step } = steps
  return Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, i) => tidy(from + i * step))
}

export function planOf(experiment: Experiment, candidates: readonly Candidate[], source: Source): Plan {
  const problems: Problem[] = []
  const variants = new Map<string, Planned>()
  const add = (one: Planned): void => {
    if (!variants.has(one.about.id)) variants.set(one.about.id, one)
  }
  /** The variant at a place of the file; what is not there is told with the name that was probably meant. */
  const named = (id: string, path: readonly PropertyKey[]): Planned | undefined => {
    const one = variants.get(id)
    if (one === undefined)
      problems.push(
        problemAt(
          source,
          path,
          `there is no variant ${id}${meant(id, [...variants.keys()]) || `; there are ${[...variants.keys()].slice(0, 20).join(', ')}`}`,
        ),
      )
    return one
  }

  for (const [i, { id, hears, policy, ...text }] of candidates.entries()) {
    const { currency, zone } = policy.issuer
    const home = candidates[0]?.policy.issuer ?? policy.issuer
    if (currency.code !== home.currency.code || zone.name !== home.zone.name)
      problems.push(
        problemAt(
          source,
          ['policies', i],
          `its issuer has another currency or zone than that of ${candidates[0]?.id}: their amounts and days cannot be compared`,
        ),
      )
    const own = planned(text, hears, { id, kind: 'policy', changes: [] })
    add(own)
    if (experiment.assessments === 'both' && hears !== 'none' && policy.assessments !== undefined)
      add(
        varied(own, { id: `${id}/without-assessments`, kind: 'assessments', change: { what: 'hears', hears: 'none' } }),
      )
  }
  const baseline =
    experiment.baseline === undefined ? [...variants.values()][0] : named(experiment.baseline, ['baseline'])
  const first = baseline?.about.id ?? ''
  const targets = (of: readonly string[] | undefined, path: readonly PropertyKey[]): readonly Planned[] =>
    of === undefined
      ? baseline === undefined
        ? []
        : [baseline]
      : of.flatMap((id, i) => named(id, [...path, 'of', i]) ?? [])

  for (const [i, { of, each }] of experiment.ablate.entries()) {
    for (const target of targets(of, ['ablate', i])) {
      for (const change of partsLeftOut(target, each, (message) =>
        problems.push(problemAt(source, ['ablate', i, 'each'], message)),
      )) {
        add(varied(target, { id: `${target.about.id}/without-${change.left}`, kind: 'ablation', change }))
      }
    }
  }
  for (const [i, { of, challenge, reject }] of experiment.sweep.entries()) {
    for (const target of targets(of, ['sweep', i])) {
      const own = target.about.thresholds
      if (own === undefined || decidesByPrices(target.text)) {
        problems.push(
          problemAt(source, ['sweep', i], `${target.about.id} decides by prices; it has no thresholds to try`),
        )
        continue
      }
      const pairs = (challenge === undefined ? [own.challenge] : stepsOf(challenge)).flatMap((c) =>
        (reject === undefined ? [Math.max(own.reject, c)] : stepsOf(reject)).map((r) => [c, r] as const),
      )
      const possible = pairs.filter(([c, r]) => c <= r)
      if (possible.length === 0)
        problems.push(problemAt(source, ['sweep', i], 'nothing to try: challenge lies above reject everywhere'))
      // Making them takes longer than counting them.
      if (variants.size + possible.length > mostVariants) {
        problems.push(problemAt(source, ['sweep', i], tooMany(variants.size + possible.length)))
        continue
      }
      for (const [c, r] of possible) {
        const name = [
          ...(challenge === undefined ? [] : [`challenge=${c}`]),
          ...(reject === undefined ? [] : [`reject=${r}`]),
        ]
        const change = { what: 'thresholds', challenge: c, reject: r } as const
        add(varied(target, { id: `${target.about.id}/${name.join('_')}`, kind: 'sweep', change }))
      }
    }
  }

  const matches: PlannedMatch[] = []
  for (const [i, match] of experiment.match.entries()) {
    const path = ['match', i]
    const one = named(match.variant, [...path, 'variant'])
    const toMeet = match.toMeet ?? first
    if (match.toMeet !== undefined) named(match.toMeet, [...path, 'toMeet'])
    const id = match.id ?? `${match.variant}/at-equal-${match.measure}`
    const tell = (message: string): void => void problems.push(problemAt(source, path, message))
    if (variants.has(id) || matches.some((other) => other.id === id))
      tell(`there is a variant ${id} already; give it an id`)
    if (one !== undefined && decidesByPrices(one.text))
      tell(`${match.variant} decides by prices; it has no thresholds to move`)
    if (match.on !== 'before' && !('preset' in experiment.stream))
      tell('another seed can only be had of a preset; on: before takes the earlier events of this stream')
    matches.push({ ...match, id, toMeet, place: i })
  }
  if (experiment.repeats.length > 0 && !('preset' in experiment.stream))
    problems.push(problemAt(source, ['repeats'], 'other seeds can only be had of a preset'))
  if (variants.size + matches.length > mostVariants)
    problems.push(problemAt(source, [], tooMany(variants.size + matches.length)))

  const ids = [...variants.keys(), ...matches.map(({ id }) => id)]
  const pairs = pairsOf(experiment, [...variants.values()], matches, first)
  if (Array.isArray(experiment.comparisons))
    for (const [i, pair] of experiment.comparisons.entries())
      for (const [j, id] of pair.entries())
        if (!ids.includes(id))
          problems.push(problemAt(source, ['comparisons', i, j], `there is no variant ${id}${meant(id, ids)}`))
  if (problems.length > 0) throw new LabExperimentError(source.file, problems)
  return { variants: [...variants.values()], matches, baseline: first, pairs }
}

type LeftOut = Extract<Change, { what: 'check' | 'scorer' | 'layer' }>
const checkOut = (left: string): LeftOut => ({ what: 'check', left })
const scorerOut = (left: string): LeftOut => ({ what: 'scorer', left })
const layerOut = (left: Layer): LeftOut => ({ what: 'layer', left })

/** Every part that is to be left out of a variant, or a word on what is not there. */
function partsLeftOut(
  { text, about }: Planned,
  each: Experiment['ablate'][number]['each'],
  tell: (message: string) => void,
): readonly LeftOut[] {
  const parts = partsOf(text)
  if (each === 'checks') return parts.checks.map(checkOut)
  if (each === 'scorers') return parts.scorers.map(scorerOut)
  if (each === 'layers') return parts.layers.map(layerOut)
  const known = [...parts.checks, ...parts.scorers, ...parts.layers]
  return each.flatMap((id): readonly LeftOut[] => {
    if (parts.checks.includes(id)) return [checkOut(id)]
    if (parts.scorers.includes(id)) return [scorerOut(id)]
    const layer = parts.layers.find((one) => one === id)
    if (layer !== undefined) return [layerOut(layer)]
    tell(`${about.id} has no part ${id}${meant(id, known)}`)
    return []
  })
}

/** Each pair as (what it is held against, the variant), once. */
function pairsOf(
  { comparisons }: Experiment,
  variants: readonly Planned[],
  matches: Plan['matches'],
  baseline: string,
): Plan['pairs'] {
  if (Array.isArray(comparisons)) return comparisons
  const ids = [...variants.map(({ about }) => about.id), ...matches.map(({ id }) => id)]
  if (comparisons === 'all') return ids.flatMap((a, i) => ids.slice(i + 1).map((b) => [a, b] as const))
  const own = variants.map(({ about: { id, of } }) => [of ?? baseline, id] as const)
  const seen = new Set<string>()
  return [...own, ...matches.map(({ id, toMeet }) => [toMeet, id] as const)].filter(([a, b]) => {
    const either = [a, b].sort().join('\n')
    if (a === b || seen.has(either)) return false
    seen.add(either)
    return true
  })
}
