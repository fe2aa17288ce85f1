/** What might have happened before, and what the issuer might have known. */
import type { Words } from '../check.ts'
import { type Change, feature, known, knows, one, quiet } from './change.ts'

const quietOf = (id: string, what: keyof typeof quiet, words: Words, paths: readonly string[]): Change =>
  one({ id, by: 'history', words, paths, patch: (basis) => ({ features: known(basis, quiet[what]) }) })

export const history: readonly Change[] = [
  quietOf(
    'card-at-rest',
    'account',
    {
      en: 'the card had not been used in the seven days before',
      ja: 'カードが直前の7日間に使われていなければ',
    },
    ['acctNumber'],
  ),
  quietOf(
    'device-of-one-card',
    'device',
    {
      en: 'no other purchase had been made on the device lately',
      ja: 'この端末で最近ほかの購入がなければ',
    },
    ['browserUserAgent', 'sdkAppID'],
  ),
  quietOf(
    'network-of-one-card',
    'network',
    {
      en: 'no other purchase had come from the network address lately',
      ja: 'このIPアドレスから最近ほかの購入がなければ',
    },
    ['browserIP', 'appIp'],
  ),
  quietOf(
    'mail-of-one-card',
    'mail',
    {
      en: 'no other card had been used with the mail address lately',
      ja: 'このメールアドレスが最近ほかのカードで使われていなければ',
    },
    ['email'],
  ),
  quietOf(
    'phone-of-one-card',
    'phone',
    {
      en: 'no other card had been used with the phone number lately',
      ja: 'この電話番号が最近ほかのカードで使われていなければ',
    },
    ['mobilePhone', 'homePhone', 'workPhone'],
  ),
  quietOf(
    'address-of-one-card',
    'shipTo',
    {
      en: 'no other card had had anything sent to the address lately',
      ja: 'この届け先が最近ほかのカードで使われていなければ',
    },
    ['shipAddrLine1', 'shipAddrPostCode'],
  ),
  quietOf(
    'shop-at-rest',
    'shop',
    {
      en: 'not so many cards had been tried at the shop just before',
      ja: '直前にこの加盟店で多数のカードが試されていなければ',
    },
    ['acquirerMerchantID', 'merchantName'],
  ),
  one({
    id: 'card-in-a-hurry',
    group: 'card-at-rest',
    by: 'history',
    words: {
      en: 'the card had been used 40 times in the hour before',
      ja: 'カードが直前の1時間に40回使われていれば',
    },
    paths: ['acctNumber'],
    patch: () => ({
      features: { n_10m_account: 20, n_1h_account: 40, n_24h_account: 40, n_7d_account: 40, decay_1h_account: 30 },
    }),
  }),
  one({
    id: 'shared-network',
    group: 'network-of-one-card',
    by: 'history',
    words: {
      en: '16 different cards had been used from the network address within a day',
      ja: '同じIPアドレスから24時間に16枚の異なるカードが使われていれば',
    },
    paths: ['browserIP', 'appIp'],
    patch: (basis) => ({
      features: known(basis, {
        accounts_10m_ip: 8,
        accounts_24h_ip: 16,
        n_10m_ip: 15,
        n_1h_ip: 30,
        n_24h_ip: 40,
        n_7d_ip: 40,
      }),
    }),
  }),
  one({
    id: 'no-failed-challenge',
    by: 'history',
    words: {
      en: 'no challenge of the card had failed or been left before',
      ja: '以前に本人認証の失敗や中断がなければ',
    },
    paths: [],
    patch: () => ({
      features: { challenges_failed: 0, challenges_abandoned: 0, failed_decay_24h: 0, machine_answers_30d: 0 },
    }),
  }),
  one({
    id: 'failed-challenges',
    group: 'no-failed-challenge',
    by: 'history',
    words: {
      en: 'three challenges of the card had failed today',
      ja: '本日このカードの本人認証に3回失敗していれば',
    },
    paths: [],
    patch: (basis) => ({
      features: { challenges_failed: feature(basis, 'challenges_failed') + 3, failed_decay_24h: 3 },
    }),
  }),
  one({
    id: 'just-challenged',
    by: 'history',
    words: {
      en: 'the cardholder had passed a challenge at the last purchase',
      ja: '前回の購入で本人認証に成功していれば',
    },
    paths: [],
    patch: (basis) => ({
      features: {
        frictionless_n: 0,
        frictionless_sum: 0,
        challenges_passed: Math.max(1, feature(basis, 'challenges_passed')),
      },
    }),
  }),
  one({
    id: 'spared-often',
    group: 'just-challenged',
    by: 'history',
    words: {
      en: 'ten purchases had passed without a challenge since the last one',
      ja: '前回の本人認証から10回続けてチャレンジなしで承認されていれば',
    },
    paths: [],
    patch: (basis) => {
      const usual = feature(basis, 'amount_usual_log')
      const amount = Number.isNaN(usual) ? (basis.facts.amount ?? 0) : Math.round(Math.exp(usual))
      return { features: { frictionless_n: 10, frictionless_sum: 10 * amount } }
    },
  }),
  one({
    id: 'habit-known',
    by: 'history',
    words: {
      en: 'the card usually paid about this amount',
      ja: 'このカードがいつもこの程度の金額を支払っていれば',
    },
    paths: ['purchaseAmount'],
    patch: (basis) =>
      knows(basis, 'amount_log') && !knows(basis, 'amount_z')
        ? {
            features: {
              amount_z: 0,
              amount_ratio_log10: 0,
              amount_usual_log: feature(basis, 'amount_log'),
              habit_n: 20,
              account_age_days: 180,
              account_idle_days: 3,
            },
          }
        : undefined,
  }),
  one({
    id: 'no-fraud-known',
    by: 'history',
    words: {
      en: 'no fraud had been confirmed with the card, its device, addresses or shop before',
      ja: 'カード・端末・住所・加盟店などで不正が確認されていなければ',
    },
    paths: [],
    patch: (basis) => ({
      features: known(basis, {
        frauds_account: 0,
        frauds_device: 0,
        frauds_ip: 0,
        frauds_email: 0,
        frauds_shipTo: 0,
        frauds_phone: 0,
        frauds_merchant: 0,
        merchant_fraud_months: 0,
        merchant_frauds_2y_n: 0,
        merchant_frauds_2y_sum: 0,
      }),
    }),
  }),
  one({
    id: 'fraud-known',
    group: 'no-fraud-known',
    by: 'history',
    words: {
      en: 'fraud had been confirmed on the device before',
      ja: 'この端末で以前に不正が確認されていれば',
    },
    paths: [],
    patch: (basis) => ({ features: known(basis, { frauds_device: 1 }) }),
  }),
  one({
    id: 'not-listed',
    by: 'history',
    words: { en: 'nothing of it had been on the deny list', ja: '拒否リストに載っていなければ' },
    paths: [],
    patch: ({ listed }) =>
      listed === undefined || listed.deny.length === 0 ? undefined : { listed: { ...listed, deny: [] } },
  }),
  one({
    id: 'not-allow-listed',
    by: 'history',
    words: { en: 'nothing of it had been on the allow list', ja: '許可リストに載っていなければ' },
    paths: [],
    patch: ({ listed }) =>
      listed === undefined || listed.allow.length === 0 ? undefined : { listed: { ...listed, allow: [] } },
  }),
  one({
    id: 'card-active',
    by: 'history',
    words: {
      en: 'the card had been neither blocked, stolen nor expired',
      ja: 'カードが利用停止・盗難・期限切れでなければ',
    },
    paths: ['cardExpiryDate'],
    patch: () => ({ card: { status: 'active' } }),
  }),
  one({
    id: 'card-blocked',
    group: 'card-active',
    by: 'history',
    words: { en: 'the card had been blocked', ja: 'カードが利用停止になっていれば' },
    paths: [],
    patch: ({ card }) => (card.status === 'active' ? { card: { status: 'blocked' } } : undefined),
  }),
  one({
    id: 'can-be-challenged',
    by: 'history',
    words: { en: 'there had been a way to challenge the cardholder', ja: '利用できる本人認証の方法があれば' },
    paths: [],
    patch: ({ card }) => (card.usableMethods > 0 ? undefined : { card: { usableMethods: 1 } }),
  }),
]
