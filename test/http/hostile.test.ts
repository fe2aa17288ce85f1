// Hostile input to the interfaces that anybody can reach: for each the one right answer. Spec: section 5.9; ACS-VAL-1…16, SEC-LIM-2, SEC-B64-4.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Answer,
  areq,
  areqText,
  byteForms,
  MiB,
  malformed,
  nested,
  structures,
  values,
} from '../support/hostile.ts'
import type { Members } from '../support/messages.ts'
import { rawExchange } from '../support/raw-socket.ts'
import { type Running, running } from '../support/running.ts'
import { type RawAnswer, raw } from './support.ts'

let sekisho: Running
let areqUrl: string

beforeAll(async () => {
  sekisho = await running({ only: ['acs'], browserRequestsPerMinute: 1_000_000 })
  areqUrl = `${sekisho.acs}/acs/areq`
})

afterAll(() => sekisho.close())

const json = { 'content-type': 'application/json; charset=utf-8' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

const send = (body: string | Uint8Array, headers: Record<string, string> = json): Promise<RawAnswer> =>
  raw(areqUrl, { headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, pieces: [body] })

function expectAnswer({ status, text }: RawAnswer, expected: Answer): void {
  const body = JSON.parse(text) as Members
  expect(status).toBe(200)
  if (expected === 'ARes') expect([body.messageType, body.errorDetail]).toEqual(['ARes', undefined])
  else {
    const [errorCode, errorDetail] = expected
    expect(body).toMatchObject({ messageType: 'Erro', errorComponent: 'A', errorCode, errorDetail })
  }
}

describe('the structure of an AReq', () => {
  test.each(structures)(
    '%s (ACS-VAL-4, ACS-VAL-11, ACS-VAL-13, ACS-VAL-34, ACS-VAL-82, SEC-B64-4)',
    async (_what, body, expected) => {
      expectAnswer(await send(body()), expected)
    },
  )

  test.each([
    ['__proto__', '{"acctNumber":"4000000000000000","transStatus":"Y"}'],
    ['constructor', '{"prototype":{"messageType":"Erro"}}'],
    ['prototype', '{"messageType":"Erro"}'],
    ['toString', '"x"'],
    ['hasOwnProperty', 'null'],
    ['valueOf', '[]'],
  ])(
    'a member named %s is unknown, thus ignored, and changes no other object (ACS-VAL-34, SEC-B64-4)',
    async (name, value) => {
      const before = Object.getOwnPropertyNames(Object.prototype).length
      expectAnswer(await send(areqText(`,"${name}":${value}`)), 'ARes')
      expectAnswer(await send(areqText(`,"acctInfo":{"${name}":${value}}`)), 'ARes')
      expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before)
      expect(({} as Members).transStatus).toBeUndefined()
      expectAnswer(await send(JSON.stringify(areq())), 'ARes')
    },
  )

  test('required members that only the prototype has are missing (ACS-VAL-26)', async () => {
    const { acctNumber, ...rest } = areq()
    const text = JSON.stringify(rest).replace(/\}$/, `,"__proto__":{"acctNumber":"${acctNumber}"}}`)
    expectAnswer(await send(text), ['201', 'acctNumber'])
  })
})

describe('the values of an AReq', () => {
  test.each(values)(
    '%s (ACS-VAL-4, ACS-VAL-5, ACS-VAL-8, ACS-VAL-13, ACS-VAL-25, ACS-VAL-34, ACS-VAL-68)',
    async (_what, body, expected) => {
      expectAnswer(await send(body()), expected)
    },
  )
})

describe('the bytes of an AReq', () => {
  test.each(byteForms)('%s (ACS-VAL-4)', async (_what, body, expected) => {
    expectAnswer(await send(body()), expected)
  })
})

/** Answers without HTTP 200 carry the Erro of ACS-VAL-4 as their body. */
function expectRefused({ status, text }: RawAnswer, expected: number): void {
  expect(status).toBe(expected)
  expect(JSON.parse(text)).toMatchObject({
    messageType: 'Erro',
    errorCode: '101',
    errorDetail: 'Invalid Formatted Message',
  })
}

