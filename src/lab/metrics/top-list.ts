import { lanes, type Weights } from './frozen.ts'

/** The first rows by score falling, then by a number rising, of many that are offered: a heap with the last of them at its root. */
export class TopList {
  readonly #most: number
  #n = 0
  readonly #score: Float64Array
  readonly #tie: Float64Array
  readonly #card: Uint32Array
  readonly #fraud: Uint8Array
  constructor(most: number) {
    this.#most = most
    this.#score = new Float64Array(most)
    this.#tie = new Float64Array(most)
    this.#card = new Uint32Array(most)
    this.#fraud = new Uint8Array(most)
  }
  offer(score: number, tie: number, card: number, isFraud: number): void {
    if (this.#n < this.#most) {
      this.#rise(this.#n++, score, tie, card, isFraud)
      return
    }
    const last = this.#score[0] as number
    if (score < last || (score === last && tie > (this.#tie[0] as number))) return
    this.#sink(score, tie, card, isFraud)
  }
  #put(at: number, score: number, tie: number, card: number, isFraud: number): void {
    this.#score[at] = score
    this.#tie[at] = tie
    this.#card[at] = card
    this.#fraud[at] = isFraud
  }
  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#score[from] as number,
      this.#tie[from] as number,
      this.#card[from] as number,
      this.#fraud[from] as number,
    )
  }
  /** Whether a row stands behind the one at a place. */
  #isBehind(score: number, tie: number, at: number): boolean {
    const other = this.#score[at] as number
    return score < other || (score === other && tie > (this.#tie[at] as number))
  }
  #rise(from: number, score: number, tie: number, card: number, isFraud: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!this.#isBehind(score, tie, above)) break
      this.#move(above, at)
      at = above
    }
    this.#put(at, score, tie, card, isFraud)
  }
  /** In the place of the root. */
  #sink(score: number, tie: number, card: number, isFraud: number): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= this.#n) break
      const right = below + 1
      if (right < this.#n && this.#isBehind(this.#score[right] as number, this.#tie[right] as number, below))
        below = right
      if (this.#isBehind(score, tie, below)) break
      this.#move(below, at)
      at = below
    }
    this.#put(at, score, tie, card, isFraud)
  }
  /** In order, at most as many as asked for. Empties the list. */
  take(): TopRows {
    const order = Uint32Array.from({ length: this.#n }, (_, index) => index).sort(
      (a, b) =>
        (this.#score[b] as number) - (this.#score[a] as number) || (this.#tie[a] as number) - (this.#tie[b] as number),
    )
    this.#n = 0
    return {
      card: order.map((at) => this.#card[at] as number),
      fraud: Uint8Array.from(order, (at) => this.#fraud[at] as number),
    }
  }
}

export type TopRows = { readonly card: Uint32Array; readonly fraud: Uint8Array }

/** Frauds among the first k; each row as often as its card's weight in one of the draws. */
export function hitsOf({ card, fraud }: TopRows, k: number, weights?: Weights, lane = 0): number {
  let left = k
  let hits = 0
  for (let row = 0; row < card.length && left > 0; row++) {
    const weight = weights === undefined ? 1 : (weights[lanes * (card[row] as number) + lane] as number)
    const taken = weight < left ? weight : left
    left -= taken
    if (fraud[row] === 1) hits += taken
  }
  return hits
}
