/** What one variant decided, in columns. The same in replay and in closed loop; written part by part. */

/** What became of a challenge. */
export const challengeEnds = ['none', 'passed', 'failed', 'abandoned', 'technical'] as const
export type ChallengeEnd = (typeof challengeEnds)[number]

/** `status` of an event that was never made: the card was blocked by then, or the attacker had given up (closed loop only). */
export const notMade = 0
/** `status` of an event that ended in Erro: 'E'. Any other is the character code of its transStatus (Y A I C D S N R U). */
export const erro = 69

/**
 * Rows in the order in which they happened. In replay there is one row per event, and `event` counts up. In closed loop an
 * attacker's further attempts are rows of their own, with `attempt` above 0, a time and an amount of their own.
 */
export type DecisionPart = {
  readonly n: number
  /** Position of the event in the stream. */
  readonly event: Float64Array
  readonly attempt: Uint8Array
  /** Seconds since 1970; minor units of the issuer's currency, NaN where it was not told. */
  readonly ts: Float64Array
  readonly amount: Float64Array
  /** Log-odds, higher is riskier; NaN where nothing was scored. */
  readonly score: Float64Array
  readonly status: Uint8Array
  /** Index into `challengeEnds`. */
  readonly challenge: Uint8Array
  /** The reason that weighs most: index into `reasons` of the variant's decisions, 0 is none. */
  readonly reason: Uint16Array
}

export const isFrictionless = (status: number): boolean => status === 89 || status === 65 || status === 73 // Y A I
export const isChallenge = (status: number): boolean => status === 67 || status === 68 || status === 83 // C D S
export const isDecline = (status: number): boolean => status === 78 || status === 82 // N R
/** Y, A, I, C, D, S, N, R: it reached a decision. U and Erro are counted apart. */
export const isDecided = (status: number): boolean => isFrictionless(status) || isChallenge(status) || isDecline(status)
/** Frictionless, or challenged and passed. */
export const isApproved = (status: number, challenge: number): boolean =>
  isFrictionless(status) || (isChallenge(status) && challenge === 1)
