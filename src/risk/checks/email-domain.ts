/** A throw-away box, a domain made to look like a big provider's, or one box behind many cards. An alias alone is no sin. */
import { z } from 'zod'
import { along, defineCheck, ramp, share, weight } from '../check.ts'
import type { Facts } from '../facts.ts'
import { at } from '../features.ts'
import { oneSlip } from '../text/mail.ts'

const domains = z.array(z.string().min(3)).transform((list) => new Set(list))
type Own = { readonly providers: ReadonlySet<string> }

/** The provider that a domain was made to look like: by the tables, or one slip away from one of the policy. */
function likeOf({ emailDomain: domain, mail }: Facts, { providers }: Own): string | undefined {
  if (mail?.lookAlike !== undefined) return mail.lookAlike
  if (domain === undefined || providers.has(domain) || mail?.kind === 'provider') return undefined
  for (const like of providers) if (oneSlip(domain, like)) return like
  return undefined
}

export const emailDomain = defineCheck({
  id: 'email-domain',
  family: 'cardholder',
  seeds: ['EM-3', 'EM-4'],
  paths: ['email'],
  params: z.strictObject({
    weight,
    throwAway: domains,
    providers: domains,
    lookAlike: share,
    manyAccounts: z.strictObject({ accounts24h: ramp, share }),
  }),
  words: {
    en: {
      title: 'Mail address',
      about:
        'A throw-away mail service, a domain one slip away from a large provider, or one mail box behind many cards. An alias alone is no sin.',
      params: {
        weight: 'For a throw-away address',
        throwAway: 'Throw-away services besides those of the shipped list',
        providers: 'Large providers that others imitate',
        lookAlike: 'Share of the weight for a domain one slip away from a provider',
        'manyAccounts.accounts24h':
          'Different cards with one mail box in 24 hours: where it begins, and where it is full',
        'manyAccounts.share': 'Share of the weight for such a mail box',
      },
    },
    ja: {
      title: 'メールアドレス',
      about:
        '使い捨てメール、大手事業者に1文字違いのドメイン、多くのカードで使われるメールボックスを見ます。別名（エイリアス）だけでは疑われません。',
      params: {
        weight: '使い捨てメールのとき',
        throwAway: '同梱の一覧に加える使い捨てメールのサービス',
        providers: 'まねされやすい大手事業者',
        lookAlike: '大手事業者に1文字違いのドメインのときの重みに対する割合',
        'manyAccounts.accounts24h': '24時間に同じメールボックスを使うカード枚数：始まり、上限',
        'manyAccounts.share': 'そのようなメールボックスのときの重みに対する割合',
      },
    },
  },
  reasons: {
    throwAway: {
      en: 'The mail address is of a throw-away service ({domain}).',
      ja: 'メールアドレスは使い捨てサービス（{domain}）のものです。',
    },
    lookAlike: {
      en: 'The mail domain {domain} looks like {like}, but is not.',
      ja: 'メールのドメイン {domain} は {like} によく似ていますが、別のものです。',
    },
    manyAccounts: {
      en: 'This mail box, in any spelling, was used with {n} different cards within 24 hours.',
      ja: 'このメールボックス（別表記を含む）は24時間以内に{n}枚の異なるカードで使われています。',
    },
  },
  silent: {
    untold: { en: 'No mail address was told.', ja: 'メールアドレスが示されていません。' },
    ordinary: { en: 'There is nothing to say of the mail address.', ja: 'メールアドレスに特記事項はありません。' },
  },
  ends: ({ weight, lookAlike, manyAccounts }) => [weight, weight * lookAlike, weight * manyAccounts.share],
  run: ({ facts, features }, own, say) => {
    const { emailDomain: domain, mail } = facts
    if (domain === undefined) return say.nothing('untold')
    const throwAway = mail?.kind === 'throwAway' || own.throwAway.has(domain) ? 1 : 0
    const lookAlike = likeOf(facts, own) === undefined ? 0 : own.lookAlike
    const many = own.manyAccounts.share * along(features[at.accounts_24h_email], own.manyAccounts.accounts24h)
    const strength = Math.max(throwAway, lookAlike, many)
    if (strength === 0) return say.nothing('ordinary')
    const reason = strength === throwAway ? 'throwAway' : strength === lookAlike ? 'lookAlike' : 'manyAccounts'
    return say.evidence(reason, own.weight * strength)
  },
  told: ({ facts, features }, own, reason) => {
    const { emailDomain: domain = '' } = facts
    if (reason === 'manyAccounts') return { n: features[at.accounts_24h_email] ?? 0 }
    return reason === 'throwAway' ? { domain } : { domain, like: likeOf(facts, own) ?? '' }
  },
})
