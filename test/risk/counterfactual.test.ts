// What would have changed the outcome: every way that is named leads there, and no shorter one was passed over.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Basis, decideAgain } from '../../src/risk/again.ts'
import { amountPatch } from '../../src/risk/changes/amount.ts'
import { controllers, type Difference, patched } from '../../src/risk/changes/change.ts'
import { changes } from '../../src/risk/changes.ts'
import { type Counterfactual, clausesOf, counterfactuals, sentencesOf } from '../../src/risk/counterfactual.ts'
import type { AReqFacts, Facts } from '../../src/risk/facts.ts'
import { at, isFeature } from '../../src/risk/features.ts'
import { loadPolicy, type Policy } from '../../src/risk/policy.ts'
import { presenceAt, readPaths } from '../../src/risk/presence.ts'
import { emptySource, opinionOf } from '../../src/risk/sources.ts'
import { activeCard, defaultPolicy, noon, plainRequest, policyText, purchase, World } from './support.ts'

const world = new World().seed(purchase.acctNumber ?? '', noon)
const whole = { ...purchase, deviceChannel: '02', messageVersion: '2.2.0', messageCategory: '01' } satisfies AReqFacts

function basisOf(areq: AReqFacts, change: Partial<Basis> = {}): Basis {
  const { facts, features } = world.answer(areq, noon)
  const { acctNumber: _pan, ...own } = areq
  return { facts, features, asked: plainRequest, areq: own, card: activeCard, now: noon, ...change }
}

const statusOf = (basis: Basis, policy: Policy): string => decideAgain(basis, policy).decision.transStatus
const idsOf = ({ changes }: Counterfactual): readonly string[] => changes.map(({ change }) => change.id)

/** Only what is said of a way, put in by hand. */
function retold(basis: Basis, all: readonly Difference[]): Basis {
  const features = Float64Array.from(basis.features)
  const facts: Record<string, unknown> = { ...basis.facts }
  const asked: Record<string, unknown> = { ...basis.asked }
  const card: Record<string, unknown> = { ...basis.card }
  const rest: Record<string, unknown> = {}
  for (const { name, to } of all) {
    const [root = '', member = ''] = name.split('.')
    if (root === 'feature' && isFeature(member)) features[at[member]] = to === null ? Number.NaN : Number(to)
    else if (root === 'facts') facts[member] = to ?? undefined
    else if (root === 'asked') asked[member] = to ?? undefined
    else if (root === 'card') card[member] = to ?? undefined
    else rest[root] = to
  }
  return { ...basis, features, facts, asked, card, ...rest } as unknown as Basis
}

test('an assessment that was heard might have been another', () => {
  const opinions = [
    opinionOf(
      { source: 'screening', verdict: 'NG', reasons: [], issuedAt: '', about: {} },
      'ahead',
      emptySource,
      emptySource,
    ),
  ]
  const held = basisOf({ ...whole, purchaseAmount: '1480' }, { opinions })
  expect(statusOf(held, defaultPolicy)).toBe('C')
  const { smallest } = counterfactuals(held, defaultPolicy)
  expect(smallest && idsOf(smallest)).toEqual(['assessments-ok'])
  expect(smallest && sentencesOf(smallest, defaultPolicy)).toEqual({
    en: 'It would have been approved without a challenge (Y) if the screening of the shop had said OK.',
    ja: '加盟店側の審査の判定がOKであれば、チャレンジなしで承認されていました（Y）。',
  })
  const { smallest: stricter } = counterfactuals(
    basisOf({ ...whole, purchaseAmount: '1480' }, { opinions: opinions.map((one) => ({ ...one, verdict: 'OK' })) }),
    defaultPolicy,
    { controllable: 'merchant' },
  )
  expect(stricter && idsOf(stricter)).toContain('assessments-ng')
  const unheard = counterfactuals(basisOf({ ...whole, purchaseAmount: '1480' }), defaultPolicy)
  for (const way of unheard.others) expect(idsOf(way).join()).not.toContain('assessments-')
})

