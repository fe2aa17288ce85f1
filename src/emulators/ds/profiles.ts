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

export const profileOf = (scheme: string): DsProfile => profiles[scheme] ?? others

/** The scheme of a card outside every range, by its leading digits; good enough to pick a profile. */
export const schemePrefixes: readonly { readonly from: string; readonly to: string; readonly scheme: string }[] = [
  { from: '34', to: '34', scheme: 'amex' },
  { from: '37', to: '37', scheme: 'amex' },
  { from: '3528', to: '3589', scheme: 'jcb' },
  { from: '4', to: '4', scheme: 'visa' },
  { from: '51', to: '55', scheme: 'mastercard' },
  { from: '2221', to: '2720', scheme: 'mastercard' },
]
