// The banking app over HTTP: what waits for it, by page and by API, and what its answers come to.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { areqOf } from '../http/any-areq.ts'
import { api, put, rreqsOf, shown, until } from '../http/support.ts'
import { type ListeningDs, listeningDs, rres, sendJson } from '../support/ds.ts'
import { type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { type Asked, asked, bankPage, cardEnding, endingOf, stateOf, tapped, textOf } from './support.ts'

const start = Date.UTC(2026, 0, 15, 10, 30)
const minute = 60_000
let ds: ListeningDs
let clock: ManualClock
let sekisho: Running

beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(start)
  sekisho = await running({ only: ['acs'] }, { clock })
})

afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

beforeEach(() => {
  ds.answer = (message, res) => sendJson(res, message.messageType === 'RReq' ? rres(message) : '')
})

const approvalPath = ({ acsTransID }: Pick<Asked, 'acsTransID'>): string => `/bank/approvals/${acsTransID}`
const rreqOf = async ({ acsTransID }: Pick<Asked, 'acsTransID'>): Promise<Members> => {
  await until(() => rreqsOf(ds, acsTransID).length > 0)
  const sent = rreqsOf(ds, acsTransID)
  expect(sent).toHaveLength(1) // RES-RR-1
  return sent[0] ?? {}
}
const listed = async (card?: string): Promise<readonly Members[]> => {
  const { body } = await api(sekisho, `/approvals${card === undefined ? '' : `?card=${card}`}`)
  return body.approvals as readonly Members[]
}
const approvalOf = async ({ acsTransID }: Pick<Asked, 'acsTransID'>): Promise<Members> =>
  (await api(sekisho, `/approvals/${acsTransID}`)).body
const decide = ({ acsTransID }: Pick<Asked, 'acsTransID'>, body: Members) =>
  put(sekisho, `/approvals/${acsTransID}`, body, 'POST')

