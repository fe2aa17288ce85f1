/** Night is 00:00 to 04:59 in the issuer's zone. Who often buys at night may. Read from the clock, not from the AReq. */
import { z } from 'zod'
import { along, defineCheck, weight } from '../check.ts'
import { at } from '../features.ts'

export const night = defineCheck({
  id: 'night',
  family: 'behaviour',
  seeds: ['BH-2'],
  paths: [],
  params: z.strictObject({
    weight,
    usualFrom: z.number().positive().max(1),
    noHabit: z.number().min(0).max(1),
  }),
  words: {
    en: {
      title: 'Purchase at night',
      about:
        'From 00:00 to 04:59 in the issuer’s time zone, read from the clock of the ACS. Who often buys at night may do so.',
      params: {
        weight: 'For a night purchase of a holder who never buys at night',
        usualFrom: 'Share of the holder’s purchases at night from which it is usual',
        noHabit: 'Share of the weight while the holder’s hours are not known',
      },
    },
    ja: {
      title: '深夜の購入',
      about:
        '発行会社の時間帯で0時から4時59分までの購入を、ACSの時計で判断します。普段から夜に購入する会員は疑われません。',
      params: {
        weight: '夜に購入しない会員が夜に購入したとき',
        usualFrom: '夜の購入を普段どおりとみなす割合',
        noHabit: '利用時間帯がまだ分からないときの重みに対する割合',
      },
    },
  },
  reasons: {
    unlikeHabit: {
      en: 'It is {time} at night in {zone}, when this cardholder does not usually buy.',
      ja: '{zone}の{time}（深夜）で、このカード会員が普段購入しない時間帯です。',
    },
    noHabit: {
      en: 'It is {time} at night in {zone}, and the hours of this cardholder are not known yet.',
      ja: '{zone}の{time}（深夜）で、このカード会員の利用時間帯はまだ分かっていません。',
    },
  },
  silent: {
    absent: { en: 'The cardholder is not there.', ja: 'カード会員が操作していない取引です。' },
    day: { en: 'It is not night.', ja: '深夜ではありません。' },
    usual: { en: 'The cardholder often buys at night.', ja: 'このカード会員は普段から深夜に購入しています。' },
  },
  ends: ({ weight }) => [weight],
  run: ({ facts, features }, own, say) => {
    if (facts.localHour === undefined) return say.nothing('absent')
    if (features[at.is_night] !== 1) return say.nothing('day')
    const share = features[at.night_share] ?? Number.NaN
    if (Number.isNaN(share)) return say.evidence('noHabit', own.weight * own.noHabit)
    const strength = 1 - along(share, [0, own.usualFrom])
    return strength === 0 ? say.nothing('usual') : say.evidence('unlikeHabit', own.weight * strength)
  },
  told: ({ facts: { localHour = 0 }, issuer }) => {
    const minutes = Math.floor(localHour * 60 + 0.5)
    return { time: `0${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`, zone: issuer.zone.name }
  },
})
