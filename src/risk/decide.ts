/**
 * From a score to what the issuer answers. Order: the card's state, what this release does not do, a selected outcome
 * within what the protocol allows, the policy's rules, the band by the challenge indicator.
 * Spec: EMV 3-D Secure Protocol and Core Functions, Table A.1 (threeDSRequestorChallengeInd), Table A.17 (transStatus).
 */
import { type Answer, type Band, challengeIndicators, type Row } from './challenge-indicator.ts'
import type { Evidence } from './check.ts'
import { type Features, positionOf } from './features.ts'
import type { Policy, Rule } from './policy.ts'

export type TransStatus = 'Y' | 'N' | 'A' | 'U' | 'R' | 'I' | 'C' | 'D'

export type CardState = {
  readonly status: 'active' | 'expired' | 'stolen' | 'blocked'
  /** How many challenge methods the holder could use now. */
  readonly usableMethods: number
  /** The holder has put this shop on the trust list; what the AReq claims about it is no proof (RES-CI-5). */
  readonly merchantTrusted?: boolean | undefined
}

/** What someone other than the engine wants to be answered. */
export type SelectedOutcome = {
  readonly by: 'stub' | 'override' | 'scenario'
  readonly transStatus: TransStatus
  readonly transStatusReason?: string | undefined
}

export type Decision = {
  readonly action: 'frictionless' | 'challenge' | 'decoupled' | 'attempt' | 'deny' | 'unavailable' | 'reject' | 'inform'
  readonly transStatus: TransStatus
  /** Of the message's version (RES-TR-2). */
  readonly transStatusReason?: string
  readonly acsChallengeMandated?: 'Y' | 'N'
  /** Y exactly with D; N where it was asked for in vain (RES-DEC-2, RES-DEC-3). */
  readonly acsDecConInd?: 'Y' | 'N'
  /** How long the cardholder has for D (RES-DEC-4). */
  readonly decoupledMinutes?: number
  /** How the cardholder will be asked with C or D, by the newest codes (RES section 6). */
  readonly authenticationMethods?: readonly string[]
  /** What the issuer knows, where the request is about the trust list (RES-CI-5, RES-3RI-3). */
  readonly trustListStatus?: string
  /** [2.3] The exemption that spared a challenge, 79 where one was asked for and not applied (RES-EX-4). */
  readonly transChallengeExemption?: string
  /** What was applied, in order: rule ids, and `card:`, `selected:`, `rule:`, `band:`, `indicator:` with a value. */
  readonly because: readonly string[]
  /** What the engine thinks of it, whoever decided. */
  readonly band: Band
}

export type DecideInput = {
  readonly score: number
  readonly evidence: readonly Evidence[]
  readonly features: Features
  readonly policy: Policy
  readonly challengeInd?: string | undefined
  readonly selected?: SelectedOutcome | undefined
  readonly card: CardState
  /** deviceChannel and messageCategory of the AReq. */
  readonly channel: string
  readonly category: string
}

/** score < challenge: low; score < reject: medium; else high. */
export const bandOf = (score: number, { challenge, reject }: Policy['thresholds']): Band =>
  score < challenge ? 'low' : score < reject ? 'medium' : 'high'

export function decide(input: DecideInput): Decision {
  const { policy, card, challengeInd = '01', selected } = input
  const band = bandOf(input.score, policy.thresholds)
  const row = rowOf(challengeInd)
  const limits = { row, card, policy, band, because: [`band:${band}`] }

  const state = cardStates[card.status]
  if (state !== undefined)
    return answer(limits, state.transStatus, state.transStatusReason, [`card:${card.status}`, state.rule])
  const unable = cannot.find(({ element, value }) => input[element] === value)
  if (unable !== undefined) return answer(limits, 'U', unable.transStatusReason, [unable.rule])
  if (selected !== undefined) return asSelected(limits, selected)

  const because: string[] = []
  let floor = band
  for (const rule of policy.rules) {
    if (!applies(rule, input)) continue
    because.push(`rule:${rule.id}`, ...(rule.cite === undefined ? [] : [rule.cite]))
    const { outcome } = rule
    if (outcome.action !== 'challenge') {
      return answer(limits, outcome.action === 'deny' ? 'N' : 'R', outcome.transStatusReason, because)
    }
    if (floor === 'low') floor = 'medium'
  }
  const transStatus = statusOf(row.answers[floor], limits)
  const rule = bandRules[transStatus]
  because.push(`indicator:${challengeInd}`, ...(rule === undefined ? [] : [rule]))
  return answer(limits, transStatus, transStatus === 'R' ? '11' : undefined, because)
}

