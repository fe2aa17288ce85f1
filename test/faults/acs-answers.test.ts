// Each fault on the answer of the ACS, as a client sees it that is none of ours: bytes on a socket, and curl.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { shown } from '../http/support.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { addFault, clearFaults, faultOf, isWhole, requestText, type Watched, watch } from './support.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running()
})
afterAll(() => sekisho.close())
beforeEach(() => clearFaults(sekisho))

const url = (): string => `${sekisho.acs}/acs/areq`
const newAReq = (): Members => browserAReq({ acctNumber: frictionlessCard })

/** One AReq of a transaction whose ARes meets the fault. */
async function exchange(
  fault: object,
  isEnough: (text: string) => boolean = isWhole,
): Promise<Watched & { readonly areq: Members }> {
  const areq = newAReq()
  const { threeDSServerTransID } = areq
  const rule = await addFault(sekisho, { link: 'ACS-DS', message: 'ARes', match: { threeDSServerTransID }, fault })
  const seen = await watch(url(), requestText(url(), JSON.stringify(areq)), isEnough)
  expect(await faultOf(sekisho, rule)).toMatchObject({ met: 1, left: 0 })
  return { ...seen, areq }
}

/** The row of the ARes, found by the AReq: the transaction is there, whatever became of its answer. */
async function aresRow({ threeDSServerTransID }: Members) {
  const response = await fetch(
    `${sekisho.acs}/api/v1/transactions?threeDSServerTransID=${String(threeDSServerTransID)}`,
  )
  const { transactions } = (await response.json()) as { transactions: readonly Members[] }
  const [transaction] = transactions
  const { messages } = await shown(sekisho, String(transaction?.acsTransID))
  const row = messages.find(({ messageType }) => messageType === 'ARes')
  if (row === undefined) throw new Error('no ARes in the journal')
  return row as typeof row & { readonly fault?: string; readonly sent?: unknown }
}

const json = ({ body }: Watched): Members => JSON.parse(body) as Members

describe('the connection', () => {
  test('hang: the request is taken, nothing comes, and the connection stays', async () => {
    const areq = newAReq()
    const { threeDSServerTransID } = areq
    const rule = await addFault(sekisho, { link: 'ACS-DS', match: { threeDSServerTransID }, fault: { kind: 'hang' } })
    const hanging = watch(url(), requestText(url(), JSON.stringify(areq)))
    await expect.poll(() => faultOf(sekisho, rule), { timeout: 10_000 }).toMatchObject({ met: 1 })
    expect((await aresRow(areq)).fault).toBe('hang')
    hanging.leave()
    expect(await hanging).toMatchObject({ text: '', end: 'open' })
  })

  test('drop: it ends by FIN without a byte', async () => {
    const { text, end, areq } = await exchange({ kind: 'drop' })
    expect({ text, end }).toEqual({ text: '', end: 'fin' })
    expect(await aresRow(areq)).toMatchObject({ fault: 'drop', sent: '', message: { messageType: 'ARes' } })
  })

  test('reset: it ends by RST', async () => {
    const { text, end } = await exchange({ kind: 'reset' })
    expect({ text, end }).toEqual({ text: '', end: 'reset' })
  })

  test('truncate: the whole length is announced, half of it comes, then FIN', async () => {
    const { status, head, body, end, areq } = await exchange({ kind: 'truncate' }, () => false)
    const announced = Number(/content-length: ([0-9]+)/i.exec(head)?.[1])
    expect(status).toBe(200)
    expect(Buffer.byteLength(body)).toBe(Math.floor(announced / 2))
    expect(end).toBe('fin')
    expect(body.startsWith('{"')).toBe(true)
    expect((await aresRow(areq)).fault).toBe('truncate')
  })

  test('truncate with an honest length: HTTP is in order, JSON is not', async () => {
    const { status, body, end } = await exchange({ kind: 'truncate', contentLength: 'sent' })
    expect({ status, end }).toEqual({ status: 200, end: 'open' })
    expect(() => JSON.parse(body)).toThrow(SyntaxError)
  })

  test('drip: the head at once, the body in many pieces, and whole in the end', async () => {
    const seen = await exchange({ kind: 'drip', bytesPerSecond: 2_000 })
    expect(json(seen)).toMatchObject({ messageType: 'ARes' })
    expect(seen.chunks).toBeGreaterThan(3)
    expect(await aresRow(seen.areq)).toMatchObject({ fault: 'drip 2000 bytes/s' })
  })

  test('delay: not before its time, and whole', async () => {
    const seen = await exchange({ kind: 'delay', delay: '300ms' })
    expect(json(seen)).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
    expect(seen.ms).toBeGreaterThanOrEqual(299)
  })

  test('status: without a body; the connection goes on', async () => {
    const { status, body, end, areq } = await exchange({ kind: 'status', status: 503, delay: 1 })
    expect({ status, body, end }).toEqual({ status: 503, body: '', end: 'open' })
    expect(await aresRow(areq)).toMatchObject({ fault: 'status 503, after 1 ms', sent: '' })
  })
})

