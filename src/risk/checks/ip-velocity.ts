/** Many cards, or many purchases, from one network address. Carriers and offices share addresses, so this is light. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

export const ipVelocity = defineCheck({
  id: 'ip-velocity',
  family: 'environment',
  seeds: ['BH-1'],
  paths: ['browserIP', 'appIp', 'deviceInfo'],
  params: z.strictObject({ weight, accounts24h: ramp, purchases10m: ramp }),
  words: {
    en: {
      title: 'Network address used often',
      about:
        'Many cards, or many purchases, from one network address. Carriers and offices share addresses, so this is light; private addresses say nothing.',
      params: {
        weight: 'Once one of the counts is full',
        accounts24h: 'Different cards in 24 hours: where the weight begins, and where it is full',
        purchases10m: 'Purchases in 10 minutes: begins, full',
      },
    },
    ja: {
      title: 'IPアドレスの利用頻度',
      about:
        '1つのIPアドレスから使われたカードや購入の多さを見ます。通信会社や職場では共有されるため軽めの重みです。プライベートアドレスは判断に使いません。',
      params: {
        weight: 'どちらかの上限に達したとき',
        accounts24h: '24時間のカード枚数：重みが加わり始める数と、すべて加わる数',
        purchases10m: '10分間の購入回数：始まり、上限',
      },
    },
  },
  reasons: {
    manyAccounts: {
      en: 'From this network address {n} different cards were used within 24 hours.',
      ja: 'このIPアドレスでは24時間以内に{n}枚の異なるカードが使われています。',
    },
    busy: {
      en: 'From this network address came {n} purchases in the last 10 minutes.',
      ja: 'このIPアドレスでは直近10分間に{n}回の購入がありました。',
    },
  },
  silent: {
    untold: { en: 'No public network address was told.', ja: '公開のIPアドレスが示されていません。' },
    ordinary: { en: 'The network address is not busy.', ja: 'IPアドレスの利用頻度は通常の範囲です。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.ip !== 'public') return say.nothing('untold')
    const byAccounts = along(features[at.accounts_24h_ip], own.accounts24h)
    const byPurchases = along(features[at.n_10m_ip], own.purchases10m)
    const strength = Math.max(byAccounts, byPurchases)
    if (strength === 0) return say.nothing('ordinary')
    return say.evidence(byAccounts >= byPurchases ? 'manyAccounts' : 'busy', own.weight * strength)
  },
  told: ({ features }, _own, reason) => ({
    n: features[reason === 'manyAccounts' ? at.accounts_24h_ip : at.n_10m_ip] ?? 0,
  }),
})
