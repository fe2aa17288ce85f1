// What the requestor shows the cardholder in the issuer's words: plain text, at most 128 characters. Spec: Table A.1 (cardholderInfo);
// RES-AR-6, RES-DEC-2, FLOW-BRW-13, VER-23-31.
import type { Issuer, IssuerWords } from '../issuer.ts'
import type { Language } from '../language.ts'

/** Has to be there with D, whatever the issuer has to say (RES-DEC-2). */
const usual = {
  decoupled: {
    en: 'Please confirm this request in your banking app. You do not need to stay on this page.',
    ja: 'カード会社のアプリで本人確認をお願いします。この画面を閉じても手続きは続きます。',
  },
} as const

export type InfoTexts = IssuerWords['cardholderInfo']

/** Of the issuer that a range names, otherwise of the usual one. */
export function infoTextsOf(
  { issuers }: Pick<Issuer, 'issuers'>,
  id: string | undefined,
  language: Language,
): InfoTexts {
  const issuer = issuers.find((one) => one.id === id) ?? issuers[0]
  return issuer?.[language].cardholderInfo ?? {}
}

/** With the ARes: what to do now, or what it was refused for. */
export function infoWithARes(transStatus: string, texts: InfoTexts, language: Language): string | undefined {
  if (transStatus === 'D') return texts.decoupled ?? usual.decoupled[language]
  return 'NUR'.includes(transStatus) ? texts.refused : undefined
}

/** [2.3.1] With the RReq of one that was asked and did not pass; who cancelled needs no advice. */
export const infoWithRReq = (
  { transStatus, challengeCancel }: { readonly transStatus: string; readonly challengeCancel?: string | undefined },
  text: string | undefined,
): string | undefined => ('NUR'.includes(transStatus) && challengeCancel !== '01' ? text : undefined)
