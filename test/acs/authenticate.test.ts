// AReqs of every version, channel and category over HTTP; what leaves is checked by the element table (VER-IM-6).
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answered, codeOf, opened, shown } from '../http/support.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { fixtureMessage } from '../support/spec-fixtures.ts'

let sekisho: Running
let ds: ListeningDs
beforeAll(async () => {
  ds = await listeningDs()
  sekisho = await running({ only: ['acs'] })
})
afterAll(async () => {
  await sekisho.close()
  await ds.close()
})

const ask = async (folder: string, change: Members = {}): Promise<Members> => {
  const base: Members = { ...fixtureMessage(folder, 'base-minimal') }
  const ids = { threeDSServerTransID: crypto.randomUUID(), dsTransID: crypto.randomUUID() }
  const { status, body } = await post(`${sekisho.acs}/acs/areq`, { ...base, ...ids, ...change })
  expect(status).toBe(200)
  return body
}

const folders = readdirSync(new URL('../../spec-fixtures/', import.meta.url)).filter((name) =>
  /^areq-(app|browser|3ri)-(npa-)?2\d\d$/.test(name),
)
/** Last digits of a scripted card, and what they wish for. */
const endings = [
  ['100', 'Y'],
  ['201', 'N'],
  ['322', 'U'],
  ['411', 'R'],
  ['500', 'A'],
  ['600', 'I'],
  ['700', 'C'],
  ['800', 'D'],
] as const
const statuses = { '210': 'YNUAC', '220': 'YNUARCDI', '231': 'YNUARCDI' } as const

describe.each(folders)('%s', (folder) => {
  const version = folder.slice(-3) as keyof typeof statuses
  const isApp = folder.includes('app')
  const is3ri = folder.includes('3ri')
  const decoupled = version === '210' ? {} : { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }

  test.each(endings)(
    'a card that ends in %s gets %s, or the nearest the protocol allows (RES-TS-1…3, 8)',
    async (ending, wish) => {
      for (const change of [{}, decoupled]) {
        const isAsked = 'threeDSRequestorDecReqInd' in change
        const ares = await ask(folder, { acctNumber: `4000000000001${ending}`, ...change })
        expect(ares.messageType).toBe('ARes')
        const expected =
          wish === 'C'
            ? isApp || is3ri
              ? isAsked
                ? 'D'
                : isApp
                  ? 'U03'
                  : version === '210'
                    ? 'N12'
                    : 'N23'
              : 'C'
            : wish === 'D'
              ? isAsked
                ? 'D'
                : version === '210'
                  ? 'N12'
                  : 'N23'
              : { Y: 'Y', N: 'N01', U: version === '210' ? undefined : 'U22', R: 'R11', A: 'A', I: 'Y' }[wish]
        // 2.1.0 has no reason 22, so that no row of the table matches and the engine decides.
        if (expected !== undefined) expect(`${ares.transStatus}${ares.transStatusReason ?? ''}`).toBe(expected)
      }
    },
  )

  test('is answered by the engine, in full, too (ACS-VAL-70, RES-TS-7)', async () => {
    for (const base of ['base-minimal', 'base-full']) {
      const message = { ...fixtureMessage(folder, base) }
      const acctNumber = '4111110000000021'
      const ares = await ask(folder, {
        ...message,
        threeDSServerTransID: crypto.randomUUID(),
        dsTransID: crypto.randomUUID(),
        acctNumber,
      })
      expect(ares, JSON.stringify(ares)).toMatchObject({ messageType: 'ARes' })
      expect(statuses[version] + (version === '210' ? 'R' : '')).toContain(ares.transStatus)
      const { decidedBy } = await shown(sekisho, String(ares.acsTransID))
      expect(decidedBy).toBe('engine')
    }
  })
})

describe('a payment over 3RI', () => {
  const acctNumber = '3566000000000018'
  const purchase = { acctNumber, purchaseAmount: '5000', purchaseCurrency: '392', purchaseExponent: '0' }
  const referring = (threeDSReqPriorRef: string, change: Members = {}) =>
    ask('areq-3ri-220', { ...purchase, threeDSRequestorPriorAuthenticationInfo: { threeDSReqPriorRef }, ...change })

  test('that refers to a passed challenge of the card is Y, within its terms only (RES-3RI-4, FLOW-3RI-4)', async () => {
    const areq = browserAReq({ ...purchase, dsURL: ds.url })
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    expect(ares.transStatus).toBe('C')
    const challenge = { areq, ares, acsTransID: String(ares.acsTransID) }

    const early = await referring(challenge.acsTransID)
    expect(early).toMatchObject({ transStatus: 'N', transStatusReason: '12' })

    const page = await opened(sekisho, challenge)
    await answered(sekisho, challenge, page, { otp: await codeOf(sekisho, challenge) })
    expect((await shown(sekisho, challenge.acsTransID)).resultStatus).toBe('Y')

    const good = await referring(challenge.acsTransID.toUpperCase())
    expect(good).toMatchObject({ transStatus: 'Y', authenticationValue: expect.any(String) })
    expect(await referring(challenge.acsTransID, { purchaseAmount: '5001' })).toMatchObject({
      transStatus: 'N',
      transStatusReason: '12',
    })
    const other = await referring(challenge.acsTransID, { acctNumber: '3566000000000026' })
    expect(other).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })

  test('that refers to nothing anybody knows is N with reason 12, no Erro (FLOW-3RI-4)', async () => {
    expect(await referring(crypto.randomUUID())).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
  })

  test('is U with reason 21 in 2.1.0, no Erro (ACS-VAL-62, FLOW-3RI-2, RES-3RI-5)', async () => {
    const ares = await ask('areq-3ri-npa-210', { messageCategory: '01' })
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'U', transStatusReason: '21' })
  })
})

