/** What the shop might have told, or wished for. */
import type { ScreeningVerdict } from '../assessment.ts'
import { challengeIndicators } from '../challenge-indicator.ts'
import type { Words } from '../check.ts'
import type { Facts } from '../facts.ts'
import type { Opinion } from '../sources.ts'
import { isSince } from '../version.ts'
import { type Change, feature, isAbsent, isBrowser, isThreeRI, isTold, one, quiet } from './change.ts'
import { fewer, mailFeatures, mailOwn, ordinaryMail, untold } from './mail.ts'

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

export const wishes: readonly Change[] = Object.entries(wishNames).map(([indicator, words]) =>
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

export const merchant: readonly Change[] = [
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
              ...mailOwn(basis),
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
            features: {
              ...quiet.network,
              // One that the card is used from, where it was ever used from any.
              ...(feature(basis, 'networks_known') > 0
                ? { network_is_first: 0, network_known_days: 90 }
                : { network_is_first: 1, network_known_days: 0 }),
              frauds_ip: 0,
              missing_elements: fewer(basis),
            },
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
      ja: '加盟店が3DS Methodを完了（threeDSCompInd Y）させていれば',
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
        // An id is known to the card only where the 3DS Method has run before.
        ...(facts.device !== 'id' &&
          !(feature(basis, 'likenesses_known') > 0 && facts.device !== undefined) && {
            features: {
              device_is_first: 1,
              device_is_trusted: 0,
              device_seen_n: 0,
              device_seen_days: Number.NaN,
              device_known_days: 0,
            },
          }),
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
      // Only what there was can be referred to.
      ...(isThreeRI(basis) && feature(basis, 'challenges_passed') > 0 && { prior: 'good' as const }),
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
    id: 'assessments-ok',
    group: 'assessments',
    by: 'merchant',
    words: {
      en: 'the screening of the shop had said OK',
      ja: '加盟店側の審査の判定がOKであれば',
    },
    paths: [],
    patch: ({ opinions }, { assessments }) =>
      assessments === undefined || opinions === undefined ? undefined : { opinions: opinions.map(saying('OK')) },
  }),
  one({
    id: 'assessments-ng',
    group: 'assessments',
    by: 'merchant',
    words: {
      en: 'the screening of the shop had said NG',
      ja: '加盟店側の審査の判定がNGであれば',
    },
    paths: [],
    patch: ({ opinions }, { assessments }) =>
      assessments === undefined || opinions === undefined ? undefined : { opinions: opinions.map(saying('NG')) },
  }),
  one({
    id: 'decoupled-offered',
    by: 'merchant',
    words: {
      en: 'the shop had allowed a decoupled authentication (threeDSRequestorDecReqInd Y)',
      ja: '加盟店が分離型認証（threeDSRequestorDecReqInd Y）を認めていれば',
    },
    paths: ['threeDSRequestorDecReqInd'],
    patch: ({ asked }) =>
      asked.decReqInd === 'Y' || !isSince(asked.messageVersion, '2.2.0')
        ? undefined
        : { asked: { decReqInd: 'Y' }, elements: { threeDSRequestorDecReqInd: 'Y' } },
  }),
]

/** Another verdict: what its score would have been nobody knows. */
const saying =
  (verdict: ScreeningVerdict) =>
  (opinion: Opinion): Opinion => {
    if (opinion.verdict === verdict) return opinion
    const { score: _score, own, average, ...rest } = opinion
    return { ...rest, verdict, own: { verdicts: own.verdicts }, average: { verdicts: average.verdicts } }
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
    ...(rest.stepUpFailures !== undefined && { stepUpFailures: 0 }),
    ...(rest.newDeviceLogin !== undefined && { newDeviceLogin: false }),
    ...(rest.sharedList !== undefined && { sharedList: [] }),
    ...(rest.addressKind !== undefined && { addressKind: 'house' }),
    kanaAgainstKanji: agreed(rest.kanaAgainstKanji),
    nameAgainstKana: agreed(rest.nameAgainstKana),
    postalCode: agreed(rest.postalCode),
  }
}
