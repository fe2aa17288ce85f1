// Weighs an AReq: what is known of it, what the engine thinks, who speaks, what is decided. Reads only. Spec: section 3; FLOW-3RI-4.

import { maskPan } from '../../protocol/mask.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import type { Hearing } from '../../risk/assessment.ts'
import { type DecideInput, type Decision, decide } from '../../risk/decide.ts'
import { type Facts, type FactsContext, factsOf, type MethodData } from '../../risk/facts.ts'
import { opinionsOf, signalsIn, tellsSignals, withoutSource } from '../../risk/heed.ts'
import type { Policy } from '../../risk/policy.ts'
import { bestOf, type Claim, judgePrior, type PriorJudgement } from '../../risk/prior.ts'
import { score } from '../../risk/score.ts'
import type { Signals } from '../../risk/signals.ts'
import type { Tables } from '../../risk/tables.ts'
import { announcedMethods, type ChallengeKind, kindFor } from '../challenge/kinds.ts'
import { promptsFor, waitingFor } from '../challenge/prompts.ts'
import { channelsOf } from '../challenge/setup.ts'
import type { Prompt } from '../challenge/state.ts'
import { shopperKey, signalsOfShopper, worseOf } from '../hook/journey.ts'
import { type Issuer, rangeOf, schemeOf, supportsDevice } from '../issuer.ts'
import type { Plan } from '../plan.ts'
import { type Lists, listedBy } from '../policies/running.ts'
import type { Card, CardRange, Policies, Secrets, Stub, Transaction, UnitOfWork } from '../ports.ts'
import { methodDataLifeMs } from '../ports.ts'
import { readProfiles } from '../profiles.ts'
import { cardStateOf, isBound, isOnTrustList, isPast, madeUpCard } from '../register.ts'
import type { SignalsFor } from '../simulated-provider.ts'
import type { AuthenticationRequest } from './request.ts'
import { type Selection, select } from './select.ts'
import { stubFor } from './stubs.ts'
import type { Without } from './without.ts'

export interface WeighPorts {
  readonly secrets: Secrets
  readonly issuer: Issuer
  readonly policies: Policies
  /** Absent: nothing is looked up. */
  readonly tables?: Tables | undefined
  /** Who is asked what only others know; absent: nobody. */
  readonly signalsFor?: SignalsFor | undefined
}

export interface WeighInput {
  readonly tenant: number
  /** The AReq without elements that its column does not have. */
  readonly own: AReq
  readonly request: AuthenticationRequest
  readonly panHash: string
  readonly at: number
  readonly override?: Plan | undefined
  /** Of a purchase that is only supposed: device data and signals that nobody sent. */
  readonly method?: MethodData | undefined
  readonly signals?: Signals | undefined
  /** What was heard at the doors of the hook; absent: nobody was asked. */
  readonly hearing?: Hearing | undefined
}

export interface Weighed {
  /** By which it was weighed. */
  readonly policy: Policy
  readonly facts: Facts
  readonly scored: ReturnType<typeof score>
  /** What the engine decided by. */
  readonly basis: DecideInput
  readonly stub?: Stub | undefined
  readonly selection: Selection
  readonly card: Card
  /** Keyed: whom the shop says it is. */
  readonly shopper?: string | undefined
  /** Of a payment that others have spoken of. */
  readonly without?: readonly Without[] | undefined
  /** What the engine would decide, and what is decided. */
  readonly engine: Decision
  readonly decision: Decision
  /** With C. */
  readonly challengeKind?: ChallengeKind | undefined
  /** With C or D. */
  readonly prompts?: readonly Prompt[] | undefined
}

/** Where a card belongs; one outside of all ranges is known by its scheme only. */
export function placeOf(
  { ranges }: Pick<Issuer, 'ranges'>,
  pan: string,
): { readonly range: Pick<CardRange, 'scheme' | 'issuer'>; readonly mode: CardRange['mode'] | 'unlisted' } {
  const listed = rangeOf(ranges, pan)
  return listed === undefined
    ? { range: { scheme: schemeOf(pan) ?? 'visa' }, mode: 'unlisted' }
    : { range: listed, mode: listed.mode }
}

