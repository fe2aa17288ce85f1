/** What a variant knows of the sources that speak of purchases: their records, as the ACS keeps them. */
import type { Heard } from '../../risk/assessment.ts'
import { averageBeside, opinionsOf } from '../../risk/heed.ts'
import { counted, emptySource, type Opinion, type SourceRecord } from '../../risk/sources.ts'
import type { Hears } from './types.ts'

export const hearsSource = (hears: Hears, source: string): boolean =>
  hears === 'all' || (hears !== 'none' && hears.includes(source))

export class Sources {
  readonly #records = new Map<string, SourceRecord>()
  /** In the order in which the store gives them; undefined: something was counted since. */
  #sorted: readonly (readonly [string, SourceRecord])[] | undefined
  /** Of the others, by source, since something was counted. */
  readonly #averages = new Map<string, SourceRecord>()
  opinionsOf(heard: readonly Heard[]): readonly Opinion[] {
    return opinionsOf(heard, this.#all(), (source) => this.#averageBeside(source))
  }
  count(opinions: readonly Opinion[], end: 'good' | 'fraud', by: 1 | -1): void {
    for (const opinion of opinions)
      this.#records.set(opinion.source, counted(this.#records.get(opinion.source) ?? emptySource, opinion, end, by))
    this.#sorted = undefined
    this.#averages.clear()
  }
  #all(): readonly (readonly [string, SourceRecord])[] {
    this.#sorted ??= [...this.#records].toSorted(byName)
    return this.#sorted
  }
  #averageBeside(source: string): SourceRecord {
    const known = this.#averages.get(source)
    if (known !== undefined) return known
    const average = averageBeside(source, this.#all())
    this.#averages.set(source, average)
    return average
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0
