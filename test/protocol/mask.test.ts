// What the journal keeps of messages, and of bodies that are none.
import { describe, expect, test } from 'vitest'
import { maskMessage, maskRefused } from '../../src/protocol/mask.ts'

const pan = '4111110000000021'

test('a refused body that is no JSON keeps no value of a sensitive member (SEC-LOG-2)', () => {
  const body = `{"acctNumber":"${pan}","cardExpiryDate" : "3112", "authenticationValue":"AAEC\\"AwQF","cardSecurityCode":123,"otp":"12345`
  expect(maskRefused(body)).toBe(
    '{"acctNumber":"***","cardExpiryDate" : "***", "authenticationValue":"***","cardSecurityCode":"***","otp":"***"',
  )
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
    const text = `{ "messageType" : "AReq",\n "acctNumber" : "${pan}", "cardExpiryDate":"2912","merchantName":"Tea \\\\ \\"acctNumber\\" \\u00e9" }`
    expect(maskMessage(JSON.parse(text), text)).toBe(
      `{ "messageType" : "AReq",\n "acctNumber" : "411111******0021", "cardExpiryDate":"***","merchantName":"Tea \\\\ \\"acctNumber\\" \\u00e9" }`,
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
