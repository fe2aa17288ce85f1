/** What the engine never sees of a row. */
import { type Column, numberIn, type Part, textIn } from '../stream/table.ts'

const names = ['isFraud', 'labelTs', 'pChallengePass', 'pChallengeAbandon', 'uChallenge', 'kind', 'campaign'] as const

export class Truth {
  readonly #columns: { [N in (typeof names)[number]]?: Column | undefined } = {}
  bind({ columns }: Part): void {
    for (const name of names) this.#columns[name] = columns.get(name)
  }
  isFraud(row: number): boolean {
    return numberIn(this.#columns.isFraud, row) === 1
  }
  /** NaN: never labelled. */
  labelTs(row: number): number {
    return numberIn(this.#columns.labelTs, row)
  }
  pass(row: number): number {
    return numberIn(this.#columns.pChallengePass, row)
  }
  abandon(row: number): number {
    return numberIn(this.#columns.pChallengeAbandon, row)
  }
  luck(row: number): number {
    return numberIn(this.#columns.uChallenge, row)
  }
  kind(row: number): string | undefined {
    return textIn(this.#columns.kind, row)
  }
  campaign(row: number): string | undefined {
    return textIn(this.#columns.campaign, row)
  }
}
