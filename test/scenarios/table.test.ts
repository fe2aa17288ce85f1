// The scenario table while it runs: replaced over the API or by its file, checked with line and column, kept, and of each tenant.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { api, put, until } from '../http/support.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

let sekisho: Running
beforeAll(async () => {
  sekisho = await running({ only: ['acs'] })
})
afterAll(() => sekisho.close())

const areqTo = async (base: string, change: Members = {}, headers: Record<string, string> = {}): Promise<Members> =>
  (await post(`${base}/acs/areq`, browserAReq({ acctNumber: frictionlessCard, ...change }), headers)).body
const asked = (change: Members = {}): Promise<Members> => areqTo(sekisho.acs, change)
const recordOf = async ({ acsTransID }: Members): Promise<Members> =>
  (await api(sekisho, `/transactions/${String(acsTransID)}`)).body
const deciderOf = (record: Members, by: string): Members =>
  (record.deciders as Members[]).find((one) => one.by === by) ?? {}

const sent = async (method: string, at: string, yaml: string, where = sekisho) => {
  const response = await fetch(`${where.acs}${at}`, { method, headers: { 'content-type': 'text/yaml' }, body: yaml })
  return { status: response.status, body: (await response.json()) as Members }
}
const replaced = (yaml: string) => sent('PUT', '/api/v1/scenarios', yaml)
const restored = () => api(sekisho, '/scenarios', { method: 'DELETE', headers: { 'content-type': 'application/json' } })

const table = `
scenarios:
  - title: the shop that is slow
    titleJa: 遅い店
    match: { merchant: slow }
    then: { eci: '06', cardholderInfo: One moment. }
  - title: large amounts in euro
    match: { currency: EUR, amount: { min: 50000 } }
    then: { transStatus: R, transStatusReason: '11' }
  - { endsWith: '100', transStatus: A, title: attempted here }
  - { endsWith: '9rr', transStatus: N, transStatusReason: rr, title: refused here }
`

afterEach(async () => {
  await restored()
})

