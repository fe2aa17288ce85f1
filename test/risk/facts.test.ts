import { describe, expect, test } from 'vitest'
import type { AReq } from '../../src/protocol/messages/types.ts'
import { type AReqFacts, shipToValue } from '../../src/risk/facts.ts'
import { mailOf } from '../../src/risk/text/mail.ts'
import { defaultPolicy, noon, purchase, World } from './support.ts'

const world = new World()
const facts = (changes: Partial<AReqFacts>) => world.factsOf({ ...purchase, ...changes }, noon)

test('a parsed AReq is what the risk engine reads', () => {
  const read = (areq: AReq): AReqFacts => areq
  expect(read).toBeTypeOf('function')
})

describe('a mail address', () => {
  test.each([
    ['Hanako@Cardholder.Example', 'hanako@cardholder.example'],
    ['hanako+shop@cardholder.example', 'hanako@cardholder.example'],
    ['h.a.nako+x@gmail.com', 'hanako@gmail.com'],
    ['h.anako@googlemail.com', 'hanako@gmail.com'],
    ['h.anako@cardholder.example', 'h.anako@cardholder.example'],
    ['ｈａｎａｋｏ@cardholder.example', 'hanako@cardholder.example'],
    ['+x@cardholder.example', '+x@cardholder.example'],
    ['nobody', undefined],
    ['@cardholder.example', undefined],
  ])('%s is the box %s', (address, box) => {
    expect(mailOf(address)?.box).toBe(box)
  })

  test('tells whether it was another spelling of its box, and is absent when it was not sent', () => {
    expect(facts({ email: 'A@b.example' })).toMatchObject({ emailAlias: false, emailDomain: 'b.example' })
    expect(facts({ email: 'a+1@b.example' })).toMatchObject({ emailAlias: true, emailDomain: 'b.example' })
    expect(facts({ email: undefined })).toMatchObject({ emailAlias: undefined, emailDomain: undefined })
    expect(facts({ email: undefined }).keys.email).toBeUndefined()
  })
})

describe('an amount', () => {
  test.each([
    ['1480', '392', '0', 1480],
    ['1999', '840', '2', 2999], // 19.99 at the made-up rate of 150, rounded
    ['1000000', '410', '0', 110_000],
    ['1999', '840', undefined, 2999], // the exponent of ISO 4217
    ['1999', '999', '2', undefined],
    ['1999', undefined, '2', undefined],
    ['1999', 'constructor', '2', undefined],
    ['', '392', '0', undefined],
    ['9'.repeat(48), '392', '0', Number.MAX_SAFE_INTEGER - 1],
  ])(
    'of %s in currency %s with exponent %s is %d in yen',
    (purchaseAmount, purchaseCurrency, purchaseExponent, yen) => {
      expect(facts({ purchaseAmount, purchaseCurrency, purchaseExponent }).amount).toBe(yen)
    },
  )

  test('is that of the currency where an exponent is told that is none, and none where it is no amount', () => {
    const amountOf = (purchaseAmount: string, purchaseExponent: string) =>
      facts({ purchaseAmount, purchaseExponent, purchaseCurrency: '392' }).amount
    expect(amountOf('1480', '9'.repeat(400))).toBe(1_480)
    expect(amountOf('1480', '')).toBe(1_480)
    expect(amountOf('-1480', '0')).toBeUndefined()
    expect(amountOf('9'.repeat(400), '0')).toBeUndefined()
    expect(amountOf('9'.repeat(48), '0')).toBe(Number.MAX_SAFE_INTEGER - 1)
  })

  test('of gift cards is told in major units', () => {
    const risk = { giftCardAmount: '100', giftCardCount: '02', giftCardCurr: '840' }
    expect(facts({ merchantRiskIndicator: risk })).toMatchObject({ giftCardAmount: 15_000, giftCardCount: 2 })
    expect(facts({ merchantRiskIndicator: {} })).toMatchObject({ giftCardAmount: undefined, giftCardCount: undefined })
  })
})

