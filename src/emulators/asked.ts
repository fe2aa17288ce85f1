// What a party remembers of an AReq and its ARes, for the messages that follow them, maybe days later: no card, no secret.
// Spec: Tables A.1, A.17; RES-TS-1…8, FLOW-DS-5, FLOW-DS-6.
import type { JsonObject } from '../protocol/rules/conditions.ts'

const ofAReq = [
  'messageVersion',
  'threeDSServerTransID',
  'dsTransID',
  'sdkTransID',
  'dsReferenceNumber',
  'deviceChannel',
  'messageCategory',
  'threeRIInd',
  'threeDSRequestorAuthenticationInd',
  'threeDSRequestorChallengeInd',
  'threeDSRequestorDecReqInd',
  'threeDSRequestorDecMaxTime',
  'threeDSRequestorSpcSupport',
  'splitSdkType',
  'deviceRenderOptions',
] as const

const ofARes = [
  'messageVersion',
  'threeDSServerTransID',
  'dsTransID',
  'acsTransID',
  'sdkTransID',
  'acsReferenceNumber',
  'transStatus',
  'acsDecConInd',
  'acsChallengeMandated',
  'authenticationType',
  'authenticationMethod',
  'acsRenderingType',
] as const

const kept = (message: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (message[name] === undefined ? [] : [[name, message[name]]])))

/** The two messages as far as they are kept, as JSON; of an authentication value that there was one (RES-AV-1). */
export const contextOf = (areq: JsonObject, ares?: JsonObject): string =>
  JSON.stringify({
    AReq: kept(areq, ofAReq),
    ...(ares !== undefined && {
      ARes: { ...kept(ares, ofARes), ...(ares.authenticationValue !== undefined && { authenticationValue: '***' }) },
    }),
  })

/** What the row of a transaction says by itself; rows of earlier releases say no more. */
export interface TransactionRow {
  readonly threeDSServerTransID: string
  readonly dsTransID: string | undefined
  readonly acsTransID: string | undefined
  readonly messageVersion: string
  readonly deviceChannel: string
  readonly messageCategory: string
  readonly aresStatus: string | undefined
  readonly context: string | undefined
}

export interface Context extends JsonObject {
  readonly AReq: JsonObject
  readonly ARes: JsonObject
}

/** What a later message of the transaction is read and checked with. */
export function contextOfRow(row: TransactionRow): Context {
  const { threeDSServerTransID, dsTransID, acsTransID, messageVersion, aresStatus } = row
  const ids = { threeDSServerTransID, ...(dsTransID !== undefined && { dsTransID }), messageVersion }
  const stored = (row.context === undefined ? {} : JSON.parse(row.context)) as Partial<Context>
  return {
    AReq: { ...stored.AReq, ...ids, deviceChannel: row.deviceChannel, messageCategory: row.messageCategory },
    ARes: {
      ...(aresStatus === 'D' && { acsDecConInd: 'Y' }),
      ...stored.ARes,
      ...ids,
      ...(acsTransID !== undefined && { acsTransID }),
      ...(aresStatus !== undefined && { transStatus: aresStatus }),
    },
  }
}

/** Maximum minutes of a decoupled authentication. Spec: RES-DEC-4. */
const longestMinutes = 10_080

/** threeDSRequestorDecMaxTime in minutes; without a usable one the longest there is (ACS-VAL-52). */
export function decoupledMinutes(areq: JsonObject): number {
  const { threeDSRequestorDecMaxTime: text } = areq
  const minutes = typeof text === 'string' && /^\d{5}$/.test(text) ? Number(text) : longestMinutes
  return Math.min(Math.max(minutes, 1), longestMinutes)
}
