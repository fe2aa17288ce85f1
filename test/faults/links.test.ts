// Every link and direction, each with a fault of the message and one of the connection, seen by sockets that are none of ours.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createFaults } from '../../src/faults/registry.ts'
import { plannedFaultSchema } from '../../src/faults/rule.ts'
import { areqOf, openEmulatorStore, post, rreqTo, startMerchantSide } from '../emulators/support/loop.ts'
import { shown } from '../http/support.ts'
import { creqFor, cresIn, field, type Members, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import {
  addFault,
  clearFaults,
  faultOf,
  isWhole,
  type Listener,
  listener,
  requestText,
  type Watched,
  watch,
} from './support.ts'

let sekisho: Running
let threeDSServer: Listener
beforeAll(async () => {
  sekisho = await running()
  threeDSServer = await listener((text) => text)
})
afterAll(async () => {
  await sekisho.close()
  await threeDSServer.close()
})
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  await clearFaults(sekisho)
  for (const close of closers.splice(0)) await close()
})

const formType = 'application/x-www-form-urlencoded'
const drop = { kind: 'drop' }

const exchange = (url: string, body: string, type?: string): Promise<Watched> =>
  watch(url, requestText(url, body, type), isWhole)
const json = ({ body }: Watched): Members => JSON.parse(body) as Members

/** Cards of transactions that are challenged; each is used once. */
let cards = 0
const newCard = (): string => {
  cards += 1
  return `4000002${String(cards).padStart(6, '0')}700`
}
const dsAReq = (): Members => areqOf(threeDSServer.url, { acctNumber: newCard() })

/** A challenge that has begun, by way of the DS. */
async function challenge(): Promise<Members> {
  const { message = {} } = await post(`${sekisho.acs}/ds/areq`, dsAReq())
  expect(message).toMatchObject({ messageType: 'ARes', transStatus: 'C' })
  return message
}
const openPage = (ares: Members) => postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(ares) })
const cancelForm = (ares: Members, page: string): Record<string, string> => ({
  acsTransID: String(ares.acsTransID),
  stepToken: field(page, 'stepToken') ?? '',
  action: 'cancel',
})
const cancel = async (ares: Members) => {
  const { page } = await openPage(ares)
  return postForm(`${sekisho.acs}/acs/challenge/answer`, cancelForm(ares, page))
}

async function logOf(party: 'ds' | '3ds-server', threeDSServerTransID: unknown): Promise<readonly Members[]> {
  const base = party === 'ds' ? `${sekisho.acs}/ds` : `${sekisho.shop}/3ds-server`
  const response = await fetch(`${base}/transactions/${String(threeDSServerTransID)}/messages`)
  return ((await response.json()) as { messages: readonly Members[] }).messages
}

describe('3DSS→DS', () => {
  /** A 3DS Server alone: its DS is a socket. */
  async function alone(fault: object, aresWithinMs = 1_000) {
    const ds = await listener(() => '{}')
    const faults = createFaults({ random: () => 0, now: () => 0 })
    faults.add(plannedFaultSchema.parse({ link: '3DSS-DS', message: 'AReq', times: 2, fault }))
    const store = openEmulatorStore(':memory:')
    const side = await startMerchantSide(store, ds.url, { threeDSServer: { faults, aresWithinMs } })
    closers.push(
      () => side.close(),
      () => store.close(),
      () => faults.close(),
      () => ds.close(),
    )
    const { threeDSServerURL: _url, notificationURL: _notify, ...areq } = areqOf('http://unused')
    const { message = {} } = await post(`${side.url}/3ds-server/authenticate`, { areq })
    return { ds, message, log: store.messages.of('3DSS', String(message.threeDSServerTransID)) }
  }

  test('an AReq arrives altered', async () => {
    const { ds, log } = await alone({ kind: 'set', element: 'purchaseAmount', value: '666' })
    expect(ds.heard[0]?.text).toContain('"purchaseAmount":"666"')
    const sent = log.find(({ messageType, link }) => messageType === 'AReq' && link === '3DSS→DS')
    expect(sent?.fault).toBe('set purchaseAmount')
    expect(sent?.masked).toContain('"12345"')
    expect(sent?.sent).toContain('"666"')
    expect(sent?.sent).not.toContain('4000000000000002')
  })

  test('an AReq is reset half-way, twice: 405', async () => {
    const { ds, message } = await alone({ kind: 'reset' }, 30_000)
    await expect.poll(() => ds.heard.map(({ end }) => end), { timeout: 10_000 }).toEqual(['reset', 'reset'])
    expect(message).toMatchObject({ settledBy: 'Erro', erro: { errorCode: '405', errorComponent: 'S' } })
  })

  test('the answer to an RReq', async () => {
    const url = `${sekisho.shop}/3ds-server/results`
    const rreq = JSON.stringify(
      rreqTo({ ...areqOf(''), acsTransID: crypto.randomUUID(), dsTransID: crypto.randomUUID() }),
    )
    await addFault(sekisho, {
      link: '3DSS-DS',
      message: 'Erro',
      fault: { kind: 'set', element: 'errorCode', value: '999' },
    })
    expect(json(await exchange(url, rreq))).toMatchObject({ messageType: 'Erro', errorCode: '999' })
    await addFault(sekisho, { link: '3DSS-DS', fault: { kind: 'truncate' } })
    const seen = await watch(url, requestText(url, rreq))
    expect({ whole: isWhole(seen.text), end: seen.end }).toEqual({ whole: false, end: 'fin' })
  })
})

