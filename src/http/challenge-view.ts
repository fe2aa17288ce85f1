// What the page of a challenge shows of its state: every word about the purchase, and what the screen needs.
import { brandOf } from '../acs/brand.ts'
import type { ConversePorts, Screen } from '../acs/challenge/converse.ts'
import { hasCode, isInApp, type OtpChannel } from '../acs/challenge/kinds.ts'
import { matchNumber } from '../acs/challenge/match-number.ts'
import { phoneOf } from '../acs/challenge/notes.ts'
import type { Issuer } from '../acs/issuer.ts'
import type { Card, Transaction } from '../acs/ports.ts'
import { currencies } from '../protocol/tables/iso.ts'
import { schemes } from '../protocol/tables/schemes.ts'
import { formatAmount, formatDate, type Language, maskEmail, maskPan, maskPhone, pickLanguage } from '../web/i18n.ts'
import type { ChallengeView } from './views/challenge.ts'

export interface ChallengeViewPorts extends Pick<ConversePorts, 'limits' | 'clock' | 'secrets'> {
  readonly issuer: Pick<Issuer, 'issuers' | 'knowledge'>
  /** Of the simulated banking app. */
  readonly bankUrl: string
  readonly timeZone: () => string
}

/** As the ARes was answered; transactions of earlier releases say only what the browser likes (CHL-UI-12). */
export const languageOfPage = ({ details }: Pick<Transaction, 'details'>): Language =>
  details.language ?? pickLanguage(details.browserLanguage)

/** Where a code goes, masked (CHL-UI-8). */
const contactOf = (card: Card, channel: OtpChannel): string =>
  channel === 'email' ? maskEmail(card.email) : maskPhone(phoneOf(card))

export function challengeView(
  ports: ChallengeViewPorts,
  { transaction, state, card, isStale }: Extract<Screen, { show: 'challenge' }>,
  { nonce, base }: { readonly nonce: string; readonly base: string },
): ChallengeView {
  const { limits, clock, secrets, issuer, bankUrl, timeZone } = ports
  const {
    acsTransID,
    merchantName,
    purchaseAmount,
    purchaseCurrency = '',
    purchaseExponent = '0',
    details,
  } = transaction
  const { setup, screen, channel } = state
  const lang = languageOfPage(transaction)
  const now = clock.now()
  const hint = isStale ? 'stale' : state.hint
  const until = Math.min(state.until, state.endsAt ?? state.until)
  const currency = currencies.get(purchaseCurrency)?.alpha ?? purchaseCurrency
  const isAppScreen = isInApp(screen)
  // Who else may act: the banking app, a cardholder of the plan, a plan that has set the end.
  const mayMove = isAppScreen || (details.plan?.challenge?.play?.length ?? 0) > 0 || state.endsAt !== undefined
  const asked = screen === 'question' || screen === 'pictures' ? issuer.knowledge[screen] : undefined
  const mayPass = screen !== 'choose' && screen !== 'info' && !isAppScreen // the banking app asks for itself
  return {
    lang,
    nonce,
    windowSize: state.windowSize as ChallengeView['windowSize'],
    screen,
    issuer: brandOf(issuer.issuers, details.issuer),
    schemeName: schemes[transaction.scheme]?.name ?? transaction.scheme,
    action: `${base}/challenge/answer`,
    ...(mayMove && { statusAction: `${base}/challenge/status` }),
    acsTransID,
    stepToken: secrets.stepToken(acsTransID, state.step),
    ...(merchantName !== undefined && merchantName !== '' && { merchantName }),
    // Non-payment: no amount (CHL-UI-11, RES-NPA-1).
    ...(transaction.messageCategory !== '02' &&
      purchaseAmount !== undefined &&
      purchaseAmount !== '' && {
        amount: formatAmount(purchaseAmount, currency, Number(purchaseExponent), lang),
      }),
    date: formatDate(details.purchaseDate ?? transaction.at, lang, timeZone()),
    maskedPan: maskPan(transaction.panMask),
    ...(hint !== undefined && { hint }),
    triesLeft: limits.maxInteractions - state.interactions,
    answerWithinSeconds: Math.max(1, Math.ceil((until - now) / 1000)),
    ...(hasCode(screen) && channel !== undefined && { channel, maskedContact: contactOf(card, channel) }),
    canResend: hasCode(screen) && state.resends < limits.maxResends, // CHL-RSD-1
    canChangeWay: setup.kind === 'chooseOtp' && setup.channels.length > 1,
    codeLifeSeconds: Math.max(0, Math.floor((state.codeSentAt + limits.codeLifeMs - now) / 1000)),
    ...(screen === 'choose' && {
      ways: setup.channels.map((way) => ({ channel: way, maskedContact: contactOf(card, way) })),
    }),
    ...(asked !== undefined && {
      question: lang === 'ja' ? asked.textJa : asked.text,
      options: asked.options.map(({ key, text, textJa }) => ({ key, text: lang === 'ja' ? textJa : text })),
    }),
    ...(mayPass && setup.prompts !== undefined && { prompts: setup.prompts }),
    ...(screen === 'appMatch' && { matchNumber: matchNumber(secrets, acsTransID, setup.secret).shown }),
    ...(isAppScreen && { bankUrl }),
    ...(setup.kind === 'infoDecoupled' && { endsDecoupled: true }),
  }
}
