// The admin API: transactions in full, scenarios, policy.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, challengeCard, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, challenged, codeOf, opened, put, shown, wrongCode } from './support.ts'

let ds: ListeningDs
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

const asked = async (change: Members = {}): Promise<{ message: Members; ares: Members }> => {
  const message = browserAReq({ dsURL: ds.url, ...change })
  return { message, ares: (await post(`${sekisho.acs}/acs/areq`, message)).body }
}

const idsIn = (body: Members): readonly unknown[] =>
  (body.transactions as Members[]).map(({ acsTransID }) => acsTransID)

describe('the list of transactions', () => {
  let listed: Running
  const made: { message: Members; ares: Members }[] = []

  beforeAll(async () => {
    listed = await running({ only: ['acs'] })
    for (const acctNumber of [
      frictionlessCard,
      challengeCard,
      '4000000000009201',
      frictionlessCard,
      '4000000000007411',
    ]) {
      const message = browserAReq({ acctNumber, dsURL: ds.url })
      made.push({ message, ares: (await post(`${listed.acs}/acs/areq`, message)).body })
    }
  })

  afterAll(() => listed.close())

  const newestFirst = (): readonly unknown[] => made.map(({ ares }) => ares.acsTransID).toReversed()

  test('begins with the newest', async () => {
    const { status, body } = await api(listed, '/transactions')
    expect(status).toBe(200)
    expect(idsIn(body)).toEqual(newestFirst())
    expect((body.transactions as Members[])[0]).toMatchObject({
      transStatus: 'R',
      transStatusReason: '11',
      decidedBy: 'scenario',
      panMask: '400000******7411',
      scheme: 'visa',
    })
  })

  test('can be read in pages, each transaction once', async () => {
    const pages: unknown[][] = []
    for (let before = ''; ; ) {
      const { body } = await api(listed, `/transactions?limit=2${before}`)
      pages.push([...idsIn(body)])
      if (body.next === undefined) break
      before = `&before=${String(body.next)}`
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1, 0])
    expect(pages.flat()).toEqual(newestFirst())
  })

  test.each(['acsTransID', 'threeDSServerTransID', 'dsTransID'])(
    'can be searched by %s, in either case',
    async (name) => {
      const wanted = made[2]
      const id = String(wanted?.ares[name])
      for (const written of [id, id.toUpperCase()]) {
        expect(idsIn((await api(listed, `/transactions?${name}=${written}`)).body)).toEqual([wanted?.ares.acsTransID])
      }
      expect(idsIn((await api(listed, `/transactions?${name}=${crypto.randomUUID()}`)).body)).toEqual([])
    },
  )

  test('can be searched by transStatus, and by several things at once', async () => {
    expect(idsIn((await api(listed, '/transactions?transStatus=Y')).body)).toEqual(
      [made[3], made[0]].map((one) => one?.ares.acsTransID),
    )
    const both = `/transactions?transStatus=N&dsTransID=${String(made[2]?.message.dsTransID)}`
    expect(idsIn((await api(listed, both)).body)).toEqual([made[2]?.ares.acsTransID])
    expect(idsIn((await api(listed, both.replace('=N', '=Y'))).body)).toEqual([])
  })

  test('finds ids that are UUIDs by form only, as the protocol takes them (FLOW-GEN-7)', async () => {
    const threeDSServerTransID = 'ffffffff-0000-0000-0000-00000000000f'
    const message = browserAReq({ acctNumber: frictionlessCard, threeDSServerTransID })
    const { body: ares } = await post(`${listed.acs}/acs/areq`, message)
    const { status, body } = await api(listed, `/transactions?threeDSServerTransID=${threeDSServerTransID}`)
    expect([status, idsIn(body)]).toEqual([200, [ares.acsTransID]])
  })

  test.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=x', 'limit'],
    ['limit=', 'limit'],
    ['before=-1', 'before'],
    ['acsTransID=x', 'acsTransID'],
    ['transStatus=Z', 'transStatus'],
    ['color=red', 'color'],
    ['limit=1&limit=2', 'limit'],
  ])('refuses ?%s and says what is wrong', async (query, where) => {
    const { status, body } = await api(listed, `/transactions?${query}`)
    expect([status, body.path]).toEqual([400, where])
    expect(String(body.error)).not.toBe('')
  })
})

