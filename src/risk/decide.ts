/**
 * From a score to what the issuer answers. Order: the card's state, what cannot be done at all, a selected outcome within
 * what the protocol allows, the policy's rules with their floors and caps, its limits and exemptions, the band by the
 * challenge indicator (3RI: by the prior authentication).
 * Spec: EMV 3-D Secure Protocol and Core Functions, Table A.1 (threeDSRequestorChallengeInd), Table A.17 (transStatus).
 */
import type { Version } from '../protocol/tables/types.ts'
import { type Answer, type Band, challengeIndicators, type Wish, wishOf } from './challenge-indicator.ts'
import { rounded } from './check.ts'
import type { Facts } from './facts.ts'
import type { Features } from './features.ts'
import { capOf, conflictReason, floorOf } from './policy/assessments.ts'
import { type Costs, cheapest } from './policy/costs.ts'
import { isInForce } from './policy/dates.ts'
import { isLowValue, isRunOver, isWithinTra } from './policy/limits.ts'
import type { Listed } from './policy/lists.ts'
import { euros } from './policy/money.ts'
import type { Outcome, WantedKind } from './policy/rules.ts'
import { type Segment, segmentFor, type Thresholds } from './policy/segments.ts'
import type { Policy } from './policy.ts'
import type { PriorJudgement } from './prior.ts'
import { sendableReason } from './reason-codes.ts'
import type { Opinion, Unheard } from './sources.ts'
import { isSince } from './version.ts'

export type TransStatus = 'Y' | 'N' | 'A' | 'U' | 'R' | 'I' | 'C' | 'D'

export type CardState = {
  readonly status: 'active' | 'expired' | 'stolen' | 'blocked'
  /** How many challenge methods the holder could use now. */
  readonly usableMethods: number
  /** The holder has put this shop on the trust list; what the AReq claims about it is no proof (RES-CI-5). */
  readonly merchantTrusted?: boolean | undefined
  /** The holder has bound the device that this is about; absent: it is about none that we know. */
  readonly deviceBound?: boolean | undefined
}

/** What someone other than the engine wants to be answered. */
export type SelectedOutcome = {
  readonly by: 'stub' | 'override' | 'scenario'
  readonly transStatus: TransStatus
  readonly transStatusReason?: string | undefined
}

/** What of a request the decision depends on, by the newest names. */
export type Asked = {
  readonly messageVersion: Version
  /** 01 app, 02 browser, 03 3RI. */
  readonly deviceChannel: string
  /** 01 payment, 02 non-payment, others of a DS. */
  readonly messageCategory: string
  readonly challengeInds: readonly string[]
  readonly authenticationInd?: string | undefined
  readonly threeRIInd?: string | undefined
  readonly decReqInd: 'Y' | 'N' | 'F' | 'B'
  readonly decMaxTimeMinutes?: number | undefined
  readonly trustListStatus?: string | undefined
  readonly deviceBindingStatus?: string | undefined
}

/** How the issuer offers decoupled authentication. */
export type DecoupledOffer = {
  /** Less than this is too little for the holder to be reached (RES-DEC-9). */
  readonly minimumMinutes: number
  /** Where a request of 2.2.0 names no time (ACS-VAL-52). */
  readonly defaultMinutes: number
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
  /** [2.3] The same of the device (CHL-TL-4). */
  readonly deviceBindingStatus?: string
  /** [2.3] The exemption that spared a challenge, 79 where one was asked for and not applied (RES-EX-4). */
  readonly transChallengeExemption?: string
  /** How a rule wants the cardholder to be asked, with C. */
  readonly challengeKind?: WantedKind
  /**
   * What was applied, in order: rule ids, and with a value `card:`, `selected:`, `band:`, `segment:`, `costs:`, `rule:`,
   * `assessment-cap:`, `assessment-floor:`, `conflict:`, `limit:`, `exemption:`, `indicator:`, `prior:`.
   */
  readonly because: readonly string[]
  /** What the engine thinks of it, whoever decided. */
  readonly band: Band
  /** Where the bands began for this payment. */
  readonly thresholds: Thresholds
  /** The segment of the policy that it belongs to. */
  readonly segment?: string
}

