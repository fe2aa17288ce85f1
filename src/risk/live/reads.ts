/**
 * Which features a policy can read, for decisions and their sentences: others need not be worked out, nor what they are worked out
 * from be kept. What is not known to read a few is taken to read all.
 */
import { type FeatureName, featureNames, isFeature } from '../features.ts'
import type { Policy } from '../policy.ts'
import { type FeatureMask, maskOf } from './mask.ts'

/** What each check reads. Held to the checks by test/risk/live/reads.test.ts, which reads them and watches them read. */
export const checkReads: Readonly<Record<string, readonly FeatureName[]>> = {
  'account-velocity': ['n_10m_account', 'n_1h_account', 'n_24h_account', 'n_7d_account'],
  'address-exists': [],
  'amount-unlike-habit': ['amount_ratio_log10', 'amount_usual_log', 'amount_z'],
  'automated-browser': [],
  'bin-enumeration': ['account_age_days', 'decay_24h_range', 'fresh_1h_range'],
  'browser-contradiction': [],
  'card-testing': ['account_age_days', 'accounts_10m_binMerchant', 'fresh_1h_binMerchant'],
  'challenge-wish': [],
  'confirmed-fraud': ['frauds_account', 'frauds_ip', 'frauds_phone', 'frauds_shipTo'],
  'country-mismatch': ['country_is_first'],
  'data-quality': [],
  'device-replay': [
    'device_is_first',
    'likeness_is_first',
    'likenesses_known',
    'merchant_is_first',
    'method_is_replayed',
    'network_is_first',
    'networks_known',
  ],
  'device-velocity': ['accounts_24h_device', 'n_10m_device'],
  'device-with-fraud': ['frauds_device'],
  'email-domain': ['accounts_24h_email'],
  'entry-behaviour': ['machine_answers_30d'],
  'failed-attempts': ['device_is_first', 'failed_decay_24h'],
  'first-and-expensive': ['amount_ratio_log10', 'merchant_is_first'],
  'first-device': ['device_is_first', 'device_is_trusted', 'device_seen_days', 'device_seen_n', 'likeness_is_trusted'],
  'first-discount': [
    'merchant_is_first',
    'merchant_seen_n',
    'newcomers_30d_device',
    'newcomers_30d_email',
    'newcomers_30d_shipTo',
    'others_30d_email',
    'others_30d_shipTo',
  ],
  'impossible-travel': ['travel_km', 'travel_kmh'],
  'ip-velocity': ['accounts_24h_ip', 'n_10m_ip'],
  'mail-alias': ['newcomers_30d_email', 'others_30d_email'],
  'mail-delivery': [],
  'mail-domain-new': ['accounts_24h_domain', 'domain_age_days'],
  'mail-history': ['email_is_first', 'email_is_trusted', 'email_known_days', 'emails_known', 'frauds_email'],
  'manifest-fraud-merchant': ['merchant_fraud_months'],
  'merchant-category': [],
  'merchant-risk': [],
  'merchant-standing': ['merchant_frauds_2y_n', 'merchant_frauds_2y_sum'],
  'merchant-velocity': ['decay_24h_merchant', 'n_10m_merchant'],
  'name-agreement': [],
  'network-kind': ['network_known_days'],
  night: ['is_night', 'night_share'],
  'night-burst': ['accounts_10m_merchant', 'is_night', 'n_1h_merchant'],
  'phone-number': [],
  'phone-velocity': ['n_1h_phone', 'n_24h_phone'],
  'place-against-clock': [],
  'place-of-delivery': [],
  'prior-authentication': [],
  'requestor-authentication': [],
  'round-amount-new-device': ['device_is_first', 'device_is_trusted', 'device_known_days', 'likeness_is_first'],
  'same-amount': ['same_amount_10m_account', 'same_amount_10m_merchant'],
  'shared-contact': ['accounts_7d_phone', 'newcomers_30d_shipTo', 'others_30d_phone', 'others_30d_shipTo'],
  'shared-list': [],
  'ship-to-mismatch': ['accounts_7d_shipTo', 'ship_to_is_first', 'ship_to_is_trusted', 'ship_tos_known'],
  'ship-to-velocity': ['accounts_7d_shipTo', 'n_24h_shipTo', 'n_7d_shipTo'],
  'shop-account': ['device_is_first'],
  unfamiliar: [
    'country_is_first',
    'device_is_first',
    'device_is_trusted',
    'device_known_days',
    'devices_known',
    'email_is_trusted',
    'email_known_days',
    'emails_known',
    'habit_n',
    'likeness_is_first',
    'merchant_is_first',
    'merchants_known',
    'network_known_days',
    'networks_known',
    'phone_known_days',
    'phones_known',
    'ship_to_is_trusted',
    'ship_to_known_days',
    'ship_tos_known',
  ],
}

/** Those of the freeman scorer alone take counts of their own. */
const everyOther: readonly FeatureName[] = featureNames.filter((name) => !name.startsWith('freeman_'))

/** Names of features in conditions as they were written. */
function* namesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* namesIn(one)
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      if (name === 'of' && typeof member === 'string' && member.startsWith('feature.')) yield member.slice(8)
      else yield* namesIn(member)
    }
}

export function featuresRead(policy: Policy): readonly FeatureName[] {
  const { checks, scorers, scorecard, rules, segments, limits } = policy
  const names = new Set<string>([
    ...checks.flatMap(({ id }) => (Object.hasOwn(checkReads, id) ? (checkReads[id] ?? everyOther) : everyOther)),
    ...scorers.flatMap(({ scorer }) => (scorer.features.every(isFeature) ? scorer.features : featureNames)),
    ...scorecard.map(({ feature }) => feature),
    ...[...rules, ...segments].flatMap(({ when }) => [...namesIn(when.source)]),
    ...(Object.values(limits).some((limit) => limit !== undefined) ? ['frictionless_n', 'frictionless_sum'] : []),
  ])
  return [...names].filter(isFeature)
}

/** Of policies that share a memory, and of who else wants some features. */
export const maskFor = (policies: readonly Policy[], others: Iterable<string> = []): FeatureMask =>
  maskOf([...policies.flatMap(featuresRead), ...others])
