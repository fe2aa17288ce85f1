import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { providers, relays, watched } from '../../../src/risk/data/mail-domains.ts'
import { mailOf, oneSlip } from '../../../src/risk/text/mail.ts'
import { looksMadeByMachine } from '../../../src/risk/text/random.ts'
import { tables } from './tables.ts'

const of = (address: string) => {
  const mail = mailOf(address, tables)
  if (mail === undefined) throw new Error(`no mail address: ${address}`)
  return mail
}

describe('one box per person', () => {
  test.each([
    ['Taro.Yamada+shop@Gmail.com', 'taroyamada@gmail.com'],
    ['t.a.r.o.yamada@googlemail.com', 'taroyamada@gmail.com'],
    ['ｔａｒｏｙａｍａｄａ@ｇｍａｉｌ.com', 'taroyamada@gmail.com'],
    ['taro-amazing@yahoo.co.jp', 'taro@yahoo.co.jp'],
    ['taro.yamada+x@example.com', 'taro.yamada@example.com'],
    ['taro@me.com', 'taro@icloud.com'],
  ])('%s is another spelling of %s', (address, box) => {
    expect(of(address)).toMatchObject({ box, isAlias: true })
  })

  test('dots and hyphens mean something elsewhere', () => {
    expect(of('taro.yamada@example.com')).toMatchObject({ box: 'taro.yamada@example.com', isAlias: false })
    expect(of('taro-yamada@example.com')).toMatchObject({ box: 'taro-yamada@example.com', isAlias: false })
  })

  test('a box is its own box', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const box = mailOf(address, tables)?.box ?? ''
        expect(mailOf(box, tables)?.box).toBe(box)
      }),
    )
  })
})

describe('kinds of domains', () => {
  test.each(relays)('the relay %s is not throw-away', (domain) => {
    expect(of(`abc123xyz@${domain}`)).toMatchObject({ kind: 'relay', looksRandom: false })
  })
  test.each(['mailinator.com', 'guerrillamail.com', 'yopmail.com', 'sute.jp', 'box.mailinator.com'])(
    '%s is throw-away',
    (domain) => {
      expect(of(`taro@${domain}`).kind).toBe('throwAway')
    },
  )
  test.each(providers)('%s is a provider, no slip, and can be delivered to', (domain) => {
    expect(of(`taro@${domain}`)).toMatchObject({
      kind: 'provider',
      isDeliverable: true,
      slipOf: undefined,
      lookAlike: undefined,
    })
  })
  test('what somebody registered is told apart from the public suffix', () => {
    expect(of('taro@mail.shop.co.jp').registrable).toBe('shop.co.jp')
    expect(of('taro@a.b.co.uk').registrable).toBe('b.co.uk')
  })
})

describe('delivery', () => {
  test.each([
    ['taro@nowhere.invalid', 'suffix'],
    ['taro@shop.nosuchtld', 'suffix'],
    ['taro@localhost', 'syntax'],
    ['ta ro@shop.co.jp', 'syntax'],
    ['taro@shop..jp', 'syntax'],
    ['taro@mail.goo.ne.jp', 'ended'],
  ] as const)('nothing arrives at %s: %s', (address, fault) => {
    expect(of(address)).toMatchObject({ isDeliverable: false, fault })
  })
  test('holders of tests and demonstrations have boxes', () => {
    for (const domain of ['example.com', 'mail.example.com', 'holder.test', 'example.jp']) {
      expect(of(`taro@${domain}`).isDeliverable).toBe(true)
    }
  })
  test.each(['', 'taro', '@example.com', 'taro@'])('"%s" is no address', (address) => {
    expect(mailOf(address, tables)).toBeUndefined()
  })
})

describe('slips and look-alikes', () => {
  test.each([
    ['gmeil.com', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['yahoo.co.jo', 'yahoo.co.jp'],
    ['docomo.co.jp', 'docomo.ne.jp'],
    ['icoud.com', 'icloud.com'],
  ])('%s was meant as %s', (domain, slipOf) => {
    expect(of(`taro@${domain}`)).toMatchObject({ slipOf, lookAlike: undefined })
  })
  test.each([
    ['gmai1.com', 'gmail.com'],
    ['yah00.co.jp', 'yahoo.co.jp'],
    ['msn-outlook.com.account-check.net', 'outlook.com'],
    ['hotrnail.com', 'hotmail.com'],
    ['yahoo.co.jp.mail-check.net', 'yahoo.co.jp'],
    ['gmail-support.com', 'gmail.com'],
    ['outlооk.com', 'outlook.com'], // two letters are Cyrillic
  ])('%s is made to be taken for %s', (domain, lookAlike) => {
    expect(of(`taro@${domain}`)).toMatchObject({ lookAlike, slipOf: undefined })
  })
  test.each([
    'mail.com',
    'email.com',
    'rakuten.co.jp',
    'shop.co.jp',
    'hotmailing.jp',
    'nifty.jp',
    'kyoto-u.ac.jp',
    'yahoo.co.uk',
  ])('%s is itself', (domain) => {
    expect(of(`taro@${domain}`)).toMatchObject({ slipOf: undefined, lookAlike: undefined })
  })
  test('of every watched domain any one slip is noticed, unless it is a provider of its own', () => {
    fc.assert(
      fc.property(fc.constantFrom(...watched), fc.nat(), fc.constantFrom(...'bcdfghjkpqtxyz'), (domain, n, letter) => {
        const at = n % domain.indexOf('.')
        const slipped = domain.slice(0, at) + letter + domain.slice(at + 1)
        fc.pre(slipped !== domain && of(`a@${slipped}`).kind === 'other')
        const { slipOf, lookAlike, domain: said } = of(`a@${slipped}`)
        expect(slipOf ?? lookAlike ?? (['yahoo.com'].includes(said) ? domain : undefined)).toBeDefined()
      }),
    )
  })
  test('one slip is one letter more, fewer, other, or two exchanged', () => {
    expect(['gmal', 'gmaill', 'gmeil', 'gmial'].every((word) => oneSlip(word, 'gmail'))).toBe(true)
    expect(['gmail', 'gml', 'gmailxx', 'liamg'].some((word) => oneSlip(word, 'gmail'))).toBe(false)
  })
})

describe('words that a machine drew', () => {
  const ordinary =
    'taro.yamada85 hanako_suzuki yuki.1990 tanaka-ichiro ken1.sato k.nakamura0412 jennifer.smith christopher schwartz.hans wojciech.szczepanski nguyen.van.anh m.kobayashi.1123 sakura.hana.88 shinji_watanabe2 naoko.3150 info.sales.tokyo support-desk ryu.hayabusa99 tsuyoshi.kitagawa mr.children.love.2001 rock.n.roll.1975 abc.def.12.34 kazuhiro_t_1971 mikan.no.ki yamamoto.family5'
  test.each(ordinary.split(' '))('%s is a person', (word) => {
    expect(looksMadeByMachine(word)).toBe(false)
  })
  test('most of what is drawn is noticed', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789']
    const drawn = fc.sample(fc.string({ unit: fc.constantFrom(...letters), minLength: 14, maxLength: 14 }), {
      numRuns: 500,
      seed: 7,
    })
    expect(drawn.filter(looksMadeByMachine).length).toBeGreaterThan(400)
  })
})
