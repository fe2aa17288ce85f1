// A challenge for tests of the machine: how it is set up, and a judge to whom the code says its own number.
import type { ChallengeKind } from '../../src/acs/challenge/kinds.ts'
import { rowOf } from '../../src/acs/challenge/kinds.ts'
import type { ChallengeSetup } from '../../src/acs/challenge/state.ts'
import type { Judge } from '../../src/acs/challenge/transition.ts'

/** A code by e-mail, unless the test says otherwise. */
export function setupWith(change: Partial<ChallengeSetup> & { readonly kind?: ChallengeKind } = {}): ChallengeSetup {
  const kind = change.kind ?? 'emailOtp'
  const { channel } = rowOf(kind)
  const channels = kind === 'chooseOtp' ? (['email', 'sms', 'push'] as const) : channel === undefined ? [] : [channel]
  return { kind, channels, secret: 'a secret', ...change }
}

/** Right are: the key `right` to a question, `right` with `too` to the pictures, the password `sesame`. */
export const judgeWith = (isCode: Judge['isCode']): Judge => ({
  isCode,
  isPassword: (entered) => entered === 'sesame',
  isSelection: (screen, selected) => [...selected].sort().join() === (screen === 'pictures' ? 'right,too' : 'right'),
})