describe('the transport of an AReq', () => {
  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])(
    '%s is 405 and names POST (ACS-VAL-1)',
    async (method) => {
      const answer = await raw(areqUrl, { method, headers: json })
      expectRefused(answer, 405)
      expect(answer.headers.allow).toBe('POST')
    },
  )

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jose',
    'application/jsonp',
    'application/problem+json',
    '',
    ';',
    'x'.repeat(8_000),
  ])('content type %j is 415 (ACS-VAL-2)', async (type) => {
    expectRefused(await send(JSON.stringify(areq()), { 'content-type': type }), 415)
  })

  test('no content type at all is 415 (ACS-VAL-2)', async () => {
    expectRefused(await send(JSON.stringify(areq()), {}), 415)
  })

  test.each(['APPLICATION/JSON ; Charset = UTF-8', 'application/json', 'application/json;charset="utf-8"'])(
    'content type %j is taken (FLOW-GEN-1)',
    async (type) => expectAnswer(await send(JSON.stringify(areq()), { 'content-type': type }), 'ARes'),
  )

  test.each([
    ['gzip', gzipSync(Buffer.alloc(64 * MiB))],
    ['GZIP', gzipSync('{}')],
    ['br', brotliCompressSync('{}')],
    ['deflate, gzip', gzipSync('{}')],
    ['x-unknown', Buffer.from('{}')],
  ] as const)('content-encoding %s is 415 and is not unpacked (SEC-LIM-2)', async (encoding, body) => {
    const answer = await send(body, { ...json, 'content-encoding': encoding })
    expectRefused(answer, 415)
    expect(answer.headers['accept-encoding']).toBe('identity')
  })

  test('content-encoding identity is none', async () => {
    expectAnswer(await send(JSON.stringify(areq()), { ...json, 'content-encoding': 'identity' }), 'ARes')
  })

  test('a gzip bomb that does not say so is no JSON (ACS-VAL-4)', async () => {
    expectAnswer(await send(gzipSync(Buffer.alloc(64 * MiB))), malformed)
  })

  test('a body over the limit is 413 before it was sent, and the connection ends (ACS-VAL-3)', async () => {
    const reply = await rawExchange(areqUrl, [head(['Content-Length: 1048577']), 'x'.repeat(1_000)], {
      endsAfter: true,
    })
    expect([reply.status, reply.answers]).toEqual([413, 1])
    expect(reply.headers.toLowerCase()).toContain('connection: close')
  })

  test('a body over the limit is 413 while it is sent in chunks (ACS-VAL-3)', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const reply = await rawExchange(areqUrl, [
      head(['Transfer-Encoding: chunked']),
      ...Array.from({ length: 17 }, () => chunk),
      '0\r\n\r\n',
    ])
    expect([reply.status, reply.answers]).toEqual([413, 1])
  })
})

/** Request line and headers of an AReq that asks for one answer. */
const head = (headers: readonly string[], line = 'POST /acs/areq HTTP/1.1'): string =>
  [line, 'Host: localhost', 'Content-Type: application/json', 'Connection: close', ...headers, '', ''].join('\r\n')

