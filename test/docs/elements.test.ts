// The page of every element: all of them stand there, its links lead somewhere, and what it gives as examples passes.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { anchorOf, elementsPage } from '../../src/cli/elements-page.ts'
import { lint } from '../../src/lint/lint.ts'
import { inspectMessage } from '../../src/protocol/messages/inspect.ts'
import { sampleMessage } from '../../src/protocol/messages/sample.ts'
import { type ElementFacts, type Example, elementCatalogue } from '../../src/protocol/reference/catalogue.ts'
import { isObject, type JsonObject } from '../../src/protocol/rules/conditions.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type { MessageType, Version } from '../../src/protocol/tables/types.ts'
import { isRuleId } from '../support/rule-ids.ts'

const paths = Object.keys(elements)
const facts = elementCatalogue()
const page = elementsPage()

/** `holder` with `value` at the path; of lists in every entry. */
function withValue(holder: unknown, names: readonly string[], value: unknown): unknown {
  const [name, ...rest] = names
  if (name === undefined) return value
  if (Array.isArray(holder)) return holder.map((entry) => withValue(entry, names, value))
  const members = isObject(holder) ? holder : {}
  return { ...members, [name]: withValue(members[name], rest, value) }
}

/** Elements that other statuses than the sample's have (RES-AV-2, RES-CM-1). */
const statuses: Readonly<Record<string, string>> = { authenticationValue: 'Y', acsChallengeMandated: 'C' }

/** A message of the example's column with the example in its place. */
function messageWith(path: string, version: Version, { message, channel, category, value }: Example): JsonObject {
  const [root = '', ...rest] = path.split('.')
  const parent = facts.find((one) => one.path === root)?.examples.find(({ versions }) => versions.includes(version))
  const about = { version, message: message as MessageType, channel, category, leg: 'DS-ACS', fill: 'full' } as const
  const { [root]: there = parent?.value } = sampleMessage(about)
  const status = statuses[root]
  const set = { ...(status !== undefined && { transStatus: status }), [root]: withValue(there, rest, value) }
  return sampleMessage({ ...about, set })
}

/** Findings about the element itself or what is in it. */
function objections(path: string, version: Version, example: Example): readonly string[] {
  const message = messageWith(path, version, example)
  const { findings } = inspectMessage(new TextEncoder().encode(JSON.stringify(message)), {
    versions: ['2.1.0', '2.2.0', '2.3.1'],
    leg: 'DS-ACS',
    profile: 'strict',
    channel: example.channel,
    category: example.category,
  })
  return findings
    .filter(({ element }) => element === path || element.startsWith(`${path}.`))
    .map(({ errorCode, element, rule }) => `${version} ${example.message}: ${errorCode} ${element} ${rule}`)
}

const isPosted = ({ messages }: ElementFacts): boolean => messages.every((message) => message.endsWith('Post'))

describe('docs/elements.md', () => {
  test('is what `npm run docs` makes', () => {
    expect(readFileSync(new URL('../../docs/elements.md', import.meta.url), 'utf8')).toBe(page)
  })

  test('has a heading and an address for every element of the table, once', () => {
    const headings = page.split('\n').flatMap((line) => /^#{3,4} `(.+)`$/.exec(line)?.[1] ?? [])
    expect(headings).toEqual(paths)
    expect(new Set(headings.map(anchorOf)).size).toBe(paths.length)
  })

  test('its links lead to headings', () => {
    const anchors = new Set(
      page
        .split('\n')
        .flatMap((line) => /^#{2,4} (.+)$/.exec(line)?.[1] ?? [])
        .map((heading) => heading.toLowerCase().replace(/[`.]/g, '').replaceAll(' ', '-')),
    )
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = '']) => target)
    expect(links.length).toBeGreaterThan(paths.length)
    expect([...new Set(links)].filter((target) => !anchors.has(target))).toEqual([])
  })

  test('the index names every element of every message', () => {
    for (const message of ['AReq', 'ARes', 'CReq', 'CRes', 'RReq', 'RRes', 'PReq', 'PRes', 'OReq', 'ORes', 'Erro']) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${message} |`)) ?? ''
      const named = Object.entries(elements).filter(
        ([, element]) => 'presence' in element && message in element.presence,
      )
      for (const [path] of named) expect(row).toContain(`[\`${path}\`]`)
    }
  })
})

describe('what is told of an element', () => {
  test.each(facts.filter((one) => !isPosted(one)).map((one) => [one.path, one] as const))(
    '%s: each example passes in its place, in every version it is given for',
    (path, { examples, versions }) => {
      expect(examples.flatMap((example) => example.versions).toSorted()).toEqual([...versions])
      const found = examples.flatMap((example) =>
        example.versions.flatMap((version) => objections(path, version, example)),
      )
      expect(found).toEqual([])
    },
  )

  test.each(['creq', 'cres', 'threeDSMethodData'])(
    'the example of the form field %s is read without a fault',
    (path) => {
      const value = facts.find((one) => one.path === path)?.examples[0]?.value
      const { summary, problems } = lint(`${path}=${String(value)}`, { profile: 'strict', lang: 'en' })
      expect(problems).toEqual([])
      expect(summary).toMatchObject({ messages: 1, errors: 0 })
    },
  )

  test('an example that is wrong is found', () => {
    const currency = { versions: [], message: 'AReq', channel: '02', category: '01', value: '999' } as const
    expect(objections('purchaseCurrency', '2.2.0', currency)).toHaveLength(1)
    expect(objections('acctInfo.chAccDate', '2.3.1', { ...currency, value: '20250230' })).toHaveLength(1)
  })

  test('every rule is one of the handbook, or names an element of a message', () => {
    const named = new Set(facts.flatMap(({ rules }) => rules))
    expect(named).toContain('ACS-VAL-67')
    expect([...named].filter((rule) => !isRuleId(rule))).toEqual([])
    for (const { path, rules } of facts)
      for (const rule of rules) if (rule.includes(':')) expect(rule.split(':')[1]).toBe(path)
  })

  test('presence, codes and names are those of the table', () => {
    const of = (path: string): ElementFacts | undefined => facts.find((one) => one.path === path)
    expect(of('threeDSServerURL')?.presence).toEqual([
      {
        message: 'AReq',
        in: { '2.1.0': { app: 'R', browser: 'R', '3RI': 'O' }, '2.2.0': { all: 'R' }, '2.3.1': { all: 'R' } },
      },
    ])
    expect(of('acquirerBIN')?.presence[0]?.in['2.2.0']).toEqual({ app: 'R/O', browser: 'R/O', '3RI': 'R/O' })
    expect(of('threeDSRequestorChallengeInd')?.codes.find(({ code }) => code === '05')?.versions).toEqual([
      '2.2.0',
      '2.3.1',
    ])
    expect(of('trustListStatus')?.otherNames).toEqual([
      { version: '2.2.0', name: 'whiteListStatus', path: 'whiteListStatus' },
    ])
    expect(of('acctInfo.chAccAgeInd')).toMatchObject({ parent: 'acctInfo', name: 'chAccAgeInd', messages: ['AReq'] })
  })
})
