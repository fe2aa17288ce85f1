import { describe, expect, test } from 'vitest'
import { sensitiveElements } from '../../../src/protocol/tables/sensitive.ts'
import type { DecideInput } from '../../../src/risk/decide.ts'
import type { Facts } from '../../../src/risk/facts.ts'
import { newFeatures, positionOf } from '../../../src/risk/features.ts'
import { type ConditionSource, operatorsOf, readCondition } from '../../../src/risk/policy/conditions.ts'
import { operandNames, operandOf } from '../../../src/risk/policy/operands.ts'
import { emptySource, type Opinion, opinionOf } from '../../../src/risk/sources.ts'
import { activeCard, defaultPolicy, noon, plainRequest, purchase, World } from '../support.ts'

const reasons = new Set(['first-device.first', 'night.unlikeHabit'])
const problems: string[] = []
const read = (source: unknown) => {
  problems.length = 0
  return readCondition(source, { reasons }, (path, problem) => {
    problems.push(`${path.join('.')}: ${problem}`)
    return undefined
  })
}

const features = newFeatures()
features.fill(Number.NaN)
features[positionOf('n_1h_account')] = 12
const { acctNumber: _, ...areq } = purchase
const facts = new World().factsOf({ ...purchase, deviceChannel: '02' }, noon)
const given: DecideInput = {
  score: -0.5,
  reasons: [undefined, 'first-device.first'],
  features,
  policy: defaultPolicy,
  asked: { ...plainRequest, challengeInds: ['03'] },
  card: activeCard,
  facts,
  areq: {
    ...areq,
    threeDSRequestorAuthenticationInfo: [{ threeDSReqAuthMethod: '02' }, { threeDSReqAuthMethod: '04' }],
  },
  listed: { allow: [], deny: [{ kind: 'ip', reason: 'attack of November' }] },
}
const holds = (source: ConditionSource, changed: Partial<DecideInput> = {}): boolean => {
  const condition = read(source)
  expect(problems).toEqual([])
  return condition?.holds({ ...given, ...changed }) === true
}

describe('a condition holds of', () => {
  test.each<readonly [string, ConditionSource]>([
    ['an element', { of: 'areq.mcc', eq: '5999' }],
    ['an element inside another', { of: 'areq.merchantRiskIndicator.shipIndicator', in: ['01', '02'] }],
    ['one of several elements', { of: 'areq.threeDSRequestorAuthenticationInfo.threeDSReqAuthMethod', eq: '04' }],
    ['digits as a number', { of: 'areq.purchaseAmount', ge: 1_480, lt: 1_481 }],
    ['an element with members', { of: 'areq.merchantRiskIndicator', exists: true }],
    ['one that was not sent', { of: 'areq.acctInfo', absent: true }],
    ['one inside of one that was not sent', { of: 'areq.acctInfo.chAccAgeInd', absent: true }],
    ['the beginning of a text', { of: 'areq.browserUserAgent', startsWith: 'Mozilla/5.0' }],
    ['a pattern', { of: 'areq.browserUserAgent', matches: '(?i)linux.*64' }],
    ['a fact', { of: 'facts.mcc', ne: '5732' }],
    ['a fact of two', { of: 'facts.reordered', eq: false }],
    ['a fact inside another', { of: 'facts.mail.isDeliverable', exists: true }],
    ['a fact that is a list', { of: 'facts.challengeInds', in: ['01'] }],
    ['a feature', { of: 'feature.n_1h_account', between: [12, 12] }],
    ['a feature that cannot be known', { of: 'feature.amount_z', absent: true }],
    ['the score', { of: 'score', gt: -1, le: -0.5 }],
    ['the amount in major units', { of: 'amount', eq: 1_480 }],
    ['the amount in euros', { of: 'amountEUR', between: [9.24, 9.26] }],
    ['the band of the regulation', { of: 'traBand', eq: '100' }],
    ['the channel', { of: 'channel', eq: 'browser' }],
    ['the category', { of: 'category', notIn: ['non-payment'] }],
    ['the version', { of: 'version', eq: '2.2.0' }],
    ['the wish', { of: 'wish', in: ['03', '04'] }],
    ['a reason', { reason: 'first-device.first' }],
    ['a list', { listed: 'deny' }],
    ['a kind of a list', { listed: 'deny', kind: 'ip' }],
    ['all', { all: [{ of: 'areq.mcc', exists: true }, { not: { reason: 'night.unlikeHabit' } }] }],
    ['any', { any: [{ listed: 'allow' }, { of: 'score', lt: 0 }] }],
    ['nothing of a group', { not: { any: [{ listed: 'allow' }, { listed: 'deny', kind: 'card' }] } }],
  ])('%s', (_, source) => {
    expect(holds(source)).toBe(true)
    expect(holds({ not: source })).toBe(false)
  })
})

