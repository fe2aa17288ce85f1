// What becomes of payments whose messages meet faults: what the protocol says, and nothing is lost from the store.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { areqOf, openEmulatorStore, post, startDs } from '../emulators/support/loop.ts'
import { answered, api, challenged, codeOf, opened, put, rreqsOf, shown, until } from '../http/support.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { cresIn, type Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { addFault, clearFaults } from './support.ts'

const clock = manualClock(Date.parse('2026-03-01T10:00:00Z'))
let sekisho: Running
let ds: ListeningDs
beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({}, { clock })
})
afterAll(async () => {
  await sekisho.close()
  await ds.close()
})
beforeEach(() => clearFaults(sekisho))
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

type Row = Members & { readonly fault?: string }
const rows = async (acsTransID: string, messageType: string): Promise<readonly Row[]> =>
  (await shown(sekisho, acsTransID)).messages.filter((row) => row.messageType === messageType) as never

/** A challenge that its cardholder passes, whose RReq meets the fault. */
async function passed(faults: readonly object[]) {
  const challenge = await challenged(sekisho, ds)
  const match = { acsTransID: challenge.acsTransID }
  for (const fault of faults) await addFault(sekisho, { match, link: 'ACS-DS', message: 'RReq', ...fault })
  const page = await opened(sekisho, challenge)
  const last = await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
  return { ...challenge, last }
}

describe('an RReq', () => {
  test('that is dropped is sent again at once, and delivered before the final CRes (RES-RR-3)', async () => {
    const { acsTransID, last } = await passed([{ fault: { kind: 'drop' } }])
    expect(cresIn(last.page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
    expect(rreqsOf(ds, acsTransID)).toHaveLength(1)
    expect(await rows(acsTransID, 'RReq')).toMatchObject([{ fault: 'drop', sent: '' }, {}])
    expect(await shown(sekisho, acsTransID)).toMatchObject({ delivery: 'delivered', resultStatus: 'Y' })
  })

  test('that meets 503 waits ten seconds, and arrives byte for byte (RES-RR-3)', async () => {
    const { acsTransID } = await passed([{ fault: { kind: 'status', status: 503 } }])
    expect(rreqsOf(ds, acsTransID)).toEqual([])
    expect(await shown(sekisho, acsTransID)).toMatchObject({ delivery: 'pending' })
    clock.advance(10_000)
    await until(() => rreqsOf(ds, acsTransID).length === 1)
    await until(async () => (await shown(sekisho, acsTransID)).delivery === 'delivered')
    const [first, second] = await rows(acsTransID, 'RReq')
    expect(first).toMatchObject({ fault: 'status 503' })
    expect(second?.message).toEqual(first?.message)
    expect(second).not.toHaveProperty('fault')
  })

  test('that is refused with 404 is not sent again, and the verdict stays (RES-RR-5)', async () => {
    const { acsTransID } = await passed([{ fault: { kind: 'status', status: 404 } }])
    clock.advance(60_000)
    expect(await shown(sekisho, acsTransID)).toMatchObject({ delivery: 'refused', resultStatus: 'Y' })
    expect(rreqsOf(ds, acsTransID)).toEqual([])
  })

  test('with other ids arrives so, and the store knows what was meant', async () => {
    const { acsTransID, last } = await passed([{ fault: { kind: 'wrongIds' } }])
    expect(cresIn(last.page)).toMatchObject({ transStatus: 'Y' })
    const [row] = await rows(acsTransID, 'RReq')
    expect(row).toMatchObject({ fault: 'wrongIds', message: { acsTransID } })
    expect(row?.sent).toHaveProperty('acsTransID')
    expect(row?.sent).not.toHaveProperty('acsTransID', acsTransID)
  })

  test('of a plan: a stub says what goes wrong with its transaction alone', async () => {
    const { status, body } = await put(
      sekisho,
      '/stubs',
      {
        match: { merchantName: 'Faulty shop' },
        // biome-ignore lint/suspicious/noThenProperty: its name in the API
        then: {
          transStatus: 'C',
          faults: [
            { link: 'ACS-DS', message: 'RReq', fault: { kind: 'reset' } },
            { link: 'ACS-DS', message: 'ARes', fault: { kind: 'extra', element: 'surprise', value: true } },
          ],
        },
      },
      'POST',
    )
    expect({ status, body }).toMatchObject({ status: 201 })
    const challenge = await challenged(sekisho, ds, { merchantName: 'Faulty shop' })
    expect(challenge.ares.surprise).toBe(true)
    const page = await opened(sekisho, challenge)
    await answered(sekisho, challenge, page, { action: 'cancel' })
    expect(await rows(challenge.acsTransID, 'RReq')).toMatchObject([{ fault: 'reset' }, {}])
    const { body: listed } = await api(sekisho, '/faults')
    expect(listed.faults).toMatchObject([
      { planned: true, left: 0, met: 1, match: { acsTransID: challenge.acsTransID } },
      { planned: true, left: 0, met: 1 },
    ])
  })
})

describe('an AReq', () => {
  const throughDs = async (options: object = {}) => {
    const store = openEmulatorStore(':memory:')
    const own = await startDs(store, `${sekisho.acs}/acs/areq`, { profile: 'lenient', ...options })
    closers.push(
      () => own.close(),
      () => store.close(),
    )
    const areq = areqOf('http://127.0.0.1:1/results', { acctNumber: '4000000000005100' })
    const { message } = await post(`${own.url}/ds/areq`, areq)
    const { body } = await api(sekisho, `/transactions?threeDSServerTransID=${String(areq.threeDSServerTransID)}`)
    return { message, transactions: body.transactions as readonly Members[] }
  }

  test('whose ARes never comes is 402 for the DS, and Y for the ACS (FLOW-TMR-2)', async () => {
    await addFault(sekisho, { link: 'ACS-DS', message: 'ARes', fault: { kind: 'hang' } })
    const { message, transactions } = await throughDs({ aresWithinMs: 1_000 })
    expect(message).toMatchObject({ messageType: 'Erro', errorCode: '402', errorComponent: 'D' })
    expect(transactions).toMatchObject([{ transStatus: 'Y' }])
  })

  test('that the DS may try twice: 405 when both are lost (FLOW-TMR-3)', async () => {
    await addFault(sekisho, { link: 'DS-ACS', message: 'AReq', times: 2, fault: { kind: 'drop' } })
    const { message, transactions } = await throughDs()
    expect(message).toMatchObject({ messageType: 'Erro', errorCode: '405', errorComponent: 'D' })
    expect(transactions).toEqual([])
    await addFault(sekisho, { link: 'DS-ACS', message: 'AReq', times: 1, fault: { kind: 'drop' } })
    expect((await throughDs()).message).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
  })

  test.each([
    [{ kind: 'malformed' }, '101'],
    [{ kind: 'html' }, '101'],
    [{ kind: 'missing', element: 'acsReferenceNumber' }, '201'],
    [{ kind: 'set', element: 'transStatus', value: 'Q' }, '203'],
    [{ kind: 'wrongIds' }, '301'],
    [{ kind: 'truncate', contentLength: 'sent' }, '101'],
  ])('whose ARes is %j is Erro %s of the DS, which the ACS hears of (FLOW-DS-5)', async (fault, errorCode) => {
    await addFault(sekisho, { link: 'ACS-DS', message: 'ARes', fault })
    const { message } = await throughDs()
    expect(message).toMatchObject({ messageType: 'Erro', errorCode, errorComponent: 'D' })
  })

  test('that is answered by an Erro of any code: it is relayed (FLOW-DS-8)', async () => {
    await addFault(sekisho, { link: 'ACS-DS', message: 'ARes', fault: { kind: 'erro', errorCode: '403' } })
    expect((await throughDs()).message).toMatchObject({ messageType: 'Erro', errorCode: '403', errorComponent: 'A' })
  })
})

describe('card ranges', () => {
  const refresh = async () => {
    const { body } = await fetch(`${sekisho.shop}/3ds-server/card-ranges/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"isWhole":true}',
    }).then(async (response) => ({ body: (await response.json()) as Members }))
    return { outcome: body.outcome, errorCode: body.errorCode }
  }

  test('a PReq that is lost, and a PRes that is none', async () => {
    await addFault(sekisho, { link: '3DSS-DS', message: 'PReq', times: 2, fault: { kind: 'reset' } })
    expect(await refresh()).toEqual({ outcome: 'unreachable' })
    await addFault(sekisho, { link: '3DSS-DS', message: 'PReq', fault: { kind: 'malformed' } })
    expect(await refresh()).toEqual({ outcome: 'refused', errorCode: '101' })
    await addFault(sekisho, { link: 'DS-3DSS', message: 'PRes', fault: { kind: 'missing', element: 'dsTransID' } })
    expect(await refresh()).toMatchObject({ outcome: 'faulty' })
    expect(await refresh()).toEqual({ outcome: 'updated' })
  })

  test('an OReq of the DS meets its fault, and so does the ORes', async () => {
    const operate = async (to: string) => {
      const response = await fetch(`${sekisho.acs}/ds/operations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to, messages: [{}] }),
      })
      return ((await response.json()) as { answers: readonly Members[] }).answers[0]
    }
    await addFault(sekisho, { link: 'DS-ACS', message: 'OReq', fault: { kind: 'status', status: 400 } })
    expect(await operate('acs')).toMatchObject({ problem: 'unreachable' })
    await addFault(sekisho, { link: '3DSS-DS', message: 'ORes', fault: { kind: 'missing', element: 'opStatus' } })
    expect(await operate('3ds-server')).toMatchObject({ erro: { errorCode: '201', errorDetail: 'opStatus' } })
  })
})