describe('a table that is put in the place of the one from the start', () => {
  test('counts from the next AReq on; ranges and cards are those that it does not have', async () => {
    const before = await api(sekisho, '/scenarios')
    expect(before.body).toMatchObject({ isReplaced: false })
    const { status, body } = await replaced(table)
    expect(status).toBe(200)
    expect(body).toMatchObject({ isReplaced: true, yaml: table, ranges: before.body.ranges, cards: before.body.cards })
    expect((body.scenarios as Members[]).map(({ title }) => title)).toEqual([
      'the shop that is slow',
      'large amounts in euro',
      'attempted here',
      'refused here',
    ])
    expect((await asked()).transStatus).toBe('A')
    const refused = await asked({ acctNumber: '4000000000000904' })
    expect(refused).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
    const euro = { purchaseCurrency: '978', purchaseExponent: '2' }
    expect((await asked({ ...euro, purchaseAmount: '49999' })).transStatus).toBe('A')
    const large = await asked({ ...euro, purchaseAmount: '50000' })
    expect(large).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
    const record = await recordOf(large)
    expect(record).toMatchObject({ decidedBy: 'scenario' })
    expect(deciderOf(record, 'scenario')).toMatchObject({
      isChosen: true,
      why: { en: 'Row "large amounts in euro" of the scenario table fits.' },
    })
    expect(deciderOf(record, 'engine').outcome).toMatchObject({ transStatus: expect.any(String) as string })
    expect((await restored()).body).toEqual(before.body)
    expect((await asked()).transStatus).toBe('Y')
  })

  test('may have rows that leave the outcome to the next', async () => {
    await replaced(table)
    const ares = await asked({ merchantName: 'The SLOW shop' })
    expect(ares).toMatchObject({ transStatus: 'A', eci: '06', cardholderInfo: 'One moment.' })
    expect(await recordOf(ares)).toMatchObject({ selected: { why: 'scenario the shop that is slow + 100' } })
    const other = await asked({ merchantName: 'The slow shop', acctNumber: '4000000000000002' })
    expect(await recordOf(other)).toMatchObject({ decidedBy: 'engine', plan: { eci: '06' } })
  })

  test('says what is wrong with it, where, and nothing is changed', async () => {
    const faulty = `scenarios:
  - { endsWith: '1x', transStatus: Y, title: t }
  - title: t
    match:
      amout: '5'
    then:
      transStatus: N
      transStatusReason: '14'
  - { title: t, then: { faults: [{ link: ACS-DS, fault: { kind: dela } }] } }
cards: []
`
    const problems = [
      { path: 'scenarios.0.endsWith', line: 2, column: 7 },
      { path: 'scenarios.1.match.amout', line: 5, column: 7, message: 'there is no amout here' },
      { path: 'scenarios.1.then.transStatusReason', line: 8, column: 7 },
      { path: 'scenarios.2.then.faults.0.fault.kind', line: 9 },
    ]
    const { status, body } = await replaced(faulty)
    expect(status).toBe(400)
    expect(body).toMatchObject({ path: 'scenarios.0.endsWith', problems })
    expect(String(body.error)).toMatch(/^line 2, column 7: /)
    expect((await put(sekisho, '/scenarios/check', { yaml: faulty }, 'POST')).body).toMatchObject({ problems })
    expect((await sent('POST', '/api/v1/scenarios/check', table)).body).toEqual({ problems: [] })
    expect((await sent('POST', '/api/v1/scenarios/check', 'scenarios: [')).body).toMatchObject({
      problems: [{ path: '', line: 1 }],
    })
    expect((await asked()).transStatus).toBe('Y')
    expect((await api(sekisho, '/scenarios')).body.isReplaced).toBe(false)
  })

  test.each([
    ["scenarios: [{ endsWith: '1', title: t }]", 'scenarios.0.then', 'what happens is missing'],
    [
      "scenarios: [{ endsWith: '1', transStatus: N, then: { transStatus: N }, title: t }]",
      'scenarios.0.transStatus',
      'belongs into then',
    ],
    [
      "scenarios: [{ endsWith: '1', transStatus: Y, transStatusReason: '01', title: t }]",
      'scenarios.0.transStatusReason',
      'only N, U and R',
    ],
    [
      'scenarios: [{ title: t, then: { transStatus: Y, challenge: { ending: { transStatus: Y } } } }]',
      'scenarios.0.then.challenge',
      'only with transStatus C',
    ],
    [
      "scenarios: [{ title: t, then: { challenge: { ending: { transStatus: U, challengeCancel: '02' } } } }]",
      'scenarios.0.then.challenge.ending.challengeCancel',
      'no challengeCancel',
    ],
    [
      "scenarios: [{ title: t, match: { paths: { mcc: { contain: '5' } } }, then: {} }]",
      'scenarios.0.match.paths.mcc.contain',
      'there is no contain here',
    ],
    [
      "scenarios: [{ title: t, match: { range: { from: '4', to: '30' } }, then: {} }]",
      'scenarios.0.match.range',
      'equally long',
    ],
    ['scenarios: [{ title: t, match: { currency: XYZ }, then: {} }]', 'scenarios.0.match.currency', 'no such currency'],
    ['ranges: []', 'ranges', ''],
    ['scenaros: []', 'scenaros', 'there is no scenaros here'],
    ['- 1', '', 'by name expected'],
  ])('%s is told with its path', async (yaml, at, message) => {
    const { status, body } = await replaced(yaml)
    expect([status, body.path]).toEqual([400, at])
    expect(body.error).toContain(message)
  })

  test('keeps the card number of a title out of every record', async () => {
    await replaced(`scenarios:
  - { title: "no. ${frictionlessCard} is refused", titleJa: "${frictionlessCard}番", match: { acctNumber: "${frictionlessCard}" }, then: { transStatus: N } }
  - { endsWith: "4000000000000227", transStatus: N, transStatusReason: '04', title: t }
`)
    for (const [acctNumber, title] of [
      [frictionlessCard, 'no. 400000******5100 is refused'],
      ['4000000000000227', '400000******0227'],
    ] as const) {
      const record = JSON.stringify(await recordOf(await asked({ acctNumber })))
      expect(record).toContain(title)
      expect(record).not.toContain(acctNumber)
    }
  })

  test('that is deeper than anything, or a part of itself, is refused, and nothing fails', async () => {
    const row = (is: string) =>
      `scenarios:\n  - { title: t, match: { paths: { a: { is: ${is} } } }, then: { transStatus: N } }\n`
    for (const is of ['&a [*a]', '&a [*a, *a]', `${'['.repeat(400)}${']'.repeat(400)}`]) {
      const { status, body } = await replaced(row(is))
      expect([status, body.error]).toEqual([400, 'nested too deeply'])
    }
    // A parser that follows may take the process along.
    for (const text of [`scenarios: ${'['.repeat(50_000)}`, '{a: '.repeat(30_000), `${'- '.repeat(50_000)}x`]) {
      const faulty = await replaced(text)
      expect([faulty.status, faulty.body.error]).toEqual([400, 'nested too deeply'])
    }
    expect((await asked()).transStatus).toBe('Y')
  })

  test('is of one tenant only', async () => {
    expect((await sent('PUT', '/t/mine/api/v1/scenarios', table)).status).toBe(200)
    expect((await areqTo(`${sekisho.acs}/t/mine`)).transStatus).toBe('A')
    expect((await areqTo(`${sekisho.acs}/t/other`)).transStatus).toBe('Y')
    expect((await asked()).transStatus).toBe('Y')
  })

  test('brings cards of its own into the register', async () => {
    const acctNumber = '4000000000001234'
    await replaced(
      `cards: [{ acctNumber: '${acctNumber}', title: blocked, holder: A B, email: a@b.example, language: en, blocked: true }]`,
    )
    await until(async () => {
      const { body } = await put(sekisho, '/scenarios/match', { acctNumber }, 'POST')
      return (body.card as Members).state === 'blocked'
    })
    expect(await asked({ acctNumber })).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })
})