const cardStates: {
  readonly [S in CardState['status']]?: { transStatus: TransStatus; transStatusReason: string; rule: string }
} = {
  expired: { transStatus: 'N', transStatusReason: '05', rule: 'ACS-VAL-77' },
  stolen: { transStatus: 'R', transStatusReason: '10', rule: 'ACS-VAL-78' },
  blocked: { transStatus: 'N', transStatusReason: '12', rule: 'ACS-VAL-60' },
}

/** What this release answers with U: it serves payments in the browser channel. */
const cannot = [
  { element: 'category', value: '02', transStatusReason: '20', rule: 'ACS-VAL-63' },
  { element: 'channel', value: '01', transStatusReason: '03', rule: 'ACS-VAL-55' },
  { element: 'channel', value: '03', transStatusReason: '21', rule: 'RES-3RI-5' },
] as const

const bandRules: { readonly [S in TransStatus]?: string } = { Y: 'ACS-VAL-70', C: 'ACS-VAL-72', R: 'ACS-VAL-73' }

/** The code of each refusal when nobody gave one: refused by the issuer, technical issue, suspected fraud. */
const usualReason: { readonly [S in TransStatus]?: string } = { N: '01', U: '22', R: '11' }

type Limits = {
  readonly row: Row
  readonly card: CardState
  readonly policy: Policy
  readonly band: Band
  readonly because: readonly string[]
}

const rowOf = (challengeInd: string): Row =>
  challengeInd in challengeIndicators
    ? challengeIndicators[challengeInd as keyof typeof challengeIndicators]
    : challengeIndicators['01']

function applies({ when }: Rule, { features, evidence }: DecideInput): boolean {
  if ('reason' in when) return evidence.some(({ code }) => code === when.reason)
  return (features[positionOf(when.feature)] ?? Number.NaN) >= when.atLeast
}

function statusOf(wanted: Answer, { card, policy }: Limits): TransStatus {
  switch (wanted) {
    case 'exemptTra':
      return policy.exemptions.requestorTra
    case 'exemptSca':
      return policy.exemptions.requestorSca
    case 'listed':
      return card.merchantTrusted === true ? 'Y' : 'C'
    default:
      return wanted
  }
}

/** A selected outcome, turned into the nearest one that the protocol allows. */
function asSelected(limits: Limits, { by, transStatus, transStatusReason }: SelectedOutcome): Decision {
  const { row } = limits
  const because = [`selected:${by}`]
  if (transStatus === 'I' && row.mayInform !== true) {
    // Read as: who asked for no exemption gets what this indicator gets at low risk.
    return answer(limits, statusOf(row.answers.low, limits), undefined, [...because, 'RES-TS-3'])
  }
  if (transStatus === 'C' && row.neverChallenge === true) {
    return answer(limits, 'I', undefined, [...because, 'RES-CI-2', 'ACS-VAL-64'])
  }
  return answer(limits, transStatus, transStatusReason, because)
}

const actions = {
  Y: 'frictionless',
  C: 'challenge',
  A: 'attempt',
  N: 'deny',
  U: 'unavailable',
  R: 'reject',
  I: 'inform',
  D: 'decoupled',
} as const satisfies Readonly<Record<TransStatus, Decision['action']>>

/** The decision with what must go with its transStatus and nothing else (RES-TR-1, RES-CM-1). */
function answer(
  limits: Limits,
  transStatus: TransStatus,
  given: string | undefined,
  applied: readonly string[],
): Decision {
  const { band, card, row, policy } = limits
  const because = [...limits.because, ...applied]
  if (transStatus === 'C') {
    if (card.usableMethods < 1) return answer(limits, 'U', '22', [...applied, 'ACS-VAL-76'])
    // An accepted exemption ends in Y or I, so every challenge under a mandate of the region is a mandated one.
    const mandated = row.mandated === true || policy.exemptions.scaMandated
    because.push('RES-CM-2')
    return { action: 'challenge', transStatus, acsChallengeMandated: mandated ? 'Y' : 'N', because, band }
  }
  const usual = usualReason[transStatus]
  if (usual === undefined) return { action: actions[transStatus], transStatus, because, band }
  if (given !== undefined && mayBeSent(given)) {
    return { action: actions[transStatus], transStatus, transStatusReason: given, because, band }
  }
  because.push('RES-TR-1')
  return { action: actions[transStatus], transStatus, transStatusReason: usual, because, band }
}

/** Codes of 2.2.0 that an ARes may carry: 14 belongs to the RReq, 27 to 79 to later versions or nobody, 80 to 99 to the DS. */
const mayBeSent = (code: string): boolean => /^(0[1-9]|1[0-35-9]|2[0-6]|[89]\d)$/.test(code)