describe('one transaction', () => {
  test('shows messages, decision, evidence in both languages, features, challenge and steps', async () => {
    const challenge = await challenged(sekisho, ds)
    const page = await opened(sekisho, challenge, { threeDSSessionData: 'c2Vzc2lvbg' })
    await answered(sekisho, challenge, page, { otp: wrongCode(await codeOf(sekisho, challenge)) })
    const record = await shown(sekisho, challenge.acsTransID)
    expect(record).toMatchObject({
      acsTransID: challenge.acsTransID,
      threeDSServerTransID: challenge.areq.threeDSServerTransID,
      dsTransID: challenge.areq.dsTransID,
      messageVersion: '2.2.0',
      deviceChannel: '02',
      messageCategory: '01',
      merchantName: 'Hakone Goods',
      purchaseAmount: '24800',
      decidedBy: 'scenario',
      transStatus: 'C',
      selected: { by: 'scenario', why: 'scenario 700' },
      challenge: { phase: 'awaitingAnswer', interactions: 1, codeNumber: 1, hint: 'wrong' },
      policy: 'default',
    })
    expect(record.messages.map(({ link, messageType }) => [link, messageType])).toEqual([
      ['DS→ACS', 'AReq'],
      ['ACS→DS', 'ARes'],
      ['browser→ACS', 'CReq'],
      ['ACS→browser', undefined],
      ['browser→ACS', undefined],
      ['ACS→browser', undefined],
    ])
    expect(record.messages[0]?.message).toMatchObject({ messageType: 'AReq', merchantName: 'Hakone Goods' })
    expect(record.messages[1]?.message).toEqual(challenge.ares)
    expect(record.messages[4]?.message).toEqual({ action: 'verify', step: 1, otp: '***' })
    expect(record.messages[5]?.message).toMatchObject({ page: 'challenge', hint: 'wrong', interactions: 1, of: 3 })
    const { en, ja } = record.evidence as Record<
      'en' | 'ja',
      { items: readonly Members[]; total: number; band: string }
    >
    expect(en.items.length).toBeGreaterThan(0)
    expect(ja.items).toHaveLength(en.items.length)
    for (const { sentence } of en.items) expect(sentence).toMatch(/^[^ぁ-んァ-ヶ一-龠]*[a-z]{4}[^ぁ-んァ-ヶ一-龠]*$/)
    for (const { sentence } of ja.items) expect(sentence).toMatch(/[ぁ-ん]/)
    // At night the issuer's own clock speaks, which is in no message.
    const ofMessages = en.items.filter(({ checkId }) => checkId !== 'night')
    expect(ofMessages.length).toBeGreaterThan(0)
    for (const { paths } of ofMessages) expect((paths as unknown[]).length).toBeGreaterThan(0)
    expect(en.total).toBeCloseTo(Number(record.score))
    expect(record.engine).toMatchObject({ band: en.band })
    expect(Object.keys(record.features as Members).length).toBeGreaterThan(20)
    expect(record.steps.filter(({ done }) => !done)).toMatchObject([{ kind: 'timer', timer: 'answer' }])
    expect(JSON.stringify(record)).not.toContain('c2Vzc2lvbg')
    expect(record.challenge).not.toHaveProperty('threeDSSessionData')
  })

  test('shows what was tolerated, with its rule', async () => {
    const { ares } = await asked({ acctNumber: frictionlessCard, threeDSRequestorPriorAuthenticationInfo: {} })
    const record = await shown(sekisho, String(ares.acsTransID))
    expect(record.messages[0]?.findings).toMatchObject([
      { rule: 'TOL-1', element: 'threeDSRequestorPriorAuthenticationInfo' },
    ])
  })

  test.each([
    ['an unknown id', crypto.randomUUID(), 404],
    ['no id', 'x', 400],
    ['a card number', frictionlessCard, 400],
  ])('is not found by %s', async (_, id, status) => {
    const answer = await api(sekisho, `/transactions/${id}`)
    expect([answer.status, answer.body.path]).toEqual([status, 'acsTransID'])
    expect(JSON.stringify(answer.body)).not.toContain(frictionlessCard)
  })
})

test('scenarios show ranges, endings and the cards to try', async () => {
  const { body } = await api(sekisho, '/scenarios')
  expect(body.ranges).toHaveLength(8)
  expect((body.scenarios as Members[]).map(({ endsWith }) => endsWith)).toEqual([
    '100',
    '2rr',
    '3rr',
    '4rr',
    '500',
    '600',
    '700',
    '800',
    '801',
    '802',
    '803',
    '101',
    '102',
    '129',
    '130',
    '7rr',
    '9rr',
    '6rr',
    '001',
    '002',
    '003',
    '004',
    '005',
    '006',
    '007',
    '008',
    '009',
    '010',
    '011',
    '012',
    '020',
    '021',
    '022',
    '023',
    '024',
    '025',
    '026',
    '027',
    '501',
    '503',
    '504',
    '505',
    '5cc',
  ])
  expect((body.cards as Members[]).length).toBeGreaterThan(5)
})