describe('the message', () => {
  test('html in the place of JSON, with its type', async () => {
    const { head, body } = await exchange({ kind: 'html' })
    expect(head).toMatch(/content-type: text\/html/i)
    expect(body).toMatch(/^<!DOCTYPE html>/)
  })

  test('malformed: it says that it is JSON, and is none', async () => {
    const { head, body } = await exchange({ kind: 'malformed' })
    expect(head).toMatch(/content-type: application\/json/i)
    expect(() => JSON.parse(body)).toThrow(SyntaxError)
  })

  test('wrongIds, wrongVersion, missing, extra, set: and the record holds what was meant and what was sent', async () => {
    const wrong = await exchange({ kind: 'wrongIds' })
    expect(json(wrong).threeDSServerTransID).not.toBe(wrong.areq.threeDSServerTransID)
    const row = await aresRow(wrong.areq)
    expect(row.message.threeDSServerTransID).toBe(wrong.areq.threeDSServerTransID)
    expect(row.sent).toEqual(expect.objectContaining({ acsTransID: json(wrong).acsTransID }))
    expect(json(await exchange({ kind: 'wrongVersion' })).messageVersion).toBe('9.9.9')
    expect(json(await exchange({ kind: 'missing', element: 'acsReferenceNumber' }))).not.toHaveProperty(
      'acsReferenceNumber',
    )
    expect(json(await exchange({ kind: 'extra', element: 'surprise.deep', value: [1, null] })).surprise).toEqual({
      deep: [1, null],
    })
    const set = await exchange({ kind: 'set', element: 'transStatus', value: 'Q' })
    expect(json(set).transStatus).toBe('Q')
    expect(await aresRow(set.areq)).toMatchObject({ fault: 'set transStatus', message: { transStatus: 'Y' } })
  })

  test('a secret is masked in what was sent, too', async () => {
    const { areq } = await exchange({ kind: 'set', element: 'transStatus', value: 'A' })
    const row = await aresRow(areq)
    expect(row.sent).toMatchObject({ authenticationValue: '***', transStatus: 'A' })
  })

  test('badSignature: of an ARes without a JWS nothing changes', async () => {
    const seen = await exchange({ kind: 'badSignature' })
    expect(json(seen)).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
    expect(await aresRow(seen.areq)).not.toHaveProperty('sent')
  })

  test('erro: in the place of the ARes, with any code', async () => {
    const seen = await exchange({ kind: 'erro', errorCode: '404' })
    expect(json(seen)).toMatchObject({
      messageType: 'Erro',
      errorCode: '404',
      errorComponent: 'A',
      threeDSServerTransID: seen.areq.threeDSServerTransID,
      errorMessageType: 'AReq',
    })
  })

  test('an Erro and an ORes of the ACS meet theirs, too', async () => {
    await addFault(sekisho, { link: 'ACS-DS', message: 'Erro', fault: { kind: 'status', status: 500 } })
    expect(await post(url(), { ...newAReq(), messageType: 'CReq' })).toEqual({ status: 500, body: {} })
    await addFault(sekisho, {
      link: 'ACS-DS',
      message: 'ORes',
      fault: { kind: 'set', element: 'opStatus', value: '03' },
    })
    const oreq = {
      messageType: 'OReq',
      messageVersion: '2.3.1',
      dsTransID: crypto.randomUUID(),
      dsReferenceNumber: 'DS',
      opCategory: '01',
      opDescription: 'a word',
      opExpDate: '20991231',
      opSeverity: '04',
      opSeq: { seqId: crypto.randomUUID(), seqNum: '01', seqTotal: '01' },
    }
    expect((await post(url(), oreq)).body).toMatchObject({ messageType: 'ORes', opStatus: '03' })
  })
})

