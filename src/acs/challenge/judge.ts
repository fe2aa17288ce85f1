// What is right: the code that was sent, and the answers that every cardholder of this issuer would give.
import type { Issuer } from '../issuer.ts'
import type { Secrets } from '../ports.ts'
import type { ScreenName } from './kinds.ts'
import type { Challenge } from './state.ts'
import type { Judge } from './transition.ts'

export type Knowledge = Issuer['knowledge']

/** Keys of the right options of a screen. */
export const rightKeys = (knowledge: Knowledge, screen: ScreenName): readonly string[] =>
  screen === 'question' || screen === 'pictures'
    ? knowledge[screen].options.filter(({ isRight }) => isRight).map(({ key }) => key)
    : []

/** In constant time for texts of equal length (SEC-OTP-3). */
export function isSame(right: string, entered: string): boolean {
  let difference = right.length ^ entered.length
  for (let i = 0; i < right.length; i += 1)
    difference |= right.charCodeAt(i) ^ entered.charCodeAt(i % Math.max(entered.length, 1))
  return difference === 0
}

const secretOf = (challenge: Challenge): string | undefined =>
  challenge.phase === 'awaitingFirstCReq' || challenge.phase === 'awaitingAnswer' ? challenge.setup.secret : undefined

export function judgeOf(
  secrets: Pick<Secrets, 'otp'>,
  knowledge: Knowledge,
  { acsTransID, challenge }: { readonly acsTransID: string; readonly challenge: Challenge },
): Judge {
  const secret = secretOf(challenge)
  return {
    isCode: (codeNumber, entered) =>
      secret !== undefined && isSame(secrets.otp(acsTransID, codeNumber, secret), entered),
    isPassword: (entered) => isSame(knowledge.password, entered.normalize('NFKC').trim().toLowerCase()),
    isSelection(screen, selected) {
      const right = rightKeys(knowledge, screen)
      return right.length === new Set(selected).size && right.every((key) => selected.includes(key))
    },
  }
}
