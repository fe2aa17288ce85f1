// Shapes of the generated words about elements and codes.
import type { Version } from '../tables/types.ts'

/** A condition in words, and where it counts; without a limit it counts everywhere. */
export interface ConditionText {
  readonly text: string
  /** The table computes it; the others hang on what no message says. */
  readonly isComputed?: true
  readonly versions?: readonly Version[]
  readonly messages?: readonly string[]
  readonly channels?: readonly string[]
  readonly categories?: readonly string[]
}

export interface ElementText {
  /** Who fills the element. */
  readonly source?: readonly string[]
  /** Name of its code list. */
  readonly list?: string
  /** Versions with another list. */
  readonly listIn?: Partial<Record<Version, string>>
  readonly conditions?: readonly ConditionText[]
  readonly note?: string
  /** By the version in which it had, or has, the other name. */
  readonly renamedFrom?: Partial<Record<Version, string>>
  readonly renamedTo?: Partial<Record<Version, string>>
}

export type ElementTexts = Readonly<Record<string, ElementText>>
export type CodeTitles = Readonly<Record<string, readonly (readonly [code: string, meaning: string])[]>>
