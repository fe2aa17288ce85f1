/** An address at which nothing arrives: it was invented, or typed in haste. Whether a box is there only its server can say. */
import { z } from 'zod'
import { defineCheck, share, weight } from '../check.ts'

export const mailDelivery = defineCheck({
  id: 'mail-delivery',
  family: 'cardholder',
  seeds: ['EM-1'],
  paths: ['email', 'signals.mailDeliverable'],
  params: z.strictObject({ weight, refused: share, syntax: share, suffix: share, ended: share, slip: share }),
  words: {
    en: {
      title: 'Mail that cannot arrive',
      about:
        'Whether anything can arrive at the mail address: its form, its ending, services that have ended, slips in the names of large providers. If the shop has asked the mail server, its answer counts.',
      params: {
        weight: 'Each of the shares is multiplied by this',
        refused: 'Share when the mail server does not know the box (told by the shop)',
        syntax: 'Share for an address that has not the form of one',
        suffix: 'Share for a domain under no public suffix',
        ended: 'Share for a service that has ended',
        slip: 'Share for a domain one slip away from a large provider',
      },
    },
    ja: {
      title: '届かないメール',
      about:
        'メールが届きうるかを見ます。形式、ドメインの末尾、終了したサービス、大手事業者名の打ち間違いです。加盟店がメールサーバーに問い合わせていれば、その結果を用います。',
      params: {
        weight: '各割合に掛ける重み',
        refused: 'メールサーバーがそのアドレスを知らないとき（加盟店からの通知）',
        syntax: 'メールアドレスの形式でないとき',
        suffix: '存在しないトップレベルドメインなどのとき',
        ended: '終了したサービスのとき',
        slip: '大手事業者に1文字違いのドメインのとき',
      },
    },
  },
  reasons: {
    refused: {
      en: 'The mail server does not know the mail box, says the shop.',
      ja: 'メールサーバーにこのメールボックスはないと、加盟店が通知しています。',
    },
    syntax: {
      en: 'The mail address does not have the form of one.',
      ja: 'メールアドレスの形式が正しくありません。',
    },
    suffix: {
      en: 'No mail domain can have such an ending.',
      ja: 'メールのドメインの末尾が実在しません。',
    },
    ended: {
      en: 'The mail service {domain} has ended.',
      ja: 'メールサービス {domain} は終了しています。',
    },
    slip: {
      en: 'The mail domain {domain} is probably a slip for {meant}.',
      ja: 'メールのドメイン {domain} は {meant} の打ち間違いと見られます。',
    },
  },
  silent: {
    untold: { en: 'No mail address was told.', ja: 'メールアドレスが示されていません。' },
    ordinary: { en: 'Mail can arrive at the address.', ja: 'メールアドレスに届かない理由は見当たりません。' },
  },
  ends: ({ weight, refused, syntax, suffix, ended, slip }) =>
    [refused, syntax, suffix, ended, slip].map((share) => weight * share),
  run: ({ facts: { mail, signals } }, own, say) => {
    if (mail === undefined) return say.nothing('untold')
    // Who has asked knows better than any rule.
    if (signals?.mailDeliverable === true) return say.nothing('ordinary')
    if (signals?.mailDeliverable === false) return say.evidence('refused', own.weight * own.refused)
    if (mail.fault !== undefined) return say.evidence(mail.fault, own.weight * own[mail.fault])
    return mail.slipOf === undefined ? say.nothing('ordinary') : say.evidence('slip', own.weight * own.slip)
  },
  told: ({ facts: { mail, emailDomain: domain = '' } }, _own, reason) => {
    if (reason === 'ended') return { domain }
    return reason === 'slip' ? { domain, meant: mail?.slipOf ?? '' } : {}
  },
})
