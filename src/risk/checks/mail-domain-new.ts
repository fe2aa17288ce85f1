/**
 * A mail domain that hardly anybody knows: registered or first seen lately, with a name or a box that a machine drew, and card
 * after card. Small companies and families have domains of their own, so one sign is light. Parts add up.
 */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'registeredLately' | 'firstSeen' | 'drawnDomain' | 'drawnBox' | 'manyAccounts'
const parts = new Parts<Reason>()

export const mailDomainNew = defineCheck({
  id: 'mail-domain-new',
  family: 'cardholder',
  seeds: ['EM-4'],
  paths: ['email', 'signals.domainAgeDays'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    registered: z.strictObject({ days: ramp, share }),
    seen: z.strictObject({ days: ramp, share }),
    drawnDomain: share,
    drawnBox: share,
    manyAccounts: z.strictObject({ accounts24h: ramp, share }),
  }),
  words: {
    en: {
      title: 'Mail domain that nobody knows',
      about:
        'A mail domain that was registered or seen for the first time lately, a domain or mail box that looks drawn by a machine, many cards with one small domain. The parts add up. Large providers and relays are left out.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        'registered.days':
          'Days since the domain was registered (told by the shop): whole part up to the first, none from the second',
        'registered.share': 'Part for such a domain',
        'seen.days': 'Days since the domain was first seen here: whole part up to the first, none from the second',
        'seen.share': 'Part for such a domain',
        drawnDomain: 'Part for a domain that looks drawn by a machine',
        drawnBox: 'Part for a mail box that looks drawn by a machine, at any domain but relays',
        'manyAccounts.accounts24h': 'Different cards with the domain in 24 hours: begins, full',
        'manyAccounts.share': 'Part for such a domain',
      },
    },
    ja: {
      title: '知られていないメールドメイン',
      about:
        '最近登録された、または初めて見るドメイン、機械が作ったようなドメインやメールボックス、小さなドメインで多数のカード、という項目を足し合わせます。大手事業者と転送アドレスは除きます。',
      params: {
        weight: '項目の合計に掛ける重み',
        most: '項目の合計の上限',
        'registered.days': 'ドメイン登録からの日数（加盟店からの通知）：1つ目まではすべて、2つ目から0',
        'registered.share': 'そのようなドメインのとき',
        'seen.days': 'このドメインを初めて見てからの日数：1つ目まではすべて、2つ目から0',
        'seen.share': 'そのようなドメインのとき',
        drawnDomain: '機械が作ったようなドメインのとき',
        drawnBox: '機械が作ったようなメールボックスのとき（転送アドレスを除く）',
        'manyAccounts.accounts24h': '24時間に同じドメインを使うカード枚数：始まり、上限',
        'manyAccounts.share': 'そのようなドメインのとき',
      },
    },
  },
  reasons: {
    registeredLately: {
      en: 'The mail domain was registered {n} days ago, says the shop.',
      ja: 'メールのドメインは{n}日前に登録されたばかりだと、加盟店が通知しています。',
    },
    firstSeen: {
      en: 'The mail domain {domain} is new here.',
      ja: 'メールのドメイン {domain} は、ここでは新しいものです。',
    },
    drawnDomain: {
      en: 'The mail domain {domain} looks as if a machine had drawn it.',
      ja: 'メールのドメイン {domain} は機械的に作られたように見えます。',
    },
    drawnBox: {
      en: 'The mail box looks as if a machine had drawn it.',
      ja: 'メールボックスの名前は機械的に作られたように見えます。',
    },
    manyAccounts: {
      en: 'The mail domain {domain} was used with {n} different cards within 24 hours.',
      ja: 'メールのドメイン {domain} は24時間以内に{n}枚の異なるカードで使われています。',
    },
  },
  silent: {
    untold: { en: 'No mail address was told.', ja: 'メールアドレスが示されていません。' },
    ordinary: { en: 'The mail domain is well known.', ja: 'メールのドメインに特記事項はありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts, features }, own, say) => {
    const { mail, signals } = facts
    if (mail === undefined) return say.nothing('untold')
    parts.begin()
    if (mail.looksRandom) parts.add(own.drawnBox, 'drawnBox')
    if (mail.kind !== 'provider' && mail.kind !== 'relay') {
      const age = signals?.domainAgeDays
      if (age !== undefined) {
        const { days, share } = own.registered
        parts.add(share * (1 - along(age, days)), 'registeredLately')
      }
      const seen = features[at.domain_age_days] ?? Number.NaN
      if (!Number.isNaN(seen)) parts.add(own.seen.share * (1 - along(seen, own.seen.days)), 'firstSeen')
      if (mail.domainLooksRandom) parts.add(own.drawnDomain, 'drawnDomain')
      const { accounts24h, share } = own.manyAccounts
      parts.add(share * along(features[at.accounts_24h_domain], accounts24h), 'manyAccounts')
    }
    const { largest } = parts
    if (largest === undefined) return say.nothing('ordinary')
    return say.evidence(largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ facts, features }, _own, reason) => {
    const { emailDomain: domain = '' } = facts
    if (reason === 'registeredLately') return { n: facts.signals?.domainAgeDays ?? 0 }
    if (reason === 'manyAccounts') return { domain, n: features[at.accounts_24h_domain] ?? 0 }
    return reason === 'drawnBox' ? {} : { domain }
  },
})
