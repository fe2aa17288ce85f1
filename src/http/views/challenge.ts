/**
 * The challenge page: one shell for all five window sizes, with a template for each screen.
 *
 * Spec: EMV 3DS 2.3.1, section 4.2, [Req 122, 177, 359]; rules CHL-UI-8..12, CHL-UI-16, CHL-TL-1, FLOW-IFR-1..5, SEC-OTP-6.
 *
 * `data-testid` names are a promise to everyone who drives this page; `data-testid-version` of the body is the version of the promise.
 * Always: challenge-page, header, simulator-tag, branding, issuer, scheme, merchant, amount, date, card, challenge-form, hint,
 * issuer-text, instruction, cancel, information, help, why, simulator-note, spinner.
 * Where a code is asked for: contact, otp-label, otp-input, time-left, submit, resend, other-way. With a password: password-label,
 * password-input. To choose from: options, option-<key>. Tries: tries-left. Asked beside: prompts, trust-list, device-binding.
 * Banking app: match-number, waiting, bank-address, continue.
 * `hint` also tells its kind in `data-hint`.
 */
import { type OtpChannel, type ScreenName, templateOf } from '../../acs/challenge/kinds.ts'
import type { Hint, Prompt } from '../../acs/challenge/state.ts'
import type { IssuerBrand } from '../../acs/issuer.ts'
import type { Language } from '../../web/i18n.ts'
import { themeCss } from './brand.ts'
import { isTextKey, renderTemplate, type TextKey, translator } from './page.ts'

export type ChallengeHint = Hint

export interface ChallengeOption {
  /** What is posted. */
  readonly key: string
  readonly text: string
}

/** A way for the code. */
export interface ChallengeWay {
  readonly channel: OtpChannel
  readonly maskedContact: string
}

export interface ChallengeView {
  readonly lang: Language
  readonly nonce: string
  readonly windowSize: '01' | '02' | '03' | '04' | '05'
  readonly screen: ScreenName
  readonly issuer: IssuerBrand
  readonly schemeName: string
  /** Where the form is posted, on this origin. */
  readonly action: string
  /** Where the page asks whether there is another one to show; absent: it does not ask. */
  readonly statusAction?: string | undefined
  readonly acsTransID: string
  readonly stepToken: string
  /** Absent: a request that names no shop (RES-NPA-1). */
  readonly merchantName?: string
  /** Formatted; absent when nothing is paid. */
  readonly amount?: string
  /** Formatted. */
  readonly date: string
  readonly maskedPan: string
  readonly hint?: ChallengeHint
  readonly triesLeft: number
  /** What is left of the time for an answer; at its end the page posts `action=expired`. */
  readonly answerWithinSeconds: number
  /** How the code was sent; absent: none was. */
  readonly channel?: OtpChannel | undefined
  readonly maskedContact?: string | undefined
  readonly canResend: boolean
  /** There are other ways for the code. */
  readonly canChangeWay?: boolean | undefined
  /** To choose from. */
  readonly ways?: readonly ChallengeWay[] | undefined
  /** What is left of the life of the code. */
  readonly codeLifeSeconds: number
  /** What the issuer asks, on screens to choose from. */
  readonly question?: string | undefined
  readonly options?: readonly ChallengeOption[] | undefined
  /** Asked beside; never with a yes to begin with (CHL-TL-1). */
  readonly prompts?: readonly Prompt[] | undefined
  /** To be found in the banking app. */
  readonly matchNumber?: string | undefined
  /** Where the simulated banking app is; written, not linked to (FLOW-BRW-10). */
  readonly bankUrl?: string | undefined
  /** What was read is followed by a decoupled authentication, and not by a code. */
  readonly endsDecoupled?: boolean | undefined
}

const templates = {
  code: 'text',
  choose: 'single-select',
  question: 'single-select',
  pictures: 'multi-select',
  app: 'out-of-band',
  appMatch: 'html-out-of-band',
  entries: 'html',
  info: 'information',
} as const satisfies Readonly<Record<ScreenName, string>>