describe('who would decide', () => {
  test('about an AReq is told with the stub, the row and what the engine thinks, and nothing is used up', async () => {
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    const stub = { match: { merchant: 'hakone' }, then: { transStatus: 'U', transStatusReason: '22' } }
    const { body: made } = await put(sekisho, '/stubs', stub, 'POST')
    const areq = browserAReq({ acctNumber: frictionlessCard, merchantName: 'Hakone Goods' })
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await put(sekisho, '/scenarios/match', { areq }, 'POST')
      expect(status).toBe(200)
      expect(body).toMatchObject({
        panMask: '400000******5100',
        scenario: { scenario: '100', transStatus: 'Y' },
        stub: made.id,
        transStatus: 'U',
        transStatusReason: '22',
        engine: { transStatus: expect.stringMatching(/^[YCR]$/) as string, band: expect.any(String) as string },
      })
    }
    expect((await post(`${sekisho.acs}/acs/areq`, areq)).body.transStatus).toBe('U')
  })

  test('about something that is no AReq is told as an Erro would', async () => {
    const { status, body } = await put(sekisho, '/scenarios/match', { areq: { messageType: 'AReq' } }, 'POST')
    expect([status, body.path]).toEqual([400, 'areq'])
    expect(body.error).toContain('Erro')
  })
})

describe('what no row decides', () => {
  test('a row with a code that the version does not have is named', async () => {
    const record = await recordOf(await asked({ acctNumber: '4000000000000227' }))
    expect(record).toMatchObject({ decidedBy: 'engine', nearMiss: { scenario: '2rr', code: '27' } })
    expect((deciderOf(record, 'scenario').why as Members).en).toContain('cannot have 27')
  })

  test('a card of other providers’ test pages reaches the engine, and the record says that it is unlisted', async () => {
    const record = await recordOf(await asked({ acctNumber: '4242424242424242' }))
    expect(record).toMatchObject({ decidedBy: 'engine', scheme: 'visa' })
    expect((deciderOf(record, 'scenario').why as Members).en).toContain('outside of all ranges')
    expect(await asked({ acctNumber: '4242424242424259' })).toMatchObject({ messageType: 'Erro', errorCode: '305' })
  })

  test.each([
    ['engine', '4242424242424259', 'ARes'],
    ['refuse', '4242424242424242', 'Erro'],
  ] as const)('with --unknown-cards %s %s gets an %s', async (unknownCards, acctNumber, messageType) => {
    const other = await running({ only: ['acs'], unknownCards })
    expect((await areqTo(other.acs, { acctNumber })).messageType).toBe(messageType)
    await other.close()
  })
})

