/** What kind of place an address is by its own words. */
import { placePatterns } from '../data/place-patterns.ts'
import type { AddressKind } from '../signals.ts'

/** An address as patterns are searched in it: lower case, without blanks, punctuation and long vowels, which some write as hyphens. Never kept. */
export const placeTextOf = (lines: readonly (string | undefined)[]): string =>
  lines
    .filter((line) => line !== undefined)
    .join('')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}ー]/gu, '')

const patterns = placePatterns.map(([kind, words]) => [kind, words.map((word) => placeTextOf([word]))] as const)

/** Undefined: an address like any other. Of a text that `placeTextOf` gave. */
export const kindOfPlace = (text: string): AddressKind | undefined =>
  patterns.find(([, words]) => words.some((word) => text.includes(word)))?.[0]
