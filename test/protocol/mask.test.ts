// What the journal keeps of messages, and of bodies that are none.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { maskMessage, maskRefused } from '../../src/protocol/mask.ts'
import { sensitiveElements } from '../../src/protocol/tables/sensitive.ts'

const pan = '4111110000000021'

test('a refused body that is no JSON keeps no value of a sensitive member (SEC-LOG-2)', () => {
  const body = `{"acctNumber":"${pan}","cardExpiryDate" : "3112", "authenticationValue":"AAEC\\"AwQF","cardSecurityCode":123,"otp":"12345`
  expect(maskRefused(body)).toBe(
    '{"acctNumber":"***","cardExpiryDate" : "***", "authenticationValue":"***","cardSecurityCode":"***","otp":"***"',
  )
})

test('a refused body that is no JSON keeps nothing of a sensitive object or array, nor what follows it (SEC-LOG-2)', () => {
  expect(maskRefused('{"mcc":"5411","threeDSReqAuthData":{"assertion":"SECRET"},"mcc":1')).toBe(
    '{"mcc":"5411","threeDSReqAuthData":"***"',
  )
  expect(maskRefused('{"threeDSReqPriorAuthData" : [{"a":"SECRET"}')).toBe('{"threeDSReqPriorAuthData" : "***"')
})

test('names and card numbers written as escapes are found in what is no JSON, too (SEC-LOG-2)', () => {
  expect(maskRefused('{"cardSecurity\\u0043ode":"123","x":"\\u0034111110000000021","y":"\\u0022z')).toBe(
    '{"cardSecurityCode":"***","x":"411111******0021","y":"\\u0022z',
  )
})

test('a payment token is masked like the card number it stands for, its cryptogram is hidden (SEC-LOG-1)', () => {
  const payTokenInfo = { token: '4000000000007700', tokenCryptogram: 'SECRET', tokenStatusInd: '01' }
  const message = { acctNumber: pan, payTokenInfo }
  const masked = {
    acctNumber: '411111******0021',
    payTokenInfo: { token: '400000******7700', tokenCryptogram: '***', tokenStatusInd: '01' },
  }
  const text = JSON.stringify(message)
  for (const kept of [maskMessage(message), maskMessage(message, text), maskRefused(text)])
    expect(JSON.parse(kept)).toEqual(masked)
})

test('card numbers in what is no JSON keep their first six and last four digits (SEC-LOG-2)', () => {
  expect(maskRefused(`card ${pan}, order 123456789012`)).toBe('card 411111******0021, order 123456789012')
})

test('a refused body is masked by name at any depth (SEC-LOG-2)', () => {
  expect(JSON.parse(maskRefused(JSON.stringify({ a: [{ cardExpiryDate: '3112', b: pan, c: 'kept' }] })))).toEqual({
    a: [{ cardExpiryDate: '***', b: '411111******0021', c: 'kept' }],
  })
})

test.each([
  ['arrays', '['.repeat(200_000) + ']'.repeat(200_000)],
  ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
])('%s nested without end are cut, not walked (SEC-B64-4)', (_, body) => {
  expect(maskRefused(body).length).toBeLessThan(400)
})

test('a card number that stands in another member as well is masked there too (SEC-LOG-1)', () => {
  expect(maskMessage({ acctNumber: pan, acctID: `card ${pan}` })).toBe(
    '{"acctNumber":"411111******0021","acctID":"card 411111******0021"}',
  )
})

test('a long value in what is no JSON is masked as well as a short one (SEC-LOG-2)', () => {
  expect(maskRefused(`{"otp":"${'x\\\\'.repeat(300_000)}`)).toBe('{"otp":"***"')
})