describe('DS→3DSS', () => {
  test('an ARes', async () => {
    const url = `${sekisho.acs}/ds/areq`
    const areq = dsAReq()
    await addFault(sekisho, { link: 'DS-3DSS', message: 'ARes', fault: { kind: 'missing', element: 'acsURL' } })
    expect(json(await exchange(url, JSON.stringify(areq)))).not.toHaveProperty('acsURL')
    const row = (await logOf('ds', areq.threeDSServerTransID)).find(({ link }) => link === 'DS→3DSS')
    expect(row).toMatchObject({ fault: 'missing acsURL', message: { acsURL: expect.any(String) } })
    expect(row?.sent).not.toHaveProperty('acsURL')
    await addFault(sekisho, { link: 'DS-3DSS', fault: drop })
    expect(await watch(url, requestText(url, JSON.stringify(dsAReq())))).toMatchObject({ text: '', end: 'fin' })
  })

  test('an RReq arrives altered, or half of it', async () => {
    for (const [fault, isHeard] of [
      [{ kind: 'wrongIds' }, (text: string) => text.includes('"messageType":"RReq"') && isWhole(text)],
      [{ kind: 'reset' }, (text: string) => text.includes('POST ') && !isWhole(text)],
    ] as const) {
      const before = threeDSServer.heard.length
      const ares = await challenge()
      const rule = await addFault(sekisho, { link: 'DS-3DSS', message: 'RReq', fault })
      await cancel(ares)
      expect(await faultOf(sekisho, rule)).toMatchObject({ met: 1 })
      const heard = threeDSServer.heard.slice(before)
      expect(heard.some(({ text }) => isHeard(text))).toBe(true)
      if (fault.kind === 'wrongIds') expect(heard[0]?.text).not.toContain(String(ares.acsTransID))
    }
  })

  test('a PRes', async () => {
    const url = `${sekisho.acs}/ds/areq`
    const preq = {
      messageType: 'PReq',
      messageVersion: '2.2.0',
      threeDSServerTransID: crypto.randomUUID(),
      threeDSServerRefNumber: '3DS',
    }
    await addFault(sekisho, {
      link: 'DS-3DSS',
      message: 'PRes',
      fault: { kind: 'set', element: 'serialNum', value: 'x' },
    })
    expect(json(await exchange(url, JSON.stringify(preq)))).toMatchObject({ messageType: 'PRes', serialNum: 'x' })
    await addFault(sekisho, { link: 'DS-3DSS', message: 'PRes', fault: { kind: 'status', status: 502 } })
    expect((await exchange(url, JSON.stringify(preq))).status).toBe(502)
  })
})

describe('DS→ACS', () => {
  test('an AReq arrives altered: the ACS refuses it, and the DS says so', async () => {
    await addFault(sekisho, { link: 'DS-ACS', fault: { kind: 'missing', element: 'dsTransID' } })
    const seen = json(await exchange(`${sekisho.acs}/ds/areq`, JSON.stringify(dsAReq())))
    expect(seen).toMatchObject({ messageType: 'Erro', errorComponent: 'A', errorCode: '201', errorDetail: 'dsTransID' })
  })

  test('the answer to an RReq', async () => {
    const url = `${sekisho.acs}/ds/rreq`
    const rreq = JSON.stringify(
      rreqTo({ ...areqOf(''), acsTransID: crypto.randomUUID(), dsTransID: crypto.randomUUID() }),
    )
    await addFault(sekisho, { link: 'DS-ACS', message: 'Erro', fault: { kind: 'html' } })
    expect((await exchange(url, rreq)).body).toMatch(/^<!DOCTYPE/)
    await addFault(sekisho, { link: 'DS-ACS', fault: { kind: 'reset' } })
    expect((await watch(url, requestText(url, rreq))).end).toBe('reset')
  })
})

