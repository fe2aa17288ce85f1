// One message, and everything there is to say about it. Spec: section 5.9; ACS-VAL-4…20, SEC-B64-4.
import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as plain } from 'vitest'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { inspectMessage } from '../../src/protocol/messages/inspect.ts'
import { parseMessage, type Reading } from '../../src/protocol/messages/parse.ts'
import { sampleMessage } from '../../src/protocol/messages/sample.ts'
import { columns } from '../support/columns.ts'
import { fixtureMessage } from '../support/spec-fixtures.ts'

const encoder = new TextEncoder()
const full = fixtureMessage('areq-browser-220', 'base-full')
const full231 = fixtureMessage('areq-browser-231', 'base-full')

const reading: Omit<Reading, 'expects'> = { leg: 'DS-ACS', profile: 'strict' }
const inspect = (message: unknown, more: Partial<Reading> = {}) =>
  inspectMessage(encoder.encode(typeof message === 'string' ? message : JSON.stringify(message)), {
    ...reading,
    ...more,
  })

const said = ({ findings }: ReturnType<typeof inspectMessage>) =>
  findings.map(({ errorCode, at, rule }) => `${errorCode} ${at} ${rule}`)

describe('an inspection', () => {
  plain('tells every breach of every code, in the order of the steps (ACS-VAL-20)', () => {
    const { acctNumber: _gone, ...rest } = full
    const seen = inspect({
      ...rest,
      purchaseAmount: 1_000,
      purchaseCurrency: '999',
      messageExtension: [
        { name: 'n', id: 'one', criticalityIndicator: false, data: { a: 'b' } },
        { name: 'n', id: 'two', criticalityIndicator: true },
      ],
    })
    expect(said(seen)).toEqual([
      '201 $.acctNumber ACS-VAL-12',
      '203 $.purchaseAmount ACS-VAL-25',
      '304 $.purchaseCurrency ACS-VAL-45',
      '201 $.messageExtension[1].data ACS-VAL-84',
      '202 $.messageExtension[1].id ACS-VAL-85',
    ])
    expect(seen.erro).toEqual({ errorCode: '201', errorDetail: 'acctNumber,messageExtension.data' })
  })

  plain('goes on with a version that is not active (ACS-VAL-9)', () => {
    const { acctNumber: _gone, ...rest } = full
    const seen = inspect(rest, { versions: ['2.3.1'] })
    expect(said(seen)).toEqual(['102 $.messageVersion ACS-VAL-9', '201 $.acctNumber ACS-VAL-12'])
    expect(seen.erro).toEqual({ errorCode: '102', errorDetail: '2.3.1' })
  })

  plain('names a duplicate where it stands (ACS-VAL-11)', () => {
    const text = `${JSON.stringify(full).slice(0, -1)},"a b":[{},{"c":1,"c":2}]}`
    expect(said(inspect(text))).toEqual(['204 $["a b"][1].c ACS-VAL-11'])
  })

  plain('finds a duplicate in a pretty-printed message, and behind every escape (ACS-VAL-11, ACS-VAL-23)', () => {
    const pretty = JSON.stringify({ ...full, extra: { url: 'a":b', '":': '\\' } }, null, 2)
    expect(said(inspect(pretty))).toEqual([])
    expect(said(inspect(pretty.replace(/^\{/, '{"mcc"\n:"5411",')))).toEqual(['204 $.mcc ACS-VAL-11'])
    expect(said(inspect(pretty.replace(/^\{/, '{"m\\u0063c" :"5411",')))).toEqual(['204 $.mcc ACS-VAL-11'])
  })

  plain('a number that grew in reading hides no duplicate (ACS-VAL-11)', () => {
    // 1e9 is written back with seven characters more: as many as "a":1 and its comma take.
    const base = JSON.stringify(full).slice(0, -1)
    expect(said(inspect(`${base},"n":1e9,"aa":1,"aa":1}`))).toEqual(['204 $.aa ACS-VAL-11'])
  })

  plain('the same entry twice is a duplicate from 2.3.1 on (ACS-VAL-38, ACS-VAL-88)', () => {
    const entry = { name: 'n', id: 'one', criticalityIndicator: false, data: { a: 'b', c: 'd' } }
    const turned = { data: { c: 'd', a: 'b' }, criticalityIndicator: false, id: 'one', name: 'n' }
    expect(said(inspect({ ...full, messageExtension: [entry, turned] }))).toEqual([])
    expect(said(inspect({ ...full231, messageExtension: [entry, turned] }))).toEqual([
      '204 $.messageExtension[1] ACS-VAL-88',
    ])
    expect(said(inspect({ ...full231, acceptLanguage: ['en', 'ja', 'en'] }))).toEqual([
      '204 $.acceptLanguage[2] ACS-VAL-38',
    ])
  })

  plain('checks of settings are made when they are on (ACS-VAL-15, ACS-VAL-67, ACS-VAL-156)', () => {
    const now = Date.UTC(2026, 0, 15, 10, 30, 0)
    const message = {
      ...full231,
      mcc: '0001',
      purchaseCurrency: '392',
      purchaseExponent: '2',
      purchaseDate: '20260115095959',
    }
    expect(said(inspect(message))).toEqual([])
    expect(inspect(message).warnings.map(({ rule }) => rule)).toEqual(['ACS-VAL-67', 'ACS-VAL-67'])
    expect(said(inspect(message, { mccCheck: true, exponentCheck: true, dateCheck: true, now }))).toEqual([
      '203 $.purchaseDate ACS-VAL-156',
      '304 $.purchaseCurrency ACS-VAL-67',
      '304 $.purchaseExponent ACS-VAL-67',
      '306 $.mcc ACS-VAL-15',
    ])
    const fine = { ...message, mcc: '5411', purchaseExponent: '0', purchaseDate: '20260115100000' }
    expect(said(inspect(fine, { mccCheck: true, exponentCheck: true, dateCheck: true, now }))).toEqual([])
  })

  plain('no operation message came before 2.3.1 (VER-23-21, ACS-VAL-6)', () => {
    expect(inspect({ messageType: 'OReq', messageVersion: '2.2.0' }).erro?.errorCode).toBe('101')
  })
})

describe('hostile text has one answer', () => {
  const base = JSON.stringify(full).slice(0, -1)
  plain.each<readonly [string, string, readonly string[]]>([
    ['16 levels', `${base},"a":${'['.repeat(15)}${']'.repeat(15)}}`, []],
    ['17 levels (SEC-B64-4)', `${base},"a":${'['.repeat(16)}${']'.repeat(16)}}`, ['101 $ ACS-VAL-4']],
    [
      'half a character in an element (ACS-VAL-68)',
      `${base.replace('"merchantName":"', '"merchantName":"\\ud800')}}`,
      ['203 $.merchantName ACS-VAL-68'],
    ],
    ['half a character nobody reads (ACS-VAL-34)', `${base},"a":"\\udc00"}`, []],
    [
      'a whole character in two escapes (ACS-VAL-68)',
      `${base.replace('"merchantName":"', '"merchantName":"\\ud83d\\ude00')}}`,
      [],
    ],
    ['NUL in free text (ACS-VAL-68)', `${base.replace('"merchantName":"', '"merchantName":"\\u0000')}}`, []],
    ['NUL as it is (ACS-VAL-4)', `${base},"a":"\0"}`, ['101 $ ACS-VAL-4']],
    ['__proto__ twice (ACS-VAL-11)', `${base},"__proto__":1,"__proto__":2}`, ['204 $.__proto__ ACS-VAL-11']],
    [
      'a megabyte in one element (ACS-VAL-13)',
      `${base.replace('"merchantName":"', `"merchantName":"${'x'.repeat(1_000_000)}`)}}`,
      ['203 $.merchantName ACS-VAL-13'],
    ],
    ['a megabyte nobody reads (ACS-VAL-34)', `${base},"a":"${'x'.repeat(1_000_000)}"}`, []],
  ])('%s', (_title, text, expected) => {
    expect(said(inspect(text))).toEqual(expected)
  })

  plain('many duplicates with long names are cut, not multiplied (ACS-VAL-22)', () => {
    const name = 'n'.repeat(100_000)
    const inner = Array.from({ length: 20_000 }, (_, index) => `"${index}":1,"${index}":1`).join(',')
    const { erro, findings } = inspect(`${base},"${name}":{${inner}}}`)
    expect(findings).toHaveLength(20_000)
    expect(erro?.errorCode).toBe('204')
    expect(erro?.errorDetail.length).toBeLessThanOrEqual(2_048)
  })
})

describe('inspection and parsing agree', () => {
  const cut = (text: string, from: number, length: number, put: string): string => {
    const at = from % text.length
    return text.slice(0, at) + put + text.slice(at + (length % 12))
  }

  test.prop(
    [
      fc.constantFrom(...columns),
      fc.nat(9),
      fc.nat(),
      fc.nat(),
      fc.constantFrom('', '0', '"', '{', '\\', 'é'),
      fc.boolean(),
    ],
    { numRuns: 300 },
  )('on any text', (about, seed, from, length, put, isLenient) => {
    const text = cut(JSON.stringify(sampleMessage({ ...about, fill: 'full', seed })), from, length, put)
    const bytes = encoder.encode(text)
    const read: Reading = { ...about, profile: isLenient ? 'lenient' : 'strict', expects: [about.message] }
    const seen = inspectMessage(bytes, read)
    try {
      const parsed = parseMessage(bytes, read)
      expect(seen.erro).toBeUndefined()
      expect(seen).toMatchObject({ message: parsed.message, warnings: parsed.warnings, text: parsed.text })
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      expect(seen.erro).toEqual({ errorCode: error.errorCode, errorDetail: error.errorDetail })
      expect(seen.findings).toEqual(error.findings)
    }
  })
})