export type DecideInput = {
  readonly score: number
  /** What the parts of the policy said, as `<check>.<reason>`. */
  readonly reasons: readonly (string | undefined)[]
  readonly features: Features
  readonly policy: Policy
  /** What rules and segments may ask about besides; what is absent here was not told. */
  readonly facts?: Facts | undefined
  /** The elements of the AReq's own column, without the card number. */
  readonly areq?: Readonly<Record<string, unknown>> | undefined
  readonly listed?: Listed | undefined
  /** Milliseconds since 1970; without it no rule that is dated applies. */
  readonly now?: number | undefined
  readonly asked: Asked
  readonly selected?: SelectedOutcome | undefined
  readonly card: CardState
  /** App: whether the device can show what the issuer has (ACS-VAL-55). */
  readonly supportsDevice?: boolean | undefined
  /** 3RI: what the references of the request are worth (RES-3RI-4). */
  readonly prior?: PriorJudgement | undefined
  readonly decoupled?: DecoupledOffer | undefined
  /** What others said of the purchase, and why some of them were not heard. */
  readonly opinions?: readonly Opinion[] | undefined
  readonly unheard?: readonly Unheard[] | undefined
}

/** score < challenge: low; score < reject: medium; else high. A threshold is held against scores by their grain. */
export const bandOf = (score: number, { challenge, reject }: Thresholds): Band =>
  score < rounded(challenge) ? 'low' : score < rounded(reject) ? 'medium' : 'high'

/** Everything that the steps of one decision look at. */
type Frame = {
  readonly input: DecideInput
  readonly asked: Asked
  readonly wish: Wish
  readonly band: Band
  readonly thresholds: Thresholds
  readonly segment: string | undefined
  /** How the bands came about, where the policy's own thresholds do not count. */
  readonly because: readonly string[]
  /** The exemption from strong authentication that is made use of, as transChallengeExemption names it. */
  readonly exemption?: string | undefined
  readonly kind?: WantedKind | undefined
}

export function decide(input: DecideInput): Decision {
  const { card, asked, selected, supportsDevice } = input
  const frame = frameOf(input)
  const state = cardStates[card.status]
  if (state !== undefined) return refuse(frame, state.transStatus, state.reason, [`card:${card.status}`, state.rule])
  if (isUnservedThreeRI(asked)) return refuse(frame, 'U', '21', ['ACS-VAL-62', 'RES-3RI-1'])
  if (isApp(asked) && supportsDevice === false && decoupledFor(frame) !== 'offered')
    return refuse(frame, 'U', '03', ['ACS-VAL-55'])
  if (selected !== undefined) return asWanted(frame, selected, [`selected:${selected.by}`])

  const because: string[] = []
  const course: Course = { floor: 'low', kind: undefined, ruled: undefined }
  follow(course, input, frame.band, because)
  const { floor, kind, ruled } = course
  if (ruled?.answer !== undefined) return asRuled({ ...frame, kind: ruled.kind }, ruled.answer, ruled, because)
  if (isThreeRI(asked)) return withoutHolder({ ...frame, kind }, floor, because)
  const exemption = floor === 'low' ? exemptionFor(input, frame.wish) : undefined
  if (exemption !== undefined) because.push(...exemption.because)
  return withHolder(
    { ...frame, kind, exemption: exemption?.code },
    exemption?.isNeeded === true ? 'medium' : floor,
    because,
  )
}

/** How far the band was moved, or what ended the matter. */
type Course = { floor: Band; kind: WantedKind | undefined; ruled: Outcome | undefined }

/** Caps of assessments, the policy's rules in their order, floors of assessments. `because`: absent where nobody asks. */
function follow(course: Course, input: DecideInput, band: Band, because: string[] | undefined): void {
  let floor = capped(input, band, because)
  let kind: WantedKind | undefined
  course.ruled = undefined
  for (const { id, when, outcome, cite, from, until } of input.policy.rules) {
    if (!isInForce({ from, until }, input.now) || !when.holds(input)) continue
    because?.push(`rule:${id}`)
    if (cite !== undefined) because?.push(cite)
    if (outcome.answer !== undefined) {
      course.ruled = outcome
      return
    }
    floor = moved(floor, outcome)
    kind = outcome.kind ?? kind
  }
  floor = floored(input, floor, because)
  if (floor === 'low' && addsCard(input.asked)) {
    because?.push('RES-NPA-3')
    floor = 'medium'
  }
  course.floor = floor
  course.kind = kind
}

