/** One merchant-side opinion about a purchase. The policy says what a source is worth; this release records none. */
export type Assessment = {
  readonly source: string
  readonly verdict: 'OK' | 'REVIEW' | 'NG' | 'HOLD'
  /** 0 to 1, higher is riskier. */
  readonly score?: number
  readonly reasons: readonly string[]
  readonly signals?: Readonly<Record<string, unknown>>
  readonly issuedAt: string
  readonly expiresAt?: string
  readonly about: Readonly<Record<string, string>>
}