test('every card to try does what it says', async () => {
  const { body } = await api(sekisho, '/scenarios')
  for (const { acctNumber, what } of body.cards as Members[]) {
    const said = /\((Y|N|A|U|R|I)\b(?:, reason ([0-9]{2}))?/.exec(String(what)) ?? /challenge/.exec(String(what))
    if (said === null || String(what).startsWith('the risk engine')) continue
    const { ares } = await asked({
      acctNumber,
      threeDSRequestorChallengeInd: String(what).includes('05–07') ? '05' : undefined,
    })
    if (said[1] === undefined)
      expect(ares.transStatus, String(what)).toMatch(String(what).startsWith('reported') ? 'R' : /C|I/)
    else
      expect(ares, String(what)).toMatchObject({
        transStatus: said[1],
        ...(said[2] !== undefined && { transStatusReason: said[2] }),
      })
  }
})

test('the policy that runs is shown', async () => {
  const { body } = await api(sekisho, '/policy')
  expect(body).toMatchObject({ name: 'default', thresholds: { challenge: -1, reject: 3.5 } })
  expect((body.checks as unknown[]).length).toBeGreaterThanOrEqual(10)
})

test('a policy is shown with the elements, reach and parameters of each check, in words', async () => {
  const { body } = await api(sekisho, '/policy')
  expect(body).toMatchObject({ file: 'default.yaml', version: 1, issuer: { currency: { alpha: 'JPY' } } })
  const checks = body.checks as { id: string; params: { path: string; value: unknown; words?: Members }[] }[]
  const device = checks.find(({ id }) => id === 'first-device')
  expect(device).toMatchObject({ paths: expect.arrayContaining(['browserUserAgent']), span: [-0.8, 1] })
  expect(device?.params).toContainEqual({
    path: 'trusted.withId',
    value: -0.8,
    words: { en: expect.stringMatching(/^Challenge passed/), ja: expect.any(String) },
  })
  const mail = checks.find(({ id }) => id === 'email-domain')?.params.find(({ path }) => path === 'throwAway')
  expect(mail?.value).toContain('mailinator.com')
  for (const { id, params } of checks)
    for (const { path, words } of params) expect(words, `${id} ${path}`).toBeDefined()
})

describe('which row a card would hit', () => {
  const match = (acctNumber: unknown) => put(sekisho, '/scenarios/match', { acctNumber }, 'POST')

  test('is told with its range, and the register gets no row of it', async () => {
    const before = await api(sekisho, '/cards')
    const { status, body } = await match('4000000000009201')
    expect(status).toBe(200)
    expect(body).toEqual({
      panMask: '400000******9201',
      range: { from: '400000', to: '400009', scheme: 'visa', mode: 'scripted' },
      scenario: {
        scenario: '2rr',
        title: 'not authenticated, with reason rr',
        titleJa: '認証不可（理由rr）',
        transStatus: 'N',
        transStatusReason: '01',
        // biome-ignore lint/suspicious/noThenProperty: its name in the API
        then: { transStatus: 'N', transStatusReason: '01' },
      },
      card: { id: expect.stringMatching(/^[0-9a-f]{32}$/), isRegistered: false, state: 'active', locked: false },
    })
    expect((await api(sekisho, '/cards')).body).toEqual(before.body)
  })

  test('a card without a row, and one of a risk range, go to the engine', async () => {
    expect((await match('4000000000000190')).body).toMatchObject({ range: { mode: 'scripted' }, scenario: null })
    expect((await match('4111110000000021')).body).toMatchObject({
      range: { mode: 'risk' },
      scenario: null,
      card: { isRegistered: true, state: 'active' },
    })
  })

  test('the register is asked before anybody else: a stolen card', async () => {
    expect((await match('4111110000000112')).body).toMatchObject({ card: { state: 'stolen' } })
  })

  test('a card of nobody has no range, and what is no card number is refused without being repeated', async () => {
    expect((await match('6011000000000004')).body).toMatchObject({ range: null, scenario: null, card: null })
    const { status, body } = await match('4000 0000')
    expect([status, body]).toEqual([400, { error: '13 to 19 digits expected', path: 'acctNumber' }])
  })
})

test('what there is not is 404 as JSON', async () => {
  for (const where of ['', '/', '/nothing', '/cards/x/y']) {
    const { status, body } = await api(sekisho, where)
    expect([status, body]).toEqual([404, { error: 'no such resource' }])
  }
})