/**
 * transStatus alone, of what `decide` answers. With an active card and no rule that ends the matter it follows from the request and
 * from what the band becomes, so that `decide` is asked once for each of these; not where the device or an earlier authentication
 * has a say. For one policy, one state of the card and one offer: who asks by another needs another of it.
 */
export class Statuses {
  readonly #known = new Map<Asked, { readonly wish: Wish; readonly statuses: (TransStatus | undefined)[] }>()
  readonly #course: Course = { floor: 'low', kind: undefined, ruled: undefined }
  of(input: DecideInput): TransStatus {
    const { asked, card, selected, policy, supportsDevice, prior } = input
    if (card.status !== 'active' || selected !== undefined || supportsDevice !== undefined || prior !== undefined)
      return decide(input).transStatus
    const course = this.#course
    follow(course, input, bandOf(input.score, thresholdsFor(input, segmentFor(policy.segments, input))), undefined)
    if (course.ruled !== undefined) return decide(input).transStatus
    let known = this.#known.get(asked)
    if (known === undefined) {
      known = { wish: wishOf(asked.challengeInds, asked.messageVersion), statuses: [undefined, undefined, undefined] }
      this.#known.set(asked, known)
    }
    const isNeeded = course.floor === 'low' && !isThreeRI(asked) && exemptionFor(input, known.wish)?.isNeeded === true
    const rank = ranks[isNeeded ? 'medium' : course.floor]
    const status = known.statuses[rank]
    if (status !== undefined) return status
    const { transStatus } = decide(input)
    known.statuses[rank] = transStatus
    return transStatus
  }
}

const costsFor = (policy: Policy, segment: Segment | undefined): Costs | undefined =>
  segment?.costs ?? (segment?.thresholds === undefined ? policy.costs : undefined)

/** Of a payment without an amount nobody knows what is at stake. */
function thresholdsFor({ policy, facts }: DecideInput, segment: Segment | undefined): Thresholds {
  const costs = costsFor(policy, segment)
  const amount = costs === undefined ? undefined : facts?.amount
  return costs === undefined || amount === undefined
    ? (segment?.thresholds ?? policy.thresholds)
    : cheapest(costs, amount, policy.issuer)
}

function frameOf(input: DecideInput): Frame {
  const { policy, asked, score, facts } = input
  const segment = segmentFor(policy.segments, input)
  const costs = costsFor(policy, segment)
  const because = segment === undefined ? [] : [`segment:${segment.id}`]
  const thresholds = thresholdsFor(input, segment)
  if (costs !== undefined)
    because.push(
      facts?.amount === undefined
        ? 'costs:no-amount'
        : costs.calibrator === 'none'
          ? 'costs:score-as-probability'
          : 'costs:platt',
    )
  return {
    input,
    asked,
    wish: wishOf(asked.challengeInds, asked.messageVersion),
    band: bandOf(score, thresholds),
    thresholds,
    segment: segment?.id,
    because,
  }
}

const ranks = { low: 0, medium: 1, high: 2 } as const satisfies Readonly<Record<Band, number>>
const floors = { challenge: 'medium', reject: 'high' } as const
const caps = { frictionless: 'low', challenge: 'medium' } as const

/** By a floor or a cap. */
function moved(band: Band, { atLeast, atMost }: Outcome): Band {
  if (atLeast !== undefined) return ranks[band] < ranks[floors[atLeast]] ? floors[atLeast] : band
  if (atMost !== undefined) return ranks[band] > ranks[caps[atMost]] ? caps[atMost] : band
  return band
}

