/** Which transStatusReason an ARes of a version may carry, and what older versions are told instead. Spec: Table A.1; RES-TR-2. */
import { elements } from '../protocol/tables/elements.ts'
import { reasonFor } from '../protocol/tables/reasons.ts'
import type { Version } from '../protocol/tables/types.ts'

const { codes } = elements.transStatusReason

/** Of the RReq only: timed out at the ACS; tried or completed, and to be gone on with as decoupled. */
const notInARes: ReadonlySet<string> = new Set(['14', '29', '30'])

const usable: { readonly [V in Version]: ReadonlySet<string> } = {
  '2.1.0': new Set(codes['2.1.0'].split(' ').filter((code) => !notInARes.has(code))),
  '2.2.0': new Set(codes['2.2.0'].split(' ').filter((code) => !notInARes.has(code))),
  '2.3.1': new Set(codes['2.3.1'].split(' ').filter((code) => !notInARes.has(code))),
}

/** Codes of the payment systems pass; they have them in every version. */
const isOfDs = (code: string): boolean => /^[89]\d$/.test(code)

/** A code of the version itself, 80 to 99 not among them. */
export const isReasonOf = (code: string, version: Version): boolean => usable[version].has(code)

/** The code as an ARes of the version may say it; undefined where there is no way to say it. */
export function sendableReason(code: string, version: Version): string | undefined {
  if (usable[version].has(code) || isOfDs(code)) return code
  const older = notInARes.has(code) ? undefined : reasonFor(version, 'N', code)
  return older !== undefined && usable[version].has(older) ? older : undefined
}

/** A code that an RReq of the version may carry. */
export const isResultReason = (code: string, version: Version): boolean => codes[version].split(' ').includes(code)

/** A challengeCancel of the version (CHL-CAN-1). */
export const isCancelOf = (code: string, version: Version): boolean =>
  elements.challengeCancel.codes[version].split(' ').includes(code)
