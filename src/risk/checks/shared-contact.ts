/** One address of delivery with many names, one telephone with many mail boxes: the same receiver under several spellings (名寄せ). */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'names' | 'boxes' | 'cards' | 'newcomers'
const parts = new Parts<Reason>()

export const sharedContact = defineCheck({
  id: 'shared-contact',
  family: 'cardholder',
  seeds: ['NA-1', 'NA-7', 'PH-3'],
  paths: ['shipAddrLine1', 'shipAddrPostCode', 'cardholderName', 'mobilePhone', 'email', 'signals.rawAddress'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    names30d: ramp,
    boxes30d: z.strictObject({ ramp, share }),
    cards7d: z.strictObject({ ramp, share }),
    newcomers30d: z.strictObject({ ramp, share }),
  }),
  words: {
    en: {
      title: 'Address or telephone shared by many',
      about:
        'Addresses and names are folded to one key for all their spellings. Counts the names at one address of delivery, the mail boxes and cards behind one telephone, and new shop accounts that have things sent to one address. Families and offices share both.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        names30d: 'Names at one address in 30 days: where the part of 1 begins, and where it is full',
        'boxes30d.ramp': 'Mail boxes with one telephone in 30 days: begins, full',
        'boxes30d.share': 'Part for such a telephone',
        'cards7d.ramp': 'Cards with one telephone in seven days: begins, full',
        'cards7d.share': 'Part for such a telephone',
        'newcomers30d.ramp': 'Guests and new shop accounts with one address (decayed, 30 days): begins, full',
        'newcomers30d.share': 'Part for such an address',
      },
    },
    ja: {
      title: '住所・電話番号の共有',
      about:
        '住所と氏名の表記の違いをまとめ（名寄せ）、同じ届け先の氏名の数、同じ電話番号のメールボックスとカードの数、同じ届け先の新規会員の数を数えます。家族や職場での共有はあります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        names30d: '30日間に同じ届け先で使われた氏名の数：項目1が加わり始める数と、すべて加わる数',
        'boxes30d.ramp': '30日間に同じ電話番号で使われたメールボックスの数：始まり、上限',
        'boxes30d.share': 'そのような電話番号のとき',
        'cards7d.ramp': '7日間に同じ電話番号で使われたカード枚数：始まり、上限',
        'cards7d.share': 'そのような電話番号のとき',
        'newcomers30d.ramp': '同じ届け先のゲスト・新規会員の数（30日で減衰）：始まり、上限',
        'newcomers30d.share': 'そのような届け先のとき',
      },
    },
  },
  reasons: {
    names: {
      en: 'Within 30 days {n} different names had goods sent to this address.',
      ja: '30日以内に{n}人の異なる氏名がこの届け先を使っています。',
    },
    boxes: {
      en: 'Within 30 days this telephone number was given with {n} different mail boxes.',
      ja: '30日以内にこの電話番号は{n}個の異なるメールボックスと共に使われています。',
    },
    cards: {
      en: 'Within seven days this telephone number was given with {n} different cards.',
      ja: '7日以内にこの電話番号は{n}枚の異なるカードで使われています。',
    },
    newcomers: {
      en: 'About {n} guests or new shop accounts had goods sent to this address.',
      ja: '約{n}件のゲスト購入または新規会員がこの届け先を使っています。',
    },
  },
  silent: {
    untold: { en: 'Neither address nor telephone was told.', ja: '届け先も電話番号も示されていません。' },
    ordinary: { en: 'Few share the address or the telephone.', ja: '届け先・電話番号の共有は通常の範囲です。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.shipTo === undefined && facts.keys.phone === undefined) return say.nothing('untold')
    parts.begin()
    parts.add(along(features[at.others_30d_shipTo], own.names30d), 'names')
    parts.add(own.boxes30d.share * along(features[at.others_30d_phone], own.boxes30d.ramp), 'boxes')
    parts.add(own.cards7d.share * along(features[at.accounts_7d_phone], own.cards7d.ramp), 'cards')
    const newcomers = along(features[at.newcomers_30d_shipTo], own.newcomers30d.ramp)
    parts.add(own.newcomers30d.share * newcomers, 'newcomers')
    const { largest } = parts
    if (largest === undefined) return say.nothing('ordinary')
    return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ features }, _own, reason) => ({ n: Math.round(features[places[reason]] ?? 0) }),
})

const places = {
  names: at.others_30d_shipTo,
  boxes: at.others_30d_phone,
  cards: at.accounts_7d_phone,
  newcomers: at.newcomers_30d_shipTo,
} as const
