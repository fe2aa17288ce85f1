/** Local days and calendar months of the issuer's zone. */

const secondsPerDay = 86_400

/** Days since 1970-01-01 in a zone, for times that mostly rise. Zones change their offset on quarters of an hour at most. */
export class LocalDays {
  readonly #format: Intl.DateTimeFormat
  #from = 0
  #to = 0
  #offset = 0
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  }
  dayOf(ts: number): number {
    if (!(ts >= this.#from && ts < this.#to)) this.#look(ts)
    return Math.floor((ts + this.#offset) / secondsPerDay)
  }
  /** Seconds since 1970 at which a local day begins. */
  startOf(day: number): number {
    // Tried with the offset of its UTC noon, then with the one that holds there.
    const guess = day * secondsPerDay
    this.#look(guess + secondsPerDay / 2)
    this.#look(guess - this.#offset)
    return guess - this.#offset
  }
  /** A UTC day whose ends have one offset has it all day; else by the quarter of an hour. */
  #look(ts: number): void {
    const day = Math.floor(ts / secondsPerDay) * secondsPerDay
    const offset = this.#offsetAt(day)
    const isWhole = offset === this.#offsetAt(day + secondsPerDay)
    this.#from = isWhole ? day : Math.floor(ts / 900) * 900
    this.#to = isWhole ? day + secondsPerDay : this.#from + 900
    this.#offset = isWhole ? offset : this.#offsetAt(this.#from)
  }
  #offsetAt(ts: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(ts * 1_000)) parts[type] = Number(value)
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute) / 1_000 - ts
  }
}

/** YYYY-MM-DD of a day since 1970. */
export const dateOf = (day: number): string => new Date(day * secondsPerDay * 1_000).toISOString().slice(0, 10)

/** Calendar months since January 1970 of a day. */
export function monthOf(day: number): number {
  const date = new Date(day * secondsPerDay * 1_000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}
/** YYYY-MM. */
export const monthName = (month: number): string =>
  `${1970 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
