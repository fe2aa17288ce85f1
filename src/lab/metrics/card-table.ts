/** Sums by card: a row of `width` numbers for each card that has one. */

const grown = (length: number, wanted: number): number => Math.max(wanted, length * 2, 1_024)

export class CardTable {
  readonly width: number
  rows = 0
  /** Card of each row. */
  cards = new Uint32Array(0)
  data = new Float64Array(0)
  #rowOf = new Int32Array(0)
  constructor(width: number) {
    this.width = width
  }
  /** Where a card's row begins in `data`; a new one where it has none. */
  at(card: number): number {
    if (card >= this.#rowOf.length) {
      const longer = new Int32Array(grown(this.#rowOf.length, card + 1)).fill(-1)
      longer.set(this.#rowOf)
      this.#rowOf = longer
    }
    const row = this.#rowOf[card] as number
    return row >= 0 ? row * this.width : this.#add(card)
  }
  #add(card: number): number {
    const row = this.rows++
    if (row >= this.cards.length) {
      const cards = new Uint32Array(grown(this.cards.length, row + 1))
      cards.set(this.cards)
      this.cards = cards
      const data = new Float64Array(cards.length * this.width)
      data.set(this.data)
      this.data = data
    }
    this.#rowOf[card] = row
    this.cards[row] = card
    return row * this.width
  }
  /** To a place in `data`. */
  add(place: number, more: number): void {
    this.data[place] = (this.data[place] as number) + more
  }
  /** 0 where the card has no row. */
  valueOf(card: number, column: number): number {
    const row = this.#rowOf[card] ?? -1
    return row < 0 ? 0 : (this.data[row * this.width + column] as number)
  }
  /** Sums over cards. */
  sums(into: Float64Array, offset: number): void {
    const { width, rows, data } = this
    into.fill(0, offset, offset + width)
    for (let row = 0, at = 0; row < rows; row++, at += width)
      for (let column = 0; column < width; column++)
        into[offset + column] = (into[offset + column] as number) + (data[at + column] as number)
  }
  /** Cards whose number in a column is not zero. */
  cardsWith(column: number): number {
    let count = 0
    for (let at = column; at < this.rows * this.width; at += this.width) if (this.data[at] !== 0) count++
    return count
  }
}
