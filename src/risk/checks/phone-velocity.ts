/** Many purchases behind one telephone number. People give their own number to every shop, so it takes many. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const phoneVelocity = defineCheck({
  id: 'phone-velocity',
  family: 'cardholder',
  seeds: ['BH-1'],
  paths: ['mobilePhone', 'homePhone', 'workPhone'],
  params: z.strictObject({ weight, purchases1h: ramp, purchases24h: ramp }),
  words: {
    en: {
      title: 'Telephone number used often',
      about: 'Many purchases that name one telephone number in a short time, whatever the cards.',
      params: {
        weight: 'Once one of the counts is full',
        purchases1h: 'Purchases in an hour: where the weight begins, and where it is full',
        purchases24h: 'Purchases in 24 hours: begins, full',
      },
    },
    ja: {
      title: '電話番号の利用頻度',
      about: 'カードを問わず、短時間に同じ電話番号で行われた購入の多さを見ます。',
      params: {
        weight: 'どちらかの上限に達したとき',
        purchases1h: '1時間の購入回数：重みが加わり始める数と、すべて加わる数',
        purchases24h: '24時間の購入回数：始まり、上限',
      },
    },
  },
  reasons: {
    busyHour: {
      en: 'This telephone number was named in {n} purchases in the last hour.',
      ja: 'この電話番号は直近1時間に{n}回の購入で使われています。',
    },
    busyDay: {
      en: 'This telephone number was named in {n} purchases in the last 24 hours.',
      ja: 'この電話番号は直近24時間に{n}回の購入で使われています。',
    },
  },
  silent: {
    untold: { en: 'No telephone number was told.', ja: '電話番号が示されていません。' },
    ordinary: { en: 'The telephone number is not busy.', ja: '電話番号の利用頻度は通常の範囲です。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.keys.phone === undefined) return say.nothing('untold')
    const hour = along(features[at.n_1h_phone], own.purchases1h)
    const day = along(features[at.n_24h_phone], own.purchases24h)
    const strength = Math.max(hour, day)
    if (strength === 0) return say.nothing('ordinary')
    return say.evidence(hour >= day ? 'busyHour' : 'busyDay', own.weight * strength)
  },
  told: ({ features }, _own, reason) => ({
    n: features[reason === 'busyHour' ? at.n_1h_phone : at.n_24h_phone] ?? 0,
  }),
})
