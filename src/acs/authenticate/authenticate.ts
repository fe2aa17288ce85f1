// AReq → ARes: one unit of work that reads profiles, scores, selects, decides and writes. Spec: section 3; ACS-VAL-17, 18, 59; FLOW-3RI-4.
import { type Faults, noFaults } from '../../faults/rule.ts'
import { type Finding, ProtocolError } from '../../protocol/errors.ts'
import { maskMessage, maskPan } from '../../protocol/mask.ts'
import { ownElements } from '../../protocol/messages/own.ts'
import type { AReq } from '../../protocol/messages/types.ts'
import type { Decision } from '../../risk/decide.ts'
import type { Facts } from '../../risk/facts.ts'
import { featureSet } from '../../risk/features.ts'
import { keepEvidence, keepFeatures } from '../../risk/kept.ts'
import { learn } from '../../risk/learn.ts'
import type { SeriesTerms } from '../../risk/prior.ts'
import { evidenceOf } from '../../risk/score.ts'
import { deviceNameOf } from '../challenge/device-name.ts'
import { openAfterARes } from '../challenge/open.ts'
import type { Limits } from '../challenge/state.ts'
import type { HookDoors } from '../hook/door-ports.ts'
import { namesOf } from '../hook/feedback.ts'
import type { Telling } from '../hook/tell.ts'
import { type Issuer, planOf } from '../issuer.ts'
import { keepInputs } from '../kept-inputs.ts'
import { languageOf } from '../language.ts'
import { keptPlan } from '../plan.ts'
import type {
  Clock,
  Effect,
  Effects,
  NewTransaction,
  Observer,
  Policies,
  Random,
  Secrets,
  Stopwatch,
  Store,
} from '../ports.ts'
import { saveProfiles, teaches } from '../profiles.ts'
import { infoTextsOf } from '../result/cardholder-info.ts'
import { buildARes, resultDetails } from '../result/messages.ts'
import type { ScriptedOutcome } from '../scenarios.ts'
import { overrideOf } from './override.ts'
import { type AuthenticationRequest, requestOf } from './request.ts'
import type { Selected } from './select.ts'
import { placeOf, weigh } from './weigh.ts'

export interface AuthenticatePorts {
  readonly store: Store
  readonly clock: Clock
  readonly stopwatch: Stopwatch
  readonly random: Random
  readonly secrets: Secrets
  readonly effects: Effects
  readonly observer: Observer
  readonly issuer: Issuer
  readonly policies: Policies
  readonly limits: Limits
  /** Where the browser posts its CReq. */
  readonly acsURL: string
  /** Keep messages in clear in the journal (test data only). */
  readonly keepsRaw: boolean
  /** Non-payments carry an authenticationValue, too (RES-AV-3). */
  readonly nonPaymentValues?: boolean | undefined
  /** Absent: nothing goes wrong on purpose. */
  readonly faults?: Faults | undefined
  /** Whether requests may say how they are answered; absent: no. */
  readonly allowsOverrides?: (() => boolean) | undefined
  /** Whether a card outside of all ranges is left to the engine; otherwise, and where this is absent, it is refused (ACS-VAL-59). */
  readonly takesUnlisted?: ((acctNumber: string) => boolean) | undefined
  /** Where screenings of shops are heard; absent: nowhere. */
  readonly hook?: HookDoors | undefined
  /** Who hears of it afterwards; absent: nobody. */
  readonly telling?: Telling | undefined
}

export interface AuthenticateInput {
  readonly tenant: number
  readonly areq: AReq
  readonly warnings: readonly Finding[]
  /** The body as text, and as it came. */
  readonly text: string
  readonly bytes: Uint8Array
  readonly receivedAt: number
  /** Transport headers worth keeping. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The same moment by the stopwatch. */
  readonly startedAt: number
  /** Value of the header by which a request says how it wants to be answered. */
  readonly override?: string | undefined
}

export interface Authenticated {
  readonly text: string
  readonly acsTransID: string
  /** The ARes is to wait for so many milliseconds. */
  readonly delayMs: number
  /** Why the request's own word was not taken. */
  readonly overrideProblem?: string | undefined
}

const elementsOf = ({ threeDSServerTransID, dsTransID, sdkTransID, messageVersion }: AuthenticationRequest) => ({
  threeDSServerTransID,
  dsTransID,
  ...(sdkTransID !== undefined && { sdkTransID }),
  messageVersion,
  errorMessageType: 'AReq' as const,
})

/** A decider as the record shows it; the plan is kept once. */
const briefly = ({ by, why, plan: { transStatus, transStatusReason } }: Selected) => ({
  by,
  why,
  ...(transStatus !== undefined && { transStatus }),
  ...(transStatusReason !== undefined && { transStatusReason }),
})

const isDecider = ({ transStatus }: ReturnType<typeof briefly>): boolean => transStatus !== undefined

