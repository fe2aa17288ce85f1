// What of a payment was known from before, and what happened that is a risk by itself, in words. Made of facts and features. Pure.
import type { Facts } from '../../risk/facts.ts'
import { at, type FeatureName, type Features } from '../../risk/features.ts'
import type { Words } from './deciders.ts'

type Known = Partial<Facts> & Pick<Facts, 'keys'>

export interface Named {
  readonly code: string
  readonly text: Words
}

interface Row {
  readonly code: string
  readonly holds: (feature: (name: FeatureName) => number, facts: Known) => boolean
  readonly text: Words
}

const isSmall = (value: number | undefined, most: number): boolean => value !== undefined && value >= 1 && value <= most

const events: readonly Row[] = [
  {
    code: 'card-with-fraud',
    holds: (feature) => feature('frauds_account') > 0,
    text: { en: 'Fraud was confirmed with this card before.', ja: 'このカードでは以前に不正が確認されています。' },
  },
  {
    code: 'device-with-fraud',
    holds: (feature) => feature('frauds_device') > 0,
    text: { en: 'Fraud was confirmed on this device before.', ja: 'この端末では以前に不正が確認されています。' },
  },
  {
    code: 'contact-with-fraud',
    holds: (feature) =>
      feature('frauds_email') > 0 ||
      feature('frauds_phone') > 0 ||
      feature('frauds_shipTo') > 0 ||
      feature('frauds_ip') > 0,
    text: {
      en: 'Fraud was confirmed with the mail box, phone, address of delivery or network before.',
      ja: 'メール・電話・届け先・ネットワークのいずれかで、以前に不正が確認されています。',
    },
  },
  {
    code: 'merchant-with-fraud',
    holds: (feature) => feature('merchant_fraud_months') >= 3,
    text: {
      en: 'The shop had fraud above JPY 500,000 in each of the last three months.',
      ja: '加盟店では直近3か月続けて50万円を超える不正が発生しています。',
    },
  },
  {
    code: 'unknown-device',
    holds: (feature) => feature('device_is_first') === 1 && feature('habit_n') > 0,
    text: {
      en: 'The card is in use, and has never been used on this device.',
      ja: '利用実績のあるカードですが、この端末で使われるのは初めてです。',
    },
  },
  {
    code: 'replayed-device-data',
    holds: (feature) => feature('method_is_replayed') === 1,
    text: {
      en: 'The device data were sent in an earlier purchase already, to the last byte.',
      ja: '端末データが以前の取引と完全に一致します（再送の疑い）。',
    },
  },
  {
    code: 'automated-browser',
    holds: (_, { browser }) => browser?.isRobot === true || browser?.isHeadless === true,
    text: { en: 'The browser is driven by a program.', ja: 'ブラウザーがプログラムで操作されています。' },
  },
  {
    code: 'suspicious-account',
    holds: (_, { shopSuspects }) => shopSuspects === true,
    text: {
      en: 'The shop has seen suspicious activity on the account.',
      ja: '加盟店が会員の不審な利用を確認しています。',
    },
  },
  {
    code: 'account-changed',
    holds: (_, { shopAccountChange }) => isSmall(shopAccountChange, 2),
    text: {
      en: 'The account at the shop was changed within the last 30 days.',
      ja: '加盟店の会員情報が30日以内に変更されています。',
    },
  },
  {
    code: 'password-changed',
    holds: (_, { shopPasswordChange }) =>
      shopPasswordChange !== undefined && (shopPasswordChange === 2 || shopPasswordChange === 3),
    text: {
      en: 'The password of the account at the shop was changed within the last 30 days.',
      ja: '加盟店のパスワードが30日以内に変更されています。',
    },
  },
  {
    code: 'failed-challenge',
    holds: (feature) => feature('failed_decay_24h') >= 0.5,
    text: { en: 'A challenge of this card failed within the last day.', ja: 'この1日以内に本人認証に失敗しています。' },
  },
  {
    code: 'impossible-travel',
    holds: (feature) => feature('travel_kmh') > 900 && feature('travel_km') > 500,
    text: {
      en: 'Between the last purchase and this one nobody could have travelled so far.',
      ja: '前回の購入場所からは移動できない距離です。',
    },
  },
  {
    code: 'on-shared-list',
    holds: (_, { signals }) => signals?.sharedList?.some(({ reason }) => reason !== 'confirmedGood') === true,
    text: { en: 'A list that merchants share names it.', ja: '加盟店間の共有リストに載っています。' },
  },
]

const links: readonly Row[] = [
  {
    code: 'device',
    holds: (feature) => feature('device_is_trusted') === 1,
    text: { en: 'device: a challenge was passed on it', ja: '端末（本人認証に成功済み）' },
  },
  {
    code: 'shipTo',
    holds: (feature) => feature('ship_to_is_trusted') === 1,
    text: { en: 'address of delivery: confirmed by a challenge', ja: '届け先（本人認証済み）' },
  },
  {
    code: 'email',
    holds: (feature) => feature('email_is_first') === 0,
    text: { en: 'mail box: used with this card before', ja: 'メールアドレス（利用実績あり）' },
  },
  {
    code: 'phone',
    holds: (feature) => feature('phone_is_first') === 0,
    text: { en: 'phone number: used with this card before', ja: '電話番号（利用実績あり）' },
  },
  {
    code: 'network',
    holds: (feature) => feature('network_is_first') === 0,
    text: { en: 'network: used with this card before', ja: 'ネットワーク（利用実績あり）' },
  },
  {
    code: 'merchant',
    holds: (feature) => feature('merchant_is_first') === 0,
    text: { en: 'shop: used with this card before', ja: '加盟店（利用実績あり）' },
  },
  {
    code: 'country',
    holds: (feature) => feature('country_is_first') === 0,
    text: { en: 'country of the shop: used there before', ja: '加盟店の国（利用実績あり）' },
  },
]

const named = (rows: readonly Row[], features: Features, facts: Known): readonly Named[] =>
  rows
    .filter(({ holds }) => holds((name) => features[at[name]] ?? Number.NaN, facts))
    .map(({ code, text }) => ({ code, text }))

export const riskEventsOf = (features: Features, facts: Known): readonly Named[] => named(events, features, facts)
/** What ties the payment to the cardholder: it was seen with this card before. */
export const linksOf = (features: Features, facts: Known): readonly Named[] => named(links, features, facts)
