// The pages of the banking app, from what the use cases tell.
import { type Approval, brandOfCard, type Ending } from '../../acs/bank.ts'
import { brandOf } from '../../acs/brand.ts'
import type { AlertReason } from '../../acs/hook/alert-record.ts'
import type { Issuer, IssuerBrand } from '../../acs/issuer.ts'
import type { Card, Transaction } from '../../acs/ports.ts'
import { currencies } from '../../protocol/tables/iso.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import { formatAmount, formatDate, formatDateTime, type Language, maskPan } from '../../web/i18n.ts'
import { loadPages } from '../../web/page.ts'
import { themeCss } from '../views/brand.ts'
import { type BankTranslate, bankTexts } from './texts.ts'

/** The root is that of all pages, so that what they share is included from where it is. */
const render = loadPages(new URL('../../../src/http/', import.meta.url))

/** What the address said about the last thing that was done. */
export const toldWords = ['late', 'mismatch', 'removed', 'gone'] as const
export type Told = (typeof toldWords)[number]

export interface PageAbout {
  readonly nonce: string
  readonly lang: Language
  /** The language was asked for in the address, and stays there. */
  readonly isAsked: boolean
  /** Before all paths of ours. */
  readonly base: string
  /** What the page is at, below `base`. */
  readonly path: string
  readonly timeZone: string
  readonly now: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** In the largest unit that says enough; never more than is left. */
function timeLeft(ms: number, t: BankTranslate): string {
  if (ms >= 2 * dayMs) {
    const h = Math.floor((ms % dayMs) / hourMs)
    return t(h === 0 ? 'days' : 'daysHours', { n: Math.floor(ms / dayMs), h })
  }
  if (ms >= hourMs) return t('hours', { h: Math.floor(ms / hourMs), m: Math.floor((ms % hourMs) / minuteMs) })
  return ms >= minuteMs
    ? t('minutes', { n: Math.floor(ms / minuteMs) })
    : t('seconds', { n: Math.max(0, Math.floor(ms / 1_000)) })
}

const withLanguage = ({ lang, isAsked, base }: PageAbout, path: string): string =>
  `${base}${path}${isAsked ? `${path.includes('?') ? '&' : '?'}lang=${lang}` : ''}`

export const cardPath = (id: string): string => `/bank/cards/${id}`
export const approvalPath = (acsTransID: string): string => `/bank/approvals/${acsTransID}`

interface Frame {
  readonly testid: string
  readonly heading: string
  readonly brand: IssuerBrand
  /** What the page shows, but for the time: a change of it is news. */
  readonly key: string
  readonly homePath: string
  readonly isChoice?: boolean
}

function frameOf(about: PageAbout, { testid, heading, brand, key, homePath, isChoice = false }: Frame) {
  const { lang, nonce, base, path } = about
  const other = lang === 'ja' ? 'en' : 'ja'
  const own = path.split('?')
  const query = new URLSearchParams(own[1])
  query.set('lang', other)
  return {
    t: bankTexts(lang),
    lang,
    nonce,
    testid,
    heading,
    key,
    theme: themeCss(brand.theme),
    mark: brand.theme.mark,
    issuerName: brand[lang].name,
    homeHref: withLanguage(about, homePath),
    otherHref: isChoice ? undefined : withLanguage(about, '/bank'),
    selfHref: withLanguage(about, path),
    languageHref: `${base}${own[0] ?? ''}?${query.toString()}`,
  }
}

const schemeName = (id: string): string => schemes[id]?.name ?? id

/** Non-payment: none (CHL-UI-11, RES-NPA-1). */
function amountOf(transaction: Transaction, lang: Language): string | undefined {
  const { messageCategory, purchaseAmount, purchaseCurrency = '', purchaseExponent = '0' } = transaction
  if (messageCategory === '02' || purchaseAmount === undefined || purchaseAmount === '') return undefined
  const currency = currencies.get(purchaseCurrency)?.alpha ?? purchaseCurrency
  return formatAmount(purchaseAmount, currency, Number(purchaseExponent), lang)
}

const merchantOf = ({ merchantName = '' }: Transaction, t: BankTranslate): string =>
  merchantName === '' ? t('somebody') : merchantName

const kinds: Readonly<Record<Ending, 'good' | 'bad' | 'quiet'>> = {
  approved: 'good',
  refused: 'bad',
  cancelled: 'quiet',
  expired: 'quiet',
  ended: 'quiet',
}

/** An approval in a line of a list. */
function lineOf(about: PageAbout, approval: Approval, isForAll: boolean) {
  const { transaction, card, state, until, ending } = approval
  const t = bankTexts(about.lang)
  return {
    id: transaction.acsTransID,
    href: withLanguage(about, approvalPath(transaction.acsTransID)),
    merchant: merchantOf(transaction, t),
    amount: amountOf(transaction, about.lang),
    state,
    ...(isForAll && { holder: card.holder, card: maskPan(card.mask) }),
    ...(state === 'open' && until !== undefined && { left: timeLeft(until - about.now, t) }),
    ...(state === 'answered' && { word: t('word.answered'), kind: 'quiet' }),
    ...(ending !== undefined && { word: t(`word.${ending}`), kind: kinds[ending] }),
  }
}

const keyOf = (approvals: readonly Approval[]): string =>
  approvals.map(({ transaction, state }) => `${transaction.acsTransID}:${state}`).join(' ')

export interface ChooseView {
  readonly issuer: Issuer
  readonly cards: readonly Card[]
  readonly waiting: readonly Approval[]
  readonly last?: string | undefined
  readonly isWrong: boolean
}

/** Whose phone it is. */
export function renderChoose(about: PageAbout, { issuer, cards, waiting, last, isWrong }: ChooseView): string {
  const brand = brandOf(issuer.issuers, undefined)
  const t = bankTexts(about.lang)
  const frame = {
    testid: 'bank-choose-page',
    heading: t('choose.heading'),
    brand,
    key: `${keyOf(waiting)} ${cards.length}`,
    homePath: '/bank',
    isChoice: true,
  }
  return render('./bank/views/choose', {
    ...frameOf(about, frame),
    action: `${about.base}/bank`,
    asked: about.isAsked ? about.lang : undefined,
    selfPlain: withLanguage(about, '/bank'),
    last: isWrong ? undefined : last,
    isWrong,
    waiting: waiting.map((one) => lineOf(about, one, true)),
    cards: cards.map((card) => ({
      id: card.panHash,
      href: withLanguage(about, cardPath(card.panHash)),
      holder: card.holder,
      scheme: schemeName(card.scheme),
      mask: maskPan(card.mask),
      open: waiting.filter((one) => one.card.panHash === card.panHash && one.state === 'open').length,
    })),
  })
}

export interface CardView {
  readonly issuer: Issuer
  readonly card: Card
  readonly open: readonly Approval[]
  readonly decided: readonly Approval[]
  readonly token: string
  readonly told?: Told | undefined
}

/** The home of a card: what is to be confirmed, what is kept, what was decided. */
export function renderCard(about: PageAbout, { issuer, card, open, decided, token, told }: CardView): string {
  const t = bankTexts(about.lang)
  const { trusts = [], devices = [] } = card
  const since = (at: number): string => t('home.since', { date: formatDate(at, about.lang, about.timeZone) })
  const isPlain = (name: string): name is 'browser' | 'app' => name === 'browser' || name === 'app'
  const frame = {
    testid: 'bank-card-page',
    heading: t('home.hello', { holder: card.holder }),
    brand: brandOfCard(issuer, card),
    key: `${keyOf(open)}|${keyOf(decided)}|${trusts.length}|${devices.map(({ id }) => id).join(' ')}`,
    homePath: cardPath(card.panHash),
  }
  return render('./bank/views/card', {
    ...frameOf(about, frame),
    scheme: schemeName(card.scheme),
    mask: maskPan(card.mask),
    told: told === 'removed' || told === 'gone' ? t(`home.${told}`) : undefined,
    open: open.map((one) => lineOf(about, one, false)),
    decided: decided.map((one) => lineOf(about, one, false)),
    takeBack: withLanguage(about, `${cardPath(card.panHash)}/take-back`),
    token,
    trusts: trusts.toReversed().map(({ acquirerMerchantID, merchantName, at }) => ({
      id: acquirerMerchantID,
      name: merchantName ?? acquirerMerchantID,
      since: since(at),
    })),
    devices: devices
      .toReversed()
      .map(({ id, name, at }) => ({ id, name: isPlain(name) ? t(`device.${name}`) : name, since: since(at) })),
  })
}

const signs = { good: 'M14 25l7 7 13-15', bad: 'M16 16l16 16M32 16 16 32', quiet: 'M24 12v13l8 6' } as const

/** Heading, text and sign of an approval, by where it stands and what was just done. */
function wordsOf(
  { state, transaction, way, ending = 'ended', answered, match }: Approval,
  told: Told | undefined,
  t: BankTranslate,
) {
  const merchant = merchantOf(transaction, t)
  switch (state) {
    case 'open': {
      const isPayment = amountOf(transaction, 'en') !== undefined
      return {
        heading: t('ask.heading'),
        text: t(isPayment ? 'ask.text' : 'ask.textNoAmount', { merchant }),
        ...(told === 'mismatch' &&
          match !== undefined && {
            told: t(match.left > 1 ? 'ask.mismatch' : 'ask.mismatchOne', { left: match.left }),
          }),
      }
    }
    case 'answered':
      return {
        heading: t(answered === undefined ? 'answered.taken' : `answered.${answered}`),
        text: t('answered.text'),
        sign: answered === 'refuse' ? 'bad' : 'good',
      } as const
    case 'notYet':
      return { heading: t('notYet.heading'), text: t('notYet.text'), sign: 'quiet' } as const
    case 'over': {
      if (told === 'late') return { heading: t('late.heading'), text: t(`late.${ending}`), sign: 'quiet' } as const
      const isDecoupled = ending === 'approved' && way === 'decoupled'
      return {
        heading: t(`over.${ending}`),
        text: isDecoupled ? t('over.approved.decoupled') : t(`over.${ending}.text`),
        ...(told === 'mismatch' && ending === 'refused' && { told: t('late.mismatch') }),
        sign: kinds[ending],
      } as const
    }
  }
}

export interface ApprovalView {
  readonly approval: Approval
  readonly token: string
  readonly told?: Told | undefined
}

/** One payment: to be answered, or how it ended. */
export function renderApproval(about: PageAbout, { approval, token, told }: ApprovalView): string {
  const { transaction, card, brand, state, until, prompts, match, ending } = approval
  const { lang, timeZone, now } = about
  const t = bankTexts(lang)
  const merchant = merchantOf(transaction, t)
  const words = wordsOf(approval, told, t)
  const frame = {
    testid: 'bank-approval-page',
    heading: words.heading,
    brand,
    key: `${state} ${ending ?? ''} ${match?.left ?? ''}`,
    homePath: cardPath(card.panHash),
  }
  const sign = 'sign' in words ? words.sign : undefined
  return render('./bank/views/approval', {
    ...frameOf(about, frame),
    state,
    ending,
    sign,
    signPath: sign === undefined ? undefined : signs[sign],
    told: 'told' in words ? words.told : undefined,
    text: words.text,
    amount: amountOf(transaction, lang),
    merchant,
    date: formatDateTime(transaction.details.purchaseDate ?? transaction.at, lang, timeZone),
    card: maskPan(transaction.panMask),
    left: state === 'over' || until === undefined ? undefined : timeLeft(until - now, t),
    action: withLanguage(about, approvalPath(transaction.acsTransID)),
    token,
    // Never ticked beforehand (CHL-TL-1).
    prompts: prompts.map((name) => ({ name, words: t(`ask.${name}`, { merchant }) })),
    choices: match?.choices,
  })
}

export const alertPath = (acsTransID: string): string => `/bank/alerts/${acsTransID}`

export interface AlertView {
  readonly transaction: Transaction
  readonly card: Card
  readonly brand: IssuerBrand
  readonly reason: AlertReason
  /** Of the cardholder; undefined: none yet. */
  readonly answer: 'mine' | 'notMine' | undefined
  readonly isLate: boolean
  readonly token: string
}

/** The answer to an alert. */
export function renderAlert(
  about: PageAbout,
  { transaction, card, brand, reason, answer, isLate, token }: AlertView,
): string {
  const { lang, timeZone } = about
  const t = bankTexts(lang)
  const merchant = merchantOf(transaction, t)
  const heading = t(answer === undefined ? 'alert.heading' : `alert.${answer}.heading`)
  const frame = {
    testid: 'bank-alert-page',
    heading,
    brand,
    key: answer ?? 'open',
    homePath: cardPath(card.panHash),
  }
  return render('./bank/views/alert', {
    ...frameOf(about, frame),
    answer,
    told: isLate ? t('alert.told') : undefined,
    text: answer === undefined ? t(`alert.${reason}`, { merchant }) : t(`alert.${answer}.text`),
    amount: amountOf(transaction, lang),
    merchant,
    date: formatDateTime(transaction.details.purchaseDate ?? transaction.at, lang, timeZone),
    card: maskPan(transaction.panMask),
    action: withLanguage(about, alertPath(transaction.acsTransID)),
    token,
  })
}

export interface MissingView {
  readonly issuer: Issuer
  /** A form without our token, rather than an address without anything. */
  readonly isForm: boolean
}

export function renderMissing(about: PageAbout, { issuer, isForm }: MissingView): string {
  const brand = brandOf(issuer.issuers, undefined)
  const t = bankTexts(about.lang)
  const heading = t('missing.heading')
  const frame = { testid: 'bank-missing-page', heading, brand, key: 'missing', homePath: '/bank' }
  return render('./bank/views/missing', {
    ...frameOf(about, frame),
    text: t(isForm ? 'missing.form' : 'missing.text'),
  })
}