describe('a network address', () => {
  test.each([
    ['127.0.0.1', 'private', undefined],
    ['::ffff:127.0.0.1', 'private', undefined],
    ['::1', 'private', undefined],
    ['0:0:0:0:0:0:0:1', 'private', undefined],
    ['10.1.2.3', 'private', undefined],
    ['172.16.0.1', 'private', undefined],
    ['172.32.0.1', 'public', undefined],
    ['fe80::1', 'private', undefined],
    ['fd00::1', 'private', undefined],
    ['2001:db8::1', 'public', undefined],
    ['192.0.2.200', 'public', '392'],
    ['203.0.113.7', 'public', '826'],
  ])('%s is %s, country %s', (browserIP, ip, country) => {
    expect(facts({ browserIP })).toMatchObject({ ip, ipCountry: country })
  })

  test('of IPv6 is the network of one household, in any spelling', () => {
    const key = (browserIP: string) => facts({ browserIP }).keys.ip
    expect(key('2001:db8:1:2:aaaa::1')).toBe(key('2001:0DB8:0001:0002:bbbb:0:0:9'))
    expect(key('2001:db8:1:2::1')).not.toBe(key('2001:db8:1:3::1'))
    expect(key('2001:db8::1')).toBe(key('2001:db8:0:0:1::'))
    for (const spelling of ['::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:c000:0201'])
      expect(key(spelling)).toBe(key('192.0.2.1'))
    expect(key('::ffff:c000:202')).not.toBe(key('::ffff:c000:201'))
    expect(facts({ browserIP: '::ffff:a00:1' }).ip).toBe('private')
  })
})

describe('a delivery address', () => {
  test('has one key in any spelling', () => {
    const spellings = [
      { shipAddrPostCode: '250-0311', shipAddrCity: 'Hakone', shipAddrLine1: '1-1 Yumoto' },
      { shipAddrPostCode: '２５０－０３１１', shipAddrCity: 'ＨＡＫＯＮＥ', shipAddrLine1: '1－1  yumoto' },
      { shipAddrPostCode: '2500311', shipAddrCity: 'hakone', shipAddrLine1: '1-1, Yumoto' },
    ]
    expect(new Set(spellings.map((one) => shipToValue(one))).size).toBe(1)
    expect(shipToValue({ shipAddrCountry: '392' })).toBeUndefined()
  })

  test('is none where only a town is told, in which thousands live', () => {
    expect(shipToValue({ shipAddrCountry: '392', shipAddrPostCode: '160-0023' })).toBeUndefined()
    expect(shipToValue({ shipAddrCountry: '840', shipAddrCity: 'New York', shipAddrPostCode: '10001' })).toBeUndefined()
  })
})

describe('a device', () => {
  const of = (areq: AReqFacts, method?: Parameters<World['factsOf']>[2]) => world.factsOf(areq, noon, method)

  test('is known by the id left in it, else by the parameters of the 3DS Method, else by the elements of the AReq', () => {
    const looks = {
      canvasHash: 'abc',
      screenWidth: 1440,
      screenHeight: 900,
      platform: 'Linux',
      colorDepth: 24,
      languages: 'ja',
      hardwareConcurrency: 8,
    }
    expect(of(purchase, { ...looks, deviceId: 'x' })).toMatchObject({ device: 'id' })
    expect(of(purchase, { ...looks, deviceId: 'x' }).keys.device).toBe(of(purchase, { deviceId: 'x' }).keys.device)
    expect(of(purchase, looks)).toMatchObject({ device: 'method' })
    expect(of(purchase, { ...looks, clock: 5 }).keys.device).toBe(of(purchase, looks).keys.device)
    expect(of(purchase, { clock: 5 })).toMatchObject({ device: 'browser' })
    expect(of(purchase, {})).toMatchObject({ device: 'browser' })
    expect(of(purchase)).toMatchObject({ device: 'browser' })
    const { browserUserAgent: _ua, ...none } = purchase
    expect(of(none)).toMatchObject({ device: undefined })
    expect(of(none).keys.device).toBeUndefined()
  })

  test.each(['browserUserAgent', 'browserScreenWidth', 'browserTZ', 'browserLanguage', 'browserColorDepth'] as const)(
    'of the AReq is another with another %s',
    (element) => {
      expect(facts({ [element]: '8' }).keys.device).not.toBe(facts({}).keys.device)
    },
  )
})

test('facts hold no card number, name, mail box or address in clear', () => {
  const hashed = world.factsOf(purchase, noon)
  const { keys: _keys, ...rest } = hashed
  const text = JSON.stringify(rest)
  for (const secret of [purchase.acctNumber, 'hanako', 'Yumoto', 'yumoto', purchase.browserIP])
    expect(text).not.toContain(secret)
  expect(hashed.keys.range).toBe('411111')
})

test('the local hour is that of the zone of the issuer, also before 1970', () => {
  expect(facts({}).localHour).toBe(12)
  expect(world.factsOf(purchase, noon + 90 * 60_000).localHour).toBe(13.5)
  expect(world.factsOf(purchase, -3_600_000).localHour).toBe(8)
  expect(defaultPolicy.issuer.zone.offsetMinutes).toBe(540)
})