describe('the sentence', () => {
  const expensive = basisOf({ ...whole, purchaseAmount: '48000', browserUserAgent: 'never seen' })

  test('tells of a challenged purchase by how much less it would have passed, in both languages', () => {
    const { base, smallest } = counterfactuals(expensive, defaultPolicy)
    expect(base.decision.transStatus).toBe('C')
    expect(smallest).toMatchObject({ decision: { transStatus: 'Y' }, isSmallest: true })
    const amount = Number(smallest?.changes[0]?.params.amount)
    const yen = amount.toLocaleString('en')
    expect(smallest && sentencesOf(smallest, defaultPolicy)).toEqual({
      en: `It would have been approved without a challenge (Y) if the amount had been ¥${yen}.`,
      ja: `金額が ￥${yen} であれば、チャレンジなしで承認されていました（Y）。`,
    })
    // One yen more would have been challenged.
    expect(statusOf(patched(expensive, amountPatch(expensive, amount)), defaultPolicy)).toBe('Y')
    expect(statusOf(patched(expensive, amountPatch(expensive, amount + 1)), defaultPolicy)).toBe('C')
  })

  test('names two changes where no single one is enough, and neither of them is', () => {
    const basis = basisOf({
      ...whole,
      purchaseAmount: '2000000',
      browserUserAgent: 'never seen',
      mcc: '6540',
      email: 'x@mailinator.com',
      browserIP: '203.0.113.7',
      merchantCountryCode: '840',
    })
    const { base, others } = counterfactuals(basis, defaultPolicy)
    expect(base.decision.transStatus).toBe('R')
    const way = others.find(({ decision }) => decision.transStatus === 'Y')
    expect(way?.changes.length).toBeGreaterThan(1)
    for (const { change, params } of way?.changes ?? []) {
      const [made] = change.patches(basis, defaultPolicy).filter((one) => textOf(one.params) === textOf(params))
      if (made !== undefined) expect(statusOf(patched(basis, made.patch), defaultPolicy)).not.toBe('Y')
    }
  })

  test('of what the shop can change names only what the shop tells or wishes', () => {
    const mandated = basisOf(whole, { asked: { ...plainRequest, challengeInds: ['04'] } })
    const { base, smallest, others } = counterfactuals(mandated, defaultPolicy, { controllable: 'merchant' })
    expect([base.decision.transStatus, smallest?.decision.transStatus]).toEqual(['C', 'Y'])
    expect(smallest && idsOf(smallest)).toEqual(['wish-01'])
    for (const way of others) for (const { change } of way.changes) expect(change.by).toBe('merchant')
    expect(counterfactuals(expensive, defaultPolicy, { controllable: 'merchant' }).others.map(idsOf)).not.toContain(
      'amount-less',
    )
  })

  test('of a listed card is that it had not been listed', () => {
    const listed = { allow: [], deny: [{ kind: 'card', reason: 'reported' }] } as const
    const { base, smallest } = counterfactuals(basisOf(whole, { listed }), defaultPolicy)
    expect([base.decision.transStatus, smallest && idsOf(smallest)]).toEqual(['R', ['not-listed']])
  })

  test('is none where a policy always answers the same', () => {
    const always = loadPolicy(policyText('always-challenge'))
    const { base, smallest } = counterfactuals(basisOf(whole), always, { controllable: 'cardholder' })
    expect(base.decision.transStatus).toBe('C')
    expect(smallest).toBeUndefined()
  })
})

describe('two changes', () => {
  const two = loadPolicy(`${policyText('always-challenge')}
rules:
  - id: small-groceries
    when: { all: [{ of: amount, le: 1234 }, { of: areq.mcc, eq: '5411' }] }
    outcome: { answer: Y }
`)
  test('are found where one of them alone makes no difference to anything', () => {
    const { smallest } = counterfactuals(basisOf({ ...whole, purchaseAmount: '48000' }), two, {
      controllable: 'cardholder',
    })
    expect(smallest && [smallest.decision.transStatus, [...idsOf(smallest)].sort(), smallest.isSmallest]).toEqual([
      'Y',
      ['amount-less', 'goods-everyday'],
      true,
    ])
    expect(smallest?.after.facts.amount).toBe(1_234)
  })
})

