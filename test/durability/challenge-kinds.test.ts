// A restart in the middle of every kind of challenge: it goes on where it was, its timers fire, and what codes come from is gone with
// its end.
import { cpSync, readdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challengeKinds } from '../../src/acs/challenge/kinds.ts'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { areqOf, cardEnding } from '../http/any-areq.ts'
import {
  api,
  codeOf,
  driven,
  hintOf,
  mails,
  type Page,
  put,
  rreqsOf,
  shown,
  tokenOf,
  until,
  wrongCode,
} from '../http/support.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { creqFor, cresIn, type Members, post, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { newFolder, removeFolders } from './processes.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)
const version = '2.3.1'

let ds: ListeningDs
beforeAll(async () => {
  ds = await listeningDs()
  ds.answer = (message, res) =>
    sendJson(res, rres(message, { ...(message.transStatus === 'D' && { resultsStatus: '04' }) }))
})
afterAll(async () => {
  await ds.close()
  removeFolders()
})

const sekishoIn = (dataDir: string, clock: ManualClock): Promise<Running> =>
  running({ only: ['acs'], ephemeral: false, dataDir }, { clock })

interface Begun {
  readonly ares: Members
  readonly acsTransID: string
  page: Page | undefined
}

/** A challenge as a stub plans it, before its first CReq. */
async function begun(sekisho: Running, challenge: Members): Promise<Begun> {
  const areq = areqOf('browser-231', {
    acctNumber: cardEnding('700', '4000005'),
    dsURL: ds.url,
    threeDSRequestorDecReqInd: 'F',
    threeDSRequestorDecMaxTime: '00010',
  })
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  const stub = { match: { acctNumber: areq.acctNumber }, then: { transStatus: 'C', challenge } }
  expect((await put(sekisho, '/stubs', stub, 'POST')).status).toBe(201)
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(ares.transStatus).toBe('C')
  return { ares, acsTransID: String(ares.acsTransID), page: undefined }
}

const open = (sekisho: Running, { ares }: Begun): Promise<Page> =>
  postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(ares, { messageVersion: version }) })

async function submit(
  sekisho: Running,
  { acsTransID, page }: Begun,
  fields: readonly (readonly [string, string])[],
): Promise<Page> {
  const own = [
    ['acsTransID', acsTransID],
    ['stepToken', page === undefined ? '' : tokenOf(page)],
  ]
  const body = new URLSearchParams([...own, ...fields.map(([name, value]) => [name, value])])
  const response = await fetch(`${sekisho.acs}/acs/challenge/answer`, { method: 'POST', body })
  return { status: response.status, headers: response.headers, page: await response.text() }
}

const stateOf = async (sekisho: Running, { acsTransID }: Begun): Promise<Members> =>
  (await api(sekisho, `/transactions/${acsTransID}/challenge`)).body

/** The answer to what the page asks by now. */
async function answerTo(
  sekisho: Running,
  one: Begun,
  isRight: boolean,
): Promise<readonly (readonly [string, string])[]> {
  const { screen } = await stateOf(sekisho, one)
  const code = await codeOf(sekisho, one)
  const otp = ['otp', isRight ? code : wrongCode(code)] as const
  switch (screen) {
    case 'choose':
      return [['selected', 'sms']]
    case 'question':
      return [['selected', isRight ? 'ha' : 'od']]
    case 'pictures':
      return isRight
        ? [
            ['selected', 'tea'],
            ['selected', 'bell'],
          ]
        : [['selected', 'tea']]
    case 'entries':
      return [otp, ['password', 'sekisho']]
    default:
      return [otp]
  }
}

/** What is different after the restart from a challenge that nothing came between. */
type Restart = 'a stop' | 'a crash'

/** The folder that the next start gets; a crash leaves the files as they were in the middle of everything. */
async function after(restart: Restart, first: Running, dataDir: string): Promise<string> {
  if (restart === 'a stop') {
    await first.close()
    return dataDir
  }
  const copy = newFolder()
  for (const name of readdirSync(dataDir)) cpSync(path.join(dataDir, name), path.join(copy, name), { recursive: true })
  await first.close()
  return copy
}

