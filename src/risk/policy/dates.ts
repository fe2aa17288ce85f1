/** Days and times as people write them in a policy. */
import { z } from 'zod'

const form = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/
const dayMs = 86_400_000

const read = (text: string): number => {
  const [, day = '', time] = form.exec(text) ?? []
  const at = Date.parse(time === undefined ? `${day}T00:00:00Z` : text)
  // The 30th of February is taken for the 1st or 2nd of March by some.
  return new Date(Date.parse(`${day}T00:00:00Z`)).toISOString().startsWith(day) ? at : Number.NaN
}

const isDate = (text: string): boolean => {
  try {
    return form.test(text) && !Number.isNaN(read(text))
  } catch {
    return false
  }
}

export const dated = z
  .string()
  .refine(isDate, 'a day such as 2026-11-30, or a time with its zone such as 2026-11-30T09:00:00+09:00')

/** A period that ends before it begins. Two days, or two times: what is mixed depends on a zone that is not known here. */
export function isBackwards({ from, until }: Period): boolean {
  if (from === undefined || until === undefined || isDay(from) !== isDay(until)) return false
  const period = periodOf({ from, until }, 0)
  return period.from >= period.until
}
export const backwards = 'ends before it begins'

const isDay = (text: string): boolean => !text.includes('T')

type Period = { readonly from?: string | undefined; readonly until?: string | undefined }

/** In milliseconds since 1970. A day begins and ends in the issuer's zone. */
export function periodOf(
  { from, until }: Period,
  offsetMinutes: number,
): { readonly from: number; readonly until: number } {
  const shift = offsetMinutes * 60_000
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : read(from) - (isDay(from) ? shift : 0),
    until: until === undefined ? Number.POSITIVE_INFINITY : read(until) + (isDay(until) ? dayMs - shift : 0),
  }
}

/** Without a clock nothing that is dated is in force. */
export const isInForce = (
  { from, until }: { readonly from: number; readonly until: number },
  now: number | undefined,
): boolean =>
  now === undefined
    ? from === Number.NEGATIVE_INFINITY && until === Number.POSITIVE_INFINITY
    : now >= from && now < until