test('of a policy of thousands of rules is found in bounded time, and then it may not be the smallest', () => {
  const rules = Array.from(
    { length: 4_000 },
    (_, i) => `  - { id: r${i}, when: { of: score, gt: ${i + 2_000} }, outcome: { atLeast: challenge } }`,
  )
  const many = loadPolicy(`${policyText('always-challenge')}
rules:
${rules.join('\n')}
  - id: small-groceries
    when: { all: [{ of: amount, le: 1000 }, { of: areq.mcc, eq: '5411' }] }
    outcome: { answer: Y }
`)
  const { tried, others } = counterfactuals(basisOf({ ...whole, purchaseAmount: '48000' }), many)
  expect(tried).toBe(100)
  expect(others.filter(({ isSmallest, changes: all }) => isSmallest && all.length > 1)).toEqual([])
})

describe('what the shop can tell', () => {
  const told = (basis: Basis, id: string) =>
    changes.find((change) => change.id === id)?.patches(basis, defaultPolicy)[0]?.patch
  const { email: _mail, browserIP: _ip, ...silent } = whole
  test('does not make the card know a mail box or a network that it never had', () => {
    const stranger = basisOf({ ...silent, acctNumber: '4111110000000999' })
    expect(told(stranger, 'mail-told')?.features).toMatchObject({ email_is_first: 1, email_known_days: 0 })
    expect(told(stranger, 'address-told')?.features).toMatchObject({ network_is_first: 1, network_known_days: 0 })
    world.ask(whole, noon)
    expect(told(basisOf(silent), 'mail-told')?.features).toMatchObject({ email_is_first: 0 })
    expect(told(basisOf(silent), 'address-told')?.features).toMatchObject({ network_is_first: 0 })
  })
  test('does not make the card know a device by an id that it never had', () => {
    const basis = basisOf({ ...whole, threeDSCompInd: 'N' })
    expect(basis.facts.device).toBe('browser')
    expect(told(basis, 'method-completed')?.features).toMatchObject({ device_is_first: 1, device_is_trusted: 0 })
    const features = basis.features.with(at.likenesses_known, 1)
    expect(told({ ...basis, features }, 'method-completed')).not.toHaveProperty('features')
  })
  test('is of an earlier challenge only where there was one', () => {
    const asked = { ...plainRequest, deviceChannel: '03', threeRIInd: '01' }
    const never = basisOf({ ...whole, deviceChannel: '03' }, { asked, prior: 'none' })
    expect(told(never, 'prior-authenticated')).not.toHaveProperty('prior')
    const features = never.features.with(at.challenges_passed, 1)
    expect(told({ ...never, features }, 'prior-authenticated')).toMatchObject({ prior: 'good' })
  })
})

const textOf = (value: unknown): string => JSON.stringify(value ?? {})
const some = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
const areq: fc.Arbitrary<AReqFacts> = fc
  .record({
    messageVersion: fc.constantFrom('2.1.0', '2.2.0', '2.3.1'),
    purchaseAmount: some(fc.integer({ min: 0, max: 5_000_000 }).map(String)),
    merchantCountryCode: some(fc.constantFrom('392', '840', '826')),
    mcc: some(fc.constantFrom('5999', '6051', '7995', '5732')),
    email: some(fc.constantFrom('hanako@cardholder.example', 'x@mailinator.com', 'y@gmial.com')),
    browserIP: some(fc.constantFrom('192.0.2.10', '198.51.100.7', '10.0.0.1')),
    browserLanguage: some(fc.constantFrom('ja-JP', 'en-US')),
    browserUserAgent: fc.constantFrom('one', 'Mozilla/5.0 (X11; Linux x86_64)'),
    threeDSCompInd: fc.constantFrom('Y', 'N', 'U'),
    merchantRiskIndicator: some(
      fc.record({ shipIndicator: fc.constantFrom('01', '03', '05'), giftCardCount: fc.constantFrom('00', '05') }),
    ),
  })
  .map((change) => ({ ...whole, ...change }))
