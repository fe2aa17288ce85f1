/** Shop, addresses, network or browser in another country than the card: parts add up, the largest gives the reason. */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'merchant' | 'merchantKnown' | 'billing' | 'shipping' | 'ip' | 'browser'
const parts = new Parts<Reason>()

export const countryMismatch = defineCheck({
  id: 'country-mismatch',
  family: 'environment',
  seeds: ['DV-2', 'DV-4'],
  paths: [
    'merchantCountryCode',
    'billAddrCountry',
    'shipAddrCountry',
    'browserIP',
    'browserLanguage',
    'browserTZ',
    'appIp',
    'deviceInfo',
  ],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    merchant: share,
    merchantKnown: share,
    billing: share,
    shipping: share,
    ip: share,
    language: share,
    timeZone: share,
  }),
  words: {
    en: {
      title: 'Another country',
      about:
        'Shop, bill, delivery, network address or browser belong to another country than the card. The parts add up; the largest gives the sentence.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        merchant: 'Part for a shop in a country that is new to this card',
        merchantKnown: 'Part for a shop in a country where the card has been used',
        billing: 'Part for the billing address',
        shipping: 'Part for the delivery address',
        ip: 'Part for the network address',
        language: 'Part for the language of the browser',
        timeZone: 'Part for the time zone of the browser',
      },
    },
    ja: {
      title: '国の不一致',
      about:
        '加盟店、請求先、届け先、IPアドレス、ブラウザーがカードの発行国と異なるかを見ます。項目を足し合わせ、最も大きいものが理由になります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        merchant: 'このカードで初めての国の加盟店のとき',
        merchantKnown: 'このカードが使われたことのある国の加盟店のとき',
        billing: '請求先住所の国が異なるとき',
        shipping: '届け先の国が異なるとき',
        ip: 'IPアドレスの国が異なるとき',
        language: 'ブラウザーの言語が異なるとき',
        timeZone: 'ブラウザーのタイムゾーンが異なるとき',
      },
    },
  },
  reasons: {
    merchant: {
      en: 'The country of the shop is {country:country}, where this card has not been used before.',
      ja: '加盟店の国（{country:country}）で、このカードが使われるのは初めてです。',
    },
    merchantKnown: {
      en: 'The country of the shop is {country:country}, where this card has been used before.',
      ja: '加盟店の国（{country:country}）は海外ですが、このカードは以前その国で使われています。',
    },
    billing: {
      en: 'The country of the billing address is {country:country}, not that of the card.',
      ja: '請求先住所の国（{country:country}）が、カードの発行国と異なります。',
    },
    shipping: {
      en: 'The country of delivery is {country:country}, not that of the card.',
      ja: '届け先の国（{country:country}）が、カードの発行国と異なります。',
    },
    ip: {
      en: 'The country of the network address is {country:country}, not that of the card.',
      ja: 'IPアドレスの国（{country:country}）が、カードの発行国と異なります。',
    },
    browser: {
      en: 'Language or time zone of the browser are unlike the country of the card.',
      ja: 'ブラウザーの言語またはタイムゾーンが、カードの発行国と異なります。',
    },
  },
  silent: {
    ordinary: { en: 'Nothing is said of another country.', ja: '国に関する特記事項はありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts, features, issuer }, own, say) => {
    const { country } = issuer
    parts.begin()
    if (isAbroad(facts.merchantCountry, country)) {
      const known = features[at.country_is_first] === 0
      parts.add(known ? own.merchantKnown : own.merchant, known ? 'merchantKnown' : 'merchant')
    }
    if (isAbroad(facts.billCountry, country)) parts.add(own.billing, 'billing')
    if (isAbroad(facts.shipCountry, country)) parts.add(own.shipping, 'shipping')
    if (isAbroad(facts.ipCountry, country)) parts.add(own.ip, 'ip')
    const foreignTongue = facts.language !== undefined && !issuer.languages.includes(facts.language)
    const foreignClock = facts.browserTZ !== undefined && !issuer.browserTZ.includes(facts.browserTZ)
    if (foreignTongue || foreignClock) {
      parts.add((foreignTongue ? own.language : 0) + (foreignClock ? own.timeZone : 0), 'browser')
    }
    const { largest } = parts
    if (largest === undefined) return say.nothing('ordinary')
    return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ facts }, _own, reason) => {
    switch (reason) {
      case 'merchant':
      case 'merchantKnown':
        return { country: facts.merchantCountry ?? '' }
      case 'billing':
        return { country: facts.billCountry ?? '' }
      case 'shipping':
        return { country: facts.shipCountry ?? '' }
      case 'ip':
        return { country: facts.ipCountry ?? '' }
      case 'browser':
        return {}
    }
  },
})

const isAbroad = (country: string | undefined, home: string): boolean => country !== undefined && country !== home
