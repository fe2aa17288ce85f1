/** What a variant knows of the sources that speak of purchases: their records, as the ACS keeps them. */
import type { Heard } from '../../risk/assessment.ts'
import { opinionsOf } from '../../risk/heed.ts'
import { counted, emptySource, type Opinion, type SourceRecord } from '../../risk/sources.ts'
import type { Hears } from './types.ts'

export const hearsSource = (hears: Hears, source: string): boolean =>
  hears === 'all' || (hears !== 'none' && hears.includes(source))

export class Sources {
  readonly #records = new Map<string, SourceRecord>()
  opinionsOf(heard: readonly Heard[]): readonly Opinion[] {
    // In the order in which the store gives them.
    return opinionsOf(heard, [...this.#records].toSorted(byName))
  }
  count(opinions: readonly Opinion[], end: 'good' | 'fraud', by: 1 | -1): void {
    for (const opinion of opinions)
      this.#records.set(opinion.source, counted(this.#records.get(opinion.source) ?? emptySource, opinion, end, by))
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0