describe('the trust list of the holder', () => {
  const shop = { acctNumber: '4111110000000021', acquirerMerchantID: 'HAKONE-0001', merchantName: 'Hakone Goods' }
  test('is told to who checks it (RES-3RI-3, CHL-TL-5)', async () => {
    const listed = await ask('areq-3ri-npa-220', { ...shop, threeRIInd: '10' })
    expect(listed).toMatchObject({ transStatus: 'Y', whiteListStatus: 'Y', whiteListStatusSource: '03' })
    const unlisted = await ask('areq-3ri-npa-231', { ...shop, threeRIInd: '10', acquirerMerchantID: 'OTHER-0001' })
    expect(unlisted).toMatchObject({ transStatus: 'N', trustListStatus: 'N', trustListStatusSource: '03' })
  })
})

describe('an app', () => {
  const acctNumber = '4000000000005100'
  test.each([
    ['01', ['02', '03'], 'U'],
    ['01', ['05'], 'U'],
    ['02', ['05'], 'Y'],
    ['03', ['04', '01'], 'Y'],
    ['02', ['04'], 'U'],
  ])(
    'with interface %s and templates %j is answered with %s (ACS-VAL-55)',
    async (sdkInterface, sdkUiType, transStatus) => {
      const ares = await ask('areq-app-220', { acctNumber, deviceRenderOptions: { sdkInterface, sdkUiType } })
      expect(ares).toMatchObject({ transStatus, ...(transStatus === 'U' && { transStatusReason: '03' }) })
    },
  )
})

describe('an issuer that does otherwise', () => {
  test('attempts: A with an authentication value (ACS-VAL-71)', async () => {
    const ares = await ask('areq-browser-220', { acctNumber: '4000000000008500' })
    expect(ares).toMatchObject({ transStatus: 'A', authenticationValue: expect.stringMatching(/^.{28}$/) })
  })

  test.each(['areq-browser-npa-220', 'areq-app-npa-231', 'areq-3ri-npa-210'])(
    'does not do non-payments: U, reason 20, for %s (ACS-VAL-63)',
    async (folder) => {
      const ares = await ask(folder, { acctNumber: '4000000000000320' })
      expect(ares).toMatchObject({ transStatus: 'U', transStatusReason: '20' })
      expect(ares).not.toHaveProperty('authenticationValue')
    },
  )
})

describe('ids that came before', () => {
  test.each([
    ['areq-browser-220', '301'],
    ['areq-browser-231', '312'],
  ])('are refused: %s with %s (SEC-RPL-1)', async (folder, errorCode) => {
    const ids = { threeDSServerTransID: crypto.randomUUID(), dsTransID: crypto.randomUUID() }
    await ask(folder, ids)
    expect(await ask(folder, ids)).toMatchObject({
      messageType: 'Erro',
      errorCode,
      errorDetail: expect.stringContaining('threeDSServerTransID'),
    })
  })
})

describe('data of the 3DS Method', () => {
  test('of an earlier run are found by threeDSMethodId, of 2.3.1 only (FLOW-MTH-9, VER-23-27)', async () => {
    const run = crypto.randomUUID()
    const kept = await post(`${sekisho.acs}/acs/method/data`, {
      threeDSServerTransID: run,
      data: { deviceId: crypto.randomUUID() },
    })
    expect(kept.status).toBeLessThan(300)
    const known = async (folder: string, threeDSMethodId: string): Promise<unknown> => {
      const ares = await ask(folder, { threeDSCompInd: 'Y', threeDSMethodId, acctNumber: '4111110000000021' })
      const { facts } = (await shown(sekisho, String(ares.acsTransID))) as { facts?: { device?: string } }
      return facts?.device
    }
    expect(await known('areq-browser-231', run)).toBe('id')
    expect(await known('areq-browser-231', crypto.randomUUID())).toBe('browser')
    expect(await known('areq-browser-220', run)).toBe('browser')
  })
})
