// The fourth door: a module of the operator. What it returns is data from outside like any other. Pure.
import { type Judged, judgeFor, type Purchase, readAssessment } from './check.ts'
import { type HookSource, type HookSources, mayUse } from './sources.ts'

/** More than a module has sources. */
const mostOfModule = 4

export interface Said {
  readonly source: string | undefined
  readonly known?: HookSource | undefined
  readonly judged: Judged
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One assessment, several, or nothing. What goes without saying need not be said: source, issuedAt, about. */
export function readReturned(
  returned: unknown,
  { sources, purchase, now }: { readonly sources: HookSources; readonly purchase: Purchase; readonly now: number },
): readonly Said[] {
  if (returned === undefined || returned === null) return []
  const [usual, ...others] = sources.list.filter((source) => mayUse(source, 'module', purchase.acquirerMerchantID))
  return [returned]
    .flat()
    .slice(0, mostOfModule)
    .map((one: unknown): Said => {
      if (!isObject(one)) return { source: undefined, judged: { problem: 'malformed' } }
      const read = readAssessment({
        ...(usual !== undefined && others.length === 0 && { source: usual.name }),
        issuedAt: new Date(now).toISOString(),
        about: { threeDSServerTransID: purchase.threeDSServerTransID },
        ...one,
      })
      if ('problem' in read) return { source: undefined, judged: read }
      const { assessment } = read
      const known = sources.get(assessment.source)
      return known === undefined || !mayUse(known, 'module', purchase.acquirerMerchantID)
        ? { source: assessment.source, judged: { problem: 'unknownSource' } }
        : { source: assessment.source, known, judged: judgeFor(assessment, { source: known, purchase, now }) }
    })
}
