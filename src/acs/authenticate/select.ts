// Who decides? The first that has an opinion: stub, override, scenario table; otherwise the engine. Pure.

import type { Version } from '../../protocol/tables/types.ts'
import type { SelectedOutcome } from '../../risk/decide.ts'
import { type Scenario, type ScriptedOutcome, scenarioFor } from '../issuer.ts'
import type { CardRange, Stub } from '../ports.ts'

export interface SelectInput {
  readonly pan: string
  readonly range: CardRange
  readonly scenarios: readonly Scenario[]
  /** Of the message: a row with a reason that it does not have does not match. */
  readonly version?: Version | undefined
  /** One that fits the AReq (see ./stubs.ts). */
  readonly stub?: Stub | undefined
  /** Carried by the request; only where the tenant allows it. */
  readonly override?: Omit<SelectedOutcome, 'by'> | undefined
}

/** `by` as the record shows it, `why` which stub or row it was. */
export interface Selected {
  readonly outcome: SelectedOutcome
  readonly why: string
  /** What the scenario table would have said, where it was not asked. */
  readonly scenario?: ScriptedOutcome
  /** What the cardholder does after a D, by the scenario table, whoever decided. */
  readonly decoupled?: ScriptedOutcome['decoupled']
}

const outcomeOf = ({ transStatus, transStatusReason }: Omit<SelectedOutcome, 'by'>): Omit<SelectedOutcome, 'by'> => ({
  transStatus,
  ...(transStatusReason !== undefined && { transStatusReason }),
})

/** Undefined: the engine decides. Cards of a risk range never match the scenario table. */
export function select({ pan, range, scenarios, version, stub, override }: SelectInput): Selected | undefined {
  const row = range.mode === 'risk' ? undefined : scenarioFor(scenarios, pan, version)
  const holder = row?.decoupled === undefined ? {} : { decoupled: row.decoupled }
  const passedOver = row === undefined ? {} : { scenario: row, ...holder }
  if (stub !== undefined) {
    return { outcome: { by: 'stub', ...outcomeOf(stub.outcome) }, why: `stub ${stub.id}`, ...passedOver }
  }
  if (override !== undefined) {
    return { outcome: { by: 'override', ...outcomeOf(override) }, why: 'override', ...passedOver }
  }
  if (row === undefined) return undefined
  return { outcome: { by: 'scenario', ...outcomeOf(row) }, why: `scenario ${row.scenario}`, ...holder }
}
