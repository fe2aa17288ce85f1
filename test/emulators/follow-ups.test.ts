// The merchant desk of the shop, all parties over HTTP: what follows a purchase without its buyer, and what the checkout lets a shop ask for.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { readCheckout, wishesOf } from '../../src/emulators/shop/checkout.ts'
import { followUpsOf } from '../../src/emulators/shop/follow-ups.ts'
import { texts } from '../../src/emulators/shop/texts.ts'
import { type Page as AcsPage, actionOf, answered, api, codeOf } from '../http/support.ts'
import { cresIn, field, postForm } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { endingShown, has, outcomeShown, type Page, read, shopping, stepsShown } from './support/shopping.ts'

let house: Running
let clock: ManualClock
let shop: ReturnType<typeof shopping>
beforeAll(async () => {
  clock = manualClock(Date.UTC(2026, 0, 15, 3, 30))
  house = await running({}, { clock })
  shop = shopping(`${house.shop}/shop`)
})
afterAll(() => house.close())

const acctNumber = '4111110000000021'
const meaningOf = (page: Page, name: string) => [read(page, `result-${name}`), read(page, `result-${name}-meaning`)]

/** Through the challenge in the full window, with a right code; the result page. */
async function confirmed(path: string, fields: Record<string, string> = {}): Promise<Page> {
  const challenge = await shop.open(`${path}/challenge`)
  const first = await postForm(actionOf({ page: challenge.html } as AcsPage) ?? '', {
    creq: field(challenge.html, 'creq') ?? '',
  })
  const acsTransID = field(first.page, 'acsTransID') ?? ''
  const asked = { acsTransID } as Parameters<typeof answered>[1]
  const last = await answered(house, asked, first, { otp: await codeOf(house, { acsTransID }), ...fields })
  expect(cresIn(last.page)).toMatchObject({ transStatus: 'Y' })
  await postForm(actionOf(last) ?? '', {
    cres: field(last.page, 'cres') ?? '',
    threeDSSessionData: field(last.page, 'threeDSSessionData') ?? '',
  })
  return shop.open(`${path}/result`)
}

async function bought(fields: Record<string, string> = {}, consent: Record<string, string> = {}) {
  clock.advance(3 * 86_400_000) // many purchases of a day would be a sign of their own
  const path = await shop.order({ coffee: 2 })
  const page = await shop.buy(
    path,
    { acctNumber },
    { threeDSRequestorChallengeInd: '04', challengeWindowSize: 'full', ...fields },
  )
  const result = page.path.endsWith('/challenge') ? await confirmed(path, consent) : await shop.open(`${path}/result`)
  return { path, result }
}
const followed = (path: string, kind: string, amount = '') => shop.submit(`${path}/follow-ups`, { kind, amount })
const kindsOn = ({ html }: Page) =>
  [...html.matchAll(/data-testid="follow-up-(?!amount|of)(\w+)"/g)].map(([, kind]) => kind)

test.each(['2.2.0', '2.3.1'])(
  '%s: what the buyer has confirmed is charged again without them, in each way that the version has (RES-3RI-4)',
  async (messageVersion) => {
    const { path, result } = await bought({ messageVersion })
    expect([outcomeShown(result), endingShown(result)]).toEqual(['Y', 'placed'])
    expect(kindsOn(result)).toEqual(followUpsOf(messageVersion))
    for (const kind of ['recurring', 'instalment', 'splitShipment', 'topUp', 'mailOrder', 'telephoneOrder']) {
      const page = await followed(path, kind)
      expect([kind, outcomeShown(page), endingShown(page)]).toEqual([kind, 'Y', 'placed'])
      expect(stepsShown(page)).toEqual(['Y', '00'])
      expect(page.html).toContain(`data-kind="${kind}"`)
      expect(read(page, 'result-title')).toBe(texts.en['followUp.charged'])
      expect(kindsOn(page)).toEqual([])
      expect(page.html).toContain(`${path}/result" data-testid="follow-up-of"`)
    }
    const account = await followed(path, 'accountCheck')
    expect([outcomeShown(account), endingShown(account), stepsShown(account)]).toEqual(['Y', 'checked', ['Y']])
    expect(has(account, 'send')).toBe(false)
  },
  60_000,
)

describe('the amount of a follow-up', () => {
  let path = ''
  beforeAll(async () => {
    path = (await bought()).path
  })

  test('is what was typed, or a part of the purchase', async () => {
    const amountOf = async (kind: string, amount?: string) => read(await followed(path, kind, amount), 'total')
    expect(await amountOf('splitShipment')).toBe('¥1,480')
    expect(await amountOf('topUp')).toBe('¥296')
    expect(await amountOf('mailOrder', '1,000')).toBe('¥1,000')
    expect(await amountOf('mailOrder', '１，０００　')).toBe('¥1,000')
    expect(await amountOf('accountCheck', '1,000')).toBe(texts.en['followUp.nothing'])
    expect(await amountOf('accountCheck', 'x')).toBe(texts.en['followUp.nothing'])
  })

  test('beyond what was agreed is not authenticated, and nothing is asked of the acquirer (RES-3RI-4)', async () => {
    const page = await followed(path, 'recurring', '2961')
    expect([outcomeShown(page), endingShown(page)]).toEqual(['N', 'refused'])
    expect(meaningOf(page, 'transStatusReason')).toEqual(['12', texts.en['reason.12']])
    expect(outcomeShown(await followed(path, 'recurring', '2960'))).toBe('Y')
  })

  test.each(['0', '-1', 'x', '1e99'])('%s is none', async (amount) => {
    expect((await followed(path, 'recurring', amount)).status).toBe(400)
  })
})

