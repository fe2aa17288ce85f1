// A transaction as the 3DS Server sees it over time. Spec: sections 3.3, 5.9.4, 5.9.9; FLOW-S-2, 3, 5, FLOW-BRW-3, 9,
// FLOW-TMR-13, RES-DEC-5.
import { encodeBase64url } from '../../protocol/base64url.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import { isAtLeast } from '../versions.ts'
import { type TransactionStatus, transactionStatus } from './api.ts'
import type { ThreeDSServerSettings } from './options.ts'

export const newTransaction = (
  fresh: Pick<
    ThreeDSServerTransaction,
    'threeDSServerTransID' | 'messageVersion' | 'card' | 'threeDSMethod' | 'createdAt'
  > &
    Partial<ThreeDSServerTransaction>,
): ThreeDSServerTransaction => ({
  dsTransID: undefined,
  acsTransID: undefined,
  phase: 'prepared',
  settledBy: undefined,
  transStatus: undefined,
  transStatusReason: undefined,
  eci: undefined,
  authenticationValue: undefined,
  challengeCancel: undefined,
  cardholderInfo: undefined,
  aresStatus: undefined,
  acsURL: undefined,
  challengeWindowSize: undefined,
  sessionData: undefined,
  returnURL: undefined,
  erro: undefined,
  rreqHash: undefined,
  rresBytes: undefined,
  resultsStatus: undefined,
  gaveUpAt: undefined,
  returnedAt: undefined,
  authenticatedAt: undefined,
  deviceChannel: '02',
  messageCategory: '01',
  acsDecConInd: undefined,
  waitsUntil: undefined,
  continuedBy: undefined,
  continues: undefined,
  untoldAt: undefined,
  trustListStatus: undefined,
  deviceBindingStatus: undefined,
  transChallengeExemption: undefined,
  context: undefined,
  ...fresh,
})

/** A text up to 2.2.0, then an object with one (VER-23-31). */
export const infoIn = (info: string | { readonly text?: string | undefined } | undefined): string | undefined =>
  typeof info === 'string' ? info : info?.text

const minute = 60_000

/** Until when the result of a decoupled authentication is waited for: max time + 30 s, in 2.3.1 an hour more (VER-23-32). */
export const decoupledUntil = (from: number, minutes: number, messageVersion: string): number =>
  from + minutes * minute + 30_000 + (isAtLeast(messageVersion, '2.3.1') ? 60 * minute : 0)

type Limits = Pick<ThreeDSServerSettings, 'aresWithinMs' | 'resultWithinMs' | 'challengeWithinMs'>

function isOverdue(transaction: ThreeDSServerTransaction, now: number, limits: Limits): boolean {
  const { phase, authenticatedAt, returnedAt, waitsUntil } = transaction
  if (phase === 'decoupled') return waitsUntil !== undefined && now > waitsUntil // FLOW-TMR-13
  if (authenticatedAt === undefined) return false
  // An AReq under way when the process ended has nobody left who waits for its ARes.
  if (phase === 'authenticating') return now - authenticatedAt > 2 * limits.aresWithinMs
  if (phase !== 'challenge') return false
  if (returnedAt !== undefined && now - returnedAt > limits.resultWithinMs) return true
  return now - authenticatedAt > limits.challengeWithinMs
}

/** The transaction as it stands now: one whose result did not come in time is not authenticated (FLOW-S-5). */
export const asOf = (transaction: ThreeDSServerTransaction, now: number, limits: Limits): ThreeDSServerTransaction =>
  isOverdue(transaction, now, limits)
    ? { ...transaction, phase: 'settled', settledBy: 'noResult', transStatus: undefined }
    : transaction

/** The CReq that the requestor posts through the browser: base64url without padding (FLOW-BRW-3, FLOW-GEN-4). */
function creqOf(transaction: ThreeDSServerTransaction): string | undefined {
  const { threeDSServerTransID, acsTransID, messageVersion, challengeWindowSize } = transaction
  // A challenge in an app is between its SDK and the ACS.
  if (transaction.aresStatus !== 'C' || transaction.deviceChannel !== '02' || acsTransID === undefined) return undefined
  return encodeBase64url(
    JSON.stringify({ threeDSServerTransID, acsTransID, messageType: 'CReq', messageVersion, challengeWindowSize }),
  )
}

/** What the requestor is told. */
export const statusOf = (transaction: ThreeDSServerTransaction): TransactionStatus =>
  transactionStatus.parse({
    ...transaction,
    threeDSSessionData: transaction.sessionData,
    creq: creqOf(transaction),
    isReturned: transaction.returnedAt !== undefined,
    erro: transaction.erro === undefined ? undefined : JSON.parse(transaction.erro),
  })
