// The admin API: transactions, inbox, cards, scenarios, policy.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, challengeCard, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, challenged, codeOf, mails, newChallengeCard, opened, put, shown, wrongCode } from './support.ts'

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
    for (const { paths } of en.items) expect((paths as unknown[]).length).toBeGreaterThan(0)
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

describe('the inbox', () => {
  test('holds the code of a challenge, for whom and what it is, in plain words (SEC-OTP-5)', async () => {
    const challenge = await challenged(sekisho, ds, {
      merchantName: 'Odawara Market',
      purchaseAmount: '123456',
      purchaseCurrency: '840',
      purchaseExponent: '2',
    })
    expect(await mails(sekisho, challenge)).toEqual([])
    await opened(sekisho, challenge)
    const [mail] = await mails(sekisho, challenge)
    expect(mail).toMatchObject({
      channel: 'email',
      via: 'inbox',
      acsTransID: challenge.acsTransID,
      code: expect.stringMatching(/^[0-9]{6}$/) as string,
    })
    expect(mail?.to).toMatch(/^card-[0-9a-f]{8}@cardholder\.example$/)
    for (const part of ['Odawara Market', '1,234.56', String(mail?.code), String(challenge.areq.acctNumber).slice(-4)])
      expect(mail?.text).toContain(part)
    expect(mail?.subject).not.toContain(mail?.code)
    const { body } = await api(sekisho, `/inbox/${String((mail as unknown as Members).id)}`)
    expect(body).toEqual(mail)
  })

  test('begins with the newest and keeps to its limit', async () => {
    for (let i = 0; i < 3; i += 1) await opened(sekisho, await challenged(sekisho, ds))
    const { body } = await api(sekisho, '/inbox?limit=2')
    const ids = (body.messages as Members[]).map(({ id }) => Number(id))
    expect(ids).toHaveLength(2)
    expect(ids[0]).toBeGreaterThan(ids[1] ?? 0)
  })

  test.each([
    ['/inbox/0', 400],
    ['/inbox/x', 400],
    ['/inbox/999999', 404],
    [`/inbox?acsTransID=${crypto.randomUUID()}`, 404],
    ['/inbox?acctNumber=1', 400],
  ])('answers %s with %i', async (where, status) => {
    expect((await api(sekisho, where)).status).toBe(status)
  })
})

