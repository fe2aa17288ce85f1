// Whether an authentication value is the one the ACS gave for a transaction. Spec: RES-AV-6, SEC-LOG-3; docs/authentication-values.md.
import { timingSafeEqual } from 'node:crypto'
import { authenticationValues } from '../../protocol/tables/authentication-values.ts'
import type { Secrets, Transaction } from '../ports.ts'
import { aboutValues, authenticationValueOf } from './messages.ts'
import { carriesValue, eciOf, layoutOf } from './values.ts'

/** What a requestor or an acquirer knows, or claims. */
export interface Claim {
  readonly authenticationValue: string
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly transStatus?: string | undefined
  readonly acctNumber?: string | undefined
}

type Why =
  /** It is the value of this transaction, and all that was claimed agrees. */
  | 'matches'
  /** The transaction did not end in Y or A, or is of a category without values. */
  | 'noValue'
  /** Not the scheme's form: other characters, or another length. */
  | 'malformed'
  /** Of other data: another transaction, status, amount, currency or card. */
  | 'differs'
  /** The value is right, but not for what was claimed; see `disagrees`. */
  | 'disagrees'

export interface Verification {
  readonly valid: boolean
  readonly why: Why
  /** Claims that are not those of the transaction. */
  readonly disagrees?: readonly string[]
}

const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** transStatus of the last word: the RReq's where there was one. */
export const statusOf = ({ transStatus, resultStatus }: Transaction): string => resultStatus ?? transStatus

export function verify(transaction: Transaction, claim: Claim, secrets: Secrets): Verification {
  const transStatus = statusOf(transaction)
  if (!carriesValue(transStatus, aboutValues(transaction))) return { valid: false, why: 'noValue' }
  const { panHash, purchaseAmount = '', purchaseCurrency = '', scheme } = transaction
  const { authenticationValue: given } = claim
  const isFormed =
    Buffer.from(given, 'base64').length === layoutOf(scheme, transStatus).octets &&
    /^[A-Za-z0-9+/]{26,28}={0,2}$/.test(given)
  if (!isFormed || given.length !== (authenticationValues[scheme]?.characters ?? 28))
    return { valid: false, why: 'malformed' }
  if (!isSame(authenticationValueOf(transaction, transStatus, secrets), given)) return { valid: false, why: 'differs' }
  const claims = [
    ['purchaseAmount', claim.purchaseAmount, purchaseAmount],
    ['purchaseCurrency', claim.purchaseCurrency, purchaseCurrency],
    ['transStatus', claim.transStatus, transStatus],
    ['acctNumber', claim.acctNumber === undefined ? undefined : secrets.panHash(claim.acctNumber), panHash],
  ] as const
  const disagrees = claims.flatMap(([name, said, kept]) => (said !== undefined && said !== kept ? [name] : []))
  return disagrees.length === 0 ? { valid: true, why: 'matches' } : { valid: false, why: 'disagrees', disagrees }
}

/** How the value of this transaction is made, for who wants to make it again. */
export function algorithmOf(transaction: Transaction) {
  const transStatus = statusOf(transaction)
  const { octets, lead } = layoutOf(transaction.scheme, transStatus)
  return {
    mac: 'HMAC-SHA-256',
    fields: ['acsTransID', 'panHash', 'purchaseAmount', 'purchaseCurrency', 'transStatus'],
    separator: '|',
    octets,
    lead: Buffer.from(lead).toString('hex'),
    encoding: 'base64',
  } as const
}

/** The ECI that belongs to the outcome. */
export const expectedEci = (transaction: Transaction): string | undefined =>
  eciOf(statusOf(transaction), aboutValues(transaction))
