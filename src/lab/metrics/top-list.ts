/** The first rows by score falling, then by a number rising, of many that are offered. */
export class TopList {
  readonly #most: number
  #n = 0
  readonly #score: Float64Array
  readonly #tie: Float64Array
  readonly #card: Uint32Array
  readonly #fraud: Uint8Array
  /** What is below it cannot be among the first. */
  #floor = Number.NEGATIVE_INFINITY
  constructor(most: number) {
    this.#most = most
    const room = most * 2 + 64
    this.#score = new Float64Array(room)
    this.#tie = new Float64Array(room)
    this.#card = new Uint32Array(room)
    this.#fraud = new Uint8Array(room)
  }
  offer(score: number, tie: number, card: number, isFraud: number): void {
    if (score < this.#floor) return
    if (this.#n === this.#score.length) this.#prune()
    const at = this.#n++
    this.#score[at] = score
    this.#tie[at] = tie
    this.#card[at] = card
    this.#fraud[at] = isFraud
  }
  /** In order, at most as many as asked for. Empties the list. */
  take(): TopRows {
    this.#prune()
    const rows = { card: this.#card.slice(0, this.#n), fraud: this.#fraud.slice(0, this.#n) }
    this.#n = 0
    this.#floor = Number.NEGATIVE_INFINITY
    return rows
  }
  #prune(): void {
    const order = Uint32Array.from({ length: this.#n }, (_, index) => index).sort(
      (a, b) =>
        (this.#score[b] as number) - (this.#score[a] as number) || (this.#tie[a] as number) - (this.#tie[b] as number),
    )
    const kept = order.subarray(0, this.#most)
    const score = Float64Array.from(kept, (at) => this.#score[at] as number)
    const tie = Float64Array.from(kept, (at) => this.#tie[at] as number)
    const card = Uint32Array.from(kept, (at) => this.#card[at] as number)
    const isFraud = Uint8Array.from(kept, (at) => this.#fraud[at] as number)
    this.#score.set(score)
    this.#tie.set(tie)
    this.#card.set(card)
    this.#fraud.set(isFraud)
    this.#n = kept.length
    if (this.#n === this.#most) this.#floor = score[this.#n - 1] as number
  }
}

export type TopRows = { readonly card: Uint32Array; readonly fraud: Uint8Array }

/** Frauds among the first k; each row as often as its card's weight. */
export function hitsOf({ card, fraud }: TopRows, k: number, weights?: Uint16Array): number {
  let left = k
  let hits = 0
  for (let row = 0; row < card.length && left > 0; row++) {
    const weight = Math.min(left, weights === undefined ? 1 : (weights[card[row] as number] as number))
    left -= weight
    if (fraud[row] === 1) hits += weight
  }
  return hits
}
