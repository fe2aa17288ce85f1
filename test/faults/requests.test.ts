// Each fault on a request, as the receiver sees it on its socket, and what the sender makes of it: ACS→DS.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFaults, type FaultBook } from '../../src/faults/registry.ts'
import { plannedFaultSchema } from '../../src/faults/rule.ts'
import { createDsLink } from '../../src/outbound/ds-link.ts'
import { rres } from '../support/ds.ts'
import type { Members } from '../support/messages.ts'
import { type Heard, isWhole, type Listener, listener } from './support.ts'

const rreq = {
  messageType: 'RReq',
  messageVersion: '2.2.0',
  threeDSServerTransID: '8a880dc0-d2d2-4067-bcb1-b08d1690b26e',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
  dsTransID: 'f25084f0-5b16-4c0a-ae5d-b24808a95e4b',
  transStatus: 'Y',
  authenticationValue: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
}
const body = JSON.stringify(rreq)

let ds: Listener
let faults: FaultBook
const closers: (() => void)[] = []

beforeEach(async () => {
  ds = await listener((text) => {
    try {
      return JSON.stringify(rres(JSON.parse(text) as Members))
    } catch {
      return '{"messageType":"Erro"}'
    }
  })
  faults = createFaults({ random: () => 0, now: () => 0 })
})
afterEach(async () => {
  for (const close of closers.splice(0)) close()
  faults.close()
  await ds.close()
})

/** What came of an RReq that meets the fault. */
async function sent(fault: object, withinMs = 5_000) {
  faults.add(plannedFaultSchema.parse({ link: 'ACS-DS', message: 'RReq', fault }))
  const link = createDsLink({ allowedOrigins: [], withinMs, faults })
  closers.push(() => link.close())
  const met: object[] = []
  const answer = await link.post(ds.url, body, 'id', (one) => met.push(one))
  return { answer, met: met[0] ?? {}, heard: ds.heard }
}

const bodyOf = ({ text }: Heard): string => text.slice(text.indexOf('\r\n\r\n') + 4)
const lengthOf = ({ text }: Heard): number => Number(/content-length: ([0-9]+)/i.exec(text)?.[1])
const ended = (heard: readonly Heard[]) => expect.poll(() => heard[0]?.end, { timeout: 10_000 })

describe('an RReq', () => {
  test('drop: a connection that is opened and closed', async () => {
    const { answer, heard, met } = await sent({ kind: 'drop' })
    expect(answer).toEqual({ kind: 'noConnection', reason: 'dropped' })
    await ended(heard).toBe('fin')
    expect(heard).toMatchObject([{ text: '' }])
    expect(met).toEqual({ fault: 'drop', sent: '' })
  })

  test('reset: half of it, then RST', async () => {
    const { answer, heard } = await sent({ kind: 'reset' })
    expect(answer).toEqual({ kind: 'noConnection', reason: 'reset' })
    await ended(heard).toBe('reset')
    expect(heard[0] && isWhole(heard[0].text)).toBe(false)
  })

  test('hang: half of it, and then nothing, until the sender has waited long enough', async () => {
    const { answer, heard } = await sent({ kind: 'hang' }, 300)
    expect(answer).toEqual({ kind: 'noConnection', reason: 'timed out' })
    const [one] = heard
    expect(one && lengthOf(one)).toBe(body.length)
    expect(one && bodyOf(one)).toBe(body.slice(0, Math.floor(body.length / 2)))
  })

  test('truncate: the whole length is announced, half comes, then the connection ends', async () => {
    const { answer, heard } = await sent({ kind: 'truncate' })
    expect(answer).toEqual({ kind: 'noConnection', reason: 'truncated' })
    await ended(heard).toBe('fin')
    const [one] = heard
    expect(one && lengthOf(one)).toBe(body.length)
    expect(one && bodyOf(one)).toBe(body.slice(0, Math.floor(body.length / 2)))
  })

  test('truncate with an honest length: a request in order, with half a message', async () => {
    const { answer, heard, met } = await sent({ kind: 'truncate', contentLength: 'sent' })
    expect(answer.kind).toBe('body')
    const [one] = heard
    expect(one && bodyOf(one)).toBe(body.slice(0, Math.floor(body.length / 2)))
    expect(met).toMatchObject({ fault: 'truncate (content-length as sent)' })
  })

  test('drip: in many pieces, whole in the end, and answered', async () => {
    const { answer, heard } = await sent({ kind: 'drip', bytesPerSecond: 1_000 })
    expect(answer.kind).toBe('body')
    const [one] = heard
    expect(one && bodyOf(one)).toBe(body)
    expect(one?.pieces).toBeGreaterThan(3)
  })

  test('status: it never arrives', async () => {
    const { answer, heard, met } = await sent({ kind: 'status', status: 503 })
    expect(answer).toEqual({ kind: 'status', status: 503 })
    expect(heard).toEqual([])
    expect(met).toEqual({ fault: 'status 503', sent: '' })
  })

  test('delay: whole, and answered', async () => {
    const { answer, heard, met } = await sent({ kind: 'delay', delay: 50 })
    expect(answer.kind).toBe('body')
    expect(heard[0] && bodyOf(heard[0])).toBe(body)
    expect(met).toEqual({ fault: 'delay 50 ms' })
  })

  test('delay beyond the patience of the sender: late, and it arrives all the same', async () => {
    const { answer, heard } = await sent({ kind: 'delay', delay: 400 }, 100)
    expect(answer).toEqual({ kind: 'late' })
    await expect.poll(() => heard.map(bodyOf), { timeout: 10_000 }).toEqual([body])
  })

  test('html: with its type', async () => {
    const { heard } = await sent({ kind: 'html' })
    expect(heard[0]?.text).toMatch(/content-type: text\/html/i)
    expect(heard[0] && bodyOf(heard[0])).toMatch(/^<!DOCTYPE html>/)
  })

  test.each([
    [{ kind: 'wrongVersion' }, { messageVersion: '9.9.9' }],
    [{ kind: 'set', element: 'transStatus', value: 'N' }, { transStatus: 'N' }],
    [{ kind: 'extra', element: 'more', value: 1 }, { more: 1 }],
    [
      { kind: 'erro', errorCode: '403' },
      { messageType: 'Erro', errorCode: '403', errorMessageType: 'RReq' },
    ],
    [{ kind: 'wrongIds' }, { dsTransID: 'f25084f0-5b16-4c0a-ae5d-4db7f756a1b4' }],
  ])('%j arrives in the place of what was meant, and the record has no secret', async (fault, expected) => {
    const { heard, met } = await sent(fault)
    expect(heard[0] && (JSON.parse(bodyOf(heard[0])) as unknown)).toMatchObject(expected)
    expect(JSON.stringify(met)).not.toContain(rreq.authenticationValue)
    expect(met).toHaveProperty('sent')
  })

  test('the next one meets nothing, over the connection that is kept', async () => {
    const { answer } = await sent({ kind: 'drop' })
    expect(answer.kind).toBe('noConnection')
    const link = createDsLink({ allowedOrigins: [], faults })
    closers.push(() => link.close())
    expect((await link.post(ds.url, body, 'id')).kind).toBe('body')
  })

  test('a stop ends what is under way', async () => {
    faults.add(plannedFaultSchema.parse({ link: 'ACS-DS', fault: { kind: 'hang' } }))
    const link = createDsLink({ allowedOrigins: [], withinMs: 500_000, faults })
    const posting = link.post(ds.url, body, 'id')
    await expect.poll(() => ds.heard.length).toBe(1)
    link.close()
    expect(await posting).toEqual({ kind: 'noConnection', reason: 'stopping' })
  })
})
