// What each scheme's DS answers on behalf of an issuer without an ACS. A DS decides this for itself [Req 20, 21]; the
// values are the simulator's. Reasons 80–99 belong to the DS: RES-TR-3 lists Visa's, whose 87 and 88 fit here.

export interface DsProfile {
  /** DS-made ARes for a card range that takes no part (FLOW-DS-2, FLOW-FRI-3). */
  readonly withoutAcs: {
    readonly transStatus: 'N' | 'U'
    readonly transStatusReason: string
    readonly eci?: string
  }
}

const others: DsProfile = { withoutAcs: { transStatus: 'U', transStatusReason: '08' } }

const profiles: Readonly<Record<string, DsProfile>> = {
  visa: { withoutAcs: { transStatus: 'U', transStatusReason: '87', eci: '07' } },
  mastercard: { withoutAcs: { transStatus: 'U', transStatusReason: '08', eci: '00' } },
  jcb: { withoutAcs: { transStatus: 'U', transStatusReason: '08', eci: '07' } },
  amex: { withoutAcs: { transStatus: 'U', transStatusReason: '08', eci: '07' } },
}

export const profileOf = (scheme: string | undefined): DsProfile => profiles[scheme ?? ''] ?? others
