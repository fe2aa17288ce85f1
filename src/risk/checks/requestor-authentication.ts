/**
 * How the buyer logged in at the shop. What is bound to a device (FIDO) or comes from the issuer says more than a password; a guest
 * did not log in at all. It is the shop's word, and whoever took the account over has logged in as well.
 */
import { z } from 'zod'
import { along, defineCheck, ramp } from '../check.ts'

export const requestorAuthentication = defineCheck({
  id: 'requestor-authentication',
  family: 'cardholder',
  seeds: [],
  paths: ['threeDSRequestorAuthenticationInfo'],
  params: z.strictObject({
    /** threeDSReqAuthMethod to log-odds. */
    method: z.record(z.string().regex(/^\d{2}$/, 'two digits, in quotes'), z.number().min(-3).max(3)),
    minutes: ramp,
  }),
  words: {
    en: {
      title: 'Log-in at the shop',
      about:
        'How the buyer logged in at the shop, and how long ago. A log-in that is bound to a device says more than a password; a guest did not log in. It is the shop’s word.',
      params: {
        'method.01': 'For a guest',
        'method.02': 'For an account of the shop',
        'method.03': 'For an account elsewhere (federated)',
        'method.04': 'For credentials of the issuer',
        'method.05': 'For a third party’s authentication',
        'method.06': 'For FIDO',
        'method.07': 'For FIDO with signed data',
        'method.08': 'For SRC assurance data',
        'method.09': 'For Secure Payment Confirmation',
        'method.10': 'For an electronic identity',
        minutes:
          'Age of a log-in that speaks for the holder: up to the first number it counts in full, from the second on not at all',
      },
    },
    ja: {
      title: '加盟店でのログイン',
      about:
        '購入者が加盟店にどうログインしたか、いつログインしたかを見ます。端末に結び付いた方法はパスワードより多くを語り、ゲストはログインしていません。加盟店の申告です。',
      params: {
        'method.01': 'ゲストのとき',
        'method.02': '加盟店の会員IDのとき',
        'method.03': '他社IDとの連携のとき',
        'method.04': '発行会社の認証情報のとき',
        'method.05': '第三者による認証のとき',
        'method.06': 'FIDO のとき',
        'method.07': '署名付きデータのある FIDO のとき',
        'method.08': 'SRC の保証データのとき',
        'method.09': 'Secure Payment Confirmation のとき',
        'method.10': '電子的な身分証明のとき',
        minutes: '疑いを減らすログインの経過分数：最初の数まではすべて、2番目の数からは考慮しません',
      },
    },
  },
  reasons: {
    guest: { en: 'The buyer did not log in at the shop.', ja: '購入者は加盟店にログインしていません。' },
    loggedIn: {
      en: 'The buyer logged in at the shop (method {method}).',
      ja: '購入者は加盟店にログインしています（方法 {method}）。',
    },
  },
  silent: {
    untold: { en: 'Nothing is said about a log-in.', ja: 'ログインについて何も示されていません。' },
    worthless: {
      en: 'The log-in was too long ago, or of a kind that says nothing.',
      ja: 'ログインは時間が経っているか、考慮できない種類のものです。',
    },
  },
  ends: ({ method }) => Object.values(method),
  run: ({ facts: { requestorAuth } }, own, say) => {
    if (requestorAuth?.method === undefined) return say.nothing('untold')
    const { method, minutesAgo } = requestorAuth
    const full = own.method[method] ?? 0
    // A log-in without a time was made for this purchase, as far as is said.
    const weight = full > 0 ? full : full * (1 - along(minutesAgo, own.minutes))
    if (weight === 0) return say.nothing('worthless')
    return say.evidence(method === '01' ? 'guest' : 'loggedIn', weight)
  },
  told: ({ facts: { requestorAuth } }) => ({ method: requestorAuth?.method ?? '' }),
})
