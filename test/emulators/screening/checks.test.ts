import { describe, expect, test } from 'vitest'
import { type OrderToScreen, orderRequest } from '../../../src/emulators/screening/api.ts'
import { findingsOf, type History, noHistory } from '../../../src/emulators/screening/checks.ts'
import { assessmentOf, judge } from '../../../src/emulators/screening/judge.ts'
import { keyOfText, keysOf } from '../../../src/emulators/screening/keys.ts'
import { reasons } from '../../../src/emulators/screening/reasons.ts'
import { assessmentSchema } from '../../../src/risk/assessment.ts'
import { noTables } from '../../../src/risk/tables.ts'
import { badOrder, doubtfulOrder, goodOrder, secret } from './support.ts'

const tables = {
  ...noTables,
  isThrowAway: (domain: string) => domain === 'mailinator.com',
  networks: {
    find: (ip: string) => (ip.startsWith('198.51.100.') ? ({ kind: 'hosting', country: '840' } as const) : undefined),
  },
}

const read = (order: OrderToScreen) => orderRequest.parse(order)
const codesOf = (order: OrderToScreen, history: History = noHistory): readonly string[] =>
  findingsOf(read(order), history, tables).map(({ code }) => code)
const judged = (order: OrderToScreen, history: History = noHistory) =>
  judge(read(order), findingsOf(read(order), history, tables))

const base = goodOrder()
const quiet = { lastHour: 0, lastDay: 0, otherPeople: 0, otherAccounts: 0, wasGood: false, firstOffers: 0 }

describe('the checks find', () => {
  const cases: readonly [code: string, change: Partial<OrderToScreen>, of?: History['of']][] = [
    ['mail.throw-away', { buyer: { ...base.buyer, email: 'x@mailinator.com' } }],
    ['mail.look-alike', { buyer: { ...base.buyer, email: 'taro@gmail-support.com' } }],
    ['mail.undeliverable', { buyer: { ...base.buyer, email: 'no mail' } }],
    ['mail.slip', { buyer: { ...base.buyer, email: 'taro@gmail.con' } }],
    [
      'mail.alias-again',
      { buyer: { ...base.buyer, email: 'taro+2@gmail.com' } },
      { email: { ...quiet, otherAccounts: 1 } },
    ],
    ['name.kana-contradicts', { buyer: { ...base.buyer, kana: 'スズキ イチロウ' } }],
    ['name.kanji-contradicts', { buyer: { ...base.buyer, kanji: '鈴木 花子' } }],
    ['name.agrees', {}],
    ['address.forwarding', { delivery: { line1: '国際転送センター 1-2-3', postCode: '530-0001', country: '392' } }],
    ['address.post-box', { delivery: { line1: 'P.O. Box 12', postCode: '530-0001', country: '392' } }],
    ['address.weekly-mansion', { delivery: { line1: 'ウィークリーマンション西新宿 1-2-3', country: '392' } }],
    ['address.incomplete', { delivery: { line1: 'Yumoto', city: 'Hakone', postCode: '250-0311', country: '392' } }],
    [
      'address.post-code-contradicts',
      { delivery: { line1: '1-2-3 Yumoto', state: '27', postCode: '250-0311', country: '392' } },
    ],
    ['address.many-names', {}, { shipTo: { ...quiet, otherPeople: 3 } }],
    ['address.same-again', {}, { shipTo: { ...quiet, wasGood: true } }],
    ['phone.impossible', { buyer: { ...base.buyer, phone: { cc: '81', subscriber: '123' } } }],
    ['phone.ip', { buyer: { ...base.buyer, phone: { cc: '81', subscriber: '5012345678' } } }],
    ['phone.shared', {}, { phone: { ...quiet, otherPeople: 1 } }],
    ['device.many-people', {}, { device: { ...quiet, otherPeople: 3 } }],
    ['device.clock-abroad', { device: { ...base.device, timeZone: 300 } }],
    ['device.known', {}, { device: { ...quiet, wasGood: true } }],
    ['network.hosting', { device: { ...base.device, ip: '198.51.100.9' } }],
    ['network.abroad', { device: { ...base.device, ip: '198.51.100.9' } }],
    ['velocity.mail', {}, { email: { ...quiet, lastHour: 3 } }],
    ['velocity.device', {}, { device: { ...quiet, lastHour: 4 } }],
    ['velocity.address', {}, { shipTo: { ...quiet, lastDay: 5 } }],
    ['velocity.network', {}, { ip: { ...quiet, lastHour: 6 } }],
    ['offer.first-time-again', { firstTimeOffer: true }, { phone: { ...quiet, firstOffers: 1 } }],
    [
      'basket.gift-cards',
      { items: [{ productId: 'gift', name: 'Gift card', quantity: 1, amount: '5000', isGiftCard: true }] },
    ],
    ['basket.expensive', { amount: { minor: '80000', currency: '392', exponent: 0 } }],
    ['account.password-changed', { buyer: { ...base.buyer, accountId: 'a', passwordChangedToday: true } }],
    ['account.old', { buyer: { ...base.buyer, accountId: 'a', accountAgeDays: 400, earlierPurchases: 9 } }],
  ]
  test.each(cases.map(([code, change, of = {}]) => [code, change, of] as const))(
    '%s, and not in the order of every day',
    (code, change, of) => {
      expect(codesOf(goodOrder(change), { of, listed: [] })).toContain(code)
      if (code !== 'name.agrees') expect(codesOf(goodOrder())).not.toContain(code)
    },
  )

  test('every reason has words in both languages', () => {
    for (const { words } of Object.values(reasons)) {
      expect(words.en).toMatch(/^[A-Z]/)
      expect(words.ja).toMatch(/\p{Script=Han}|\p{Script=Katakana}/u)
    }
  })
})