const scriptedBriefly = ({ scenario, title, titleJa, plan: { transStatus, transStatusReason } }: ScriptedOutcome) => ({
  scenario,
  title,
  ...(titleJa !== undefined && { titleJa }),
  ...(transStatus !== undefined && { transStatus }),
  ...(transStatusReason !== undefined && { transStatusReason }),
})

/** As the ARes travels (FLOW-GEN-8). */
const sentHeaders = (dsTransID: string, acsTransID: string) => ({
  'content-type': 'application/json; charset=utf-8',
  'x-request-id': dsTransID,
  'x-response-id': acsTransID,
})

/** What a series of payments was agreed on, for the 3RI requests that build on it. */
function seriesOf({ recurringExpiry, recurringAmount, recurringCurrency, recurringExponent }: AReq): {
  readonly series?: SeriesTerms
} {
  if (recurringExpiry === undefined && recurringAmount === undefined) return {}
  const each = {
    purchaseAmount: recurringAmount,
    purchaseCurrency: recurringCurrency,
    purchaseExponent: recurringExponent,
  }
  return { series: { until: recurringExpiry, ...(recurringAmount !== undefined && { each }) } }
}

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
  ...(decision.segment !== undefined && { segment: decision.segment }),
})

/**
 * Answers an AReq that was parsed. The returned text is the ARes to send; it is durable when the promise resolves.
 * Throws ProtocolError 305 for a PAN of nobody's range (ACS-VAL-59) and 301, [2.3] 312, for ids that came before (SEC-RPL-1).
 */
