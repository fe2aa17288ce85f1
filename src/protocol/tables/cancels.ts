// challengeCancel in words. Spec: EMV 3-D Secure, Table A.1; CHL-CAN-1.

export interface CancelText {
  readonly en: string
  readonly ja: string
}

/** By code; which version has which is in the element table. */
export const cancels: Readonly<Record<string, CancelText>> = {
  '01': { en: 'cancelled by the cardholder', ja: '会員がキャンセル' },
  '03': { en: 'decoupled time ran out', ja: '分離型認証の期限切れ' },
  '04': { en: 'took too long at the ACS', ja: 'ACSで時間切れ' },
  '05': { en: 'first CReq did not come', ja: '最初のCReqが届かない' },
  '06': { en: 'transaction error', ja: '取引エラー' },
  '07': { en: 'unknown', ja: '不明' },
  '08': { en: 'took too long at the SDK', ja: 'SDKで時間切れ' },
  '09': { en: 'the CRes was answered with an Erro', ja: 'CResにErroが返された' },
  '10': { en: 'the CReq was answered with an Erro', ja: 'CReqにErroを返した' },
}
