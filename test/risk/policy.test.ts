import { describe, expect, test } from 'vitest'
import { loadPolicy, PolicyError, policyHashOf, shippedPolicies } from '../../src/risk/policy.ts'
import { policyText, shipped } from './support.ts'

const text = policyText('default')
const problemsOf = (changed: string): PolicyError['problems'] => {
  expect(changed).not.toBe(text)
  try {
    loadPolicy(changed)
  } catch (error) {
    if (error instanceof PolicyError) return error.problems
    throw error
  }
  return []
}
const pathsOf = (changed: string) => problemsOf(changed).map(({ path }) => path)

describe('the shipped policies', () => {
  test.each(shippedPolicies)('%s loads, and says by itself what it is for', (name) => {
    const text = policyText(name)
    const policy = shipped(name)
    expect(policy.name).toBe(name)
    expect(text).toMatch(/^# .{60}/)
  })

  test('all belong to one issuer, so that each can be held against the transactions of another', () => {
    const { issuer } = loadPolicy(text)
    for (const name of shippedPolicies) expect(shipped(name).issuer).toEqual(issuer)
  })

  test('features-30 has thirty different features in its scorecard', () => {
    const { scorecard } = loadPolicy(policyText('features-30'))
    expect(new Set(scorecard.map(({ feature }) => feature)).size).toBe(30)
  })

  test('features-30 is the default policy with a larger scorecard and nothing else', () => {
    const rest = (policy: string) => policy.slice(policy.indexOf('\nissuer:')).replace(/\nscorecard:[\s\S]*?\n\n/, '\n')
    expect(rest(policyText('features-30'))).toBe(rest(text))
  })
})

describe('a policy with a mistake is refused with the path of it', () => {
  test.each([
    ['an unknown check', text.replace('  night:', '  full-moon:'), 'checks.full-moon'],
    [
      'a weight that is no number',
      text.replace('night: { weight: 0.6', 'night: { weight: heavy'),
      'checks.night.weight',
    ],
    [
      'a parameter that no check reads',
      text.replace('night: { weight', 'night: { colour: 1, weight'),
      'checks.night.colour',
    ],
    ['a missing parameter', text.replace('night: { weight: 0.6, ', 'night: { '), 'checks.night.weight'],
    ['a ramp that goes down', text.replace('10m: [4, 12]', '10m: [12, 4]'), 'checks.account-velocity.10m'],
    ['an unknown feature', text.replace('feature: failed_decay_24h', 'feature: moon'), 'scorecard.0.feature'],
    ['thresholds in the wrong order', text.replace('reject: 3.5', 'reject: -2'), 'thresholds'],
    ['a country without quotes', text.replace("country: '392'\n", 'country: 392\n'), 'issuer.country'],
    ['a rate of nothing', text.replace("'840': 150", "'840': 0"), 'issuer.rates.840'],
    ['a block that is no block', text.replace('192.0.2.0/24', '192.0.2.0'), 'lists.ipCountries.0.cidr'],
    ['a rule without an outcome', text.replace(/ {4}outcome: .*velocity.*\n| {4}outcome: .*\n/, ''), 'rules.0.outcome'],
    ['an unknown name at the top', `${text}\nextra: 1\n`, 'extra'],
    [
      'a segment with nothing of its own',
      `${text}\nsegments: [{ id: app, when: { of: channel, eq: app } }]\n`,
      'segments.0',
    ],
    ['a rule that is there twice', text.replace('id: allow-list', 'id: deny-list'), 'rules.1.id'],
    ['a rule with an unknown value', text.replace('feature.n_1h_account', 'feature.n_2h_account'), 'rules.2.when.of'],
    ['a refusal without a reason', text.replace(", transStatusReason: '04'", ''), 'rules.2.outcome.transStatusReason'],
    [
      'a reason that no ARes may carry',
      text.replace("Reason: '04'", "Reason: '14'"),
      'rules.2.outcome.transStatusReason',
    ],
    ['a floor and an answer', text.replace('{ answer: N,', '{ answer: N, atLeast: challenge,'), 'rules.2.outcome'],
    [
      'a day that does not exist',
      text.replace('id: velocity-limit', "id: velocity-limit\n    from: '2026-02-30'"),
      'rules.2.from',
    ],
    [
      'a model that is not there',
      `${text}\nscorers: [{ id: trees, kind: gbdt, model: trees.json }]\n`,
      'scorers.0.model',
    ],
    [
      'a card number on a list',
      text.replace('  forwarding:', "  deny: [{ kind: card, value: '4111111111111111', reason: x }]\n  forwarding:"),
      'lists.deny.0.value',
    ],
    ['a missing part', text.replace('base: -4', ''), 'base'],
  ])('%s', (_, changed, path) => {
    expect(pathsOf(changed)).toContain(path)
  })

  test('and every mistake is told at once, in one line', () => {
    const changed = text.replace('base: -4', 'base: low').replace('  night:', '  full-moon:')
    expect(pathsOf(changed)).toEqual(expect.arrayContaining(['base', 'checks.full-moon']))
    expect(() => loadPolicy(changed)).toThrow(/checks\.full-moon: no such check/)
  })

  test.each([
    ['a check', text.replace('  night:', '  nigth:'), 'checks.nigth: no such check (did you mean night?)'],
    ['a part', text.replace('scorecard:', 'scorcard:'), 'scorcard: not known (did you mean scorecard?)'],
    ['a feature', text.replace('failed_decay_24h', 'failed_dekay_24h'), '(did you mean failed_decay_24h?)'],
    ['a value', text.replace('feature.n_1h_account', 'feature.n_1h_acount'), '(did you mean feature.n_1h_account?)'],
  ])('what was probably meant is told: %s', (_, changed, message) => {
    expect(() => loadPolicy(changed)).toThrow(message)
  })

  test('a card number is not repeated in the complaint', () => {
    const changed = text.replace(
      '  forwarding:',
      "  deny: [{ kind: card, value: '4111111111111111', reason: x }]\n  forwarding:",
    )
    expect(() => loadPolicy(changed)).toThrow(/key:/)
    expect(() => loadPolicy(changed)).not.toThrow(/4111111111111111/)
  })

  test('a text that is no YAML is refused with the line', () => {
    expect(pathsOf(`${text}\n  - [`)[0]).toMatch(/^line \d+$/)
    expect(pathsOf('')).toEqual([''])
  })
})

test('a check that a policy leaves out does not run', () => {
  const policy = loadPolicy(text.replace(/ {2}night: .*\n/, ''))
  expect(policy.checks.map(({ id }) => id)).not.toContain('night')
  expect(policy.checks).toHaveLength(loadPolicy(text).checks.length - 1)
})

test('rules of earlier releases are read as they were meant', () => {
  const old = text.replace(
    /rules:\n[\s\S]*?\n\n/,
    `rules:
  - id: velocity-limit
    when: { feature: n_1h_account, atLeast: 40 }
    outcome: { action: deny, transStatusReason: '04' }
    cite: ACS-VAL-79
  - id: box
    when: { reason: email-domain.throwAway }
    outcome: { action: challenge }
  - id: goods
    when: { reason: merchant-category.riskyMerchant }
    outcome: { action: reject, transStatusReason: '11' }

`,
  )
  expect(loadPolicy(old).rules.map(({ when, outcome }) => ({ when: when.source, outcome }))).toEqual([
    { when: { of: 'feature.n_1h_account', ge: 40 }, outcome: { answer: 'N', transStatusReason: '04' } },
    { when: { reason: 'email-domain.throwAway' }, outcome: { atLeast: 'challenge' } },
    { when: { reason: 'merchant-category.riskyMerchant' }, outcome: { answer: 'R', transStatusReason: '11' } },
  ])
})

test('the hash of a policy is that of its text, and of its models where they have files', () => {
  const text = `${policyText('default')}scorers:\n  - { id: own, kind: logistic, model: own.json }\n`
  const hashWith = (intercept: number): string =>
    loadPolicy(text, () => JSON.stringify({ format: 'sekisho-logistic', formatVersion: 1, intercept, terms: [] })).hash
  expect(hashWith(1)).toBe(hashWith(1))
  expect(hashWith(2)).not.toBe(hashWith(1))
  expect(loadPolicy(policyText('freeman')).hash).toBe(policyHashOf(policyText('freeman')))
  expect(loadPolicy(policyText('default')).hash).toBe(policyHashOf(policyText('default')))
})
