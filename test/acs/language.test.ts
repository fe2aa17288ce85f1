import { describe, expect, test } from 'vitest'
import { languageOf } from '../../src/acs/language.ts'

describe('the issuer speaks (CHL-UI-12)', () => {
  test.each([
    ['the language of the browser', { browserLanguage: 'ja-JP', acceptLanguage: ['en'] }, 'en', 'ja'],
    [
      'a language that the browser also likes',
      { browserLanguage: 'fr-FR', acceptLanguage: ['fr', 'en;q=0.5', 'ja;q=0.9'] },
      'en',
      'ja',
    ],
    [
      'the first of two that are liked as much',
      { browserLanguage: 'fr', acceptLanguage: ['fr', 'ja', 'en'] },
      'en',
      'ja',
    ],
    ['no language of quality 0.0', { acceptLanguage: 'ja;q=0.0, de' }, 'en', 'en'],
    ['no language that the browser refuses', { browserLanguage: 'fr', acceptLanguage: ['ja;q=0', 'en'] }, 'ja', 'en'],
    ['the language of the card where the browser has none of ours', { browserLanguage: 'jav' }, 'ja', 'ja'],
    ['the language of the card to an app', {}, 'ja', 'ja'],
    ['what a header says in one line', { acceptLanguage: 'de, en;q=0.5' }, 'ja', 'en'],
  ] as const)('%s', (_what, about, language, expected) => {
    expect(languageOf(about, { language })).toBe(expected)
  })
})
