/**
 * Doors that were tried before this one: challenges of the card that failed, log-ins and step-ups at the shop that failed, a password
 * that was reset, a log-in from a device that the shop had not seen. A reset followed by a device that is new to the card is how an
 * account is taken over.
 */
import { z } from 'zod'
import { along, defineCheck, Parts, ramp, share, weight } from '../check.ts'
import { at } from '../features.ts'

type Reason = 'challenges' | 'logins' | 'reset' | 'taken' | 'stepUps' | 'newDevice'
const parts = new Parts<Reason>()

export const failedAttempts = defineCheck({
  id: 'failed-attempts',
  family: 'behaviour',
  seeds: ['BH-8'],
  paths: ['signals.loginFailures', 'signals.newDeviceLogin', 'signals.passwordReset', 'signals.stepUpFailures'],
  params: z.strictObject({
    weight,
    most: z.number().positive(),
    challenges: z.strictObject({ failed24h: ramp, share }),
    logins: z.strictObject({ failed: ramp, share }),
    reset: share,
    resetOnNewDevice: share,
    stepUps: z.strictObject({ failed: ramp, share }).optional(),
    newDevice: share.optional(),
  }),
  words: {
    en: {
      title: 'Failed attempts before',
      about:
        'Challenges of this card that failed lately, and what the shop tells by the risk hook: log-ins and step-ups that failed, a password that was reset, a log-in from a new device. The parts add up.',
      params: {
        weight: 'The sum of the parts is multiplied by this',
        most: 'The parts count up to this sum',
        'challenges.failed24h':
          'Failed challenges, half forgotten in 24 hours: where the part begins, and where it is full',
        'challenges.share': 'Part for failed challenges',
        'logins.failed': 'Failed log-ins in 24 hours: begins, full',
        'logins.share': 'Part for failed log-ins',
        reset: 'Part for a password that was reset',
        resetOnNewDevice: 'Part instead, on a device that is new to the card',
        'stepUps.failed': 'Failed step-ups at the log-in in 24 hours: begins, full',
        'stepUps.share': 'Part for failed step-ups',
        newDevice: 'Part for a log-in from a device new to the shop, where no step-up was passed',
      },
    },
    ja: {
      title: '直前の失敗',
      about:
        'このカードで最近失敗した本人認証と、リスク連携でショップから知らされるログインや追加認証の失敗、パスワードの再設定、新しい端末からのログインを見ます。割合は合計されます。',
      params: {
        weight: '割合の合計に掛ける重み',
        most: '割合の合計の上限',
        'challenges.failed24h': '失敗した本人認証の数（24時間で半減）：始まり、上限',
        'challenges.share': '本人認証の失敗の割合',
        'logins.failed': '24時間のログイン失敗回数：始まり、上限',
        'logins.share': 'ログイン失敗の割合',
        reset: 'パスワードが再設定されたとき',
        resetOnNewDevice: '代わりに、このカードで初めての端末のとき',
        'stepUps.failed': '24時間のログイン時の追加認証の失敗回数：始まり、上限',
        'stepUps.share': '追加認証の失敗の割合',
        newDevice: 'ショップで初めての端末から、追加認証なしでログインしたとき',
      },
    },
  },
  reasons: {
    challenges: {
      en: 'Challenges of this card have failed lately.',
      ja: 'このカードでは最近、本人認証の失敗がありました。',
    },
    logins: {
      en: 'At the shop {n} log-ins failed within 24 hours.',
      ja: 'ショップでは24時間以内に{n}回のログイン失敗がありました。',
    },
    reset: {
      en: 'The password at the shop was reset before this purchase.',
      ja: '購入の前に、ショップのパスワードが再設定されています。',
    },
    taken: {
      en: 'The password at the shop was reset, and the device is new to this card.',
      ja: 'ショップのパスワードが再設定され、このカードで初めての端末が使われています。',
    },
    stepUps: {
      en: 'At the shop {n} step-ups at the log-in failed within 24 hours.',
      ja: 'ショップでは24時間以内に{n}回、ログイン時の追加認証が失敗しました。',
    },
    newDevice: {
      en: 'At the shop somebody logged in from a device that was new there, without a step-up.',
      ja: 'ショップで初めての端末から、追加認証なしでログインがありました。',
    },
  },
  silent: {
    none: { en: 'No failed attempts are known.', ja: '失敗した試みはありません。' },
  },
  ends: ({ weight, most }) => [weight * most],
  run: ({ facts: { signals }, features }, own, say) => {
    parts.begin()
    parts.add(own.challenges.share * along(features[at.failed_decay_24h], own.challenges.failed24h), 'challenges')
    parts.add(own.logins.share * along(signals?.loginFailures, own.logins.failed), 'logins')
    if (signals?.passwordReset === true) {
      if (features[at.device_is_first] === 1) parts.add(own.resetOnNewDevice, 'taken')
      else parts.add(own.reset, 'reset')
    }
    if (own.stepUps !== undefined)
      parts.add(own.stepUps.share * along(signals?.stepUpFailures, own.stepUps.failed), 'stepUps')
    if (own.newDevice !== undefined && signals?.newDeviceLogin === true) parts.add(own.newDevice, 'newDevice')
    if (parts.largest === undefined) return say.nothing('none')
    return say.evidence(parts.largest, own.weight * Math.min(parts.sum, own.most))
  },
  told: ({ facts: { signals } }, _own, reason) => {
    if (reason === 'logins') return { n: signals?.loginFailures ?? 0 }
    return reason === 'stepUps' ? { n: signals?.stepUpFailures ?? 0 } : {}
  },
})
