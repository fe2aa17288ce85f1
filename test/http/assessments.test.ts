// A payment that screenings of shops have spoken of: what they said is weighed, kept, decided again, and shown with and without each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { webhookHeaders } from '../../src/protocol/crypto/webhook-signature.ts'
import { policyText } from '../risk/support.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { api, put } from './support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-assessments-'))
const at = Date.parse('2026-11-22T03:00:00Z')
const secretOf = (letter: string): string => `whsec_${Buffer.alloc(32, letter).toString('base64')}`
const names = ['alpha', 'beta', 'gamma']

const written = parse(policyText('rules-jp')) as Members & { assessments: Members }
/** gamma is not named. */
const policyWith = (change: Members = {}): string =>
  stringify({ ...written, assessments: { ...written.assessments, sources: { alpha: {}, beta: {} }, ...change } })

let sekisho: Running
beforeAll(async () => {
  const sources = path.join(folder, 'sources.yaml')
  const lines = names.map((name) => `  - { name: ${name}, key: { secret: '${secretOf(name)}' }, doors: [ahead] }`)
  writeFileSync(sources, `sources:\n${lines.join('\n')}\n`)
  const policy = path.join(folder, 'policy.yaml')
  writeFileSync(policy, policyWith())
  sekisho = await running({ only: ['acs'], hookSources: sources, policy, clock: 'frozen' })
  await put(sekisho, '/clock', { set: new Date(at).toISOString() }, 'POST')
})
afterAll(async () => {
  await sekisho?.close()
  rmSync(folder, { recursive: true, force: true })
})

