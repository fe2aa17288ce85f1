// Assessments in the score and in the decision: parts that add up, limits, conflict, floors, silence.
import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Basis, decideAgain, unassessed } from '../../src/risk/again.ts'
import { doors, hookProblems, verdicts } from '../../src/risk/assessment.ts'
import { decide } from '../../src/risk/decide.ts'
import { explain } from '../../src/risk/explain.ts'
import { fused } from '../../src/risk/fusion.ts'
import { keepFeatures, readFeatures } from '../../src/risk/kept.ts'
import { conflictModes } from '../../src/risk/policy/assessments.ts'
import { loadPolicy, type Policy, PolicyError } from '../../src/risk/policy.ts'
import { evidenceOf, newScratch, weighInto } from '../../src/risk/score.ts'
import {
  counted,
  emptySource,
  type Opinion,
  opinionOf,
  type SourceRecord,
  type Unheard,
} from '../../src/risk/sources.ts'
import { activeCard, defaultPolicy, noon, plainRequest, policyText, purchase, World } from './support.ts'

type Section = Record<string, unknown>
const written = parse(policyText('default')) as Section & { assessments: Section }
const policyWith = (assessments: Section, base = written): Policy =>
  loadPolicy(stringify({ ...base, assessments: { ...base.assessments, ...assessments } }))
/** One with a scorecard and one without. */
const bases = fc.constantFrom(written, parse(policyText('rules-jp')) as typeof written)
const section = (policy: Policy) => policy.assessments ?? expect.fail('the policy does not listen')

const opinion = (
  verdict: Opinion['verdict'],
  { source = 'screening', own = emptySource, score }: { source?: string; own?: SourceRecord; score?: number } = {},
): Opinion => opinionOf({ source, verdict, score, reasons: ['R1'], issuedAt: '', about: {} }, 'ahead', own, emptySource)

/** The purchase of somebody known, or of somebody that nobody has seen. */
const basisOf = (
  policy: Policy,
  { opinions, unheard }: Pick<Basis, 'opinions' | 'unheard'> = {},
  change = {},
): Basis => {
  const world = new World(policy).seed('4111110000000021', noon)
  const areq = { ...purchase, ...change }
  const { facts, features } = world.ask(areq, noon)
  const { acctNumber: _, ...own } = areq
  return { facts, features, areq: own, card: activeCard, asked: plainRequest, now: noon, opinions, unheard }
}
const strange = {
  purchaseAmount: '98000',
  mcc: '6540',
  email: 'x9q8w7@mailinator.com',
  browserIP: '203.0.113.9',
  browserTZ: '300',
  browserLanguage: 'en-US',
}

