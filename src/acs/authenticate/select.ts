// Who decides? The first that has an opinion: stub, override, scenario table; otherwise the engine. Pure.

import type { SelectedOutcome } from '../../risk/decide.ts'
import { type Scenario, type ScriptedOutcome, scenarioFor } from '../issuer.ts'
import type { CardRange } from '../ports.ts'

/** A planned answer for the next AReqs that match (admin API). */
export interface Stub {
  readonly id: string
  readonly matches: (areq: Readonly<Record<string, unknown>>) => boolean
  readonly outcome: Omit<SelectedOutcome, 'by'>
}

export interface SelectInput {
  readonly areq: Readonly<Record<string, unknown>>
  readonly pan: string
  readonly range: CardRange
  readonly scenarios: readonly Scenario[]
  readonly stubs: readonly Stub[]
  /** Carried by the request; only where the tenant allows it. */
  readonly override?: Omit<SelectedOutcome, 'by'> | undefined
}

/** `by` as the record shows it, `why` which stub or row it was. */
export interface Selected {
  readonly outcome: SelectedOutcome
  readonly why: string
}

const scripted = (outcome: ScriptedOutcome): Selected => ({
  outcome: {
    by: 'scenario',
    transStatus: outcome.transStatus,
    ...(outcome.transStatusReason !== undefined && { transStatusReason: outcome.transStatusReason }),
  },
  why: `scenario ${outcome.scenario}`,
})

/** Undefined: the engine decides. Cards of a risk range never match the scenario table. */
export function select(input: SelectInput): Selected | undefined {
  const stub = input.stubs.find((candidate) => candidate.matches(input.areq))
  if (stub !== undefined) return { outcome: { ...stub.outcome, by: 'stub' }, why: `stub ${stub.id}` }
  if (input.override !== undefined) return { outcome: { ...input.override, by: 'override' }, why: 'override' }
  if (input.range.mode === 'risk') return undefined
  const row = scenarioFor(input.scenarios, input.pan)
  return row === undefined ? undefined : scripted(row)
}