describe('an RRes of the DS', () => {
  test('that is malformed ends the delivery with an Erro of the ACS (ACS-VAL-139)', async () => {
    // The DS of this Sekisho; its answer is the one that meets the fault.
    const areq = areqOf(`${sekisho.shop}/3ds-server/results`, { acctNumber: '4000003000001700' })
    const { message: ares = {} } = await post(`${sekisho.acs}/ds/areq`, areq)
    const acsTransID = String(ares.acsTransID)
    await addFault(sekisho, { link: 'DS-ACS', fault: { kind: 'malformed' } })
    const page = await opened(sekisho, { areq, ares, acsTransID })
    await answered(sekisho, { areq, ares, acsTransID }, page, { action: 'cancel' })
    expect(await shown(sekisho, acsTransID)).toMatchObject({ delivery: 'delivered' })
    const told = async () => (await rows(acsTransID, 'Erro')).find(({ link }) => link === 'ACS→DS')?.message
    await until(async () => (await told()) !== undefined)
    expect(await told()).toMatchObject({ errorCode: '101', errorComponent: 'A', errorMessageType: 'RRes' })
  })
})

describe('a plan with a fault that its link cannot have', () => {
  test('is refused with a word why', async () => {
    const { status, body } = await put(
      sekisho,
      '/stubs',
      {
        match: { merchantName: 'Nobody' },
        // biome-ignore lint/suspicious/noThenProperty: its name in the API
        then: { transStatus: 'Y', faults: [{ link: 'ACS-hook', fault: { kind: 'erro', errorCode: '101' } }] },
      },
      'POST',
    )
    expect({ status, path: body.path }).toEqual({ status: 400, path: 'then.faults.0.fault.kind' })
    expect(body.error).toMatch(/can have/)
  })
})
