/** Where a postal code lies. */
export type Place = {
  /** ISO 3166-2:JP, two digits: 13 is Tokyo. */
  readonly prefecture: string
  readonly prefectureName: string
  readonly city: string
  /** Towns of the code; a company's own code has one. */
  readonly towns: readonly string[]
}
