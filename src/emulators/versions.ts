// Protocol versions as the parties compare them. Spec: [Req 419, 422, 423]; FLOW-PRE-6, VER-IM-2.
import { supportedVersions } from '../protocol/messages/parse.ts'
import type { Version } from '../protocol/tables/types.ts'

export { supportedVersions } from '../protocol/messages/parse.ts'
export type { Version } from '../protocol/tables/types.ts'

/** By numbers, part after part: 2.10.0 is above 2.9.0 (VER-IM-2). */
export function compareVersions(one: string, other: string): number {
  const theirs = other.split('.').map(Number)
  const parts = one.split('.').map((part, index) => Number(part) - (theirs[index] ?? 0))
  return parts.find((difference) => difference !== 0) ?? 0
}

export const isAtLeast = (version: string, least: Version): boolean => compareVersions(version, least) >= 0

/** The newest version that all lists have; an absent list sets no limit. */
export function highestCommon(own: readonly Version[], ...others: readonly (readonly string[] | undefined)[]) {
  const common = own.filter((version) => others.every((list) => list === undefined || list.includes(version)))
  return common.toSorted(compareVersions).at(-1)
}

/** Versions of ours from one to another, both included, as 2.1.0 and 2.2.0 tell them in a PRes. */
export const versionsBetween = (start: string, end: string): readonly Version[] =>
  supportedVersions.filter((version) => compareVersions(version, start) >= 0 && compareVersions(version, end) <= 0)

export const isVersion = (text: string): text is Version => supportedVersions.some((version) => version === text)
