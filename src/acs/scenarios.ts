// The scenario table: rows of a match and a plan, and which of them an AReq meets. Pure.
import { z } from 'zod'
import { maskDigitRuns } from '../protocol/mask.ts'
import type { Version } from '../protocol/tables/types.ts'
import { isReasonOf } from '../risk/reason-codes.ts'
import { type MatchAbout, matchOf } from './match.ts'
import {
  codeUnknownTo,
  decoupledSchema,
  filledIn,
  isSoundEnding,
  type Match,
  matchSchema,
  type Plan,
  planTemplateSchema,
  transStatuses,
} from './plan.ts'

export interface Scenario {
  /** The ending of the card where that is all there is to match, otherwise the title. */
  readonly name: string
  readonly title: string
  readonly titleJa?: string | undefined
  readonly match: Match
  /** With `rr` and `cc` where digits of the card go. */
  readonly plan: Plan
}

/** In full `match` and `then`; short: `endsWith` with `transStatus`, `transStatusReason` and `decoupled`. */
export const scenarioSchema = z
  .strictObject({
    match: matchSchema.optional(),
    // biome-ignore lint/suspicious/noThenProperty: its name in the file
    then: planTemplateSchema.optional(),
    /** Trailing digits; `rr` stands for a reason, `cc` for a challengeCancel. */
    endsWith: matchSchema.shape.endsWith,
    transStatus: z.enum(transStatuses).optional(),
    transStatusReason: z
      .string()
      .regex(/^(?:rr|[0-9]{2})$/, 'two digits or rr expected')
      .optional(),
    decoupled: decoupledSchema.optional(),
    title: z.string().min(1),
    titleJa: z.string().min(1).optional(),
  })
  .superRefine((row, context) => {
    const problem = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
    if (row.endsWith !== undefined && row.match?.endsWith !== undefined) problem('endsWith', 'stands in match, too')
    for (const name of ['transStatus', 'transStatusReason', 'decoupled'] as const)
      if (row.then !== undefined && row[name] !== undefined) return problem(name, 'belongs into then')
    if (row.then !== undefined) return undefined
    if (row.transStatus === undefined) return problem('then', 'what happens is missing: then, or transStatus')
    if (row.decoupled !== undefined && row.transStatus !== 'D') return problem('decoupled', 'only with transStatus D')
    if (row.transStatusReason !== undefined && !'NUR'.includes(row.transStatus))
      return problem('transStatusReason', 'only N, U and R have a reason')
    return undefined
  })
  .transform(({ match: written = {}, then, title, titleJa, endsWith, transStatus, transStatusReason, decoupled }) => {
    const match: Match = endsWith === undefined ? written : { ...written, endsWith }
    const plan: Plan = then ?? {
      transStatus,
      ...(transStatusReason !== undefined && { transStatusReason }),
      ...(decoupled !== undefined && { decoupled }),
    }
    const isEnding = match.endsWith !== undefined && Object.keys(match).length === 1
    const name = isEnding ? (match.endsWith ?? title) : title
    return { name, title, ...(titleJa !== undefined && { titleJa }), match, plan } satisfies Scenario
  })

/** What the scenario table says of an AReq. */
export interface ScriptedOutcome {
  /** Name of the row. */
  readonly scenario: string
  readonly title: string
  readonly titleJa?: string | undefined
  readonly plan: Plan
}

/** A row that fits, but has a code that the message's version does not know. */
export interface NearMiss {
  readonly scenario: string
  readonly code: string
}

export interface Scripted {
  readonly outcome?: ScriptedOutcome | undefined
  readonly nearMiss?: NearMiss | undefined
}

/** A card by itself, where there is no AReq. */
export const aboutCard = (acctNumber: string, scheme: string): MatchAbout => ({
  areq: { acctNumber },
  acctNumber,
  panHash: '',
  scheme,
})

/** The code that makes a row with these digits no row for the version. */
function missing(version: Version, plan: Plan, isOpen: boolean): string | undefined {
  const code = codeUnknownTo(version, plan)
  if (code !== undefined) return code
  if (!isOpen) return undefined
  // Digits of a card become a code only where it may stand by itself.
  const { transStatusReason: reason, challenge } = plan
  if (reason !== undefined && !isReasonOf(reason, version)) return reason
  return isSoundEnding(plan) ? undefined : challenge?.ending?.transStatusReason
}

/** How records name a row: a card number in its title is the author's, and no record's (SEC-PCI-1). */
const told = ({ name, title, titleJa }: Pick<Scenario, 'name' | 'title' | 'titleJa'>) => ({
  scenario: maskDigitRuns(name),
  title: maskDigitRuns(title),
  ...(titleJa !== undefined && { titleJa: maskDigitRuns(titleJa) }),
})

/**
 * The first row that fits decides. Rows that leave the transStatus open apply, and those after them go on being asked. Rows
 * with codes that the version does not have match nothing.
 */
export function scenarioFor(scenarios: readonly Scenario[], about: MatchAbout, version: Version = '2.2.0'): Scripted {
  let outcome: ScriptedOutcome | undefined
  let nearMiss: NearMiss | undefined
  for (const { name, title, titleJa, match, plan: template } of scenarios) {
    const matched = matchOf(match, about)
    if (matched === undefined) continue
    const plan = filledIn(template, matched.digits)
    const code = missing(version, plan, matched.digits !== undefined)
    if (code !== undefined) {
      nearMiss ??= { scenario: maskDigitRuns(name), code }
      continue
    }
    const row = { ...told({ name, title, titleJa }), plan }
    outcome =
      outcome === undefined
        ? row
        : { ...row, scenario: `${outcome.scenario} + ${row.scenario}`, plan: { ...plan, ...outcome.plan } }
    if (outcome.plan.transStatus !== undefined) break
  }
  return {
    ...(outcome !== undefined && { outcome }),
    ...(nearMiss !== undefined && outcome === undefined && { nearMiss }),
  }
}
