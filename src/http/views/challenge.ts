/**
 * The challenge page for a one-time code, for all five window sizes.
 *
 * Spec: EMV 3DS 2.2.0, [Req 122, 177, 359]; rules CHL-UI-8..12, CHL-UI-16, FLOW-IFR-1..5, SEC-OTP-6.
 *
 * `data-testid` names are a promise to everyone who drives this page: challenge-page, header, simulator-tag, branding, issuer, scheme,
 * merchant, amount, date, card, instruction, contact, challenge-form, hint, otp-label, otp-input, time-left, tries-left, submit, resend, cancel,
 * information, why, help, simulator-note, spinner. `hint` also tells its kind in `data-hint`.
 */
import type { Language } from '../../web/i18n.ts'
import { renderTemplate, translator } from './page.ts'

export type ChallengeHint =
  | 'wrong'
  | 'expired'
  | 'empty'
  | 'resent'
  | 'resendTooSoon'
  | 'resendLimit'
  | 'checking'
  | 'stale'
  | 'appOpen'

export interface ChallengeView {
  readonly lang: Language
  readonly nonce: string
  readonly windowSize: '01' | '02' | '03' | '04' | '05'
  /** Where the form is posted, on this origin. */
  readonly action: string
  readonly acsTransID: string
  readonly stepToken: string
  /** Absent: a request that names no shop (RES-NPA-1). */
  readonly merchantName?: string
  /** Formatted; absent when nothing is paid. */
  readonly amount?: string
  /** Formatted. */
  readonly date: string
  readonly maskedPan: string
  readonly maskedContact: string
  /** How the code was sent. */
  readonly channel: 'email' | 'sms' | 'push'
  readonly triesLeft: number
  readonly hint?: ChallengeHint
  readonly canResend: boolean
  /** What is left of the time for an answer; at its end the page posts `action=expired`. */
  readonly answerWithinSeconds: number
  /** What is left of the life of the code. */
  readonly codeLifeSeconds: number
  readonly issuerName: string
  readonly schemeName: string
}

/** Hints after which the entry is at fault, as opposed to news. */
const faults: ReadonlySet<ChallengeHint> = new Set(['wrong', 'expired', 'empty'])

export function renderChallengePage(view: ChallengeView): string {
  const { hint } = view
  const t = translator(view.lang)
  const isText = view.channel === 'sms'
  const contact = '\n'
  const instruction = isText ? t('challenge.instructionSms', { contact }) : t('challenge.instruction', { contact })
  const [beforeContact, afterContact] = instruction.split('\n')
  return renderTemplate('./challenge', {
    ...view,
    t,
    beforeContact,
    afterContact,
    helpText: isText ? t('challenge.helpTextSms') : t('challenge.helpText'),
    codeMinutes: Math.max(1, Math.floor(view.codeLifeSeconds / 60)),
    invalid: hint !== undefined && faults.has(hint),
  })
}