/** [2.3] An earlier run may be used again: it is named by threeDSMethodId (FLOW-MTH-9). */
function methodDataOf(unit: UnitOfWork, tenant: number, own: AReq, at: number): MethodData | undefined {
  if (own.threeDSCompInd !== 'Y') return undefined
  const row = unit.methodData(tenant, own.threeDSMethodId ?? own.threeDSServerTransID)
  return row !== undefined && at - row.at < methodDataLifeMs ? (row.data as MethodData) : undefined
}

/** What a 3RI refers to: each reference with the transaction that it names, if there is one. */
function referredTo(
  unit: UnitOfWork,
  tenant: number,
  { deviceChannel, priorAuthentications }: AuthenticationRequest,
): readonly (Transaction | undefined)[] {
  if (deviceChannel !== '03') return []
  return priorAuthentications.flatMap(({ ref }) =>
    ref === undefined ? [] : [unit.challenge(tenant, ref.toLowerCase())?.transaction],
  )
}

/** What the references of a 3RI payment are worth. */
const worthOf = (earlier: readonly (Transaction | undefined)[], panHash: string, now: Claim): PriorJudgement =>
  bestOf(
    earlier.map((one) =>
      judgePrior(
        now,
        one && {
          ...one,
          isOfSameCard: one.panHash === panHash,
          resultStatus: one.resultStatus,
          series: one.details.series,
        },
      ),
    ),
  )

/** YYYYMMDD in UTC. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '')

const deviceOf = (facts: Facts | undefined): readonly string[] =>
  facts?.keys.device === undefined ? [] : [facts.keys.device]

/**
 * Whether the device is bound that a request is about: its own. A 3RI has none. Read as: it is about those of the authentications that
 * it refers to, and without a reference about any that the holder has.
 */
function isDeviceBound(
  card: Card,
  { facts, isThreeRI, earlier }: { facts: Facts; isThreeRI: boolean; earlier: readonly (Transaction | undefined)[] },
): boolean | undefined {
  if (!isThreeRI) return isBound(card, deviceOf(facts))
  if (earlier.length === 0) return (card.devices ?? []).length > 0
  const own = earlier.filter((one) => one?.panHash === card.panHash)
  return isBound(
    card,
    own.flatMap((one) => deviceOf(one?.details.facts as Facts | undefined)),
  )
}

type ScoredBy = (hearing: Hearing) => {
  readonly facts: Facts
  readonly scored: ReturnType<typeof score>
  readonly opinions: NonNullable<DecideInput['opinions']>
}

/** Decides again with each assessment left out, and with all of them: its verdict, and what it told besides. */
function withoutEach(basis: DecideInput, hearing: Hearing, scoredBy: ScoredBy, beside: Lists): readonly Without[] {
  const { policy, areq = {}, now = 0 } = basis
  const decided = (less: Hearing, tellsLess: boolean, source?: string): Without => {
    const { facts, scored, opinions } = scoredBy(less)
    const { score, reasons, features } = scored
    const listed = tellsLess ? listedBy(policy, beside, { facts, areq }, now) : basis.listed
    const decision = decide({ ...basis, facts, features, score, reasons, opinions, listed })
    const { transStatus, transStatusReason, action, band } = decision
    return {
      ...(source !== undefined && { source }),
      ...{ score, transStatus, action, band },
      ...(transStatusReason !== undefined && { transStatusReason }),
    }
  }
  const { heard } = hearing
  const each = heard.map((one) => {
    const { source } = one.assessment
    return decided(withoutSource(hearing, source), tellsSignals(policy, one), source)
  })
  const [only] = each
  if (only !== undefined && each.length === 1) return [only, { ...only, source: undefined }]
  return [...each, decided({ heard: [], unheard: hearing.unheard }, true)]
}

