// What the page about policies writes as YAML is understood, every block of it.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { operators } from '../../../src/risk/policy/conditions.ts'
import { listKinds } from '../../../src/risk/policy/lists.ts'
import { challengeKinds } from '../../../src/risk/policy/rules.ts'
import { loadPolicy, shippedPolicies } from '../../../src/risk/policy.ts'
import { policyText } from '../support.ts'

const page = readFileSync(new URL('../../../docs/policies.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  parse(block) === null ? [] : [block],
)

describe('a block of the page', () => {
  test('there are some', () => {
    expect(blocks.length).toBeGreaterThan(6)
  })

  test.each(blocks)('%s', (block) => {
    const part: unknown = parse(block)
    const rules = Array.isArray(part)
      ? { rules: part.map((when: unknown, i) => ({ id: `r${i}`, when, outcome: { answer: 'Y' } })) }
      : (part as { lists?: object })
    const base = parse(policyText('default'))
    const lists = { ...base.lists, ...('lists' in rules && rules.lists) }
    expect(() => loadPolicy(stringify({ ...base, ...rules, lists }))).not.toThrow()
  })
})

test('names every operator, list, kind of challenge and shipped policy', () => {
  for (const name of [...operators, ...listKinds, ...challengeKinds, ...shippedPolicies])
    expect(page).toContain(`\`${name}\``)
})