describe('the card register', () => {
  const risk = (() => {
    let count = 0
    return () => {
      count += 1
      return `4111111${String(count).padStart(9, '0')}`
    }
  })()
  const cardOf = (acctNumber: string, change: Members = {}) => put(sekisho, '/cards', { acctNumber, ...change }, 'POST')

  test('lists the cards of the issuer, masked', async () => {
    const { body } = await api(sekisho, '/cards')
    const cards = body.cards as Members[]
    expect(cards.length).toBeGreaterThanOrEqual(6)
    expect(cards).toContainEqual(
      expect.objectContaining({
        mask: '411111******0021',
        holder: '山田 花子',
        language: 'ja',
        isRegistered: true,
        locked: false,
      }),
    )
    expect(JSON.stringify(body)).not.toMatch(/\b[0-9]{13,19}\b/)
    for (const { id } of cards) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  test('finds a card by its number and makes the row of an unknown one', async () => {
    const { body: known } = await cardOf('4111110000000021')
    expect(known).toMatchObject({ holder: '山田 花子', scheme: 'visa' })
    const acctNumber = risk()
    const { status, body: made } = await cardOf(acctNumber, {
      holder: 'Kim Doe',
      email: 'kim@cardholder.example',
      phone: '+81312345678',
    })
    expect(status).toBe(200)
    expect(made).toMatchObject({
      mask: `${acctNumber.slice(0, 6)}******${acctNumber.slice(-4)}`,
      holder: 'Kim Doe',
      phone: '+81312345678',
      isRegistered: true,
    })
    expect((await api(sekisho, `/cards/${String(made.id)}`)).body).toEqual(made)
    expect((await cardOf(acctNumber)).body).toEqual(made)
  })

  test.each([
    ['blocked', 'N', '12', 'ACS-VAL-60'],
    ['stolen', 'R', '10', 'ACS-VAL-78'],
    ['expired', 'N', '05', 'ACS-VAL-77'],
  ])(
    'a card that is %s gets %s with reason %s, whatever else is planned for it (%s)',
    async (state, transStatus, transStatusReason) => {
      for (const acctNumber of [risk(), newChallengeCard()]) {
        const { body } = await cardOf(acctNumber)
        expect((await asked({ acctNumber })).ares.transStatus).not.toBe(transStatus)
        expect((await put(sekisho, `/cards/${String(body.id)}`, { [state]: true })).body).toMatchObject({
          [state]: true,
        })
        const { ares } = await asked({ acctNumber })
        expect(ares).toMatchObject({ transStatus, transStatusReason })
        expect(ares).not.toHaveProperty('authenticationValue')
        await put(sekisho, `/cards/${String(body.id)}`, { [state]: false })
        expect((await asked({ acctNumber })).ares.transStatus).not.toBe(transStatus)
      }
    },
  )

  test('a card whose expiry date in the AReq is over gets N with 05; a scripted card keeps its outcome (ACS-VAL-77, TOL-3)', async () => {
    expect((await asked({ acctNumber: risk(), cardExpiryDate: '2001' })).ares).toMatchObject({
      transStatus: 'N',
      transStatusReason: '05',
    })
    expect((await asked({ acctNumber: frictionlessCard, cardExpiryDate: '2001' })).ares).toMatchObject({
      transStatus: 'Y',
    })
  })

  test('a contact that changes moves the code, and the language that of the mail; what the AReq claims moves nothing', async () => {
    const acctNumber = newChallengeCard()
    const { body } = await cardOf(acctNumber)
    await put(sekisho, `/cards/${String(body.id)}`, {
      email: 'moved@cardholder.example',
      language: 'ja',
      holder: '高橋 涼',
    })
    const challenge = await challenged(sekisho, ds, {
      acctNumber,
      email: 'claimed@shop.example',
      browserLanguage: 'en',
    })
    const { page } = await opened(sekisho, challenge)
    const [mail] = await mails(sekisho, challenge)
    expect(mail).toMatchObject({ to: 'moved@cardholder.example', subject: '認証コードのお知らせ' })
    expect(page).toContain('lang="en"')
    expect(page).toContain('cardholder.example')
    expect(page).not.toContain('moved@')
    expect(JSON.stringify(mail)).not.toContain('claimed')
  })

  test('a card without a method cannot be challenged: U with 22 (ACS-VAL-76)', async () => {
    const acctNumber = newChallengeCard()
    const { body } = await cardOf(acctNumber, { methods: [] })
    expect((await asked({ acctNumber })).ares).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
    await put(sekisho, `/cards/${String(body.id)}`, { methods: ['emailOtp'] })
    expect((await asked({ acctNumber })).ares).toMatchObject({ transStatus: 'C' })
  })

  test('a member that is left out stays as it was, and null takes the phone away', async () => {
    const { body: made } = await cardOf(risk(), { holder: 'Kim Doe', phone: '1', blocked: true })
    const { body: changed } = await put(sekisho, `/cards/${String(made.id)}`, { language: 'ja' })
    expect(changed).toEqual({ ...made, language: 'ja' })
    expect((await put(sekisho, `/cards/${String(made.id)}`, { phone: null })).body).not.toHaveProperty('phone')
  })

  test.each([
    [{ colour: 'red' }, 'colour'],
    [{ email: 'no address' }, 'email'],
    [{ blocked: 'yes' }, 'blocked'],
    [{ language: 'fr' }, 'language'],
    [{ methods: ['carrierPigeon'] }, 'methods.0'],
    [{ unlock: false }, 'unlock'],
    [{ failures: 0 }, 'failures'],
    [{ panHash: '0' }, 'panHash'],
    [{ acctNumber: '4111110000000021' }, 'acctNumber'],
    [{ holder: '' }, 'holder'],
  ])('refuses a change by %j and names the path', async (change, where) => {
    const { body: card } = await cardOf('4111110000000021')
    const { status, body } = await put(sekisho, `/cards/${String(card.id)}`, change)
    expect([status, body.path]).toEqual([400, where])
    expect((await api(sekisho, `/cards/${String(card.id)}`)).body).toEqual(card)
  })

  test.each([
    ['no number', {}, 'acctNumber'],
    ['a number with blanks', { acctNumber: '4111 1100 0000 0021' }, 'acctNumber'],
    ['a number of nobody', { acctNumber: '6999999999999999' }, 'acctNumber'],
    ['a number that is one', { acctNumber: 4111110000000021 }, 'acctNumber'],
  ])('refuses a new card with %s, and does not repeat it', async (_, card, where) => {
    const { status, body } = await put(sekisho, '/cards', card, 'POST')
    expect([status, body.path]).toEqual([400, where])
    expect(JSON.stringify(body)).not.toMatch(/[0-9]{5}/)
  })

  test.each(['GET', 'PUT'])(
    'refuses a card number in the URL of a %s, says what to do, and does not repeat it (SEC-LOG-3)',
    async (method) => {
      const { status, body } = await api(sekisho, `/cards/${frictionlessCard}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method === 'PUT' && { body: '{"blocked":true}' }),
      })
      expect([status, body.path]).toEqual([400, 'id'])
      expect(String(body.error)).toContain('card numbers do not belong into a URL')
      expect(JSON.stringify(body)).not.toContain(frictionlessCard)
      expect(sekisho.log()).not.toContain(frictionlessCard)
    },
  )

  test('does not repeat a card number that someone takes for a name', async () => {
    const answers = [
      await put(sekisho, '/cards', { acctNumber: frictionlessCard, [frictionlessCard]: 1 }, 'POST'),
      await api(sekisho, `/transactions?${frictionlessCard}=1`),
    ]
    for (const { status, body } of answers) {
      expect(status).toBe(400)
      expect(JSON.stringify(body)).not.toContain(frictionlessCard)
    }
  })

  test('does not find a card that nobody has', async () => {
    const id = '0'.repeat(32)
    expect((await api(sekisho, `/cards/${id}`)).status).toBe(404)
    const { status, body } = await put(sekisho, `/cards/${id}`, { blocked: true })
    expect(status).toBe(404)
    expect(String(body.error)).toContain('POST /api/v1/cards')
  })

  test('keeps a change that comes while a challenge of the card counts wrong codes', async () => {
    const acctNumber = newChallengeCard()
    const { body: card } = await cardOf(acctNumber)
    const challenge = await challenged(sekisho, ds, { acctNumber })
    const page = await opened(sekisho, challenge)
    const otp = wrongCode(await codeOf(sekisho, challenge))
    await Promise.all([
      put(sekisho, `/cards/${String(card.id)}`, { holder: 'New Name' }),
      answered(sekisho, challenge, page, { otp }),
      put(sekisho, `/cards/${String(card.id)}`, { blocked: true }),
    ])
    expect((await api(sekisho, `/cards/${String(card.id)}`)).body).toMatchObject({
      holder: 'New Name',
      blocked: true,
      failures: 1,
    })
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
      scenario: { transStatus: 'N', transStatusReason: '01', scenario: '2rr' },
      card: { id: expect.stringMatching(/^[0-9a-f]{32}$/), isRegistered: false, state: 'active', locked: false },
    })
    expect((await api(sekisho, '/cards')).body).toEqual(before.body)
  })

  test('a card without a row, and one of a risk range, go to the engine', async () => {
    expect((await match('4000000000000002')).body).toMatchObject({ range: { mode: 'scripted' }, scenario: null })
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