const request = fc.record({
  challengeInds: fc.constantFrom(['01'], ['02'], ['03'], ['04'], ['06']),
  decReqInd: fc.constantFrom('Y' as const, 'N' as const),
})
const policies = [defaultPolicy, loadPolicy(policyText('rules-eu')), loadPolicy(policyText('amount-only'))]
const policyIn = fc.constantFrom(...policies)

property.prop([areq, request, policyIn, some(fc.constantFrom(...controllers))], { numRuns: 25 })(
  'every way that is named leads to the outcome that is named, by the values that are told alone',
  (message, asked, policy, controllable) => {
    const version = message.messageVersion as '2.2.0'
    const basis = basisOf(message, { asked: { ...plainRequest, messageVersion: version, ...asked } })
    const { base, smallest, others } = counterfactuals(basis, policy, { controllable })
    expect(base.decision).toEqual(decideAgain(basis, policy).decision)
    if (others.length > 0) expect(others).toContain(smallest)
    for (const way of others) {
      const { transStatus } = way.decision
      expect(transStatus).not.toBe(base.decision.transStatus)
      expect(decideAgain(way.after, policy)).toMatchObject({ score: way.score, decision: way.decision })
      // The rules of these policies ask for nothing of the AReq that is not in the facts.
      expect(statusOf(retold(basis, way.differences), policy)).toBe(transStatus)
      for (const { change, params } of way.changes) {
        if (controllable !== undefined) expect(change.by).toBe(controllable)
        const { en, ja } = clausesOf({ change, params }, policy)
        expect(en + ja).not.toMatch(/[{}?]/)
      }
    }
  },
)

property.prop([areq], { numRuns: 15 })(
  'a way of several changes is named only where no single one leads there',
  (message) => {
    const basis = basisOf(message)
    const { others } = counterfactuals(basis, defaultPolicy)
    const isAsked = (path: string): boolean => presenceAt(basis.facts.presence, path) !== 'notAsked'
    const reached = new Set(
      changes.flatMap((change) =>
        change
          .patches(basis, defaultPolicy)
          .filter(({ patch }) => Object.keys(patch.elements ?? {}).every(isAsked))
          .map(({ patch }) => statusOf(patched(basis, patch), defaultPolicy)),
      ),
    )
    for (const { changes: named, decision } of others)
      expect(reached.has(decision.transStatus)).toBe(named.length === 1)
  },
)

test('every change has a clause in both languages, reads elements that there are, and is named once', () => {
  expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length)
  for (const { words, paths } of changes) {
    expect(words.en).toMatch(/^[a-z0-9]/)
    expect(words.en).not.toMatch(/\.$/)
    expect(words.ja).toMatch(/(れば|なければ)$/)
    for (const path of paths)
      expect([...readPaths, 'acctNumber', 'cardExpiryDate', 'threeDSRequestorDecReqInd', 'signals']).toContain(path)
  }
})

test('an element that is told in the place of silence is present, also a member of a group', () => {
  const { presence: _none, ...facts } = basisOf(whole).facts
  const basis: Basis = { ...basisOf(whole), facts: { ...facts, presence: 'a'.repeat(readPaths.length) } as Facts }
  const after = patched(basis, {
    elements: { email: 'name@mail.example', 'threeDSRequestorAuthenticationInfo.threeDSReqAuthMethod': '06' },
  })
  expect(after.facts.presence[readPaths.indexOf('email')]).toBe('p')
  expect(after.facts.presence[readPaths.indexOf('threeDSRequestorAuthenticationInfo')]).toBe('p')
  expect(after.areq?.threeDSRequestorAuthenticationInfo).toEqual({ threeDSReqAuthMethod: '06' })
  expect(after.areq?.purchaseAmount).toBe(whole.purchaseAmount)
})