export function weigh(unit: UnitOfWork, ports: WeighPorts, input: WeighInput): Weighed {
  const { secrets, issuer } = ports
  const policy = ports.policies.running()
  const { tenant, own, request, panHash, at, override } = input
  const pan = request.acctNumber
  const { range, mode } = placeOf(issuer, pan)
  const spoken = input.hearing !== undefined && input.hearing.heard.length > 0 ? input.hearing : undefined
  const records = spoken === undefined ? [] : unit.hook.sources.all(tenant)
  const method = input.method ?? methodDataOf(unit, tenant, own, at)
  const { acquirerMerchantID, acctID } = own
  const shopper =
    acquirerMerchantID === undefined || acctID === undefined
      ? undefined
      : shopperKey(secrets, acquirerMerchantID, acctID)
  const logins =
    shopper !== undefined && input.signals === undefined && unit.hook.journey.has(tenant)
      ? signalsOfShopper(unit, tenant, shopper, at)
      : undefined
  /** Also of what might have been heard. */
  const scoredBy = (hearing: Hearing | undefined) => {
    const told = hearing && signalsIn(policy, hearing.heard)
    const provided = input.signals ?? ports.signalsFor?.(own)
    const context: FactsContext = {
      accountKey: panHash,
      keyOf: secrets.keyOf,
      method,
      // The provider fills what nobody told.
      signals: worseOf(told === undefined ? provided : { ...provided, ...told }, logins),
      now: at,
      policy,
      tables: ports.tables,
    }
    const facts = factsOf(own, context)
    const opinions = hearing === undefined ? [] : opinionsOf(hearing.heard, records)
    const unheard = hearing?.unheard ?? []
    const scored = score(readProfiles(unit, tenant, facts.keys), facts, opinions, policy, at, unheard)
    return { facts, scored, opinions, unheard }
  }
  const { facts, scored, opinions, unheard } = scoredBy(input.hearing)
  const about = { areq: own, acctNumber: pan, panHash, scheme: range.scheme }
  const stubs = unit.stubs(tenant)
  const stub = stubs.length === 0 ? undefined : stubFor(stubs, about, at)
  const selection = select({
    about,
    mode,
    scenarios: issuer.scenarios,
    version: request.messageVersion,
    stub,
    override,
  })
  const card = unit.card(tenant, panHash) ?? madeUpCard(panHash, maskPan(pan), range.scheme)
  const { outcome } = selection
  // A scripted card keeps its outcome whatever expiry date a test sends; the register's own state always counts.
  const claimsExpired =
    outcome === undefined && request.cardExpiryDate !== undefined && isPast(request.cardExpiryDate, at)
  const isThreeRI = request.deviceChannel === '03'
  const { acctNumber: _pan, ...areq } = own
  const earlier = referredTo(unit, tenant, request)
  const merchantTrusted = isOnTrustList(card, own.acquirerMerchantID)
  const deviceBound = isDeviceBound(card, { facts, isThreeRI, earlier })
  const basis: DecideInput = {
    score: scored.score,
    reasons: scored.reasons,
    features: scored.features,
    policy,
    facts,
    areq,
    listed: listedBy(policy, ports.policies.lists(), { facts, areq: own }, at),
    now: at,
    asked: request,
    card: cardStateOf(card, at, claimsExpired, { merchantTrusted, deviceBound }),
    supportsDevice:
      request.deviceRenderOptions === undefined ? undefined : supportsDevice(issuer, request.deviceRenderOptions),
    prior: isThreeRI
      ? worthOf(earlier, panHash, { ...request, issuerAmount: facts.amount, today: dayOf(at) })
      : undefined,
    decoupled: issuer.decoupled,
    opinions,
    unheard,
  }
  const engine = decide(basis)
  const decided = outcome === undefined ? engine : decide({ ...basis, selected: outcome })
  const without = spoken && withoutEach(basis, spoken, scoredBy, ports.policies.lists())
  const base = { policy, facts, scored, basis, stub, selection, card, engine, without, shopper }
  if (decided.transStatus !== 'C' && decided.transStatus !== 'D') return { ...base, decision: decided }
  const isKept = { trustList: merchantTrusted, deviceBinding: deviceBound === true }
  const canKeep = { trustList: own.acquirerMerchantID !== undefined, deviceBinding: facts.keys.device !== undefined }
  const prompts = promptsFor({ ...request, canKeep, isKept }, selection.plan)
  const decision = waitingFor(decided, prompts, isKept)
  if (decided.transStatus === 'D') return { ...base, decision, prompts }
  const challengeKind = kindFor(selection.plan, card, request, decided.challengeKind)
  const authenticationMethods = announcedMethods(challengeKind, channelsOf(challengeKind, card))
  return { ...base, decision: { ...decision, authenticationMethods }, challengeKind, prompts }
}
