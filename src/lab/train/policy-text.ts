/** A policy that runs a model and nothing else, as a text: the issuer, lists and exemptions of another policy, and one scorer. */
import { parseDocument, stringify } from 'yaml'
import type { Trained } from './train.ts'

export type PolicyParts = {
  readonly name: string
  readonly version?: number
  readonly about: { readonly en: string; readonly ja: string }
  /** Lines of the head, without their hash. */
  readonly comment: readonly string[]
  readonly file: string
  readonly thresholds: { readonly challenge: number; readonly reject: number }
}

/** `like`: a policy's text whose issuer and lists are taken over as they are written. */
export function policyText(parts: PolicyParts, { about }: Pick<Trained, 'about'>, like: string): string {
  const { name, version = 1, comment, file, thresholds } = parts
  const sections = ['issuer', 'lists'].map((section) => sectionOf(like, section))
  const { calibrator, genuineKept, kind } = about
  const scorer = {
    id: about.name,
    kind,
    version: about.version,
    model: file,
    ...(calibrator.kind !== 'none' && { calibrator }),
    ...(genuineKept !== 1 && { genuineKept }),
  }
  const told = (value: object): string => stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd()
  return [
    ...comment.map((line) => (line === '' ? '#' : `# ${line}`)),
    told({ name, version, about: parts.about }),
    '',
    ...sections.flatMap((section) => [section, '']),
    '# The model says log-odds of fraud, calibrated; nothing is added to them.',
    'base: 0',
    '# Below `challenge` is low, from `reject` on is high.',
    told({ thresholds }),
    '',
    'checks: {}',
    told({ scorers: [scorer] }),
    '',
    '# Applied in order, after the score.',
    'rules:',
    "  - { id: deny-list, when: { listed: deny }, outcome: { answer: R, transStatusReason: '11' } }",
    '  - { id: allow-list, when: { listed: allow }, outcome: { atMost: frictionless } }',
    '',
    'exemptions: { requestorTra: Y, requestorSca: Y, scaMandated: false }',
    '# 3RI payments that refer to no authentication of the holder: deny (N, 12), or byRisk.',
    'threeRI: { withoutPrior: deny }',
    '',
  ].join('\n')
}

/** A section as it stands in the text, comments and all; up to the next key at the margin. */
function sectionOf(text: string, section: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`${section}:`))
  if (start < 0) return told(text, section)
  const length = lines.slice(start + 1).findIndex((line) => /^\S/.test(line))
  return lines
    .slice(start, length < 0 ? undefined : start + 1 + length)
    .join('\n')
    .trimEnd()
}

/** Written in another way than ours: by value. */
function told(text: string, section: string): string {
  const value: unknown = parseDocument(text).toJS()
  const part = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[section] : undefined
  return stringify({ [section]: part }, { lineWidth: 0 }).trimEnd()
}
