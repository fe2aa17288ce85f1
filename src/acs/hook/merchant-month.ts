/** Confirmed fraud at a merchant in one calendar month of the issuer's zone. */
export interface MerchantMonth {
  /** Keyed. */
  readonly merchant: string
  /** Years times 12 and months, as `monthAt` gives it. */
  readonly month: number
  /** Payments that were fraud, and what they came to in yen. */
  readonly n: number
  readonly yen: number
  /** As the newest of the payments names it. */
  readonly acquirerMerchantID?: string | undefined
  readonly name?: string | undefined
}
