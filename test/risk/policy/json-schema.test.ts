// The schema for editors says of a policy what the program says of it, as far as a schema can.
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { checks } from '../../../src/risk/checks.ts'
import { policyJsonSchema } from '../../../src/risk/policy/json-schema.ts'
import { shippedPolicies } from '../../../src/risk/policy.ts'
import { policyText } from '../support.ts'

const schema = policyJsonSchema()
const editor = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
const text = policyText('default')
const isFine = (policy: string): boolean => editor.safeParse(parse(policy)).success

test.each(shippedPolicies)('%s is a policy', (name) => {
  const read = editor.safeParse(parse(policyText(name)))
  expect(read.error?.issues ?? []).toEqual([])
})

describe('an editor is told', () => {
  test.each([
    ['an unknown check', text.replace('  night:', '  full-moon:')],
    ['a parameter that no check reads', text.replace('night: { weight', 'night: { colour: 1, weight')],
    ['a weight that is no number', text.replace('night: { weight: 0.6', 'night: { weight: heavy')],
    ['an unknown feature', text.replace('feature: failed_decay_24h', 'feature: moon')],
    ['an unknown value in a rule', text.replace('feature.n_1h_account', 'feature.n_2h_account')],
    ['an unknown operator', text.replace('ge: 40', 'atLeast: 40')],
    ['an unknown answer', text.replace('answer: N', 'answer: X')],
    ['an unknown name at the top', `${text}\nextra: 1\n`],
  ])('%s', (_, changed) => {
    expect(changed).not.toBe(text)
    expect(isFine(changed)).toBe(false)
  })
})

test('every check has its words, and every parameter that it names', () => {
  const { properties = {} } = (schema.properties?.checks ?? {}) as { properties?: Record<string, object> }
  expect(Object.keys(properties).sort()).toEqual(checks.map(({ id }) => id).sort())
  for (const { id, words } of checks) {
    expect(properties[id]).toMatchObject({ title: words.en.title, description: words.en.about })
    const told = JSON.stringify(properties[id])
    const { weight } = words.en.params
    if (weight !== undefined) expect(told).toContain(JSON.stringify(weight))
  }
})
