// Timers and counters of a challenge with their sources.
import type { Limits, VersionRules } from './state.ts'

export const challengeLimits: Limits = {
  firstCReqWithinMs: 30_000, // CHL-TMR-1 [Req 220]
  answerWithinMs: 600_000, // CHL-TMR-3 [Req 226]
  maxInteractions: 3, // CHL-ATT-3, issuer policy
  maxResends: 3, // CHL-RSD-3
  resendAfterMs: 30_000, // CHL-RSD-3
  codeLifeMs: 300_000, // CHL-TMR-9
  cancelReason: '01', // CHL-CAN-3
  isStrict: false,
}

const rules210: VersionRules = { isCancelCounted: false, refusedReason: '01', erroCancel: '06', technicalReason: '07' } // RES-TR-2
const rules220: VersionRules = { isCancelCounted: false, refusedReason: '01', erroCancel: '06', technicalReason: '22' }
const rules231: VersionRules = {
  cancelReason: '19', // VER-23-34, CHL-CAN-3
  isCancelCounted: true,
  refusedReason: '19', // CHL-ATT-6
  erroCancel: '10', // VER-23-12
  technicalReason: '22',
}

/** Where the versions part. Repeats: CHL-REP-1, 2, 4; ACS-VAL-100, 101. */
const strictRepeats = { identical: '305', changed: '305', afterEnd: '305' } as const
const repeats231 = { changed: '305', afterEnd: '315' } as const
const byVersion: Readonly<Record<string, Readonly<Record<'strict' | 'usual' | 'taken', VersionRules>>>> = {
  '2.1.0': { strict: { ...rules210, ...strictRepeats }, usual: rules210, taken: rules210 },
  '2.2.0': { strict: { ...rules220, ...strictRepeats }, usual: rules220, taken: rules220 },
  '2.3.1': {
    strict: { ...rules231, ...repeats231, identical: '314' },
    usual: { ...rules231, ...repeats231 },
    taken: rules231,
  },
}

/** What the version of a transaction prescribes. */
export function rulesOf({ isStrict, takesRepeats }: Limits, messageVersion: string): VersionRules {
  return byVersion[messageVersion]?.[isStrict ? 'strict' : takesRepeats === true ? 'taken' : 'usual'] ?? rules220
}

/** Wrong codes a card may collect in a day, over all its transactions (SEC-OTP-4). */
export const cardFailuresPerDay = 10
export const failureWindowMs = 86_400_000
