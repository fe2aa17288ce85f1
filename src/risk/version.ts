/** Versions in their order (VER-IM-2). */
import type { Version } from '../protocol/tables/types.ts'

const order: { readonly [V in Version]: number } = { '2.1.0': 0, '2.2.0': 1, '2.3.1': 2 }

/** Whether `version` has what came with `since`. */
export const isSince = (version: Version, since: Version): boolean => order[version] >= order[since]
