/** One mail box under many spellings: what one does who wants to look like several. One alias is a good habit, and no sin. */
import { z } from 'zod'
import { along, defineCheck, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

export const mailAlias = defineCheck({
  id: 'mail-alias',
  family: 'cardholder',
  seeds: ['EM-2'],
  paths: ['email'],
  params: z.strictObject({
    weight,
    spellings30d: ramp,
    newcomers: z.strictObject({ decay30d: ramp, share }),
  }),
  words: {
    en: {
      title: 'One mail box, many spellings',
      about:
        'Mail addresses are folded to their box (+tags, dots of Gmail, capitals, full width). Counts the spellings of one box that were seen; when they came with new accounts at the shop, it counts more.',
      params: {
        weight: 'Once the spellings are full',
        spellings30d: 'Different spellings in 30 days: where the weight begins, and where it is full',
        'newcomers.decay30d': 'Guests and new shop accounts with the box (decayed, 30 days): begins, full',
        'newcomers.share': 'Share of the weight for those, with at least two spellings',
      },
    },
    ja: {
      title: '同じメールボックスの別表記',
      about:
        'メールアドレスを同じメールボックスにまとめ（+タグ、Gmailのドット、大文字、全角）、使われた表記の数を数えます。新しい会員登録と共に使われていれば、より重く見ます。',
      params: {
        weight: '表記の数が上限に達したとき',
        spellings30d: '30日間の異なる表記の数：重みが加わり始める数と、すべて加わる数',
        'newcomers.decay30d': 'そのメールボックスでのゲスト・新規会員の数（30日で減衰）：始まり、上限',
        'newcomers.share': '2つ以上の表記と新規会員が重なるときの重みに対する割合',
      },
    },
  },
  reasons: {
    manySpellings: {
      en: 'This mail box was given in {n} spellings within 30 days.',
      ja: 'このメールボックスは30日以内に{n}通りの表記で使われています。',
    },
    newcomers: {
      en: 'About {n} guests or new shop accounts share this mail box, in different spellings.',
      ja: '表記を変えた同じメールボックスで、約{n}件のゲスト購入または新規会員登録が行われています。',
    },
  },
  silent: {
    untold: { en: 'No mail address was told.', ja: 'メールアドレスが示されていません。' },
    ordinary: { en: 'The mail box is known in few spellings.', ja: 'メールボックスの表記はわずかです。' },
  },
  ends: ({ weight, newcomers }) => [weight, weight * newcomers.share],
  run: ({ facts, features }, own, say) => {
    if (facts.emailAlias === undefined) return say.nothing('untold')
    const spellings = features[at.others_30d_email] ?? 0
    const bySpelling = along(spellings, own.spellings30d)
    const newcomers = own.newcomers.share * along(features[at.newcomers_30d_email], own.newcomers.decay30d)
    const byNewcomers = spellings >= 2 ? newcomers : 0
    const strength = Math.max(bySpelling, byNewcomers)
    if (strength === 0) return say.nothing('ordinary')
    return say.evidence(bySpelling >= byNewcomers ? 'manySpellings' : 'newcomers', own.weight * strength)
  },
  told: ({ features }, _own, reason) => ({
    n: Math.round(features[reason === 'manySpellings' ? at.others_30d_email : at.newcomers_30d_email] ?? 0),
  }),
})
