// A merchant-side service for bench/hook.ts: answers every question signed, after so many milliseconds.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { webhookHeaders } from '../src/protocol/crypto/webhook-signature.ts'

const [secret = '', delay = '0'] = process.argv.slice(2)
let ids = 0
const server = http.createServer((req, res) => {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => {
    const { source, about } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { source: string; about: object }
    const now = Date.now()
    const issuedAt = new Date(now).toISOString()
    const body = JSON.stringify({ source, verdict: 'OK', score: 0.1, reasons: ['bench'], issuedAt, about })
    ids += 1
    const headers = webhookHeaders(secret, `bench_${now}_${ids}`, now, body)
    setTimeout(() => {
      if (!res.destroyed) res.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
    }, Number(delay))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', (message) => {
  if (message === 'stop') process.exit(0)
})
