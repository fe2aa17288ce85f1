// Trust list, device binding, exemptions and the issuer's words, over HTTP and in every version.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ManualClock, manualClock } from '../../src/clock.ts'
import { parseRReq } from '../../src/protocol/messages/parse.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { cardEnding } from './any-areq.ts'
import {
  ask,
  challengedIn,
  digitsOf,
  engineCard,
  goneThrough,
  purchase,
  shownPage,
  type Version,
  versions,
} from './merchant-side.ts'
import { put } from './support.ts'

let ds: ListeningDs
let sekisho: Running
let clock: ManualClock
beforeAll(async () => {
  ds = await listeningDs()
  clock = manualClock(Date.UTC(2026, 0, 15, 3, 30))
  sekisho = await running({ only: ['acs'] }, { clock })
})
afterAll(async () => {
  await Promise.all([sekisho.close(), ds.close()])
})

const wish = (version: Version, ...inds: readonly string[]): Members => ({
  threeDSRequestorChallengeInd: version === '2.3.1' ? inds : inds[0],
})
/** The pair of elements by the names of the version. */
const listed = (version: Version, status: string): Members =>
  version === '2.2.0'
    ? { whiteListStatus: status, whiteListStatusSource: '03' }
    : { trustListStatus: status, trustListStatusSource: '03' }
const bound = (status: string): Members => ({ deviceBindingStatus: status, deviceBindingStatusSource: '03' })
const isSilent = (message: Members): boolean =>
  !/trustList|whiteList|deviceBinding|cardholderInfo/.test(JSON.stringify(message))

const isSound = (rreq: Members): void => {
  const { warnings } = parseRReq(Buffer.from(JSON.stringify(rreq)), {
    profile: 'strict',
    channel: '02',
    category: '01',
    version: String(rreq.messageVersion),
  })
  expect(warnings).toEqual([])
}

describe.each(['2.2.0', '2.3.1'] as const)('a shop that asks for a place on the trust list, in %s', (version) => {
  const begun = (change: Members = {}) => challengedIn(sekisho, ds, version, { ...wish(version, '09'), ...change })

  test('waits for the cardholder’s word, gets it, and is not asked about again (CHL-TL-1…4)', async () => {
    const asked = await begun()
    expect(asked.ares).toMatchObject(listed(version, 'P'))
    const rreq = await goneThrough(sekisho, ds, asked, 'passed', { trustList: 'Y' })
    expect(rreq).toMatchObject({ transStatus: 'Y', ...listed(version, 'Y') })
    isSound(rreq)
    const again = await begun({ acctNumber: asked.areq.acctNumber })
    expect(again.ares).toMatchObject(listed(version, 'Y'))
    expect((await shownPage(sekisho, again)).page).not.toContain('data-testid="trust-list"')
    expect(await goneThrough(sekisho, ds, again)).toMatchObject(listed(version, 'Y'))
  })

  test('is told R where the cardholder did not agree, and no word is a no (CHL-TL-1, CHL-TL-3, ACS-VAL-126)', async () => {
    const asked = await begun()
    const rreq = await goneThrough(sekisho, ds, asked)
    expect(rreq).toMatchObject({ transStatus: 'Y', ...listed(version, 'R') })
    isSound(rreq)
    expect((await begun({ acctNumber: asked.areq.acctNumber })).ares).toMatchObject(listed(version, 'P'))
  })

  test('is not listed by who could not be authenticated, whatever they ticked (CHL-TL-2)', async () => {
    for (const how of ['failed', 'cancelled'] as const) {
      const asked = await begun()
      const rreq = await goneThrough(sekisho, ds, asked, how, { trustList: 'Y' })
      expect(rreq).toMatchObject({ transStatus: 'N', ...listed(version, 'N') })
      isSound(rreq)
      const { ares } = await ask(sekisho, `browser-${digitsOf(version)}`, {
        ...purchase,
        acctNumber: asked.areq.acctNumber,
        ...wish(version, '08'),
      })
      expect(ares).toMatchObject(listed(version, 'N'))
    }
  })

  test('has no prompt without an id by which it could be listed, and none that nobody asked for (CHL-TL-1)', async () => {
    const plain = await challengedIn(sekisho, ds, version)
    expect(isSilent(plain.ares)).toBe(true)
    expect(isSilent(await goneThrough(sekisho, ds, plain, 'passed', { trustList: 'Y', deviceBinding: 'Y' }))).toBe(true)
  })

  test('is spared challenges by the exemption, from then on and by the list alone (RES-CI-5, RES-EX-4)', async () => {
    const acctNumber = '4111110000000021'
    const habit = { ...purchase, purchaseAmount: '1480', acctNumber, merchantName: 'Hakone Goods' }
    const exempted = (acquirerMerchantID: string, change: Members = {}) =>
      ask(sekisho, `browser-${digitsOf(version)}`, { ...habit, acquirerMerchantID, ...wish(version, '08'), ...change })
    const applied = (code: string) => (version === '2.3.1' ? { transChallengeExemption: code } : {})
    clock.advance(3 * 86_400_000)
    const own = await exempted('HAKONE-0001')
    expect(own.ares).toMatchObject({ transStatus: 'Y', ...listed(version, 'Y'), ...applied('08') })
    const claim =
      version === '2.2.0'
        ? { whiteListStatus: 'Y', whiteListStatusSource: '01' }
        : { trustListStatus: 'Y', trustListStatusSource: '01' }
    const other = await exempted('ODAWARA-0001', claim)
    expect(other.ares).toMatchObject({ transStatus: 'C', ...listed(version, 'N'), ...applied('79') })
  })

  test('is asked about beside whatever kind of challenge a plan chooses, and in the banking app', async () => {
    const acctNumber = engineCard()
    const plan = { transStatus: 'C', challenge: { kind: 'oob', prompts: ['trustList'] } }
    // biome-ignore lint/suspicious/noThenProperty: its name in the API
    expect((await put(sekisho, '/stubs', { match: { acctNumber }, then: plan }, 'POST')).status).toBe(201)
    const asked = await challengedIn(sekisho, ds, version, { acctNumber, ...wish(version, '01') })
    expect(asked.ares).toMatchObject(listed(version, 'P'))
  })
})