describe('Requestor→3DSS and 3DSS→Requestor', () => {
  const versioning = (): string => `${sekisho.shop}/3ds-server/versioning`
  const call = JSON.stringify({ acctNumber: '4000000000005100' })

  test('a call is altered, or never answered to', async () => {
    await addFault(sekisho, {
      link: 'Requestor-3DSS',
      message: 'versioning',
      fault: { kind: 'missing', element: 'acctNumber' },
    })
    const seen = await exchange(versioning(), call)
    expect({ status: seen.status, body: json(seen) }).toEqual({ status: 400, body: { error: 'not valid: acctNumber' } })
    await addFault(sekisho, { link: 'Requestor-3DSS', fault: { kind: 'status', status: 504 } })
    expect((await exchange(versioning(), call)).status).toBe(504)
    await addFault(sekisho, { link: 'Requestor-3DSS', fault: { kind: 'truncate' } })
    expect(await watch(versioning(), requestText(versioning(), call))).toMatchObject({ text: '', end: 'reset' })
  })

  test('an answer is altered, or dropped', async () => {
    await addFault(sekisho, {
      link: '3DSS-Requestor',
      message: 'versioning',
      fault: { kind: 'set', element: 'messageVersion', value: '1.0.2' },
    })
    expect(json(await exchange(versioning(), call))).toMatchObject({ messageVersion: '1.0.2' })
    await addFault(sekisho, { link: '3DSS-Requestor', fault: drop })
    expect(await watch(versioning(), requestText(versioning(), call))).toMatchObject({ text: '', end: 'fin' })
  })

  test('the log says which fault an answer met', async () => {
    const { threeDSServerTransID } = json(await exchange(versioning(), call))
    await addFault(sekisho, { link: '3DSS-Requestor', message: 'giveUp', fault: { kind: 'reset' } })
    const { message } = await post(versioning(), { acctNumber: newCard() })
    const { acctNumber, ...rest } = areqOf('')
    const started = await post(`${sekisho.shop}/3ds-server/authenticate`, {
      threeDSServerTransID: message?.threeDSServerTransID,
      areq: { ...rest, acctNumber: newCard(), threeDSServerURL: undefined, notificationURL: undefined },
    })
    expect({ acctNumber, phase: started.message?.phase }).toMatchObject({ phase: 'challenge' })
    const giveUp = `${sekisho.shop}/3ds-server/transactions/${String(message?.threeDSServerTransID)}/give-up`
    expect((await watch(giveUp, requestText(giveUp, '{}'))).end).toBe('reset')
    const log = await logOf('3ds-server', message?.threeDSServerTransID)
    expect(log.at(-1)).toMatchObject({ link: '3DSS→Requestor', fault: 'reset', sent: '' })
    expect(threeDSServerTransID).not.toBe(message?.threeDSServerTransID)
  })
})

