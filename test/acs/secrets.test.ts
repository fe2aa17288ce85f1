// Keyed functions of the ACS.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createSecrets } from '../../src/acs/secrets.ts'

const key = (fill: number): Buffer => Buffer.alloc(32, fill)
const keys = { panHash: key(1), entity: key(2), otp: key(3), stepToken: key(4), authenticationValue: key(5) }
const secrets = createSecrets(keys)
const id = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e'
const other = 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b'

describe('a sealed text', () => {
  test.prop([fc.string({ unit: 'grapheme', maxLength: 500 })])('comes back as it was (FLOW-GEN-5)', (text) => {
    expect(secrets.unseal(id, secrets.seal(id, text))).toBe(text)
  })

  test('shows nothing of itself and is the same in equal runs', () => {
    const sealed = secrets.seal(id, 'order-42')
    expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(Buffer.from(sealed, 'base64url').includes('order')).toBe(false)
    expect(secrets.seal(id, 'order-42')).toBe(sealed)
    expect(secrets.seal(other, 'order-42').slice(0, 16)).not.toBe(sealed.slice(0, 16))
  })

  test.each([
    ['of another transaction', secrets.seal(other, 'x')],
    ['that was changed', `A${secrets.seal(id, 'some text').slice(1)}`],
    ['that never was one', 'order-42'],
    ['of nothing', ''],
  ])('%s does not open', (_, sealed) => {
    expect(secrets.unseal(id, sealed)).toBeUndefined()
  })

  test('does not open with other keys', () => {
    expect(createSecrets({ ...keys, stepToken: key(9) }).unseal(id, secrets.seal(id, 'x'))).toBeUndefined()
  })
})

test('a code has six digits and differs by transaction, number and key (SEC-OTP-1, SEC-OTP-2)', () => {
  const codes = Array.from({ length: 300 }, (_, n) => secrets.otp(id, n, 'a secret'))
  expect(codes.every((code) => /^[0-9]{6}$/.test(code))).toBe(true)
  expect(new Set(codes).size).toBeGreaterThan(295)
  expect(secrets.otp(other, 1, 'a secret')).not.toBe(secrets.otp(id, 1, 'a secret'))
  expect(createSecrets({ ...keys, otp: key(9) }).otp(id, 1, 'a secret')).not.toBe(secrets.otp(id, 1, 'a secret'))
})

test('a step token belongs to one step of one transaction (SEC-CSP-9, SEC-RPL-3)', () => {
  const tokens = [
    secrets.stepToken(id, 1),
    secrets.stepToken(id, 2),
    secrets.stepToken(other, 1),
    secrets.stepToken(id, 11),
  ]
  expect(new Set(tokens.map((token) => token.split('.')[1])).size).toBe(4)
})

test('a card number hash follows from number and key alone', () => {
  expect(secrets.panHash('4111110000000021')).toMatch(/^[0-9a-f]{32}$/)
  expect(secrets.panHash('4111110000000021')).toBe(createSecrets({ ...keys, otp: key(9) }).panHash('4111110000000021'))
  expect(secrets.panHash('4111110000000021')).not.toBe(secrets.panHash('41111100000000210'))
  expect(createSecrets({ ...keys, panHash: key(9) }).panHash('4111110000000021')).not.toBe(
    secrets.panHash('4111110000000021'),
  )
})

test('an authentication value follows from transaction, card, amount, currency and status (RES-AV-4, RES-AV-6)', () => {
  const input = { acsTransID: id, panHash: 'a', purchaseAmount: '100', purchaseCurrency: '392', transStatus: 'Y' }
  const value = secrets.authenticationValue(input)
  expect(value).toMatch(/^[A-Za-z0-9+/]{27}=$/)
  expect(secrets.authenticationValue({ ...input })).toBe(value)
  for (const change of [
    { acsTransID: other },
    { panHash: 'b' },
    { purchaseAmount: '1000' },
    { purchaseCurrency: '840' },
    { transStatus: 'A' },
  ])
    expect(secrets.authenticationValue({ ...input, ...change })).not.toBe(value)
})