export async function authenticate(ports: AuthenticatePorts, input: AuthenticateInput): Promise<Authenticated> {
  const { areq, tenant } = input
  const { store, secrets, limits, issuer, nonPaymentValues = false, faults = noFaults } = ports
  const own = ownElements(areq)
  const request = requestOf(areq, own)
  const pan = request.acctNumber
  const { range, mode } = placeOf(issuer, pan)
  if (mode === 'unlisted' && ports.takesUnlisted?.(pan) !== true) {
    throw new ProtocolError('305', 'acctNumber', {
      about: elementsOf(request),
      findings: [{ errorCode: '305', element: 'acctNumber', rule: 'ACS-VAL-59' }],
    })
  }
  const acsTransID = ports.random.uuid()
  const secret = ports.random.uuid() // drawn whether it is needed or not: ids follow from the seed alone
  const panHash = secrets.panHash(pan)
  const areqMasked = maskMessage(areq, input.text)
  const override = overrideOf(input.override, own, ports.allowsOverrides?.() === true)
  const effects: Effect[] = []
  // Ids are drawn by now, so that they do not depend on who answers first. Nothing is held while somebody else thinks.
  const { hook } = ports
  const hearing =
    hook === undefined || ports.policies.running().assessments === undefined
      ? undefined
      : await hook.hear(areq, { tenant })

  const done = await store.unit(
    (
      unit,
    ):
      | { readonly seen: readonly string[] }
      | {
          readonly text: string
          readonly id: number
          readonly transaction: NewTransaction
          readonly hasUsedStub: boolean
          /** Of a push note. */
          readonly inboxId: number | undefined
        } => {
      effects.length = 0
      const at = ports.clock.now()
      const { id, seen } = unit.beginTransaction(tenant, areq)
      if (seen.length > 0) return { seen }
      const weighed = weigh(unit, ports, { tenant, own, request, panHash, at, override: override?.plan, hearing })
      const { policy, facts, scored, stub, engine, decision, prompts } = weighed
      const { outcome, spoken, plan, scenario, nearMiss } = weighed.selection
      if (stub !== undefined) unit.useStub(stub)
      const language = languageOf(request, weighed.card)
      const texts = infoTextsOf(issuer, range.issuer, language)
      const { acsURL } = ports
      const ares = buildARes(
        {
          request,
          acsTransID,
          panHash,
          scheme: range.scheme,
          decision,
          plan,
          texts,
          language,
          acsURL,
          nonPaymentValues,
        },
        secrets,
      )
      const text = JSON.stringify(ares)
      const durationMs = rounded(ports.stopwatch() - input.startedAt)
      const isAsked = decision.transStatus === 'C' || decision.transStatus === 'D'
      const hasFailedText = isAsked && request.messageVersion === '2.3.1' && texts.failed !== undefined
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
        merchantName: request.merchantName?.replaceAll(pan, maskPan(pan)),
        purchaseAmount: request.purchaseAmount,
        purchaseCurrency: request.purchaseCurrency,
        purchaseExponent: request.purchaseExponent,
        transStatus: decision.transStatus,
        ...(decision.transStatusReason !== undefined && { transStatusReason: decision.transStatusReason }),
        decidedBy: outcome?.by ?? 'engine',
        score: scored.score,
        engineStatus: engine.transStatus,
        issuerAmount: facts.amount,
        durationMs,
        details: {
          ...resultDetails({ request, decision, nonPaymentValues }),
          ...(weighed.challengeKind !== undefined && { challengeKind: weighed.challengeKind }),
          ...(prompts !== undefined && { prompts }),
          ...(prompts?.includes('deviceBinding') === true && { deviceName: deviceNameOf(own.browserUserAgent) }),
          ...(hasFailedText && { cardholderInfo: texts.failed }),
          ...(range.issuer !== undefined && { issuer: range.issuer }),
          acquirerMerchantID: own.acquirerMerchantID,
          ...(weighed.shopper !== undefined && { shopper: weighed.shopper }),
          ...(isAsked && seriesOf(own)),
          notificationURL: request.notificationURL,
          browserLanguage: request.browserLanguage,
          language,
          purchaseDate: request.purchaseDate,
          decision: brief(decision),
          // Where the engine decides, the decision is its own.
          ...(outcome !== undefined && { engine: brief(engine), selected: spoken.map(briefly).find(isDecider) }),
          ...(spoken.length > (outcome === undefined ? 0 : 1) && { spoken: spoken.map(briefly) }),
          ...(plan !== undefined && { plan: keptPlan(plan) }),
          ...(scenario !== undefined && { scenario: scriptedBriefly(scenario) }),
          ...(nearMiss !== undefined && { nearMiss }),
          ...(override?.problem !== undefined && { overrideProblem: override.problem }),
          mode,
          evidence: keepEvidence(evidenceOf(scored, scored.features, facts, policy, weighed.basis.opinions)),
          features: keepFeatures(scored.features),
          featureSet,
          facts,
          inputs: keepInputs(weighed.basis),
          ...(weighed.without !== undefined && { without: weighed.without }),
          policy: policy.name,
          policyHash: policy.hash,
          terms: [policy.base, engine.thresholds.challenge, engine.thresholds.reject],
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
        headers: input.headers,
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
        headers: sentHeaders(request.dsTransID, acsTransID),
        durationMs,
        ...(ports.keepsRaw && { raw: Buffer.from(text) }),
      })
      if (teaches(transaction)) {
        saveProfiles(unit, tenant, facts.keys, {
          ...scored.nextProfiles,
          ...taught(decision, scored.nextProfiles, facts, at),
        })
      }
      const { decoupledMinutes: minutes } = decision
      const decoupled = minutes === undefined ? undefined : { minutes, plan: planOf(issuer, plan?.decoupled) }
      // Before anything is sent: also the push note may meet one of them.
      if (plan?.faults !== undefined)
        faults.plan({ threeDSServerTransID: request.threeDSServerTransID, acsTransID }, plan.faults)
      const opened = openAfterARes(unit, { id, transaction, card: weighed.card, secret, limits, decoupled, faults })
      effects.push(...opened.effects)
      const tell = ports.telling?.effectOf(id, transaction, 'decided', { at })
      if (tell !== undefined) effects.push(unit.addEffect(tell))
      if (unit.hook.feedback.isAwaited(tenant, namesOf(request)))
        effects.push(
          unit.addEffect({ tenant, transactionId: id, kind: 'matchFeedback', payload: {}, dueAt: at, createdAt: at }),
        )
      if (weighed.shopper !== undefined && unit.hook.journey.has(tenant))
        unit.hook.journey.add(tenant, { kind: 'payment', at, shopper: weighed.shopper, transactionId: id, acsTransID })
      return { text, id, transaction, hasUsedStub: stub !== undefined, inboxId: opened.inboxId }
    },
  )
  if ('seen' in done) {
    const errorCode = request.messageVersion === '2.3.1' ? '312' : '301'
    throw new ProtocolError(errorCode, done.seen.join(','), {
      about: elementsOf(request),
      findings: done.seen.map((element) => ({ errorCode, element, rule: 'SEC-RPL-1' })),
    })
  }
  const { id, transaction } = done
  ports.effects.take(effects)
  if (done.inboxId !== undefined) ports.observer.mailed({ inboxId: done.inboxId, acsTransID })
  if (done.hasUsedStub) ports.observer.stubsChanged()
  ports.observer.authenticated({ id, transaction, durationMs: rounded(ports.stopwatch() - input.startedAt) })
  return {
    text: done.text,
    acsTransID,
    delayMs: transaction.details.plan?.delay ?? 0,
    ...(override?.problem !== undefined && { overrideProblem: override.problem }),
  }
}

/** What a frictionless approval teaches besides the purchase itself. */
const taught = (decision: Decision, profiles: Parameters<typeof learn>[0], facts: Facts, at: number) =>
  decision.transStatus === 'Y' ? learn(profiles, { kind: 'frictionless', facts }, at) : {}
