/**
 * How much the shop tells. Some elements that could have been sent and were not, or that cannot be true (a mail address to which
 * nothing can be delivered, a telephone number that does not exist), are a sign; what the version does not have never is.
 */
import { z } from 'zod'
import { defineCheck, Parts, share, weight } from '../check.ts'
import { presenceAt, readPaths } from '../presence.ts'

type Reason = 'absent' | 'impossible'
const parts = new Parts<Reason>()

export const dataQuality = defineCheck({
  id: 'data-quality',
  family: 'merchant',
  seeds: ['EM-1', 'PH-1'],
  paths: readPaths,
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    absent: z.partialRecord(z.enum(readPaths), share),
    phone: share,
    impossible: share,
    complete: z.number().max(0),
  }),
  words: {
    en: {
      title: 'Quality of the data',
      about:
        'Counts what a shop could have told and did not, and what cannot be true. What the version, channel or category of the request does not have is no gap. The parts add up; a complete request speaks a little for the holder.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        'absent.email': 'Part for no mail address',
        'absent.billAddrCountry': 'Part for no country of the billing address',
        'absent.billAddrLine1': 'Part for no billing address',
        'absent.billAddrPostCode': 'Part for no postal code of the billing address',
        'absent.browserIP': 'Part for no network address',
        'absent.browserScreenHeight': 'Part for no height of the screen',
        'absent.browserScreenWidth': 'Part for no width of the screen',
        'absent.cardholderName': 'Part for no name of the holder',
        'absent.threeDSRequestorAuthenticationInfo': 'Part for nothing about a log-in',
        phone: 'Part for no telephone number of any kind',
        impossible: 'Part for each of mail address and telephone number that cannot exist',
        complete: 'For a request in which nothing of this is absent or impossible',
      },
    },
    ja: {
      title: 'データの品質',
      about:
        '加盟店が送れたはずなのに送らなかった項目と、あり得ない値を数えます。バージョン、チャネル、カテゴリーにない項目は不足とみなしません。項目は足し合わされ、すべてそろっていれば疑いが少し減ります。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        'absent.email': 'メールアドレスがないとき',
        'absent.billAddrCountry': '請求先の国がないとき',
        'absent.billAddrLine1': '請求先住所がないとき',
        'absent.billAddrPostCode': '請求先の郵便番号がないとき',
        'absent.browserIP': 'IPアドレスがないとき',
        'absent.browserScreenHeight': '画面の高さがないとき',
        'absent.browserScreenWidth': '画面の幅がないとき',
        'absent.cardholderName': 'カード会員名がないとき',
        'absent.threeDSRequestorAuthenticationInfo': 'ログインの情報がないとき',
        phone: '電話番号がひとつもないとき',
        impossible: '存在し得ないメールアドレスまたは電話番号ひとつにつき',
        complete: '不足もあり得ない値もないとき',
      },
    },
  },
  reasons: {
    absent: {
      en: 'The shop could have told more: {n} elements that were to be expected are not there.',
      ja: '加盟店が送れたはずの項目が{n}件ありません。',
    },
    impossible: {
      en: 'The mail address or the telephone number cannot exist.',
      ja: 'メールアドレスまたは電話番号が存在し得ないものです。',
    },
    complete: { en: 'The shop tells everything that is to be expected.', ja: '期待される項目がすべてそろっています。' },
  },
  silent: {
    // Records of earlier releases do not hold what was absent.
    unknown: { en: 'What was absent is not known.', ja: '不足している項目は分かりません。' },
  },
  ends: ({ weight, most, complete }) => [weight * most, complete],
  run: ({ facts: { presence, mail, phone } }, own, say) => {
    if (presence === undefined) return say.nothing('unknown')
    parts.begin()
    let missing = 0
    for (const path in own.absent) {
      if (presenceAt(presence, path) === 'absent') missing += own.absent[path as keyof typeof own.absent] ?? 0
    }
    if (hasNoPhone(presence)) missing += own.phone
    parts.add(missing, 'absent')
    parts.add(
      (mail?.isDeliverable === false ? own.impossible : 0) + (phone?.kind === 'impossible' ? own.impossible : 0),
      'impossible',
    )
    const { largest } = parts
    return largest === undefined
      ? say.evidence('complete', own.complete)
      : say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ facts: { presence } }, own) => {
    const absent = Object.keys(own.absent).filter((path) => presenceAt(presence, path) === 'absent')
    return { n: absent.length + (hasNoPhone(presence) ? 1 : 0) }
  },
})

/** All three could have been sent, and none was. */
const hasNoPhone = (presence: string): boolean =>
  presenceAt(presence, 'mobilePhone') === 'absent' &&
  presenceAt(presence, 'homePhone') === 'absent' &&
  presenceAt(presence, 'workPhone') === 'absent'