test.each(operatorsOf.text.filter((operator) => operator !== 'absent'))(
  'what was not told does not fulfil %s',
  (operator) => {
    const wanted = {
      in: ['x'],
      notIn: ['x'],
      between: [0, 9],
      exists: true,
      eq: 'x',
      ne: 'x',
      matches: '.*',
      startsWith: 'x',
    }
    const value = operator in wanted ? wanted[operator as keyof typeof wanted] : 5
    expect(holds({ of: 'areq.cardholderName', [operator]: value } as ConditionSource)).toBe(false)
    if (['ne', 'notIn', 'ge', 'between'].includes(operator)) {
      const numbers: Readonly<Record<string, unknown>> = { ne: 1, notIn: [1], ge: 0, between: [-9, 9] }
      expect(holds({ of: 'feature.amount_z', [operator]: numbers[operator] } as ConditionSource)).toBe(false)
    }
  },
)

test('without facts, elements and lists nothing is told', () => {
  const bare = { facts: undefined, areq: undefined, listed: undefined }
  for (const of of ['facts.mcc', 'areq.mcc', 'amount', 'amountEUR'])
    expect(holds({ of, absent: true }, bare)).toBe(true)
  expect(holds({ listed: 'deny' }, bare)).toBe(false)
  expect(holds({ of: 'traBand', eq: 'none' }, bare)).toBe(true)
})

test('what an AReq brings along by its own names is not taken for an element', () => {
  expect(
    holds(
      { of: 'areq.mcc', absent: true },
      { areq: Object.create({ mcc: '5999' }) as object as Record<string, unknown> },
    ),
  ).toBe(true)
})

describe('a mistake is told with its path and what would be right', () => {
  test.each<readonly [unknown, RegExp]>([
    [
      { of: 'feature.n_1h_acount', ge: 3 },
      /^of: no such value: feature\.n_1h_acount \(did you mean feature\.n_1h_account\?\)$/,
    ],
    [
      { of: 'areq.merchantRiskIndicator.shipIndicater', eq: '01' },
      /did you mean areq\.merchantRiskIndicator\.shipIndicator\?/,
    ],
    [{ of: 'facts.mcd', eq: '01' }, /did you mean facts\.mcc\?/],
    [{ of: 'areq.acctNumber', startsWith: '4' }, /^of: the card number is asked about by a list/],
    [{ of: 'areq.cardExpiryDate', eq: '2612' }, /^of: cardExpiryDate is kept from everybody$/],
    [{ of: 'areq.mcc', eq: 5999 }, /^eq: a text in quotes, as it is in the message: '05', not 5$/],
    [{ of: 'areq.mcc', equals: '5999' }, /^equals: no such operator.*; one of eq, ne/],
    [{ of: 'areq.mcc', start: '5999' }, /^start: no such operator/],
    [{ of: 'areq.mcc' }, /^: what of it\?/],
    [{ of: 'areq.merchantRiskIndicator', eq: 'x' }, /^eq: .* members of its own: one of exists, absent$/],
    [{ of: 'feature.amount_z', matches: 'x' }, /^matches: feature\.amount_z is a number: one of eq/],
    [{ of: 'feature.amount_z', ge: '3' }, /^ge: a number$/],
    [{ of: 'feature.amount_z', between: [3, 1] }, /^between: two numbers/],
    [{ of: 'facts.reordered', eq: 'true' }, /^eq: true or false, without quotes$/],
    [{ of: 'areq.mcc', in: [] }, /^in: a list of values/],
    [{ of: 'areq.mcc', exists: false }, /^exists: write exists: true$/],
    [{ of: 'areq.mcc', matches: '(a' }, /^matches: a bracket that is not closed at character 3$/],
    [{ of: 'channel', eq: 'web' }, /^eq: no such value: web; one of app, browser, 3ri$/],
    [{ of: 'wish', in: ['01', '15'] }, /^in: no such value: 15/],
    [
      { reason: 'first-device.frist' },
      /^reason: no such reason: first-device\.frist \(did you mean first-device\.first\?\)$/,
    ],
    [{ listed: 'block' }, /^listed: allow or deny$/],
    [{ listed: 'deny', kind: 'emial' }, /^kind: one of ip, .* \(did you mean email\?\)$/],
    [{ all: [] }, /^all: a list of conditions$/],
    [{ any: [{ listed: 'deny' }, { not: { of: 'score', ge: 'x' } }] }, /^any\.1\.not\.ge: a number$/],
    [{ all: [{ listed: 'deny' }], any: [{ listed: 'deny' }] }, /^any: not beside all/],
    [{}, /^: a condition is one of/],
    ['areq.mcc', /^: a condition is one of/],
    [{ when: 1 }, /^when: a condition is one of/],
  ])('%j', (source, message) => {
    expect(read(source)).toBeUndefined()
    expect(problems[0]).toMatch(message)
  })

  test('all mistakes of a group at once', () => {
    read({ all: [{ of: 'score', ge: 'x' }, { reason: 'x' }] })
    expect(problems.length).toBe(2)
  })

  test('groups inside each other without end', () => {
    let source: unknown = { listed: 'deny' }
    for (let i = 0; i < 5_000; i++) source = { not: source }
    expect(read(source)).toBeUndefined()
    expect(problems[0]).toMatch(/at most 12 groups/)
  })
})

