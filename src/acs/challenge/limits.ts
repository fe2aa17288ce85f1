// Timers and counters of a challenge with their sources.
import type { Limits } from './state.ts'

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

/** Wrong codes a card may collect in a day, over all its transactions (SEC-OTP-4). */
export const cardFailuresPerDay = 10
export const failureWindowMs = 86_400_000
