// Whatever somebody writes into an element or a signal, reading it ends well and soon.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressKeyOf, japaneseAddressKeyOf } from '../../../src/risk/text/address.ts'
import { latinOfKana } from '../../../src/risk/text/kana.ts'
import { mailOf } from '../../../src/risk/text/mail.ts'
import { kanaAgainstKanji, nameAgainstKana, nameKeyOf } from '../../../src/risk/text/name.ts'
import { phoneOf } from '../../../src/risk/text/phone.ts'
import { postalCodeAgainstAddress, postalCodeAgainstState } from '../../../src/risk/text/postal.ts'
import { tables } from './tables.ts'

const signs = fc.constantFrom(...'a0-.@+ 一十百千番号丁目ーっァｱ〒#,\u0000\u202e髙😀'.split(/(?=.)/u))
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: signs, maxLength: 300 }))

function readAll(a: string, b: string): void {
  mailOf(a, tables)
  mailOf(`${a}@${b}`, tables)
  nameKeyOf(a)
  latinOfKana(a)
  nameAgainstKana(a, b)
  kanaAgainstKanji(a, b)
  japaneseAddressKeyOf(a, b)
  addressKeyOf({ lines: [a, b], city: b, postCode: a, country: '392' })
  addressKeyOf({ lines: [a, b], city: b, postCode: a, country: '840' })
  postalCodeAgainstState(a, b)
  postalCodeAgainstAddress(a, b, tables)
  phoneOf({ cc: a, subscriber: b }, tables)
}

test('any text is read', () => {
  fc.assert(fc.property(text, text, (a, b) => readAll(a, b)))
})

test('a key is the same however often it is made', () => {
  fc.assert(
    fc.property(text, (raw) => {
      expect(japaneseAddressKeyOf(raw)).toBe(japaneseAddressKeyOf(raw))
      expect(nameKeyOf(nameKeyOf(raw) ?? '')).toBe(nameKeyOf(raw))
    }),
  )
})

test.each([
  ['aaa', 'A'],
  ['Ohhno', 'ONO'],
  ['Satoouoh', 'SATO'],
])('the key of %s is folded to the end: %s', (raw, key) => {
  expect(nameKeyOf(raw)).toBe(key)
})

test('every name of romanised letters has a key that stays', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'AIUEOHNMSTYZDJCBPKRWGF '), maxLength: 40 })
  fc.assert(
    fc.property(letters, (raw) => {
      expect(nameKeyOf(nameKeyOf(raw) ?? '')).toBe(nameKeyOf(raw))
    }),
    { numRuns: 2_000 },
  )
})

test.each(['a', '0', '-', '.', 'a.', 'a-', '0-', 'OH', 'n', '十', '一-', 'ー', '1番', 'っ', ' ', 'aa@'])(
  'three hundred times "%s" as well',
  (sign) => {
    const long = sign.repeat(300)
    readAll(long, long)
    readAll(`${long}@${long}.jp`, `x${long}`)
  },
)
