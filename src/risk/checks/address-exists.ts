/** An address that there is not: a postal code of nowhere or of another place, or what an address service says. */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'

type Reason = 'service' | 'shipping' | 'billing' | 'typed'
const parts = new Parts<Reason>()

export const addressExists = defineCheck({
  id: 'address-exists',
  family: 'cardholder',
  seeds: ['NA-4'],
  paths: [
    'shipAddrPostCode',
    'shipAddrState',
    'shipAddrCountry',
    'billAddrPostCode',
    'billAddrState',
    'billAddrCountry',
    'signals.rawAddress',
    'signals.postCode',
    'signals.addressExists',
  ],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    service: share,
    shipping: share,
    billing: share,
    typed: share,
  }),
  words: {
    en: {
      title: 'Address that does not exist',
      about:
        'Holds Japanese postal codes against the prefecture that the AReq tells, and the address as it was typed at the shop against the table of all codes (prefecture, city, town). Houses are known to address services only; what the shop has asked counts.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        service: 'Part when an address service does not know the address (told by the shop)',
        shipping: 'Part for a postal code of delivery that there is not, or in another prefecture',
        billing: 'Part for such a postal code of the billing address',
        typed: 'Part when the address as typed is in another place than its postal code',
      },
    },
    ja: {
      title: '存在しない住所',
      about:
        '日本の郵便番号をAReqの都道府県と、加盟店で入力された住所を郵便番号の一覧（都道府県、市区町村、町域）と照合します。番地までの存在は住所サービスでしか分からないため、加盟店の照会結果を用います。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        service: '住所サービスにない住所のとき（加盟店からの通知）',
        shipping: '届け先の郵便番号が実在しない、または都道府県と合わないとき',
        billing: '請求先の郵便番号が実在しない、または都道府県と合わないとき',
        typed: '入力された住所が郵便番号の場所と異なるとき',
      },
    },
  },
  reasons: {
    service: {
      en: 'An address service does not know the address of delivery, says the shop.',
      ja: '住所サービスに届け先の住所がないと、加盟店が通知しています。',
    },
    shipping: {
      en: 'The postal code of delivery does not exist, or not in that prefecture.',
      ja: '届け先の郵便番号が実在しないか、都道府県と一致しません。',
    },
    billing: {
      en: 'The postal code of the billing address does not exist, or not in that prefecture.',
      ja: '請求先の郵便番号が実在しないか、都道府県と一致しません。',
    },
    typed: {
      en: 'The address as it was typed is in another place than its postal code.',
      ja: '入力された住所が、郵便番号の示す場所と異なります。',
    },
  },
  silent: {
    untold: { en: 'No address that can be looked up was told.', ja: '照合できる住所が示されていません。' },
    ordinary: { en: 'Nothing speaks against the address.', ja: '住所に不審な点はありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts: { shipPostalCode, billPostalCode, signals } }, own, say) => {
    const exists = signals?.addressExists
    const typed = signals?.postalCode
    if (shipPostalCode === undefined && billPostalCode === undefined && exists === undefined && typed === undefined) {
      return say.nothing('untold')
    }
    parts.begin()
    // Of one address one fault is enough, and who has asked knows better: that there is one.
    if (exists !== true) {
      const service = exists === false ? own.service : 0
      const code = typed === 'contradicts' ? own.typed : shipPostalCode === 'contradicts' ? own.shipping : 0
      if (service >= code) parts.add(service, 'service')
      else parts.add(code, typed === 'contradicts' ? 'typed' : 'shipping')
    }
    if (billPostalCode === 'contradicts') parts.add(own.billing, 'billing')
    const { largest } = parts
    if (largest === undefined) return say.nothing('ordinary')
    return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
})
