// The journal as it grows: what comes, in its order, filtered, and after a break from where it was.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventsIn } from '../../src/cli/tail.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { lineOf } from '../../src/journal/line.ts'
import { until } from '../http/support.ts'
import { type Running, running } from '../support/running.ts'
import { buy, challenged, frictionless, openChallenge, seeded } from './support.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running()
})
afterAll(() => sekisho.close())

interface Tail {
  readonly entries: readonly Entry[]
  readonly ids: readonly string[]
  readonly status: number
  close(): void
}

/** Open once it says that it is ready. */
async function tail(of: Running, query = '', headers: Record<string, string> = {}): Promise<Tail> {
  const stop = new AbortController()
  const response = await fetch(`${of.acs}/api/v1/journal/tail${query}`, { signal: stop.signal, headers })
  const entries: Entry[] = []
  const ids: string[] = []
  let isReady = response.status !== 200
  const reading = (async () => {
    for await (const { id, name, data } of eventsIn(response.body as AsyncIterable<Uint8Array>)) {
      if (name === 'ready') isReady = true
      if (name !== 'message') continue
      entries.push(JSON.parse(data) as Entry)
      ids.push(id ?? '')
    }
  })().catch(() => undefined)
  await until(() => isReady)
  return {
    entries,
    ids,
    status: response.status,
    close() {
      stop.abort()
      void reading
    },
  }
}

const types = ({ entries }: Tail): readonly string[] => entries.map(({ link, messageType }) => `${link} ${messageType}`)

test('tells what is said while it is open, and nothing of before', async () => {
  const tenant = await seeded(sekisho, 'live', 'x')
  await buy(tenant, frictionless)
  const open = await tail(tenant, '?link=ACS-DS')
  await buy(tenant, challenged)
  await until(() => open.entries.length >= 1)
  expect(open.entries).toMatchObject([
    { link: 'ACS→DS', messageType: 'ARes', message: { transStatus: 'C' }, by: 'ACS' },
  ])
  open.close()
})

test('tells of messages that the ACS was no end of', async () => {
  const tenant = await seeded(sekisho, 'peers', 'x')
  const open = await tail(tenant, '?messageType=AReq')
  await buy(tenant, frictionless)
  await until(() => open.entries.length >= 2)
  expect(types(open).toSorted()).toEqual(['3DSS→DS AReq', 'DS→ACS AReq'])
  open.close()
})

test('begins with the newest, as many as are asked for, in their order', async () => {
  const tenant = await seeded(sekisho, 'last', 'x')
  await buy(tenant, frictionless)
  const open = await tail(tenant, '?last=3')
  expect(types(open)).toEqual(['ACS→DS ARes', 'DS→3DSS ARes', '3DSS→Requestor authenticate'])
  open.close()
})

test('goes on after a break where it was: nothing twice, nothing left out', async () => {
  const tenant = await seeded(sekisho, 'break', 'x')
  const first = await tail(tenant, '?link=ACS-DS')
  await buy(tenant, frictionless)
  await until(() => first.entries.length === 1)
  first.close()
  const missed = await buy(tenant, challenged)
  const visit = await openChallenge(tenant, missed)
  await visit.answer('cancel')
  const second = await tail(tenant, '?link=ACS-DS', { 'last-event-id': first.ids.at(-1) ?? '' })
  await until(() => second.entries.length >= 2)
  expect(types(second)).toEqual(['ACS→DS ARes', 'ACS→DS RReq'])
  expect(second.entries[0]?.acsTransID).toBe(missed.acsTransID)
  second.close()
})

test('takes the filters of the search, and says what is wrong with them', async () => {
  const tenant = await seeded(sekisho, 'filters', 'x')
  const open = await tail(tenant, '?element=transStatus%3DY&link=ACS-DS')
  await buy(tenant, challenged)
  await buy(tenant, frictionless)
  await until(() => open.entries.length >= 1)
  expect(open.entries).toMatchObject([{ message: { transStatus: 'Y' } }])
  open.close()
  expect((await tail(tenant, '?link=nowhere')).status).toBe(400)
})

test('ends when the tenant is reset', async () => {
  const tenant = await seeded(sekisho, 'ends', 'x')
  const response = await fetch(`${tenant.acs}/api/v1/journal/tail`)
  const ended = response.text()
  await seeded(sekisho, 'ends', 'y')
  expect(await ended).toContain('event:ready')
})

test('an entry is one line for a terminal', () => {
  const entry: Entry = {
    id: 7,
    by: 'ACS',
    at: Date.parse('2026-01-01T09:30:00.250Z'),
    link: 'DS→ACS',
    messageType: 'AReq',
    message: { acctNumber: '400000******5100', purchaseAmount: '1480', purchaseCurrency: '392' },
    acsTransID: '4b3eb55b-ad6b-4560-b243-cd61bd34f06b',
    findings: [{ errorCode: '203', element: 'mcc', rule: 'x' }],
    fault: 'delay',
    durationMs: 4.4,
  }
  expect(lineOf(entry)).toBe(
    '09:30:00.250  4b3eb55b  DS→ACS          AReq      purchaseAmount 1480  purchaseCurrency 392  acctNumber 400000******5100  203 mcc  fault: delay  4 ms',
  )
  expect(lineOf({ id: 1, by: 'DS', at: 0, link: 'ACS→DS', problem: 'late' })).toBe(
    '00:00:00.000            ACS→DS          –         late',
  )
})
