// The AReq of the 3DS Server in each version: names, shapes and elements that a version has or lacks.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acceptLanguage, browserLanguage } from '../../src/emulators/threeds-server/shapes.ts'
import { compareVersions, highestCommon, versionsBetween } from '../../src/emulators/versions.ts'
import { parseMessage } from '../../src/protocol/messages/parse.ts'
import {
  aresTo,
  type Message,
  openEmulatorStore,
  type Served,
  type StandIn,
  startMerchantSide,
  startStandIn,
} from './support/loop.ts'

const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
const acctNumber = '4000001234567890'
const known = {
  acctNumber,
  threeDSRequestorID: 'REQ-0001',
  threeDSRequestorName: 'Example Shop',
  threeDSRequestorURL: 'https://shop.example.com/',
}
const purchase = {
  acquirerBIN: '400000',
  acquirerMerchantID: 'MID-1',
  mcc: '5999',
  merchantCountryCode: '392',
  merchantName: 'Example Shop',
  purchaseAmount: '1480',
  purchaseCurrency: '392',
  purchaseExponent: '0',
}
const browser = {
  browserJavascriptEnabled: true,
  browserJavaEnabled: false,
  browserLanguage: 'zh-Hant-TW',
  browserColorDepth: '30',
  browserScreenHeight: '900',
  browserScreenWidth: '1440',
  browserTZ: '-480',
  browserUserAgent: 'Mozilla/5.0',
  browserAcceptHeader: 'text/html',
}

let ds: StandIn
let site: Served
const store = openEmulatorStore(':memory:')

beforeEach(async () => {
  ds = await startStandIn((areq) => ({ message: areq.messageType === 'AReq' ? aresTo(areq, 'Y') : {} }))
  site = await startMerchantSide(store, `${ds.url}/ds/areq`)
})
afterEach(async () => {
  await Promise.all([site.close(), ds.close()])
})

