// What DS and 3DS Server remember of a transaction, and the one story that the admin API makes of it.
import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMessageLog } from '../../src/emulators/message-log.ts'
import { createPeerMessages, messageLogToken } from '../../src/http/admin/peer-messages.ts'
import { mergeMessages, type StoryMessage } from '../../src/journal/merge.ts'
import { buy, openChallenge, otherThan, passedAtSecondTry, statusOf } from '../console/purchases.ts'
import { type Running, running } from '../support/running.ts'
import {
  areqOf,
  aresTo,
  authenticationValue,
  type Message,
  openEmulatorStore,
  post,
  rreqTo,
  rresTo,
  type Served,
  type StandIn,
  startDs,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const acctNumber = '4000001234567890'
const letIn: RequestHandler = (_req, _res, next) => next()

interface Kept {
  readonly at: number
  readonly link: string
  readonly messageType?: string
  readonly message?: Message
  readonly problem?: string
  readonly httpStatus?: number
  readonly durationMs?: number
  readonly findings?: readonly { readonly errorCode: string; readonly element: string }[]
  readonly seen?: readonly { readonly by: string; readonly at: number }[]
}

async function keptAt(
  base: string,
  threeDSServerTransID: unknown,
): Promise<{ text: string; messages: readonly Kept[] }> {
  const answer = await fetch(`${base}/transactions/${threeDSServerTransID}/messages`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const text = await answer.text()
  return { text, messages: (JSON.parse(text) as { messages: readonly Kept[] }).messages }
}

const linesOf = (messages: readonly Kept[]): readonly string[] =>
  messages.map(({ link, messageType }) => `${link} ${messageType}`)

describe('the DS', () => {
  let acs: StandIn
  let server: StandIn
  let store = openEmulatorStore(':memory:')
  let ds: Served

  beforeEach(async () => {
    acs = await startStandIn((areq) => ({ message: aresTo(areq, 'C') }))
    server = await startStandIn((rreq) => ({ message: rresTo(rreq) }))
    store = openEmulatorStore(':memory:')
    ds = await startDs(store, `${acs.url}/acs/areq`, { mayReadMessages: letIn })
  })
  afterEach(async () => {
    await Promise.all([ds.close(), acs.close(), server.close()])
    store.close()
  })

  const areq = (change: Message = {}): Message => areqOf(`${server.url}/results`, { acctNumber, ...change })
  const send = (message: object) => post(`${ds.url}/ds/areq`, message)

  test('keeps both legs of an AReq and of an RReq in their order, masked', async () => {
    const asked = areq({ merchantName: `paid with ${acctNumber}`, cardExpiryDate: '3012' })
    const { message: ares = {} } = await send(asked)
    await post(`${ds.url}/ds/rreq`, rreqTo(ares))
    const { text, messages } = await keptAt(`${ds.url}/ds`, asked.threeDSServerTransID)
    expect(linesOf(messages)).toEqual([
      '3DSS→DS AReq',
      'DS→ACS AReq',
      'ACS→DS ARes',
      'DS→3DSS ARes',
      'ACS→DS RReq',
      'DS→3DSS RReq',
      '3DSS→DS RRes',
      'DS→ACS RRes',
    ])
    expect(messages[0]?.message).toMatchObject({
      acctNumber: '400000******7890',
      merchantName: 'paid with 400000******7890',
      purchaseDate: '20250401101530',
      cardExpiryDate: '***',
    })
    expect(messages[2]).toMatchObject({ httpStatus: 200, durationMs: expect.any(Number) })
    expect(messages[4]?.message).toMatchObject({ transStatus: 'Y', authenticationValue: '***' })
    expect(text).not.toContain(acctNumber)
    expect(text).not.toContain(authenticationValue)
    expect(text).not.toContain('"3012"')
  })

  test('hides card numbers in members that no table knows, and in what is no plain number', async () => {
    const stranger = areq({
      acctNumber: '4000 0012 3456 7890',
      note: `card ${acctNumber}`,
      nested: { [`p${acctNumber}`]: [acctNumber, Number(acctNumber)] },
    })
    await send(stranger)
    const { text, messages } = await keptAt(`${ds.url}/ds`, stranger.threeDSServerTransID)
    expect(messages).toHaveLength(2)
    expect(text).not.toContain(acctNumber)
    expect(text).not.toContain('4000 0012')
  })

  test('that is nested without end is refused as no message, not as a failure of ours', async () => {
    const text = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const answer = await fetch(`${ds.url}/ds/areq`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    })
    expect(await answer.json()).toMatchObject({ messageType: 'Erro', errorCode: '101', errorComponent: 'D' })
  })

  test('says what was wrong with a message, at its element', async () => {
    const faulty = areq({ merchantName: undefined, purchaseAmount: 'much' })
    await send(faulty)
    const { messages } = await keptAt(`${ds.url}/ds`, faulty.threeDSServerTransID)
    expect(linesOf(messages)).toEqual(['3DSS→DS AReq', 'DS→3DSS Erro'])
    expect(messages[0]?.findings).toContainEqual(expect.objectContaining({ errorCode: '201', element: 'merchantName' }))
    acs.script = (message) => ({ message: aresTo(message, 'C', { acsTransID: undefined }) })
    const good = areq()
    await send(good)
    const after = await keptAt(`${ds.url}/ds`, good.threeDSServerTransID)
    expect(after.messages[2]?.findings).toEqual([expect.objectContaining({ errorCode: '201', element: 'acsTransID' })])
    // The answer to the 3DS Server and the word to the ACS.
    expect(linesOf(after.messages).slice(3).sort()).toEqual(['DS→3DSS Erro', 'DS→ACS Erro'])
  })

  test.each([
    ['nobody answers', 'unreachable', 'drop'],
    ['no answer comes in time', 'late', 'silence'],
  ] as const)('tells that %s', async (_title, problem, script) => {
    acs.script = () => script
    if (script === 'silence') {
      await ds.close()
      ds = await startDs(store, `${acs.url}/acs/areq`, { mayReadMessages: letIn, aresWithinMs: 80 })
    }
    const asked = areq()
    await send(asked)
    const { messages } = await keptAt(`${ds.url}/ds`, asked.threeDSServerTransID)
    expect(messages[2]).toMatchObject({ link: 'ACS→DS', problem })
    expect(messages[2]?.message).toBeUndefined()
  })

  test('finds a transaction whatever the case of its id, and nothing for others', async () => {
    const asked = areq()
    await send(asked)
    const id = String(asked.threeDSServerTransID)
    expect((await keptAt(`${ds.url}/ds`, id.toUpperCase())).messages).toHaveLength(4)
    expect((await keptAt(`${ds.url}/ds`, randomUUID())).messages).toEqual([])
  })

  test('serves the log to nobody unless it was said to whom', async () => {
    await ds.close()
    ds = await startDs(store, `${acs.url}/acs/areq`)
    const asked = areq()
    await send(asked)
    expect((await fetch(`${ds.url}/ds/transactions/${asked.threeDSServerTransID}/messages`)).status).toBe(404)
  })
})

describe('the 3DS Server', () => {
  test('keeps what its requestor says too, a told status once, and no card number', async () => {
    const ds = await startStandIn((areq) => ({ message: aresTo(areq, 'C') }))
    const store = openEmulatorStore(':memory:')
    const site = await startMerchantSide(store, `${ds.url}/ds/areq`, { threeDSServer: { mayReadMessages: letIn } })
    try {
      const server = `${site.url}/3ds-server`
      const { message: versioning = {} } = await post(`${server}/versioning`, { acctNumber })
      const { threeDSServerTransID } = versioning
      const { threeDSServerURL: _url, ...known } = areqOf('', { acctNumber, cardSecurityCode: '123' })
      const { message: asked = {} } = await post(`${server}/authenticate`, {
        threeDSServerTransID,
        threeDSSessionData: 'b3JkZXIx',
        areq: known,
      })
      const status = () => fetch(`${server}/transactions/${threeDSServerTransID}`)
      await status() // still open: nothing new to tell
      await post(`${server}/results`, rreqTo(asked))
      await status()
      await status()
      const { text, messages } = await keptAt(server, threeDSServerTransID)
      expect(linesOf(messages)).toEqual([
        'Requestor→3DSS versioning',
        '3DSS→Requestor versioning',
        'Requestor→3DSS authenticate',
        '3DSS→DS AReq',
        'DS→3DSS ARes',
        '3DSS→Requestor authenticate',
        'DS→3DSS RReq',
        '3DSS→DS RRes',
        'Requestor→3DSS status',
        '3DSS→Requestor status',
      ])
      expect(messages.at(-1)?.message).toMatchObject({ phase: 'settled', authenticationValue: '***' })
      // What was not there is not shown as hidden.
      expect(messages[5]?.message).not.toHaveProperty('authenticationValue')
      for (const secret of [acctNumber, authenticationValue, 'b3JkZXIx', '"123"']) expect(text).not.toContain(secret)
    } finally {
      await Promise.all([site.close(), ds.close()])
      store.close()
    }
  })
})

describe('the log', () => {
  test('keeps a bounded number of messages, the newest, and each party its own', () => {
    const store = openEmulatorStore(':memory:', 40)
    const log = createMessageLog({ party: 'DS', table: store.messages, clock: () => 1 })
    const other = createMessageLog({ party: '3DSS', table: store.messages, clock: () => 1 })
    const threeDSServerTransID = randomUUID()
    for (let count = 1; count <= 200; count += 1) {
      log.note({ from: '3DSS', to: 'DS', body: { messageType: 'AReq', threeDSServerTransID, count } })
    }
    const kept = log.of(threeDSServerTransID)
    expect(kept.length).toBeGreaterThanOrEqual(40)
    expect(kept.length).toBeLessThanOrEqual(50)
    expect(JSON.parse(kept.at(-1)?.masked ?? '')).toMatchObject({ count: 200 })
    expect(other.of(threeDSServerTransID)).toEqual([])
    store.close()
    log.note({ from: '3DSS', to: 'DS', body: { threeDSServerTransID } }) // an answer after the end harms nobody
  })

  test('keeps no message under an id that is none: it might be a card number', () => {
    const store = openEmulatorStore(':memory:')
    const log = createMessageLog({ party: 'DS', table: store.messages, clock: () => 1 })
    log.note({ from: '3DSS', to: 'DS', body: { messageType: 'AReq', threeDSServerTransID: acctNumber } })
    expect(log.of(acctNumber)).toEqual([])
    store.close()
  })

  test('masks what is no JSON by its digits, and cuts what is too long', () => {
    const store = openEmulatorStore(':memory:')
    const log = createMessageLog({ party: 'DS', table: store.messages, clock: () => 1 })
    const body = Buffer.from(`{"acctNumber": "${acctNumber}", "x": "${acctNumber}" ${'y'.repeat(100_000)}`)
    log.note({ from: '3DSS', to: 'DS', body, threeDSServerTransID: 'a' })
    const [kept] = log.of('A')
    expect(kept?.masked).not.toContain(acctNumber)
    expect(kept?.masked?.length).toBeLessThan(70_000)
    store.close()
  })
})

describe('the story that the admin API tells', () => {
  let sekisho: Running
  beforeEach(async () => {
    sekisho = await running({ only: ['acs', 'ds', '3ds-server'] })
  })
  afterEach(() => sekisho.close())

  const detail = async (acsTransID: string): Promise<{ text: string; messages: readonly Kept[] }> => {
    const text = await (await fetch(`${sekisho.acs}/api/v1/transactions/${acsTransID}`)).text()
    return { text, messages: (JSON.parse(text) as { messages: readonly Kept[] }).messages }
  }

  test('has every message of a challenged payment once, in its order, with who saw it', async () => {
    const pan = '4000000000017700'
    const { acsTransID, threeDSServerTransID } = await passedAtSecondTry(sekisho, pan)
    const { text, messages: all } = await detail(acsTransID)
    const messages = all.filter(({ link }) => link !== 'ACS→browser') // pages are the ACS's own business
    expect(linesOf(messages)).toEqual([
      'Requestor→3DSS versioning',
      '3DSS→Requestor versioning',
      'browser→3DSS threeDSMethod',
      'Requestor→3DSS authenticate',
      '3DSS→DS AReq',
      'DS→ACS AReq',
      'ACS→DS ARes',
      'DS→3DSS ARes',
      '3DSS→Requestor authenticate',
      'browser→ACS CReq',
      'browser→ACS undefined',
      'browser→ACS undefined',
      'ACS→DS RReq',
      'DS→3DSS RReq',
      '3DSS→DS RRes',
      'DS→ACS RRes',
      'browser→3DSS CRes',
      'Requestor→3DSS status',
      '3DSS→Requestor status',
    ])
    expect(messages[5]?.seen?.map(({ by }) => by)).toEqual(['DS', 'ACS'])
    expect(messages[12]?.seen?.map(({ by }) => by)).toEqual(['ACS', 'DS'])
    const times = all.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    const told = await statusOf(sekisho, threeDSServerTransID)
    expect(String(told.authenticationValue)).toMatch(/^.{28}$/)
    for (const secret of [pan, String(told.authenticationValue)]) expect(text).not.toContain(secret)
    expect(sekisho.log()).not.toContain(pan)
  })

  test('needs no other party: the 3DS Server of somebody else is not missed', async () => {
    await sekisho.close()
    sekisho = await running({ only: ['acs', 'ds'] })
    const areq = areqOf('http://127.0.0.1:1/results', { acctNumber: '4000000000027100' })
    const { message: ares = {} } = await post(`${sekisho.acs}/ds/areq`, areq)
    const { messages } = await detail(String(ares.acsTransID))
    expect(linesOf(messages)).toEqual(['3DSS→DS AReq', 'DS→ACS AReq', 'ACS→DS ARes', 'DS→3DSS ARes'])
  })

  test('goes on where nobody answered', async () => {
    await sekisho.close()
    sekisho = await running({ only: ['acs', 'ds'] })
    const areq = areqOf('http://127.0.0.1:1/results', { acctNumber: '4000000000027700' })
    const { message: ares = {} } = await post(`${sekisho.acs}/ds/areq`, areq)
    const { threeDSServerTransID, acsTransID } = ares
    const creq = {
      messageType: 'CReq',
      messageVersion: '2.2.0',
      threeDSServerTransID,
      acsTransID,
      challengeWindowSize: '09',
    }
    await fetch(`${sekisho.acs}/acs/challenge`, {
      method: 'POST',
      body: new URLSearchParams({ creq: Buffer.from(JSON.stringify(creq)).toString('base64url') }),
    })
    const { messages } = await detail(String(acsTransID))
    expect(linesOf(messages.filter(({ link }) => !link.includes('browser'))).slice(4)).toEqual([
      'ACS→DS RReq',
      'DS→3DSS RReq',
      '3DSS→DS undefined',
      'DS→ACS Erro',
    ])
    expect(messages.find(({ problem }) => problem !== undefined)).toMatchObject({ problem: 'unreachable' })
  })

  test('is told with the admin token where there is one, and the logs to nobody without it', async () => {
    await sekisho.close()
    sekisho = await running({ only: ['acs', 'ds', '3ds-server'], adminToken: 'a-token-for-everybody' })
    const purchase = await buy(sekisho, '4000000000027100')
    const ask = (token: string) =>
      fetch(`${sekisho.shop}/3ds-server/transactions/${purchase.threeDSServerTransID}/messages`, {
        headers: { authorization: `Bearer ${token}` },
      })
    expect((await ask('another')).status).toBe(401)
    // What the DS is shown is good for the DS alone.
    const [forServer = '', forDs = ''] = (['3DSS', 'DS'] as const).map((party) =>
      messageLogToken('a-token-for-everybody', party),
    )
    expect((await ask(forDs)).status).toBe(401)
    expect((await ask(forServer)).status).toBe(200)
    const answer = await fetch(`${sekisho.acs}/api/v1/transactions/${purchase.acsTransID}`, {
      headers: { authorization: 'Bearer a-token-for-everybody' },
    })
    expect(((await answer.json()) as { messages: readonly Kept[] }).messages).toHaveLength(9)
  })

  test('tells of a cancel as of a wrong code', async () => {
    const purchase = await buy(sekisho, '4000000000037700')
    const visit = await openChallenge(sekisho, purchase)
    await visit.answer('verify', otherThan(await visit.code()))
    await visit.answer('cancel')
    const { messages } = await detail(purchase.acsTransID)
    expect(messages.filter(({ link }) => link === 'browser→ACS').map(({ message }) => message?.action)).toEqual([
      undefined,
      'verify',
      'cancel',
    ])
    expect(messages.at(-1)).toMatchObject({ link: 'browser→3DSS', messageType: 'CRes', message: { transStatus: 'N' } })
  })
})

describe('several witnesses', () => {
  const said = (id: number, at: number, link: string, messageType: string, more: object = {}): StoryMessage => ({
    id,
    at,
    link,
    messageType,
    message: { messageType },
    ...more,
  })

  test('with clocks that disagree still tell one story in the order of cause and effect', () => {
    const story = mergeMessages([
      { party: 'ACS', messages: [said(1, 5, 'DS→ACS', 'AReq'), said(2, 6, 'ACS→DS', 'ARes', { durationMs: 1 })] },
      {
        party: 'DS', // an hour ahead
        messages: [
          said(1, 3_600_000, '3DSS→DS', 'AReq'),
          said(2, 3_600_001, 'DS→ACS', 'AReq'),
          said(3, 3_600_009, 'ACS→DS', 'ARes', { durationMs: 8, httpStatus: 200 }),
          said(4, 3_600_010, 'DS→3DSS', 'ARes'),
        ],
      },
      { party: '3DSS', messages: [said(1, 1, '3DSS→DS', 'AReq'), said(2, 12, 'DS→3DSS', 'ARes')] },
    ])
    expect(story.map(({ link }) => link)).toEqual(['3DSS→DS', 'DS→ACS', 'ACS→DS', 'DS→3DSS'])
    expect(story[2]).toMatchObject({
      durationMs: 1,
      httpStatus: 200,
      seen: [
        { by: 'ACS', at: 6 },
        { by: 'DS', at: 3_600_009 },
      ],
    })
  })

  test('count equal messages one by one, and join what each found', () => {
    const finding = { errorCode: '201', element: 'mcc', rule: 'x' }
    const rreq = (id: number, at: number, more: object = {}) => said(id, at, 'ACS→DS', 'RReq', more)
    const story = mergeMessages([
      { party: 'ACS', messages: [rreq(1, 1), rreq(2, 100)] },
      { party: 'DS', messages: [rreq(7, 101, { findings: [finding] })] },
    ])
    expect(story).toHaveLength(2)
    expect(story[0]).toMatchObject({ findings: [finding] })
    expect(story[1]).not.toHaveProperty('findings')
  })

  test('may call one message differently: an Erro that came for an RRes is told once, as what it is', () => {
    const erro = { messageType: 'Erro', errorCode: '405' }
    const story = mergeMessages([
      { party: 'ACS', messages: [said(1, 5, 'DS→ACS', 'RRes', { message: erro })] },
      { party: 'DS', messages: [said(1, 4, 'DS→ACS', 'Erro', { message: erro })] },
    ])
    expect(story).toMatchObject([{ messageType: 'Erro', message: erro }])
    expect(story[0]?.seen?.map(({ by }) => by)).toEqual(['DS', 'ACS'])
  })

  test('that contradict each other are told by time, and nothing is lost', () => {
    const one = said(1, 1, 'DS→ACS', 'AReq')
    const other = said(2, 2, 'ACS→DS', 'ARes')
    const story = mergeMessages([
      { party: 'ACS', messages: [one, other] },
      { party: 'DS', messages: [other, one] },
    ])
    expect(story.map(({ id }) => id)).toEqual([1, 2])
  })
})

describe('a peer', () => {
  const clock = { now: () => 0 }
  const asking = (url: string, more: object = {}) =>
    createPeerMessages({ peers: [{ party: 'DS', url }], clock, withinMs: 150, ...more })('id')
  const nothing = [{ party: 'DS', messages: [] }]

  test('is shown a token of its own, and never the admin token', async () => {
    let shown: string | null = ''
    await asking('http://peer.example', {
      adminToken: 'the admin token',
      fetch: (_url: unknown, init: RequestInit = {}) => {
        shown = new Headers(init.headers).get('authorization')
        return Promise.resolve(Response.json({ messages: [] }))
      },
    })
    expect(shown).toBe(`Bearer ${messageLogToken('the admin token', 'DS')}`)
    expect(shown).not.toContain('the admin token')
  })

  test('that is not there, keeps no log, or says what is none, is no error', async () => {
    const peer = await startStandIn(() => 'drop')
    try {
      expect(await asking('http://127.0.0.1:1')).toEqual(nothing)
      const answers: readonly (() => Response)[] = [
        () => new Response('Not found', { status: 404 }),
        () => new Response('<html>'),
        () => new Response('{"messages":[{"link":"a"}]}'),
        () => new Response('', { status: 302, headers: { location: 'http://127.0.0.1/elsewhere' } }),
      ]
      for (const answer of answers) {
        expect(await asking('http://peer.example', { fetch: () => Promise.resolve(answer()) })).toEqual(nothing)
      }
    } finally {
      await peer.close()
    }
  })

  test('that keeps us waiting is left alone for a while, so that the next page comes at once', async () => {
    let asked = 0
    let now = 0
    const silent = (_url: unknown, { signal }: RequestInit = {}): Promise<Response> =>
      new Promise((_resolve, reject) => {
        asked += 1
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    const ask = createPeerMessages({
      peers: [{ party: 'DS', url: 'http://peer.example' }],
      clock: { now: () => now },
      withinMs: 20,
      fetch: silent as typeof fetch,
    })
    expect(await ask('id')).toEqual(nothing)
    expect(await ask('id')).toEqual(nothing)
    expect(asked).toBe(1)
    now = 60_000
    await ask('id')
    expect(asked).toBe(2)
  })
})