const records: fc.Arbitrary<SourceRecord> = fc
  .array(
    fc.tuple(
      fc.constantFrom(...verdicts),
      fc.constantFrom('good' as const, 'fraud' as const),
      fc.nat({ max: 200 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    ),
    { maxLength: 8 },
  )
  .map((all) =>
    all.reduce((sum, [verdict, end, n, score]) => {
      let next = sum
      for (let i = 0; i < n; i++) next = counted(next, { verdict, score }, end)
      return next
    }, emptySource),
  )
const some: fc.Arbitrary<readonly Opinion[]> = fc.uniqueArray(
  fc
    .record({
      source: fc.constantFrom('screening', 'a', 'b', 'c.d', 'zz', 'e1', 'e2', 'e3', 'e4', 'e5'),
      verdict: fc.constantFrom(...verdicts),
      score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      own: records,
      average: records,
    })
    .map(({ source, verdict, score, own, average }) =>
      opinionOf({ source, verdict, score, reasons: [], issuedAt: '', about: {} }, 'asked', own, average),
    ),
  { selector: ({ source }) => source, maxLength: 8 },
)
const unheard: fc.Arbitrary<readonly Unheard[]> = fc.array(
  fc.record({
    door: fc.constantFrom(...doors),
    source: fc.constantFrom('screening', 'late', undefined),
    problem: fc.constantFrom(...hookProblems),
  }),
  { maxLength: 4 },
)
const settings = fc.record({
  mode: fc.constantFrom(...conflictModes),
  further: fc.double({ min: 0, max: 1, noNaN: true }),
  unnamed: fc.double({ min: 0, max: 1, noNaN: true }),
  most: fc.record({
    for: fc.double({ min: 0, max: 5, noNaN: true }),
    against: fc.double({ min: 0, max: 8, noNaN: true }),
  }),
  silence: fc.constantFrom({}, { any: 0.7 }, { timeout: 0.3, any: 1.1 }, { badSignature: 2 }),
})
const who = fc.constantFrom({}, strange)

describe('whatever is heard', () => {
  property.prop([settings, some, unheard, who, bases], { numRuns: 60 })(
    'parts add up to the score exactly, in any order of the sources',
    (change, opinions, missing, areq, base) => {
      const policy = policyWith(change, base)
      const basis = basisOf(policy, { opinions, unheard: missing }, areq)
      const { features, facts } = basis
      const scratch = newScratch(policy, facts, features)
      const score = weighInto(scratch, features, facts, policy, opinions, missing)
      const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0)
      const spoken = Array.from(scratch.weights).filter((weight) => !Number.isNaN(weight))
      expect(policy.base + sum(spoken)).toBe(score)
      expect(sum(spoken.toReversed()) + policy.base).toBe(score)
      const evidence = evidenceOf(scratch, features, facts, policy, opinions)
      expect(policy.base + sum(evidence.map(({ weight }) => weight))).toBe(score)
      expect(evidence).toHaveLength(spoken.length)
      const turned = newScratch(policy, facts, features)
      expect(weighInto(turned, features, facts, policy, opinions.toReversed(), missing.toReversed())).toBe(score)
      for (const lang of ['en', 'ja'] as const)
        for (const { sentence } of explain(evidence, lang, policy).items) expect(sentence).not.toMatch(/[{}?]|^assess/)
    },
  )

  property.prop([settings, some, unheard, who], { numRuns: 40 })(
    'what was kept as JSON is decided again as it was',
    (change, opinions, missing, areq) => {
      const policy = policyWith(change)
      const basis = basisOf(policy, { opinions, unheard: missing }, areq)
      const kept = JSON.parse(JSON.stringify({ ...basis, features: keepFeatures(basis.features) })) as Basis
      const features = readFeatures(kept.features as unknown as (number | null)[])
      const [then, again] = [decideAgain(basis, policy), decideAgain({ ...kept, features }, policy)]
      expect(again.score).toBe(then.score)
      expect(again.decision).toEqual(then.decision)
    },
  )

  property.prop([settings, some], { numRuns: 60 })('limits are kept', (change, opinions) => {
    const { weights } = fused(section(policyWith(change)), 0, opinions, [])
    const against = weights.filter((weight) => weight > 0).reduce((sum, weight) => sum + weight, 0)
    const spoken = weights.filter((weight) => weight < 0).reduce((sum, weight) => sum - weight, 0)
    expect(against).toBeLessThanOrEqual(change.most.against)
    expect(spoken).toBeLessThanOrEqual(change.most.for)
  })

  property.prop([settings, some, unheard], { numRuns: 60 })(
    'who was not heard never speaks for the holder',
    (change, opinions, missing) => {
      const { silence } = fused(section(policyWith(change)), 0, opinions, missing)
      expect(silence?.weight ?? 0).toBeGreaterThanOrEqual(0)
    },
  )

  property.prop([some, who, fc.constantFrom('OK' as const, 'REVIEW' as const, 'HOLD' as const)], { numRuns: 60 })(
    'an NG in the place of a milder word never lowers the score, where the sum counts',
    (opinions, areq, verdict) => {
      const policy = policyWith({ mode: 'calibrated' })
      const others = opinions.filter(({ source }) => source !== 'screening').slice(0, 7)
      const scoreOf = (one: Opinion): number =>
        decideAgain(basisOf(policy, { opinions: [...others, one] }, areq), policy).score
      expect(scoreOf(opinion('NG'))).toBeGreaterThanOrEqual(scoreOf(opinion(verdict)) - 1e-6)
    },
  )

  property.prop([some, unheard, who], { numRuns: 30 })(
    'a policy without the section does not hear it',
    (opinions, missing, areq) => {
      const { assessments: _, ...rest } = written
      const deaf = loadPolicy(stringify(rest))
      const basis = basisOf(deaf, { opinions, unheard: missing }, areq)
      const { score, decision } = decideAgain(basis, deaf)
      expect(score).toBe(decideAgain({ ...basis, opinions: [], unheard: [] }, deaf).score)
      expect(decision.because.join()).not.toMatch(/assessment|conflict/)
    },
  )
})

const sharp: SourceRecord = {
  ...emptySource,
  verdicts: {
    OK: { good: 9500, fraud: 100 },
    REVIEW: { good: 300, fraud: 50 },
    HOLD: { good: 100, fraud: 50 },
    NG: { good: 100, fraud: 800 },
  },
}

describe('what several sources say', () => {
  test('is not added up as if they had seen different things', () => {
    const policy = policyWith({ sources: { a: {}, b: {} }, most: { for: 9, against: 9 } })
    const [one = 0] = fused(section(policy), 0, [opinion('REVIEW', { source: 'a' })], []).weights
    const both = [opinion('REVIEW', { source: 'a' }), opinion('REVIEW', { source: 'b' })]
    expect(fused(section(policy), 0, both, []).weights).toEqual([one, expect.closeTo(one / 2, 8)])
  })

  test('weighs little from somebody that the policy does not name', () => {
    const [named = 0] = fused(section(defaultPolicy), 0, [opinion('NG')], []).weights
    const [unnamed = 0] = fused(section(defaultPolicy), 0, [opinion('NG', { source: 'who' })], []).weights
    expect(unnamed).toBeCloseTo(named / 4, 8)
  })

  test('weighs at most what the policy says of the source', () => {
    const policy = policyWith({ sources: { screening: { trust: 1, most: { for: 0.2, against: 0.5 } } } })
    expect(fused(section(policy), 0, [opinion('NG')], []).weights).toEqual([0.5])
    const [ok = 0] = fused(section(policy), 0, [opinion('OK', { own: sharp })], []).weights
    expect(ok).toBeCloseTo(-0.2, 8)
  })

  test('of a source without trust nothing is made', () => {
    const policy = policyWith({ sources: { screening: { trust: 0 } } })
    const { score, decision } = decideAgain(basisOf(policy, { opinions: [opinion('NG')] }), policy)
    expect(score).toBe(decideAgain(basisOf(policy), policy).score)
    expect(decision.transStatus).toBe('Y')
  })
})

describe('a conflict', () => {
  const against = { opinions: [opinion('OK', { own: sharp })] }
  const from = (mode: string) => ({ mode, conflictFrom: 1.5, most: { for: 3, against: 4 } })
  const judged = (mode: string, opinions = against.opinions, areq: object = strange) => {
    const policy = policyWith(from(mode))
    const basis = basisOf(policy, { opinions }, areq)
    const own = decideAgain(unassessed(basis), policy).score - policy.base
    const again = decideAgain(basis, policy)
    const [theirs = 0] = fused(section(policy), own, opinions, []).weights
    return { ...again, own, theirs, base: policy.base }
  }

  test('needs both to be sure: then it is a reason of its own', () => {
    const { own, theirs, reasons } = judged('calibrated')
    expect(own).toBeGreaterThan(1.5)
    expect(theirs).toBeLessThan(-1.5)
    expect(reasons).toContain('assessment-conflict.calibrated')
    expect(judged('calibrated', [opinion('OK')]).reasons.join()).not.toContain('conflict')
  })

  test('is settled as the policy says', () => {
    const { own, theirs, base } = judged('calibrated')
    expect(judged('calibrated').score).toBeCloseTo(base + own + theirs, 12)
    expect(judged('ours').score).toBeCloseTo(base + own, 12)
    expect(judged('theirs').score).toBeCloseTo(base + theirs, 12)
    expect(judged('cautious').score).toBeCloseTo(base + own, 12)
  })

  test('is asked about where caution is wanted, also where all of it is far below', () => {
    const calm = fused(section(policyWith(from('cautious'))), -1.6, [opinion('NG', { own: sharp })], [])
    expect(calm.conflict).toMatchObject({ own: -1.6, weight: 1.6, reason: 'assessment-conflict.cautious' })
    const policy = policyWith({ ...from('cautious'), floors: {} })
    const { features, facts, ...rest } = basisOf(policy)
    const decided = (reason: string) =>
      decide({ ...rest, features, facts, policy, score: -9, reasons: [reason], opinions: [opinion('OK')] })
    expect(decided('assessment-conflict.cautious')).toMatchObject({ transStatus: 'C' })
    expect(decided('assessment-conflict.cautious').because).toContain('conflict:cautious')
    expect(decided('assessment-conflict.calibrated')).toMatchObject({ transStatus: 'Y' })
  })
})

describe('floors and caps', () => {
  const decided = (policy: Policy, opinions: readonly Opinion[], change: object = {}) =>
    decideAgain(basisOf(policy, { opinions }, change), policy).decision

  test('an NG is at least a challenge, whatever the score', () => {
    expect(decided(defaultPolicy, []).transStatus).toBe('Y')
    for (const source of ['screening', 'somebody'])
      expect(decided(defaultPolicy, [opinion('NG', { source })])).toMatchObject({ transStatus: 'C' })
    const because = decided(defaultPolicy, [opinion('NG')]).because
    expect(because).toContain('assessment-floor:screening')
  })

  test('also for who is on the allow list, unless a rule has ended the matter', () => {
    const rules = (outcome: object) => [{ id: 'known', when: { of: 'amount', ge: 1 }, outcome }]
    const withRules = (outcome: object) => loadPolicy(stringify({ ...written, rules: rules(outcome) }))
    expect(decided(withRules({ atMost: 'frictionless' }), [opinion('NG')]).transStatus).toBe('C')
    expect(decided(withRules({ answer: 'Y' }), [opinion('NG')]).transStatus).toBe('Y')
  })

  test('no longer, where feedback has shown that the source says it of everybody', () => {
    const own = { ...emptySource, verdicts: { ...emptySource.verdicts, NG: { good: 400, fraud: 4 } } }
    expect(decided(defaultPolicy, [opinion('NG', { own })]).transStatus).toBe('Y')
    expect(decided(policyWith({ floorsFrom: 0 }), [opinion('NG', { own })]).transStatus).toBe('C')
  })

  test('a cap is the word of a source that is trusted, and loses against rules and floors', () => {
    const policy = policyWith({ caps: { OK: 'frictionless' }, sources: { screening: {}, b: {} } })
    const strangers = decided(policy, [], strange)
    expect(strangers.transStatus).not.toBe('Y')
    expect(decided(policy, [opinion('OK')], strange)).toMatchObject({ transStatus: 'Y' })
    expect(decided(policy, [opinion('OK', { source: 'somebody' })], strange).transStatus).not.toBe('Y')
    expect(decided(policy, [opinion('OK'), opinion('NG', { source: 'b' })], strange).transStatus).not.toBe('Y')
  })
})

describe('silence', () => {
  const missing: readonly Unheard[] = [{ door: 'asked', source: 'screening', problem: 'timeout' }]

  test('is no evidence', () => {
    const [with_, without] = [basisOf(defaultPolicy, { unheard: missing }), basisOf(defaultPolicy)]
    expect(decideAgain(with_, defaultPolicy).score).toBe(decideAgain(without, defaultPolicy).score)
  })

  test('unless the policy says so: by its reason, or any; several count once', () => {
    const policy = policyWith({ silence: { any: 0.5, timeout: 1 } })
    const weightOf = (unheard: readonly Unheard[], opinions: readonly Opinion[] = []) =>
      fused(section(policy), 0, opinions, unheard).silence
    expect(weightOf(missing)).toEqual({ weight: 1, reason: 'assessment-silence.timeout' })
    expect(weightOf([{ door: 'ahead', problem: 'badSignature' }])?.weight).toBe(0.5)
    expect(weightOf([...missing, { door: 'ahead', problem: 'badSignature' }])?.weight).toBe(1)
    expect(weightOf(missing, [opinion('OK')])).toBeUndefined()
  })
})

describe('a policy is refused', () => {
  test.each([
    ['assessments.mode', { mode: 'brave' }],
    ['assessments.average.evidence.NG', { average: { evidence: { OK: 0, REVIEW: 0, HOLD: 0 } } }],
    ['assessments.sources.screening.trust', { sources: { screening: { trust: 2 } } }],
    ['assessments.silence.timeout', { silence: { timeout: -1 } }],
    ['assessments.silence.tired', { silence: { tired: 1 } }],
    ['assessments.floors.NG', { floors: { NG: 'frictionless' } }],
    ['assessments.colour', { colour: 'red' }],
  ])('%s', (path, change) => {
    try {
      policyWith(change)
      expect.fail('it was read')
    } catch (error) {
      expect(error).toBeInstanceOf(PolicyError)
      expect((error as PolicyError).problems.map((one) => one.path)).toContain(path)
    }
  })
})
