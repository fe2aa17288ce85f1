/**
 * Folds score, decide and learn over a stream, as the server does it for one AReq after the other: closed loop, so that a
 * passed challenge makes a device trusted and a report makes an address known. Who passes is luck, the same under every policy.
 */
import { type Decision, decide } from '../../../src/risk/decide.ts'
import { type Facts, factsOf } from '../../../src/risk/facts.ts'
import type { Features } from '../../../src/risk/features.ts'
import { learn, type Outcome } from '../../../src/risk/learn.ts'
import type { Policy } from '../../../src/risk/policy.ts'
import { type EntityKind, entityKinds, type Keys, type Profile, type Profiles } from '../../../src/risk/profile.ts'
import { newScratch, score, weighInto } from '../../../src/risk/score.ts'
import { type Signals, signalsSchema } from '../../../src/risk/signals.ts'
import type { Tables } from '../../../src/risk/tables.ts'
import { accountKey, activeCard, keyOf, plainRequest } from '../support.ts'
import type { StreamEvent } from './events.ts'
import { luckOf } from './random.ts'
import { streamTables } from './tables.ts'

export type Judged = {
  readonly event: StreamEvent
  readonly facts: Facts
  readonly features: Features
  readonly score: number
  /** Log-odds of each part of the policy; NaN where it says nothing. */
  readonly weights: Float64Array
  readonly reasons: readonly (string | undefined)[]
  readonly decision: Decision
  /** Not frictionless. */
  readonly flagged: boolean
}

/** How long a challenge takes until its end teaches the profiles. */
const challengeSeconds = 45

type Due = { readonly at: number; readonly outcome: Outcome }

/** An issuer's memory. Profiles are values, so they need no bytes here; that they survive them is tested elsewhere. */
class Memory {
  private readonly kept = Object.fromEntries(entityKinds.map((kind) => [kind, new Map<string, Profile>()])) as {
    readonly [K in EntityKind]: Map<string, Profile>
  }
  load(keys: Keys): Profiles {
    const profiles: { -readonly [K in EntityKind]?: Profiles[K] } = {}
    for (const kind of entityKinds) {
      const key = keys[kind]
      if (key !== undefined) profiles[kind] = this.kept[kind].get(key)
    }
    return profiles
  }
  save(keys: Keys, profiles: Profiles): void {
    for (const kind of entityKinds) {
      const key = keys[kind]
      const profile = profiles[kind]
      if (key !== undefined && profile !== undefined) this.kept[kind].set(key, profile)
    }
  }
}

const factsAt = ({ ts, areq, method, signals }: StreamEvent, policy: Policy, tables: Tables): Facts =>
  factsOf(areq, {
    accountKey: accountKey(areq.acctNumber),
    keyOf,
    method,
    now: ts * 1000,
    policy,
    tables,
    signals: signals === undefined ? undefined : (signalsSchema.parse(signals) satisfies Signals),
  })

export function run(seed: number, events: readonly StreamEvent[], policy: Policy): readonly Judged[] {
  const memory = new Memory()
  const due: Due[] = []
  const taught = (until: number): void => {
    for (let next = due.at(-1); next !== undefined && next.at <= until; next = due.at(-1)) {
      due.pop()
      const { keys } = next.outcome.facts
      memory.save(keys, learn(memory.load(keys), next.outcome, next.at * 1000))
    }
  }
  /** The next one stands last. */
  const teach = (at: number, outcome: Outcome): void => {
    let place = due.length
    while (place > 0 && (due[place - 1]?.at ?? 0) <= at) place--
    due.splice(place, 0, { at, outcome })
  }
  return events.map((event) => {
    const { id, ts } = event
    taught(ts)
    const now = ts * 1000
    const facts = factsAt(event, policy, streamTables)
    const {
      features,
      weights,
      reasons,
      score: sum,
      nextProfiles,
    } = score(memory.load(facts.keys), facts, [], policy, now)
    const decision = decide({
      score: sum,
      reasons,
      features,
      facts,
      areq: event.areq,
      policy,
      card: activeCard,
      asked: plainRequest,
      now,
    })
    memory.save(facts.keys, nextProfiles)
    if (decision.transStatus === 'Y') teach(ts, { kind: 'frictionless', facts })
    if (decision.transStatus === 'C') {
      const passed = luckOf(seed, id) < event.pass
      teach(ts + challengeSeconds, { kind: passed ? 'challengePassed' : 'challengeFailed', facts })
    }
    if (event.reportedAt !== undefined) {
      teach(event.reportedAt, { kind: 'fraud', facts, month: facts.month, yen: facts.amount ?? 0, at: ts })
    }
    return { event, facts, features, score: sum, weights, reasons, decision, flagged: decision.transStatus !== 'Y' }
  })
}

/** Replay: what another policy would have decided by its thresholds, with the facts and features of this stream. */
export function replayed(judged: readonly Judged[], policy: Policy): (one: Judged) => boolean {
  const [first] = judged
  if (first === undefined) return () => false
  const scratch = newScratch(policy, first.facts, first.features)
  return ({ features, facts }) => weighInto(scratch, features, facts, policy) >= policy.thresholds.challenge
}
