/**
 * What the shop wishes for. A wish is weak evidence: who asks for a challenge has a doubt; who always asks for none may be a shop
 * that must not be believed. What the wish demands is the decision's business, not that of the score.
 */
import { z } from 'zod'
import { defineCheck } from '../check.ts'

/** Those that ask for a challenge, whatever a policy makes of them. */
const asking: ReadonlySet<string> = new Set(['03', '04', '09', '12', '13', '14'])

export const challengeWish = defineCheck({
  id: 'challenge-wish',
  family: 'merchant',
  seeds: [],
  paths: ['threeDSRequestorChallengeInd'],
  params: z.strictObject({
    /** threeDSRequestorChallengeInd to log-odds. */
    wish: z.record(z.string().regex(/^\d{2}$/, 'two digits, in quotes'), z.number().min(-1).max(1)),
  }),
  words: {
    en: {
      title: 'What the shop wishes for',
      about:
        'A shop that wishes for a challenge has a doubt. A wish for none is weak evidence for the holder at best. Of two wishes the one that counts more is taken.',
      params: {
        'wish.02': 'No challenge, please',
        'wish.03': 'A challenge, please',
        'wish.04': 'A challenge is demanded',
        'wish.05': 'No challenge: the shop’s own risk analysis',
        'wish.07': 'No challenge: strong authentication is done',
        'wish.09': 'A challenge with the trust list',
        'wish.10': 'No challenge: low value',
        'wish.11': 'No challenge: secure corporate payment',
      },
    },
    ja: {
      title: '加盟店の希望',
      about:
        'チャレンジを希望する加盟店は何かを疑っています。不要という希望は、せいぜい弱い根拠にしかなりません。希望が2つあるときは影響の大きいほうを採ります。',
      params: {
        'wish.02': 'チャレンジ不要の希望',
        'wish.03': 'チャレンジの希望',
        'wish.04': 'チャレンジの要求',
        'wish.05': 'チャレンジ不要：加盟店のリスク分析',
        'wish.07': 'チャレンジ不要：本人認証済み',
        'wish.09': '信頼リスト付きのチャレンジ',
        'wish.10': 'チャレンジ不要：少額',
        'wish.11': 'チャレンジ不要：法人向け決済',
      },
    },
  },
  reasons: {
    challenge: {
      en: 'The shop wishes for a challenge ({wish}).',
      ja: '加盟店がチャレンジを希望しています（{wish}）。',
    },
    none: {
      en: 'The shop wishes for no challenge ({wish}).',
      ja: '加盟店はチャレンジ不要を希望しています（{wish}）。',
    },
  },
  silent: { none: { en: 'The shop has no wish that says anything.', ja: '考慮すべき加盟店の希望はありません。' } },
  ends: ({ wish }) => Object.values(wish),
  run: ({ facts: { challengeInds } }, own, say) => {
    let weight = 0
    let counts = ''
    for (const wish of challengeInds) {
      const one = own.wish[wish] ?? 0
      if (Math.abs(one) <= Math.abs(weight)) continue
      weight = one
      counts = wish
    }
    if (weight === 0) return say.nothing('none')
    return say.evidence(asking.has(counts) ? 'challenge' : 'none', weight)
  },
  told: ({ facts: { challengeInds } }) => ({ wish: challengeInds.join(', ') }),
})