describe('what a screening said', () => {
  const said = (source: string, verdict: Opinion['verdict'], score?: number): Opinion =>
    opinionOf({ source, verdict, score, reasons: [], issuedAt: '', about: {} }, 'ahead', emptySource, emptySource)
  const opinions = [said('screening', 'REVIEW', 0.6), said('order-checks', 'NG'), said('v2.checks', 'OK', 0.1)]

  test.each<readonly [ConditionSource, boolean]>([
    [{ of: 'assessment.screening.verdict', eq: 'REVIEW' }, true],
    [{ of: 'assessment.screening.verdict', in: ['NG', 'HOLD'] }, false],
    [{ of: 'assessment.screening.score', ge: 0.5 }, true],
    [{ of: 'assessment.order-checks.verdict', eq: 'NG' }, true],
    [{ of: 'assessment.order-checks.score', absent: true }, true],
    [{ of: 'assessment.v2.checks.score', lt: 0.2 }, true],
    [{ of: 'assessment.nobody.verdict', absent: true }, true],
    [{ of: 'assessment.nobody.verdict', ne: 'OK' }, false],
    [{ of: 'assessment.verdict', eq: 'NG' }, true],
    [{ of: 'assessment.verdict', eq: 'HOLD' }, false],
    [{ of: 'assessment.source', eq: 'screening' }, true],
    [{ of: 'assessment.score', gt: 0.9 }, false],
  ])('%j: %j', (source, expected) => {
    expect(holds(source, { opinions })).toBe(expected)
    expect(holds({ of: (source as { of: string }).of, exists: true })).toBe(false)
  })

  test('counts where the policy listens, and not otherwise', () => {
    const { assessments } = defaultPolicy
    if (assessments === undefined) throw new Error('the default policy listens')
    const deaf = { ...assessments, sources: { screening: { trust: 0 } } }
    const asked: ConditionSource = { of: 'assessment.screening.verdict', exists: true }
    expect(holds(asked, { opinions, policy: { ...defaultPolicy, assessments: deaf } })).toBe(false)
    expect(holds(asked, { opinions, policy: { ...defaultPolicy, assessments: undefined } })).toBe(false)
  })

  test.each([
    'assessment.screening',
    'assessment.',
    'assessment..verdict',
    'assessment.A.verdict',
    'assessment.a.source',
  ])('there is no %s', (of) => {
    expect(read({ of, exists: true })).toBeUndefined()
    expect(problems[0]).toMatch(/^of: no such value/)
  })

  test('a verdict that there is not is told', () => {
    expect(read({ of: 'assessment.screening.verdict', eq: 'ok' })).toBeUndefined()
    expect(problems[0]).toMatch(/^eq: no such value: ok/)
  })
})

test('every value that can be asked about is found by its name, and has operators', () => {
  const names = operandNames()
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(expect.arrayContaining(['score', 'areq.mcc', 'facts.mcc', 'feature.amount_z']))
  const elements = new Set(names.flatMap((name) => name.split('.')))
  for (const name of Object.keys(sensitiveElements)) expect([name, elements.has(name)]).toEqual([name, false])
  for (const name of names) expect(holds({ of: name, exists: true }) !== holds({ of: name, absent: true })).toBe(true)
  expect(operandOf('areq.constructor')).toBeUndefined()
  expect(operandOf('facts.keys')).toBeUndefined()
  expect(operandOf('toString')).toBeUndefined()
})

test('facts that may be asked about are facts', () => {
  const known = Object.keys(facts)
  for (const name of operandNames().filter((name) => name.startsWith('facts.')))
    expect(known).toContain(name.split('.')[1] as keyof Facts)
})