describe('HTTP that is ambiguous or broken', () => {
  const body = '{}'
  test.each<[what: string, pieces: readonly string[], status: number]>([
    ['two lengths that differ', [head(['Content-Length: 2', 'Content-Length: 3']), body], 400],
    ['two lengths that agree', [head(['Content-Length: 2', 'Content-Length: 2']), body], 400],
    ['two lengths in one header', [head(['Content-Length: 2, 2']), body], 400],
    ['a length and chunks', [head(['Content-Length: 2', 'Transfer-Encoding: chunked']), '2\r\n{}\r\n0\r\n\r\n'], 400],
    ['chunks and a length', [head(['Transfer-Encoding: chunked', 'Content-Length: 2']), '2\r\n{}\r\n0\r\n\r\n'], 400],
    ['a negative length', [head(['Content-Length: -2']), body], 400],
    ['a length that is none', [head(['Content-Length: two']), body], 400],
    ['a length beyond all numbers', [head([`Content-Length: ${'9'.repeat(40)}`]), body], 400],
    ['a chunk whose size is none', [head(['Transfer-Encoding: chunked']), 'zz\r\n{}\r\n0\r\n\r\n'], 400],
    [
      'an encoding of the transfer nobody knows',
      [head(['Transfer-Encoding: gzip, chunked']), '2\r\n{}\r\n0\r\n\r\n'],
      200,
    ],
    ['a header of 64 KB', [head([`X-Long: ${'x'.repeat(65_536)}`, 'Content-Length: 2']), body], 431],
    [
      'a thousand headers',
      [head([...Array.from({ length: 1_000 }, (_, i) => `X-${i}: ${'x'.repeat(30)}`), 'Content-Length: 2']), body],
      431,
    ],
    ['a path of 64 KB', [head(['Content-Length: 2'], `POST /acs/${'x'.repeat(65_536)} HTTP/1.1`), body], 431],
    ['a method that is none', [head(['Content-Length: 2'], 'SHOUT /acs/areq HTTP/1.1'), body], 400],
    ['a request line that is none', ['\u0000\u0001\u0002\r\n\r\n'], 400],
    ['TLS to a door without it', ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'], 400],
    ['a space in the name of a header', [head(['Content-Length : 2']), body], 400],
    ['a header folded over two lines', [head(['X-Folded: a', ' b', 'Content-Length: 2']), body], 400],
    ['no host', ['POST /acs/areq HTTP/1.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}'], 400],
  ])('%s (RFC 9112, SEC-LIM-2)', async (_what, pieces, status) => {
    const reply = await rawExchange(areqUrl, pieces)
    expect([reply.status, reply.answers]).toEqual([status, 1])
    expectAnswer(await send(JSON.stringify(areq())), 'ARes') // and the next one is served
  })

  test('a body that ends before its length is answered by nobody, and noted as no failure', async () => {
    const reply = await rawExchange(areqUrl, [head(['Content-Length: 500']), '{"messageType":"AReq"'], {
      endsAfter: true,
    })
    expect(reply.answers === 0 || reply.status === 400).toBe(true)
    expect(sekisho.log()).not.toContain('"msg":"failed"')
  })

  test.concurrent('a body that never comes is cut after ten seconds with 408 (SEC-LIM-2)', async () => {
    const reply = await rawExchange(areqUrl, [head(['Content-Length: 500']), '{'])
    expect([reply.status, reply.answers]).toEqual([408, 1])
  })

  test.concurrent('headers that never end are cut after ten seconds with 408 (SEC-LIM-2)', async () => {
    const reply = await rawExchange(areqUrl, ['POST /acs/areq HTTP/1.1\r\nHost: localhost\r\nX-Slow: '])
    expect([reply.status, reply.answers]).toEqual([408, 1])
  })
})

describe('forms of the browser interface', () => {
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = form): Promise<RawAnswer> =>
    raw(`${sekisho.acs}${path}`, {
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      pieces: [body],
    })
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

  const creqs: readonly (readonly [what: string, body: () => string])[] = [
    ['no creq', () => 'x=1'],
    ['two creqs', () => 'creq=e30&creq=e30'],
    ['an empty creq', () => 'creq='],
    ['a creq that is no base64', () => 'creq=%00%ff%fe!!'],
    ['a creq of 100 KB', () => `creq=${'A'.repeat(100_000)}`],
    ['a creq nested 1,000 deep', () => `creq=${Buffer.from(nested(1_000, '[', ']')).toString('base64url')}`],
    ['a creq with __proto__', () => `creq=${Buffer.from('{"__proto__":{"acsTransID":"x"}}').toString('base64url')}`],
    [
      'a creq with ids of nobody',
      () =>
        `creq=${encoded({ messageType: 'CReq', acsTransID: crypto.randomUUID(), threeDSServerTransID: crypto.randomUUID(), messageVersion: '2.2.0', challengeWindowSize: '01' })}`,
    ],
    ['10,000 fields', () => Array.from({ length: 10_000 }, (_, i) => `f${i}=1`).join('&')],
    ['percent signs only', () => '%'.repeat(1_000)],
  ]
  test.each(creqs)(
    'a challenge post with %s gets an error page with HTTP 400 (ACS-VAL-90, ACS-VAL-91, ACS-VAL-95)',
    async (_what, body) => {
      const answer = await post('/acs/challenge', body())
      expect(answer.status).toBe(400)
      expect(answer.headers['content-type']).toMatch(/^text\/html/)
      expect(answer.text).toContain('data-testid="error-page"')
    },
  )

  test.each(['/acs/challenge', '/acs/challenge/answer', '/acs/method'])(
    '%s: 405, 413, 415 are pages (ACS-VAL-1, ACS-VAL-2, ACS-VAL-3)',
    async (path) => {
      const answers = [
        await raw(`${sekisho.acs}${path}`, { method: 'PUT', headers: form }),
        await post(path, `creq=${'A'.repeat(128 * 1024)}`),
        await post(path, 'creq=e30', json),
        await post(path, gzipSync('creq=e30'), { ...form, 'content-encoding': 'gzip' }),
      ]
      expect(answers.map(({ status }) => status)).toEqual([405, 413, 415, 415])
      for (const { headers, text } of answers) {
        expect(headers['content-type']).toMatch(/^text\/html/)
        expect(text).toContain('data-testid="error-page"')
      }
    },
  )

  test.each([
    ['nothing', ''],
    ['no JSON', 'threeDSMethodData=AAAA'],
    [
      'an address that is a script',
      `threeDSMethodData=${encoded({ threeDSServerTransID: crypto.randomUUID(), threeDSMethodNotificationURL: 'javascript:alert(1)' })}`,
    ],
    [
      'an id with markup',
      `threeDSMethodData=${encoded({ threeDSServerTransID: '<script>', threeDSMethodNotificationURL: 'https://shop.example.com/' })}`,
    ],
  ])(
    'a 3DS Method post with %s gets a page with HTTP 400 that repeats nothing (FLOW-MTH-8, SEC-URL-2, SEC-LOG-3)',
    async (_what, body) => {
      const answer = await post('/acs/method', body)
      expect(answer.status).toBe(400)
      expect(answer.text).not.toContain('javascript:alert')
      expect(answer.text).not.toContain('<script>"')
    },
  )
})
