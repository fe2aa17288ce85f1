// Parties of other people in the place of ours: a 3DS Server, a DS, a shop, an ACS; and what our DS and ACS may call.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readCardRanges } from '../../src/emulators/card-ranges.ts'
import { type ListeningDs, listeningDs } from '../support/ds.ts'
import { browserAReq, challengeCard, frictionlessCard, type Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { call, codesAt, freePort, passChallenge } from './support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-plugging-'))
afterAll(() => rmSync(folder, { recursive: true }))

type AtTheEnd = (work: () => Promise<void>) => void

const house = async (atTheEnd: AtTheEnd, settings: Parameters<typeof running>[0]): Promise<Running> => {
  const sekisho = await running(settings, { shop: { processingScreenMs: 0 } })
  atTheEnd(() => sekisho.close())
  return sekisho
}

/** A party that takes RReqs: a 3DS Server or a DS of somebody else. */
const party = async (atTheEnd: AtTheEnd): Promise<ListeningDs> => {
  const listening = await listeningDs()
  atTheEnd(() => listening.close())
  return listening
}

/** An AReq as a 3DS Server sends it to a DS. */
const fromThreeDSServer = (change: Members): Members =>
  browserAReq({ dsTransID: undefined, dsReferenceNumber: undefined, dsURL: undefined, ...change })

/** What a shop knows of a purchase; the 3DS Server adds the rest. */
const fromShop = (acctNumber: string): Members =>
  Object.fromEntries(
    Object.entries(fromThreeDSServer({ acctNumber })).filter(
      ([name]) => !/^(threeDSServer|threeDSCompInd|message|deviceChannel|notificationURL|browserIP)/.test(name),
    ),
  )

describe('my 3DS Server against your DS and ACS', () => {
  test('a challenge passes, and the RReq comes to the threeDSServerURL', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { only: ['acs', 'ds'] })
    const mine = await party(onTestFinished)
    const areq = fromThreeDSServer({ acctNumber: challengeCard, threeDSServerURL: mine.url })
    const ares = (await call(`${sekisho.acs}/ds/areq`, { body: areq })).json()
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'C' })
    expect(ares.threeDSServerTransID).toBe(areq.threeDSServerTransID)
    expect(await passChallenge(ares, codesAt(sekisho.acs))).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
    await mine.arrived(1)
    expect(mine.received[0]?.message).toMatchObject({
      messageType: 'RReq',
      transStatus: 'Y',
      threeDSServerTransID: areq.threeDSServerTransID,
    })
    const { delivery } = (await call(`${sekisho.acs}/api/v1/transactions/${ares.acsTransID}`)).json()
    expect(delivery).toBe('delivered')
    expect((await call(`${sekisho.acs}/shop`)).status).toBe(404)
  })

  test.each(['http://169.254.169.254/latest', 'https://rreq.example.test/x', 'http://127.0.0.1.example.test/'])(
    'the DS does not call %s: Erro 303 names the element, and the log says what to do',
    async (threeDSServerURL) => {
      const sekisho = await running({ only: ['acs', 'ds'] })
      try {
        const areq = fromThreeDSServer({ acctNumber: frictionlessCard, threeDSServerURL })
        const erro = (await call(`${sekisho.acs}/ds/areq`, { body: areq })).json()
        expect(erro).toMatchObject({
          messageType: 'Erro',
          errorCode: '303',
          errorComponent: 'D',
          errorDetail: 'threeDSServerURL',
          threeDSServerTransID: areq.threeDSServerTransID,
        })
        expect(sekisho.log()).toContain('--3ds-server-origins')
        expect(sekisho.log()).toContain(new URL(threeDSServerURL).origin)
        expect(sekisho.log()).not.toContain('/latest')
      } finally {
        await sekisho.close()
      }
    },
  )

  test('an origin that is named may be called', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, {
      only: ['acs', 'ds'],
      '3dsServerOrigins': ['https://merchant.example.test:8443'],
    })
    const areq = (threeDSServerURL: string) =>
      call(`${sekisho.acs}/ds/areq`, { body: fromThreeDSServer({ acctNumber: frictionlessCard, threeDSServerURL }) })
    expect((await areq('https://merchant.example.test:8443/rreq')).json()).toMatchObject({ transStatus: 'Y' })
    expect((await areq('https://merchant.example.test/rreq')).json()).toMatchObject({ errorCode: '303' })
  })
})

