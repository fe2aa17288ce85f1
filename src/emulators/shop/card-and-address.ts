// What a buyer enters, in the form in which the rest of the shop has it.

/** Kept in memory from the checkout to the end of the order. */
export interface Card {
  readonly acctNumber: string
  /** YYMM */
  readonly cardExpiryDate: string
}

export interface Address {
  readonly line1: string
  readonly city: string
  readonly state: string
  readonly postCode: string
  /** ISO 3166-1, three digits. */
  readonly country: string
}
