// AReq → ARes: one unit of work that reads profiles, scores, selects, decides and writes. Spec: section 3; ACS-VAL-17, 18, 59; FLOW-3RI-4.
import { type Finding, ProtocolError } from '../../protocol/errors.ts'
import { maskMessage, maskPan } from '../../protocol/mask.ts'
import { ownElements } from '../../protocol/messages/own.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import { type DecideInput, type Decision, decide } from '../../risk/decide.ts'
import { type FactsContext, factsOf, type MethodData } from '../../risk/facts.ts'
import { keepEvidence } from '../../risk/kept.ts'
import { learn } from '../../risk/learn.ts'
import type { Policy } from '../../risk/policy.ts'
import { bestOf, judgePrior, type Money, type PriorJudgement } from '../../risk/prior.ts'
import { score } from '../../risk/score.ts'
import { begin } from '../challenge/begin.ts'
import type { Limits } from '../challenge/state.ts'
import { type Issuer, isOnTrustList, planOf, rangeOf, supportsDevice } from '../issuer.ts'
import type {
  Clock,
  Effect,
  Effects,
  NewTransaction,
  Observer,
  Random,
  Secrets,
  Stopwatch,
  Store,
  UnitOfWork,
} from '../ports.ts'
import { readProfiles, saveProfiles } from '../profiles.ts'
import { cardStateOf, isPast, madeUpCard } from '../register.ts'
import { buildARes, resultDetails } from '../result/messages.ts'
import { type AuthenticationRequest, requestOf } from './request.ts'
import { select } from './select.ts'
import { stubFor } from './stubs.ts'

export interface AuthenticatePorts {
  readonly store: Store
  readonly clock: Clock
  readonly stopwatch: Stopwatch
  readonly random: Random
  readonly secrets: Secrets
  readonly effects: Effects
  readonly observer: Observer
  readonly issuer: Issuer
  readonly policy: Policy
  readonly limits: Limits
  /** Where the browser posts its CReq. */
  readonly acsURL: string
  /** Keep messages in clear in the journal (test data only). */
  readonly keepsRaw: boolean
  /** Non-payments carry an authenticationValue, too (RES-AV-3). */
  readonly nonPaymentValues?: boolean | undefined
}

export interface AuthenticateInput {
  readonly tenant: number
  readonly areq: AReq
  readonly warnings: readonly Finding[]
  /** The body as text, and as it came. */
  readonly text: string
  readonly bytes: Uint8Array
  readonly receivedAt: number
  /** The same moment by the stopwatch. */
  readonly startedAt: number
}

/** 3DS Method data older than this belong to nobody (FLOW-MTH-7). */
const methodDataLifeMs = 900_000

/** [2.3] An earlier run may be used again: it is named by threeDSMethodId (FLOW-MTH-9). */
function methodDataOf(unit: UnitOfWork, tenant: number, own: AReq, at: number): MethodData | undefined {
  if (own.threeDSCompInd !== 'Y') return undefined
  const row = unit.methodData(tenant, own.threeDSMethodId ?? own.threeDSServerTransID)
  return row !== undefined && at - row.at < methodDataLifeMs ? (row.data as MethodData) : undefined
}

/** What the references of a 3RI payment are worth. */
function priorOf(
  unit: UnitOfWork,
  tenant: number,
  { request, panHash, now }: { request: AuthenticationRequest; panHash: string; now: Money },
): PriorJudgement | undefined {
  if (request.deviceChannel !== '03') return undefined
  return bestOf(
    request.priorAuthentications.flatMap(({ ref }) => {
      if (ref === undefined) return []
      const earlier = unit.challenge(tenant, ref.toLowerCase())?.transaction
      const prior = earlier && {
        ...earlier,
        isOfSameCard: earlier.panHash === panHash,
        resultStatus: earlier.resultStatus,
      }
      return [judgePrior(now, prior)]
    }),
  )
}

/** Whether the trust list matters is for the decision to say; most requests do not ask. */
const asksForTrustList = ({ challengeInds, threeRIInd, trustListStatus }: AuthenticationRequest): boolean =>
  challengeInds.includes('08') || threeRIInd === '10' || trustListStatus !== undefined

