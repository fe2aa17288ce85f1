import { describe, expect, test } from 'vitest'
import {
  createTranslator,
  formatAmount,
  formatDate,
  formatDateTime,
  maskEmail,
  maskPan,
  pickLanguage,
} from '../../src/web/i18n.ts'

test.each([
  ['ja-JP', 'ja'],
  ['ja', 'ja'],
  ['JA_jp', 'ja'],
  ['en-US', 'en'],
  ['fr-FR', 'en'],
  ['', 'en'],
  [undefined, 'en'],
  ['ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7', 'ja'],
  ['en;q=0.5, ja;q=0.8', 'ja'],
  ['fr, ja;q=0.4, en;q=0.3', 'ja'],
  ['ja;q=0, en;q=0.1', 'en'],
  ['jav', 'en'],
  ['ja;q=oops', 'ja'],
])('the language for %s is %s (CHL-UI-12)', (tags, expected) => {
  expect(pickLanguage(tags)).toBe(expected)
})

describe('an amount is purchaseAmount / 10^purchaseExponent with its currency (CHL-UI-10)', () => {
  test.each([
    ['1480', 'JPY', 0, 'en', '¥1,480'],
    ['1480', 'JPY', 0, 'ja', '￥1,480'],
    ['1200', 'USD', 2, 'en', '$12.00'],
    ['5', 'USD', 2, 'en', '$0.05'],
    ['0', 'JPY', 0, 'en', '¥0'],
    ['1480', 'JPY', 2, 'en', '¥14.80'], // the exponent of the message counts
    ['123456789012345678901234567890123456', 'USD', 2, 'en', '$1,234,567,890,123,456,789,012,345,678,901,234.56'],
    ['1480', '392', 0, 'en', '392 1,480'],
    ['', 'JPY', 0, 'en', ''],
    ['1e9', 'JPY', 0, 'en', ''],
  ] as const)('%s %s exponent %i in %s → %s', (minor, currency, exponent, lang, expected) => {
    expect(formatAmount(minor, currency, exponent, lang)).toBe(expected)
  })

  test('a currency without a sign of its own shows its code', () => {
    expect(formatAmount('1500', 'KWD', 3, 'en').replace(/\s/, ' ')).toBe('KWD 1.500')
  })
})

test('a date is taken from milliseconds, ISO 8601 or the wire, in a time zone', () => {
  const at = Date.UTC(2026, 10, 22, 20, 5, 9)
  for (const same of [at, new Date(at), '2026-11-22T20:05:09Z', '20261122200509']) {
    expect(formatDate(same, 'en')).toBe('Nov 22, 2026')
    expect(formatDate(same, 'ja', 'Asia/Tokyo')).toBe('2026年11月23日')
    expect(formatDateTime(same, 'ja', 'Asia/Tokyo')).toContain('05:05:09')
  }
  expect(formatDate('soon', 'en')).toBe('')
})

test('a masked card number shows four digits and not its length', () => {
  expect(maskPan('4111110000000005')).toBe('•••• 0005')
  expect(maskPan('340000000000700')).toBe('•••• 0700')
  expect(maskPan('411111******0005')).toBe('•••• 0005')
})

test.each([
  ['hanako.yamada@example.jp', 'h•••@example.jp'],
  ['h@example.jp', 'h•••@example.jp'],
  ['"odd@name"@example.jp', '"•••@example.jp'],
  ['花子@example.jp', '花•••@example.jp'],
  ['nobody', '•••'],
  ['@example.jp', '•••'],
])('%s is shown as %s (CHL-UI-8)', (address, expected) => {
  expect(maskEmail(address)).toBe(expected)
})

test('a value in a text is taken literally, whatever it looks like', () => {
  const t = createTranslator({
    en: { hello: 'Hello {{name}}', secret: 'no' },
    ja: { hello: 'こんにちは、{{name}}', secret: 'no' },
  })
  expect(t('ja')('hello', { name: '<b>' })).toBe('こんにちは、<b>')
  expect(t('en')('hello', { name: '$t(secret) {{name}}' })).toBe('Hello $t(secret) {{name}}')
})
