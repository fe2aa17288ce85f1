// The admin API: the card register.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { answered, api, challenged, codeOf, mails, newChallengeCard, opened, put, wrongCode } from './support.ts'

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
