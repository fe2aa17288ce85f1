// Values that somebody has masked: they say nothing about what was sent. Spec: SEC-LOG-1…4.
import type { Path } from './json-text.ts'

const digitsHidden = /^[0-9]{0,8}[*xX•·#]{3,}[0-9]{0,4}$/
const allHidden = /^(?:[*•·#]{2,}|\[?(?:redacted|masked|hidden|filtered)\]?|<(?:redacted|masked|hidden|filtered)>)$/i

/** Three stars, a card number with its middle starred, and the other ways in which logs say it. */
export const isMasked = (value: unknown): boolean =>
  typeof value === 'string' && (allHidden.test(value) || (digitsHidden.test(value) && value.length >= 8))

const deepest = 16

/** Paths of all masked values. */
export function maskedPaths(value: unknown, path: Path = []): readonly Path[] {
  if (isMasked(value)) return [path]
  if (path.length > deepest || typeof value !== 'object' || value === null) return []
  const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((entry, position) => [position, entry] as const)
    : Object.entries(value)
  return members.flatMap(([step, member]) => maskedPaths(member, [...path, step]))
}

/** JSON names only, as findings name elements (ACS-VAL-21). */
export const elementOf = (path: Path): string => path.filter((step) => typeof step === 'string').join('.')
