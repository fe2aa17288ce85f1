/**
 * What might have been otherwise about a purchase: each change has a plausible value in the place of the one there was.
 * Changes go both ways, since a purchase that passed may be asked about as well. A change that makes no difference to what
 * is known is none; see counterfactual.ts for the search.
 */
import type { Basis } from './again.ts'
import { challengeIndicators } from './challenge-indicator.ts'
import type { Params, Words } from './check.ts'
import type { CardState } from './decide.ts'
import type { Facts } from './facts.ts'
import { at, type FeatureName, featureNames } from './features.ts'
import type { Policy } from './policy.ts'
import { presenceAt, withPresence } from './presence.ts'
import { isSince } from './version.ts'

/**
 * Who could have made it so. merchant: what the shop tells or wishes; cardholder: where, with what and for what the holder
 * pays; history: what happened before, and what the issuer knows.
 */
export type Controller = 'merchant' | 'cardholder' | 'history'
export const controllers = ['merchant', 'cardholder', 'history'] as const satisfies readonly Controller[]

export type Patch = {
  readonly facts?: Partial<Facts>
  readonly features?: { readonly [N in FeatureName]?: number }
  readonly asked?: Partial<Basis['asked']>
  readonly card?: Partial<CardState>
  readonly listed?: Basis['listed']
  readonly prior?: Basis['prior']
  /** Elements of the AReq by their paths; undefined: not told. */
  readonly elements?: Readonly<Record<string, string | undefined>>
}

export type Change = {
  readonly id: string
  /** Two changes of one group exclude each other. */
  readonly group: string
  readonly by: Controller
  /** A clause: in English after "if", in Japanese a condition. */
  readonly words: Words
  /** Elements of the AReq that it is about. */
  readonly paths: readonly string[]
  /** Values to try, nearest first; of each the numbers for the clause. */
  readonly patches: (basis: Basis, policy: Policy) => readonly { readonly patch: Patch; readonly params?: Params }[]
}

/** The purchase as it would have been. */
export function patched(basis: Basis, { facts, features, asked, card, listed, prior, elements }: Patch): Basis {
  let next: Basis = basis
  if (facts !== undefined) next = { ...next, facts: { ...next.facts, ...facts } }
  if (features !== undefined) {
    const values = Float64Array.from(next.features)
    for (const [name, value] of Object.entries(features)) values[at[name as FeatureName]] = value ?? Number.NaN
    next = { ...next, features: values }
  }
  if (asked !== undefined) next = { ...next, asked: { ...next.asked, ...asked } }
  if (card !== undefined) next = { ...next, card: { ...next.card, ...card } }
  if (listed !== undefined) next = { ...next, listed }
  if (prior !== undefined) next = { ...next, prior }
  if (elements !== undefined) {
    let { areq } = next
    let { presence } = next.facts
    for (const [path, value] of Object.entries(elements)) {
      if (areq !== undefined) areq = withMember(areq, path.split('.'), value)
      const isMember = path.includes('.') && presenceAt(presence, path) === undefined
      presence = withPresence(
        presence,
        isMember ? path.slice(0, path.indexOf('.')) : path,
        value === undefined ? 'absent' : 'present',
      )
    }
    next = { ...next, areq, facts: { ...next.facts, presence } }
  }
  return next
}

type Members = Readonly<Record<string, unknown>>
function withMember(node: Members, [name = '', ...rest]: readonly string[], value: string | undefined): Members {
  if (rest.length === 0) {
    const { [name]: _before, ...others } = node
    return value === undefined ? others : { ...others, [name]: value }
  }
  const inner = node[name]
  const members = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Members) : {}
  return { ...node, [name]: withMember(members, rest, value) }
}

/** One value of what is known, before and after. */
export type Difference = { readonly name: string; readonly from: unknown; readonly to: unknown }

const same = (a: unknown, b: unknown): boolean => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b)

/** What is otherwise in `after`, by the names that conditions have for it. */
export function differences(before: Basis, after: Basis): readonly Difference[] {
  const found: Difference[] = []
  const look = (prefix: string, from: object, to: object): void => {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      if (prefix === 'facts' && name === 'presence') continue
      const [a, b] = [(from as Members)[name], (to as Members)[name]]
      if (!same(a, b)) found.push({ name: `${prefix}.${name}`, from: a ?? null, to: b ?? null })
    }
  }
  if (before.facts !== after.facts) look('facts', before.facts, after.facts)
  if (before.features !== after.features)
    featureNames.forEach((name, position) => {
      const [a = Number.NaN, b = Number.NaN] = [before.features[position], after.features[position]]
      if (!Object.is(a, b)) found.push({ name: `feature.${name}`, from: told(a), to: told(b) })
    })
  if (before.asked !== after.asked) look('asked', before.asked, after.asked)
  if (before.card !== after.card) look('card', before.card, after.card)
  if (!same(before.listed, after.listed)) found.push({ name: 'listed', from: before.listed ?? null, to: after.listed })
  if (before.prior !== after.prior) found.push({ name: 'prior', from: before.prior ?? null, to: after.prior })
  return found
}

const told = (value: number): number | null => (Number.isNaN(value) ? null : value)

