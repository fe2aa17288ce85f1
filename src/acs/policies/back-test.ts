// A policy over the payments that were decided: each is decided again from what was kept of it. Reads only.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Again, type Basis, decideAgain, scratchFor } from '../../risk/again.ts'
import type { TransStatus } from '../../risk/decide.ts'
import { mostOpinions } from '../../risk/fusion.ts'
import type { Policy } from '../../risk/policy.ts'
import { conflictId, opinionId, ownPartsOf, type Scratch, silenceId } from '../../risk/score.ts'
import { basisOf } from '../kept-inputs.ts'
import type { Store, Transaction } from '../ports.ts'
import { type Lists, listedBy } from './running.ts'

export interface BackTestInput {
  readonly tenant: number
  readonly running: Policy
  readonly draft: Policy
  readonly lists: Lists
  /** Milliseconds since 1970: at or after, and before. */
  readonly from?: number | undefined
  readonly until?: number | undefined
  /** Payments decided again, newest first. */
  readonly limit: number
  /** Changed payments that are told one by one. */
  readonly mostTold?: number
  /** Nobody waits any more. */
  readonly isOver?: () => boolean
}

/** What an engine says of one payment. */
export interface Opinion {
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly score: number
}

/** Why the draft says otherwise: what weighs otherwise, what is applied by one of them only. */
export interface Why {
  readonly weights: readonly { readonly part: string; readonly from: number; readonly to: number }[]
  readonly applied: readonly string[]
  readonly noLonger: readonly string[]
  readonly thresholds?: { readonly from: readonly [number, number]; readonly to: readonly [number, number] }
}

export interface ChangedPayment {
  readonly acsTransID: string
  readonly at: number
  readonly panMask: string
  readonly merchantName?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly label?: string | undefined
  /** What the engine said then, whoever decided. */
  readonly stored: Opinion
  readonly running: Opinion
  readonly draft: Opinion
  readonly why: Why
}

export interface BackTest {
  readonly from?: number | undefined
  readonly until?: number | undefined
  /** Payments of the time that were looked at, and those that could be decided again. */
  readonly searched: number
  readonly replayed: number
  /** older: kept by a release that did not keep enough. features: of another set of features. */
  readonly notReplayed: { readonly older: number; readonly features: number }
  /** Counts by network and browser were not kept for them, and a part of the draft needs them. */
  readonly withoutCounts: number
  /** False: there are more payments of that time. */
  readonly isComplete: boolean
  readonly outcomes: readonly {
    readonly transStatus: string
    readonly stored: number
    readonly running: number
    readonly draft: number
  }[]
  /** From the running policy to the draft, the most frequent first. */
  readonly moves: readonly { readonly from: string; readonly to: string; readonly count: number }[]
  /** Of payments with a label: how many each lets pass without a challenge. */
  readonly labels: readonly {
    readonly kind: string
    readonly count: number
    readonly running: number
    readonly draft: number
  }[]
  readonly changed: number
  readonly payments: readonly ChangedPayment[]
}

/** Payments read at once, and those decided before others have their turn. */
const sliceSize = 50
const turnSize = 5
const mostWeights = 5
const smallest = 1e-9

const opinionOf = ({ decision, score }: Pick<Again, 'decision' | 'score'>): Opinion => ({
  transStatus: decision.transStatus,
  ...(decision.transStatusReason !== undefined && { transStatusReason: decision.transStatusReason }),
  score,
})

/** The engine's own decision is kept apart where somebody else decided. */
function storedOpinion({ engineStatus, transStatus, transStatusReason, score, details }: Transaction): Opinion {
  const engine = details.engine as { readonly transStatusReason?: string } | undefined
  const reason = engine === undefined ? transStatusReason : engine.transStatusReason
  return {
    transStatus: engineStatus ?? transStatus,
    ...(reason !== undefined && { transStatusReason: reason }),
    score,
  }
}

