// What the issuer writes: the mail or text message that carries a code, the push note that asks. Each names merchant and amount, so
// that a code cannot be taken for another purchase (SEC-OTP-5).
import { currencies } from '../../protocol/tables/iso.ts'
import type { AlertReason } from '../hook/alert-record.ts'
import type { InboxMessage, Secrets, Store } from '../ports.ts'

export interface Note {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export type FormatAmount = (minor: string, currency: string, exponent: number, language: 'en' | 'ja') => string

interface Words {
  readonly code: string
  readonly merchant: string
  readonly amount: string
  readonly card: string
}

interface Template {
  readonly subject: string
  readonly body: (words: Words) => readonly string[]
}

const templates: Readonly<Record<'en' | 'ja', Readonly<Record<NonNullable<InboxMessage['channel']>, Template>>>> = {
  en: {
    email: {
      subject: 'Your one-time code',
      body: ({ code, merchant, amount, card }) => [
        `Your code${merchant === '' ? '' : ` for ${merchant}`}${amount === '' ? '' : `, ${amount}`}, card ending in ${card}:`,
        '',
        `    ${code}`,
        '',
        'It is valid for five minutes and for this purchase only. If you did not ask for it, do not enter it anywhere.',
        'This is a test message of an ACS simulator.',
      ],
    },
    sms: {
      subject: 'Text message',
      body: ({ code, merchant, amount, card }) => [
        `${code} is your code${merchant === '' ? '' : ` for ${merchant}`}${amount === '' ? '' : `, ${amount}`}, card ${card}. Valid for 5 min. Test message of an ACS simulator.`,
      ],
    },
    push: {
      subject: 'Is it you?',
      body: ({ merchant, amount, card }) => [
        `${merchant === '' ? 'Somebody' : merchant} asks you to confirm ${amount === '' ? 'a request' : amount} with the card ending in ${card}.`,
        'Confirm or refuse it in your banking app. This is a test message of an ACS simulator.',
      ],
    },
  },
  ja: {
    email: {
      subject: '認証コードのお知らせ',
      body: ({ code, merchant, amount, card }) => [
        `${merchant === '' ? '' : `${merchant} での`}ご利用${amount === '' ? '' : `（${amount}）`}、カード番号下4桁 ${card} の認証コードです。`,
        '',
        `    ${code}`,
        '',
        '有効期間は5分間、このお取引に限りご利用いただけます。お心当たりのない場合は、どこにも入力しないでください。',
        'これはACSシミュレーターのテストメールです。',
      ],
    },
    sms: {
      subject: 'SMS',
      body: ({ code, merchant, amount, card }) => [
        `認証コード ${code}（${merchant === '' ? '' : `${merchant} `}${amount === '' ? '' : `${amount}、`}カード下4桁 ${card}）。有効期間5分。ACSシミュレーターのテストです。`,
      ],
    },
    push: {
      subject: 'ご本人による操作ですか',
      body: ({ merchant, amount, card }) => [
        `${merchant === '' ? '' : `${merchant} での`}ご利用${amount === '' ? '' : `（${amount}）`}、カード番号下4桁 ${card} の確認をお願いします。`,
        'カード会社のアプリで承認または拒否してください。これはACSシミュレーターのテスト通知です。',
      ],
    },
  },
}

const alertWhy: Readonly<Record<'en' | 'ja', Readonly<Record<AlertReason, string>>>> = {
  en: {
    declined: 'It was declined.',
    unusual: 'It looked unusual, and was not confirmed.',
    listed: 'Something that was used for it is known from fraud.',
    frictionless: 'It was approved.',
  },
  ja: {
    declined: 'お取引は承認されませんでした。',
    unusual: '通常と異なるお取引で、本人確認が完了しませんでした。',
    listed: '不正利用が報告された情報が使われました。',
    frictionless: 'お取引は承認されました。',
  },
}

const alertSubject = { en: 'Was this you?', ja: 'ご本人のご利用ですか' } as const

interface AlertWords extends Omit<Words, 'code'> {
  readonly why: string
  readonly url: string
}

const alertLines: Readonly<Record<'en' | 'ja', (words: AlertWords) => readonly string[]>> = {
  en: ({ merchant, amount, card, why, url }) => [
    `Somebody used your card ending in ${card}${merchant === '' ? '' : ` at ${merchant}`}${amount === '' ? '' : `, ${amount}`}. ${why}`,
    `Was this you? ${url}`,
    'We never ask for a card number or a code there. This is a test message of an ACS simulator.',
  ],
  ja: ({ merchant, amount, card, why, url }) => [
    `カード番号下4桁 ${card} の${merchant === '' ? '' : `${merchant} での`}ご利用${amount === '' ? '' : `（${amount}）`}がありました。${why}`,
    `ご本人のご利用かどうかお答えください： ${url}`,
    'カード番号や認証コードをお尋ねすることはありません。これはACSシミュレーターのテスト通知です。',
  ],
}

/** Undefined: the message carries none, or its challenge is over and nobody can tell any more (CHL-SM-6). */
export function codeIn(
  { transactionId, acsTransID, codeNumber }: Pick<InboxMessage, 'transactionId' | 'acsTransID' | 'codeNumber'>,
  { secrets, store }: { readonly secrets: Secrets; readonly store: Pick<Store, 'challengeSecret'> },
): string | undefined {
  if (codeNumber === undefined) return undefined
  const secret = store.challengeSecret(transactionId)
  return secret === undefined ? undefined : secrets.otp(acsTransID, codeNumber, secret)
}

/** `code` comes from the caller, since it is never stored with the message. */
export function composeNote(
  message: Omit<InboxMessage, 'id'>,
  code: string | undefined,
  formatAmount: FormatAmount,
): Note {
  const { subject, body } = templates[message.language][message.channel ?? 'email']
  const { purchaseAmount, purchaseCurrency = '', purchaseExponent = '0', merchantName = '' } = message
  const currency = currencies.get(purchaseCurrency)?.alpha ?? purchaseCurrency
  // A request without an amount names none (RES-NPA-1, CHL-UI-11).
  const amount =
    purchaseAmount === undefined || purchaseAmount === ''
      ? ''
      : formatAmount(purchaseAmount, currency, Number(purchaseExponent), message.language)
  const about = { merchant: merchantName, amount, card: message.panMask.slice(-4) }
  if (message.alert !== undefined) {
    const { reason, url } = message.alert
    const lines = alertLines[message.language]({ ...about, why: alertWhy[message.language][reason], url })
    const isLong = (message.channel ?? 'email') === 'email'
    return { to: message.to, subject: alertSubject[message.language], text: lines.join(isLong ? '\n\n' : ' ') }
  }
  const words = { code: code ?? '······', ...about }
  return { to: message.to, subject, text: body(words).join('\n') }
}