async function ask(body: Message): Promise<{ status: number; answer: Message }> {
  const response = await fetch(`${site.url}/3ds-server/authenticate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json()) as Message }
}

/** The AReq that a request of the requestor becomes; it has passed a strict receiver. */
async function areqFor(body: Message): Promise<Message> {
  await ask(body)
  const bytes = ds.received.at(-1)?.bytes ?? Buffer.alloc(0)
  parseMessage(bytes, { expects: ['AReq'], leg: '3DSS-DS', profile: 'strict' })
  return JSON.parse(bytes.toString('utf8')) as Message
}

describe.each(versions)('a browser payment in %s', (messageVersion) => {
  const isNewest = messageVersion === '2.3.1'

  test('passes a strict DS, and every element belongs to the version (VER-IM-4)', async () => {
    const areq = await areqFor({ messageVersion, areq: { ...known, ...purchase, ...browser } })
    expect(areq.messageVersion).toBe(messageVersion)
    expect('browserJavascriptEnabled' in areq).toBe(messageVersion !== '2.1.0') // VER-22-6
    expect('acceptLanguage' in areq).toBe(isNewest) // VER-23-19
    expect('acquirerCountryCode' in areq).toBe(isNewest) // VER-23-18
  })

  test('tells language and colours as the version allows (VER-23-19, MIS-TMR-9)', async () => {
    const areq = await areqFor({ messageVersion, areq: { ...known, ...purchase, ...browser } })
    expect(areq).toMatchObject(
      isNewest
        ? { browserLanguage: 'zh-Hant-TW', browserColorDepth: '30' }
        : { browserLanguage: 'zh-Hant', browserColorDepth: '24' },
    )
  })

  test.each([
    ['one value', '02'],
    ['a list', ['02', '12']],
  ])('says the challenge indicator in the shape of the version, given as %s (VER-23-5)', async (_title, given) => {
    const areq = await areqFor({
      messageVersion,
      areq: { ...known, ...purchase, ...browser, threeDSRequestorChallengeInd: given },
    })
    expect(areq.threeDSRequestorChallengeInd).toEqual(isNewest ? [given].flat() : '02')
  })

  test.each([
    ['an object', { threeDSReqAuthMethod: '02' }],
    ['a list', [{ threeDSReqAuthMethod: '02' }]],
  ])('says how the buyer logged in as the version has it, given as %s (VER-23-6)', async (_title, given) => {
    const areq = await areqFor({
      messageVersion,
      areq: { ...known, ...purchase, ...browser, threeDSRequestorAuthenticationInfo: given },
    })
    const one = { threeDSReqAuthMethod: '02' }
    expect(areq.threeDSRequestorAuthenticationInfo).toEqual(isNewest ? [one] : one)
  })

  test('names the trust list as the version does, by whichever name it was given (VER-22-4, VER-23-3)', async () => {
    for (const list of ['whiteList', 'trustList']) {
      const areq = await areqFor({
        messageVersion,
        areq: { ...known, ...purchase, ...browser, [`${list}Status`]: 'Y', [`${list}StatusSource`]: '01' },
      })
      expect([areq.whiteListStatus, areq.trustListStatus]).toEqual(
        { '2.1.0': [undefined, undefined], '2.2.0': ['Y', undefined], '2.3.1': [undefined, 'Y'] }[messageVersion],
      )
    }
  })

  test('without scripts holds what the version demands all the same (VER-22-6)', async () => {
    const areq = await areqFor({ messageVersion, areq: { ...known, ...purchase, browserJavascriptEnabled: false } })
    expect('browserScreenWidth' in areq).toBe(messageVersion === '2.1.0')
  })

  test('that recurs has the terms of the version (VER-23-17)', async () => {
    const areq = await areqFor({
      messageVersion,
      areq: {
        ...known,
        ...purchase,
        ...browser,
        threeDSRequestorAuthenticationInd: '02',
        recurringExpiry: '20301231',
        recurringFrequency: '31',
      },
    })
    expect(areq).toMatchObject({ recurringExpiry: '20301231', recurringFrequency: '31' })
    expect(areq.recurringInd).toEqual(isNewest ? { amountInd: '01', frequencyInd: '01' } : undefined)
    expect([areq.recurringAmount, areq.recurringCurrency, areq.recurringExponent]).toEqual(
      isNewest ? ['1480', '392', '0'] : [undefined, undefined, undefined],
    )
    expect(areq.recurringDate).toEqual(isNewest ? String(areq.purchaseDate).slice(0, 8) : undefined)
  })

  test('asks for decoupled authentication as far as the version knows it (VER-22-1, VER-23-2, ACS-VAL-52)', async () => {
    const wishes: Message = {}
    for (const wish of ['Y', 'F', 'B']) {
      const areq = await areqFor({
        messageVersion,
        areq: { ...known, ...purchase, ...browser, threeDSRequestorDecReqInd: wish },
      })
      wishes[wish] = [areq.threeDSRequestorDecReqInd, typeof areq.threeDSRequestorDecMaxTime]
    }
    expect(wishes).toEqual(
      {
        '2.1.0': { Y: [undefined, 'undefined'], F: [undefined, 'undefined'], B: [undefined, 'undefined'] },
        '2.2.0': { Y: ['Y', 'undefined'], F: ['N', 'undefined'], B: ['Y', 'undefined'] },
        '2.3.1': { Y: ['Y', 'string'], F: ['F', 'string'], B: ['B', 'string'] },
      }[messageVersion],
    )
  })

  test('of no payment has no purchase, and asks to add a card (RES-NPA-1, RES-NPA-3)', async () => {
    const areq = await areqFor({ messageVersion, messageCategory: '02', areq: { ...known, ...browser } })
    expect(areq).toMatchObject({ messageCategory: '02', threeDSRequestorAuthenticationInd: '04' })
    for (const name of ['purchaseAmount', 'purchaseDate', 'mcc']) expect(areq).not.toHaveProperty(name)
  })

  test('by 3RI has no element of a browser, and its indicator (FLOW-3RI-1)', async () => {
    const areq = await areqFor({
      messageVersion,
      deviceChannel: '03',
      messageCategory: '02',
      areq: { ...known, ...browser, threeRIInd: '05' },
    })
    expect(areq).toMatchObject({ deviceChannel: '03', threeRIInd: '05' })
    for (const name of Object.keys(areq)) expect(name).not.toMatch(/^(browser|notificationURL|threeDSCompInd|acceptL)/)
  })
})

test('a 3RI names an earlier transaction of the 3DS Server by its acsTransID (FLOW-3RI-4)', async () => {
  const { answer: first } = await ask({ messageVersion: '2.3.1', areq: { ...known, ...purchase, ...browser } })
  const request = {
    deviceChannel: '03',
    priorThreeDSServerTransID: first.threeDSServerTransID,
    areq: { ...known, ...purchase, threeRIInd: '11' },
  }
  const prior = { threeDSReqPriorRef: first.acsTransID, threeDSReqPriorAuthMethod: '01' }
  const newest = await areqFor({ ...request, messageVersion: '2.3.1' })
  expect(newest.threeDSRequestorPriorAuthenticationInfo).toMatchObject([
    { ...prior, threeDSReqPriorDsTransId: first.dsTransID },
  ])
  const older = await areqFor({ ...request, messageVersion: '2.2.0' })
  expect(older.threeDSRequestorPriorAuthenticationInfo).toMatchObject(prior)
  expect(older.threeDSRequestorPriorAuthenticationInfo).not.toHaveProperty('threeDSReqPriorDsTransId')
})

test.each([
  ['a 3RI without its indicator', { deviceChannel: '03', areq: known }, 'areq.threeRIInd'],
  ['an app without sdkTransID', { deviceChannel: '01', areq: known }, 'areq.sdkTransID'],
  ['a card with letters', { areq: { ...known, acctNumber: '4000x' } }, 'areq.acctNumber'],
  ['minutes as a number', { areq: { ...known, threeDSRequestorDecMaxTime: 5 } }, 'areq.threeDSRequestorDecMaxTime'],
  ['an unknown version', { messageVersion: '2.4.0', areq: known }, 'messageVersion'],
  ['an unknown channel', { deviceChannel: '04', areq: known }, 'deviceChannel'],
  [
    'an empty list of wishes',
    { areq: { ...known, threeDSRequestorChallengeInd: [] } },
    'areq.threeDSRequestorChallengeInd',
  ],
])('%s is refused with the path of the field, and nothing is sent', async (_title, body, path) => {
  const { status, answer } = await ask(body)
  expect({ status, error: answer.error }).toEqual({ status: 400, error: `not valid: ${path}` })
  expect(ds.received).toHaveLength(0)
})

test('elements nobody knows go to the DS as they are: somebody tests with them', async () => {
  await ask({ messageVersion: '2.3.1', areq: { ...known, ...purchase, ...browser, elementOfTomorrow: 'x' } })
  expect(ds.received.at(-1)?.message.elementOfTomorrow).toBe('x')
})

test('versions are compared by numbers, and only listed ones are ours (VER-IM-2, VER-IM-3)', () => {
  expect(compareVersions('2.10.0', '2.9.0')).toBeGreaterThan(0)
  expect(compareVersions('2.2.0', '2.2.0')).toBe(0)
  expect(highestCommon(versions, ['2.2.0', '2.1.0'], undefined)).toBe('2.2.0')
  expect(highestCommon(versions, ['2.4.0'])).toBeUndefined()
  expect(versionsBetween('2.1.0', '2.3.0')).toEqual(['2.1.0', '2.2.0'])
})

test('the Accept-Language header becomes a list; without one there is English (AREQ:acceptLanguage)', () => {
  expect(acceptLanguage('de-DE, de;q=0.8,en;q=0.5')).toEqual(['de-DE', 'de;q=0.8', 'en;q=0.5'])
  expect(acceptLanguage('')).toEqual(['en'])
  expect(acceptLanguage('*')).toEqual(['en'])
  expect(browserLanguage('zh-Hant-TW', 35)).toBe('zh-Hant-TW')
})
