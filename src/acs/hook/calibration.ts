// What became of the payments that sources have spoken of: counted per source, so that the policy knows what their words are worth.
import { counted, emptySource, type Opinion, type SourceRecord } from '../../risk/sources.ts'
import type { LabelKind, NewTransaction, Transaction, UnitOfWork } from '../ports.ts'

/** What the decision was given of merchant-side sources. */
export const opinionsOf = ({ details }: Pick<NewTransaction, 'details'>): readonly Opinion[] =>
  details.inputs?.opinions ?? []

interface Counting {
  /** Only these; absent: all that have spoken. */
  readonly sources?: readonly string[] | undefined
  readonly already?: readonly string[] | undefined
  readonly notFor?: string | undefined
  readonly by: 1 | -1
}

/** Returns whose records were changed. */
export function countSources(
  unit: UnitOfWork,
  transaction: Transaction,
  kind: LabelKind,
  { sources, already = [], notFor, by }: Counting,
): readonly string[] {
  const { tenant } = transaction
  const spoken = opinionsOf(transaction).filter(
    ({ source }) => sources?.includes(source) !== false && !already.includes(source) && source !== notFor,
  )
  for (const opinion of spoken) {
    const record: SourceRecord = unit.hook.sources.get(tenant, opinion.source) ?? emptySource
    unit.hook.sources.put(tenant, opinion.source, counted(record, opinion, kind === 'fraud' ? 'fraud' : 'good', by))
  }
  return spoken.map(({ source }) => source)
}