const elementsOf = ({ threeDSServerTransID, dsTransID, sdkTransID, messageVersion }: AuthenticationRequest) => ({
  threeDSServerTransID,
  dsTransID,
  ...(sdkTransID !== undefined && { sdkTransID }),
  messageVersion,
  errorMessageType: 'AReq' as const,
})

/** To the microsecond, which keeps the rows short. */
const rounded = (ms: number): number => Math.max(0, Math.round(ms * 1000)) / 1000

/** What a decision leaves in the record. */
const brief = (decision: Decision) => ({
  action: decision.action,
  transStatus: decision.transStatus,
  ...(decision.transStatusReason !== undefined && { transStatusReason: decision.transStatusReason }),
  ...(decision.decoupledMinutes !== undefined && { decoupledMinutes: decision.decoupledMinutes }),
  band: decision.band,
  because: decision.because,
})

/**
 * Answers an AReq that was parsed. The returned text is the ARes to send; it is durable when the promise resolves.
 * Throws ProtocolError 305 for a PAN of nobody's range (ACS-VAL-59) and 301, [2.3] 312, for ids that came before (SEC-RPL-1).
 */
export async function authenticate(
  ports: AuthenticatePorts,
  input: AuthenticateInput,
): Promise<{ readonly text: string; readonly acsTransID: string }> {
  const { areq, tenant } = input
  const { store, secrets, policy, limits, issuer, nonPaymentValues = false } = ports
  const own = ownElements(areq)
  const request = requestOf(areq, own)
  const pan = request.acctNumber
  const range = rangeOf(issuer.ranges, pan)
  if (range === undefined) {
    throw new ProtocolError('305', 'acctNumber', {
      about: elementsOf(request),
      findings: [{ errorCode: '305', element: 'acctNumber', rule: 'ACS-VAL-59' }],
    })
  }
  const acsTransID = ports.random.uuid()
  const panHash = secrets.panHash(pan)
  const areqMasked = maskMessage(areq, input.text)
  const effects: Effect[] = []

  const done = await store.unit(
    (
      unit,
    ):
      | { readonly seen: readonly string[] }
      | { readonly text: string; readonly id: number; readonly transaction: NewTransaction } => {
      effects.length = 0
      const at = ports.clock.now()
      const { id, seen } = unit.beginTransaction(tenant, areq)
      if (seen.length > 0) return { seen }
      const context: FactsContext = {
        accountKey: panHash,
        keyOf: secrets.keyOf,
        method: methodDataOf(unit, tenant, own, at),
        now: at,
        policy,
      }
      const facts = factsOf(own, context)
      const profiles = readProfiles(unit, tenant, facts.keys)
      const scored = score(profiles, facts, [], policy, at)
      const stubs = unit.stubs(tenant)
      const stub = stubs.length === 0 ? undefined : stubFor(stubs, { areq, panHash, at })
      if (stub !== undefined) unit.useStub(stub)
      const selected = select({ pan, range, scenarios: issuer.scenarios, version: request.messageVersion, stub })
      const card = unit.card(tenant, panHash) ?? madeUpCard(panHash, maskPan(pan), range.scheme)
      // A scripted card keeps its outcome whatever expiry date a test sends; the register's own state always counts.
      const claimsExpired =
        selected === undefined && request.cardExpiryDate !== undefined && isPast(request.cardExpiryDate, at)
      const merchantTrusted = asksForTrustList(request) && isOnTrustList(issuer, pan, own.acquirerMerchantID)
      const basis: DecideInput = {
        score: scored.score,
        evidence: scored.evidence,
        features: scored.features,
        policy,
        asked: request,
        card: cardStateOf(card, at, claimsExpired, merchantTrusted),
        supportsDevice:
          request.deviceRenderOptions === undefined ? undefined : supportsDevice(issuer, request.deviceRenderOptions),
        prior: priorOf(unit, tenant, { request, panHash, now: { ...request, issuerAmount: facts.amount } }),
        decoupled: issuer.decoupled,
      }
      const engine = decide(basis)
      const decision = selected === undefined ? engine : decide({ ...basis, selected: selected.outcome })
      const ares = buildARes(
        { request, acsTransID, panHash, scheme: range.scheme, decision, acsURL: ports.acsURL, nonPaymentValues },
        secrets,
      )
      const text = JSON.stringify(ares)
      const durationMs = rounded(ports.stopwatch() - input.startedAt)
      const transaction: NewTransaction = {
        tenant,
        at,
        acsTransID,
        threeDSServerTransID: request.threeDSServerTransID,
        dsTransID: request.dsTransID,
        messageVersion: request.messageVersion,
        deviceChannel: request.deviceChannel,
        messageCategory: request.messageCategory,
        panHash,
        panMask: maskPan(pan),
        scheme: range.scheme,
        merchantName: request.merchantName,
        purchaseAmount: request.purchaseAmount,
        purchaseCurrency: request.purchaseCurrency,
        purchaseExponent: request.purchaseExponent,
        transStatus: decision.transStatus,
        ...(decision.transStatusReason !== undefined && { transStatusReason: decision.transStatusReason }),
        decidedBy: selected?.outcome.by ?? 'engine',
        score: scored.score,
        engineStatus: engine.transStatus,
        issuerAmount: facts.amount,
        durationMs,
        details: {
          ...resultDetails({ request, decision, nonPaymentValues }),
          notificationURL: request.notificationURL,
          browserLanguage: request.browserLanguage,
          purchaseDate: request.purchaseDate,
          decision: brief(decision),
          // Where the engine decides, the decision is its own.
          ...(selected !== undefined && {
            engine: brief(engine),
            selected: { ...selected.outcome, why: selected.why },
            ...(selected.scenario !== undefined && { scenario: selected.scenario }),
          }),
          mode: range.mode,
          evidence: keepEvidence(scored.evidence),
          features: scored.features,
          facts,
          policy: policy.name,
          terms: [policy.base, policy.thresholds.challenge, policy.thresholds.reject],
          ...(input.warnings.length > 0 && { warnings: input.warnings }),
        },
      }
      unit.insertTransaction(id, transaction)
      unit.journal({
        tenant,
        transactionId: id,
        at: input.receivedAt,
        link: 'DS→ACS',
        messageType: 'AReq',
        masked: areqMasked,
        findings: input.warnings,
        ...(ports.keepsRaw && { raw: input.bytes }),
      })
      unit.journal({
        tenant,
        transactionId: id,
        at,
        link: 'ACS→DS',
        messageType: 'ARes',
        masked: maskMessage(ares, text),
        httpStatus: 200,
        durationMs,
        ...(ports.keepsRaw && { raw: Buffer.from(text) }),
      })
      saveProfiles(unit, tenant, facts.keys, {
        ...scored.nextProfiles,
        ...taught(decision, scored.nextProfiles, facts, at, selected !== undefined),
      })
      const { decoupledMinutes: minutes } = decision
      const decoupled = minutes === undefined ? undefined : { minutes, plan: planOf(issuer, selected?.decoupled) }
      const begun = begin(at, limits, decision.transStatus, decoupled)
      if (begun !== undefined) {
        unit.insertChallenge(id, begun.state)
        for (const { timer, at: dueAt } of begun.timers) {
          const payload = { timer }
          effects.push(unit.addEffect({ tenant, transactionId: id, kind: 'timer', payload, dueAt, createdAt: at }))
        }
      }
      return { text, id, transaction }
    },
  )
  if ('seen' in done) {
    const errorCode = request.messageVersion === '2.3.1' ? '312' : '301'
    throw new ProtocolError(errorCode, done.seen.join(','), {
      about: elementsOf(request),
      findings: done.seen.map((element) => ({ errorCode, element, rule: 'SEC-RPL-1' })),
    })
  }
  ports.effects.take(effects)
  const { id, transaction } = done
  if (transaction.decidedBy === 'stub') ports.observer.stubsChanged()
  ports.observer.authenticated({ id, transaction, durationMs: rounded(ports.stopwatch() - input.startedAt) })
  return { text: done.text, acsTransID }
}

/** What a frictionless approval teaches; forced outcomes are no habit of anybody. */
function taught(
  decision: Decision,
  profiles: Parameters<typeof learn>[0],
  facts: ReturnType<typeof factsOf>,
  at: number,
  isForced: boolean,
) {
  return decision.transStatus === 'Y' && !isForced ? learn(profiles, { kind: 'frictionless', facts }, at) : {}
}