describe('my DS against your ACS', () => {
  test('a challenge passes, and the RReq comes to the dsURL', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { only: ['acs'] })
    const mine = await party(onTestFinished)
    const areq = browserAReq({ acctNumber: challengeCard, dsURL: mine.url })
    const ares = (await call(`${sekisho.acs}/acs/areq`, { body: areq })).json()
    expect(await passChallenge(ares, codesAt(sekisho.acs))).toMatchObject({ transStatus: 'Y' })
    await mine.arrived(1)
    expect(mine.received[0]?.message).toMatchObject({ messageType: 'RReq', dsTransID: areq.dsTransID })
    for (const other of ['/ds/areq', '/shop', '/3ds-server/versioning'])
      expect((await call(`${sekisho.acs}${other}`, { body: {} })).status).toBe(404)
  })

  test('a dsURL that is not called is told in the log, with the setting that allows it', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { only: ['acs'] })
    const areq = browserAReq({ acctNumber: challengeCard, dsURL: 'https://ds.example.test:8443/secret-path' })
    const ares = (await call(`${sekisho.acs}/acs/areq`, { body: areq })).json()
    await passChallenge(ares, codesAt(sekisho.acs))
    expect(sekisho.log()).toContain('--ds-origins')
    expect(sekisho.log()).toContain('https://ds.example.test:8443')
    expect(sekisho.log()).not.toContain('secret-path')
  })
})

describe('my shop against your 3DS Server', () => {
  test('versioning, authentication, challenge and result by JSON', async ({ onTestFinished }) => {
    const sekisho = await house(onTestFinished, { only: ['acs', 'ds', '3ds-server'] })
    const api = `${sekisho.shop}/3ds-server`
    const asked = { acctNumber: challengeCard, messageVersion: '2.2.0' }
    const versioning = (await call(`${api}/versioning`, { body: asked })).json()
    expect(versioning.threeDSMethodURL).toBe(`${sekisho.acs}/acs/method`)
    const { threeDSServerTransID } = versioning
    const body = { threeDSServerTransID, areq: fromShop(challengeCard) }
    const status = (await call(`${api}/authenticate`, { body })).json()
    expect(status).toMatchObject({ phase: 'challenge', transStatus: 'C' })
    const codes = codesAt(sekisho.acs)
    expect(await passChallenge(status, codes)).toMatchObject({ transStatus: 'Y' })
    const settled = (await call(`${api}/transactions/${threeDSServerTransID}`)).json()
    expect(settled).toMatchObject({ phase: 'settled', settledBy: 'RReq', transStatus: 'Y', eci: '05' })
    expect((await call(`${sekisho.shop}/shop`)).status).toBe(404)
  })

  test('and your shop against my 3DS Server, at an address of its own', async ({ onTestFinished }) => {
    const mine = await house(onTestFinished, { only: ['acs', 'ds', '3ds-server'] })
    const shop = await house(onTestFinished, { only: ['shop'], '3dsServerUrl': `${mine.shop}/3ds-server` })
    const form = { productId: 'coffee' }
    const order = (await call(`${shop.shop}/shop/orders`, { form })).headers.location ?? ''
    const checkout = (await call(`${shop.shop}${order}/checkout`)).text
    const fields = Object.fromEntries(
      [...checkout.matchAll(/<input\b[^>]*\bname="([^"]+)"[^>]*>/g)]
        .filter(([tag]) => !/type="(checkbox|radio)"/.test(tag))
        .map(([tag, name = '']) => [name, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '']),
    )
    const filled = { ...fields, acctNumber: frictionlessCard, cardExpiryDate: '12/30' }
    const placed = await call(`${shop.shop}${order}/checkout`, { form: filled })
    expect([placed.status, placed.headers.location]).toEqual([303, `${order}/processing`])
    await call(`${shop.shop}${order}/authenticate`, { form: {} })
    expect((await call(`${shop.shop}${order}/result`)).text).toContain('data-outcome="Y"')
  })
})

