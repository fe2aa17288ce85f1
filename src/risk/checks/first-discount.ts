/**
 * A price for new customers, taken again: new accounts at shops on one device, behind one mail box or to one address. Opening
 * an account is no sin, so it takes several, and the purchase itself has to be one of a newcomer.
 */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'again' | 'device' | 'mailBox' | 'spellings' | 'shipTo' | 'receivers'
const parts = new Parts<Reason>()

export const firstDiscount = defineCheck({
  id: 'first-discount',
  family: 'cardholder',
  seeds: ['BH-7', 'EM-2', 'NA-1'],
  paths: [
    'acctInfo.chAccAgeInd',
    'email',
    'cardholderName',
    'shipAddrLine1',
    'shipAddrPostCode',
    'method.deviceId',
    'signals.firstTimeOffer',
  ],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    again: share,
    device: z.strictObject({ newcomers30d: ramp, share }),
    mailBox: z.strictObject({ newcomers30d: ramp, share }),
    spellings: z.strictObject({ spellings30d: ramp, share }),
    shipTo: z.strictObject({ newcomers30d: ramp, share }),
    receivers: z.strictObject({ names30d: ramp, share }),
    offer: z.number().min(0).max(1),
  }),
  words: {
    en: {
      title: 'First-time discount taken again',
      about:
        'A buyer who is not known as a member, on a device, with a mail box or to an address of which there were newcomers before, the mail box in other spellings, the address under other names. The parts add up.',
      params: {
        weight: 'The weight of all parts together is multiplied by this',
        most: 'The parts count up to this sum',
        again: 'Part for a buyer who is new to the shop with a card that is not',
        'device.newcomers30d':
          'Newcomers on the device, by a counter that halves in 30 days: where the part begins, and where it is full',
        'device.share': 'Part for the device',
        'mailBox.newcomers30d': 'Newcomers behind the mail box: begins, full',
        'mailBox.share': 'Part for the mail box',
        'spellings.spellings30d': 'Spellings of the mail box in 30 days: begins, full',
        'spellings.share': 'Part for the spellings',
        'shipTo.newcomers30d': 'Newcomers to the address: begins, full',
        'shipTo.share': 'Part for the address',
        'receivers.names30d': 'Names at the address in 30 days: begins, full',
        'receivers.share': 'Part for the names',
        offer: 'Share of the weight while no shop says that an offer for new customers was taken',
      },
    },
    ja: {
      title: '初回限定の繰り返し利用',
      about:
        '以前からの会員と分からない購入者について、同じ端末、別表記の同じメールボックス、別名義の同じ届け先から以前にも新規の購入があったかを見ます。項目は足し合わされます。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        again: '会員としては新規だが、カードは以前この加盟店で使われているときの項目',
        'device.newcomers30d': '端末からの新規購入（30日で半減する計数）：項目が加わり始める数と、すべて加わる数',
        'device.share': '端末の項目',
        'mailBox.newcomers30d': 'メールボックスの新規購入：始まり、上限',
        'mailBox.share': 'メールボックスの項目',
        'spellings.spellings30d': '30日間のメールアドレスの表記の数：始まり、上限',
        'spellings.share': '表記の項目',
        'shipTo.newcomers30d': '届け先への新規購入：始まり、上限',
        'shipTo.share': '届け先の項目',
        'receivers.names30d': '30日間の届け先の名義の数：始まり、上限',
        'receivers.share': '名義の項目',
        offer: '初回限定の利用が加盟店から伝えられていないときの割合',
      },
    },
  },
  reasons: {
    again: {
      en: 'The buyer is new to this shop, and yet this card has been used there {n} times before.',
      ja: '購入者はこの加盟店の新規客ですが、このカードは以前この加盟店で{n}回使われています。',
    },
    device: {
      en: 'About {n} newcomers bought on this device within a month.',
      ja: 'この端末では1か月に約{n}回の新規購入がありました。',
    },
    mailBox: {
      en: 'About {n} newcomers bought with this mail box, in any spelling, within a month.',
      ja: 'このメールボックス（別表記を含む）では1か月に約{n}回の新規購入がありました。',
    },
    spellings: {
      en: 'This mail box was written in {n} ways within 30 days.',
      ja: 'このメールボックスは30日間に{n}通りの表記で使われています。',
    },
    shipTo: {
      en: 'About {n} newcomers had goods sent to this address within a month.',
      ja: 'この届け先には1か月に約{n}回の新規購入がありました。',
    },
    receivers: {
      en: 'Goods went to this address under {n} names within 30 days.',
      ja: 'この届け先には30日間に{n}通りの名義で送られています。',
    },
  },
  silent: {
    member: { en: 'The buyer has had an account for some time.', ja: '購入者は以前からの会員です。' },
    ordinary: { en: 'There were few newcomers before this one.', ja: '以前の新規購入は多くありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts, features }, own, say) => {
    const takesOffer = facts.signals?.firstTimeOffer === true
    // Who is no newcomer as far as is told may be one all the same: spellings and names tell.
    if (facts.isNewcomer === false && !takesOffer) return say.nothing('member')
    const { device, mailBox, spellings, shipTo, receivers } = own
    parts.begin()
    // A guest may come again; an account is opened once, and an offer for newcomers taken once.
    const comesAnew = takesOffer || facts.shopAccountAge === openedNow
    if (comesAnew && features[at.merchant_is_first] === 0) parts.add(own.again, 'again')
    if (facts.isNewcomer !== undefined || takesOffer) {
      parts.add(device.share * along(features[at.newcomers_30d_device], device.newcomers30d), 'device')
      parts.add(mailBox.share * along(features[at.newcomers_30d_email], mailBox.newcomers30d), 'mailBox')
      parts.add(shipTo.share * along(features[at.newcomers_30d_shipTo], shipTo.newcomers30d), 'shipTo')
    }
    parts.add(spellings.share * along(features[at.others_30d_email], spellings.spellings30d), 'spellings')
    parts.add(receivers.share * along(features[at.others_30d_shipTo], receivers.names30d), 'receivers')
    const { largest } = parts
    if (largest === undefined) return say.nothing('ordinary')
    return say.evidence(largest, own.weight * Math.min(parts.sum, own.most) * (takesOffer ? 1 : own.offer))
  },
  told: ({ features }, _own, reason) => ({ n: Math.round(features[positions[reason]] ?? 0) }),
})

/** chAccAgeInd: created during this transaction. */
const openedNow = 2

const positions: Readonly<Record<Reason, number>> = {
  again: at.merchant_seen_n,
  device: at.newcomers_30d_device,
  mailBox: at.newcomers_30d_email,
  spellings: at.others_30d_email,
  shipTo: at.newcomers_30d_shipTo,
  receivers: at.others_30d_shipTo,
}
