// The sentences: made from the table for every element of every column, in both languages.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { generateReference } from '../../src/cli/generate-reference.ts'
import { expectedWords, forms, presenceWords } from '../../src/lint/expected.ts'
import { faultTexts, problemTexts, rreqTexts, ruleTexts } from '../../src/lint/texts.ts'
import { hasMessage } from '../../src/protocol/messages/sample.ts'
import { describeElement } from '../../src/protocol/reference/describe.ts'
import { acrossRows, echoRows } from '../../src/protocol/tables/across.ts'
import { elements } from '../../src/protocol/tables/elements.ts'
import type { Element, FormatKind, MessageType } from '../../src/protocol/tables/types.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const languages = ['en', 'ja'] as const
const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
const messages: readonly MessageType[] = [
  'AReq',
  'ARes',
  'CReq',
  'CRes',
  'RReq',
  'RRes',
  'PReq',
  'PRes',
  'OReq',
  'ORes',
  'Erro',
]

test('the committed words are what `npm run tables` makes of the specification data', () => {
  expect(read('src/protocol/reference/texts.ts')).toBe(
    generateReference(read('spec-fixtures/spec/data-elements.json'), read('spec-fixtures/spec/codes.json')),
  )
})

describe.each(languages)('in %s', (lang) => {
  test('every element of every column has words for what it may hold and why it has to be there', () => {
    let count = 0
    for (const version of versions)
      for (const message of messages)
        for (const channel of ['01', '02', '03'])
          for (const category of ['01', '02']) {
            const about = { version, message, channel, category }
            if (!hasMessage(about)) continue
            for (const path of Object.keys(elements)) {
              const described = describeElement(path, about)
              if (described === undefined || described.presence === '-') continue
              count += 1
              for (const words of [expectedWords(described, lang), presenceWords(described, about, lang)]) {
                expect(words, path).not.toMatch(/undefined|null|NaN|^$/)
                if (lang === 'en') expect(words, path).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
              }
              if (described.codes.length > 0)
                expect(
                  described.codes.every(({ title }) => title !== ''),
                  path,
                ).toBe(true)
            }
          }
    expect(count).toBeGreaterThan(5_000)
  })

  test('every sentence is there, and its blanks are those that are filled', () => {
    const all = [
      ...Object.entries(problemTexts).flatMap(([name, texts]) => (name === 'other' ? [] : [texts])),
      ...Object.values(ruleTexts),
      ...Object.values(rreqTexts),
      ...Object.values(faultTexts),
    ]
    for (const texts of all) {
      expect(texts[lang].trim()).not.toBe('')
      for (const [, name = ''] of texts[lang].matchAll(/\{(\w+)\}/g))
        expect(['name', 'element', 'version', 'received', 'description']).toContain(name)
      expect(/[\u3040-\u30ff\u4e00-\u9fff]/.test(texts[lang])).toBe(lang === 'ja')
    }
  })
})

test('every format of the table has words of its own', () => {
  const kinds = new Set<FormatKind>(
    Object.values<Element>(elements).flatMap((element) =>
      [element, ...Object.values(element.by ?? {})].flatMap(({ kind }) => (kind === undefined ? [] : [kind])),
    ),
  )
  expect(kinds.size).toBeGreaterThan(10)
  for (const kind of kinds) if (!['text', 'digits', 'code'].includes(kind)) expect(forms[kind], kind).toBeDefined()
})

test('every rule that compares messages has a sentence of its own', () => {
  const rules = new Set([...acrossRows, ...echoRows].map(({ rule }) => rule).filter((rule) => rule !== 'FLOW-DS-6'))
  expect([...rules].filter((rule) => ruleTexts[rule] === undefined)).toEqual([])
  for (const { code } of [...acrossRows, ...echoRows].filter(({ rule }) => rule === 'FLOW-DS-6'))
    expect(rreqTexts[code]).toBeDefined()
})

test('the code lists of a description are those of its version and message, with what they mean', () => {
  const about = { version: '2.2.0', message: 'AReq', channel: '02', category: '01' } as const
  expect(describeElement('threeDSCompInd', about)?.codes.map(({ code }) => code)).toEqual(['Y', 'N', 'U'])
  expect(describeElement('threeDSRequestorChallengeInd', { ...about, version: '2.1.0' })?.codes).toHaveLength(4)
  expect(describeElement('noSuchElement', about)).toBeUndefined()
  expect(describeElement('trustListStatus', { ...about, version: '2.3.1' })?.otherNames).toEqual([
    { version: '2.2.0', name: 'whiteListStatus' },
  ])
})
