// What was applied on the way from the score to the answer, each step in words. Pure.
import { outcomeWords } from '../../risk/policy/words.ts'
import type { Policy } from '../../risk/policy.ts'
import type { Words } from './deciders.ts'

export interface Step {
  /** As decisions name it: a rule id, or a kind and a value. */
  readonly code: string
  readonly text: Words
}

const bands: Readonly<Record<string, Words>> = {
  low: { en: 'The score lies in the band of low risk.', ja: 'スコアは低リスクの範囲です。' },
  medium: { en: 'The score lies in the band of medium risk.', ja: 'スコアは中リスクの範囲です。' },
  high: { en: 'The score lies in the band of high risk.', ja: 'スコアは高リスクの範囲です。' },
}
const cards: Readonly<Record<string, Words>> = {
  blocked: { en: 'The card is blocked.', ja: 'カードは利用停止中です。' },
  stolen: { en: 'The card is reported stolen.', ja: 'カードは盗難届済みです。' },
  expired: { en: 'The card is expired.', ja: 'カードは有効期限切れです。' },
}
const costs: Readonly<Record<string, Words>> = {
  'no-amount': {
    en: 'There is no amount, so that nobody knows what is at stake; the usual thresholds count.',
    ja: '金額がないため損失を見積もれず、通常のしきい値を使います。',
  },
  'score-as-probability': {
    en: 'The cheapest of passing, challenging and declining; the score, which nobody has calibrated, is taken for log-odds.',
    ja: '承認・チャレンジ・否認のうち期待損失が最小のもの（スコアは較正されておらず、対数オッズとみなします）。',
  },
  platt: {
    en: 'The cheapest of passing, challenging and declining, by the calibrated probability.',
    ja: '較正された確率により、承認・チャレンジ・否認のうち期待損失が最小のもの。',
  },
}
const limits: Readonly<Record<string, Words>> = {
  frictionless: {
    en: 'So much has passed without a challenge that the cardholder is asked again.',
    ja: 'チャレンジなしの承認が上限に達したため、本人に確認します。',
  },
}
const exemptions: Readonly<Record<string, Words>> = {
  'low-value': { en: 'Exempt: a payment of low value.', ja: '免除：少額の支払い。' },
  tra: {
    en: 'Exempt: within the amount that the issuer’s fraud rate allows (TRA).',
    ja: '免除：発行会社の不正率で認められる金額の範囲内（TRA）。',
  },
  'trust-list': {
    en: 'Exempt: the shop is on the trust list of the cardholder.',
    ja: '免除：カード会員の信頼リストに載っている加盟店。',
  },
  none: {
    en: 'No exemption applies, so that the cardholder is asked.',
    ja: '該当する免除がないため、本人に確認します。',
  },
}
const priors: Readonly<Record<string, Words>> = {
  none: { en: 'No earlier authentication is referred to.', ja: '過去の認証への参照がありません。' },
  unknown: {
    en: 'The earlier authentication that is referred to is not known for this card.',
    ja: '参照された過去の認証は、このカードのものとして確認できません。',
  },
  notAuthenticated: {
    en: 'The cardholder was not authenticated in what is referred to.',
    ja: '参照された取引では本人が認証されていません。',
  },
  beyondTerms: {
    en: 'It goes beyond what the cardholder agreed to in what is referred to.',
    ja: '参照された取引で合意された内容を超えています。',
  },
  good: {
    en: 'The earlier authentication that is referred to covers it.',
    ja: '参照された過去の認証の範囲内です。',
  },
}

const conflicts: Readonly<Record<string, Words>> = {
  cautious: {
    en: 'The screening of the shop and our own evidence contradict each other, so that the holder is asked at least.',
    ja: '加盟店側の審査と当社の判定根拠が食い違うため、少なくとも本人に確認します。',
  },
}

