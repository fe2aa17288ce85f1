/** Numbers whose count is not known beforehand, without an object each. */
export class Growing {
  length = 0
  #values = new Float64Array(1_024)
  push(value: number): void {
    if (this.length === this.#values.length) {
      const longer = new Float64Array(this.length * 2)
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[this.length++] = value
  }
  get values(): Float64Array {
    return this.#values.subarray(0, this.length)
  }
}
