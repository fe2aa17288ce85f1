/** Much in a short time with one card: the window that is fullest for its kind speaks. */
import { z } from 'zod'
import { along, defineCheck, ramp, weight } from '../check.ts'
import { at, type Features } from '../features.ts'

type Own = { readonly [W in '10m' | '1h' | '24h' | '7d']: readonly [number, number] }

const strengthOf = (features: Features, own: Own): number =>
  Math.max(
    along(features[at.n_10m_account], own['10m']),
    along(features[at.n_1h_account], own['1h']),
    along(features[at.n_24h_account], own['24h']),
    along(features[at.n_7d_account], own['7d']),
  )

export const accountVelocity = defineCheck({
  id: 'account-velocity',
  family: 'cardholder',
  seeds: ['BH-1'],
  paths: ['acctNumber'],
  params: z.strictObject({ weight, '10m': ramp, '1h': ramp, '24h': ramp, '7d': ramp }),
  words: {
    en: {
      title: 'Card used often',
      about:
        'Counts the purchases of this card in four windows. The window that is fullest for its kind speaks; between its two numbers the weight grows evenly.',
      params: {
        weight: 'Once a window is full',
        '10m': 'Purchases in 10 minutes: where the weight begins, and where it is full',
        '1h': 'Purchases in an hour: begins, full',
        '24h': 'Purchases in 24 hours: begins, full',
        '7d': 'Purchases in seven days: begins, full',
      },
    },
    ja: {
      title: 'カードの利用頻度',
      about: 'このカードの購入を4つの期間で数え、最も混んでいる期間で判断します。2つの数の間では重みが均等に増えます。',
      params: {
        weight: '期間の上限に達したとき',
        '10m': '10分間の購入回数：重みが加わり始める数と、すべて加わる数',
        '1h': '1時間の購入回数：始まり、上限',
        '24h': '24時間の購入回数：始まり、上限',
        '7d': '7日間の購入回数：始まり、上限',
      },
    },
  },
  reasons: {
    busy: {
      en: 'This card was used {n} times in the last {window:window}.',
      ja: 'このカードは直近{window:window}に{n}回使われています。',
    },
  },
  silent: {
    ordinary: { en: 'The card is not used unusually often.', ja: 'カードの利用頻度は通常の範囲です。' },
  },
  ends: (own) => [own.weight],
  run: ({ features }, own, say) => {
    const strength = strengthOf(features, own)
    return strength === 0 ? say.nothing('ordinary') : say.evidence('busy', own.weight * strength)
  },
  told: ({ features }, own) => {
    const strength = strengthOf(features, own)
    const n = (position: number): number => features[position] ?? 0
    if (strength === along(n(at.n_10m_account), own['10m'])) return { n: n(at.n_10m_account), window: '10m' }
    if (strength === along(n(at.n_1h_account), own['1h'])) return { n: n(at.n_1h_account), window: '1h' }
    if (strength === along(n(at.n_24h_account), own['24h'])) return { n: n(at.n_24h_account), window: '24h' }
    return { n: n(at.n_7d_account), window: '7d' }
  },
})
