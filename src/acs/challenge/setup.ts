// How a challenge is to go, from what was decided and what the register knows.
import type { Card, NewTransaction } from '../ports.ts'
import { type ChallengeKind, kindOf, type OtpChannel, otpChannels, rowOf } from './kinds.ts'
import type { ChallengeSetup } from './state.ts'

const channelOfKind: Readonly<Partial<Record<ChallengeKind, OtpChannel>>> = {
  emailOtp: 'email',
  smsOtp: 'sms',
  pushOtp: 'push',
}

/** Where the holder can be reached; a register that names less than two leaves the choice among all. */
function offered(card: Pick<Card, 'methods'>): readonly OtpChannel[] {
  const own = card.methods.flatMap((method) => channelOfKind[method] ?? [])
  return own.length < 2 ? otpChannels : [...new Set(own)]
}

/** Where a code of the kind may go; the first is the usual one. */
export function channelsOf(kind: ChallengeKind, card: Pick<Card, 'methods'>): readonly OtpChannel[] {
  const { channel } = rowOf(kind)
  if (channel !== undefined) return [channel]
  return kind === 'chooseOtp' ? offered(card) : []
}

/** `secret`: random, of this transaction alone. */
export function setupOf(
  { details }: Pick<NewTransaction, 'details'>,
  card: Pick<Card, 'methods'>,
  secret: string,
): ChallengeSetup {
  const kind = kindOf({ details })
  const { appSeenAfter } = details.plan?.challenge ?? {}
  return {
    kind,
    channels: channelsOf(kind, card),
    ...(details.prompts !== undefined && { prompts: details.prompts }),
    secret,
    ...(appSeenAfter !== undefined && { appSeenAfter }),
  }
}