describe('a challenge that the banking app answers', () => {
  test('waits there with shop, amount and card, is approved with one tap, and the shop is told Y (FLOW-OOB-2, CHL-TR-13)', async () => {
    const one = await asked(sekisho, ds, '007', { merchantName: 'Hakone Goods' })
    const page = await bankPage(sekisho, approvalPath(one))
    expect(page.status).toBe(200)
    expect(stateOf(page)).toBe('open')
    expect(textOf(page, 'merchant')).toBe('Hakone Goods')
    expect(textOf(page, 'time-left')).toBe('10 min')
    expect(page.page).toContain('•••• ')
    expect(page.page).not.toContain(one.acctNumber)
    expect(await listed()).toContainEqual(
      expect.objectContaining({ acsTransID: one.acsTransID, way: 'oob', state: 'open', merchantName: 'Hakone Goods' }),
    )
    const after = await tapped(sekisho, approvalPath(one), page, { decision: 'approve' })
    expect([after.status, stateOf(after), endingOf(after)]).toEqual([200, 'over', 'approved'])
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
    expect((await listed()).map(({ acsTransID }) => acsTransID)).not.toContain(one.acsTransID)
    const { messages } = await shown(sekisho, one.acsTransID)
    expect(messages).toContainEqual(
      expect.objectContaining({
        link: 'browser→ACS',
        message: { action: 'approve' },
        headers: expect.objectContaining({ via: 'bank' }),
      }),
    )
  })

  test('is refused there: N, 01 before 2.3.1 (CHL-TR-13)', async () => {
    const one = await asked(sekisho, ds, '007')
    const page = await bankPage(sekisho, approvalPath(one))
    const after = await tapped(sekisho, approvalPath(one), page, { decision: 'refuse' })
    expect(endingOf(after)).toBe('refused')
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
  })

  test('waits on when it is left for later, and a second answer changes nothing (CHL-SM-1)', async () => {
    const one = await asked(sekisho, ds, '007')
    const page = await bankPage(sekisho, approvalPath(one))
    const { card } = await approvalOf(one)
    expect((await bankPage(sekisho, `/bank/cards/${String(card)}`)).page).toContain(
      `data-transaction="${one.acsTransID}"`,
    )
    await tapped(sekisho, approvalPath(one), page, { decision: 'approve' })
    const again = await tapped(sekisho, approvalPath(one), page, { decision: 'refuse' })
    expect(endingOf(again)).toBe('approved')
    expect(again.page).toContain('It had been approved already')
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'Y' })
    const { status, body } = await decide(one, { decision: 'refuse' })
    expect([status, body.error]).toEqual([409, 'it is over already'])
  })

  test('that is approved too late is told so, and stays N with 14 and 04 (CHL-TR-15)', async () => {
    const one = await asked(sekisho, ds, '007')
    const page = await bankPage(sekisho, approvalPath(one))
    clock.advance(10 * minute + 1)
    await until(async () => (await approvalOf(one)).state === 'over')
    const after = await tapped(sekisho, approvalPath(one), page, { decision: 'approve' })
    expect(endingOf(after)).toBe('expired')
    expect(after.page).toContain('Too late')
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' })
    expect((await decide(one, { decision: 'approve' })).body.error).toBe('too late: its time is over')
  })

  test('is not there before its page is open, nor is one with a code', async () => {
    const { body: ares } = await post(
      `${sekisho.acs}/acs/areq`,
      areqOf('browser-220', { acctNumber: cardEnding('007'), dsURL: ds.url }),
    )
    const early = { acsTransID: String(ares.acsTransID) }
    expect(stateOf(await bankPage(sekisho, approvalPath(early)))).toBe('notYet')
    expect((await decide(early, { decision: 'approve' })).status).toBe(409)
    const code = await asked(sekisho, ds, '001')
    expect((await bankPage(sekisho, approvalPath(code))).status).toBe(404)
    expect((await api(sekisho, `/approvals/${code.acsTransID}`)).status).toBe(404)
    expect((await decide(code, { decision: 'approve' })).status).toBe(404)
  })

  test('may be answered although the page of the shop never learns of it', async () => {
    const one = await asked(sekisho, ds, '012')
    const { status, body } = await decide(one, { decision: 'approve' })
    expect([status, body.state, body.answered]).toEqual([200, 'answered', 'approve'])
    expect(stateOf(await bankPage(sekisho, approvalPath(one)))).toBe('answered')
    expect((await decide(one, { decision: 'refuse' })).body.error).toBe('it is answered already')
    expect(rreqsOf(ds, one.acsTransID)).toEqual([])
  })

  test.each(['007', '012'])('that is approved and refused at once takes one of them (%s)', async (ending) => {
    const one = await asked(sekisho, ds, ending)
    const answers = await Promise.all([decide(one, { decision: 'approve' }), decide(one, { decision: 'refuse' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const { answered, ending: end } = await approvalOf(one)
    const isApproved = answered === 'approve' || end === 'approved'
    expect(answers.map(({ status }) => status === 200)).toEqual([isApproved, !isApproved])
  })
})

describe('a number to match', () => {
  const wrongOf = (choices: readonly string[], right: string): string => choices.find((one) => one !== right) ?? ''
  const matchOf = async (one: Asked) =>
    (await approvalOf(one)).match as { shown: string; choices: readonly string[]; left: number }

  test('is one of three different ones; the right one approves', async () => {
    const one = await asked(sekisho, ds, '008')
    const { shown: right, choices } = await matchOf(one)
    expect(new Set(choices).size).toBe(3)
    expect(choices).toContain(right)
    const page = await bankPage(sekisho, approvalPath(one))
    for (const number of choices) expect(page.page).toContain(`value="${number}"`)
    expect(page.page).not.toContain('data-testid="bank-approve"')
    expect(endingOf(await tapped(sekisho, approvalPath(one), page, { number: right }))).toBe('approved')
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'Y' })
  })

  test('that is wrong is said to be so and asked for again; the third wrong one is a refusal', async () => {
    const one = await asked(sekisho, ds, '008')
    const { shown: right, choices } = await matchOf(one)
    const wrong = wrongOf(choices, right)
    const first = await tapped(sekisho, approvalPath(one), await bankPage(sekisho, approvalPath(one)), {
      number: wrong,
    })
    expect(stateOf(first)).toBe('open')
    expect(textOf(first, 'bank-told')).toContain('2 more')
    const second = await decide(one, { decision: 'approve', number: wrong })
    expect(second.body).toMatchObject({ state: 'open', match: { left: 1 } })
    const third = await tapped(sekisho, approvalPath(one), first, { number: wrong })
    expect(endingOf(third)).toBe('refused')
    expect(third.page).toContain('Three wrong numbers')
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'N', transStatusReason: '01', interactionCounter: '01' })
  })

  test('that is wrong, and comes when the right one has been chosen, is no refusal', async () => {
    const one = await asked(sekisho, ds, '008')
    const { shown: right, choices } = await matchOf(one)
    const [, wrong] = await Promise.all([
      decide(one, { decision: 'approve', number: right }),
      decide(one, { decision: 'approve', number: wrongOf(choices, right) }),
    ])
    expect(wrong.status === 409 || wrong.body.state === 'open').toBe(true)
    const page = await bankPage(sekisho, `${approvalPath(one)}?told=mismatch`)
    expect(endingOf(page)).toBe('approved')
    expect(page.page).not.toContain('Three wrong numbers')
  })

  test('cannot be left out by a page, only by a test', async () => {
    const one = await asked(sekisho, ds, '008')
    const page = await bankPage(sekisho, approvalPath(one))
    expect(stateOf(await tapped(sekisho, approvalPath(one), page, { decision: 'approve' }))).toBe('open')
    expect((await decide(one, { decision: 'approve' })).body).toMatchObject({ state: 'over', ending: 'approved' })
  })
})

