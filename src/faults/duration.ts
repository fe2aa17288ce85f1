// Spans of time as people write them.
import { z } from 'zod'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** ISO 8601 with days, hours, minutes and seconds, as PT10M or P1DT12H. */
function isoMilliseconds(text: string): number | undefined {
  const [, days, hours, minutes, seconds] =
    /^P(?=[0-9T])(?:([0-9]{1,4})D)?(?:T(?=[0-9])(?:([0-9]{1,5})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,3})?)S)?)?$/i.exec(
      text,
    ) ?? []
  const parts = [days, hours, minutes, seconds]
  if (parts.every((part) => part === undefined)) return undefined
  const factors = [86_400_000, 3_600_000, 60_000, 1_000]
  return Math.round(factors.reduce((sum, factor, index) => sum + factor * Number(parts[index] ?? 0), 0))
}

/** Milliseconds of "250ms", "4s", "10m", "2h", "7d" or an ISO 8601 duration ("PT10M"); undefined for anything else. */
export function millisecondsOf(text: string): number | undefined {
  if (/^P/i.test(text.trim())) return isoMilliseconds(text.trim())
  const [, count, unit = ''] = /^([0-9]{1,12}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  const factor = units[unit]
  return count === undefined || factor === undefined ? undefined : Math.round(Number(count) * factor)
}

/** A span of time in milliseconds: a number of them, or a text such as "4s"; `most` in milliseconds. */
export const duration = (most = 31 * 86_400_000) =>
  z
    .union([z.number(), z.string()])
    .transform((value) => (typeof value === 'number' ? value : millisecondsOf(value)))
    .refine((ms) => ms !== undefined && Number.isInteger(ms) && ms >= 0 && ms <= most, {
      error: `milliseconds or a time such as 250ms, 4s, 10m, 2h, 7d or PT10M expected, at most ${most} ms`,
    })
    .transform((ms) => ms ?? 0)
