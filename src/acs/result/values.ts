// ECI and authentication value of an outcome. Spec: RES-ECI-1, RES-AV-1…6, TOL-24; docs/authentication-values.md tells others.
import { authenticationValues } from '../../protocol/tables/authentication-values.ts'
import { schemes } from '../../protocol/tables/schemes.ts'
import type { AuthenticationValueLayout } from '../ports.ts'

/** What an outcome is about. */
export interface About {
  readonly scheme: string
  readonly messageCategory: string
  /** Asked for by challenge indicator 06 (RES-CI-6). */
  readonly isDataShare?: boolean
  /** Non-payment outcomes carry ECI and value, too (RES-AV-3). */
  readonly nonPaymentValues: boolean
}

/** Payments, and by the switch non-payment; a category of a DS has no values of ours. */
const isServed = ({ messageCategory, nonPaymentValues }: About): boolean =>
  messageCategory === '01' || (messageCategory === '02' && nonPaymentValues)

/** Y and A only (RES-AV-1, RES-AV-2). */
export const carriesValue = (transStatus: string, about: About): boolean =>
  (transStatus === 'Y' || transStatus === 'A') && isServed(about)

/** Data only by indicator, or by the category that one scheme uses for it. */
const isDataOnly = ({ isDataShare, messageCategory }: About): boolean =>
  isDataShare === true || messageCategory === '80'

export function eciOf(transStatus: string, about: About): string | undefined {
  const row = schemes[about.scheme]
  const dataOnly = isDataOnly(about) ? row?.eciDataOnly?.[transStatus] : undefined
  if (dataOnly !== undefined) return dataOnly
  if (!isServed(about)) return undefined
  return about.messageCategory === '01' ? row?.eci[transStatus] : row?.eciNonPayment?.[transStatus]
}

/** Octets of the keyed part (RES-AV-4). */
const keyedOctets = 20

/** Where a scheme's value is longer, its first octet tells the kind; in base64 `k` or `j` `[sim]`. */
const leads: Readonly<Record<string, number>> = { Y: 0x90, A: 0x8c }

export function layoutOf(scheme: string, transStatus: string): AuthenticationValueLayout {
  const octets = authenticationValues[scheme]?.bytes ?? keyedOctets
  return { octets, lead: octets > keyedOctets ? [leads[transStatus] ?? 0] : [] }
}