test('one that was let pass without the buyer is no proof for what follows (RES-3RI-4)', async () => {
  const { path, result } = await bought({ threeDSRequestorChallengeInd: '01' })
  expect(endingShown(result)).toBe('placed')
  expect(outcomeShown(await followed(path, 'recurring'))).toBe('N')
})

test('2.1.0 asks about the account, and has no payments without the buyer (FLOW-3RI-2)', async () => {
  const { path, result } = await bought({ messageVersion: '2.1.0' })
  expect(kindsOn(result)).toEqual(['accountCheck'])
  expect(outcomeShown(await followed(path, 'accountCheck'))).toBe('Y')
  expect((await followed(path, 'recurring')).status).toBe(409)
})

test('what was not paid has no desk, and neither has an order that is not placed', async () => {
  const path = await shop.order({ coffee: 1 })
  expect((await followed(path, 'recurring')).status).toBe(409)
  const page = await shop.buy(path, { acctNumber: '4000000000009201' })
  expect([outcomeShown(page), has(page, 'follow-ups')]).toEqual(['N', false])
})

test('the messages of a follow-up name the purchase before it, and no card (FLOW-3RI-4, SEC-LOG-1)', async () => {
  const { path, result } = await bought({ messageVersion: '2.3.1' })
  const page = await followed(path, 'instalment')
  const { body } = await api(house, `/transactions/${read(page, 'result-acsTransID')}`)
  const messages = body.messages as { link: string; messageType?: string; message: Record<string, unknown> }[]
  const areq = messages.find(({ link, messageType }) => link === 'DS→ACS' && messageType === 'AReq')
  expect(areq?.message).toMatchObject({
    deviceChannel: '03',
    threeRIInd: '02',
    purchaseInstalData: '3',
    recurringInd: { amountInd: '01', frequencyInd: '01' },
    threeDSRequestorPriorAuthenticationInfo: [
      { threeDSReqPriorRef: read(result, 'result-acsTransID'), threeDSReqPriorAuthMethod: '02' },
    ],
  })
  expect(page.html + JSON.stringify(body) + house.log()).not.toContain(acctNumber)
})

describe('a shop that asks to be trusted, and for the device to be bound', () => {
  test('gets both answers on the result card, and the exemption from then on (RES-CI-5, RES-EX-4)', async () => {
    const wish = { messageVersion: '2.3.1', threeDSRequestorChallengeInd: '01', asksForDevice: 'Y', asksForTrust: 'Y' }
    const { path, result } = await bought(wish, { deviceBinding: 'Y' })
    expect(meaningOf(result, 'trustListStatus')).toEqual(['Y', texts.en['meaning.trustList.Y']])
    expect(meaningOf(result, 'deviceBindingStatus')).toEqual(['14', texts.en['meaning.device.14']])
    expect(stepsShown(result)).toEqual(['Y', '00'])
    for (const kind of ['trustListCheck', 'deviceCheck']) {
      const page = await followed(path, kind)
      expect([kind, outcomeShown(page), endingShown(page)]).toEqual([kind, 'Y', 'checked'])
      expect(read(page, 'result-title')).toBe(texts.en['ending.checked.Y'])
    }
    const next = await bought({ messageVersion: '2.3.1', threeDSRequestorChallengeInd: '08' })
    expect(meaningOf(next.result, 'transChallengeExemption')).toEqual(['08', texts.en['meaning.exemption.08']])
    const older = await bought({ messageVersion: '2.2.0', threeDSRequestorChallengeInd: '08' })
    expect(meaningOf(older.result, 'whiteListStatus')).toEqual(['Y', texts.en['meaning.trustList.Y']])
  })

  test('sends what its version has room for (RES-CI-3, RES-CI-4, VER-23-5)', () => {
    const wishes = (version: string, more: object) => wishesOf({ ...readCheckout(undefined), ...more }, version)
    const both = { asksForTrust: true, asksForDevice: true }
    expect(wishes('2.1.0', both)).toEqual(['01'])
    expect(wishes('2.2.0', both)).toEqual(['09'])
    expect(wishes('2.3.1', both)).toEqual(['09', '12'])
    expect(wishes('2.3.1', { asksForDevice: true, threeDSRequestorChallengeInd: '04' })).toEqual(['12', '04'])
    expect(wishes('2.2.0', { asksForDevice: true, threeDSRequestorChallengeInd: '04' })).toEqual(['04'])
    expect(wishes('2.3.1', { asksForTrust: true, threeDSRequestorChallengeInd: '09' })).toEqual(['09'])
  })
})