describe('an AReq of somebody else’s DS', () => {
  const request = async (fault: object, isEnough = isWhole) => {
    const areq = newAReq()
    const { threeDSServerTransID } = areq
    await addFault(sekisho, { link: 'DS-ACS', message: 'AReq', match: { threeDSServerTransID }, fault })
    return { areq, ...(await watch(url(), requestText(url(), JSON.stringify(areq)), isEnough)) }
  }

  test('is lost on its way: nothing knows of the transaction', async () => {
    const { text, end, areq } = await request({ kind: 'drop' })
    expect({ text, end }).toEqual({ text: '', end: 'fin' })
    await expect(aresRow(areq)).rejects.toThrow()
    expect((await post(url(), areq)).body).toMatchObject({ messageType: 'ARes', transStatus: 'Y' })
  })

  test('is read as its fault makes it', async () => {
    const seen = await request({ kind: 'missing', element: 'acctNumber' })
    expect(json(seen)).toMatchObject({ messageType: 'Erro', errorCode: '201', errorDetail: 'acctNumber' })
    expect(json(await request({ kind: 'malformed' }))).toMatchObject({ messageType: 'Erro', errorCode: '101' })
    expect((await request({ kind: 'html' })).status).toBe(415)
  })
})

describe('curl', () => {
  const curl = async (fault: object, ...more: string[]) => {
    const areq = newAReq()
    const { threeDSServerTransID } = areq
    await addFault(sekisho, { link: 'ACS-DS', match: { threeDSServerTransID }, fault })
    return promisify(execFile)('curl', [
      ...['-sS', '--http1.1', '-H', 'content-type: application/json', '-d', JSON.stringify(areq), ...more],
      url(),
    ]).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { readonly code: number; readonly stdout: string }) => ({ code: error.code, stdout: error.stdout }),
    )
  }

  test('says what it says of such servers: 52 empty, 18 partial, 56 reset, 28 timed out', async () => {
    const codes = await Promise.all([
      curl({ kind: 'drop' }),
      curl({ kind: 'truncate' }),
      curl({ kind: 'reset' }),
      curl({ kind: 'hang' }, '--max-time', '1'),
    ])
    expect(codes.map(({ code }) => code)).toEqual([52, 18, 56, 28])
    const { code, stdout } = await curl({ kind: 'status', status: 418 }, '-w', '%{http_code}')
    expect({ code, stdout }).toEqual({ code: 0, stdout: '418' })
  })
})

