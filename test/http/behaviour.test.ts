// What the pages told, from the post to the record and to the next decision, through the running server.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedPolicy } from '../../src/risk/policy.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, type Challenged, codeOf, opened, put, shown } from './support.ts'

let ds: ListeningDs
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
  sekisho = await running({ only: ['acs'], policy: fileURLToPath(shippedPolicy('always-challenge')) })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

let pans = 0
const newCard = (): string => `411111000010${String(++pans).padStart(4, '0')}`

async function asked(
  acctNumber: string,
  change: Members = {},
): Promise<Challenged & { features: Members; facts: Members }> {
  const areq = browserAReq({ acctNumber, dsURL: ds.url, ...change })
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(ares).toMatchObject({ transStatus: 'C' })
  const acsTransID = String(ares.acsTransID)
  const { features, facts } = (await shown(sekisho, acsTransID)) as unknown as { features: Members; facts: Members }
  return { areq, ares, acsTransID, features, facts }
}

async function passed(challenge: Challenged, behaviour: string | undefined): Promise<Members> {
  const page = await opened(sekisho, challenge)
  const otp = await codeOf(sekisho, challenge)
  await answered(sekisho, challenge, page, { otp, ...(behaviour !== undefined && { behaviour }) })
  const record = await shown(sekisho, challenge.acsTransID)
  expect(record).toMatchObject({ resultStatus: 'Y' })
  return record as unknown as Members
}

const entry = {
  keys: 0,
  pastes: 1,
  fills: 0,
  corrections: 0,
  taps: 0,
  scripted: 0,
  unseen: false,
  total: 400,
  toFirst: 90,
}
const machineAnswers = async (pan: string) => (await asked(pan)).features.machine_answers_30d

test('a code that was pasted in 0.4 s passes, stands in the record in words, and is known to the next decision', async () => {
  const pan = newCard()
  const record = await passed(await asked(pan), JSON.stringify(entry))
  const moments = record.timeline as readonly { kind: string; detail?: { en: string; ja: string } }[]
  expect(moments.find(({ kind }) => kind === 'answer')?.detail).toEqual({
    en: 'pasted, 0.4 s after the page was there',
    ja: '貼り付け、画面の表示から0.4秒',
  })
  expect(JSON.stringify(record)).toContain('"isUnseen":false')
  expect(await machineAnswers(pan)).toBeCloseTo(1, 2)
})

test('a code that was typed by a person is held against nobody', async () => {
  const pan = newCard()
  const typed = { ...entry, keys: 6, pastes: 0, toFirst: 7_000, total: 11_000, gapMean: 300, gapSpread: 160 }
  await passed(await asked(pan), JSON.stringify(typed))
  expect(await machineAnswers(pan)).toBe(0)
})

test.each([
  ['no script', undefined],
  ['nonsense', '{"keys":'],
  ['another kind', '[1,2,3]'],
  ['a long text', `{"keys":1,"x":"${'9'.repeat(5_000)}"}`],
  ['wrong numbers', JSON.stringify({ ...entry, total: -5 })],
  ['a prototype', '{"__proto__":{"keys":1},"constructor":1}'],
])('%s: the answer counts all the same, and nothing is kept of it', async (_, behaviour) => {
  const pan = newCard()
  const record = await passed(await asked(pan), behaviour)
  expect(JSON.stringify(record)).not.toContain('behaviour')
  expect(await machineAnswers(pan)).toBe(0)
})

test('data of the 3DS Method become facts without a value in them; sent again they are a copy', async () => {
  const pan = newCard()
  const data = {
    screenWidth: 390,
    screenHeight: 844,
    colorDepth: 24,
    timeZone: 'America/New_York',
    timeZoneOffset: -540,
    languages: 'ja-JP',
    platform: 'Win32',
    maxTouchPoints: 5,
    hardwareConcurrency: 4,
    canvasHash: 'c0ffee00',
    webdriver: true,
    clock: Date.now(),
    email: 'hanako@example.com',
  }
  const told = async () => {
    const threeDSServerTransID = crypto.randomUUID()
    const { status } = await put(sekisho, '/../../acs/method/data', { threeDSServerTransID, data }, 'POST')
    expect(status).toBe(204)
    return asked(pan, {
      threeDSServerTransID,
      threeDSCompInd: 'Y',
      browserScreenWidth: '390',
      browserScreenHeight: '844',
    })
  }
  const first = await told()
  expect(first.facts).toMatchObject({ device: 'method', browser: { isHeadless: true, hasMethod: true } })
  expect((first.facts.browser as Members).contradictions).toEqual(
    expect.arrayContaining(['agentDiffers', 'zoneImpossible']),
  )
  expect(first.features).toMatchObject({ method_is_replayed: 0, likeness_is_first: 1 })
  expect(JSON.stringify(first.facts)).not.toMatch(/c0ffee00|New_York|Win32|hanako/)
  expect((await told()).features).toMatchObject({ method_is_replayed: 1, likeness_is_first: 0 })
  expect(JSON.stringify((await api(sekisho, '/journal')).body)).not.toContain('hanako')
})