const namesOf = ({ checks, scorers, scorecard }: Policy): readonly string[] => [
  ...checks.map(({ id }) => id),
  ...scorers.map(({ id }) => `scorer ${id}`),
  ...(scorecard.length > 0 ? ['scorecard'] : []),
]

/** Places of what others said. */
const othersIn = (policy: Policy, { opinions = [] }: Basis): readonly (readonly [part: number, name: string])[] => {
  if (policy.assessments === undefined) return []
  const first = ownPartsOf(policy)
  return [
    ...opinions.slice(0, mostOpinions).map(({ source }, i) => [first + i, opinionId(source)] as const),
    [first + mostOpinions, silenceId],
    [first + mostOpinions + 1, conflictId],
  ]
}

/** One policy, ready to decide many payments. */
function judgeOf(policy: Policy, lists: Lists) {
  const names = namesOf(policy)
  let scratch: Scratch | undefined
  return (basis: Basis): Again & { readonly parts: ReadonlyMap<string, number> } => {
    scratch ??= scratchFor(basis, policy)
    const { facts, areq = {}, now = 0 } = basis
    const again = decideAgain({ ...basis, listed: listedBy(policy, lists, { facts, areq }, now) }, policy, scratch)
    const parts = new Map<string, number>([['base', policy.base]])
    const tell = (name: string, part: number): void => {
      const weight = again.weights[part] ?? Number.NaN
      if (!Number.isNaN(weight)) parts.set(name, weight)
    }
    names.forEach(tell)
    for (const [part, name] of othersIn(policy, basis)) tell(name, part)
    return { ...again, parts }
  }
}
type Judged = ReturnType<ReturnType<typeof judgeOf>>

function whyOf(running: Judged, draft: Judged): Why {
  const weights = [...new Set([...running.parts.keys(), ...draft.parts.keys()])]
    .map((part) => ({ part, from: running.parts.get(part) ?? 0, to: draft.parts.get(part) ?? 0 }))
    .filter(({ from, to }) => Math.abs(to - from) > smallest)
    .toSorted((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))
    .slice(0, mostWeights)
  const [before, after] = [running.decision, draft.decision]
  const ends = ({ challenge, reject }: Policy['thresholds']): [number, number] => [challenge, reject]
  const [from, to] = [ends(before.thresholds), ends(after.thresholds)]
  return {
    weights,
    applied: after.because.filter((one) => !before.because.includes(one)),
    noLonger: before.because.filter((one) => !after.because.includes(one)),
    ...(from.some((end, i) => end !== to[i]) && { thresholds: { from, to } }),
  }
}

const passes = ({ transStatus }: Opinion): boolean => transStatus === 'Y' || transStatus === 'I'
const isSame = (a: Opinion, b: Opinion): boolean =>
  a.transStatus === b.transStatus && a.transStatusReason === b.transStatusReason

const order: readonly TransStatus[] = ['Y', 'I', 'A', 'C', 'D', 'N', 'R', 'U']

/** Where to begin: past the payments that are newer than asked for. */
async function startOf(store: Store, { tenant, until }: BackTestInput): Promise<number | undefined> {
  if (until === undefined) return Number.MAX_SAFE_INTEGER
  let first: number | undefined
  await store.scan({ tenant, most: Number.MAX_SAFE_INTEGER }, ({ id, at }) => {
    if (at < until) first = id
    return first === undefined
  })
  return first === undefined ? undefined : first + 1
}