describe.each(['a stop', 'a crash'] as const)('%s in the middle of a challenge', (restart) => {
  let second: Running
  let clock: ManualClock
  /** By kind: one that goes on, one that nobody comes back to, one that was not opened yet. */
  const goesOn = new Map<string, Begun>()
  const leftAlone = new Map<string, Begun>()
  const unopened = new Map<string, Begun>()
  const codes = new Map<string, string>()
  let approvedUnseen: Begun

  beforeAll(async () => {
    const dataDir = newFolder()
    const first = await sekishoIn(dataDir, manualClock(start))
    for (const kind of challengeKinds) {
      for (const all of [goesOn, leftAlone]) {
        const one = await begun(first, { kind })
        one.page = await open(first, one)
        // Half-way: a wrong answer, a choice, a look, or something that was read.
        if (kind !== 'infoDecoupled') one.page = await submit(first, one, await answerTo(first, one, false))
        all.set(kind, one)
        if (all === goesOn) codes.set(kind, await codeOf(first, one))
      }
      unopened.set(kind, await begun(first, { kind }))
    }
    approvedUnseen = await begun(first, { kind: 'oob', appSeenAfter: 1, prompts: ['trustList'] })
    approvedUnseen.page = await open(first, approvedUnseen)
    await driven(first, approvedUnseen, 'approve')
    clock = manualClock(start + 20_000)
    second = await sekishoIn(await after(restart, first, dataDir), clock)
  })
  afterAll(() => second.close())

  test.each(challengeKinds)('%s goes on: same page, same code, same tries (CHL-SM-7)', async (kind) => {
    const one = goesOn.get(kind) as Begun
    // A reload shows the page of the same step, and brings nothing new.
    expect(tokenOf(await open(second, one))).toBe(tokenOf(one.page as Page))
    expect(await codeOf(second, one)).toBe(codes.get(kind))
    const notes = (await mails(second, one)).length
    if (kind === 'oob' || kind === 'oobMatch') expect((await driven(second, one, 'approve')).status).toBe(200)
    const done = await submit(second, one, await answerTo(second, one, true))
    const isD = kind === 'infoDecoupled'
    const wrongOnes = ['chooseOtp', 'oob', 'oobMatch', 'infoOtp', 'infoDecoupled'].includes(kind) ? 0 : 1
    expect(cresIn(done.page)).toMatchObject({ messageType: 'CRes', transStatus: isD ? 'D' : 'Y' })
    expect(rreqsOf(ds, one.acsTransID)).toMatchObject([
      { transStatus: isD ? 'D' : 'Y', interactionCounter: `0${wrongOnes + (isD ? 0 : 1)}` },
    ])
    expect((await mails(second, one)).length).toBe(notes)
  })

  test('what the banking app said before is not forgotten where the page has yet to learn of it', async () => {
    expect(rreqsOf(ds, approvedUnseen.acsTransID)).toEqual([])
    const done = await submit(second, approvedUnseen, [['action', 'continue']])
    expect(cresIn(done.page)).toMatchObject({ transStatus: 'Y' })
  })

  test('one that was not opened yet is opened, or missed, as without it (CHL-TMR-1)', async () => {
    const [first, ...rest] = [...unopened.values()] as [Begun, ...Begun[]]
    expect(hintOf(await open(second, first))).toBeUndefined()
    expect(await stateOf(second, first)).toMatchObject({ phase: 'awaitingAnswer', triesLeft: 3 })
    clock.advance(9_999)
    expect(await stateOf(second, rest[0] as Begun)).toMatchObject({ phase: 'awaitingFirstCReq' })
    clock.advance(1)
    for (const one of rest) {
      await until(() => rreqsOf(ds, one.acsTransID).length > 0)
      expect(rreqsOf(ds, one.acsTransID)).toMatchObject([{ transStatusReason: '14', challengeCancel: '05' }])
    }
  })

  test('those that nobody comes back to end when their ten minutes are over, with what was counted (CHL-TMR-3, CHL-SM-7)', async () => {
    clock.advance(start + 600_000 - 1 - clock.now())
    for (const one of leftAlone.values()) expect(await stateOf(second, one)).toMatchObject({ phase: 'awaitingAnswer' })
    clock.advance(1)
    for (const [kind, one] of leftAlone) {
      await until(() => rreqsOf(ds, one.acsTransID).length > 0)
      const wrongOnes = ['chooseOtp', 'oob', 'oobMatch', 'infoOtp', 'infoDecoupled'].includes(kind) ? 0 : 1
      expect(rreqsOf(ds, one.acsTransID)).toMatchObject([
        {
          transStatus: 'N',
          transStatusReason: '14',
          challengeCancel: '04',
          interactionCounter: `0${wrongOnes}`,
        },
      ])
    }
  })
})

