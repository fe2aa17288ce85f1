// Spans of time as people write them.
import { z } from 'zod'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of "250ms", "4s", "10m", "2h" or "7d"; undefined for anything else. */
export function millisecondsOf(text: string): number | undefined {
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
      error: `milliseconds or a time such as 250ms, 4s, 10m, 2h, 7d expected, at most ${most} ms`,
    })
    .transform((ms) => ms ?? 0)