export async function backTest(store: Store, input: BackTestInput): Promise<BackTest> {
  const { tenant, running, draft, lists, from, until, limit, mostTold = 200, isOver } = input
  const [byRunning, byDraft] = [judgeOf(running, lists), judgeOf(draft, lists)]
  const needsCounts = draft.scorers.some(({ scorer }) => scorer.kind === 'freeman')
  const outcomes = new Map<string, { stored: number; running: number; draft: number }>()
  const moves = new Map<string, number>()
  const labels = new Map<string, { count: number; running: number; draft: number }>()
  const notReplayed = { older: 0, features: 0 }
  const payments: ChangedPayment[] = []
  let searched = 0
  let replayed = 0
  let withoutCounts = 0
  let changed = 0
  let newest: number | undefined
  let oldest: number | undefined

  const count = (transStatus: string, who: 'stored' | 'running' | 'draft'): void => {
    const row = outcomes.get(transStatus) ?? { stored: 0, running: 0, draft: 0 }
    row[who] += 1
    outcomes.set(transStatus, row)
  }
  const look = async (transaction: Transaction): Promise<void> => {
    searched += 1
    newest ??= transaction.at
    oldest = transaction.at
    const areq = (await store.journalOf(transaction.id)).find(
      ({ messageType, party }) => messageType === 'AReq' && party === undefined,
    )
    const basis = basisOf(transaction, areq?.masked)
    if (basis === undefined) {
      if (transaction.details.inputs === undefined) notReplayed.older += 1
      else notReplayed.features += 1
      return
    }
    replayed += 1
    if (needsCounts && basis.facts.chains === undefined) withoutCounts += 1
    const stored = storedOpinion(transaction)
    const [a, b] = [byRunning(basis), byDraft(basis)]
    const [now, then] = [opinionOf(a), opinionOf(b)]
    count(stored.transStatus, 'stored')
    count(now.transStatus, 'running')
    count(then.transStatus, 'draft')
    const { label } = transaction
    if (label !== undefined) {
      const row = labels.get(label.kind) ?? { count: 0, running: 0, draft: 0 }
      row.count += 1
      if (passes(now)) row.running += 1
      if (passes(then)) row.draft += 1
      labels.set(label.kind, row)
    }
    if (isSame(now, then)) return
    changed += 1
    const move = `${now.transStatus} ${then.transStatus}`
    moves.set(move, (moves.get(move) ?? 0) + 1)
    if (payments.length >= mostTold) return
    const { acsTransID, at, panMask, merchantName, purchaseAmount, purchaseCurrency, purchaseExponent } = transaction
    payments.push({
      acsTransID,
      at,
      panMask,
      merchantName,
      purchaseAmount,
      purchaseCurrency,
      purchaseExponent,
      ...(label !== undefined && { label: label.kind }),
      stored,
      running: now,
      draft: then,
      why: whyOf(a, b),
    })
  }

  let isComplete = false
  let before = await startOf(store, input)
  while (!isComplete && before !== undefined && searched < limit && isOver?.() !== true) {
    const rows: readonly Transaction[] = await store.transactions({
      tenant,
      before,
      limit: Math.min(sliceSize, limit - searched),
    })
    if (rows.length === 0) isComplete = true
    for (const row of rows) {
      if (from !== undefined && row.at < from) {
        isComplete = true
        break
      }
      if (until === undefined || row.at < until) await look(row)
      if (searched % turnSize === 0) await nextTurn()
    }
    before = rows.at(-1)?.id
    await nextTurn()
  }
  if (before === undefined) isComplete = true
  else if (!isComplete) {
    const [next] = await store.transactions({ tenant, before, limit: 1 })
    isComplete = next === undefined || (from !== undefined && next.at < from)
  }
  return {
    from: oldest,
    until: newest,
    searched,
    replayed,
    notReplayed,
    withoutCounts,
    isComplete,
    outcomes: [...outcomes]
      .map(([transStatus, counts]) => ({ transStatus, ...counts }))
      .toSorted((a, b) => rank(a.transStatus) - rank(b.transStatus)),
    moves: [...moves]
      .map(([move, times]) => ({ from: move.slice(0, 1), to: move.slice(2), count: times }))
      .toSorted((a, b) => b.count - a.count),
    labels: [...labels].map(([kind, counts]) => ({ kind, ...counts })),
    changed,
    payments,
  }
}

const rank = (transStatus: string): number => (order as readonly string[]).indexOf(transStatus)
