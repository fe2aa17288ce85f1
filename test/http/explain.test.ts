// An AReq that nobody sent: the engine says what it would decide, and nothing is left behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manualClock } from '../../src/clock.ts'
import { policyText } from '../risk/support.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { areqOf, columns } from './any-areq.ts'
import { api, put } from './support.ts'

const card = '4111110000000567'
const start = Date.UTC(2026, 10, 22, 3)
const explain = (sekisho: Running, body: unknown) => put(sekisho, '/explain', body, 'POST')

describe('an AReq that nobody sent', () => {
  let sekisho: Running
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] }, { clock: manualClock(start) })
  })
  afterAll(() => sekisho.close())

  test('is decided as the same AReq that is sent, and only what it is about needs to be said', async () => {
    const areq = browserAReq({ acctNumber: card, purchaseAmount: '99000', mcc: '6540' })
    const { status, body } = await explain(sekisho, { areq })
    expect(status).toBe(200)
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    const { body: kept } = await api(sekisho, `/transactions/${ares.acsTransID}/decision`)
    for (const part of ['transStatus', 'score', 'contributions', 'silent', 'steps', 'counterfactual'])
      expect(body[part]).toEqual(kept[part])
    expect(body).toMatchObject({ decidedBy: 'engine', panMask: '411111******0567', isReplayed: true })

    const little = await explain(sekisho, {
      areq: { acctNumber: card, purchaseAmount: '100', purchaseCurrency: '392' },
    })
    expect(little.status).toBe(200)
    expect(little.body.silent).toContainEqual(expect.objectContaining({ checkId: 'email-domain' }))
  })

  test('may be asked of another policy, at another time, with device data and signals', async () => {
    const areq = { acctNumber: card, purchaseAmount: '100', purchaseCurrency: '392', purchaseExponent: '0' }
    const always = policyText('always-challenge')
    const { body } = await explain(sekisho, { areq, policy: always })
    expect(body).toMatchObject({ transStatus: 'C', policy: { name: 'always-challenge', isOfTheDay: true } })
    const { body: running } = await api(sekisho, '/policy')
    expect((await explain(sekisho, { areq })).body).toMatchObject({ policy: { name: running.name } })
    const night = await explain(sekisho, { areq, at: '2026-11-22T18:00:00Z' }) // three at night in Tokyo
    const spoken = (night.body.contributions as Members[]).map(({ code }) => code)
    expect(spoken.some((code) => String(code).startsWith('night.'))).toBe(true)
    const signals = { sharedList: [{ kind: 'card', reason: 'fraud' }] }
    const { body: signalled } = await explain(sekisho, { areq, signals, method: { deviceId: 'abc' } })
    expect((signalled.riskEvents as Members[]).map(({ code }) => code)).toContain('on-shared-list')
  })

  test.each([
    [{ areq: { purchaseAmount: '100' } }, 400, 'areq.acctNumber'],
    [{ areq: { acctNumber: card, purchaseAmount: 'much' } }, 400, 'areq.purchaseAmount'],
    [{ areq: { acctNumber: card, email: 7 } }, 400, 'areq.email'],
    [{ areq: { acctNumber: card, messageVersion: '9.9.9' } }, 400, 'areq'],
    [{ areq: { acctNumber: card }, policy: '0123456789abcdef' }, 404, 'policy'],
    [{ areq: { acctNumber: card }, policy: 'name: 1' }, 400, 'policy'],
    [{ areq: { acctNumber: card }, wish: 1 }, 400, 'wish'],
    [{}, 400, 'areq'],
  ])('that cannot be taken is refused with the path of what is wrong: %j', async (body, status, path) => {
    const answer = await explain(sekisho, body)
    expect(answer.status).toBe(status)
    expect(String(answer.body.path)).toMatch(new RegExp(`^${path}`))
    expect(JSON.stringify(answer.body)).not.toContain(card)
  })

  test('is decided by a shipped policy that is named, and by a long text', async () => {
    const areq = { acctNumber: card, purchaseAmount: '9800000', purchaseCurrency: '392', purchaseExponent: '0' }
    const { body } = await explain(sekisho, { areq, policy: 'always-challenge' })
    expect(body).toMatchObject({ transStatus: 'C', policy: { name: 'always-challenge' } })
    expect(await explain(sekisho, { areq, policy: 'no-such-policy' })).toMatchObject({ status: 404 })
    const long = `${policyText('never-challenge')}${'# a note\n'.repeat(10_000)}`
    expect((await explain(sekisho, { areq, policy: long })).body).toMatchObject({ policy: { name: 'never-challenge' } })
  })

  test.each(columns)('of %s answers whatever is left out', async (column) => {
    const whole = { ...areqOf(column), acctNumber: card, ...(column.startsWith('browser') && { threeDSCompInd: 'Y' }) }
    const names = Object.keys(whole).filter((name) => name !== 'acctNumber')
    for (const left of [['threeDSServerTransID', 'dsTransID'], ...names.map((name) => [name]), names]) {
      const areq = Object.fromEntries(Object.entries(whole).filter(([name]) => !left.includes(name)))
      const { status, body } = await explain(sekisho, { areq })
      expect([left, status < 500, body.error]).toEqual([left, true, status === 200 ? undefined : body.error])
    }
  })

  test('leaves no card number in the log', () => {
    expect(sekisho.log()).not.toContain(card)
  })
})

test('asking changes not one row, and the next purchase counts as if nobody had asked', async ({ onTestFinished }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sekisho-explain-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  const rows = (): unknown => {
    const db = new Database(join(dataDir, 'sekisho.sqlite'), { readonly: true })
    const tables = db.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
    const all = Object.fromEntries(tables.map((name) => [name, db.prepare(`select * from "${name}"`).all()]))
    db.close()
    return all
  }
  const open = () => running({ only: ['acs'], dataDir, ephemeral: false }, { clock: manualClock(start) })
  const first = await open()
  await post(`${first.acs}/acs/areq`, browserAReq({ acctNumber: card }))
  await first.close()
  const second = await open() // what a start writes is written before
  await second.close()
  const before = rows()
  const third = await open()
  const { body } = await explain(third, { areq: browserAReq({ acctNumber: card }), method: { deviceId: 'abc' } })
  const { body: again } = await explain(third, { areq: browserAReq({ acctNumber: card }), method: { deviceId: 'abc' } })
  expect(again).toEqual(body)
  const { body: list } = await api(third, '/transactions')
  const [one] = list.transactions as Members[]
  await api(third, `/transactions/${one?.acsTransID}/decision`)
  await third.close()
  expect(rows()).toEqual(before)
})