describe('ACS→browser and browser→ACS', () => {
  const challengeUrl = (): string => `${sekisho.acs}/acs/challenge`

  test('the page of a challenge comes cut, late, or not at all; the challenge goes on', async () => {
    const ares = await challenge()
    const creq = `creq=${creqFor(ares)}`
    await addFault(sekisho, { link: 'ACS-browser', message: 'page', fault: { kind: 'truncate' } })
    const cut = await watch(challengeUrl(), requestText(challengeUrl(), creq, formType))
    expect({ status: cut.status, end: cut.end, whole: isWhole(cut.text) }).toEqual({
      status: 200,
      end: 'fin',
      whole: false,
    })
    await addFault(sekisho, { link: 'ACS-browser', message: 'page', fault: { kind: 'delay', delay: 200 } })
    const late = await exchange(challengeUrl(), creq, formType)
    expect(late.ms).toBeGreaterThanOrEqual(199)
    expect(field(late.body, 'stepToken')).toBeDefined()
  })

  test('the final CRes is altered in its page, and the record has both', async () => {
    const ares = await challenge()
    await addFault(sekisho, {
      link: 'ACS-browser',
      message: 'CRes',
      fault: { kind: 'set', element: 'transStatus', value: 'Y' },
    })
    const { page } = await cancel(ares)
    expect(cresIn(page)).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
    const row = (await shown(sekisho, String(ares.acsTransID))).messages.find(
      ({ messageType }) => messageType === 'CRes',
    )
    expect(row).toMatchObject({ fault: 'set transStatus', message: { transStatus: 'N' }, sent: { transStatus: 'Y' } })
  })

  test('a CReq is altered, or lost before anybody reads it', async () => {
    const ares = await challenge()
    const form = `creq=${creqFor(ares)}`
    await addFault(sekisho, { link: 'browser-ACS', message: 'CReq', fault: { kind: 'wrongIds' } })
    expect((await exchange(challengeUrl(), form, formType)).status).toBe(400)
    await addFault(sekisho, { link: 'browser-ACS', message: 'CReq', fault: { kind: 'reset' } })
    expect((await watch(challengeUrl(), requestText(challengeUrl(), form, formType))).end).toBe('reset')
    const { phase } = await shown(sekisho, String(ares.acsTransID)).then(({ challenge: state }) => state as Members)
    expect(phase).toBe('awaitingFirstCReq')
    expect((await exchange(challengeUrl(), form, formType)).status).toBe(200)
  })

  test('an answer that is lost was never given, and no record has its code', async () => {
    const ares = await challenge()
    const { page } = await openPage(ares)
    await addFault(sekisho, { link: 'browser-ACS', message: 'answer', fault: { kind: 'status', status: 502 } })
    const fields = { ...cancelForm(ares, page), action: 'verify', otp: '135792' }
    expect((await postForm(`${challengeUrl()}/answer`, fields)).status).toBe(502)
    const journal = await (await fetch(`${sekisho.acs}/api/v1/transactions/${String(ares.acsTransID)}`)).text()
    expect(journal).not.toContain('135792')
    const again = await postForm(`${challengeUrl()}/answer`, cancelForm(ares, page))
    expect(cresIn(again.page)).toMatchObject({ messageType: 'CRes' })
  })

  test('the 3DS Method page hangs; its data are lost', async () => {
    const threeDSServerTransID = crypto.randomUUID()
    const data = { threeDSServerTransID, threeDSMethodNotificationURL: 'http://127.0.0.1:1/notify' }
    const form = `threeDSMethodData=${Buffer.from(JSON.stringify(data)).toString('base64url')}`
    const url = `${sekisho.acs}/acs/method`
    const rule = await addFault(sekisho, { link: 'ACS-browser', message: 'method', fault: { kind: 'hang' } })
    const hanging = watch(url, requestText(url, form, formType))
    await expect.poll(() => faultOf(sekisho, rule)).toMatchObject({ met: 1 })
    hanging.leave()
    expect((await hanging).text).toBe('')
    await addFault(sekisho, {
      link: 'browser-ACS',
      message: 'methodData',
      fault: { kind: 'drip', bytesPerSecond: 10_000 },
    })
    const posted = await exchange(`${url}/data`, JSON.stringify({ threeDSServerTransID, data: { screen: '1' } }))
    expect(posted.status).toBe(204)
    await addFault(sekisho, { link: 'browser-ACS', message: 'methodData', fault: { kind: 'malformed' } })
    const lost = await exchange(`${url}/data`, JSON.stringify({ threeDSServerTransID, data: { screen: '1' } }))
    expect(lost.status).toBe(400)
  })
})

describe('browser→3DSS and 3DSS→browser', () => {
  const url = (): string => `${sekisho.shop}/3ds-server/challenge-notification`

  test('the return of the browser is altered, or lost, and the log says so', async () => {
    const { message } = await post(`${sekisho.shop}/3ds-server/versioning`, { acctNumber: newCard() })
    const { threeDSServerTransID } = message ?? {}
    const cres = { messageType: 'CRes', messageVersion: '2.2.0', threeDSServerTransID, transStatus: 'Y' }
    const form = `cres=${Buffer.from(JSON.stringify(cres)).toString('base64url')}`
    await addFault(sekisho, {
      link: 'browser-3DSS',
      message: 'CRes',
      fault: { kind: 'set', element: 'transStatus', value: 'N' },
    })
    expect((await exchange(url(), form, formType)).status).toBe(200)
    await addFault(sekisho, { link: 'browser-3DSS', message: 'CRes', fault: { kind: 'status', status: 503 } })
    expect((await exchange(url(), form, formType)).status).toBe(503)
    const log = (await logOf('3ds-server', threeDSServerTransID)).filter(({ link }) => link === 'browser→3DSS')
    expect(log).toMatchObject([
      { fault: 'set transStatus', message: { transStatus: 'Y' }, sent: { transStatus: 'N' } },
      { message: { transStatus: 'N' } },
      { fault: 'status 503', sent: '' },
    ])
  })

  test('its page is another one, or comes drop by drop', async () => {
    await addFault(sekisho, { link: '3DSS-browser', fault: { kind: 'html' } })
    expect((await exchange(url(), 'cres=x', formType)).body).toContain('502 Bad Gateway')
    await addFault(sekisho, { link: '3DSS-browser', fault: { kind: 'drip', bytesPerSecond: 4_000 } })
    const { body, chunks } = await exchange(url(), 'cres=x', formType)
    expect(body).toContain('challenge-returned')
    expect(chunks).toBeGreaterThan(1)
  })
})