describe('what the holder agrees to in the banking app', () => {
  const askedToKeep = (ending: string, change: Members = {}) =>
    asked(sekisho, ds, ending, {
      ...areqOf('browser-231', { dsURL: ds.url }),
      acctNumber: cardEnding(ending),
      threeDSRequestorChallengeInd: ['09', '12'],
      acquirerMerchantID: 'TRUSTED-1',
      merchantName: 'Odawara Market',
      browserUserAgent:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
      ...change,
    })

  test('is never ticked beforehand, goes into the register, and can be taken back (CHL-TL-1, CHL-TL-2)', async () => {
    const one = await askedToKeep('007')
    const page = await bankPage(sekisho, approvalPath(one))
    expect(page.page).toContain('data-testid="bank-trustList"')
    expect(page.page).toContain('data-testid="bank-deviceBinding"')
    expect(page.page).not.toMatch(/<input[^>]*\bchecked\b/)
    await tapped(sekisho, approvalPath(one), page, { decision: 'approve', trustList: 'Y', deviceBinding: 'Y' })
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'Y' })
    const id = String((await approvalOf(one)).card)
    const { body: card } = await api(sekisho, `/cards/${id}`)
    expect(card).toMatchObject({
      trusts: [{ acquirerMerchantID: 'TRUSTED-1', merchantName: 'Odawara Market', at: expect.any(String) }],
      devices: [{ id: expect.any(String), name: 'Safari · Mac', at: expect.any(String) }],
    })

    const home = await bankPage(sekisho, `/bank/cards/${id}`)
    expect(home.page).toContain('Odawara Market')
    expect(home.page).toContain('Safari · Mac')
    const takeBack = `/bank/cards/${id}/take-back`
    const [device] = card.devices as { id: string }[]
    const told = await tapped(sekisho, takeBack, home, { trust: 'TRUSTED-1' })
    expect(textOf(told, 'bank-told')).toBe('Removed.')
    await tapped(sekisho, takeBack, home, { device: device?.id ?? '' })
    expect((await api(sekisho, `/cards/${id}`)).body).toMatchObject({ trusts: [], devices: [] })
    expect(textOf(await tapped(sekisho, takeBack, home, { trust: 'TRUSTED-1' }), 'bank-told')).toContain('not there')
  })

  test('counts only with an approval, and no word is a no (ACS-VAL-126)', async () => {
    const refused = await askedToKeep('007')
    await decide(refused, { decision: 'refuse', trustList: true, deviceBinding: true })
    const silent = await askedToKeep('007')
    await decide(silent, { decision: 'approve' })
    for (const one of [refused, silent]) {
      await rreqOf(one)
      const { status, body } = await api(sekisho, `/cards/${String((await approvalOf(one)).card)}`)
      if (status === 200) expect(body).toMatchObject({ trusts: [], devices: [] })
    }
  })

  test('is changed through the register, too; what is known keeps its time', async () => {
    const { body: made } = await put(sekisho, '/cards', { acctNumber: cardEnding('007') }, 'POST')
    expect(made).toMatchObject({ trusts: [], devices: [] })
    const path = `/cards/${String(made.id)}`
    const first = await put(sekisho, path, {
      trusts: [{ acquirerMerchantID: 'A-1', merchantName: 'A' }],
      devices: [{ id: 'some-device', name: 'Chrome · Android' }],
    })
    const at = new Date(clock.now()).toISOString()
    expect(first.body).toMatchObject({
      trusts: [{ acquirerMerchantID: 'A-1', merchantName: 'A', at }],
      devices: [{ id: 'some-device', name: 'Chrome · Android', at }],
    })
    clock.advance(minute)
    const second = await put(sekisho, path, { trusts: [{ acquirerMerchantID: 'A-1' }, { acquirerMerchantID: 'B-2' }] })
    expect(second.body).toMatchObject({
      trusts: [
        { acquirerMerchantID: 'A-1', merchantName: 'A', at },
        { acquirerMerchantID: 'B-2', at: new Date(clock.now()).toISOString() },
      ],
      devices: [{ id: 'some-device' }],
    })
    expect((await put(sekisho, path, { devices: [{ id: 'no id!' }] })).status).toBe(400)
    const twice = await put(sekisho, path, {
      trusts: [{ acquirerMerchantID: 'A-1' }, { acquirerMerchantID: 'B-2' }, { acquirerMerchantID: 'A-1' }],
      devices: [{ id: 'one' }, { id: 'one', name: 'Safari · Mac' }],
    })
    expect(twice.body).toMatchObject({
      trusts: [{ acquirerMerchantID: 'A-1', merchantName: 'A' }, { acquirerMerchantID: 'B-2' }],
      devices: [{ id: 'one', name: 'Safari · Mac' }],
    })
    expect(twice.body.trusts).toHaveLength(2)
    expect(twice.body.devices).toHaveLength(1)
  })
})