const { feature, knows } = {
  feature: ({ features }: Basis, name: FeatureName): number => features[at[name]] ?? Number.NaN,
  knows: ({ features }: Basis, name: FeatureName): boolean => !Number.isNaN(features[at[name]]),
}

/** Those of the features that are known, at these values: what cannot be known stays so. */
function known(basis: Basis, values: NonNullable<Patch['features']>): NonNullable<Patch['features']> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => knows(basis, name as FeatureName)))
}

const isAbsent = ({ facts }: Basis, path: string): boolean => presenceAt(facts.presence, path) === 'absent'
const isTold = ({ facts }: Basis, path: string): boolean => presenceAt(facts.presence, path) === 'present'
const isBrowser = ({ asked }: Basis): boolean => asked.deviceChannel === '02'
const isThreeRI = ({ asked }: Basis): boolean => asked.deviceChannel === '03'

type One = Omit<Change, 'patches' | 'group'> & {
  readonly group?: string
  /** Undefined: it says nothing about this purchase. */
  readonly patch: (basis: Basis, policy: Policy) => Patch | undefined
}
const one = ({ patch, group, ...change }: One): Change => ({
  ...change,
  group: group ?? change.id,
  patches: (basis, policy) => {
    const made = patch(basis, policy)
    return made === undefined ? [] : [{ patch: made }]
  },
})

// Counts by kind of entity.

const activities = ['n_10m', 'n_1h', 'n_24h', 'n_7d', 'decay_1h', 'decay_24h', 'decay_30d'] as const
const kinds = ['account', 'device', 'ip', 'email', 'merchant', 'shipTo', 'phone', 'binMerchant'] as const
const activityOf = (kind: (typeof kinds)[number]): NonNullable<Patch['features']> =>
  Object.fromEntries(activities.map((activity) => [`${activity}_${kind}`, 0]))

const quiet = {
  account: {
    ...activityOf('account'),
    same_amount_10m_account: 0,
    devices_24h_account: 0,
    amount_sum_24h_log: 0,
  },
  device: {
    ...activityOf('device'),
    accounts_10m_device: 0,
    accounts_24h_device: 0,
    fresh_1h_device: 0,
    others_7d_device: 0,
    newcomers_30d_device: 0,
  },
  network: { ...activityOf('ip'), accounts_10m_ip: 0, accounts_24h_ip: 0, fresh_1h_ip: 0 },
  mail: {
    ...activityOf('email'),
    accounts_24h_email: 0,
    accounts_24h_domain: 0,
    decay_24h_domain: 0,
    others_30d_email: 0,
    newcomers_30d_email: 0,
  },
  phone: { ...activityOf('phone'), accounts_7d_phone: 0, others_30d_phone: 0 },
  shipTo: { ...activityOf('shipTo'), accounts_7d_shipTo: 0, others_30d_shipTo: 0, newcomers_30d_shipTo: 0 },
  shop: {
    ...activityOf('merchant'),
    ...activityOf('binMerchant'),
    decay_1h_range: 0,
    decay_24h_range: 0,
    accounts_10m_merchant: 0,
    accounts_10m_binMerchant: 0,
    accounts_10m_range: 0,
    fresh_1h_range: 0,
    fresh_1h_binMerchant: 0,
    fresh_1h_merchant: 0,
    same_amount_10m_merchant: 0,
  },
} as const satisfies Readonly<Record<string, NonNullable<Patch['features']>>>

const quietOf = (id: string, what: keyof typeof quiet, words: Words, paths: readonly string[]): Change =>
  one({ id, by: 'history', words, paths, patch: (basis) => ({ features: known(basis, quiet[what]) }) })

