import { describe, expect, test } from 'vitest'
import { checks } from '../../src/risk/checks.ts'
import { loadPolicy, PolicyError } from '../../src/risk/policy.ts'
import { policyText } from './support.ts'

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
  test.each(['default', 'features-30'] as const)('%s loads, with every check', (name) => {
    const policy = loadPolicy(policyText(name))
    expect(policy.name).toBe(name)
    expect(policy.checks.map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
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
    ['a missing part', text.replace('base: -4', ''), 'base'],
  ])('%s', (_, changed, path) => {
    expect(pathsOf(changed)).toContain(path)
  })

  test('and every mistake is told at once, in one line', () => {
    const changed = text.replace('base: -4', 'base: low').replace('  night:', '  full-moon:')
    expect(pathsOf(changed)).toEqual(expect.arrayContaining(['base', 'checks.full-moon']))
    expect(() => loadPolicy(changed)).toThrow(/checks\.full-moon: no such check/)
  })

  test('a text that is no YAML is refused with the line', () => {
    expect(pathsOf(`${text}\n  - [`)[0]).toMatch(/^line \d+$/)
    expect(pathsOf('')).toEqual([''])
  })
})

test('a check that a policy leaves out does not run', () => {
  const policy = loadPolicy(text.replace(/ {2}night: .*\n/, ''))
  expect(policy.checks.map(({ id }) => id)).not.toContain('night')
  expect(policy.checks).toHaveLength(checks.length - 1)
})