describe('a decoupled authentication in the banking app', () => {
  const decoupled = async (column: string, maxTime: string, change: Members = {}): Promise<{ acsTransID: string }> => {
    const areq = areqOf(column, {
      acctNumber: cardEnding('802'),
      dsURL: ds.url,
      threeDSRequestorDecReqInd: 'Y',
      threeDSRequestorDecMaxTime: maxTime,
      ...change,
    })
    const { body } = await post(`${sekisho.acs}/acs/areq`, areq)
    expect(body.transStatus).toBe('D')
    return { acsTransID: String(body.acsTransID) }
  }
  const times = [
    ['00001', minute, '1 min'],
    ['10080', 10_080 * minute, '7 days'],
  ] as const

  describe.each(['browser-220', 'browser-231'])('of %s', (column) => {
    test.each(times)(
      'with %s minutes waits that long and is approved in time (RES-DEC-4, RES-DEC-5)',
      async (maxTime, ms, left) => {
        const one = await decoupled(column, maxTime)
        const page = await bankPage(sekisho, approvalPath(one))
        expect([stateOf(page), textOf(page, 'time-left')]).toEqual(['open', left])
        clock.advance(ms - 1)
        expect(stateOf(await bankPage(sekisho, approvalPath(one)))).toBe('open')
        const after = await tapped(sekisho, approvalPath(one), page, { decision: 'approve' })
        expect(endingOf(after)).toBe('approved')
        const rreq = await rreqOf(one)
        expect(rreq).toMatchObject({ transStatus: 'Y', authenticationValue: expect.any(String) })
        expect(rreq).not.toHaveProperty('challengeCancel')
      },
    )

    test.each(times)(
      'with %s minutes expires with U, 24 and 03, and a late approval is told so (RES-DEC-6)',
      async (maxTime, ms) => {
        const one = await decoupled(column, maxTime)
        const page = await bankPage(sekisho, approvalPath(one))
        clock.advance(ms)
        expect(await rreqOf(one)).toMatchObject({ transStatus: 'U', transStatusReason: '24', challengeCancel: '03' })
        const after = await tapped(sekisho, approvalPath(one), page, { decision: 'approve' })
        expect(endingOf(after)).toBe('expired')
        expect(after.page).toContain('Too late')
        expect(rreqsOf(ds, one.acsTransID)).toHaveLength(1)
      },
    )
  })

  test('is refused by API: N, reason 01 (RES-DEC-7)', async () => {
    const one = await decoupled('3ri-220', '00005')
    expect(await listed()).toContainEqual(expect.objectContaining({ ...one, way: 'decoupled', state: 'open' }))
    expect((await decide(one, { decision: 'refuse' })).body).toMatchObject({ state: 'over', ending: 'refused' })
    expect(await rreqOf(one)).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
  })

  test('says what the cardholder of a scenario will do by themselves', async () => {
    const one = await decoupled('browser-220', '00005', { acctNumber: cardEnding('800') })
    expect(await approvalOf(one)).toMatchObject({
      planned: { at: new Date(clock.now() + 5_000).toISOString(), decision: 'approve' },
    })
  })
})

