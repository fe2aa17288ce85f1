import { readFileSync } from 'node:fs'
import type { Band } from '../../src/risk/challenge-indicator.ts'
import type { Evidence } from '../../src/risk/check.ts'
import { type Asked as AskedOf, bandOf, type CardState, type Decision, decide } from '../../src/risk/decide.ts'
import { type AReqFacts, type Facts, factsOf, type MethodData, merchantValue } from '../../src/risk/facts.ts'
import { seedHabit } from '../../src/risk/habit.ts'
import { type LearnFacts, learn, type Outcome } from '../../src/risk/learn.ts'
import { loadPolicy, type Policy, type ShippedPolicy, shippedPolicy } from '../../src/risk/policy.ts'
import { type EntityKind, entityKinds, type Keys, type Profiles } from '../../src/risk/profile.ts'
import { decodeProfile, encodeProfile } from '../../src/risk/profile-codec.ts'
import { evidenceOf, type Scored, score } from '../../src/risk/score.ts'
import { modelsIn, shippedFolder } from '../../src/start/models.ts'

export const policyText = (name: ShippedPolicy): string => readFileSync(shippedPolicy(name), 'utf8')
/** As the server reads it, with its model. */
export const shipped = (name: ShippedPolicy): Policy => loadPolicy(policyText(name), shippedModels)
export const shippedModels = modelsIn([shippedFolder])
export const defaultPolicy: Policy = loadPolicy(policyText('default'))

/** 12:00 in Tokyo on a Sunday. */
export const noon = Date.UTC(2026, 10, 22, 3)
export const minute = 60_000
export const hour = 3_600_000
export const day = 86_400_000

export const activeCard: CardState = { status: 'active', usableMethods: 1 }

/** A browser payment of 2.2.0 that wishes for nothing. */
export const plainRequest: AskedOf = {
  messageVersion: '2.2.0',
  deviceChannel: '02',
  messageCategory: '01',
  challengeInds: ['01'],
  decReqInd: 'N',
}

/** A browser payment at the shop, as far as the risk engine reads it. */
export const purchase: AReqFacts = {
  acctNumber: '4111110000000021',
  purchaseAmount: '1480',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  acquirerMerchantID: 'HAKONE-0001',
  merchantName: 'Hakone Goods',
  merchantCountryCode: '392',
  mcc: '5999',
  email: 'hanako@cardholder.example',
  billAddrCountry: '392',
  addrMatch: 'Y',
  shipAddrLine1: '1-1 Yumoto',
  shipAddrCity: 'Hakone',
  shipAddrPostCode: '250-0311',
  shipAddrCountry: '392',
  browserIP: '192.0.2.10',
  browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
  browserLanguage: 'ja-JP',
  browserTZ: '-540',
  browserScreenWidth: '1440',
  browserScreenHeight: '900',
  browserColorDepth: '24',
  merchantRiskIndicator: { shipIndicator: '01', deliveryTimeframe: '04', reorderItemsInd: '01' },
}

export const keyOf = (kind: string, value: string): string => `${kind}:${value}`
export const accountKey = (pan: string): string => `account:${pan}`

export const everyday = {
  amountMinor: { mean: 2_200, spread: 700 },
  perWeek: 4,
  weeks: 12,
  hours: { from: 8, to: 22 },
  merchantKeys: [keyOf('merchant', merchantValue(purchase) ?? '')],
  countries: ['392'],
}

export type Asked = Scored & {
  readonly evidence: readonly Evidence[]
  readonly decision: Decision
  readonly facts: Facts
  readonly at: number
}

/** An issuer in memory: profiles go through their bytes, as they do in the store. */
export class World {
  readonly policy: Policy
  private readonly stored: Map<string, Uint8Array>
  constructor(policy: Policy = defaultPolicy, stored: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.policy = policy
    this.stored = new Map(stored)
  }
  /** The same issuer in a world of its own: what happens there does not happen here. */
  copy(): World {
    return new World(this.policy, this.stored)
  }
  seed(pan: string, at: number): this {
    this.save({ account: accountKey(pan) }, seedHabit(everyday, at, this.policy))
    return this
  }
  load(keys: Keys): Profiles {
    const profiles: { -readonly [K in EntityKind]?: Profiles[K] } = {}
    for (const kind of entityKinds) {
      const bytes = this.stored.get(`${kind}/${keys[kind]}`)
      if (bytes !== undefined) profiles[kind] = decodeProfile(bytes)
    }
    return profiles
  }
  save(keys: Keys, profiles: Profiles): void {
    for (const kind of entityKinds) {
      const profile = profiles[kind]
      if (profile !== undefined) this.stored.set(`${kind}/${keys[kind]}`, encodeProfile(profile))
    }
  }
  factsOf(areq: AReqFacts, at: number, method?: MethodData): Facts {
    const key = accountKey(areq.acctNumber ?? '')
    return factsOf(areq, { accountKey: key, keyOf, method, now: at, policy: this.policy })
  }
  /** One AReq as the ACS handles it: profiles, score, decision, profiles. */
  ask(areq: AReqFacts, at: number, method?: MethodData): Asked {
    const facts = this.factsOf(areq, at, method)
    const scored = score(this.load(facts.keys), facts, [], this.policy, at)
    const evidence = evidenceOf(scored, scored.features, facts, this.policy)
    const { acctNumber: _, ...own } = areq
    const decision = decide({
      ...scored,
      facts,
      areq: own,
      policy: this.policy,
      card: activeCard,
      asked: plainRequest,
      now: at,
    })
    this.save(facts.keys, scored.nextProfiles)
    if (decision.transStatus === 'Y') this.learn('frictionless', facts, at)
    return { ...scored, evidence, decision, facts, at }
  }
  learn(
    kind: Exclude<Outcome['kind'], 'fraud' | 'fraudWithdrawn'>,
    facts: LearnFacts,
    at: number,
    wasMachine = false,
  ): void {
    this.save(facts.keys, learn(this.load(facts.keys), { kind, facts, wasMachine }, at))
  }
  /** What an AReq would be answered, without having been asked. */
  answer(areq: AReqFacts, at: number, method?: MethodData): Asked {
    return this.copy().ask(areq, at, method)
  }
}

export const codesOf = (evidence: readonly Evidence[]): readonly string[] => evidence.map(({ code }) => code)
export const bandOfScore = (score: number): Band => bandOf(score, defaultPolicy.thresholds)
