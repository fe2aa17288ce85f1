// A signed assessment in the AReq: what is forged, expired, about something else or no JWS at all never counts.
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { carriedBy } from '../../../src/acs/hook/extension.ts'
import { createRefusals } from '../../../src/acs/hook/refusals.ts'
import { sourcesOf } from '../../../src/acs/hook/sources.ts'
import {
  assessmentExtension,
  extensionOf,
  signedAssessment,
} from '../../../src/protocol/crypto/assessment-extension.ts'
import { inspectMessage } from '../../../src/protocol/messages/inspect.ts'
import { areqWith, assessmentOf, now, reply, secretOf, service, sourcesIn, testDoors } from './support.ts'

const own = secretOf('a')
const sources = sourcesIn(`sources:
  - { name: alpha, key: { secret: ${own} }, doors: [areq, ahead] }
  - { name: told-only, key: { secret: ${own} }, doors: [ahead] }
  - { name: elsewhere, key: { secret: ${own} }, doors: [areq], merchants: [OTHER-1] }
`)

const id = '8a880dc0-d2d2-4067-bcb1-b08d1690b26e'
const other = '11111111-d2d2-4067-bcb1-b08d1690b26e'

const heardWith = async (data: unknown) => {
  const doors = testDoors(sources)
  const areq = areqWith({ threeDSServerTransID: id, messageExtension: [{ ...extensionOf({}), data }] })
  const found = await doors.hear(areq)
  doors.close()
  expect(doors.failures).toEqual([])
  return found
}

const signed = (change: Record<string, unknown> = {}, key: string = own, source = 'alpha') =>
  signedAssessment(assessmentOf(id, change), source, key)

test('the extension is one that the tables of the protocol allow, and nobody has to know', () => {
  const extension = extensionOf({ jws: 'x'.repeat(7_900) })
  const bytes = Buffer.from(JSON.stringify(areqWith({ messageExtension: [extension] })))
  const { findings } = inspectMessage(bytes, { leg: 'DS-ACS', profile: 'strict' })
  expect(findings.filter(({ element }) => element.startsWith('messageExtension'))).toEqual([])
  expect(extension.criticalityIndicator).toBe(false)
})

test('signed by its source it is heard', async () => {
  const { heard, unheard } = await heardWith({ jws: await signed({ verdict: 'NG', score: 0.97 }) })
  expect(heard).toMatchObject([{ door: 'areq', assessment: { source: 'alpha', verdict: 'NG', score: 0.97 } }])
  expect(unheard).toEqual([])
})

const [head = '', body = '', signature = ''] = (await signed()).split('.')
const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'alpha' })).toString('base64url')
const swapped = Buffer.from(JSON.stringify(assessmentOf(id, { verdict: 'OK', score: 0 }))).toString('base64url')

const cases: readonly (readonly [string, string, unknown])[] = [
  ['no JWS', 'malformed', 'good customer'],
  ['a number', 'malformed', 5],
  ['nothing', 'malformed', undefined],
  ['two parts', 'malformed', `${head}.${body}`],
  ['parts that are no JSON', 'malformed', 'aaaa.bbbb.cccc'],
  ['a list as payload', 'malformed', `${head}.${Buffer.from('[]').toString('base64url')}.${signature}`],
  ['too much', 'tooLarge', `${head}.${'A'.repeat(8_000)}.${signature}`],
  ['another key', 'badSignature', await signed({}, secretOf('b'))],
  ['another payload under the same signature', 'badSignature', `${head}.${swapped}.${signature}`],
  ['alg none', 'malformed', `${none}.${body}.`],
  ['alg none with a signature', 'badSignature', `${none}.${body}.${signature}`],
  ['an unknown source', 'unknownSource', await signed({ source: 'nobody' }, own, 'nobody')],
  ['a source that may not come by this door', 'unknownSource', await signed({ source: 'told-only' }, own, 'told-only')],
  ['a source of other merchants', 'unknownSource', await signed({ source: 'elsewhere' }, own, 'elsewhere')],
  ['one source in the header, another in the payload', 'unknownSource', await signed({ source: 'told-only' })],
  ['another transaction', 'otherTransaction', await signed({ about: { threeDSServerTransID: other } })],
  ['no transaction', 'otherTransaction', await signed({ about: { orderId: '17' } })],
  ['what has expired', 'expired', await signed({ expiresAt: new Date(now - 1).toISOString() })],
  ['what was issued two days ago', 'tooOld', await signed({ issuedAt: new Date(now - 172_800_000).toISOString() })],
  ['what is of tomorrow', 'notYetValid', await signed({ issuedAt: new Date(now + 86_400_000).toISOString() })],
  ['no verdict', 'schema', await signed({ verdict: undefined })],
  ['a score of 2', 'schema', await signed({ score: 2 })],
  ['a hundred reasons', 'schema', await signed({ reasons: Array.from({ length: 100 }, () => 'x') })],
]