const rules: Readonly<Record<string, Words>> = {
  'ACS-VAL-55': {
    en: 'The device cannot show what the issuer has.',
    ja: '端末が発行会社の認証画面に対応していません。',
  },
  'ACS-VAL-60': { en: 'A blocked card is declined.', ja: '利用停止のカードは否認されます。' },
  'ACS-VAL-62': { en: 'This version has no such request.', ja: 'このバージョンではこの種の要求を扱えません。' },
  'ACS-VAL-64': {
    en: 'A request for information only is never challenged.',
    ja: '情報のみの要求はチャレンジされません。',
  },
  'ACS-VAL-70': { en: 'Approved without a challenge.', ja: 'チャレンジなしで承認します。' },
  'ACS-VAL-72': { en: 'A challenge it is.', ja: 'チャレンジとします。' },
  'ACS-VAL-73': { en: 'Rejected for its risk.', ja: 'リスクにより拒否します。' },
  'ACS-VAL-75': {
    en: 'A challenge was due, and cannot be had here.',
    ja: 'チャレンジが必要ですが、ここでは行えません。',
  },
  'ACS-VAL-76': {
    en: 'There is no way to challenge the cardholder.',
    ja: '利用できる本人認証の方法がありません。',
  },
  'ACS-VAL-77': { en: 'An expired card is declined.', ja: '有効期限切れのカードは否認されます。' },
  'ACS-VAL-78': { en: 'A stolen card is rejected.', ja: '盗難カードは拒否されます。' },
  'ACS-VAL-79': { en: 'Too many attempts.', ja: '試行回数が多すぎます。' },
  'ACS-VAL-80': { en: 'The time given is too short.', ja: '与えられた時間が短すぎます。' },
  'RES-3RI-1': { en: 'This version has no 3RI payments.', ja: 'このバージョンには3RIの決済がありません。' },
  'RES-3RI-2': { en: 'Nobody is there to be challenged in a browser.', ja: 'ブラウザーで応答できる本人がいません。' },
  'RES-3RI-3': {
    en: 'A question about the trust list or the binding of a device is answered from the register.',
    ja: '信頼リストや端末登録についての照会には、登録内容で答えます。',
  },
  'RES-3RI-4': {
    en: 'Without the cardholder an earlier authentication has to speak.',
    ja: '本人がいない取引では、過去の認証が根拠になります。',
  },
  'RES-CI-2': { en: 'Only information was asked for.', ja: '情報の共有だけが求められています。' },
  'RES-CM-2': {
    en: 'Whether the challenge is mandated follows from the wish and the policy.',
    ja: 'チャレンジが必須かどうかは、加盟店の希望とポリシーで決まります。',
  },
  'RES-DEC-1': {
    en: 'Decoupled authentication was allowed by the shop.',
    ja: '加盟店が分離型認証を認めています。',
  },
  'RES-DEC-9': {
    en: 'The time for a decoupled authentication is too short.',
    ja: '分離型認証の時間が短すぎます。',
  },
  'RES-DEC-10': { en: 'Decoupled authentication was not asked for.', ja: '分離型認証は求められていません。' },
  'RES-DEC-11': { en: 'The cardholder is asked outside of the shop.', ja: 'ショップの外で本人に確認します。' },
  'RES-DEC-12': {
    en: 'The challenge goes on as a decoupled authentication.',
    ja: 'チャレンジを分離型認証として続けます。',
  },
  'RES-EX-1': { en: 'Taken note of, without an authentication.', ja: '認証せず、情報として受け取ります。' },
  'RES-NPA-3': { en: 'Adding a card is always challenged.', ja: 'カード登録は必ずチャレンジします。' },
  'RES-TR-1': { en: 'A refusal has a reason.', ja: '否認には理由を付けます。' },
  'RES-TR-2': {
    en: 'The reason is told by the nearest code that the version has.',
    ja: '理由はこのバージョンで使える最も近いコードで伝えます。',
  },
  'RES-TS-1': { en: 'There is no challenge in this channel.', ja: 'この経路ではチャレンジを行えません。' },
  'RES-TS-2': { en: 'D needs a request that allows it.', ja: 'Dは、それを認める要求にのみ返せます。' },
  'RES-TS-3': { en: 'I needs a request that allows it.', ja: 'Iは、それを認める要求にのみ返せます。' },
  'RES-TS-8': { en: 'The version does not have this answer.', ja: 'このバージョンにはこの応答がありません。' },
}

const named = (table: Readonly<Record<string, Words>>, value: string): Words | undefined =>
  Object.hasOwn(table, value) ? table[value] : undefined

function wordsOf(code: string, policy: Policy): Words | undefined {
  const colon = code.indexOf(':')
  if (colon < 0) return named(rules, code)
  const value = code.slice(colon + 1)
  switch (code.slice(0, colon)) {
    case 'band':
      return named(bands, value)
    case 'card':
      return named(cards, value)
    case 'costs':
      return named(costs, value)
    case 'limit':
      return named(limits, value)
    case 'prior':
      return named(priors, value)
    case 'conflict':
      return named(conflicts, value)
    case 'assessment-floor':
      return {
        en: `By the word of ${value}, which has checked the purchase for the shop, at least this is done.`,
        ja: `加盟店側の審査 ${value} の判定により、これより軽い対応にはしません。`,
      }
    case 'assessment-cap':
      return {
        en: `By the word of ${value}, which has checked the purchase for the shop, at most this is done unless something else wants more.`,
        ja: `加盟店側の審査 ${value} の判定により、他に理由がない限りこれより重い対応にはしません。`,
      }
    case 'segment': {
      const note = policy.segments.find(({ id }) => id === value)?.note
      return {
        en: `It belongs to the segment ${value}, which has thresholds of its own${note === undefined ? '' : ` (${note})`}.`,
        ja: `独自のしきい値を持つ区分「${value}」に属します${note === undefined ? '' : `（${note}）`}。`,
      }
    }
    case 'rule': {
      const outcome = policy.rules.find(({ id }) => id === value)?.outcome
      return {
        en: `The rule ${value} applies${outcome === undefined ? '' : `: ${outcomeWords(outcome, 'en')}`}.`,
        ja: `ルール「${value}」が適用されます${outcome === undefined ? '' : `：${outcomeWords(outcome, 'ja')}`}。`,
      }
    }
    case 'indicator':
      return {
        en: `By the wish of the shop (threeDSRequestorChallengeInd ${value}).`,
        ja: `加盟店の希望（threeDSRequestorChallengeInd ${value}）に従います。`,
      }
    case 'exemption':
      return value.startsWith('requested-')
        ? {
            en: `The exemption that the shop asked for (${value.slice(10)}).`,
            ja: `加盟店が求めた免除（${value.slice(10)}）です。`,
          }
        : named(exemptions, value)
    default:
      return undefined
  }
}

/** What is not known here, out of a record of another program, stands for itself. */
export const stepsOf = (because: readonly string[], policy: Policy): readonly Step[] =>
  because.map((code) => ({ code, text: wordsOf(code, policy) ?? { en: code, ja: code } }))
