// What differs by card scheme in results. Source: spec-fixtures/spec/card-schemes.json (public scheme documents); RES-ECI-1.

export interface Scheme {
  readonly name: string
  readonly program: string
  /** ECI of a payment by transStatus; a status that is not listed carries none. */
  readonly eci: Readonly<Partial<Record<string, string>>>
  /** ECI of data only (challenge indicator 06). */
  readonly eciDataOnly?: Readonly<Partial<Record<string, string>>>
}

const common = { Y: '05', A: '06', N: '07', U: '07', R: '07', I: '07' } as const

export const schemes: Readonly<Record<string, Scheme>> = {
  visa: { name: 'Visa', program: 'Visa Secure', eci: common },
  mastercard: {
    name: 'Mastercard',
    program: 'Mastercard Identity Check',
    eci: { Y: '02', A: '01', N: '00', U: '00', R: '00', I: '06' },
    eciDataOnly: { I: '04', U: '04' },
  },
  jcb: { name: 'JCB', program: 'J/Secure 2.0', eci: common },
  amex: { name: 'American Express', program: 'SafeKey', eci: common },
}

export function eciOf(scheme: string, transStatus: string, challengeInd: string | undefined): string | undefined {
  const row = schemes[scheme]
  const dataOnly = challengeInd === '06' ? row?.eciDataOnly?.[transStatus] : undefined
  return dataOnly ?? row?.eci[transStatus]
}