describe('the verdict', () => {
  test('is OK where nothing is found, NG where much is, REVIEW in between', () => {
    expect(judged(goodOrder())).toMatchObject({ verdict: 'OK' })
    expect(judged(badOrder())).toMatchObject({ verdict: 'NG' })
    expect(judged(doubtfulOrder())).toMatchObject({ verdict: 'REVIEW' })
  })

  test('is NG for what is on the negative list, however good the rest is', () => {
    const listed: History = { of: {}, listed: [{ kind: 'email', reason: 'fraud', merchants: 2 }] }
    expect(judged(goodOrder(), listed)).toMatchObject({ verdict: 'NG' })
  })

  test('is HOLD where hardly anything is known', () => {
    const order = goodOrder({ buyer: { name: 'A B', email: 'a@example.com' }, device: {} })
    expect(judged({ ...order, delivery: undefined })).toMatchObject({ verdict: 'HOLD' })
  })

  test('is REVIEW for a first-time price again', () => {
    const again: History = { of: { phone: { ...quiet, firstOffers: 1 } }, listed: [] }
    expect(judged(goodOrder({ firstTimeOffer: true }), again)).toMatchObject({ verdict: 'REVIEW' })
  })

  test.each([goodOrder(), badOrder(), doubtfulOrder()])('is an assessment as the issuer reads it', (order) => {
    const assessment = assessmentOf(judged(order), read(order), noHistory, Date.now())
    expect(assessmentSchema.parse(assessment)).toEqual(assessment)
    expect(assessment.about).toMatchObject({ threeDSServerTransID: order.threeDSServerTransID })
  })
})

describe('名寄せ', () => {
  const keyOf = (change: Partial<OrderToScreen>) => keysOf(read(goodOrder(change)), secret)
  const at = (line1: string, city?: string) => ({
    delivery: { line1, ...(city !== undefined && { city }), postCode: '160-0023', country: '392' },
  })

  test('one address has one key, in any spelling', () => {
    const keys = [
      at('東京都新宿区西新宿１丁目２−３ サンプルハイツ４０５号室'),
      at('西新宿一丁目二番三号 サンプルハイツ405', '新宿区'),
      at('1-2-3-405 Nishi-Shinjuku', 'Shinjuku-ku'),
    ].map((change) => keyOf(change).shipTo)
    expect(new Set(keys).size).toBe(1)
    expect(keyOf(at('1-2-4-405 Nishi-Shinjuku', 'Shinjuku-ku')).shipTo).not.toBe(keys[0])
  })

  test('one mail box and one number have one key each', () => {
    const of = (email: string, subscriber: string) =>
      keyOf({ buyer: { ...base.buyer, email, phone: { cc: '81', subscriber } } })
    expect(of('taro.yamada+x@gmail.com', '9012345678')).toEqual(of('taroyamada@gmail.com', '09012345678'))
  })

  test('what is typed on the page of lists has the key that an order has', () => {
    const keys = keyOf(at('東京都新宿区西新宿1-2-3-405'))
    expect(keyOfText('shipTo', '〒160-0023 新宿区西新宿１丁目２番３号 405号室', secret)).toBe(keys.shipTo)
    expect(keyOfText('phone', '090-1234-0311', secret)).toBe(keys.phone)
    expect(keyOfText('email', 'Hanako@example.com', secret)).toBe(keys.email)
    expect(keyOfText('email', 'no mail', secret)).toBeUndefined()
  })

  test('keys cannot be read back and differ from secret to secret', () => {
    const keys = keyOf({})
    expect(JSON.stringify(keys)).not.toMatch(/hanako|9012340311|Yumoto/i)
    expect(keysOf(read(base), 'another').email).not.toBe(keys.email)
  })
})
