// How the cardholder of a challenge is given a code, in the words of the messages. Spec: RES section 6 (authenticationMethod).
import type { Plan } from '../plan.ts'
import type { Card, ChallengeMethod, InboxChannel, Transaction } from '../ports.ts'

/** authenticationMethod by the newest codes: 05 other OTP, 02 SMS OTP. */
export const codesOfMethod = {
  emailOtp: ['05'],
  smsOtp: ['02'],
} as const satisfies Readonly<Record<ChallengeMethod, readonly string[]>>

/** What the plan says, otherwise what the register has first. */
export const methodFor = (plan: Pick<Plan, 'challenge'> | undefined, card: Pick<Card, 'methods'>): ChallengeMethod =>
  plan?.challenge?.kind ?? card.methods[0] ?? 'emailOtp'

/** As the ARes has announced it. */
export const methodOf = ({ details }: Pick<Transaction, 'details'>): ChallengeMethod =>
  details.authenticationMethods?.includes('02') === true ? 'smsOtp' : 'emailOtp'

export const channelOf = { emailOtp: 'email', smsOtp: 'sms' } as const satisfies Readonly<
  Record<ChallengeMethod, InboxChannel>
>