/** Hints after which the entry is at fault, as opposed to news. */
const faults: ReadonlySet<ChallengeHint> = new Set(['wrong', 'expired', 'empty'])

/** Keys of options that there is a drawing for: `picture-<key>.eta`. */
const drawn: ReadonlySet<string> = new Set(['tea', 'fan', 'kite', 'bell', 'lamp'])

const instructions = {
  email: 'challenge.instruction',
  sms: 'challenge.instructionSms',
  push: 'challenge.instructionPush',
} as const satisfies Readonly<Record<OtpChannel, TextKey>>
const helpTexts = {
  email: 'challenge.helpText',
  sms: 'challenge.helpTextSms',
  push: 'challenge.helpTextPush',
} as const satisfies Readonly<Record<OtpChannel, TextKey>>

const wayNames = {
  email: 'challenge.channel.email',
  sms: 'challenge.channel.sms',
  push: 'challenge.channel.push',
} as const satisfies Readonly<Record<OtpChannel, TextKey>>

export function renderChallengePage(view: ChallengeView): string {
  const { lang, screen, issuer, hint, channel = 'email', prompts = [], options = [], ways = [] } = view
  const t = translator(lang)
  const words = issuer[lang]
  const asksForCode = screen === 'code' || screen === 'entries'
  const isInApp = screen === 'app' || screen === 'appMatch'
  const contact = '\n'
  const [beforeContact, afterContact] = (
    screen === 'entries' ? t('challenge.instructionEntries', { contact }) : t(instructions[channel], { contact })
  ).split('\n')
  const usualTitle = view.amount === undefined ? t('challenge.titleNoAmount') : t('challenge.title')
  return renderTemplate('./challenge', {
    ...view,
    t,
    words,
    prompts,
    options: [
      ...ways.map((way) => ({ key: way.channel, text: t(wayNames[way.channel]), more: way.maskedContact })),
      ...options.map((option) => ({ ...option, ...(drawn.has(option.key) && { picture: option.key }) })),
    ],
    template: templates[screen],
    templateCode: templateOf[screen],
    themeCss: themeCss(issuer.theme),
    title: words.header ?? usualTitle,
    channel: asksForCode ? channel : undefined,
    beforeContact,
    afterContact,
    instruction: instructionFor(view),
    ...(hint !== undefined && { hintText: hintTextFor(lang, screen, hint) }),
    describedBy: `${hint === undefined ? '' : 'hint '}instruction tries-left`,
    helpLabel: isInApp ? t('challenge.helpLabelApp') : t('challenge.helpLabel'),
    helpText: isInApp ? t('challenge.helpTextApp') : asksForCode ? t(helpTexts[channel]) : undefined,
    whyText: words.why ?? t(asksForCode ? 'challenge.whyText' : 'challenge.whyTextOther', { issuer: words.name }),
    codeMinutes: Math.max(1, Math.floor(view.codeLifeSeconds / 60)),
    invalid: hint !== undefined && faults.has(hint),
  })
}

/** What to do on screens that do not ask for a code. */
function instructionFor({ lang, screen, question = '', endsDecoupled = false }: ChallengeView): string {
  const t = translator(lang)
  switch (screen) {
    case 'choose':
      return t('challenge.instructionChoose')
    case 'question':
    case 'pictures':
      return question
    case 'app':
      return t('challenge.instructionApp')
    case 'appMatch':
      return t('challenge.instructionMatch')
    case 'info':
      return endsDecoupled ? t('challenge.infoDecoupled') : t('challenge.infoOtp')
    case 'code':
    case 'entries':
      return ''
  }
}

/** A hint says it for its screen where it would sound wrong otherwise. */
function hintTextFor(lang: Language, screen: ScreenName, hint: ChallengeHint): string {
  const key = `hint.${hint}.${screen}`
  return translator(lang)(isTextKey(key) ? key : `hint.${hint}`)
}
