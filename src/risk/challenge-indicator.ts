/** What the issuer answers per challenge indicator and band, unless told otherwise. Spec: Table A.1, threeDSRequestorChallengeInd. */
import type { Version } from '../protocol/tables/types.ts'
import { isSince } from './version.ts'

export type Band = 'low' | 'medium' | 'high'

/** `exempt`: Y or I, as the policy accepts the exemption. `listed`: Y if the shop is on the holder's trust list, else C. */
export type Answer = 'Y' | 'C' | 'R' | 'I' | 'exemptTra' | 'exemptSca' | 'listed'

export type Row = {
  readonly answers: { readonly [B in Band]: Answer }
  readonly since?: Version
  /** I may be sent (RES-TS-3). */
  readonly mayInform?: true
  /** C and D may not be sent (RES-TS-1, RES-CI-2, ACS-VAL-64). */
  readonly neverChallenge?: true
  /** The challenge is demanded: by the requestor, or by the issuer's soft decline before (RES-CM-2). */
  readonly mandated?: true
  /** Which exemption is asked for, as transChallengeExemption names it (RES-EX-4). */
  readonly exemption?: string
}

export const challengeIndicators = {
  '01': { answers: { low: 'Y', medium: 'C', high: 'R' } },
  '02': { answers: { low: 'Y', medium: 'C', high: 'R' } },
  '03': { answers: { low: 'C', medium: 'C', high: 'R' } },
  '04': { answers: { low: 'C', medium: 'C', high: 'R' }, mandated: true },
  '05': { answers: { low: 'exemptTra', medium: 'C', high: 'R' }, since: '2.2.0', mayInform: true, exemption: '05' },
  '06': { answers: { low: 'I', medium: 'I', high: 'I' }, since: '2.2.0', mayInform: true, neverChallenge: true },
  '07': { answers: { low: 'exemptSca', medium: 'C', high: 'R' }, since: '2.2.0', mayInform: true },
  '08': { answers: { low: 'listed', medium: 'C', high: 'R' }, since: '2.2.0', exemption: '08' },
  '09': { answers: { low: 'C', medium: 'C', high: 'R' }, since: '2.2.0' },
  '10': { answers: { low: 'Y', medium: 'C', high: 'R' }, since: '2.3.1', exemption: '10' },
  '11': { answers: { low: 'Y', medium: 'C', high: 'R' }, since: '2.3.1', exemption: '11' },
  '12': { answers: { low: 'C', medium: 'C', high: 'R' }, since: '2.3.1' },
  '13': { answers: { low: 'C', medium: 'C', high: 'R' }, since: '2.3.1', mandated: true },
  '14': { answers: { low: 'C', medium: 'C', high: 'R' }, since: '2.3.1' },
} as const satisfies Readonly<Record<string, Row>>

export type ChallengeInd = keyof typeof challengeIndicators

/** What the indicators of one request come to. */
export type Wish = {
  /** The one that counts. */
  readonly indicator: string
  readonly row: Row
}

const wishes: Readonly<Record<string, Wish>> = Object.fromEntries(
  Object.entries(challengeIndicators).map(([indicator, row]) => [indicator, { indicator, row }]),
)

/** Codes of a DS, and such as the version does not have, express no preference. */
function wishFor(indicator: string, version: Version): Wish {
  const known = wishes[indicator]
  if (known === undefined) return { indicator, row: challengeIndicators['01'] }
  return known.row.since === undefined || isSince(version, known.row.since)
    ? known
    : { indicator, row: challengeIndicators['01'] }
}

const asksForChallenge = ({ row }: Wish): boolean => row.answers.low === 'C'
const saysSomething = ({ row }: Wish): boolean => row !== challengeIndicators['01']

/**
 * The first value counts first; of a contradictory pair the challenge counts (RES-CI-4), but data sharing only (06) binds
 * whatever stands beside it (RES-CI-2). What one of the values demands or allows stays demanded or allowed.
 */
export function wishOf(indicators: readonly string[], version: Version): Wish {
  const [one = '01', other] = indicators
  const first = wishFor(one, version)
  if (other === undefined) return first
  const second = wishFor(other, version)
  const counts = first.row.neverChallenge
    ? first
    : second.row.neverChallenge
      ? second
      : !saysSomething(first)
        ? second
        : asksForChallenge(second) && !asksForChallenge(first)
          ? second
          : first
  const mandated = first.row.mandated ?? second.row.mandated
  const mayInform = first.row.mayInform ?? second.row.mayInform
  const exemption = first.row.exemption ?? second.row.exemption
  return {
    indicator: counts.indicator,
    row: {
      ...counts.row,
      ...(mandated && { mandated }),
      ...(mayInform && { mayInform }),
      ...(exemption !== undefined && { exemption }),
    },
  }
}
