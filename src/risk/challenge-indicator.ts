/** What the issuer answers per challenge indicator and band, unless told otherwise. Spec: Table A.1, threeDSRequestorChallengeInd. */

export type Band = 'low' | 'medium' | 'high'

/** `exempt`: Y or I, as the policy accepts the exemption. `listed`: Y if the shop is on the holder's trust list, else C. */
export type Answer = 'Y' | 'C' | 'R' | 'I' | 'exemptTra' | 'exemptSca' | 'listed'

export type Row = {
  readonly answers: { readonly [B in Band]: Answer }
  /** I may be sent (RES-TS-3). */
  readonly mayInform?: true
  /** C may not be sent (RES-TS-1, RES-CI-2, ACS-VAL-64). */
  readonly neverChallenge?: true
  /** The challenge is demanded by the requestor (RES-CM-2). */
  readonly mandated?: true
}

export const challengeIndicators = {
  '01': { answers: { low: 'Y', medium: 'C', high: 'R' } },
  '02': { answers: { low: 'Y', medium: 'C', high: 'R' } },
  '03': { answers: { low: 'C', medium: 'C', high: 'R' } },
  '04': { answers: { low: 'C', medium: 'C', high: 'R' }, mandated: true },
  '05': { answers: { low: 'exemptTra', medium: 'C', high: 'R' }, mayInform: true },
  '06': { answers: { low: 'I', medium: 'I', high: 'I' }, mayInform: true, neverChallenge: true },
  '07': { answers: { low: 'exemptSca', medium: 'C', high: 'R' }, mayInform: true },
  '08': { answers: { low: 'listed', medium: 'C', high: 'R' } },
  '09': { answers: { low: 'C', medium: 'C', high: 'R' } },
} as const satisfies Readonly<Record<string, Row>>

export type ChallengeInd = keyof typeof challengeIndicators