let ids = 0
let cards = 0
const card = (): string => {
  cards += 1
  const body = `411111000000${String(cards).padStart(3, '0')}`
  const digits = [...body].toReversed().map(Number)
  const sum = digits.reduce((total, digit, i) => {
    const value = i % 2 === 0 ? digit * 2 : digit
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}
const areqOf = (change: Members = {}): Members => browserAReq({ acctNumber: card(), purchaseAmount: '1480', ...change })

async function told(areq: Members, source: string, verdict: string, change: Members = {}): Promise<number> {
  ids += 1
  const now = (await api(sekisho, '/clock')).body.now
  const time = typeof now === 'number' ? now : Date.parse(String(now))
  const body = JSON.stringify({
    ...{ source, verdict, reasons: ['R-1'], issuedAt: new Date(time).toISOString() },
    about: { threeDSServerTransID: areq.threeDSServerTransID },
    ...change,
  })
  const { status } = await post(`${sekisho.acs}/hook/assessments`, body, {
    'content-type': 'application/json',
    ...webhookHeaders(secretOf(source), `told_${ids}`, time, body),
  })
  return status
}
async function tell(...what: Parameters<typeof told>): Promise<void> {
  expect(await told(...what)).toBeLessThan(300)
}
async function decided(areq: Members): Promise<{ ares: Members; decision: Members }> {
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  expect(ares.messageType, JSON.stringify(ares)).toBe('ARes')
  const { body: decision } = await api(sekisho, `/transactions/${String(ares.acsTransID)}/decision`)
  return { ares, decision }
}
const codes = ({ contributions }: Members): readonly string[] =>
  (contributions as Members[]).map(({ code }) => String(code))
const total = ({ base, contributions }: Members): number =>
  (contributions as { weight: number }[]).reduce((sum, { weight }) => sum + weight, Number(base))

describe('a payment that was spoken of', () => {
  test('shows what was said, what it was worth, and what there would have been without it', async () => {
    const areq = areqOf()
    await tell(areq, 'alpha', 'NG', { score: 0.93 })
    const { ares, decision } = await decided(areq)
    expect(ares.transStatus).toBe('C')
    expect(decision).toMatchObject({
      isReplayed: true,
      unheard: [],
      assessments: [
        {
          ...{ source: 'alpha', door: 'ahead', verdict: 'NG', score: 0.93, reasons: ['R-1'] },
          labelled: { good: 0, fraud: 0 },
          without: { transStatus: 'Y', action: 'frictionless', band: 'low' },
        },
      ],
      withoutAll: { transStatus: 'Y' },
    })
    const [told] = decision.assessments as [Members & { without: Members }]
    expect(told.weight).toBeGreaterThan(2)
    expect(Number(told.without.score)).toBeCloseTo(Number(decision.score) - Number(told.weight), 9)
    expect(codes(decision)).toContain('assessment.ng')
    expect(total(decision)).toBe(decision.score)
    expect((decision.steps as Members[]).map(({ code }) => code)).toContain('assessment-floor:alpha')
    expect((decision.engine as { because: string[] }).because).toContain('assessment-floor:alpha')
    expect(JSON.stringify(decision.contributions)).toContain('加盟店側の審査 alpha の判定は NG です')
  })

  test('by several shows each left out, and all of them', async () => {
    const areq = areqOf()
    await tell(areq, 'alpha', 'OK')
    await tell(areq, 'beta', 'NG')
    await tell(areq, 'gamma', 'REVIEW')
    const { decision } = await decided(areq)
    const told = decision.assessments as (Members & { without: Members })[]
    expect(told.map(({ source }) => source).sort()).toEqual(names)
    const without = Object.fromEntries(told.map((one) => [String(one.source), one.without]))
    expect(without).toMatchObject({
      alpha: { transStatus: 'C' },
      beta: { transStatus: 'Y' },
      gamma: { transStatus: 'C' },
    })
    expect(decision.withoutAll).toMatchObject({ transStatus: 'Y' })
    expect(decision.isReplayed).toBe(true)
    expect(total(decision)).toBe(decision.score)
    const unnamed = told.find(({ source }) => source === 'gamma')
    expect(Number(unnamed?.weight)).toBeLessThan(Number(unnamed?.evidence) / 3)
  })

  test('is known by what a trusted source tells besides, and is not by another', async () => {
    const signals = { mailDeliverable: false, addressExists: false }
    const [trusted, other] = [areqOf(), areqOf()]
    await tell(trusted, 'alpha', 'OK', { signals })
    await tell(other, 'gamma', 'OK', { signals })
    const said = codes((await decided(trusted)).decision)
    const unsaid = codes((await decided(other)).decision)
    expect(said).toContain('address-exists.service')
    expect(unsaid).not.toContain('address-exists.service')
    const { decision } = await decided(areqOf())
    expect(decision.assessments).toEqual([])
    expect(decision).not.toHaveProperty('withoutAll')
  })

  test('without it nothing that it told besides is known either', async () => {
    const areq = areqOf({ purchaseAmount: '18000' })
    await tell(areq, 'alpha', 'OK', { signals: { addressExists: false, mailDeliverable: false, loginFailures: 40 } })
    const { decision } = await decided(areq)
    const [told] = decision.assessments as [Members & { without: Members }]
    const apart = Number(decision.score) - Number(told.weight) - Number(told.without.score)
    expect(apart).toBeGreaterThan(0.1)
  })

  test('keeps no name, address or card number of what was said', async () => {
    const areq = areqOf()
    const signals = { kanji: '秘密 太郎', kana: 'ヒミツ タロウ', rawAddress: '東京都港区秘密町１−２−３' }
    expect(await told(areq, 'alpha', 'OK', { reasons: ['seen-4111110000000021'] })).toBe(422)
    await tell(areq, 'alpha', 'OK', { signals })
    const { ares } = await decided(areq)
    const kept = await sekisho.store?.transactions({ tenant: 0, acsTransID: String(ares.acsTransID), limit: 1 })
    expect(kept).toHaveLength(1)
    expect(JSON.stringify(kept)).toContain('alpha')
    expect(JSON.stringify(kept)).not.toMatch(/秘密|ヒミツ|4111110000000021/)
  })
})

describe('as labels come in', () => {
  test('the word of a source that says NG of everybody is worth less, and is no floor any more', async () => {
    const worths: number[] = []
    let last: Members = {}
    for (let i = 0; i < 12; i++) {
      const areq = areqOf()
      await tell(areq, 'beta', 'NG')
      const { ares, decision } = await decided(areq)
      last = decision
      const own = (decision.assessments as Members[])[0] ?? {}
      worths.push(Number(own.evidence))
      await put(sekisho, `/transactions/${String(ares.acsTransID)}/label`, { kind: 'confirmedGood' })
    }
    expect(worths).toEqual(worths.toSorted((a, b) => b - a))
    expect(worths.at(-1)).toBeLessThan(1)
    expect((last.engine as { because: string[] }).because).not.toContain('assessment-floor:beta')
    expect(last).toMatchObject({ isReplayed: true, assessments: [{ labelled: { good: 11 } }] })
  })

  test('what was decided before is decided again as it was, by what was known then', async () => {
    const { body } = await api(sekisho, '/transactions?limit=100')
    const all = (body.transactions ?? body.items) as Members[]
    for (const { acsTransID } of all) {
      const { body: decision } = await api(sekisho, `/transactions/${String(acsTransID)}/decision`)
      expect(decision.isReplayed, String(acsTransID)).toBe(true)
    }
  })
})

test('a draft that listens otherwise is tried on payments that were decided', async () => {
  const policy = policyWith({ sources: {}, unnamed: 0 })
  const { status, body } = await put(sekisho, '/policies/backtest', { text: policy, limit: 100 }, 'POST')
  expect(status, JSON.stringify(body)).toBe(200)
  expect(body.notReplayed).toEqual({ older: 0, features: 0 })
  const told = JSON.stringify(body.payments)
  expect(told).toContain('"part":"assessment:beta"')
  expect(told).toContain('assessment-floor:beta')
  expect(body.moves).toContainEqual(expect.objectContaining({ from: 'C', to: 'Y' }))
})

test('what screenings would say can be tried on an AReq that nobody sent', async () => {
  const areq = { acctNumber: card(), purchaseAmount: '100', purchaseCurrency: '392', purchaseExponent: '0' }
  const explain = (assessments: unknown) => put(sekisho, '/explain', { areq, assessments }, 'POST')
  const { body } = await explain([{ source: 'alpha', verdict: 'NG' }])
  expect(body).toMatchObject({ transStatus: 'C', isReplayed: true, withoutAll: { transStatus: 'Y' } })
  expect((await explain([{ source: 'alpha', verdict: 'OK' }])).body.transStatus).toBe('Y')
  expect((await explain([{ source: 'alpha', verdict: 'maybe' }])).status).toBe(400)
  const twice = [
    { source: 'alpha', verdict: 'OK' },
    { source: 'alpha', verdict: 'NG' },
  ]
  expect((await explain(twice)).status).toBe(400)
})