describe('after the end', () => {
  /** Everything that is written, as text. */
  function textOf(file: string): string {
    const db = new Database(file, { readonly: true })
    try {
      const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[]
      const rows = tables.flatMap(({ name }) => db.prepare(`select * from "${name}"`).all() as Members[])
      return rows
        .flatMap((row) =>
          Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value))),
        )
        .join('\n')
    } finally {
      db.close()
    }
  }
  const secretOf = (file: string): readonly string[] =>
    [...textOf(file).matchAll(/"secret":"([^"]+)"/g)].map(([, secret = '']) => secret)

  test('codes are nowhere to be had: not in the inbox, not by the API, not in the database (CHL-SM-6)', async () => {
    const dataDir = newFolder()
    const clock = manualClock(start)
    const sekisho = await sekishoIn(dataDir, clock)
    const ends = ['pass', 'cancel', 'fail', 'time', 'error'] as const
    const all: { readonly one: Begun; readonly code: string }[] = []
    for (const end of ends) {
      const one = await begun(sekisho, { kind: end === 'pass' ? 'passwordOtp' : 'emailOtp' })
      one.page = await open(sekisho, one)
      const code = await codeOf(sekisho, one)
      expect(code).toMatch(/^[0-9]{6}$/)
      all.push({ one, code })
    }
    const copy = await after('a crash', sekisho, dataDir)
    const secrets = secretOf(path.join(copy, 'sekisho.sqlite'))
    expect(new Set(secrets).size).toBe(ends.length) // there they are, as long as they are needed

    const again = await sekishoIn(copy, clock)
    for (const [index, end] of ends.entries()) {
      const { one } = all[index] as (typeof all)[number]
      if (end === 'pass') one.page = await submit(again, one, await answerTo(again, one, true))
      if (end === 'cancel') one.page = await submit(again, one, [['action', 'cancel']])
      if (end === 'fail')
        for (let i = 0; i < 3; i += 1) one.page = await submit(again, one, await answerTo(again, one, false))
      if (end === 'error')
        await postForm(`${again.acs}/acs/challenge`, {
          creq: creqFor(one.ares, { messageVersion: version, challengeWindowSize: '77' }),
        })
    }
    clock.advance(600_000)
    for (const { one, code } of all) {
      await until(async () => (await shown(again, one.acsTransID)).delivery === 'delivered')
      const [message] = await mails(again, one)
      expect(message).toMatchObject({ text: expect.stringContaining('······') as string })
      expect(message).not.toHaveProperty('code')
      const { status } = await api(again, `/inbox/latest?acsTransID=${one.acsTransID}`)
      expect([200, 404]).toContain(status)
      const paths = ['/inbox?acsTransID=', '/journal?acsTransID=', '/transactions/'].map((at) => at + one.acsTransID)
      const everything = await Promise.all(
        [...paths, `/transactions/${one.acsTransID}/challenge`].map((at) => api(again, at)),
      )
      expect(everything.map(({ status: told }) => told)).toEqual([200, 200, 200, 200])
      expect(JSON.stringify(everything)).not.toMatch(new RegExp(`(?<![0-9])${code}(?![0-9])`))
    }
    expect(again.log()).not.toMatch(new RegExp(all.map(({ code }) => `(?<![0-9])${code}(?![0-9])`).join('|')))
    await again.close()
    const left = textOf(path.join(copy, 'sekisho.sqlite'))
    for (const secret of secrets) expect(left).not.toContain(secret)
    for (const { code } of all) expect(left).not.toMatch(new RegExp(`(?<![0-9])${code}(?![0-9])`))
  })
})