describe('the device, in 2.3.1', () => {
  const begun = (change: Members = {}) => challengedIn(sekisho, ds, '2.3.1', { ...wish('2.3.1', '12'), ...change })

  test('is bound by static data where the cardholder agrees, and then known (CHL-TL-4)', async () => {
    const asked = await begun()
    expect(asked.ares).toMatchObject(bound('03'))
    const rreq = await goneThrough(sekisho, ds, asked, 'passed', { deviceBinding: 'Y' })
    expect(rreq).toMatchObject(bound('14'))
    isSound(rreq)
    expect((await begun({ acctNumber: asked.areq.acctNumber })).ares).toMatchObject(bound('14'))
    const elsewhere = { acctNumber: asked.areq.acctNumber, browserUserAgent: 'Another browser' }
    expect((await begun(elsewhere)).ares).toMatchObject(bound('03'))
  })

  test('is declined or not bound otherwise (CHL-TL-4)', async () => {
    expect(await goneThrough(sekisho, ds, await begun())).toMatchObject(bound('04'))
    const failed = await goneThrough(sekisho, ds, await begun(), 'failed', { deviceBinding: 'Y' })
    expect(failed).toMatchObject(bound('01'))
    isSound(failed)
  })

  test('and the trust list may be asked about together (RES-CI-4)', async () => {
    const asked = await challengedIn(sekisho, ds, '2.3.1', wish('2.3.1', '09', '12'))
    expect(asked.ares).toMatchObject({ ...listed('2.3.1', 'P'), ...bound('03') })
    const rreq = await goneThrough(sekisho, ds, asked, 'passed', { trustList: 'Y' })
    expect(rreq).toMatchObject({ ...listed('2.3.1', 'Y'), ...bound('04') })
  })

  test('is told to who claims to know, as the issuer knows it (RES-CI-5)', async () => {
    const claim = { deviceBindingStatus: '14', deviceBindingStatusSource: '01' }
    const { ares } = await ask(sekisho, 'browser-231', { ...purchase, acctNumber: cardEnding('100'), ...claim })
    expect(ares).toMatchObject({ transStatus: 'Y', ...bound('01') })
  })
})

