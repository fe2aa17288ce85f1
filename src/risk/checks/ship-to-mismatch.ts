/** Goods that go elsewhere than to the holder: parts add up, the largest gives the reason. */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'differs' | 'notToAnAddress' | 'new' | 'forwarding' | 'manyAccounts'
const parts = new Parts<Reason>()

export const shipToMismatch = defineCheck({
  id: 'ship-to-mismatch',
  family: 'cardholder',
  seeds: ['NA-6', 'NA-7'],
  paths: [
    'addrMatch',
    'merchantRiskIndicator.shipIndicator',
    'shipAddrLine1',
    'shipAddrLine2',
    'shipAddrLine3',
    'shipAddrCity',
    'shipAddrPostCode',
  ],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    shipIndicator: z.record(z.string().regex(/^0[1-7]$/), share),
    addressesDiffer: share,
    newAddress: share,
    forwarding: share,
    manyAccounts: z.strictObject({ from: z.int().positive(), share }),
    trusted: weight,
  }),
  words: {
    en: {
      title: 'Delivery elsewhere',
      about:
        'Looks at where the goods go: an address unlike that of the bill, a new one, one of a forwarding company, one that many cards use. The parts add up. An address on which a challenge was passed speaks for the holder.',
      params: {
        weight: 'The weight of all parts together is multiplied by this',
        most: 'The parts count up to this sum',
        'shipIndicator.02': 'Part for another address that the shop has verified (02)',
        'shipIndicator.03': 'Part for an address other than that of the bill (03)',
        'shipIndicator.04': 'Part for goods that are picked up (04)',
        'shipIndicator.05': 'Part for digital goods (05)',
        'shipIndicator.06': 'Part for tickets (06)',
        'shipIndicator.07': 'Part for other goods (07)',
        addressesDiffer: 'Part when the AReq says that the addresses differ',
        newAddress: 'Part for an address that is new to this card',
        forwarding: 'Part for an address that looks like a forwarding company; 0 where place-of-delivery weighs it',
        'manyAccounts.from': 'Different cards in seven days from which an address is shared by many',
        'manyAccounts.share': 'Part for such an address',
        trusted: 'For an address to which a delivery was confirmed by a challenge',
      },
    },
    ja: {
      title: '届け先の不一致',
      about:
        '商品の届け先を見ます。請求先と異なる、初めて使う、転送サービスらしい、多くのカードが使っている、などの項目を足し合わせます。以前に本人認証に成功した届け先なら疑いが減ります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        'shipIndicator.02': '加盟店が確認済みの別の住所（02）のとき',
        'shipIndicator.03': '請求先と異なる住所（03）のとき',
        'shipIndicator.04': '店頭受取（04）のとき',
        'shipIndicator.05': 'デジタル商品（05）のとき',
        'shipIndicator.06': 'チケット（06）のとき',
        'shipIndicator.07': 'その他（07）のとき',
        addressesDiffer: 'AReqが住所の不一致を示すとき',
        newAddress: 'このカードで初めての届け先のとき',
        forwarding: '転送サービスの住所と見られるとき（place-of-delivery で見る場合は 0）',
        'manyAccounts.from': '多数が使う届け先とみなす、7日間のカード枚数',
        'manyAccounts.share': 'そのような届け先のとき',
        trusted: '以前に本人認証に成功した届け先のとき',
      },
    },
  },
  reasons: {
    trusted: {
      en: 'A challenge was passed for a delivery to this address before.',
      ja: 'この届け先への購入では、以前に本人認証に成功しています。',
    },
    differs: {
      en: 'The goods go elsewhere than to the billing address.',
      ja: '届け先が請求先住所と異なります。',
    },
    notToAnAddress: {
      en: 'The goods are not sent to an address of the cardholder (digital, tickets or pick-up).',
      ja: '商品はカード会員の住所に届けられません（デジタル商品、チケット、店頭受取など）。',
    },
    new: {
      en: 'This card has not had anything sent to this address before.',
      ja: 'このカードでこの届け先に送るのは初めてです。',
    },
    forwarding: {
      en: 'The delivery address looks like that of a forwarding company.',
      ja: '届け先は転送サービスの住所と見られます。',
    },
    manyAccounts: {
      en: 'Within seven days {n} different cards had goods sent to this address.',
      ja: '7日以内に{n}枚の異なるカードがこの届け先を使っています。',
    },
  },
  silent: {
    untold: { en: 'Nothing is said about delivery.', ja: '届け先について何も示されていません。' },
    ordinary: { en: 'The goods go where they should.', ja: '届け先に特記事項はありません。' },
  },
  ends: ({ weight, most, trusted }) => [weight * most, trusted],
  run: ({ facts, features }, own, say) => {
    const { shipIndicator, addrMatch, marks } = facts
    if (shipIndicator === undefined && addrMatch === undefined && marks.shipTo === undefined) {
      return say.nothing('untold')
    }
    const toAnAddress = shipIndicator === undefined || shipIndicator <= '03'
    if (features[at.ship_to_is_trusted] === 1 && toAnAddress) return say.evidence('trusted', own.trusted)
    parts.begin()
    if (shipIndicator !== undefined) {
      parts.add(own.shipIndicator[shipIndicator] ?? 0, toAnAddress ? 'differs' : 'notToAnAddress')
    }
    if (addrMatch === 'N') parts.add(own.addressesDiffer, 'differs')
    if (features[at.ship_to_is_first] === 1 && (features[at.ship_tos_known] ?? 0) > 0) parts.add(own.newAddress, 'new')
    if (facts.shipForwarding === true) parts.add(own.forwarding, 'forwarding')
    if ((features[at.accounts_7d_shipTo] ?? 0) >= own.manyAccounts.from) {
      parts.add(own.manyAccounts.share, 'manyAccounts')
    }
    const { largest } = parts
    if (largest === undefined) return say.nothing('ordinary')
    return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ features }, _own, reason) => (reason === 'manyAccounts' ? { n: features[at.accounts_7d_shipTo] ?? 0 } : {}),
})
