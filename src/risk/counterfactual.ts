/**
 * What would have changed the outcome. The search looks at every single change (changes.ts), then, for outcomes that none
 * of them leads to, at every pair: a rule may want two things, and not notice one. What is found by then is the smallest there
 * is, by the number of changes and then by how much evidence they move. Amounts are tried in round numbers; of those that lead
 * somewhere the nearest amount is looked for that still does. For outcomes that no pair leads to, the strongest
 * changes are added up until the outcome turns, and those that are not needed are left out: that is a way, and perhaps not
 * the shortest. At most `mostChanges` are ever named, since a long list explains nothing.
 */
import { type Again, type Basis, decideAgain, scratchFor } from './again.ts'
import { amountGroup, amountPatch } from './changes/amount.ts'
import { type Change, type Controller, type Difference, differences, isOther, patched } from './changes/change.ts'
import { changes as catalogue } from './changes.ts'
import type { Language, Params, Words } from './check.ts'
import type { Decision, TransStatus } from './decide.ts'
import { filled } from './explain.ts'
import type { Policy } from './policy.ts'
import { presenceAt } from './presence.ts'
import type { Scratch } from './score.ts'

export type Chosen = { readonly change: Change; readonly params: Params }

export type Counterfactual = {
  readonly changes: readonly Chosen[]
  readonly score: number
  readonly decision: Decision
  /** How much is moved, in log-odds. */
  readonly size: number
  /** No smaller way there was found by a search through all of them. */
  readonly isSmallest: boolean
  readonly after: Basis
  readonly differences: readonly Difference[]
}

export type Counterfactuals = {
  readonly base: Pick<Again, 'score' | 'decision'>
  /** Of the milder outcomes if there is a way to one, otherwise of all; undefined: no change that is tried makes another outcome. */
  readonly smallest: Counterfactual | undefined
  /** One for each other outcome that there is a way to, the mildest first. */
  readonly others: readonly Counterfactual[]
  /** How many purchases that might have been were decided. */
  readonly tried: number
}

export const mostChanges = 5

/** A policy of thousands of rules takes its time for each decision: it is asked less often. */
const mostTried = ({ rules, segments }: Policy): number =>
  Math.max(100, Math.floor(400_000 / (100 + rules.length + segments.length)))

/** Another wish, card or list moves no evidence; it counts as much as a factor of twenty in the odds. */
const stateSize = 3
const asides = ['asked', 'card', 'listed', 'prior'] as const

/** The mildest first. Being taken note of only is not as good as being asked: nobody is authenticated. */
const ranks: Readonly<Record<TransStatus, number>> = { Y: 0, A: 1, C: 2, D: 3, I: 4, U: 5, N: 6, R: 7 }

type Candidate = Chosen & {
  readonly after: Basis
  readonly score: number
  readonly decision: Decision
  readonly size: number
}

export function counterfactuals(
  basis: Basis,
  policy: Policy,
  options: { readonly controllable?: Controller | undefined } = {},
): Counterfactuals {
  const search = new Search(basis, policy)
  const { controllable } = options
  const wanted = controllable === undefined ? catalogue : catalogue.filter(({ by }) => by === controllable)
  const singles = wanted.flatMap((change) => search.candidates(basis, change))
  for (const one of singles) search.offer([one], one.after, one)
  search.nearest(singles)
  search.pairs(singles)
  search.add(singles.filter((one) => search.matters(one)))
  return search.result()
}

class Search {
  readonly #basis: Basis
  readonly #policy: Policy
  readonly #scratch: Scratch
  readonly #base: Pick<Again, 'score' | 'decision'>
  readonly #weights: Float64Array
  readonly #best = new Map<TransStatus, Counterfactual>()
  readonly #most: number
  #tried = 0
  #hasTriedPairs = true