describe('card ranges of my own', () => {
  const fileWith = (text: string): string => {
    const file = path.join(folder, `${crypto.randomUUID()}.yaml`)
    writeFileSync(file, text)
    return file
  }

  test('tell the DS where to go and the 3DS Server which 3DS Method there is', async ({ onTestFinished }) => {
    const bank = await house(onTestFinished, { only: ['acs'] })
    const shopPort = await freePort()
    const sekisho = await house(onTestFinished, {
      only: ['ds', '3ds-server'],
      shopPort,
      cardRanges: fileWith(`ranges:
  - { from: 400000, to: 400009, scheme: visa, acsUrl: '${bank.acs}/acs/areq', methodUrl: '${bank.acs}/acs/method' }
  - { from: '411111', to: '411119', scheme: visa, acsUrl: '${bank.acs}/acs/areq' }
`),
    })
    const api = `${sekisho.shop}/3ds-server`
    const method = async (acctNumber: string) =>
      (await call(`${api}/versioning`, { body: { acctNumber } })).json().threeDSMethodURL
    expect(await method(frictionlessCard)).toBe(`${bank.acs}/acs/method`)
    expect(await method('4111110000000021')).toBeUndefined()
    expect((await call(`${api}/authenticate`, { body: { areq: fromShop(frictionlessCard) } })).json()).toMatchObject({
      settledBy: 'ARes',
      transStatus: 'Y',
    })
    // A card of no range is answered by the DS itself (FLOW-DS-2).
    const outside = (await call(`${api}/authenticate`, { body: { areq: fromShop('5200000000005100') } })).json()
    expect(outside).toMatchObject({ transStatus: 'U', transStatusReason: '08' })
  })

  test('a range without an address is served by the ACS of the house', async ({ onTestFinished }) => {
    const cardRanges = fileWith("- { from: '4000', to: '4000', scheme: visa }\n")
    const sekisho = await house(onTestFinished, { cardRanges })
    const body = { areq: fromShop(frictionlessCard) }
    const paid = (await call(`${sekisho.shop}/3ds-server/authenticate`, { body })).json()
    expect(paid).toMatchObject({ transStatus: 'Y' })
  })

  test.each([
    ["- { from: '4', to: '4', scheme: visa, acsUrl: 'ftp://x' }", '0.acsUrl: an http or https address expected'],
    ["ranges:\n - { from: '4x', to: '4', scheme: visa }", 'ranges.0.from: leading digits expected'],
    ["- { from: '45', to: '44', scheme: visa }", '0: from and to must be equally long and in order'],
    ["- { from: '4', to: '4', scheme: visa, acsUri: x }", '0: acsUri is not known'],
    ["- { from: '4', to: '4' }", /^0\.scheme: /],
    ['hello', 'a list of ranges expected, by itself or named ranges'],
  ])('%s is refused by the path of what is wrong', async (text, message) => {
    expect(() => readCardRanges(text)).toThrow(message)
    await expect(running({ cardRanges: fileWith(text) })).rejects.toThrow(/\.yaml is not valid: /)
  })

  test('a file that is not there ends the start in one line', async () => {
    await expect(running({ cardRanges: '/nowhere.yaml' })).rejects.toThrow('/nowhere.yaml cannot be read (ENOENT).')
  })
})
