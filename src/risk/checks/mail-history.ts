/** The mail box that this card has always used speaks for the holder; one behind which there was fraud speaks against. */
import { z } from 'zod'
import { along, defineCheck, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

export const mailHistory = defineCheck({
  id: 'mail-history',
  family: 'cardholder',
  seeds: ['EM-5'],
  paths: ['email'],
  params: z.strictObject({
    weight,
    frauds: ramp,
    known: z.strictObject({ weight, days: z.number().positive(), trusted: weight }),
    unlike: share,
  }),
  words: {
    en: {
      title: 'Mail box of this card',
      about:
        'Whether the mail box was used with this card before, with a passed challenge or for long, and whether there was confirmed fraud behind it. Boxes are compared in any spelling, by keyed hash.',
      params: {
        weight: 'Once the confirmed frauds are full',
        frauds: 'Confirmed frauds with the mail box: where the weight begins, and where it is full',
        'known.weight': 'For a mail box that was first used with this card so long ago',
        'known.days': 'Days since then',
        'known.trusted': 'For a mail box with which a challenge was passed',
        unlike: 'Share of the weight for a mail box other than those of this card',
      },
    },
    ja: {
      title: 'このカードのメールボックス',
      about:
        'このカードで以前から使われているか、本人認証に成功したことがあるか、不正が確認されたメールボックスかを見ます。表記の違いをまとめ、鍵付きハッシュで照合します。',
      params: {
        weight: '不正の件数が上限に達したとき',
        frauds: 'このメールボックスで確認された不正の件数：重みが加わり始める数と、すべて加わる数',
        'known.weight': '以前からこのカードで使われているとき',
        'known.days': '「以前から」とみなす日数',
        'known.trusted': '本人認証に成功したことのあるメールボックスのとき',
        unlike: 'このカードのこれまでと違うメールボックスのときの重みに対する割合',
      },
    },
  },
  reasons: {
    fraud: {
      en: 'Behind this mail box fraud was confirmed {n} times.',
      ja: 'このメールボックスでは{n}件の不正が確認されています。',
    },
    trusted: {
      en: 'A challenge was passed with this mail box before.',
      ja: 'このメールボックスでの購入で、以前に本人認証に成功しています。',
    },
    known: {
      en: 'This card has used this mail box for {n} days.',
      ja: 'このカードでは{n}日前からこのメールボックスが使われています。',
    },
    unlike: {
      en: 'This card has used other mail boxes before, not this one.',
      ja: 'このカードでこれまで使われたメールボックスとは異なります。',
    },
  },
  silent: {
    untold: { en: 'No mail address was told.', ja: 'メールアドレスが示されていません。' },
    noHistory: {
      en: 'No mail box of this card is known yet.',
      ja: 'このカードのメールボックスはまだ知られていません。',
    },
    young: { en: 'The mail box has not been known for long.', ja: 'このメールボックスが使われ始めて間もないです。' },
  },
  ends: ({ weight, known, unlike }) => [weight, known.weight, known.trusted, weight * unlike],
  run: ({ facts, features }, own, say) => {
    if (facts.mail === undefined) return say.nothing('untold')
    const strength = along(features[at.frauds_email], own.frauds)
    const isFirst = features[at.email_is_first] === 1
    const isUnlike = isFirst && (features[at.emails_known] ?? 0) > 0
    if (strength > 0 && !(isUnlike && own.unlike > strength)) return say.evidence('fraud', own.weight * strength)
    if (isUnlike) return say.evidence('unlike', own.weight * own.unlike)
    if (isFirst) return say.nothing('noHistory')
    if (features[at.email_is_trusted] === 1) return say.evidence('trusted', own.known.trusted)
    const days = features[at.email_known_days] ?? 0
    return days >= own.known.days ? say.evidence('known', own.known.weight) : say.nothing('young')
  },
  told: ({ features }, _own, reason) => {
    if (reason === 'fraud') return { n: features[at.frauds_email] ?? 0 }
    return reason === 'known' ? { n: Math.floor(features[at.email_known_days] ?? 0) } : {}
  },
})
