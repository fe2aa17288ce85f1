// Value rules that the element table's patterns do not hold. One row each, applied on top of the row's format.
import type { Version } from '../tables/types.ts'

export interface ValueRule {
  readonly path: string
  readonly rule: string
  readonly versions?: readonly Version[]
  readonly isValid: (value: unknown) => boolean
}

const isAbove =
  (limit: number) =>
  (value: unknown): boolean =>
    Number(value) > limit

export const valueRules: readonly ValueRule[] = [
  { path: 'purchaseInstalData', rule: 'ACS-VAL-47', isValid: isAbove(1) },
  { path: 'recurringFrequency', rule: 'AREQ:recurringFrequency', isValid: isAbove(0) },
  { path: 'threeDSRequestorDecMaxTime', rule: 'ACS-VAL-51', isValid: isAbove(0) },
  { path: 'payTokenInd', rule: 'AREQ:payTokenInd', isValid: (value) => value === true },
]
