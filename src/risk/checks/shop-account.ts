/**
 * What the shop says of the buyer's account there. An account that was opened for this purchase says little by itself; a settled
 * one whose password or details have just been changed, on a device that is new to the card, looks as if it had been taken over.
 */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'suspected' | 'newcomer' | 'young' | 'taken' | 'changed' | 'newCard' | 'attempts' | 'busy'
const parts = new Parts<Reason>()

/** chAccAgeInd: 01 guest, 02 made now, 03 under 30 days, 04 up to 60, 05 older. */
const settledFrom = 4
/** chAccChangeInd: 01 now, 02 under 30 days. chAccPwChangeInd: 02 now, 03 under 30 days. paymentAccInd: 02 now, 03 under 30 days. */
const recently = (value: number | undefined, now: number, shares: { now: number; lately: number }): number =>
  value === now ? shares.now : value === now + 1 ? shares.lately : 0

const dated = z.strictObject({ now: share, lately: share })

export const shopAccount = defineCheck({
  id: 'shop-account',
  family: 'cardholder',
  seeds: ['BH-8'],
  paths: [
    'acctInfo.chAccAgeInd',
    'acctInfo.chAccChangeInd',
    'acctInfo.chAccPwChangeInd',
    'acctInfo.nbPurchaseAccount',
    'acctInfo.paymentAccInd',
    'acctInfo.provisionAttemptsDay',
    'acctInfo.suspiciousAccActivity',
    'acctInfo.txnActivityDay',
  ],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    suspected: share,
    newcomer: share,
    young: share,
    changed: dated,
    password: dated,
    taken: share,
    newCard: dated,
    attempts: z.strictObject({ perDay: ramp, share }),
    busy: z.strictObject({ perDay: ramp, share }),
    settled: z.strictObject({ purchases: z.int().positive(), weight: z.number().max(0) }),
  }),
  words: {
    en: {
      title: 'Account at the shop',
      about:
        'What the shop tells of the buyer’s account: its age, what was changed lately, cards that were tried, and whether the shop itself suspects it. A settled account with a fresh password on a new device looks taken over. The parts add up.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        suspected: 'Part where the shop has seen suspicious activity',
        newcomer: 'Part for a guest, or an account made for this purchase',
        young: 'Part for an account younger than 30 days',
        'changed.now': 'Part for details that were changed with this purchase',
        'changed.lately': 'Part for details that were changed within 30 days',
        'password.now': 'Part for a password that was changed with this purchase',
        'password.lately': 'Part for a password that was changed within 30 days',
        taken: 'On top of it, for a settled account with such a change on a device that is new to the card',
        'newCard.now': 'Part for a card that was added with this purchase to an account that was there before',
        'newCard.lately': 'Part for a card that was added within 30 days',
        'attempts.perDay': 'Cards that were tried on the account in a day: where the part begins, and where it is full',
        'attempts.share': 'Part for such attempts',
        'busy.perDay': 'Transactions of the account in a day: begins, full',
        'busy.share': 'Part for such a day',
        'settled.purchases': 'Purchases in six months from which an old account is settled',
        'settled.weight': 'For a settled account of which nothing else is said',
      },
    },
    ja: {
      title: '加盟店の会員アカウント',
      about:
        '加盟店が伝える会員アカウントの情報（開設時期、最近の変更、試されたカード、加盟店自身の疑い）を見ます。長く使われた会員のパスワードが新しい端末で変更された直後の購入は、乗っ取りの疑いがあります。項目は足し合わされます。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        suspected: '加盟店が不審な動きを認めたとき',
        newcomer: 'ゲスト、または今回作成された会員のとき',
        young: '開設から30日未満の会員のとき',
        'changed.now': '会員情報が今回変更されたとき',
        'changed.lately': '会員情報が30日以内に変更されたとき',
        'password.now': 'パスワードが今回変更されたとき',
        'password.lately': 'パスワードが30日以内に変更されたとき',
        taken: 'さらに、長く使われた会員でその変更があり、端末がこのカードで初めてのとき',
        'newCard.now': '以前からの会員に今回カードが追加されたとき',
        'newCard.lately': 'カードが30日以内に追加されたとき',
        'attempts.perDay': '1日に試されたカードの枚数：項目が加わり始める数と、すべて加わる数',
        'attempts.share': 'カードが何枚も試されたとき',
        'busy.perDay': '会員の1日の取引回数：始まり、上限',
        'busy.share': '取引が多い日のとき',
        'settled.purchases': '長く使われた会員とみなす6か月間の購入回数',
        'settled.weight': '長く使われた会員で、ほかに何もないとき',
      },
    },
  },
  reasons: {
    suspected: {
      en: 'The shop has seen suspicious activity on the buyer’s account.',
      ja: '加盟店が購入者の会員アカウントで不審な動きを認めています。',
    },
    newcomer: {
      en: 'The buyer is a guest of the shop, or opened an account for this purchase.',
      ja: '購入者は加盟店のゲスト、または今回会員になった人です。',
    },
    young: {
      en: 'The account at the shop is younger than 30 days.',
      ja: '加盟店の会員になってから30日未満です。',
    },
    taken: {
      en: 'An old account at the shop was changed just before, on a device that is new to this card.',
      ja: '以前からの会員アカウントが、このカードで初めての端末で、直前に変更されています。',
    },
    changed: {
      en: 'Password or details of the account at the shop were changed lately.',
      ja: '加盟店の会員のパスワードまたは会員情報が最近変更されています。',
    },
    newCard: {
      en: 'The card was added to the account at the shop lately.',
      ja: 'このカードは最近、加盟店の会員アカウントに追加されました。',
    },
    attempts: {
      en: 'On the account at the shop {n} cards were tried within a day.',
      ja: '加盟店の会員アカウントで1日に{n}枚のカードの追加が試されています。',
    },
    busy: {
      en: 'The account at the shop made {n} transactions within a day.',
      ja: '加盟店の会員アカウントで1日に{n}回の取引がありました。',
    },
    settled: {
      en: 'The account at the shop is old and in regular use ({n} purchases in six months).',
      ja: '加盟店の会員は以前からのもので、定期的に使われています（6か月間に{n}回）。',
    },
  },
  silent: {
    untold: { en: 'The shop tells nothing of an account.', ja: '加盟店の会員について何も示されていません。' },
    ordinary: { en: 'Nothing stands out in the account at the shop.', ja: '加盟店の会員に特記事項はありません。' },
  },
  ends: ({ weight, most, settled }) => [weight * most, settled.weight],
  run: ({ facts, features }, own, say) => {
    const { shopAccountAge: age, shopAccountChange, shopPasswordChange, paymentAccountAge, shopSuspects } = facts
    const { provisionAttempts, shopPurchases, shopPurchasesToday } = facts
    const isTold =
      age !== undefined ||
      shopAccountChange !== undefined ||
      shopPasswordChange !== undefined ||
      paymentAccountAge !== undefined ||
      provisionAttempts !== undefined ||
      shopPurchases !== undefined ||
      shopPurchasesToday !== undefined ||
      shopSuspects !== undefined
    if (!isTold) return say.nothing('untold')
    parts.begin()
    if (shopSuspects === true) parts.add(own.suspected, 'suspected')
    if (age === 1 || age === 2) parts.add(own.newcomer, 'newcomer')
    if (age === 3) parts.add(own.young, 'young')
    // What is made now is changed now: of a newcomer that says nothing more.
    if (age === undefined || age >= 3) {
      const change = recently(shopAccountChange, 1, own.changed) + recently(shopPasswordChange, 2, own.password)
      if (change > 0) parts.add(change, 'changed')
      if (change > 0 && age !== undefined && age >= settledFrom && features[at.device_is_first] === 1)
        parts.add(own.taken, 'taken')
      parts.add(recently(paymentAccountAge, 2, own.newCard), 'newCard')
    }
    parts.add(own.attempts.share * along(provisionAttempts, own.attempts.perDay), 'attempts')
    parts.add(own.busy.share * along(shopPurchasesToday, own.busy.perDay), 'busy')
    const { largest } = parts
    if (largest !== undefined) return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
    const isSettled = age === 5 && (shopPurchases ?? 0) >= own.settled.purchases
    return isSettled ? say.evidence('settled', own.settled.weight) : say.nothing('ordinary')
  },
  told: ({ facts: { provisionAttempts = 0, shopPurchases = 0, shopPurchasesToday = 0 } }, _own, reason) => {
    if (reason === 'attempts') return { n: provisionAttempts }
    if (reason === 'busy') return { n: shopPurchasesToday }
    return reason === 'settled' ? { n: shopPurchases } : {}
  },
})
