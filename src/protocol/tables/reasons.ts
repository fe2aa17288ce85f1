// transStatusReason in words, and what an older version has for it. Spec: EMV 3-D Secure, Table A.1; RES section 2.

export interface ReasonText {
  readonly en: string
  readonly ja: string
}

const reasons: Readonly<Record<string, ReasonText>> = {
  '01': { en: 'card authentication failed', ja: 'カード認証に失敗' },
  '02': { en: 'unknown device', ja: '不明なデバイス' },
  '03': { en: 'unsupported device', ja: '対応していないデバイス' },
  '04': { en: 'authentication frequency limit exceeded', ja: '認証回数の上限を超過' },
  '05': { en: 'card expired', ja: 'カードの有効期限切れ' },
  '06': { en: 'card number invalid', ja: 'カード番号が無効' },
  '07': { en: 'transaction invalid', ja: '取引が無効' },
  '08': { en: 'no record of the card', ja: 'カードの記録なし' },
  '09': { en: 'security failure', ja: 'セキュリティ上の失敗' },
  '10': { en: 'card reported stolen', ja: '盗難カード' },
  '11': { en: 'fraud suspected', ja: '不正利用の疑い' },
  '12': { en: 'transaction not permitted to this cardholder', ja: 'この会員には許可されない取引' },
  '13': { en: 'cardholder not enrolled', ja: '会員が未登録' },
  '14': { en: 'timed out at the ACS', ja: 'ACSで時間切れ' },
  '15': { en: 'low confidence', ja: '低い信頼度' },
  '16': { en: 'medium confidence', ja: '中程度の信頼度' },
  '17': { en: 'high confidence', ja: '高い信頼度' },
  '18': { en: 'very high confidence', ja: '非常に高い信頼度' },
  '19': { en: 'more challenges than the ACS allows', ja: 'チャレンジ回数の上限を超過' },
  '20': { en: 'non-payment not supported', ja: '非決済取引に未対応' },
  '21': { en: '3RI not supported', ja: '3RIに未対応' },
  '22': { en: 'technical problem at the ACS', ja: 'ACSの技術的な問題' },
  '23': { en: 'decoupled authentication needed, not requested', ja: '分離型認証が必要だが要求されていない' },
  '24': { en: 'decoupled maximum time passed', ja: '分離型認証の最大時間を超過' },
  '25': { en: 'too little time for decoupled authentication', ja: '分離型認証の時間が不足' },
  '26': { en: 'authentication tried, not performed by the cardholder', ja: '認証を試みたが会員が行わなかった' },
  '27': { en: 'preferred authentication method not supported', ja: '希望の認証方式に未対応' },
  '28': { en: 'content security policy check failed', ja: 'コンテンツセキュリティポリシーの検証に失敗' },
  '29': { en: 'tried, not completed: goes on decoupled', ja: '認証は未完了、分離型認証へ移行' },
  '30': { en: 'completed, more is needed: goes on decoupled', ja: '追加の認証が必要、分離型認証へ移行' },
}

/** Codes that a version does not have yet, with the one to send instead (RES-TR-2). 24 and 25 belong to decoupled. */
const olderCodes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2.1.0': {
    '22': '07',
    '23': '12',
    '24': '01',
    '25': '12',
    '26': '01',
    '27': '03',
    '28': '09',
    '29': '01',
    '30': '01',
  },
  '2.2.0': { '27': '03', '28': '09', '29': '26', '30': '26' },
  '2.3.1': {},
}

/** The code of each refusal when nobody gave one (RES-TR-1). */
const usual: Readonly<Record<string, string>> = { N: '01', U: '22', R: '11', D: '29' }

/** What a message of this version says for the reason. */
export function reasonFor(version: string, transStatus: string, reason = usual[transStatus]): string | undefined {
  return reason === undefined ? undefined : (olderCodes[version]?.[reason] ?? reason)
}

/** 80 to 99 belong to the payment systems. */
export const reasonText = (code: string): ReasonText =>
  reasons[code] ??
  (/^[89][0-9]$/.test(code)
    ? { en: 'defined by the payment system', ja: '国際ブランドが定める理由' }
    : { en: 'not a known reason', ja: '未知の理由' })
