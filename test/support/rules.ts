// Which rules of the handbook the tests are about: ids in the names of tests, and what is covered by those that passed.

export interface Rule {
  readonly id: string
  /** The handbook's file and section. */
  readonly file: string
  readonly section: string
}

/** What one test file said when it last ran to its end. */
export interface FileRun {
  readonly at: string
  /** Rules in the names of its tests that passed. */
  readonly passed: readonly string[]
}

/** The last run of the whole suite, with the files that ran again since. */
export interface Runs {
  readonly full?: string
  readonly files: Readonly<Record<string, FileRun>>
}

/** Beside what other tools keep; no part of the project. */
export const runsFile = 'node_modules/.cache/rules-covered.json'

const idForm =
  /(?<![\w-])((?:ACS-VAL|ERR|TOL|(?:CHL|CRY|RES|FLOW|VER|SEC|MIS)-[A-Z0-9]+)-)([A-Z]?)(\d{1,3})(?:(?:…|\.\.\.)(\d{1,3}))?(?!\w)/g

/** Ids as written; of `ACS-VAL-1…3` also those between. */
export function idsIn(text: string): readonly string[] {
  return [...text.matchAll(idForm)].flatMap(([, prefix = '', letter = '', from = '', to = from]) => {
    const count = Math.max(1, Number(to) - Number(from) + 1)
    return Array.from({ length: count }, (_, index) => `${prefix}${letter}${Number(from) + index}`)
  })
}

export interface Coverage {
  readonly covered: readonly Rule[]
  readonly uncovered: readonly (Rule & { readonly reason: string | undefined })[]
  /** Ids in tests that the handbook does not have. */
  readonly unknown: readonly string[]
  /** Reasons of ids that are covered, or that the handbook does not have. */
  readonly stale: readonly string[]
}

/** `passed`: ids of tests that ran and passed; a failed or skipped test covers nothing. */
export function coverageOf(
  rules: readonly Rule[],
  passed: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
): Coverage {
  const known = new Set(rules.map(({ id }) => id))
  return {
    covered: rules.filter(({ id }) => passed.has(id)),
    uncovered: rules.filter(({ id }) => !passed.has(id)).map((rule) => ({ ...rule, reason: reasons[rule.id] })),
    unknown: [...passed].filter((id) => !known.has(id)).sort(),
    stale: Object.keys(reasons).filter((id) => passed.has(id) || !known.has(id)),
  }
}
