// The AReq: what the requestor knows, completed by the 3DS Server. Spec: Table A.1, Table B.1; FLOW-MTH-5, FLOW-S-9,
// MIS-TMR-9.
import type { ThreeDSServerTransaction } from '../store.ts'
import type { ThreeDSServerSettings } from './options.ts'

/** Colour depths that the element may say up to 2.2.0; a browser may report others, 30 above all (MIS-TMR-9). */
const colorDepths = [48, 32, 24, 16, 15, 8, 4, 1]

/** The next smaller depth that is allowed. */
export function browserColorDepth(reported: string): string {
  const depth = Number(reported)
  return String(colorDepths.find((allowed) => allowed <= depth) ?? 1)
}

/** At most 8 characters up to 2.2.0: whole subtags from the left, as many as fit. */
export function browserLanguage(tag: string): string {
  let kept = ''
  for (const subtag of tag.split('-')) {
    const longer = kept === '' ? subtag : `${kept}-${subtag}`
    if (longer.length > 8) break
    kept = longer
  }
  return kept === '' ? 'en' : kept
}

/** IPv4 as such where the socket reports it inside an IPv6 address. */
export const browserIP = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')

/** YYYYMMDDHHMMSS in UTC. */
const purchaseDate = (now: number): string => new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)

const threeDSCompInd = { none: 'U', pending: 'N', completed: 'Y' } as const

/** `known`: the elements the requestor gave, by their own names; those of the 3DS Server cannot be overridden. */
export function buildAReq(
  known: Readonly<Record<string, unknown>>,
  transaction: ThreeDSServerTransaction,
  settings: Pick<ThreeDSServerSettings, 'publicUrl' | 'resultsUrl' | 'referenceNumber'>,
  now: number,
): Readonly<Record<string, unknown>> {
  const { browserColorDepth: depth, browserLanguage: language } = known
  return {
    threeDSRequestorAuthenticationInd: '01',
    purchaseDate: purchaseDate(now),
    ...known,
    ...(typeof depth === 'string' && { browserColorDepth: browserColorDepth(depth) }),
    ...(typeof language === 'string' && { browserLanguage: browserLanguage(language) }),
    messageType: 'AReq',
    messageVersion: transaction.messageVersion,
    deviceChannel: '02',
    messageCategory: '01',
    threeDSServerTransID: transaction.threeDSServerTransID,
    threeDSServerRefNumber: settings.referenceNumber,
    threeDSServerURL: settings.resultsUrl ?? `${settings.publicUrl}/results`,
    notificationURL: `${settings.publicUrl}/challenge-notification`,
    threeDSCompInd: threeDSCompInd[transaction.threeDSMethod],
  }
}