test.each([
  ['2.1.0', ['trustList', 'deviceBinding']],
  ['2.2.0', ['deviceBinding']],
] as const)('%s has no words for %j, and no prompt (CHL-TL-5, VER-23-3)', async (version, prompts) => {
  const acctNumber = engineCard()
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  await put(sekisho, '/stubs', { match: { acctNumber }, then: { transStatus: 'C', challenge: { prompts } } }, 'POST')
  const asked = await challengedIn(sekisho, ds, version, { acctNumber, ...wish(version, '01') })
  expect(isSilent(asked.ares)).toBe(true)
  expect(isSilent(await goneThrough(sekisho, ds, asked, 'passed', { trustList: 'Y', deviceBinding: 'Y' }))).toBe(true)
})

describe('an exemption that a shop asks for', () => {
  const everyday = {
    ...purchase,
    purchaseAmount: '1480',
    acctNumber: '4111110000000021',
    acquirerMerchantID: 'HAKONE-0001',
    merchantName: 'Hakone Goods',
  }
  const answerTo = async (version: Version, ind: string, change: Members = {}) =>
    (await ask(sekisho, `browser-${digitsOf(version)}`, { ...everyday, ...wish(version, ind), ...change })).ares

  test.each([
    ['2.2.0', '05', 'Y', undefined],
    ['2.2.0', '07', 'Y', undefined],
    ['2.2.0', '08', 'Y', undefined],
    ['2.3.1', '05', 'Y', '05'],
    ['2.3.1', '07', 'Y', undefined],
    ['2.3.1', '08', 'Y', '08'],
    ['2.3.1', '10', 'Y', '10'],
    ['2.3.1', '11', 'Y', '11'],
  ] as const)(
    '%s: indicator %s is %s where the risk is low, transChallengeExemption %s (RES-EX-3, RES-EX-4)',
    async (version, ind, transStatus, exemption) => {
      clock.advance(3 * 86_400_000) // many purchases of a day would be a sign of their own
      const ares = await answerTo(version, ind)
      expect([ares.transStatus, ares.transChallengeExemption]).toEqual([transStatus, exemption])
    },
  )

  test.each([
    ['2.2.0', '05', undefined],
    ['2.3.1', '05', '79'],
    ['2.3.1', '08', '79'],
    ['2.3.1', '10', '79'],
    ['2.3.1', '11', '79'],
  ] as const)(
    '%s: indicator %s is a challenge where the risk is not, transChallengeExemption %s (RES-EX-3, RES-EX-4)',
    async (version, ind, exemption) => {
      const ares = await answerTo(version, ind, { acctNumber: cardEnding('700') })
      expect([ares.transStatus, ares.transChallengeExemption]).toEqual(['C', exemption])
    },
  )

  test.each(['2.2.0', '2.3.1'] as const)(
    '%s: a card that informs only says I to 05, 06 and 07, and has no value for it (RES-TS-3, RES-EX-1, RES-EX-2, RES-CI-6)',
    async (version) => {
      for (const ind of ['05', '06', '07']) {
        const ares = await answerTo(version, ind, { acctNumber: cardEnding('600') })
        expect(ares.transStatus, ind).toBe('I')
        expect(ares).not.toHaveProperty('authenticationValue')
        expect(ares).not.toHaveProperty('transStatusReason')
      }
      expect((await answerTo(version, '03', { acctNumber: cardEnding('600') })).transStatus).toBe('C')
    },
  )

  test.each(['2.2.0', '2.3.1'] as const)(
    '%s: data that are shared only are never challenged, not even by a script (RES-CI-2, ACS-VAL-64)',
    async (version) => {
      for (const acctNumber of [cardEnding('700'), cardEnding('007'), engineCard()])
        expect((await answerTo(version, '06', { acctNumber, purchaseAmount: '99999999' })).transStatus).toBe('I')
    },
  )

  test.each([
    ['2.1.0', '05', '203'],
    ['2.1.0', '08', '203'],
    ['2.2.0', '10', '203'],
    ['2.2.0', '12', '203'],
    ['2.3.1', '15', '207'],
  ] as const)(
    '%s: indicator %s is one of a later version: %s (RES-CI-3, RES-EX-5)',
    async (version, ind, errorCode) => {
      expect(await answerTo(version, ind)).toMatchObject({
        messageType: 'Erro',
        errorCode,
        errorDetail: 'threeDSRequestorChallengeInd',
      })
    },
  )
})

