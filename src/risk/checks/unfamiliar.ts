/**
 * How much of what is told is new to this card at once. People change one thing at a time: a new telephone is used at home,
 * a journey is made with the old one. A thief brings everything anew. Cards without a history know nothing, so they are left out.
 */
import { z } from 'zod'
import { along, defineCheck, ramp, share, weight } from '../check.ts'
import type { Facts } from '../facts.ts'
import { at, type Features } from '../features.ts'

const things = ['device', 'network', 'email', 'phone', 'shipTo', 'merchant', 'country'] as const
type Shares = Readonly<Record<(typeof things)[number] | 'unseenDevice' | 'justTrusted', number>>

/** So new that it may have come with the thief; of a kind of which the card knew some before, or it is no news. */
const isNew = (features: Features, knownDays: number, known: number, newForDays: number): boolean =>
  (features[knownDays] ?? Number.NaN) < newForDays && (features[known] ?? 0) > (features[knownDays] === 0 ? 0 : 1)

function sumOf({ device }: Facts, features: Features, own: Shares, days: number): number {
  /** A challenge may have been passed with a code that was handed over, so that trust of yesterday is not worth all. */
  const untrusted = (isTrusted: number): number => (features[isTrusted] === 1 ? own.justTrusted : 1)
  // A browser that was only emptied looks as one that the card knows.
  const isEmptied = features[at.device_is_first] === 1 && features[at.likeness_is_first] === 0
  let sum = 0
  if (!isEmptied && isNew(features, at.device_known_days, at.devices_known, days))
    sum += (device === 'browser' ? own.unseenDevice : own.device) * untrusted(at.device_is_trusted)
  if (isNew(features, at.network_known_days, at.networks_known, days)) sum += own.network
  if (isNew(features, at.email_known_days, at.emails_known, days)) sum += own.email * untrusted(at.email_is_trusted)
  if (isNew(features, at.phone_known_days, at.phones_known, days)) sum += own.phone
  if (isNew(features, at.ship_to_known_days, at.ship_tos_known, days))
    sum += own.shipTo * untrusted(at.ship_to_is_trusted)
  if (features[at.merchant_is_first] === 1 && (features[at.merchants_known] ?? 0) > 0) sum += own.merchant
  if (features[at.country_is_first] === 1) sum += own.country
  return sum
}

const ones: Shares = {
  justTrusted: 1,
  device: 1,
  unseenDevice: 1,
  network: 1,
  email: 1,
  phone: 1,
  shipTo: 1,
  merchant: 1,
  country: 1,
}

export const unfamiliar = defineCheck({
  id: 'unfamiliar',
  family: 'cardholder',
  seeds: ['DV-1', 'DV-8', 'EM-5', 'NA-7', 'BH-3'],
  paths: [
    'browserIP',
    'browserUserAgent',
    'method.deviceId',
    'email',
    'mobilePhone',
    'shipAddrLine1',
    'shipAddrPostCode',
    'acquirerMerchantID',
    'merchantCountryCode',
  ],
  params: z.strictObject({
    weight,
    parts: z.strictObject({
      device: share,
      unseenDevice: share,
      network: share,
      email: share,
      phone: share,
      shipTo: share,
      merchant: share,
      country: share,
      justTrusted: z.number().min(0).max(1),
    }),
    sum: ramp,
    newForDays: z.number().positive(),
    familiar: weight,
    fewest: z.int().positive(),
  }),
  words: {
    en: {
      title: 'Much is new at once',
      about:
        'Adds up what is new to this card: device, network, mail box, telephone, delivery address, shop, country. What came with a refused purchase yesterday is still new. One new thing is everyday; many at once are not. Nothing new speaks for the holder.',
      params: {
        weight: 'Once the sum of the parts is full',
        'parts.device': 'Part for a new device',
        'parts.unseenDevice':
          'Part for a device on which the 3DS Method did not run, so that only its looks can be new',
        'parts.network': 'Part for a new network',
        'parts.email': 'Part for a new mail box',
        'parts.phone': 'Part for a new telephone number',
        'parts.shipTo': 'Part for a new delivery address',
        'parts.merchant': 'Part for a new shop',
        'parts.country': 'Part for a new country of the shop',
        'parts.justTrusted': 'Share of a part that remains when a challenge was passed with the new thing',
        sum: 'Sum of the parts where the weight begins, and where it is full',
        newForDays: 'Days for which a thing stays new',
        familiar: 'When nothing is new',
        fewest: 'Purchases that a card has made before its history counts',
      },
    },
    ja: {
      title: '一度に多くが初めて',
      about:
        '端末、ネットワーク、メールボックス、電話番号、届け先、加盟店、国のうち、このカードで初めてのものを足し合わせます。昨日拒否された購入に伴うものは、まだ新しいものとして扱います。1つだけなら日常ですが、同時に多く変わることはまれです。初めてのものがなければ疑いは減ります。',
      params: {
        weight: '項目の合計が上限に達したとき',
        'parts.device': '初めての端末の項目',
        'parts.unseenDevice': '3DS Methodが動作せず、特徴でしか比べられない端末の項目',
        'parts.network': '初めてのネットワークの項目',
        'parts.email': '初めてのメールボックスの項目',
        'parts.phone': '初めての電話番号の項目',
        'parts.shipTo': '初めての届け先の項目',
        'parts.merchant': '初めての加盟店の項目',
        'parts.country': '初めての加盟店の国の項目',
        'parts.justTrusted': '新しいものが本人認証に成功した後に残る割合',
        sum: '重みが加わり始める項目の合計と、すべて加わる合計',
        newForDays: '新しいものとみなす日数',
        familiar: '初めてのものがないとき',
        fewest: '履歴として扱うために必要な購入回数',
      },
    },
  },
  reasons: {
    manyNew: {
      en: '{n} things are new to this card (device, network, mail, telephone, delivery, shop, country).',
      ja: '端末、ネットワーク、メール、電話、届け先、加盟店、国のうち{n}項目が、このカードでは新しいものです。',
    },
    familiar: {
      en: 'Nothing about this purchase is new to this card.',
      ja: 'この購入には、このカードで初めてのものがありません。',
    },
  },
  silent: {
    noHistory: { en: 'The card has too little history.', ja: 'カードの利用履歴が少なすぎます。' },
    ordinary: { en: 'Little is new to this card.', ja: 'このカードで初めてのものはわずかです。' },
  },
  ends: ({ weight, familiar }) => [weight, familiar],
  run: ({ facts, features }, own, say) => {
    if ((features[at.habit_n] ?? 0) < own.fewest) return say.nothing('noHistory')
    const sum = sumOf(facts, features, own.parts, own.newForDays)
    if (sum === 0 && own.familiar !== 0) return say.evidence('familiar', own.familiar)
    const strength = along(sum, own.sum)
    return strength === 0 ? say.nothing('ordinary') : say.evidence('manyNew', own.weight * strength)
  },
  told: ({ facts, features }, { newForDays }) => ({ n: sumOf(facts, features, ones, newForDays) }),
})
