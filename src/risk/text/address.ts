/** One key for the spellings of one address. */
export type AddressParts = {
  readonly lines: readonly (string | undefined)[]
  readonly city?: string | undefined
  readonly postCode?: string | undefined
  readonly state?: string | undefined
  /** ISO 3166-1 numeric. */
  readonly country?: string | undefined
}

export function addressKeyOf({ lines, city, postCode, state, country }: AddressParts): string | undefined {
  const text = [postCode, city, ...lines].filter((part) => part !== undefined).join('|')
  if (text === '') return undefined
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}ー]/gu, '')
  return `${folded}${state?.toLowerCase() ?? ''}${country ?? ''}`
}
