// The AReq: what the requestor knows, completed by the 3DS Server. Spec: Table A.1, Table B.1; FLOW-MTH-5, FLOW-S-8, 9,
// FLOW-3RI-1, FLOW-3RI-4.
import { withoutOtherColumns } from '../columns.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import { isAtLeast } from '../versions.ts'
import type { ThreeDSServerSettings } from './options.ts'
import { type Elements, inShapeOf } from './shapes.ts'

/** IPv4 as such where the socket reports it inside an IPv6 address. */
export const browserIP = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')

/** YYYYMMDDHHMMSS in UTC. */
const wireSecond = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)

/** YYYYMMDDHHMM in UTC. */
const wireMinute = (at: number): string => wireSecond(at).slice(0, 12)

const threeDSCompInd = { none: 'U', pending: 'N', completed: 'Y' } as const

/** How an earlier transaction was authenticated, in the codes of threeDSReqPriorAuthMethod. */
function priorMethod({ aresStatus, transStatus }: ThreeDSServerTransaction): string {
  if (aresStatus === 'C' || aresStatus === 'D') return '02' // challenge occurred
  return transStatus === 'A' ? '04' : '01'
}

/** An earlier transaction as the AReq names it (FLOW-3RI-4); without an acsTransID there was no authentication. */
export function priorElements(prior: ThreeDSServerTransaction, messageVersion: string): Elements {
  const { acsTransID, dsTransID, authenticatedAt, createdAt } = prior
  if (acsTransID === undefined) return {}
  return {
    threeDSRequestorPriorAuthenticationInfo: {
      threeDSReqPriorRef: acsTransID,
      threeDSReqPriorAuthMethod: priorMethod(prior),
      threeDSReqPriorAuthTimestamp: wireMinute(authenticatedAt ?? createdAt),
      ...(isAtLeast(messageVersion, '2.3.1') && dsTransID !== undefined && { threeDSReqPriorDsTransId: dsTransID }),
    },
  }
}

type Addresses = Pick<ThreeDSServerSettings, 'publicUrl' | 'resultsUrl' | 'referenceNumber'>

/** Elements that only this channel has. */
function ofChannel({ deviceChannel, threeDSMethod }: ThreeDSServerTransaction, { publicUrl }: Addresses): Elements {
  return deviceChannel === '02'
    ? { notificationURL: `${publicUrl}/challenge-notification`, threeDSCompInd: threeDSCompInd[threeDSMethod] }
    : {}
}

/** `known`: the elements the requestor gave, by their own names; those of the 3DS Server cannot be overridden. */
export function buildAReq(
  known: Elements,
  transaction: ThreeDSServerTransaction,
  settings: Addresses,
  now: number,
): Elements {
  const { messageVersion, deviceChannel, messageCategory, threeDSServerTransID } = transaction
  // A non-payment has no purchase unless its requestor says so (RES-NPA-1).
  const isPayment = messageCategory === '01'
  const { dsTransID: _id, dsReferenceNumber: _number, dsURL: _url, ...requestors } = known // the DS's own
  const areq = {
    ...(deviceChannel !== '03' && { threeDSRequestorAuthenticationInd: isPayment ? '01' : '04' }),
    ...((isPayment || known.purchaseAmount !== undefined) && { purchaseDate: wireSecond(now) }),
    ...requestors,
  }
  return withoutOtherColumns(
    {
      ...inShapeOf(messageVersion, areq),
      messageType: 'AReq',
      messageVersion,
      deviceChannel,
      messageCategory,
      threeDSServerTransID,
      threeDSServerRefNumber: settings.referenceNumber,
      threeDSServerURL: settings.resultsUrl ?? `${settings.publicUrl}/results`,
      ...ofChannel(transaction, settings),
    },
    { message: 'AReq', version: messageVersion, channel: deviceChannel, category: messageCategory },
  )
}
