// The state of a challenge as others may see it: without what codes are derived from and what the requestor wants back.
import type { Challenge } from './state.ts'

export function shownChallenge(challenge: Challenge): object {
  const {
    threeDSSessionData: _sealed,
    setup,
    ...state
  } = { threeDSSessionData: undefined, setup: undefined, ...challenge }
  if (setup === undefined) return state
  const { secret: _secret, ...rest } = setup
  return { ...state, setup: rest }
}