test.each(['en', 'ja'] as const)('the test cards are on one page to print, in %s, without a script', async (lang) => {
  const response = await fetch(`${sekisho.acs}/cards?lang=${lang}`)
  const page = await response.text()
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page).toContain(`lang="${lang}"`)
  expect(page).not.toContain('<script')
  expect(page).toContain(lang === 'ja' ? '認証不可（理由rr）' : 'not authenticated, with reason rr')
  expect(page).toContain('4000 0000 0000 7700')
  for (const ending of ['100', '2rr', '5cc', '9rr']) expect(page).toContain(`data-ending="${ending}"`)
})

describe('on disk', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-scenarios-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('the file of --issuer is read again when it changes; a faulty one keeps the table and says why', async () => {
    const file = path.join(folder, 'issuer.yaml')
    const write = (text: string): void => {
      writeFileSync(`${file}.new`, text)
      renameSync(`${file}.new`, file) // as editors do
    }
    write(table)
    const own = await running({ only: ['acs'], issuer: file })
    try {
      expect((await areqTo(own.acs)).transStatus).toBe('A')
      write("scenarios:\n  - { endsWith: '100', transStatus: U, title: t }\n")
      await until(async () => (await areqTo(own.acs)).transStatus === 'U')
      write("scenarios:\n  - { endsWith: '100', transStatus: Z, title: t }\n")
      await until(() => own.log().includes('line 2, column 24: scenarios.0.transStatus'))
      expect((await areqTo(own.acs)).transStatus).toBe('U')
      write(`scenarios:\n  - { title: t, ${frictionlessCard}: 1, then: { transStatus: N } }\n`)
      await until(() => own.log().includes('there is no 400000******5100 here'))
      expect(own.log()).not.toContain(frictionlessCard)
      write('x-a: &a [*a]\nscenarios: *a\n')
      await until(() => own.log().includes('nested too deeply'))
      expect((await areqTo(own.acs)).transStatus).toBe('U')
      write(table)
      await until(async () => (await areqTo(own.acs)).transStatus === 'A')
      // What a tenant has put in its place stays, and goes on being kept apart from the file.
      await sent('PUT', '/api/v1/scenarios', "scenarios:\n  - { endsWith: '100', transStatus: R, title: t }\n", own)
      write("scenarios:\n  - { endsWith: '100', transStatus: N, title: t }\n")
      await until(async () => (await areqTo(`${own.acs}/t/fresh`)).transStatus === 'N')
      expect((await areqTo(own.acs)).transStatus).toBe('R')
    } finally {
      await own.close()
    }
  })

  test('a table that was put in place outlives a restart, and a reset takes it away', async () => {
    const settings = { only: ['acs' as const], ephemeral: false, dataDir: path.join(folder, 'data') }
    const before = await running(settings)
    await sent('PUT', '/api/v1/scenarios', table, before)
    await sent('PUT', '/t/mine/api/v1/scenarios', table.replace('transStatus: A', 'transStatus: U'), before)
    await before.close()
    const after = await running(settings)
    try {
      expect((await areqTo(after.acs)).transStatus).toBe('A')
      expect((await areqTo(`${after.acs}/t/mine`)).transStatus).toBe('U')
      const reset = (at: string, body: Members) =>
        fetch(`${after.acs}${at}/api/v1/reset`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      expect((await reset('/t/mine', { scenarios: 'keep' })).status).toBe(200)
      expect((await areqTo(`${after.acs}/t/mine`)).transStatus).toBe('U')
      expect((await reset('/t/mine', {})).status).toBe(200)
      expect((await areqTo(`${after.acs}/t/mine`)).transStatus).toBe('Y')
      expect((await areqTo(after.acs)).transStatus).toBe('A')
    } finally {
      await after.close()
    }
  })
})
