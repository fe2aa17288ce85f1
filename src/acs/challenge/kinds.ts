// The kinds of a challenge: which screens the cardholder sees one after the other, by which template each is drawn, and how the
// messages name it. Spec: section 4.2, Table A.14 (acsUiTemplate); CHL section 5, RES section 6 (authenticationMethod).
import type { Plan } from '../plan.ts'
import type { Card, InboxChannel, Transaction } from '../ports.ts'

export const challengeKinds = [
  'emailOtp',
  'smsOtp',
  'pushOtp',
  'chooseOtp',
  'singleSelect',
  'multiSelect',
  'oob',
  'oobMatch',
  'passwordOtp',
  'infoOtp',
  'infoDecoupled',
] as const
export type ChallengeKind = (typeof challengeKinds)[number]

/**
 * What the cardholder has in front of them.
 * code: a one-time code; choose: where the code goes; question: one answer; pictures: several; app: confirm in the banking app;
 * appMatch: the same with a number to find there; entries: a password and a code; info: something to read.
 */
export const screenNames = ['code', 'choose', 'question', 'pictures', 'app', 'appMatch', 'entries', 'info'] as const
export type ScreenName = (typeof screenNames)[number]

/** acsUiTemplate of a screen: 01 text, 02 single select, 03 multi select, 04 out of band, 05 HTML, 06 HTML out of band, 07 information. */
export const templateOf = {
  code: '01',
  choose: '02',
  question: '02',
  pictures: '03',
  app: '04',
  appMatch: '06',
  entries: '05',
  info: '07',
} as const satisfies Readonly<Record<ScreenName, string>>

/** Where a code may go. */
export const otpChannels = ['email', 'sms', 'push'] as const satisfies readonly InboxChannel[]
export type OtpChannel = (typeof otpChannels)[number]

interface KindRow {
  /** In this order. */
  readonly screens: readonly [ScreenName, ...ScreenName[]]
  /** authenticationMethod by the newest codes; where the cardholder chooses, of all that there are. */
  readonly methods: readonly string[]
  /** The code goes there; absent: there is none, or the cardholder chooses. */
  readonly channel?: OtpChannel
}

/** authenticationMethod of a code: 05 other OTP, 02 SMS OTP, 04 app OTP. */
export const methodOfChannel = { email: '05', sms: '02', push: '04' } as const satisfies Readonly<
  Record<OtpChannel, string>
>

export const kinds = {
  emailOtp: { screens: ['code'], methods: ['05'], channel: 'email' },
  smsOtp: { screens: ['code'], methods: ['02'], channel: 'sms' },
  pushOtp: { screens: ['code'], methods: ['04'], channel: 'push' },
  chooseOtp: { screens: ['choose', 'code'], methods: ['05', '02', '04'] },
  singleSelect: { screens: ['question'], methods: ['06'] },
  multiSelect: { screens: ['pictures'], methods: ['06'] },
  oob: { screens: ['app'], methods: ['09'] },
  oobMatch: { screens: ['appMatch'], methods: ['07'] },
  passwordOtp: { screens: ['entries'], methods: ['05', '01'], channel: 'email' },
  infoOtp: { screens: ['info', 'code'], methods: ['05'], channel: 'email' },
  infoDecoupled: { screens: ['info'], methods: ['05'], channel: 'email' },
} as const satisfies Readonly<Record<ChallengeKind, KindRow>>

export const rowOf = (kind: ChallengeKind): KindRow => kinds[kind]

/** What comes after a screen; undefined: the verdict. */
export function screenAfter(kind: ChallengeKind, screen: ScreenName): ScreenName | undefined {
  const { screens } = rowOf(kind)
  return screens[screens.indexOf(screen) + 1]
}

/** The banking app answers, not the page. */
export const isInApp = (screen: ScreenName): boolean => screen === 'app' || screen === 'appMatch'

/** A code has been sent for it. */
export const hasCode = (screen: ScreenName): boolean => screen === 'code' || screen === 'entries'

/** authenticationMethod as the ARes announces it; `channels`: where a code may go. */
export const announcedMethods = (kind: ChallengeKind, channels: readonly OtpChannel[]): readonly string[] =>
  kind === 'chooseOtp' ? channels.map((channel) => methodOfChannel[channel]) : rowOf(kind).methods

export interface KindAbout {
  readonly messageVersion: string
  /** A challenge may be handed over to a decoupled authentication (RES-TS-5). */
  readonly decReqInd?: string | undefined
}

/**
 * What the plan says, otherwise what a rule of the policy wants if the register has it, otherwise what the register has
 * first, as far as the version goes: there is no information template before 2.3.1 (VER-23-7), and no handing over to a
 * decoupled authentication that was not offered (RES-TS-5).
 */
export function kindFor(
  plan: Pick<Plan, 'challenge'> | undefined,
  card: Pick<Card, 'methods'>,
  { messageVersion, decReqInd }: KindAbout,
  ruled?: ChallengeKind,
): ChallengeKind {
  const own = ruled !== undefined && card.methods.includes(ruled) ? ruled : card.methods[0]
  const wanted = plan?.challenge?.kind ?? own ?? 'emailOtp'
  if (wanted === 'infoOtp') return messageVersion === '2.3.1' ? wanted : 'emailOtp'
  if (wanted !== 'infoDecoupled') return wanted
  return messageVersion === '2.3.1' && (decReqInd === 'F' || decReqInd === 'B') ? wanted : 'emailOtp'
}

/** Of a transaction; those of earlier releases say it by their methods. */
export const kindOf = ({ details }: Pick<Transaction, 'details'>): ChallengeKind =>
  details.challengeKind ?? (details.authenticationMethods?.includes('02') === true ? 'smsOtp' : 'emailOtp')