describe('the pages of the banking app', () => {
  test('find a card by its last four digits, and take no whole number', async () => {
    const one = await asked(sekisho, ds, '007')
    const lastFour = one.acctNumber.slice(-4)
    const found = await bankPage(sekisho, `/bank?last=${lastFour}`)
    const { card } = await approvalOf(one)
    expect(found.page).toContain(`data-card="${String(card)}"`)
    const refused = await bankPage(sekisho, `/bank?last=${one.acctNumber}`)
    expect(refused.status).toBe(400)
    expect(refused.page).not.toContain(one.acctNumber)
    expect((await bankPage(sekisho, '/bank?last=0000')).page).toContain('data-testid="bank-none"')
  })

  test('list the cardholders of the register, and what waits on any phone', async () => {
    const one = await asked(sekisho, ds, '007')
    const { page } = await bankPage(sekisho, '/bank')
    expect(page).toContain('山田 花子')
    expect(page).toContain(`data-transaction="${one.acsTransID}"`)
    expect(page).not.toMatch(/\b[0-9]{13,19}\b/)
  })

  test('speak Japanese where that is asked for, and keep to it', async () => {
    const one = await asked(sekisho, ds, '007')
    const page = await bankPage(sekisho, `${approvalPath(one)}?lang=ja`)
    expect(page.page).toContain('承認する')
    const after = await tapped(sekisho, `${approvalPath(one)}?lang=ja`, page, { decision: 'approve' })
    expect(after.page).toContain('承認しました')
    expect(new URL(after.url).searchParams.get('lang')).toBe('ja')
  })

  test('look as the issuer of the card does', async () => {
    const one = await asked(sekisho, ds, '007', { acctNumber: '5200000000001007' })
    expect(textOf(await bankPage(sekisho, approvalPath(one)), 'issuer')).toBe('Tsukimi Credit')
    expect(textOf(await bankPage(sekisho, '/bank'), 'issuer')).toBe('Sekisho Bank')
  })

  test('take no post without their token, of another site, or with a token of another payment (SEC-CSP-9)', async () => {
    const one = await asked(sekisho, ds, '007')
    const other = await asked(sekisho, ds, '007')
    const page = await bankPage(sekisho, approvalPath(one))
    const foreign = await bankPage(sekisho, approvalPath(other))
    const refused = [
      await tapped(sekisho, approvalPath(one), { page: '' }, { decision: 'approve' }),
      await tapped(sekisho, approvalPath(one), foreign, { decision: 'approve' }),
      // The token of the challenge page is another one.
      await tapped(
        sekisho,
        approvalPath(one),
        { page: one.page.replaceAll('stepToken', 'token') },
        { decision: 'approve' },
      ),
      await tapped(sekisho, approvalPath(one), page, { decision: 'approve' }, { origin: 'https://shop.example' }),
      await tapped(sekisho, approvalPath(one), page, { decision: 'approve' }, { origin: 'null' }),
      await tapped(sekisho, approvalPath(one), page, { decision: 'perhaps' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
    expect(stateOf(await bankPage(sekisho, approvalPath(one)))).toBe('open')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('of nothing and nobody say so', async () => {
    for (const path of [
      '/bank/approvals/0',
      `/bank/approvals/${crypto.randomUUID()}`,
      '/bank/cards/4000000000000007',
      `/bank/cards/${'0'.repeat(32)}`,
    ]) {
      const { status, page } = await bankPage(sekisho, path)
      expect([path, status]).toEqual([path, 404])
      expect(page).toContain('data-testid="bank-missing-page"')
    }
  })

  test('of a tenant know nothing of another', async () => {
    const one = await asked(sekisho, ds, '007')
    const elsewhere = await bankPage(sekisho, `/t/another${approvalPath(one)}`)
    expect(elsewhere.status).toBe(404)
    const { status, page } = await bankPage(sekisho, '/t/another/bank')
    expect(status).toBe(200)
    expect(page).toContain('/t/another/bank/cards/')
  })

  test('ask for the token where there is one', async () => {
    const closed = await running({ only: ['acs'], adminToken: 'a token of a test' })
    try {
      expect((await bankPage(closed, '/bank')).status).toBe(401)
      const basic = `Basic ${Buffer.from('me:a token of a test').toString('base64')}`
      expect((await bankPage(closed, '/bank', { authorization: basic })).status).toBe(200)
    } finally {
      await closed.close()
    }
  })
})
