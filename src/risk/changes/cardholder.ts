/** Where, with what, when and for what the cardholder might have paid. */
import type { Basis } from '../again.ts'
import type { Facts } from '../facts.ts'
import { at } from '../features.ts'
import { type Change, feature, isBrowser, isThreeRI, known, knows, one, type Patch } from './change.ts'
import { mailSeen, ordinaryMail } from './mail.ts'

export const cardholder: readonly Change[] = [
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
              device_known_days: Math.max(30, feature(basis, 'device_known_days') || 0),
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
              device_known_days: 0,
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
        features: { email_is_first: 1, email_is_trusted: 0, email_known_days: 0 },
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
            features: known(basis, { phone_is_first: 0, phone_known_days: 90 }),
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
            features: { ship_to_is_first: 0, ship_to_is_trusted: 1, ship_to_known_days: 90 },
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
            features: { ship_to_is_first: 1, ship_to_is_trusted: 0, ship_to_known_days: 0 },
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
      ...(isFirst !== undefined && { network_is_first: isFirst, network_known_days: isFirst === 1 ? 0 : 90 }),
      // Nobody knows where it would have been: near, when it is home.
      ...(isFirst !== 1 || !isAway
        ? !Number.isNaN(features[at.travel_kmh]) && { travel_km: 0, travel_kmh: 0 }
        : { travel_km: Number.NaN, travel_kmh: Number.NaN }),
    },
  }
}