  constructor(basis: Basis, policy: Policy) {
    this.#basis = basis
    this.#policy = policy
    this.#most = mostTried(policy)
    this.#scratch = scratchFor(basis, policy)
    const { score, decision, weights } = decideAgain(basis, policy, this.#scratch)
    this.#base = { score, decision }
    this.#weights = Float64Array.from(weights)
  }

  /** Every value that a change may take, with what would have come of it. */
  candidates(from: Basis, change: Change): readonly Candidate[] {
    return change.patches(from, this.#policy).flatMap(({ patch, params = {} }) => {
      const paths = Object.keys(patch.elements ?? {})
      if (paths.some((path) => presenceAt(from.facts.presence, path) === 'notAsked')) return []
      if (!isOther(from, patch)) return []
      if (this.#isSpent()) return []
      const after = patched(from, patch)
      return [{ change, params, after, ...this.#decided(after) }]
    })
  }

  #decided(after: Basis): Pick<Candidate, 'score' | 'decision' | 'size'> {
    this.#tried += 1
    const { score, decision, weights } = decideAgain(after, this.#policy, this.#scratch)
    let size = stateSize * asides.filter((part) => after[part] !== this.#basis[part]).length
    for (let i = 0; i < weights.length; i++) size += Math.abs(orZero(weights[i]) - orZero(this.#weights[i]))
    return { score, decision, size }
  }

  matters({ size, decision }: Candidate): boolean {
    return size > 0 || decision.because.join() !== this.#base.decision.because.join()
  }

  /** Keeps it if it leads to another outcome, and nothing smaller does. */
  offer(
    changes: readonly Chosen[],
    after: Basis,
    { score, decision, size }: Pick<Candidate, 'score' | 'decision' | 'size'>,
    isSmallest = true,
  ): void {
    const { transStatus } = decision
    if (transStatus === this.#base.decision.transStatus) return
    const best = this.#best.get(transStatus)
    const isBetter =
      best === undefined ||
      changes.length < best.changes.length ||
      (changes.length === best.changes.length &&
        (size < best.size || (size === best.size && this.#isNearer(changes, best.changes))))
    if (!isBetter) return
    const chosen = changes.map(({ change, params }) => ({ change, params }))
    this.#best.set(transStatus, {
      changes: chosen,
      score,
      decision,
      size,
      isSmallest,
      after,
      differences: differences(this.#basis, after),
    })
  }

  /** The same, with an amount that is nearer to the one there was. */
  #isNearer(changes: readonly Chosen[], than: readonly Chosen[]): boolean {
    const { amount = 0 } = this.#basis.facts
    const apart = (all: readonly Chosen[]): number =>
      Math.abs(Number(all.find(({ change }) => change.group === amountGroup)?.params.amount) - amount)
    return changes.every(({ change }, i) => change === than[i]?.change) && apart(changes) < apart(than)
  }

  /** Of each direction and outcome the nearest round amount comes first: from there to the nearest of all. */
  nearest(singles: readonly Candidate[]): void {
    const seen = new Set<string>()
    for (const one of singles) {
      const key = `${one.change.id} ${one.decision.transStatus}`
      if (one.change.group !== amountGroup || seen.has(key)) continue
      seen.add(key)
      const chain = this.#nearer([one], one.decision.transStatus)
      const last = chain?.at(-1)
      if (chain !== undefined && last !== undefined) this.offer(chain, last.after, last)
    }
  }

  /** The same changes with the amount that is nearest to the one there was, and still leads there. */
  #nearer(chosen: readonly Chosen[], transStatus: TransStatus): readonly Candidate[] | undefined {
    const own = chosen.find(({ change }) => change.group === amountGroup)?.params.amount
    let [leads, leadsNot] = [Number(own), this.#basis.facts.amount]
    if (own === undefined || leadsNot === undefined || transStatus === this.#base.decision.transStatus) return undefined
    let found: readonly Candidate[] | undefined
    while (Math.abs(leads - leadsNot) > 1) {
      const between = Math.trunc((leads + leadsNot) / 2)
      const chain = this.#chain(
        chosen.map((one) => (one.change.group === amountGroup ? { ...one, params: { amount: between } } : one)),
      )
      if (chain === undefined) return found
      if (chain.at(-1)?.decision.transStatus === transStatus) {
        leads = between
        found = chain
      } else leadsNot = between
    }
    return found
  }

  pairs(singles: readonly Candidate[]): void {
    const found = new Set(this.#best.keys())
    const isNew = ({ decision }: Candidate): boolean => !found.has(decision.transStatus)
    const changes = [...new Set(singles.map(({ change }) => change))]
    for (const first of singles) {
      const from = changes.indexOf(first.change)
      for (const change of changes.slice(from + 1)) {
        if (change.group === first.change.group) continue
        for (const second of this.candidates(first.after, change))
          if (isNew(second)) this.offer([first, second], second.after, second)
      }
    }
    this.#hasTriedPairs = !this.#isSpent()
    for (const [transStatus, { changes: chosen }] of this.#best) {
      if (chosen.length < 2) continue
      const chain = this.#nearer(chosen, transStatus)
      const last = chain?.at(-1)
      if (chain !== undefined && last !== undefined) this.offer(chain, last.after, last)
    }
  }

  #isSpent(): boolean {
    return this.#tried >= this.#most
  }

  /** Adds up the strongest changes in either direction. */
  add(active: readonly Candidate[]): void {
    const { score } = this.#base
    for (const sign of [-1, 1]) {
      const moves = active
        .filter((one) => (one.score - score) * sign > 0)
        .sort((a, b) => (b.score - a.score) * sign)
        .filter((one, i, all) => all.findIndex(({ change }) => change.group === one.change.group) === i)
      let chosen: readonly Candidate[] = []
      for (const { change, params } of moves) {
        const from = chosen.at(-1)?.after ?? this.#basis
        const next = this.#with(from, change, params)
        if (next === undefined) continue
        chosen = [...chosen, next]
        if (chosen.length < 3 || this.#best.has(next.decision.transStatus)) continue
        const needed = this.#needed(chosen, next.decision.transStatus)
        const last = needed.at(-1)
        if (last !== undefined && needed.length <= mostChanges) this.offer(needed, last.after, last, false)
      }
    }
  }

  #with(from: Basis, change: Change, params: Params): Candidate | undefined {
    if (change.group === amountGroup) {
      if (this.#isSpent()) return undefined
      const after = patched(from, amountPatch(from, Number(params.amount)))
      return { change, params, after, ...this.#decided(after) }
    }
    const same = (one: Candidate): boolean => JSON.stringify(one.params) === JSON.stringify(params)
    return this.candidates(from, change).find(same)
  }

  /** Without what it does not need to come to the same outcome. */
  #needed(chosen: readonly Candidate[], transStatus: TransStatus): readonly Candidate[] {
    let needed = chosen
    for (const one of chosen) {
      const fewer = this.#chain(needed.filter(({ change }) => change !== one.change))
      if (fewer?.at(-1)?.decision.transStatus === transStatus) needed = fewer
    }
    return needed
  }

  #chain(parts: readonly Chosen[]): readonly Candidate[] | undefined {
    const chain: Candidate[] = []
    for (const { change, params } of parts) {
      const next = this.#with(chain.at(-1)?.after ?? this.#basis, change, params)
      if (next === undefined) return undefined
      chain.push(next)
    }
    return chain
  }

  result(): Counterfactuals {
    const others = [...this.#best.values()]
      .map((one) => (one.changes.length > 1 && !this.#hasTriedPairs ? { ...one, isSmallest: false } : one))
      .sort((a, b) => ranks[a.decision.transStatus] - ranks[b.decision.transStatus])
    const own = ranks[this.#base.decision.transStatus]
    const milder = others.filter(({ decision }) => ranks[decision.transStatus] < own)
    const [smallest] = (milder.length > 0 ? milder : others).toSorted(
      (a, b) => a.changes.length - b.changes.length || a.size - b.size,
    )
    return { base: this.#base, smallest, others, tried: this.#tried }
  }
}

const orZero = (weight: number | undefined): number => (weight === undefined || Number.isNaN(weight) ? 0 : weight)

const outcomes: Readonly<Record<TransStatus, Words>> = {
  Y: { en: 'approved without a challenge (Y)', ja: 'チャレンジなしで承認されていました（Y）' },
  A: { en: 'answered as an attempt (A)', ja: '試行として応答されていました（A）' },
  C: { en: 'challenged (C)', ja: 'チャレンジになっていました（C）' },
  D: { en: 'challenged outside of the shop (D)', ja: '分離型認証になっていました（D）' },
  I: { en: 'taken note of only (I)', ja: '情報の受領のみになっていました（I）' },
  U: { en: 'left undecided (U)', ja: '認証不能になっていました（U）' },
  N: { en: 'declined (N)', ja: '否認されていました（N）' },
  R: { en: 'rejected (R)', ja: '拒否されていました（R）' },
}

const clauseOf = ({ change, params }: Chosen, lang: Language, policy: Pick<Policy, 'issuer'>): string =>
  filled(change.words[lang], params, lang, policy)

export const clausesOf = (chosen: Chosen, policy: Pick<Policy, 'issuer'>): Words => ({
  en: clauseOf(chosen, 'en', policy),
  ja: clauseOf(chosen, 'ja', policy),
})

/** As a sentence. */
export const sentencesOf = ({ changes, decision }: Counterfactual, policy: Pick<Policy, 'issuer'>): Words => ({
  en: `It would have been ${outcomes[decision.transStatus].en} if ${changes
    .map((one) => clauseOf(one, 'en', policy))
    .join(', and if ')}.`,
  ja: `${changes.map((one) => clauseOf(one, 'ja', policy)).join('、さらに')}、${outcomes[decision.transStatus].ja}。`,
})
