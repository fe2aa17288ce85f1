/**
 * What the regulation lets pass without strong authentication, and how much may pass in a row. Regulation (EU) 2018/389: Article 16
 * (low value), 18 and 19 with the annex (transaction risk analysis).
 */
import { z } from 'zod'
import { type Features, positionOf } from '../features.ts'
import type { Issuer } from '../setting.ts'
import { euros } from './money.ts'

const count = z.int().positive()
const sumEUR = z.number().positive()

export const limitsSchema = z.strictObject({
  frictionless: z
    .strictObject({ count: count.optional(), sumEUR: sumEUR.optional() })
    .refine(({ count, sumEUR }) => count !== undefined || sumEUR !== undefined, 'a count, a sumEUR or both')
    .optional()
    .describe('so many payments, or so much, pass in a row; then the holder is asked'),
  lowValue: z
    .strictObject({ upToEUR: z.number().positive(), count: count.optional(), sumEUR: sumEUR.optional() })
    .optional()
    .describe('the exemption of low values (Art. 16): up to EUR 30 each, five in a row or EUR 100 together'),
})
export type Limits = Readonly<z.infer<typeof limitsSchema>>

export const traSchema = z.strictObject({
  referenceRateBps: z
    .number()
    .min(0)
    .describe('the issuer’s own fraud rate over 90 days, in basis points of the value of its remote card payments'),
  asOf: z.string().optional().describe('the day of that rate'),
  bands: z
    .array(z.strictObject({ upToEUR: z.number().positive(), bps: z.number().positive() }))
    .min(1)
    .default([
      { upToEUR: 100, bps: 13 },
      { upToEUR: 250, bps: 6 },
      { upToEUR: 500, bps: 1 },
    ]),
})
export type Tra = Readonly<z.infer<typeof traSchema>>

const at = {
  count: positionOf('frictionless_n'),
  sum: positionOf('frictionless_sum'),
} as const

/** Up to which amount the issuer may exempt by its risk analysis; 0: its fraud rate is too high for any. */
function traLimit({ referenceRateBps, bands }: Tra): number {
  let most = 0
  for (const { upToEUR, bps } of bands) if (referenceRateBps <= bps && upToEUR > most) most = upToEUR
  return most
}

/** The annex's bands by amount, whatever the issuer's rate: `100`, `250`, `500`, `over`; `none` without an amount in euros. */
export const traBands = ['100', '250', '500', 'over', 'none'] as const
export function traBandOf(amountEUR: number): (typeof traBands)[number] {
  if (Number.isNaN(amountEUR)) return 'none'
  return amountEUR <= 100 ? '100' : amountEUR <= 250 ? '250' : amountEUR <= 500 ? '500' : 'over'
}

export function isWithinTra(tra: Tra | undefined, amountEUR: number): boolean {
  const limit = tra === undefined ? 0 : traLimit(tra)
  return limit > 0 && amountEUR <= limit
}

type Run = { readonly count?: number | undefined; readonly sumEUR?: number | undefined }

/** Whether one more may pass: what has passed since the last challenge, with this one. What is not known counts as nothing. */
function fits({ count, sumEUR }: Run, features: Features, amountEUR: number, issuer: Issuer): boolean {
  if (count !== undefined && orNothing(features[at.count]) >= count) return false
  return sumEUR === undefined || orNothing(euros(features[at.sum], issuer)) + orNothing(amountEUR) <= sumEUR
}
const orNothing = (value: number | undefined): number => (value === undefined || Number.isNaN(value) ? 0 : value)

export const isLowValue = (limits: Limits, features: Features, amountEUR: number, issuer: Issuer): boolean =>
  limits.lowValue !== undefined &&
  amountEUR <= limits.lowValue.upToEUR &&
  fits(limits.lowValue, features, amountEUR, issuer)

export const isRunOver = (limits: Limits, features: Features, amountEUR: number, issuer: Issuer): boolean =>
  limits.frictionless !== undefined && !fits(limits.frictionless, features, amountEUR, issuer)