/** What assessments are caps comes before the rules, which may want more. */
function capped({ policy, opinions }: DecideInput, band: Band, because: string[] | undefined): Band {
  if (policy.assessments === undefined || opinions === undefined) return band
  let next = band
  for (const opinion of opinions) {
    const cap = capOf(policy.assessments, opinion)
    if (cap?.atMost === undefined) continue
    because?.push(`assessment-cap:${cap.source}`)
    next = moved(next, { atMost: cap.atMost })
  }
  return next
}

/** What are floors comes after them: also who is on a list is asked, unless a rule has ended the matter. */
function floored({ policy, opinions, reasons }: DecideInput, band: Band, because: string[] | undefined): Band {
  if (policy.assessments === undefined || opinions === undefined) return band
  let next = band
  for (const opinion of opinions) {
    const floor = floorOf(policy.assessments, opinion)
    if (floor?.atLeast === undefined) continue
    because?.push(`assessment-floor:${floor.source}`)
    next = moved(next, { atLeast: floor.atLeast })
  }
  if (reasons.includes(conflictReason('cautious'))) {
    because?.push('conflict:cautious')
    next = moved(next, { atLeast: 'challenge' })
  }
  return next
}

/** What a payment of low risk is let pass by. `isNeeded`: by nothing, or too much has passed already. */
type Exemption = { readonly isNeeded?: true; readonly code?: string; readonly because: readonly string[] }

/** Only a purchase by the cardholder can need one: others are outside of the mandate, or floors of their own apply. */
function exemptionFor({ policy, features, facts, card, asked }: DecideInput, wish: Wish): Exemption | undefined {
  const { exemptions, limits, tra, issuer } = policy
  if (isNonPayment(asked) || wish.row.neverChallenge === true || wish.row.answers.low === 'C') return undefined
  const amount = euros(facts?.amount, issuer)
  if (isRunOver(limits, features, amount, issuer)) return { isNeeded: true, because: ['limit:frictionless'] }
  if (exemptions.otherwise === 'frictionless') return undefined
  if (wish.row.exemption !== undefined || wish.row.mayInform === true)
    return { because: [`exemption:requested-${wish.indicator}`] }
  if (isLowValue(limits, features, amount, issuer)) return { code: '10', because: ['exemption:low-value'] }
  if (isWithinTra(tra, amount)) return { code: '05', because: ['exemption:tra'] }
  if (card.merchantTrusted === true) return { code: '08', because: ['exemption:trust-list'] }
  return { isNeeded: true, because: ['exemption:none'] }
}

/** The end that a rule gives the matter. */
function asRuled(
  frame: Frame,
  answer: NonNullable<Outcome['answer']>,
  { transStatusReason }: Outcome,
  because: readonly string[],
): Decision {
  const transStatus = answer === 'challenge' ? 'C' : answer === 'decoupled' ? 'D' : answer
  return asWanted(frame, { transStatus, transStatusReason }, because)
}

const cardStates: {
  readonly [S in CardState['status']]?: { transStatus: 'N' | 'R'; reason: string; rule: string }
} = {
  expired: { transStatus: 'N', reason: '05', rule: 'ACS-VAL-77' },
  stolen: { transStatus: 'R', reason: '10', rule: 'ACS-VAL-78' },
  blocked: { transStatus: 'N', reason: '12', rule: 'ACS-VAL-60' },
}

const isApp = ({ deviceChannel }: Asked): boolean => deviceChannel === '01'
const isThreeRI = ({ deviceChannel }: Asked): boolean => deviceChannel === '03'
const isNonPayment = ({ messageCategory }: Asked): boolean => messageCategory === '02'

/** 2.1.0 has no payments without the holder. */
const isUnservedThreeRI = (asked: Asked): boolean =>
  asked.messageVersion === '2.1.0' && isThreeRI(asked) && !isNonPayment(asked)

/** Read as: a check of the binding is answered as one of the trust list is. */
const isBindingCheck = ({ messageVersion, threeRIInd }: Asked): boolean =>
  messageVersion === '2.3.1' && threeRIInd === '13'

const addsCard = (asked: Asked): boolean => isNonPayment(asked) && asked.authenticationInd === '04'