test.each(cases)('%s: %s', async (_, problem, jws) => {
  const { heard, unheard } = await heardWith({ jws })
  expect(heard).toEqual([])
  expect(unheard).toMatchObject([{ door: 'areq', problem }])
})

test.each([[undefined], [null], ['text'], [[]], [7]])('data that are no object (%j) are malformed', async (data) => {
  expect((await heardWith(data)).unheard).toMatchObject([{ problem: 'malformed' }])
})

test('of many entries four are looked at', () => {
  const many = Array.from({ length: 15 }, () => extensionOf({ jws: 'x' }))
  expect(carriedBy(many).tokens).toHaveLength(4)
  expect(carriedBy([{ ...assessmentExtension, id: 'other' }]).tokens).toEqual([])
})

test('ES256 and EdDSA by public keys are heard; the public key itself is no secret to sign with', async () => {
  for (const [alg, curve] of [
    ['ES256', 'P-256'],
    ['EdDSA', 'Ed25519'],
  ] as const) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, crv: curve })
    const { kty, crv, x, y } = await exportJWK(publicKey)
    const jwk = JSON.stringify({ kty, crv, x, ...(y !== undefined && { y }) })
    const doors = testDoors(sourcesIn(`sources:\n  - { name: alpha, key: { jwk: ${jwk} }, doors: [areq] }\n`))
    const areqFor = (jws: string) => areqWith({ threeDSServerTransID: id, messageExtension: [extensionOf({ jws })] })
    const jws = await signedAssessment(assessmentOf(id), 'alpha', await exportJWK(privateKey))
    expect((await doors.hear(areqFor(jws))).heard).toMatchObject([{ door: 'areq' }])
    const confused = await new CompactSign(Buffer.from(JSON.stringify(assessmentOf(id))))
      .setProtectedHeader({ alg: 'HS256', kid: 'alpha' })
      .sign(Buffer.from(String(x), 'base64url'))
    expect((await doors.hear(areqFor(confused))).unheard).toMatchObject([{ problem: 'badSignature' }])
    doors.close()
  }
})

test('the first that is heard of a source counts: the AReq goes before what was told ahead, and that before being asked', async () => {
  const asked = await service((res) => reply(res, {}))
  const both = sourcesIn(`sources:
  - name: alpha
    key: { secret: ${own} }
    doors: [areq, ahead, asked]
    ask: { url: ${asked.url} }
`)
  const doors = testDoors(both, { refusals: createRefusals() })
  doors.told.set(id, [{ at: now, assessment: { ...assessmentOf(id, { verdict: 'HOLD' }) } as never }])
  const carrying = areqWith({
    threeDSServerTransID: id,
    messageExtension: [extensionOf({ jws: await signed({ verdict: 'NG' }) })],
  })
  expect((await doors.hear(carrying)).heard).toMatchObject([{ door: 'areq', assessment: { verdict: 'NG' } }])
  const plain = areqWith({ threeDSServerTransID: id.toUpperCase() })
  expect((await doors.hear(plain)).heard).toMatchObject([{ door: 'ahead', assessment: { verdict: 'HOLD' } }])
  expect(asked.calls).toHaveLength(0)
  const forged = areqWith({
    threeDSServerTransID: id,
    messageExtension: [extensionOf({ jws: await signed({}, secretOf('b')) })],
  })
  expect(await doors.hear(forged)).toMatchObject({
    heard: [{ door: 'ahead' }],
    unheard: [{ door: 'areq', problem: 'badSignature' }],
  })
  doors.close()
  await asked.close()
})

test('without sources nothing is looked at', async () => {
  const doors = testDoors(sourcesOf([]))
  const areq = areqWith({ messageExtension: [extensionOf({ jws: 'x' })] })
  expect(await doors.hear(areq)).toMatchObject({ heard: [], unheard: [] })
  doors.close()
})

test('a part of ours that fails does not hurt the AReq', async () => {
  const doors = testDoors(sources, {
    hook: {
      ahead: {
        of() {
          throw new Error('the disk is gone')
        },
      },
    },
  })
  expect(await doors.hear(areqWith())).toMatchObject({ heard: [], unheard: [] })
  expect(doors.failures).toHaveLength(1)
  doors.close()
})
