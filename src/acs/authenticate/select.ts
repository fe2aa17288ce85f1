// Who decides? The first that has an opinion: stub, override, scenario table; otherwise the engine. Pure.
import type { Version } from '../../protocol/tables/types.ts'
import type { SelectedOutcome } from '../../risk/decide.ts'
import type { MatchAbout } from '../match.ts'
import type { Plan } from '../plan.ts'
import type { CardRange, Stub } from '../ports.ts'
import { type NearMiss, type Scenario, type ScriptedOutcome, scenarioFor } from '../scenarios.ts'

export interface SelectInput {
  readonly about: MatchAbout
  /** Cards of other modes never match the scenario table. */
  readonly mode: CardRange['mode'] | 'unlisted'
  readonly scenarios: readonly Scenario[]
  /** Of the message: a row with a code that it does not have does not match. */
  readonly version?: Version | undefined
  /** One that fits the AReq (see ./stubs.ts). */
  readonly stub?: Stub | undefined
  /** Carried by the request; only where the tenant allows it. */
  readonly override?: Plan | undefined
}

/** A decider that spoke, as the record shows it. */
export interface Selected {
  readonly by: SelectedOutcome['by']
  /** Which stub or row it was. */
  readonly why: string
  readonly plan: Plan
}

export interface Selection {
  /** Undefined: the engine decides. */
  readonly outcome?: SelectedOutcome | undefined
  /** Those that spoke, first the one that counts most. */
  readonly spoken: readonly Selected[]
  /** What is to happen, of all that counts. */
  readonly plan?: Plan | undefined
  /** What the scenario table said or would have said. */
  readonly scenario?: ScriptedOutcome | undefined
  readonly nearMiss?: NearMiss | undefined
}

/**
 * The first plan counts. Where it leaves the transStatus open, the next is asked, and both apply. What the cardholder does
 * after a D is told by the scenario table, whoever decides, unless a plan says otherwise.
 */
export function select({ about, mode, scenarios, version, stub, override }: SelectInput): Selection {
  const { outcome: row, nearMiss } = mode === 'scripted' ? scenarioFor(scenarios, about, version) : {}
  const spoken: readonly Selected[] = [
    ...(stub === undefined ? [] : [{ by: 'stub' as const, why: `stub ${stub.id}`, plan: stub.plan }]),
    ...(override === undefined ? [] : [{ by: 'override' as const, why: 'override', plan: override }]),
    ...(row === undefined ? [] : [{ by: 'scenario' as const, why: `scenario ${row.scenario}`, plan: row.plan }]),
  ]
  const decider = spoken.findIndex(({ plan }) => plan.transStatus !== undefined)
  const counting = decider < 0 ? spoken : spoken.slice(0, decider + 1)
  const { by, plan: deciding } = spoken[decider] ?? {}
  const holder = row?.plan.decoupled === undefined ? {} : { decoupled: row.plan.decoupled }
  const plan: Plan | undefined =
    counting.length === 0 ? undefined : Object.assign({}, holder, ...counting.toReversed().map((one) => one.plan))
  return {
    ...(by !== undefined &&
      deciding?.transStatus !== undefined && {
        outcome: {
          by,
          transStatus: deciding.transStatus,
          ...(deciding.transStatusReason !== undefined && { transStatusReason: deciding.transStatusReason }),
        },
      }),
    spoken,
    ...(plan !== undefined && { plan }),
    ...(row !== undefined && { scenario: row }),
    ...(nearMiss !== undefined && { nearMiss }),
  }
}
