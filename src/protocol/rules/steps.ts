// Findings by the step that makes them, so that an Erro reports the code of the first step that failed.
// Spec: section 5.9; ACS-VAL-11…18, ACS-VAL-20.
import type { Finding } from '../errors.ts'

/** In the order of the checks. 203 goes before 207, and of an extension 201 before 203 before 202. */
const steps = [
  'repeated',
  'missing',
  'wrong',
  'reserved',
  'iso',
  'scheme',
  'extensionMissing',
  'extension',
  'critical',
  'transaction',
] as const

export type Step = (typeof steps)[number]

export interface Report extends Readonly<Record<Step, Finding[]>> {
  /** What the lenient profile takes, with the id of the tolerance. */
  readonly warnings: Finding[]
}

export const newReport = (): Report => ({
  repeated: [],
  missing: [],
  wrong: [],
  reserved: [],
  iso: [],
  scheme: [],
  extensionMissing: [],
  extension: [],
  critical: [],
  transaction: [],
  warnings: [],
})

export const inOrder = (report: Report): readonly Finding[] => steps.flatMap((step) => report[step])
