// How an order ended, in the shop's words. Spec: Table A.1, transStatus; RES-EX-1, FLOW-S-5, MIS-RES-12.
import type { TransactionStatus } from '../threeds-server/api.ts'
import type { Acceptance } from './checkout.ts'
import type { Step } from './order.ts'
import type { TextKey } from './texts.ts'

export type Outcome = 'Y' | 'A' | 'N' | 'U' | 'R' | 'I' | 'noResult' | 'gaveUp' | 'Erro' | 'failure' | 'waiting'

const byTransStatus: Readonly<Record<string, Outcome>> = { Y: 'Y', A: 'A', N: 'N', U: 'U', R: 'R', I: 'I' }

/** The status that the 3DS Server received from the ACS decides; a cres never does (FLOW-BRW-8). */
export function outcomeOf(status: TransactionStatus | undefined): Outcome {
  if (status === undefined) return 'failure'
  if (status.phase !== 'settled') return 'waiting'
  if (status.settledBy === 'noResult' || status.settledBy === 'gaveUp' || status.settledBy === 'Erro') {
    return status.settledBy
  }
  return byTransStatus[status.transStatus ?? ''] ?? 'noResult'
}

/** What a policy makes of an outcome: authenticated, at the shop's own risk, or no authorisation at all. */
export type Verdict = 'accept' | 'ownRisk' | 'stop'

/** Read as: I answers a wish of the shop's own, which then goes on without the issuer's liability (RES-EX-1). */
export function verdictOf(outcome: Outcome, acceptance: Acceptance): Verdict {
  if (outcome === 'Y') return 'accept'
  if (outcome === 'A') return acceptance === 'YA' ? 'accept' : 'stop'
  return outcome === 'I' ? 'ownRisk' : 'stop'
}

/** How the order ended: placed (or paid), refused by the shop itself, declined by the acquirer, or never sent to it. */
export type Ending = 'waiting' | 'placed' | 'refused' | 'declined' | 'notSent' | 'checked'

/** `paysNothing`: the merchant only asked something. */
export function endingOf(outcome: Outcome, steps: readonly Step[], paysNothing = false): Ending {
  if (outcome === 'waiting') return 'waiting'
  if (paysNothing) return 'checked'
  const last = steps.at(-1)
  if (last?.kind === 'notSent') return 'notSent'
  if (last?.kind !== 'authorisation') return 'refused'
  return last.responseCode === '00' ? 'placed' : 'declined'
}

export type Tone = 'good' | 'neutral' | 'bad'

const neutral: readonly Outcome[] = ['I', 'waiting', 'gaveUp']

export function toneOf(outcome: Outcome, ending: Ending): Tone {
  if (neutral.includes(outcome)) return 'neutral'
  return ending === 'placed' || (ending === 'checked' && outcome === 'Y') ? 'good' : 'bad'
}

/** The words over the result. */
export function headlineKey(outcome: Outcome, ending: Ending): TextKey {
  if (ending === 'checked') return outcome === 'Y' ? 'ending.checked.Y' : 'ending.checked.N'
  if (ending === 'declined' || ending === 'notSent') return `ending.${ending}`
  return outcome === 'A' && ending === 'refused' ? 'outcome.A.refused' : `outcome.${outcome}`
}

/** What a transStatusReason means; 80–99 belong to the DS. */
export function reasonKey(transStatusReason: string): TextKey {
  const code = Number(transStatusReason)
  if (code >= 80 && code <= 99) return 'reason.ds'
  const isKnown = /^\d\d$/.test(transStatusReason) && code >= 1 && code <= 30
  return isKnown ? (`reason.${transStatusReason}` as TextKey) : 'reason.other'
}

const cancelCodes = ['01', '03', '04', '05', '06', '07', '08', '09', '10'] as const

export function cancelKey(challengeCancel: string): TextKey {
  const known = cancelCodes.find((code) => code === challengeCancel)
  return known === undefined ? 'cancel.other' : `cancel.${known}`
}