describe('the API', () => {
  const api = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${sekisho.acs}/api/v1/faults${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Members) }
  }
  const drop = { kind: 'drop' }

  test('takes none that is over already', async () => {
    expect(await api('POST', '', { link: 'ACS->DS', fault: drop, expiresIn: 0 })).toEqual({
      status: 400,
      body: { error: 'is over already', path: 'expiresIn' },
    })
  })

  test('takes a fault with what it leaves out, shows it, and takes it back', async () => {
    const { status, body } = await api('POST', '', { link: 'ACS->DS', fault: { kind: 'drip' }, expiresIn: '1h' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      link: 'ACS→DS',
      times: 1,
      left: 1,
      met: 0,
      probability: 1,
      planned: false,
      fault: { kind: 'drip', bytesPerSecond: 200 },
    })
    expect(Number(body?.expiresAt) - Number(body?.createdAt)).toBe(3_600_000)
    expect((await api('GET', '')).body).toEqual({ faults: [body] })
    expect((await api('GET', `/${String(body?.id)}`)).body).toEqual(body)
    expect((await api('DELETE', `/${String(body?.id)}`)).status).toBe(204)
    expect((await api('DELETE', `/${String(body?.id)}`)).status).toBe(404)
    expect((await api('GET', `/${String(body?.id)}`)).status).toBe(404)
  })

  test('puts a card number into a message, and shows it to nobody (SEC-PCI-1)', async () => {
    const number = '4000000000005100'
    const fault = { kind: 'set', element: 'cardholderInfo', value: number }
    const { body } = await api('POST', '', { link: 'ACS->DS', message: 'ARes', fault })
    expect(body?.fault).toEqual({ ...fault, value: '400000******5100' })
    expect(JSON.stringify((await api('GET', '')).body)).not.toContain(number)
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber: frictionlessCard }))
    expect(ares.cardholderInfo).toBe(number)
  })

  test.each([
    [{ link: 'ACS-hook', message: 'AReq', fault: drop }, 'message', /carries ask/],
    [{ link: 'ACS-hook', fault: { kind: 'erro', errorCode: '101' } }, 'fault.kind', /can have/],
    [{ link: 'ACS-nobody', fault: drop }, 'link', /./],
    [{ link: 'ACS-DS', message: 'AReq', fault: drop }, 'message', /carries ARes/],
    [{ link: 'ACS-browser', message: 'page', fault: { kind: 'wrongIds' } }, 'message', /CRes/],
    [{ link: '3DSS-browser', fault: { kind: 'badSignature' } }, 'fault.kind', /can have/],
    [{ link: 'ACS-DS', fault: { kind: 'status', status: 200 } }, 'fault', /./],
    [{ link: 'ACS-DS', fault: drop, probability: 0 }, 'probability', /./],
    [{ link: 'ACS-DS', fault: drop, times: 0 }, 'times', /./],
    [{ link: 'ACS-DS', fault: { kind: 'delay', delay: '4 years' } }, 'fault', /./],
  ])('refuses %j', async (rule, path, message) => {
    const { status, body } = await api('POST', '', rule)
    expect({ status, path: String(body?.path).startsWith(path) }).toEqual({ status: 400, path: true })
    expect(body?.error).toMatch(message)
  })
})

describe('a stop', () => {
  test('ends what hangs, drips and waits, and is not held up by it', async () => {
    const own = await running()
    const start = (fault: object) =>
      addFault(own, { link: 'ACS-DS', fault }).then(() => {
        const address = `${own.acs}/acs/areq`
        return { seen: watch(address, requestText(address, JSON.stringify(newAReq()))) }
      })
    const watched = []
    for (const fault of [{ kind: 'hang' }, { kind: 'drip', bytesPerSecond: 1 }, { kind: 'delay', delay: '10m' }]) {
      watched.push((await start(fault)).seen)
      const count = watched.length
      await expect
        .poll(async () => {
          const { faults } = (await (await fetch(`${own.acs}/api/v1/faults`)).json()) as { faults: readonly Members[] }
          return faults.filter(({ met }) => met === 1).length
        })
        .toBe(count)
    }
    await own.close()
    const [hung, dripped, delayed] = await Promise.all(watched)
    expect(hung?.text).toBe('')
    expect(dripped?.end).not.toBe('open')
    expect(dripped && isWhole(dripped.text)).toBe(false)
    expect(delayed?.body).toContain('"messageType":"ARes"') // early, and whole
  })
})
