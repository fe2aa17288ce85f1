/** What is kept of an event until its outcome is known, in objects that are used again: a stream makes no garbage of them. */
import { type EntitySlots, type Kept, newSlots } from '../../risk/live/memory.ts'

const markNames = [
  'account',
  'device',
  'merchant',
  'shipTo',
  'country',
  'email',
  'phone',
  'network',
  'likeness',
] as const satisfies readonly (keyof Kept['marks'])[]

/** Marks of one event. NaN stands for one that was not told. */
class KeptMarks {
  readonly values = new Float64Array(markNames.length)
  take(marks: Kept['marks']): void {
    const to = this.values
    to[0] = marks.account
    to[1] = marks.device ?? Number.NaN
    to[2] = marks.merchant ?? Number.NaN
    to[3] = marks.shipTo ?? Number.NaN
    to[4] = marks.country ?? Number.NaN
    to[5] = marks.email ?? Number.NaN
    to[6] = marks.phone ?? Number.NaN
    to[7] = marks.network ?? Number.NaN
    to[8] = marks.likeness ?? Number.NaN
  }
  #at(i: number): number | undefined {
    const value = this.values[i] as number
    return Number.isNaN(value) ? undefined : value
  }
  get account(): number {
    return this.values[0] as number
  }
  get device(): number | undefined {
    return this.#at(1)
  }
  get merchant(): number | undefined {
    return this.#at(2)
  }
  get shipTo(): number | undefined {
    return this.#at(3)
  }
  get country(): number | undefined {
    return this.#at(4)
  }
  get email(): number | undefined {
    return this.#at(5)
  }
  get phone(): number | undefined {
    return this.#at(6)
  }
  get network(): number | undefined {
    return this.#at(7)
  }
  get likeness(): number | undefined {
    return this.#at(8)
  }
}

export class KeptEvent implements Kept {
  readonly marks = new KeptMarks()
  readonly slots: EntitySlots = newSlots()
  /** NaN: not told. */
  readonly #numbers = new Float64Array(2)
  take({ marks, amount = Number.NaN, localHour = Number.NaN, slots }: Kept): void {
    this.marks.take(marks)
    this.slots.set(slots)
    this.#numbers[0] = amount
    this.#numbers[1] = localHour
  }
  get amount(): number | undefined {
    const amount = this.#numbers[0] as number
    return Number.isNaN(amount) ? undefined : amount
  }
  get localHour(): number | undefined {
    const hour = this.#numbers[1] as number
    return Number.isNaN(hour) ? undefined : hour
  }
}
