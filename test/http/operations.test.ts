// For machines: health and metrics.
import express from 'express'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationsRouter } from '../../src/http/operations.ts'
import { listen } from '../../src/web/server.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, frictionlessCard, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, challenged, opened, raw } from './support.ts'

let ds: ListeningDs
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

test.each(['live', 'ready'])('health/%s says ok', async (which) => {
  const response = await fetch(`${sekisho.acs}/health/${which}`)
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
})

test('what is stopping is alive but not ready: 503', async () => {
  let isReady = true
  const app = express().use(operationsRouter({ isReady: () => isReady, metrics: new Registry() }))
  const door = await listen(app, 'localhost', 0)
  const at = (which: string) => fetch(`http://localhost:${door.port}/health/${which}`)
  expect((await at('ready')).status).toBe(200)
  isReady = false
  const response = await at('ready')
  expect([response.status, await response.json()]).toEqual([503, { status: 'stopping' }])
  expect((await at('live')).status).toBe(200)
  await door.close()
})

describe('metrics', () => {
  const metrics = async (): Promise<string> => {
    const response = await fetch(`${sekisho.acs}/metrics`)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/)
    return response.text()
  }

  /** Value of the series with exactly these labels, in any order. */
  const countOf = (text: string, name: string, labels: Readonly<Record<string, string>> = {}): number => {
    const line = text.split('\n').find((candidate) => {
      const [, found, list = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(candidate) ?? []
      const pairs = Object.fromEntries(
        [...list.matchAll(/([A-Za-z_]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      )
      return (
        found === name && JSON.stringify(Object.entries(pairs).sort()) === JSON.stringify(Object.entries(labels).sort())
      )
    })
    return line === undefined ? 0 : Number(line.split(' ').at(-1))
  }

  test('count AReqs by outcome and by who decided, with the time they took', async () => {
    const before = await metrics()
    await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard }))
    await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard }))
    const after = await metrics()
    const labels = { transStatus: 'Y', decidedBy: 'scenario' }
    expect(
      countOf(after, 'sekisho_authentications_total', labels) -
        countOf(before, 'sekisho_authentications_total', labels),
    ).toBe(2)
    expect(
      countOf(after, 'sekisho_authentication_seconds_count') - countOf(before, 'sekisho_authentication_seconds_count'),
    ).toBe(2)
  })

  test('count Erros by code', async () => {
    await post(`${sekisho.acs}/acs/areq`, browserAReq({ mcc: undefined }))
    await post(`${sekisho.acs}/acs/areq`, '{')
    const text = await metrics()
    expect(countOf(text, 'sekisho_erros_total', { messageType: 'AReq', errorCode: '201' })).toBe(1)
    expect(countOf(text, 'sekisho_erros_total', { messageType: 'unknown', errorCode: '101' })).toBe(1)
  })

  test('count challenges by their end and attempts to deliver an RReq', async () => {
    const challenge = await challenged(sekisho, ds)
    await answered(sekisho, challenge, await opened(sekisho, challenge), { action: 'cancel' })
    const text = await metrics()
    expect(
      countOf(text, 'sekisho_challenges_total', { transStatus: 'N', transStatusReason: '01', challengeCancel: '01' }),
    ).toBe(1)
    expect(countOf(text, 'sekisho_rreq_attempts_total', { outcome: 'RRes 01' })).toBe(1)
    expect(countOf(text, 'sekisho_failures_total')).toBe(0)
  })
})

test.each(['/nothing', '/acs', '/acs/nothing', '/health', '/health/x'])('%s is not found, in words', async (where) => {
  const response = await fetch(`${sekisho.acs}${where}`)
  expect([response.status, await response.text()]).toEqual([404, 'Not found\n'])
  expect(response.headers.get('x-powered-by')).toBeNull()
})

test.each(['/%', '/acs/%E0%A4%A', '/health/%'])('%s is a bad request, without a trace', async (where) => {
  const answer = await raw(`${sekisho.acs}${where}`, { method: 'GET' })
  expect(answer.status).toBeLessThan(500)
  expect(answer.text).not.toMatch(/node_modules| at /)
})
