/** What the shop says of the order itself: when it is delivered and to whom, whether it was ordered before, gift cards in it. */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'

type Reason = 'preOrder' | 'electronic' | 'fast' | 'otherMail' | 'otherName' | 'giftCards'
const parts = new Parts<Reason>()

export const merchantRisk = defineCheck({
  id: 'merchant-risk',
  family: 'merchant',
  seeds: ['BH-5'],
  paths: [
    'merchantRiskIndicator.preOrderPurchaseInd',
    'merchantRiskIndicator.reorderItemsInd',
    'merchantRiskIndicator.deliveryTimeframe',
    'merchantRiskIndicator.deliveryEmailAddress',
    'merchantRiskIndicator.giftCardCount',
    'acctInfo.shipNameIndicator',
  ],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    preOrder: share,
    electronic: share,
    sameDay: share,
    overnight: share,
    otherMail: share,
    otherName: share,
    giftCards: z.strictObject({ count: ramp, share }),
    reordered: z.number().max(0),
  }),
  words: {
    en: {
      title: 'The order as the shop describes it',
      about:
        'Goods that are delivered at once, to another mail box or under another name, and several gift cards speak against; something that was ordered before speaks for the holder. The parts add up.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        preOrder: 'Part for goods that cannot be had yet',
        electronic: 'Part for delivery over the network',
        sameDay: 'Part for delivery on the same day',
        overnight: 'Part for delivery over night',
        otherMail: 'Part for delivery to another mail box than the holder’s',
        otherName: 'Part for a receiver of another name than the account’s',
        'giftCards.count': 'Gift cards in the order: where the part begins, and where it is full',
        'giftCards.share': 'Part for several gift cards',
        reordered: 'For something that was ordered before, where nothing speaks against',
      },
    },
    ja: {
      title: '加盟店が伝える注文の内容',
      about:
        'すぐに届く商品、別のメールボックスや別の名前への配送、複数のギフトカードは疑いを増やします。以前と同じ商品の再注文は疑いを減らします。項目は足し合わされます。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        preOrder: '予約商品のとき',
        electronic: '電子的に届けられるとき',
        sameDay: '当日に届けられるとき',
        overnight: '翌日に届けられるとき',
        otherMail: '会員と別のメールボックスに届けられるとき',
        otherName: '受取人の名前が会員と異なるとき',
        'giftCards.count': 'ギフトカードの枚数：項目が加わり始める数と、すべて加わる数',
        'giftCards.share': 'ギフトカードが複数あるとき',
        reordered: '以前と同じ商品の再注文で、ほかに何もないとき',
      },
    },
  },
  reasons: {
    preOrder: { en: 'The goods were ordered before they can be had.', ja: '予約商品の購入です。' },
    electronic: { en: 'The goods are delivered over the network, at once.', ja: '商品は電子的に即時に届けられます。' },
    fast: { en: 'The goods are delivered on the same day or over night.', ja: '商品は当日または翌日に届けられます。' },
    otherMail: {
      en: 'The goods are delivered to another mail box than the cardholder’s.',
      ja: '商品はカード会員と別のメールアドレスに届けられます。',
    },
    otherName: {
      en: 'The receiver’s name is not that of the account at the shop.',
      ja: '受取人の名前が加盟店の会員と異なります。',
    },
    giftCards: { en: 'There are {n} gift cards in the order.', ja: '注文には{n}枚のギフトカードが含まれています。' },
    reordered: { en: 'The same goods were ordered before.', ja: '以前と同じ商品の再注文です。' },
  },
  silent: {
    untold: { en: 'The shop tells nothing of the order.', ja: '注文の内容について何も示されていません。' },
    ordinary: { en: 'Nothing stands out in the order.', ja: '注文の内容に特記事項はありません。' },
  },
  ends: ({ weight, most, reordered }) => [weight * most, reordered],
  run: ({ facts }, own, say) => {
    const { preOrder, reordered, deliveryTimeframe, deliveryEmail, giftCardCount, shipNameDiffers } = facts
    const isTold =
      preOrder !== undefined ||
      reordered !== undefined ||
      deliveryTimeframe !== undefined ||
      deliveryEmail !== undefined ||
      giftCardCount !== undefined ||
      shipNameDiffers !== undefined
    if (!isTold) return say.nothing('untold')
    parts.begin()
    if (preOrder === true) parts.add(own.preOrder, 'preOrder')
    if (deliveryTimeframe === 1) parts.add(own.electronic, 'electronic')
    if (deliveryTimeframe === 2) parts.add(own.sameDay, 'fast')
    if (deliveryTimeframe === 3) parts.add(own.overnight, 'fast')
    if (deliveryEmail === 'other') parts.add(own.otherMail, 'otherMail')
    if (shipNameDiffers === true) parts.add(own.otherName, 'otherName')
    parts.add(own.giftCards.share * along(giftCardCount, own.giftCards.count), 'giftCards')
    const { largest } = parts
    if (largest !== undefined) return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
    return reordered === true ? say.evidence('reordered', own.reordered) : say.nothing('ordinary')
  },
  told: ({ facts: { giftCardCount = 0 } }, _own, reason) => (reason === 'giftCards' ? { n: giftCardCount } : {}),
})
