// How an order ended, in the shop's words. Spec: Table A.1, transStatus; RES-EX-1, FLOW-S-5, MIS-RES-12.
import type { TransactionStatus } from '../threeds-server/api.ts'
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

export type Tone = 'good' | 'neutral' | 'bad'

export const toneOf: Readonly<Record<Outcome, Tone>> = {
  Y: 'good',
  A: 'good',
  I: 'neutral',
  waiting: 'neutral',
  gaveUp: 'neutral',
  N: 'bad',
  U: 'bad',
  R: 'bad',
  noResult: 'bad',
  Erro: 'bad',
  failure: 'bad',
}

/** What a transStatusReason means; 80–99 belong to the DS. */
export function reasonKey(transStatusReason: string): TextKey {
  const code = Number(transStatusReason)
  if (code >= 80 && code <= 99) return 'reason.ds'
  const isKnown = /^\d\d$/.test(transStatusReason) && code >= 1 && code <= 26
  return isKnown ? (`reason.${transStatusReason}` as TextKey) : 'reason.other'
}