function statusOf(wanted: Answer, { card, policy }: DecideInput): 'Y' | 'C' | 'R' | 'I' {
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

const bandRules = { Y: 'ACS-VAL-70', C: 'ACS-VAL-72', R: 'ACS-VAL-73', I: 'RES-EX-1' } as const

/** By risk and indicator (RES section 4). */
function withHolder(frame: Frame, floor: Band, applied: readonly string[]): Decision {
  const { wish, input } = frame
  const transStatus = statusOf(wish.row.answers[floor], input)
  const because = [...applied, `indicator:${wish.indicator}`, bandRules[transStatus]]
  if (transStatus === 'C') return challenge(frame, 'decoupled', because)
  return transStatus === 'R' ? refuse(frame, 'R', '11', because) : settle(frame, transStatus, because)
}

/** 3RI: nobody is there to be challenged, so that an earlier authentication has to speak (RES-3RI-2…4). */
function withoutHolder(frame: Frame, floor: Band, applied: readonly string[]): Decision {
  const { asked, wish, input } = frame
  const { card, policy, prior = 'none' } = input
  if (asked.threeRIInd === '10' || isBindingCheck(asked)) {
    const because = [...applied, 'RES-3RI-3']
    const isKept = asked.threeRIInd === '10' ? card.merchantTrusted : card.deviceBound
    return isKept === true ? settle(frame, 'Y', because) : refuse(frame, 'N', '12', because)
  }
  // Information only, the decoupled part of a fallback, or a challenge that was asked for and can be had.
  const { row } = wish
  if (row.neverChallenge === true || floor === 'high') return withHolder(frame, floor, applied)
  if (asked.threeRIInd === '19') return challenge(frame, 'decoupled', [...applied, 'RES-DEC-12'])
  if (row.answers.low === 'C' && (row.mandated === true || decoupledFor(frame) === 'offered'))
    return withHolder(frame, floor, applied)
  // A wish for a challenge that cannot be had binds nobody (RES-CI-1, RES-3RI-2).
  const asIf = row.answers.low === 'C' ? { ...frame, wish: { ...wish, row: challengeIndicators['01'] } } : frame
  if (isNonPayment(asked)) return withHolder(asIf, floor, applied)
  const because = [...applied, `prior:${prior}`, 'RES-3RI-4']
  if (prior === 'good') return settle(frame, 'Y', because)
  if (policy.threeRI.withoutPrior === 'byRisk') return withHolder(asIf, floor, because)
  return decoupledFor(frame) === 'offered'
    ? challenge(frame, 'decoupled', because)
    : refuse(frame, 'N', decoupledFor(frame) === 'tooShort' ? '25' : '12', because)
}

/** An outcome that somebody wants, turned into the nearest one that the protocol allows. */
function asWanted(
  frame: Frame,
  { transStatus, transStatusReason }: Pick<SelectedOutcome, 'transStatus' | 'transStatusReason'>,
  applied: readonly string[],
): Decision {
  const { asked, wish, input } = frame
  const because = [...applied]
  switch (transStatus) {
    case 'N':
    case 'U':
    case 'R':
      return refuse(frame, transStatus, transStatusReason, because)
    case 'C':
      return challenge(frame, 'browser', because)
    case 'D':
      return decoupled(frame, because)
    case 'I': {
      if (wish.row.mayInform === true) return settle(frame, 'I', because)
      because.push(isSince(asked.messageVersion, '2.2.0') ? 'RES-TS-3' : 'RES-TS-8')
      // Read as: who asked for no exemption gets what this indicator gets at low risk.
      return statusOf(wish.row.answers.low, input) === 'C'
        ? challenge(frame, 'browser', because)
        : settle(frame, 'Y', because)
    }
    default:
      return settle(frame, transStatus, because)
  }
}

/** Five to seven days are the most a request may name; a card that nobody limits gets a week (RES-DEC-4, ACS-VAL-52). */
const usualOffer: DecoupledOffer = { minimumMinutes: 1, defaultMinutes: 10_080 }

const minutesOf = ({ input: { decoupled = usualOffer }, asked }: Frame): number =>
  asked.decMaxTimeMinutes ?? decoupled.defaultMinutes

const asksDecoupled = ({ messageVersion, decReqInd }: Asked): boolean =>
  messageVersion === '2.3.1' ? decReqInd === 'Y' || decReqInd === 'B' : messageVersion === '2.2.0' && decReqInd === 'Y'

/** Whether D may be answered (RES-DEC-1, RES-DEC-9, RES-CI-2). */
function decoupledFor(frame: Frame): 'offered' | 'tooShort' | 'notAsked' {
  const { asked, wish, input } = frame
  if (!asksDecoupled(asked) || wish.row.neverChallenge === true) return 'notAsked'
  return minutesOf(frame) < (input.decoupled ?? usualOffer).minimumMinutes ? 'tooShort' : 'offered'
}

/** What a wanted challenge becomes here. `first`: what is tried first where the browser could be challenged, too. */
function challenge(frame: Frame, first: 'decoupled' | 'browser', applied: readonly string[]): Decision {
  const { asked, wish } = frame
  if (wish.row.neverChallenge === true) return settle(frame, 'I', [...applied, 'RES-CI-2', 'ACS-VAL-64'])
  const canBrowse = !isApp(asked) && !isThreeRI(asked)
  const offer = decoupledFor(frame)
  if (offer === 'offered' && !(canBrowse && first === 'browser')) {
    return ask(frame, 'D', isThreeRI(asked) ? [...applied, 'RES-3RI-2', 'RES-DEC-11'] : [...applied, 'RES-DEC-1'])
  }
  const because = offer === 'tooShort' && first === 'decoupled' ? [...applied, 'RES-DEC-9'] : applied
  if (canBrowse) return ask(frame, 'C', because)
  if (offer === 'tooShort') return refuse(frame, 'N', '25', [...because, 'ACS-VAL-80'])
  // Read as: an app challenge is none of ours yet, which is a device that we cannot serve.
  if (isApp(asked)) return refuse(frame, 'U', '03', [...because, 'ACS-VAL-55'])
  return refuse(frame, 'N', '23', [...because, 'RES-TS-1', 'ACS-VAL-75'])
}

/** A selected D: this card is authenticated in no other way. */
function decoupled(frame: Frame, applied: readonly string[]): Decision {
  const { asked, wish } = frame
  if (wish.row.neverChallenge === true) return settle(frame, 'I', [...applied, 'RES-CI-2', 'ACS-VAL-64'])
  if (!isSince(asked.messageVersion, '2.2.0')) return refuse(frame, 'N', '23', [...applied, 'RES-TS-8', 'RES-DEC-10'])
  switch (decoupledFor(frame)) {
    case 'offered':
      return ask(frame, 'D', applied)
    case 'tooShort':
      return refuse(frame, 'N', '25', [...applied, 'RES-DEC-9', 'ACS-VAL-80'])
    case 'notAsked':
      return refuse(frame, 'N', '23', [...applied, 'RES-TS-2', 'RES-DEC-10'])
  }
}

/** Other OTP: a code by e-mail. Decoupled, by the issuer's own app. RES section 6. */
const methods = { C: ['05'], D: ['12'] } as const satisfies Readonly<Record<'C' | 'D', readonly string[]>>

/** C or D with what goes with them (RES-CM-1, RES-DEC-2). */
function ask(frame: Frame, transStatus: 'C' | 'D', applied: readonly string[]): Decision {
  const { input, asked, wish, kind } = frame
  const { card, policy } = input
  if (card.usableMethods < 1) {
    const reason = isSince(asked.messageVersion, '2.2.0') ? '22' : '03'
    return refuse(frame, 'U', reason, [...applied, 'ACS-VAL-76'])
  }
  // An accepted exemption ends in Y or I, so every challenge under a mandate of the region is a mandated one.
  const mandated = wish.row.mandated === true || policy.exemptions.scaMandated
  return {
    action: transStatus === 'C' ? 'challenge' : 'decoupled',
    transStatus,
    acsChallengeMandated: mandated ? 'Y' : 'N',
    ...(transStatus === 'D'
      ? { acsDecConInd: 'Y' as const, decoupledMinutes: minutesOf(frame) }
      : asksDecoupled(asked) && { acsDecConInd: 'N' as const }),
    authenticationMethods: methods[transStatus],
    ...(transStatus === 'C' && kind !== undefined && { challengeKind: kind }),
    ...alongside(frame, transStatus),
    ...madeOf(frame, [...applied, 'RES-CM-2']),
  }
}

/** How it came to this, in every decision. */
const madeOf = (
  { band, thresholds, segment, because }: Frame,
  applied: readonly string[],
): Pick<Decision, 'because' | 'band' | 'thresholds' | 'segment'> => ({
  because: [`band:${band}`, ...because, ...applied],
  band,
  thresholds,
  ...(segment !== undefined && { segment }),
})

const settled = { Y: 'frictionless', A: 'attempt', I: 'inform' } as const

/** An outcome that has no reason. */
function settle(frame: Frame, transStatus: 'Y' | 'A' | 'I', applied: readonly string[]): Decision {
  const { asked } = frame
  return {
    action: settled[transStatus],
    transStatus,
    ...(asksDecoupled(asked) && { acsDecConInd: 'N' as const }),
    ...alongside(frame, transStatus),
    ...madeOf(frame, applied),
  }
}

const refused = { N: 'deny', U: 'unavailable', R: 'reject' } as const
/** When nobody gave a reason: refused by the issuer, technical issue, suspected fraud. */
const usualReason = { N: '01', U: '22', R: '11' } as const

/** An outcome that has a reason (RES-TR-1) which the message's version knows (RES-TR-2). */
function refuse(
  frame: Frame,
  transStatus: 'N' | 'U' | 'R',
  given: string | undefined,
  applied: readonly string[],
): Decision {
  const { asked } = frame
  const { messageVersion: version } = asked
  const because = [...applied]
  const reason = given === undefined ? undefined : sendableReason(given, version)
  if (given !== undefined && reason !== undefined && reason !== given) because.push('RES-TR-2')
  if (reason === undefined) because.push('RES-TR-1')
  return {
    action: refused[transStatus],
    transStatus,
    transStatusReason: reason ?? sendableReason(usualReason[transStatus], version) ?? usualReason.N,
    ...(asksDecoupled(asked) && { acsDecConInd: 'N' as const }),
    ...alongside(frame, transStatus),
    ...madeOf(frame, because),
  }
}

/** deviceBindingStatus: bound by static data, not bound, unknown (CHL-TL-4). */
const bindingOf = ({ deviceBound }: CardState): string => (deviceBound === undefined ? '05' : deviceBound ? '14' : '01')

/** What the answer says of trust list, device and exemption, whatever the outcome. */
function alongside(
  { asked, wish, exemption: own, input: { card } }: Frame,
  transStatus: TransStatus,
): Pick<Decision, 'trustListStatus' | 'deviceBindingStatus' | 'transChallengeExemption'> | undefined {
  const { messageVersion: version, challengeInds } = asked
  const { exemption } = wish.row
  const isAboutList =
    asked.trustListStatus !== undefined ||
    asked.threeRIInd === '10' ||
    challengeInds.includes('08') ||
    challengeInds.includes('09')
  const isAboutDevice =
    asked.deviceBindingStatus !== undefined || asked.threeRIInd === '13' || challengeInds.includes('12')
  const isListed = card.merchantTrusted === true
  const tellsList = isAboutList && isSince(version, '2.2.0')
  const tellsDevice = isAboutDevice && version === '2.3.1'
  const tellsExemption = (exemption !== undefined || (own !== undefined && transStatus === 'Y')) && version === '2.3.1'
  if (!tellsList && !tellsDevice && !tellsExemption) return undefined
  const isApplied = transStatus === 'Y' && (exemption !== '08' || isListed)
  return {
    ...(tellsList && { trustListStatus: isListed ? 'Y' : 'N' }),
    ...(tellsDevice && { deviceBindingStatus: bindingOf(card) }),
    ...(tellsExemption && { transChallengeExemption: (isApplied ? exemption : undefined) ?? own ?? '79' }),
  }
}
