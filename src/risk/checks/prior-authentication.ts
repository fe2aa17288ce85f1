/**
 * An earlier authentication of the cardholder that the shop refers to. It is what the shop says: nobody has looked it up, so it
 * speaks for the holder only lightly, and less the longer ago it was.
 */
import { z } from 'zod'
import { along, defineCheck, ramp } from '../check.ts'

const minutesPerDay = 1_440

export const priorAuthentication = defineCheck({
  id: 'prior-authentication',
  family: 'cardholder',
  seeds: [],
  paths: ['threeDSRequestorPriorAuthenticationInfo'],
  params: z.strictObject({
    /** threeDSReqPriorAuthMethod to log-odds. */
    method: z.record(z.string().regex(/^\d{2}$/, 'two digits, in quotes'), z.number().min(-3).max(0)),
    days: ramp,
  }),
  words: {
    en: {
      title: 'Earlier authentication',
      about:
        'The shop refers to an authentication of the holder that went before. That is its word and no proof, so it counts little, and nothing once it is old.',
      params: {
        'method.01': 'For one without a challenge',
        'method.02': 'For a passed challenge',
        'method.03': 'For a verified address',
        'method.04': 'For another method of the issuer',
        'method.05': 'For a Secure Payment Confirmation',
        days: 'Age in days: up to the first number it counts in full, from the second on not at all',
      },
    },
    ja: {
      title: '以前の本人認証',
      about:
        '加盟店が示す、以前のカード会員認証を見ます。加盟店の申告であり証明ではないため、わずかしか考慮せず、古いものは考慮しません。',
      params: {
        'method.01': 'フリクションレスのとき',
        'method.02': 'チャレンジに成功したとき',
        'method.03': '住所が確認されたとき',
        'method.04': '発行会社の別の方法のとき',
        'method.05': 'Secure Payment Confirmation のとき',
        days: '経過日数：最初の数まではすべて、2番目の数からは考慮しません',
      },
    },
  },
  reasons: {
    referred: {
      en: 'The shop refers to an earlier authentication of the cardholder (method {method}), {days} days ago.',
      ja: '加盟店は{days}日前のカード会員認証（方法 {method}）を示しています。',
    },
  },
  silent: {
    untold: { en: 'No earlier authentication is referred to.', ja: '以前の認証は示されていません。' },
    worthless: {
      en: 'The earlier authentication is too old, or of a kind that says nothing.',
      ja: '以前の認証は古いか、考慮できない種類のものです。',
    },
  },
  ends: ({ method }) => Object.values(method),
  run: ({ facts: { priorAuth } }, own, say) => {
    if (priorAuth?.method === undefined) return say.nothing('untold')
    const { method, minutesAgo } = priorAuth
    // Without a time it may be of any age.
    const left = minutesAgo === undefined ? 0 : 1 - along(minutesAgo / minutesPerDay, own.days)
    const weight = (own.method[method] ?? 0) * left
    return weight === 0 ? say.nothing('worthless') : say.evidence('referred', weight)
  },
  told: ({ facts: { priorAuth } }) => ({
    method: priorAuth?.method ?? '',
    days: Math.floor((priorAuth?.minutesAgo ?? 0) / minutesPerDay),
  }),
})
