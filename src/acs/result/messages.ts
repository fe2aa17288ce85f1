// The messages the ACS builds: ARes, RReq, the final CRes. Spec: Tables B.2, B.5, B.8; RES sections 3 and 6, FLOW-BRW-7.
import type { AReq, ARes, CRes, RReq } from '../../protocol/messages/types.ts'
import { eciOf } from '../../protocol/tables/schemes.ts'
import type { Verdict } from '../challenge/state.ts'
import type { Secrets, Transaction } from '../ports.ts'

/** Marks the product; obviously not a reference number that anybody was given (RES-AR-4). */
export const acsReferenceNumber = 'SEKISHO_ACS_SIMULATOR'

/** Dynamic authentication: a one-time code (RES section 3). */
const authenticationType = '02'
/** Other OTP: a code by e-mail; for the DS only (RES section 6). */
const authenticationMethod = '05'

const hasValue = (transStatus: string): boolean => transStatus === 'Y' || transStatus === 'A' // RES-AV-1

export interface AResInput {
  readonly areq: Pick<
    AReq,
    'threeDSServerTransID' | 'dsTransID' | 'dsReferenceNumber' | 'messageVersion' | 'messageCategory' | 'deviceChannel'
  > & {
    readonly purchaseAmount?: string
    readonly purchaseCurrency?: string
    readonly sdkTransID?: string
    readonly threeDSRequestorChallengeInd?: string | readonly string[]
  }
  readonly acsTransID: string
  readonly panHash: string
  readonly scheme: string
  readonly transStatus: string
  readonly transStatusReason?: string | undefined
  readonly acsChallengeMandated?: 'Y' | 'N' | undefined
  readonly acsURL: string
}

export function buildARes(input: AResInput, secrets: Secrets): ARes {
  const { areq, acsTransID, transStatus } = input
  const isPayment = areq.messageCategory === '01'
  const eci = isPayment
    ? eciOf(input.scheme, transStatus, [areq.threeDSRequestorChallengeInd ?? '01'].flat()[0])
    : undefined
  return {
    messageType: 'ARes',
    messageVersion: areq.messageVersion,
    threeDSServerTransID: areq.threeDSServerTransID,
    dsTransID: areq.dsTransID,
    acsTransID,
    ...(areq.sdkTransID !== undefined && { sdkTransID: areq.sdkTransID }),
    dsReferenceNumber: areq.dsReferenceNumber,
    acsReferenceNumber,
    transStatus,
    ...(input.transStatusReason !== undefined && { transStatusReason: input.transStatusReason }),
    ...(transStatus === 'C' && {
      acsChallengeMandated: input.acsChallengeMandated ?? 'N',
      acsURL: input.acsURL,
      authenticationType,
    }),
    ...(eci !== undefined && { eci }),
    ...(isPayment &&
      hasValue(transStatus) && {
        authenticationValue: secrets.authenticationValue({
          acsTransID,
          panHash: input.panHash,
          purchaseAmount: areq.purchaseAmount ?? '',
          purchaseCurrency: areq.purchaseCurrency ?? '',
          transStatus,
        }),
      }),
  }
}

/** The one RReq of a challenge. Made of stored data only, so every attempt has the same bytes (CHL-SM-3). */
export function buildRReq(transaction: Transaction, verdict: Verdict, secrets: Secrets): RReq {
  const { transStatus } = verdict
  const eci = eciOf(transaction.scheme, transStatus, transaction.details.challengeInd)
  return {
    messageType: 'RReq',
    messageVersion: transaction.messageVersion,
    messageCategory: transaction.messageCategory,
    threeDSServerTransID: transaction.threeDSServerTransID,
    acsTransID: transaction.acsTransID,
    dsTransID: transaction.dsTransID,
    transStatus,
    ...(verdict.transStatusReason !== undefined && { transStatusReason: verdict.transStatusReason }),
    ...((transStatus === 'Y' || transStatus === 'N') && { authenticationType }),
    authenticationMethod,
    interactionCounter: String(Math.min(verdict.interactionCounter, 99)).padStart(2, '0'), // CHL-ATT-1
    ...(verdict.challengeCancel !== undefined && { challengeCancel: verdict.challengeCancel }),
    ...(eci !== undefined && { eci }),
    ...(hasValue(transStatus) && {
      authenticationValue: secrets.authenticationValue({
        acsTransID: transaction.acsTransID,
        panHash: transaction.panHash,
        purchaseAmount: transaction.purchaseAmount,
        purchaseCurrency: transaction.purchaseCurrency,
        transStatus,
      }),
    }),
  }
}

/** The final CRes of a browser challenge: Y, or N for every other verdict (CHL-CTR-7, FLOW-BRW-7). */
export const buildFinalCRes = (
  transaction: Transaction,
  verdict: Verdict,
): Pick<CRes, 'messageType' | 'messageVersion' | 'transStatus'> & {
  readonly threeDSServerTransID: string
  readonly acsTransID: string
} => ({
  messageType: 'CRes',
  messageVersion: transaction.messageVersion,
  threeDSServerTransID: transaction.threeDSServerTransID,
  acsTransID: transaction.acsTransID,
  transStatus: verdict.transStatus === 'Y' ? 'Y' : 'N',
})
