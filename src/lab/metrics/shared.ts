/** The events that two variants both decided, as decisions of one of them. */
import { type DecisionPart, isDecided, notMade } from '../run/decisions.ts'
import type { ReadDecisions } from './measure.ts'

/** First attempts of the other variant; goes on, and never back. */
class Others {
  readonly #parts: AsyncIterator<DecisionPart>
  #part: DecisionPart | undefined
  #row = 0
  constructor(parts: AsyncIterable<DecisionPart>) {
    this.#parts = parts[Symbol.asyncIterator]()
  }
  /** Whether an event, or a later one, is in this part: the row is then there. */
  reaches(event: number): boolean {
    const part = this.#part
    if (part === undefined) return false
    while (this.#row < part.n && ((part.attempt[this.#row] as number) > 0 || (part.event[this.#row] as number) < event))
      this.#row++
    return this.#row < part.n
  }
  async turn(): Promise<boolean> {
    const next = await this.#parts.next()
    this.#part = next.done === true ? undefined : next.value
    this.#row = 0
    return this.#part !== undefined
  }
  async end(): Promise<void> {
    await this.#parts.return?.()
  }
  hasDecided(event: number): boolean {
    const { event: events, status } = this.#part ?? { event: [], status: [] }
    return events[this.#row] === event && isDecided(status[this.#row] as number)
  }
  get isScored(): boolean {
    return !Number.isNaN(this.#part?.score[this.#row] as number)
  }
}

/** Of `own`, the first attempts that `other` decided, too; all else was never made. A score stays where both have one. */
export const sharedBy =
  (own: ReadDecisions, other: ReadDecisions): ReadDecisions =>
  () =>
    shared(own(), other())

async function* shared(
  own: AsyncIterable<DecisionPart>,
  other: AsyncIterable<DecisionPart>,
): AsyncGenerator<DecisionPart> {
  const others = new Others(other)
  let isOver = false
  try {
    for await (const part of own) {
      const status = part.status.slice()
      const score = part.score.slice()
      for (let row = 0; row < part.n; row++) {
        const event = part.event[row] as number
        const isFirst = part.attempt[row] === 0 && isDecided(status[row] as number)
        if (isFirst) while (!isOver && !others.reaches(event)) isOver = !(await others.turn())
        if (!isFirst || isOver || !others.hasDecided(event)) status[row] = notMade
        else if (!others.isScored) score[row] = Number.NaN
      }
      yield { ...part, status, score }
    }
  } finally {
    await others.end()
  }
}
