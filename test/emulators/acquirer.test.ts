import http from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAcquirer } from '../../src/emulators/shop/acquirer.ts'
import type { AuthorisationAnswer, AuthorisationRequest } from '../../src/emulators/shop/acquirer-api.ts'
import { authenticationValue, keptLog, post } from './support/loop.ts'

const softDecline = '4111110000000065'
const now = Date.UTC(2026, 3, 10)
const { lines, log } = keptLog()
let server: http.Server
let url = ''

beforeAll(async () => {
  server = http.createServer(express().use(createAcquirer({ clock: () => now, log, softDeclines: [softDecline] })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/authorisations`
})
afterAll(() => void server.close())

type Change = Partial<Omit<AuthorisationRequest, 'threeDS'>> & { readonly threeDS?: object }

let count = 0
async function ask({ threeDS = {}, ...change }: Change = {}): Promise<AuthorisationAnswer> {
  count += 1
  const request = {
    reference: `order-${count}`,
    merchantID: 'HAKONE-0001',
    acctNumber: '4000000000005100',
    cardExpiryDate: '2912',
    amount: '1480',
    currency: '392',
    exponent: '0',
    acceptance: 'YA',
    isAtOwnRisk: false,
    threeDS: {
      messageVersion: '2.2.0',
      dsTransID: `ds-${count}`,
      eci: '05',
      authenticationValue,
      flow: 'frictionless',
      ...threeDS,
    },
    ...change,
  }
  const { status, message } = await post(url, request)
  expect(status).toBe(200)
  return message as AuthorisationAnswer
}

describe('the acquirer', () => {
  test('approves what was authenticated, and the issuer bears a fraud', async () => {
    expect(await ask()).toMatchObject({ responseCode: '00', cause: 'approved', liability: 'issuer' })
  })

  test.each([
    ['4000000000005100', '05', 'approved'],
    ['5200000000000100', '02', 'approved'],
    ['3528000000000100', '05', 'approved'],
    ['340000000000100', '05', 'approved'],
    ['5200000000000100', '05', 'eciUnknown'],
    ['4000000000005100', '02', 'eciUnknown'],
    ['5200000000000100', '00', 'valueUnexpected'],
    ['6011000000000004', '05', 'schemeUnknown'],
  ])('reads the ECI of card %s as its scheme does: %s is %s (RES-ECI-1)', async (acctNumber, eci, cause) => {
    expect(await ask({ acctNumber, threeDS: { eci } })).toMatchObject({ cause })
  })

  test('takes an attempt or not, as the contract says', async () => {
    const threeDS = { eci: '06' }
    expect(await ask({ threeDS })).toMatchObject({ cause: 'approved', liability: 'issuer' })
    expect(await ask({ threeDS, acceptance: 'Y' })).toMatchObject({ responseCode: '05', cause: 'attemptNotAccepted' })
  })

  test.each([
    [{ authenticationValue: undefined }, 'valueMissing'],
    [{ authenticationValue: 'c2hvcnQ=' }, 'valueMalformed'],
    [{ authenticationValue: `${authenticationValue.slice(0, -2)}*=` }, 'valueMalformed'],
    [{ dsTransID: undefined }, 'dsTransIDMissing'],
    [{ eci: '07' }, 'valueUnexpected'],
    [{ eci: '07', authenticationValue: undefined }, 'notAuthenticated'],
    [{ eci: undefined, authenticationValue: undefined }, 'notAuthenticated'],
  ])('wants ECI, value and dsTransID to belong together: %j is %s', async (threeDS, cause) => {
    const answer = await ask({ threeDS })
    expect(answer.cause).toBe(cause)
    expect(answer.responseCode).not.toBe('00')
    expect(answer.liability).toBeUndefined()
  })

  test('approves an exempted payment at the risk of the merchant who asked for it', async () => {
    const threeDS = { eci: '07', authenticationValue: undefined }
    expect(await ask({ threeDS, isAtOwnRisk: true })).toMatchObject({ responseCode: '00', liability: 'merchant' })
  })

  test('declines the soft-decline card with 65 until there was a challenge', async () => {
    expect(await ask({ acctNumber: softDecline })).toEqual({ responseCode: '65', cause: 'authenticationRequired' })
    const challenged = await ask({ acctNumber: softDecline, threeDS: { flow: 'challenge' } })
    expect(challenged).toMatchObject({ responseCode: '00', liability: 'issuer' })
  })

  test('a card is good until the last day of its month', async () => {
    expect(await ask({ cardExpiryDate: '2604' })).toMatchObject({ responseCode: '00' })
    expect(await ask({ cardExpiryDate: '2603' })).toEqual({ responseCode: '54', cause: 'cardExpired' })
  })

  test('an authentication value pays once, and a repeated authorisation gets its answer again', async () => {
    const threeDS = { dsTransID: 'ds-once' }
    const first = await ask({ reference: 'once', threeDS })
    expect(first).toMatchObject({ responseCode: '00' })
    expect(await ask({ reference: 'once', threeDS })).toEqual(first)
    expect(await ask({ reference: 'twice', threeDS })).toEqual({ responseCode: '63', cause: 'valueUsed' })
  })

  test('names what is not valid, never its value, and logs no card number (SEC-LOG-3)', async () => {
    const { status, message } = await post(url, { acctNumber: '4000000000005100x', amount: 'much' })
    expect(status).toBe(400)
    expect(JSON.stringify(message)).toContain('acctNumber')
    expect(JSON.stringify(message)).not.toMatch(/4000|much/)
    expect(lines.join('\n')).not.toMatch(/4000000000005100|4111110000000065/)
    expect(lines.join('\n')).not.toContain(authenticationValue)
  })
})