const history: readonly Change[] = [
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

const cardholder: readonly Change[] = [
  one({
    id: 'device-trusted',
    group: 'device',
    by: 'cardholder',
    words: {
      en: 'it had been a device on which the cardholder had passed a challenge before',
      ja: 'カード会員が以前に本人認証に成功した端末であれば',
    },
    paths: ['browserUserAgent', 'sdkAppID'],
    patch: (basis) =>
      isThreeRI(basis)
        ? undefined
        : {
            facts: { device: basis.facts.device ?? 'browser' },
            features: {
              device_is_first: 0,
              device_is_trusted: 1,
              device_seen_n: Math.max(3, feature(basis, 'device_seen_n') || 0),
              device_seen_days: Math.max(30, feature(basis, 'device_seen_days') || 0),
              ...known(basis, { likeness_is_first: 0, likeness_is_trusted: 1, method_is_replayed: 0 }),
            },
          },
  }),
  one({
    id: 'device-new',
    group: 'device',
    by: 'cardholder',
    words: { en: 'it had been a device that is new to the card', ja: 'このカードで初めての端末であれば' },
    paths: ['browserUserAgent', 'sdkAppID'],
    patch: (basis) =>
      basis.facts.device === undefined
        ? undefined
        : {
            features: {
              device_is_first: 1,
              device_is_trusted: 0,
              device_seen_n: 0,
              device_seen_days: Number.NaN,
              ...known(basis, { likeness_is_first: 1, likeness_is_trusted: 0 }),
            },
          },
  }),
  one({
    id: 'browser-clean',
    by: 'cardholder',
    words: {
      en: 'it had been an ordinary browser that does not contradict itself',
      ja: '矛盾のない普通のブラウザーであれば',
    },
    paths: ['browserUserAgent', 'browserScreenWidth', 'browserScreenHeight'],
    patch: ({ facts: { browser } }) =>
      browser === undefined
        ? undefined
        : { facts: { browser: { ...browser, isRobot: false, isHeadless: false, contradictions: [] } } },
  }),
  one({
    id: 'browser-robot',
    group: 'browser-clean',
    by: 'cardholder',
    words: { en: 'the browser had been driven by a program', ja: 'プログラムで操作されたブラウザーであれば' },
    paths: ['browserUserAgent'],
    patch: ({ facts: { browser } }) =>
      browser === undefined ? undefined : { facts: { browser: { ...browser, isRobot: true, isHeadless: true } } },
  }),
  one({
    id: 'network-usual',
    group: 'network',
    by: 'cardholder',
    words: {
      en: 'it had come from a network that the card is used from, in the country of the card',
      ja: 'カード発行国内で、このカードがいつも使われているネットワークからであれば',
    },
    paths: ['browserIP', 'appIp'],
    patch: (basis, { issuer }) => networkPatch(basis, issuer.country, 'isp', 0),
  }),
  one({
    id: 'network-home',
    group: 'network',
    by: 'cardholder',
    words: {
      en: 'it had come from a provider in the country of the card, not through a VPN or a data centre',
      ja: 'VPNやデータセンターを経由せず、カード発行国内の回線からであれば',
    },
    paths: ['browserIP', 'appIp'],
    patch: (basis, { issuer }) => networkPatch(basis, issuer.country, 'isp', undefined),
  }),
  one({
    id: 'network-vpn',
    group: 'network',
    by: 'cardholder',
    words: { en: 'it had come through a VPN', ja: 'VPN経由であれば' },
    paths: ['browserIP', 'appIp'],
    patch: (basis, { issuer }) => networkPatch(basis, basis.facts.ipCountry ?? issuer.country, 'vpn', 1),
  }),
  one({
    id: 'network-abroad',
    group: 'network',
    by: 'cardholder',
    words: { en: 'it had come from a network abroad', ja: '海外のネットワークからであれば' },
    paths: ['browserIP', 'appIp'],
    patch: (basis, { issuer }) => networkPatch(basis, abroad(issuer.country), 'isp', 1),
  }),
  one({
    id: 'language-home',
    by: 'cardholder',
    words: {
      en: 'language and time zone of the browser had been those of the country of the card',
      ja: 'ブラウザーの言語とタイムゾーンがカード発行国のものであれば',
    },
    paths: ['browserLanguage', 'browserTZ'],
    patch: (basis, { issuer: { languages, browserTZ } }) => {
      const [language] = languages
      const [zone] = browserTZ
      if (!isBrowser(basis) || language === undefined || zone === undefined) return undefined
      const { language: own, browserTZ: ownZone } = basis.facts
      const isLanguage = own !== undefined && !languages.includes(own)
      const isZone = ownZone !== undefined && !browserTZ.includes(ownZone)
      if (!isLanguage && !isZone) return undefined
      return {
        facts: { ...(isLanguage && { language }), ...(isZone && { browserTZ: zone }) },
        elements: { ...(isLanguage && { browserLanguage: language }), ...(isZone && { browserTZ: String(zone) }) },
      }
    },
  }),
  one({
    id: 'mail-usual',
    group: 'mail',
    by: 'cardholder',
    words: {
      en: 'it had been a mail address that the card has been used with before',
      ja: 'このカードで以前から使われているメールアドレスであれば',
    },
    paths: ['email'],
    patch: (basis) =>
      basis.facts.emailDomain === undefined
        ? undefined
        : { facts: ordinaryMail(basis.facts), features: known(basis, { ...mailSeen, domain_age_days: 365 }) },
  }),
  one({
    id: 'mail-throw-away',
    group: 'mail',
    by: 'cardholder',
    words: {
      en: 'it had been a mail address of a throw-away service',
      ja: '使い捨てメールのアドレスであれば',
    },
    paths: ['email'],
    patch: (basis) => {
      const { facts } = basis
      if (facts.emailDomain === undefined) return undefined
      const { mail } = ordinaryMail(facts)
      return {
        facts: { emailDomain: 'mailinator.com', ...(mail !== undefined && { mail: { ...mail, kind: 'throwAway' } }) },
        features: { email_is_first: 1, email_is_trusted: 0 },
      }
    },
  }),
  one({
    id: 'phone-usual',
    by: 'cardholder',
    words: {
      en: 'it had been a mobile number of the country of the card that has been told before',
      ja: 'カード発行国の携帯電話番号で、以前にも使われたものであれば',
    },
    paths: ['mobilePhone', 'homePhone', 'workPhone'],
    patch: (basis, { issuer }) =>
      basis.facts.phone === undefined
        ? undefined
        : {
            facts: { phone: { ...basis.facts.phone, kind: 'mobile', country: issuer.country } },
            features: known(basis, { phone_is_first: 0 }),
          },
  }),
  one({
    id: 'address-trusted',
    group: 'address',
    by: 'cardholder',
    words: {
      en: 'the goods had gone to an address confirmed by a challenge before',
      ja: '以前に本人認証を経た届け先であれば',
    },
    paths: ['shipAddrLine1', 'shipAddrPostCode', 'merchantRiskIndicator.shipIndicator'],
    patch: (basis) =>
      knows(basis, 'ship_to_is_first')
        ? {
            facts: { shipForwarding: false },
            features: { ship_to_is_first: 0, ship_to_is_trusted: 1 },
          }
        : undefined,
  }),
  one({
    id: 'address-new',
    group: 'address',
    by: 'cardholder',
    words: {
      en: 'the goods had gone to another, new address',
      ja: '請求先と異なる新しい届け先であれば',
    },
    paths: ['addrMatch', 'merchantRiskIndicator.shipIndicator', 'shipAddrLine1'],
    patch: (basis) =>
      knows(basis, 'ship_to_is_first')
        ? {
            facts: { addrMatch: 'N', shipIndicator: '03' },
            features: { ship_to_is_first: 1, ship_to_is_trusted: 0 },
            elements: { addrMatch: 'N', 'merchantRiskIndicator.shipIndicator': '03' },
          }
        : undefined,
  }),
  one({
    id: 'delivery-home',
    by: 'cardholder',
    words: {
      en: 'bill and delivery had been in the country of the card',
      ja: '請求先と届け先がカード発行国内であれば',
    },
    paths: ['billAddrCountry', 'shipAddrCountry'],
    patch: ({ facts }, { issuer: { country } }) => {
      const isBill = facts.billCountry !== undefined && facts.billCountry !== country
      const isShip = facts.shipCountry !== undefined && facts.shipCountry !== country
      return {
        facts: { ...(isBill && { billCountry: country }), ...(isShip && { shipCountry: country }) },
        elements: { ...(isBill && { billAddrCountry: country }), ...(isShip && { shipAddrCountry: country }) },
      }
    },
  }),
  one({
    id: 'shop-usual',
    group: 'shop',
    by: 'cardholder',
    words: {
      en: 'it had been a shop in the country of the card where the card has been used before',
      ja: 'カード発行国内で、このカードが以前に使われた加盟店であれば',
    },
    paths: ['merchantCountryCode', 'acquirerMerchantID', 'merchantName'],
    patch: (basis, { issuer: { country } }) => ({
      ...(basis.facts.merchantCountry !== undefined && {
        facts: { merchantCountry: country },
        elements: { merchantCountryCode: country },
      }),
      features: known(basis, {
        merchant_is_first: 0,
        merchant_seen_n: Math.max(3, feature(basis, 'merchant_seen_n') || 0),
        country_is_first: 0,
      }),
    }),
  }),
  one({
    id: 'shop-abroad',
    group: 'shop',
    by: 'cardholder',
    words: {
      en: 'it had been a shop abroad where the card has never been used',
      ja: 'このカードが使われたことのない海外の加盟店であれば',
    },
    paths: ['merchantCountryCode', 'acquirerMerchantID', 'merchantName'],
    patch: (basis, { issuer: { country } }) =>
      basis.facts.merchantCountry === undefined
        ? undefined
        : {
            facts: { merchantCountry: abroad(country) },
            elements: { merchantCountryCode: abroad(country) },
            features: known(basis, { merchant_is_first: 1, merchant_seen_n: 0, country_is_first: 1 }),
          },
  }),
  one({
    id: 'goods-everyday',
    group: 'goods',
    by: 'cardholder',
    words: {
      en: 'it had been groceries, without gift cards',
      ja: 'ギフトカードを含まない食料品の購入であれば',
    },
    paths: ['mcc', 'merchantRiskIndicator.giftCardAmount', 'merchantRiskIndicator.giftCardCount'],
    patch: ({ facts }) => ({
      facts: {
        ...(facts.mcc !== undefined && { mcc: '5411' }),
        giftCardAmount: undefined,
        giftCardCount: undefined,
      },
      features: { gift_card_amount_log: Number.NaN },
      elements: {
        ...(facts.mcc !== undefined && { mcc: '5411' }),
        ...(facts.giftCardAmount !== undefined && { 'merchantRiskIndicator.giftCardAmount': undefined }),
        ...(facts.giftCardCount !== undefined && { 'merchantRiskIndicator.giftCardCount': undefined }),
      },
    }),
  }),
  one({
    id: 'goods-prepaid',
    group: 'goods',
    by: 'cardholder',
    words: { en: 'it had been prepaid cards or e-money', ja: 'プリペイドや電子マネーの購入であれば' },
    paths: ['mcc'],
    patch: ({ facts }) => (facts.mcc === undefined ? undefined : { facts: { mcc: '6540' }, elements: { mcc: '6540' } }),
  }),
  one({
    id: 'daytime',
    group: 'hour',
    by: 'cardholder',
    words: {
      en: 'it had been made at noon, when the card is used as a rule',
      ja: 'いつもの時間帯（正午ごろ）であれば',
    },
    paths: [],
    patch: (basis) =>
      basis.facts.localHour === undefined
        ? undefined
        : {
            facts: { localHour: 12 },
            features: { is_night: 0, ...known(basis, { hour_distance: 0, hour_share: 0.2 }) },
          },
  }),
  one({
    id: 'night',
    group: 'hour',
    by: 'cardholder',
    words: {
      en: 'it had been made at three at night, when the card is never used',
      ja: 'このカードが使われることのない午前3時であれば',
    },
    paths: [],
    patch: (basis) =>
      basis.facts.localHour === undefined
        ? undefined
        : {
            facts: { localHour: 3 },
            features: { is_night: 1, ...known(basis, { hour_distance: 9, hour_share: 0, night_share: 0 }) },
          },
  }),
  one({
    id: 'shop-on-trust-list',
    by: 'cardholder',
    words: {
      en: 'the shop had been on the trust list of the cardholder',
      ja: '加盟店がカード会員の信頼リストに載っていれば',
    },
    paths: ['acquirerMerchantID'],
    patch: ({ card }) => (card.merchantTrusted === true ? undefined : { card: { merchantTrusted: true } }),
  }),
]

/** Amounts as people name them: 1, 2, 5, 10, 20 … in major units, and the usual amount; nearest first. */
function amountsFor(basis: Basis, policy: Policy, direction: 'less' | 'more'): readonly number[] {
  const { amount } = basis.facts
  if (amount === undefined || amount < 1) return []
  const unit = 10 ** policy.issuer.currency.exponent
  const usual = Math.round(Math.exp(feature(basis, 'amount_usual_log')))
  const values = new Set<number>(Number.isNaN(usual) ? [] : [usual])
  for (let ten = 1; ten <= 1e9; ten *= 10) for (const digit of [1, 2, 3, 5, 7]) values.add(digit * ten * unit)
  const isNear = (value: number): boolean =>
    direction === 'less' ? value < amount : value > amount && value <= amount * 1000
  return [...values].filter(isNear).sort((a, b) => (direction === 'less' ? b - a : a - b))
}

function amountPatch(basis: Basis, to: number): Patch {
  const { facts, areq } = basis
  const from = facts.amount ?? to
  const ratio = to / from
  const log = Math.log(Math.max(to, 1))
  const shift = log - feature(basis, 'amount_log')
  const z = feature(basis, 'amount_z')
  const above = feature(basis, 'amount_ratio_log10')
  // The deviation of the habit is the one that made z of the distance; exactly at the usual amount none can be told from it.
  const deviation = z === 0 || above === 0 ? youngDeviation : (above * Math.LN10) / z
  const wire = typeof areq?.purchaseAmount === 'string' ? Number(areq.purchaseAmount) : undefined
  return {
    facts: { amount: to },
    features: {
      amount_log: log,
      ...known(basis, {
        amount_z: z + shift / deviation,
        amount_ratio_log10: above + shift * Math.LOG10E,
        same_amount_10m_account: 0,
        same_amount_10m_merchant: 0,
      }),
    },
    ...(wire !== undefined && { elements: { purchaseAmount: String(Math.max(1, Math.round(wire * ratio))) } }),
  }
}
const youngDeviation = 0.6

const amountChange = (id: string, direction: 'less' | 'more', words: Words): Change => ({
  id,
  group: 'amount',
  by: 'cardholder',
  words,
  paths: ['purchaseAmount'],
  patches: (basis, policy) =>
    amountsFor(basis, policy, direction).map((amount) => ({ patch: amountPatch(basis, amount), params: { amount } })),
})

const amounts: readonly Change[] = [
  amountChange('amount-less', 'less', {
    en: 'the amount had been {amount:money}',
    ja: '金額が {amount:money} であれば',
  }),
  amountChange('amount-more', 'more', {
    en: 'the amount had been {amount:money}',
    ja: '金額が {amount:money} であれば',
  }),
]

const wishNames: Readonly<Record<string, Words>> = {
  '01': { en: 'the shop had expressed no wish about a challenge', ja: '加盟店がチャレンジの希望を示していなければ' },
  '02': {
    en: 'the shop had asked for no challenge (02)',
    ja: '加盟店がチャレンジ不要（02）を希望していれば',
  },
  '03': { en: 'the shop had asked for a challenge (03)', ja: '加盟店がチャレンジ（03）を希望していれば' },
  '04': { en: 'the shop had demanded a challenge (04)', ja: '加盟店がチャレンジ必須（04）を指定していれば' },
  '05': {
    en: 'the shop had told of a risk analysis of its own (05)',
    ja: '加盟店がリスク分析済み（05）と示していれば',
  },
  '06': { en: 'the shop had sent it for information only (06)', ja: '加盟店がデータ共有のみ（06）としていれば' },
  '07': {
    en: 'the shop had told of a strong authentication of its own (07)',
    ja: '加盟店が強力な認証済み（07）と示していれば',
  },
  '08': {
    en: 'the shop had referred to the trust list (08)',
    ja: '加盟店が信頼リストの適用（08）を求めていれば',
  },
}

const wishes: readonly Change[] = Object.entries(wishNames).map(([indicator, words]) =>
  one({
    id: `wish-${indicator}`,
    group: 'wish',
    by: 'merchant',
    words,
    paths: ['threeDSRequestorChallengeInd'],
    patch: ({ asked }) => {
      const row = challengeIndicators[indicator as keyof typeof challengeIndicators]
      if ('since' in row && !isSince(asked.messageVersion, row.since)) return undefined
      if (asked.challengeInds.length === 1 && asked.challengeInds[0] === indicator) return undefined
      return {
        facts: { challengeInds: [indicator] },
        asked: { challengeInds: [indicator] },
        elements: { threeDSRequestorChallengeInd: indicator },
      }
    },
  }),
)

const merchant: readonly Change[] = [
  one({
    id: 'ship-indicator-home',
    group: 'address',
    by: 'merchant',
    words: {
      en: 'the shop had told that the goods go to the billing address (shipIndicator 01)',
      ja: '加盟店が請求先への配送（shipIndicator 01）と示していれば',
    },
    paths: ['merchantRiskIndicator.shipIndicator', 'addrMatch'],
    patch: (basis) =>
      isBrowser(basis) || basis.facts.shipIndicator !== undefined
        ? {
            facts: { shipIndicator: '01', ...(basis.facts.addrMatch !== undefined && { addrMatch: 'Y' }) },
            elements: {
              'merchantRiskIndicator.shipIndicator': '01',
              ...(basis.facts.addrMatch !== undefined && { addrMatch: 'Y' }),
            },
          }
        : undefined,
  }),
  one({
    id: 'ship-indicator-digital',
    group: 'address',
    by: 'merchant',
    words: {
      en: 'the shop had told of digital goods (shipIndicator 05)',
      ja: '加盟店がデジタル商品（shipIndicator 05）と示していれば',
    },
    paths: ['merchantRiskIndicator.shipIndicator'],
    patch: (basis) =>
      isBrowser(basis) || basis.facts.shipIndicator !== undefined
        ? { facts: { shipIndicator: '05' }, elements: { 'merchantRiskIndicator.shipIndicator': '05' } }
        : undefined,
  }),
  one({
    id: 'mail-told',
    group: 'mail',
    by: 'merchant',
    words: {
      en: 'the shop had sent the mail address of the cardholder, an ordinary one',
      ja: '加盟店がカード会員の（普通の）メールアドレスを送っていれば',
    },
    paths: ['email'],
    patch: (basis) =>
      isAbsent(basis, 'email')
        ? {
            facts: { ...ordinaryMail(basis.facts), emailAlias: false, missing: fewer(basis) },
            features: {
              ...mailSeen,
              ...quiet.mail,
              email_is_alias: 0,
              frauds_email: 0,
              domain_age_days: 365,
              missing_elements: fewer(basis),
            },
            elements: { email: 'name@mail.example' },
          }
        : undefined,
  }),
  one({
    id: 'bill-told',
    by: 'merchant',
    words: {
      en: 'the shop had sent the billing address, in the country of the card',
      ja: '加盟店が（カード発行国内の）請求先住所を送っていれば',
    },
    paths: ['billAddrCountry'],
    patch: (basis, { issuer: { country } }) =>
      isAbsent(basis, 'billAddrCountry')
        ? {
            facts: { billCountry: country, missing: fewer(basis) },
            features: { missing_elements: fewer(basis) },
            elements: { billAddrCountry: country },
          }
        : undefined,
  }),
  one({
    id: 'address-told',
    group: 'network',
    by: 'merchant',
    words: {
      en: 'the shop had sent the network address, one of the country of the card',
      ja: '加盟店が（カード発行国内の）IPアドレスを送っていれば',
    },
    paths: ['browserIP'],
    patch: (basis, { issuer: { country } }) =>
      isBrowser(basis) && isAbsent(basis, 'browserIP')
        ? {
            facts: {
              ip: 'public',
              ipCountry: country,
              network: { kind: 'isp', country, lat: undefined, lon: undefined, isCountryWide: undefined },
              missing: fewer(basis),
            },
            features: { ...quiet.network, network_is_first: 0, frauds_ip: 0, missing_elements: fewer(basis) },
            elements: { browserIP: '192.0.2.1' },
          }
        : undefined,
  }),
  one({
    id: 'mail-not-told',
    group: 'mail',
    by: 'merchant',
    words: { en: 'the shop had not sent the mail address', ja: '加盟店がメールアドレスを送っていなければ' },
    paths: ['email'],
    patch: (basis) =>
      isTold(basis, 'email')
        ? {
            facts: {
              emailDomain: undefined,
              emailAlias: undefined,
              mail: undefined,
              missing: basis.facts.missing + 1,
            },
            features: { ...untold(mailFeatures), missing_elements: basis.facts.missing + 1 },
            elements: { email: undefined },
          }
        : undefined,
  }),
  one({
    id: 'method-completed',
    by: 'merchant',
    words: {
      en: 'the shop had let the 3DS Method complete (threeDSCompInd Y)',
      ja: '加盟店が3DS Methodを完了させていれば（threeDSCompInd Y）',
    },
    paths: ['threeDSCompInd'],
    patch: (basis) => {
      const { facts } = basis
      if (!isBrowser(basis) || facts.compInd === 'Y') return undefined
      return {
        facts: {
          compInd: 'Y',
          device: 'id',
          ...(facts.browser !== undefined && { browser: { ...facts.browser, hasMethod: true } }),
        },
        ...(facts.device === undefined && { features: { device_is_first: 1, device_is_trusted: 0, device_seen_n: 0 } }),
        elements: { threeDSCompInd: 'Y' },
      }
    },
  }),
  one({
    id: 'requestor-authenticated',
    by: 'merchant',
    words: {
      en: 'the shop had told that the cardholder logged in there with FIDO',
      ja: '加盟店がFIDOによるログインを示していれば',
    },
    paths: ['threeDSRequestorAuthenticationInfo'],
    patch: (basis) =>
      isThreeRI(basis) || basis.facts.requestorAuth?.method === '06'
        ? undefined
        : {
            facts: { requestorAuth: { method: '06', minutesAgo: 2 } },
            elements: { 'threeDSRequestorAuthenticationInfo.threeDSReqAuthMethod': '06' },
          },
  }),
  one({
    id: 'requestor-guest',
    group: 'requestor-authenticated',
    by: 'merchant',
    words: {
      en: 'the shop had told that nobody logged in (a guest)',
      ja: '加盟店がログインなし（ゲスト）と示していれば',
    },
    paths: ['threeDSRequestorAuthenticationInfo', 'acctInfo.chAccAgeInd'],
    patch: (basis) =>
      isThreeRI(basis)
        ? undefined
        : {
            facts: {
              requestorAuth: { method: '01', minutesAgo: 2 },
              shopAccountAge: 1,
              shopPurchases: 0,
              isNewcomer: true,
            },
            features: { shop_account_age: 1, shop_purchases: 0 },
            elements: {
              'threeDSRequestorAuthenticationInfo.threeDSReqAuthMethod': '01',
              'acctInfo.chAccAgeInd': '01',
              'acctInfo.nbPurchaseAccount': '0',
            },
          },
  }),
  one({
    id: 'prior-authenticated',
    by: 'merchant',
    words: {
      en: 'the shop had referred to an earlier challenge of the cardholder',
      ja: '加盟店が過去の本人認証（チャレンジ）を参照していれば',
    },
    paths: ['threeDSRequestorPriorAuthenticationInfo'],
    patch: (basis) => ({
      facts: { priorAuth: { method: '02', minutesAgo: 10_080 } },
      elements: { 'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorAuthMethod': '02' },
      ...(isThreeRI(basis) && { prior: 'good' as const }),
    }),
  }),
  one({
    id: 'shop-account-old',
    group: 'shop-account',
    by: 'merchant',
    words: {
      en: 'the shop had told of an account of more than 60 days with ten purchases and no change of its data',
      ja: '加盟店が、60日を超えて使われ購入10回・変更なしの会員情報を示していれば',
    },
    paths: [
      'acctInfo.chAccAgeInd',
      'acctInfo.chAccChangeInd',
      'acctInfo.chAccPwChangeInd',
      'acctInfo.nbPurchaseAccount',
      'acctInfo.shipAddressUsageInd',
      'acctInfo.suspiciousAccActivity',
      'acctInfo.paymentAccInd',
    ],
    patch: (basis) =>
      isThreeRI(basis)
        ? undefined
        : {
            facts: {
              shopAccountAge: 5,
              shopAccountChange: 4,
              shopPasswordChange: 1,
              shopPurchases: 10,
              shopPurchasesToday: 0,
              shipAddressAge: 4,
              shopSuspects: false,
              paymentAccountAge: 5,
              provisionAttempts: 0,
              isNewcomer: false,
            },
            features: {
              shop_account_age: 5,
              shop_account_change: 4,
              shop_password_change: 1,
              shop_purchases: 10,
              shop_purchases_today: 0,
              ship_address_age: 4,
              shop_suspects: 0,
            },
            elements: {
              'acctInfo.chAccAgeInd': '05',
              'acctInfo.chAccChangeInd': '04',
              'acctInfo.chAccPwChangeInd': '01',
              'acctInfo.nbPurchaseAccount': '10',
              'acctInfo.shipAddressUsageInd': '04',
              'acctInfo.suspiciousAccActivity': '01',
              'acctInfo.paymentAccInd': '05',
            },
          },
  }),
  one({
    id: 'shop-suspects',
    group: 'shop-account',
    by: 'merchant',
    words: {
      en: 'the shop had told of suspicious activity on the account (suspiciousAccActivity 02)',
      ja: '加盟店が不審な利用（suspiciousAccActivity 02）を示していれば',
    },
    paths: ['acctInfo.suspiciousAccActivity'],
    patch: (basis) =>
      isThreeRI(basis)
        ? undefined
        : {
            facts: { shopSuspects: true },
            features: { shop_suspects: 1 },
            elements: { 'acctInfo.suspiciousAccActivity': '02' },
          },
  }),
  one({
    id: 'order-ordinary',
    by: 'merchant',
    words: {
      en: 'the shop had told of an ordinary order: in stock, the delivery mail that of the cardholder',
      ja: '加盟店が、在庫品で配信先メールも本人のもの、という普通の注文と示していれば',
    },
    paths: ['merchantRiskIndicator.preOrderPurchaseInd', 'merchantRiskIndicator.deliveryEmailAddress'],
    patch: ({ facts }) => ({
      facts: {
        ...(facts.preOrder !== undefined && { preOrder: false }),
        ...(facts.deliveryEmail !== undefined && { deliveryEmail: 'same' }),
      },
      elements: { ...(facts.preOrder !== undefined && { 'merchantRiskIndicator.preOrderPurchaseInd': '01' }) },
    }),
  }),
  one({
    id: 'signals-good',
    by: 'merchant',
    words: {
      en: 'the screening of the shop had found nothing against it',
      ja: '加盟店側の審査で問題が見つかっていなければ',
    },
    paths: ['signals'],
    patch: ({ facts: { signals } }) => (signals === undefined ? undefined : { facts: { signals: cleared(signals) } }),
  }),
  one({
    id: 'decoupled-offered',
    by: 'merchant',
    words: {
      en: 'the shop had allowed a decoupled authentication (threeDSRequestorDecReqInd Y)',
      ja: '加盟店がデカップルド認証を認めていれば（threeDSRequestorDecReqInd Y）',
    },
    paths: ['threeDSRequestorDecReqInd'],
    patch: ({ asked }) =>
      asked.decReqInd === 'Y' || !isSince(asked.messageVersion, '2.2.0')
        ? undefined
        : { asked: { decReqInd: 'Y' }, elements: { threeDSRequestorDecReqInd: 'Y' } },
  }),
]

const mailSeen = { email_is_first: 0, email_is_trusted: 0 } as const satisfies NonNullable<Patch['features']>
const mailFeatures: readonly FeatureName[] = [
  ...(Object.keys(quiet.mail) as FeatureName[]),
  'email_is_first',
  'email_is_trusted',
  'email_is_alias',
  'frauds_email',
  'domain_age_days',
]
const untold = (names: readonly FeatureName[]): NonNullable<Patch['features']> =>
  Object.fromEntries(names.map((name) => [name, Number.NaN]))

const fewer = ({ facts }: Basis): number => Math.max(0, facts.missing - 1)

/** A box at a domain that nobody lends to everybody. */
const ordinaryMail = ({ mail }: Facts): Pick<Facts, 'mail' | 'emailDomain'> => ({
  emailDomain: 'mail.example',
  mail: {
    ...mail,
    kind: 'other',
    isDeliverable: true,
    fault: undefined,
    slipOf: undefined,
    lookAlike: undefined,
    looksRandom: false,
    domainLooksRandom: false,
  },
})

/** Some country that is not this one. */
const abroad = (country: string): string => (country === '840' ? '826' : '840')

function networkPatch(
  { facts, features }: Basis,
  country: string,
  kind: NonNullable<NonNullable<Facts['network']>['kind']>,
  isFirst: 0 | 1 | undefined,
): Patch | undefined {
  if (facts.ip === undefined) return undefined
  const isAway = kind !== 'isp' || country !== facts.ipCountry
  return {
    facts: {
      ip: 'public',
      ipCountry: country,
      network: { kind, country, lat: undefined, lon: undefined, isCountryWide: undefined },
    },
    features: {
      ...(isFirst !== undefined && { network_is_first: isFirst }),
      // Nobody knows where it would have been: near, when it is home.
      ...(isFirst !== 1 || !isAway
        ? !Number.isNaN(features[at.travel_kmh]) && { travel_km: 0, travel_kmh: 0 }
        : { travel_km: Number.NaN, travel_kmh: Number.NaN }),
    },
  }
}

const agreed = (grade: 'agrees' | 'unknown' | 'contradicts' | undefined) => (grade === undefined ? undefined : 'agrees')

function cleared(signals: NonNullable<Facts['signals']>): NonNullable<Facts['signals']> {
  const { behaviour: _typed, ...rest } = signals
  return {
    ...rest,
    behaviour: undefined,
    ...(rest.addressExists !== undefined && { addressExists: true }),
    ...(rest.addressVacant !== undefined && { addressVacant: false }),
    ...(rest.phoneReachable !== undefined && { phoneReachable: true }),
    ...(rest.mailDeliverable !== undefined && { mailDeliverable: true }),
    ...(rest.domainAgeDays !== undefined && { domainAgeDays: Math.max(365, rest.domainAgeDays) }),
    ...(rest.firstTimeOffer !== undefined && { firstTimeOffer: false }),
    ...(rest.loginFailures !== undefined && { loginFailures: 0 }),
    ...(rest.passwordReset !== undefined && { passwordReset: false }),
    ...(rest.sharedList !== undefined && { sharedList: [] }),
    ...(rest.addressKind !== undefined && { addressKind: 'house' }),
    kanaAgainstKanji: agreed(rest.kanaAgainstKanji),
    nameAgainstKana: agreed(rest.nameAgainstKana),
    postalCode: agreed(rest.postalCode),
  }
}

/** In the order in which equals are preferred: what the holder can do, what the shop can do, what is past. */
export const changes: readonly Change[] = [...amounts, ...cardholder, ...wishes, ...merchant, ...history]