describe.each(versions)('the words of an issuer in %s', (version) => {
  const column = `browser-${digitsOf(version)}`
  const as = (text: string) => (version === '2.3.1' ? { text } : text)
  const speaking = (browserLanguage: string) => ({
    browserLanguage,
    ...(version === '2.3.1' && { acceptLanguage: [browserLanguage] }),
  })
  const aonami = '3528000'

  test('say why, in the language of the browser (RES-AR-6, VER-23-31, CHL-UI-12)', async () => {
    const refusal = async (language: string) =>
      (await ask(sekisho, column, { acctNumber: cardEnding('201', aonami), ...speaking(language) })).ares.cardholderInfo
    expect(await refusal('en-GB')).toEqual(
      as('This card cannot be used online. Please call the number on the back of your card.'),
    )
    expect(await refusal('ja')).toEqual(
      as('このカードはオンラインではご利用いただけません。カード裏面の電話番号へご連絡ください。'),
    )
  })

  test('are left out where the issuer has none, and where nothing was refused (RES-AR-1)', async () => {
    for (const acctNumber of [cardEnding('201'), cardEnding('100', aonami), cardEnding('700', aonami)])
      expect((await ask(sekisho, column, { acctNumber, dsURL: ds.url })).ares).not.toHaveProperty('cardholderInfo')
  })

  test('ask for a look into the app with D, the issuer’s own or the usual ones (RES-DEC-2)', async () => {
    if (version === '2.1.0')
      return expect((await ask(sekisho, column, { acctNumber: cardEnding('802') })).ares.transStatus).toBe('N')
    const wanted = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00010', dsURL: ds.url }
    const info = async (stem: string, language: string) =>
      (await ask(sekisho, column, { acctNumber: cardEnding('802', stem), ...speaking(language), ...wanted })).ares
        .cardholderInfo
    expect(await info('5200000', 'en')).toEqual(
      as('Please confirm this payment in the Tsukimi app. We wait for you there.'),
    )
    expect(await info('5200000', 'ja-JP')).toEqual(
      as('月見アプリでこのお支払いをご確認ください。アプリでお待ちしています。'),
    )
    expect(await info('4000003', 'en')).toEqual(
      as('Please confirm this request in your banking app. You do not need to stay on this page.'),
    )
  })

  test('go with the RReq of a challenge that was not passed, in 2.3.1 (VER-23-31)', async () => {
    const begun = () => challengedIn(sekisho, ds, version, { acctNumber: cardEnding('700', aonami), ...speaking('en') })
    const failed = await goneThrough(sekisho, ds, await begun(), 'failed')
    const said = { text: 'We could not confirm that it is you. Please call the number on the back of your card.' }
    expect(failed.cardholderInfo).toEqual(version === '2.3.1' ? said : undefined)
    isSound(failed)
    for (const how of ['passed', 'cancelled'] as const)
      expect(await goneThrough(sekisho, ds, await begun(), how)).not.toHaveProperty('cardholderInfo')
  })
})

test('where the browser speaks neither, the card’s language is spoken (CHL-UI-12)', async () => {
  const acctNumber = '3566000000000018' // of a Japanese-speaking holder, with Aonami
  const ask3ri = async (change: Members = {}) =>
    (await ask(sekisho, '3ri-220', { acctNumber, ...change })).ares.cardholderInfo
  expect(await ask3ri()).toMatch(/^このカードは/)
})
