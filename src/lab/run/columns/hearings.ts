/** What was said of a row beforehand; of most rows nothing. */
import { type Heard, type ScreeningVerdict, verdicts } from '../../../risk/assessment.ts'
import type { Signals } from '../../../risk/signals.ts'
import type { Part } from '../../stream/table.ts'
import { heardOf, signalsOfText } from '../areq.ts'
import { Reading } from './reading.ts'
import { Columns } from './texts.ts'

const nobody: readonly never[] = []
const verdictOf = (text: string): ScreeningVerdict | undefined => verdicts.find((one) => one === text)

export class Hearings extends Reading {
  readonly #first = this.texts<ScreeningVerdict | undefined>('merchantVerdict', verdictOf, undefined)
  readonly #second = this.texts<ScreeningVerdict | undefined>('merchantVerdict2', verdictOf, undefined)
  readonly #signals = this.texts<Signals | undefined>('merchantSignals', signalsOfText, undefined)
  readonly #columns = new Columns()
  #part!: Part
  bindTo(part: Part): void {
    this.#part = part
    this.#columns.bind(part)
    this.bind(this.#columns)
  }
  at(row: number): readonly Heard[] {
    if (this.#first.at(row) === undefined && this.#second.at(row) === undefined) return nobody
    return heardOf(this.#part, row, () => this.#signals.at(row))
  }
}
