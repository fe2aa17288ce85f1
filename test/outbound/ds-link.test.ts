// Posting to a DS: what comes back is told apart, and only allowed addresses are called.
import http from 'node:http'
import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createDsLink, isAllowed } from '../../src/outbound/ds-link.ts'

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Call {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** A server on loopback that keeps its calls and answers as told. */
async function serving(answer: (res: http.ServerResponse, req: http.IncomingMessage) => void) {
  const calls: Call[] = []
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      calls.push({
        method: req.method ?? '',
        url: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      })
      answer(res, req)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  return { calls, server, port, url: `http://127.0.0.1:${port}/rreq` }
}

/** A TCP server that speaks no HTTP. */
async function talking(onSocket: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`
}

function link(withinMs = 1_000, allowedOrigins: readonly string[] = []) {
  const made = createDsLink({ allowedOrigins, withinMs })
  closers.push(() => made.close())
  return made
}

test('a message goes out by POST as JSON in UTF-8 with its length and the request id (FLOW-GEN-1, FLOW-GEN-8, FLOW-GEN-11)', async () => {
  const ds = await serving((res) => res.end('{}'))
  const body = '{"merchantName":"箱根"}'
  await link().post(ds.url, body, 'id-1')
  expect(ds.calls).toMatchObject([
    {
      method: 'POST',
      url: '/rreq',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        'x-request-id': 'id-1',
      },
    },
  ])
})

test('HTTP 200 is a body, with its content type, whatever it holds (ACS-VAL-134)', async () => {
  const ds = await serving((res) => res.writeHead(200, { 'content-type': 'text/plain' }).end('no JSON'))
  const answer = await link().post(ds.url, '{}', 'x')
  expect(answer).toMatchObject({ kind: 'body', contentType: 'text/plain' })
  expect(answer.kind === 'body' && Buffer.from(answer.bytes).toString()).toBe('no JSON')
})

test.each([201, 204, 400, 404, 429, 500, 503])('HTTP %i is a status (RES-RR-5)', async (status) => {
  const ds = await serving((res) => res.writeHead(status).end('x'))
  expect(await link().post(ds.url, '{}', 'x')).toEqual({ kind: 'status', status })
})

test.each([301, 302, 307, 308])('a redirect by %i is not followed (SEC-LIM-4)', async (status) => {
  const target = await serving((res) => res.end('{}'))
  const ds = await serving((res) => res.writeHead(status, { location: target.url }).end())
  expect(await link().post(ds.url, '{}', 'x')).toEqual({ kind: 'status', status })
  expect(target.calls).toEqual([])
})

describe('no answer in time', () => {
  test('on a new connection is late: the DS has the message, so it is not sent again (RES-RR-4)', async () => {
    const ds = await serving(() => {})
    expect(await link(60).post(ds.url, '{}', 'x')).toEqual({ kind: 'late' })
    expect(ds.calls).toHaveLength(1)
  })

  test('on a connection that was used before is late as well (RES-RR-4)', async () => {
    let isFirst = true
    const ds = await serving((res) => {
      if (isFirst) res.end('{}')
      isFirst = false
    })
    const used = link(60)
    expect(await used.post(ds.url, '{}', 'x')).toMatchObject({ kind: 'body' })
    expect(await used.post(ds.url, '{}', 'x')).toEqual({ kind: 'late' })
  })

  test('in the middle of the answer is late as well (RES-RR-4)', async () => {
    const ds = await serving((res) => res.writeHead(200, { 'content-length': 10 }).write('{'))
    expect(await link(60).post(ds.url, '{}', 'x')).toEqual({ kind: 'late' })
  })

  test('to a large message that the DS does not read is no connection (RES-RR-3)', async () => {
    const url = await talking((socket) => void socket.pause())
    expect(await link(200).post(url, 'x'.repeat(20_000_000), 'x')).toEqual({
      kind: 'noConnection',
      reason: 'timed out',
    })
  })
})

describe('a connection that cannot be had, or breaks, is told apart from an answer (RES-RR-3)', () => {
  test('nobody listens', async () => {
    const ds = await serving(() => {})
    await closers.splice(0)[0]?.()
    expect(await link().post(ds.url, '{}', 'x')).toEqual({ kind: 'noConnection', reason: 'ECONNREFUSED' })
  })

  test('it is closed before the answer', async () => {
    const ds = await serving((_res, req) => req.socket.destroy())
    expect(await link().post(ds.url, '{}', 'x')).toMatchObject({ kind: 'noConnection' })
  })

  test('it is closed in the middle of the answer', async () => {
    const ds = await serving((res, req) => {
      res.writeHead(200, { 'content-length': 10 }).write('{"a"')
      setTimeout(() => req.socket.destroy(), 10)
    })
    expect(await link().post(ds.url, '{}', 'x')).toEqual({ kind: 'noConnection', reason: 'answer broken off' })
  })

  test('what answers speaks no HTTP', async () => {
    const url = await talking((socket) => void socket.end('hello\r\n'))
    expect(await link().post(url, '{}', 'x')).toMatchObject({ kind: 'noConnection' })
  })
})

test('an answer without end is cut at its limit (SEC-LIM-2)', async () => {
  const ds = await serving((res) => res.writeHead(200).end(Buffer.alloc(200 * 1024, 0x20)))
  expect(await link().post(ds.url, '{}', 'x')).toEqual({ kind: 'status', status: 413 })
})

test('what is not allowed is not called (SEC-TLS-9)', async () => {
  const ds = await serving((res) => res.end('{}'))
  const url = ds.url.replace('127.0.0.1', '127.0.0.1.example')
  expect(await link().post(url, '{}', 'x')).toEqual({ kind: 'notAllowed' })
  expect(ds.calls).toEqual([])
})

test('after it was closed nothing is sent any more, and what waits is told so', async () => {
  const ds = await serving(() => {})
  const made = link(5_000)
  const waiting = made.post(ds.url, '{}', 'x')
  while (ds.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  made.close()
  expect(await waiting).toEqual({ kind: 'noConnection', reason: 'stopping' })
  expect(await made.post(ds.url, '{}', 'x')).toEqual({ kind: 'noConnection', reason: 'stopping' })
  expect(ds.calls).toHaveLength(1)
})

describe('a dsURL (SEC-TLS-9)', () => {
  const origins = ['https://ds.example', 'http://ds.example:8080']

  test.each([
    'http://localhost:9440/ds/rreq',
    'http://127.0.0.1/x',
    'http://127.8.9.1:1/',
    'https://[::1]:9440/',
    'http://LOCALHOST/x',
    'https://ds.example/rreq?x=1',
    'https://ds.example:443/rreq',
    'http://ds.example:8080/',
  ])('%s is allowed', (url) => {
    expect(isAllowed(url, origins)).toBe(true)
  })

  test.each([
    'http://ds.example/rreq',
    'https://ds.example:8443/',
    'https://ds.example.evil.example/',
    'https://evil.example/?https://ds.example',
    'https://ds.example@evil.example/',
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://[::ffff:10.0.0.1]/',
    'ftp://localhost/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
    '',
  ])('%s is not', (url) => {
    expect(isAllowed(url, origins)).toBe(false)
  })
})
