// The mail that carries a code. It names merchant and amount, so that a code cannot be taken for another purchase (SEC-OTP-5).
import { currencies } from '../../protocol/tables/iso.ts'
import type { InboxMessage } from '../ports.ts'

export interface OtpMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export type FormatAmount = (minor: string, currency: string, exponent: number, language: 'en' | 'ja') => string

const texts = {
  en: {
    subject: 'Your one-time code',
    body: (code: string, merchant: string, amount: string, card: string): readonly string[] => [
      `Your code${merchant === '' ? '' : ` for ${merchant}`}${amount === '' ? '' : `, ${amount}`}, card ending in ${card}:`,
      '',
      `    ${code}`,
      '',
      'It is valid for five minutes and for this purchase only. If you did not ask for it, do not enter it anywhere.',
      'This is a test message of an ACS simulator.',
    ],
  },
  ja: {
    subject: '認証コードのお知らせ',
    body: (code: string, merchant: string, amount: string, card: string): readonly string[] => [
      `${merchant === '' ? '' : `${merchant} での`}ご利用${amount === '' ? '' : `（${amount}）`}、カード番号下4桁 ${card} の認証コードです。`,
      '',
      `    ${code}`,
      '',
      '有効期間は5分間、このお取引に限りご利用いただけます。お心当たりのない場合は、どこにも入力しないでください。',
      'これはACSシミュレーターのテストメールです。',
    ],
  },
} as const

/** `code` comes from the caller, since it is never stored with the message. */
export function composeOtpMail(message: Omit<InboxMessage, 'id'>, code: string, formatAmount: FormatAmount): OtpMail {
  const text = texts[message.language]
  const { purchaseAmount, purchaseCurrency = '', purchaseExponent = '0', merchantName = '' } = message
  const currency = currencies.get(purchaseCurrency)?.alpha ?? purchaseCurrency
  // A request without an amount names none (RES-NPA-1, CHL-UI-11).
  const amount =
    purchaseAmount === undefined || purchaseAmount === ''
      ? ''
      : formatAmount(purchaseAmount, currency, Number(purchaseExponent), message.language)
  return {
    to: message.to,
    subject: text.subject,
    text: text.body(code, merchantName, amount, message.panMask.slice(-4)).join('\n'),
  }
}