describe('a message that was understood is masked where it stands', () => {
  const message = {
    messageType: 'AReq',
    acctNumber: pan,
    cardExpiryDate: '2912',
    merchantName: 'Tea \\ "acctNumber" é',
  }

  test('what is not secret stays as it was written, blanks and escapes too', () => {
    const text = `{ "messageType" : "AReq",\n "acctNumber" : "${pan}", "cardExpiryDate":"2912","merchantName":"Tea \\\\ \\"acctNumber\\" é" }`
    expect(maskMessage(JSON.parse(text), text)).toBe(
      `{ "messageType" : "AReq",\n "acctNumber" : "411111******0021", "cardExpiryDate":"***","merchantName":"Tea \\\\ \\"acctNumber\\" é" }`,
    )
  })

  test.each([
    ['a name written with an escape', JSON.stringify(message).replace('"acctNumber":"4', '"acct\\u004eumber":"4')],
    ['a value written with an escape', JSON.stringify(message).replace(`"${pan}"`, `"\\u0034${pan.slice(1)}"`)],
    ['the same name deeper down', JSON.stringify({ acctInfo: { acctNumber: '4000000000007700' }, ...message })],
    [
      'a secret only deeper down',
      JSON.stringify({ ...message, broadInfo: { deep: [{ authenticationValue: 'AAABBZEEBgAAAAAAAAQGAAAAAAA=' }] } }),
    ],
    ['the number in another member', JSON.stringify({ ...message, acctID: `card ${pan}` })],
    ['a value that is the name', JSON.stringify({ acctID: 'acctNumber', ...message })],
  ])('%s hides it all the same', (_what, text) => {
    const masked = maskMessage(JSON.parse(text), text)
    expect(masked).not.toMatch(/4111110000000021|4000000000007700|AAABBZEE|2912/)
    expect(JSON.parse(masked)).toMatchObject({
      messageType: 'AReq',
      acctNumber: '411111******0021',
      cardExpiryDate: '***',
    })
  })
})

describe('a message with the text it came in', () => {
  const marker = 'SECRET-MARKER'
  const names = Object.keys(sensitiveElements).filter((name) => name !== 'acctNumber')
  const name = fc.oneof(fc.constantFrom(...names), fc.constantFrom('mcc', 'data', 'x', 'acctNumberX', '"otp"', 'a\\b'))
  const leaf = fc.constantFrom<unknown>('plain', 'otp', '"otp":"x"', 1, true, null, '箱根', pan)
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }))
  const message = fc.dictionary(name, value, { maxKeys: 8 })

  /** The same value with the marker as the value of every sensitive name, at any depth. */
  const marked = (at: unknown): unknown => {
    if (typeof at !== 'object' || at === null) return at
    if (Array.isArray(at)) return at.map(marked)
    return Object.fromEntries(
      Object.entries(at).map(([key, member]) => [key, names.includes(key) ? marker : marked(member)]),
    )
  }
  const kinds = {
    plain: (text: string) => text,
    spaced: (text: string) => text.replaceAll('":', '" : '),
    escaped: (text: string) => text.replaceAll('cardE', '\\u0063ardE').replaceAll('threeDSS', 'thr\\u0065eDSS'),
  }

  test.prop([message, fc.constantFrom(...(Object.keys(kinds) as (keyof typeof kinds)[]))], { numRuns: 1_000 })(
    'shows no value of a sensitive member at any depth, and no card number, however it is written (SEC-LOG-2)',
    (made, kind) => {
      const secret = marked({ ...made, acctNumber: pan }) as Record<string, unknown>
      const text = kinds[kind](JSON.stringify(secret))
      for (const masked of [maskMessage(secret, text), maskMessage(secret)]) {
        expect(masked).not.toContain(marker)
        expect(masked).not.toContain(pan)
        expect(() => JSON.parse(masked) as unknown).not.toThrow()
      }
    },
  )
})

describe('what is wrapped in base64url', () => {
  const wrap = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = wrap({ alg: 'none' })

  test.each([
    ['a card number by its name', { acctNumber: pan }],
    ['a card number in another member', { note: `paid with ${pan}` }],
    ['a code', { data: { otp: '123456' } }],
    ['an authentication value', [{ authenticationValue: 'AAEC' }]],
    ['wrapped once more', { inner: wrap({ cardSecurityCode: '123' }) }],
  ])('is hidden whole where it holds %s, alone and signed (SEC-LOG-2)', (_, secret) => {
    for (const value of [wrap(secret), `${header}.${wrap(secret)}.c2ln`].filter((text) => text.includes('eyJ'))) {
      const message = { acsSignedContent: value }
      expect(JSON.parse(maskMessage(message))).toEqual({ acsSignedContent: '***' })
      expect(JSON.parse(maskMessage(message, JSON.stringify(message)))).toEqual({ acsSignedContent: '***' })
      expect(maskRefused(`{"acsSignedContent":"${value}"`)).toBe('{"acsSignedContent":"***"')
    }
  })

  test('stays where it holds none', () => {
    const value = `${header}.${wrap({ acsURL: 'https://acs.example', purchaseDate: '20260101000000' })}.c2ln`
    const message = { creq: wrap({ messageType: 'CReq' }), acsSignedContent: value }
    expect(JSON.parse(maskMessage(message))).toEqual(message)
  })
})
