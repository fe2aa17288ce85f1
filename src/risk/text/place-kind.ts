/** What kind of place an address is by its own words. */
import { placePatterns } from '../data/place-patterns.ts'
import type { AddressKind } from '../signals.ts'

/** An address as patterns are searched in it: lower case, without blanks, dots and hyphens. Never kept. */
export const placeTextOf = (lines: readonly (string | undefined)[]): string =>
  lines
    .filter((line) => line !== undefined)
    .join('')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '')

/** Undefined: an address like any other. Of a text that `placeTextOf` gave. */
export const kindOfPlace = (text: string): AddressKind | undefined =>
  placePatterns.find(([, words]) => words.some((word) => text.includes(word)))?.[0]
