// No body whatever gets a 5xx, no answer, or an answer of another kind than its interface gives.
// Spec: FLOW-GEN-2, FLOW-GEN-3, FLOW-GEN-10, FLOW-GEN-11; ACS-VAL-1…19, ACS-VAL-90…105.
import { fc, test } from '@fast-check/vitest'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { inspectMessage } from '../../src/protocol/messages/inspect.ts'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import { sampleMessage } from '../../src/protocol/messages/sample.ts'
import { problemWith } from '../fuzz/http.ts'
import { columns } from '../support/columns.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running

vi.setConfig({ testTimeout: 600_000 }) // hundreds of messages, on a busy machine

beforeAll(async () => {
  sekisho = await running({ only: ['acs'], browserRequestsPerMinute: 1_000_000_000 })
})

afterAll(() => sekisho.close())

const column = fc.constantFrom(...columns)

/** Names that mean something to the protocol or to JavaScript, and others. */
const name = fc.oneof(
  fc.constantFrom(
    'messageType',
    'messageVersion',
    'acctNumber',
    'acctInfo',
    'deviceChannel',
    'messageExtension',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
)
const leaf = fc.oneof(
  fc.constantFrom('AReq', 'Erro', '2.1.0', '2.2.0', '2.3.1', '01', '02', '03', '', 'Y'),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 6 }),
  ),
}))

/** A valid message of any column with some members put in place of its own. */
const spoiled = fc
  .tuple(column, fc.nat(20), fc.dictionary(name, tree, { maxKeys: 4 }))
  .map(([about, seed, members]) =>
    JSON.stringify({ ...sampleMessage({ ...about, fill: 'minimal', seed }), ...members }),
  )

const anyBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 400 }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  tree.map((value) => Buffer.from(JSON.stringify(value))),
  spoiled.map((text) => Buffer.from(text)),
  fc.tuple(spoiled, fc.nat(), fc.uint8Array({ maxLength: 6 })).map(([text, at, bytes]) => {
    const whole = Buffer.from(text)
    const from = at % (whole.length + 1)
    return Buffer.concat([whole.subarray(0, from), bytes, whole.subarray(from)])
  }),
)

/** Long after any answer should be there, also on a machine that is ten times slower. */
const hangAfterMs = 30_000

const post = async (
  path: string,
  type: string,
  body: Uint8Array,
): Promise<{ status: number; type: string; text: string }> => {
  const response = await fetch(`${sekisho.acs}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(hangAfterMs),
  })
  return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() }
}

describe('the parser', () => {
  test.prop([anyBody, column], { numRuns: 2_000 })(
    'throws nothing but a ProtocolError, and the inspection nothing at all',
    (bytes, about) => {
      for (const profile of ['strict', 'lenient'] as const) {
        let thrown: unknown
        try {
          parseMessage(bytes, { ...about, profile, expects: [about.message] })
        } catch (error) {
          thrown = error
        }
        if (thrown !== undefined) expect(thrown).toBeInstanceOf(ProtocolError)
        const { erro } = inspectMessage(bytes, { ...about, profile, expects: [about.message] })
        expect(erro?.errorCode).toBe(thrown instanceof ProtocolError ? thrown.errorCode : undefined)
        expect(erro?.errorDetail).toBe(thrown instanceof ProtocolError ? thrown.errorDetail : undefined)
      }
    },
  )
})

describe('the AReq endpoint', () => {
  test.prop([anyBody], { numRuns: 400 })(
    'answers any body with ARes, ORes or Erro, and an Erro with nothing (FLOW-GEN-3, FLOW-GEN-10, ACS-VAL-19)',
    async (body) => {
      const { status, text } = await post('/acs/areq', 'application/json; charset=utf-8', body)
      expect(problemWith(status, text, Buffer.from(body))).toBeUndefined()
    },
  )

  test.prop([fc.string({ unit: fc.constantFrom(...'abcjson/;=+-*. "'), maxLength: 30 }), anyBody], { numRuns: 100 })(
    'answers any content type with 200 or 415 and a message of the protocol (ACS-VAL-2)',
    async (type, body) => {
      const { status, text } = await post('/acs/areq', type, body)
      expect([200, 415]).toContain(status)
      if (text !== '')
        expect(['Erro', 'ARes', 'ORes']).toContain((JSON.parse(text) as { messageType: string }).messageType)
    },
  )
})

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url')
const fieldName = fc.oneof(
  fc.constantFrom('creq', 'threeDSSessionData', 'threeDSMethodData', 'acsTransID', 'stepToken', 'action', 'otp'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const creq = fc.tuple(
  fc.constantFrom(...columns.filter(({ message }) => message === 'CReq')),
  fc.nat(20),
  fc.dictionary(name, tree, { maxKeys: 3 }),
)
const fieldValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('verify', 'cancel', 'resend', crypto.randomUUID()),
  anyBody.map(base64url),
  creq.map(([about, seed, members]) =>
    base64url(JSON.stringify({ ...sampleMessage({ ...about, fill: 'minimal', seed }), ...members })),
  ),
  fc
    .record(
      {
        threeDSServerTransID: fc.oneof(fc.uuid(), fc.string()),
        threeDSMethodNotificationURL: fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })),
      },
      { requiredKeys: [] },
    )
    .map((data) => base64url(JSON.stringify(data))),
)
const anyForm: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.tuple(fieldName, fieldValue), { maxLength: 5 })
      .map((fields) => Buffer.from(new URLSearchParams(fields).toString())),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
)

describe.each(['/acs/challenge', '/acs/challenge/answer', '/acs/method'])('%s', (path) => {
  test.prop([anyForm], { numRuns: 150 })(
    'answers any form with a page, and never with a failure (FLOW-GEN-11, ACS-VAL-90, ACS-VAL-91, ACS-VAL-105)',
    async (form) => {
      const { status, type, text } = await post(path, 'application/x-www-form-urlencoded', form)
      expect([200, 400]).toContain(status)
      expect(type.toLowerCase()).toBe('text/html; charset=utf-8')
      expect(text).toMatch(/^<!doctype html>/i)
    },
  )
})

describe('/acs/method/data', () => {
  test.prop([anyBody], { numRuns: 100 })('takes any body or says 400, and never fails', async (body) => {
    const { status } = await post('/acs/method/data', 'application/json', body)
    expect([204, 400]).toContain(status)
  })
})

test('nothing of this was a failure of ours', () => {
  expect(sekisho.log()).not.toMatch(/"level":(?:50|60)/)
})
