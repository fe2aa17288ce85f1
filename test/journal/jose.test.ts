// Signed values in the canonical form: made by a library of others, verified here.
import { CompactEncrypt, CompactSign, exportJWK, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { canonicalLines } from '../../src/journal/canonical.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { unwrapped } from '../../src/journal/jose.ts'

const payload = {
  acsURL: 'http://localhost:9440/t/a/acs/challenge',
  acctNumber: '4000000000005100',
  acsEphemPubKey: { x: 'chance' },
}
const bytes = new TextEncoder().encode(JSON.stringify(payload))

async function signed(alg: string): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(alg)
  return new CompactSign(bytes)
    .setProtectedHeader({ alg, jwk: await exportJWK(publicKey), kid: 'chance' })
    .sign(privateKey)
}

const shown = { acsURL: payload.acsURL, acctNumber: '400000******5100', acsEphemPubKey: '{key}' }

test.each(['PS256', 'RS256', 'ES256', 'EdDSA'])(
  'a JWS with %s is its verified header and its masked payload',
  async (alg) => {
    expect(unwrapped(await signed(alg))).toEqual({
      jws: { header: { alg, jwk: '{key}', kid: '{kid}' }, payload: shown, verified: true },
    })
  },
)

test('a signature that was altered is wrong', async () => {
  const value = await signed('ES256')
  const [header = '', body = '', signature = ''] = value.split('.')
  const altered = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  expect(unwrapped([header, body, altered].join('.'))).toMatchObject({ jws: { verified: 'wrong signature' } })
})

test('what cannot be verified says why', async () => {
  const { privateKey } = await generateKeyPair('ES256')
  const value = await new CompactSign(bytes).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
  expect(unwrapped(value)).toMatchObject({
    jws: { payload: shown, verified: 'cannot be verified: no key in the header' },
  })
})

test('of a JWE the header is there, and nothing else of it', async () => {
  const { publicKey } = await generateKeyPair('ECDH-ES')
  const value = await new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A128GCM' })
    .encrypt(publicKey)
  expect(unwrapped(value)).toEqual({ jwe: { header: { alg: 'ECDH-ES', enc: 'A128GCM', epk: '{key}' } } })
})

test.each(['', 'eyJ', 'eyJ.', 'a.b.c', 'eyJhIjoxfQ.x', '1.2.3'])('%j is what it is', (text) => {
  expect(unwrapped(text)).toBe(text)
})

test('two runs with other keys and other addresses are equal in the canonical form', async () => {
  const entry = (acsSignedContent: string): Entry => ({
    id: 1,
    by: 'ACS',
    at: 0,
    link: 'ACS→DS',
    messageType: 'ARes',
    message: { acsSignedContent },
    threeDSServerTransID: 'x',
  })
  const lines = (value: string): string =>
    [...canonicalLines({ entries: [entry(value)], transactions: [], places: {}, isFrozen: true })].join('\n')
  const one = lines(await signed('PS256'))
  expect(lines(await signed('PS256'))).toBe(one)
  expect(one).toContain('"acsURL":"{acs}/challenge"')
})
