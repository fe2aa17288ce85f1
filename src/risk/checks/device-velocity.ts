/** Many cards, or many purchases, on one device. Without an id in the device many phones look alike, so it says less. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const deviceVelocity = defineCheck({
  id: 'device-velocity',
  family: 'environment',
  seeds: ['BH-1', 'DV-1'],
  paths: [
    'browserUserAgent',
    'browserScreenWidth',
    'browserScreenHeight',
    'browserTZ',
    'browserLanguage',
    'sdkAppID',
    'method.deviceId',
  ],
  params: z.strictObject({ weight, accounts24h: ramp, purchases10m: ramp, withoutId: z.number().min(0).max(1) }),
  words: {
    en: {
      title: 'Device used often',
      about:
        'Many cards, or many purchases, on one device. Without an id in the device many phones look alike, so then it says less.',
      params: {
        weight: 'Once one of the counts is full',
        accounts24h: 'Different cards in 24 hours: where the weight begins, and where it is full',
        purchases10m: 'Purchases in 10 minutes: begins, full',
        withoutId: 'Share of the weight for a device known by its looks only',
      },
    },
    ja: {
      title: '端末の利用頻度',
      about:
        '1台の端末で使われたカードや購入の多さを見ます。端末IDがないと似た端末を見分けにくいため、その分弱くなります。',
      params: {
        weight: 'どちらかの上限に達したとき',
        accounts24h: '24時間のカード枚数：重みが加わり始める数と、すべて加わる数',
        purchases10m: '10分間の購入回数：始まり、上限',
        withoutId: '特徴だけで見分ける端末のときの重みに対する割合',
      },
    },
  },
  reasons: {
    manyAccounts: {
      en: 'This device used {n} different cards within 24 hours.',
      ja: 'この端末では24時間以内に{n}枚の異なるカードが使われています。',
    },
    busy: {
      en: 'This device made {n} purchases in the last 10 minutes.',
      ja: 'この端末では直近10分間に{n}回の購入がありました。',
    },
  },
  silent: {
    untold: { en: 'There is no device information.', ja: '端末の情報がありません。' },
    ordinary: { en: 'The device is not busy.', ja: '端末の利用頻度は通常の範囲です。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.device === undefined) return say.nothing('untold')
    const byAccounts = along(features[at.accounts_24h_device], own.accounts24h)
    const byPurchases = along(features[at.n_10m_device], own.purchases10m)
    const strength = Math.max(byAccounts, byPurchases) * (facts.device === 'id' ? 1 : own.withoutId)
    if (strength === 0) return say.nothing('ordinary')
    return say.evidence(byAccounts >= byPurchases ? 'manyAccounts' : 'busy', own.weight * strength)
  },
  told: ({ features }, _own, reason) => ({
    n: features[reason === 'manyAccounts' ? at.accounts_24h_device : at.n_10m_device] ?? 0,
  }),
})
