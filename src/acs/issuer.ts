// The issuer's data: ranges, scenario table, register. Checked once when it is loaded.
import { parse } from 'yaml'
import { z } from 'zod'
import { elements } from '../protocol/tables/elements.ts'
import type { CardRange } from './ports.ts'

const digits = z.string().regex(/^[0-9]{4,19}$/, 'digits expected')

const rangeSchema = z
  .object({
    from: digits,
    to: digits,
    scheme: z.string().min(1),
    mode: z.enum(['scripted', 'risk']),
  })
  .refine(
    (range) => range.from.length === range.to.length && range.from <= range.to,
    'from and to must be equally long and in order',
  )

const scenarioSchema = z.object({
  /** Trailing digits; `rr` stands for a reason. */
  endsWith: z.string().regex(/^[0-9]*(?:rr)?$/, 'digits, optionally ending in rr'),
  transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'I', 'C']),
  transStatusReason: z
    .string()
    .regex(/^(?:rr|[0-9]{2})$/)
    .optional(),
  title: z.string(),
})

const cardSchema = z.object({
  acctNumber: z.string().regex(/^[0-9]{13,19}$/),
  title: z.string(),
  holder: z.string(),
  email: z.email(),
  language: z.enum(['en', 'ja']),
  habit: z.string().optional(),
  blocked: z.boolean().default(false),
  stolen: z.boolean().default(false),
  expired: z.boolean().default(false),
  /** Authorisations without a challenge are declined softly; the acquirer of the demo shop plays it. */
  softDeclines: z.boolean().default(false),
})

const habitSchema = z.object({
  amountMinor: z.object({ mean: z.number().positive(), spread: z.number().positive() }),
  perWeek: z.number().positive(),
  weeks: z.number().positive(),
  hours: z.object({ from: z.number().min(0).max(24), to: z.number().min(0).max(24) }),
  shops: z.array(z.object({ acquirerMerchantID: z.string(), merchantName: z.string() })),
  countries: z.array(z.string().regex(/^[0-9]{3}$/)),
})

const issuerSchema = z.object({
  ranges: z.array(rangeSchema).min(1),
  scenarios: z.array(scenarioSchema),
  habits: z.record(z.string(), habitSchema),
  cards: z.array(cardSchema),
  try: z.array(z.object({ acctNumber: z.string(), what: z.string(), whatJa: z.string() })),
})

export type Issuer = z.infer<typeof issuerSchema>
export type Scenario = Issuer['scenarios'][number]
export type RegisterSeed = Issuer['cards'][number]

/** Throws an Error that names the path of what is wrong. */
export function loadIssuer(text: string): Issuer {
  const result = issuerSchema.safeParse(parse(text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Error(`issuer data: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`)
}

/** The range that serves the PAN, by its leading digits. */
export const rangeOf = (ranges: readonly CardRange[], pan: string): CardRange | undefined =>
  ranges.find((range) => {
    const lead = pan.slice(0, range.from.length)
    return lead >= range.from && lead <= range.to
  })

const reasons: ReadonlySet<string> = new Set(elements.transStatusReason.codes['2.2.0'].split(' '))

/** Whether an ARes of the version may carry it; 14 belongs to the RReq. */
export const isReason = (code: string): boolean => reasons.has(code) && code !== '14'

export interface ScriptedOutcome {
  readonly transStatus: Scenario['transStatus']
  readonly transStatusReason?: string
  /** Which row it was. */
  readonly scenario: string
}

/** What the scenario table says of a card of a scripted range. Reasons that the version does not have match nothing. */
export function scenarioFor(scenarios: readonly Scenario[], pan: string): ScriptedOutcome | undefined {
  for (const { endsWith, transStatus, transStatusReason } of scenarios) {
    const tail = pan.slice(-endsWith.length)
    const hasReason = endsWith.endsWith('rr')
    const fixed = hasReason ? endsWith.slice(0, -2) : endsWith
    if (!tail.startsWith(fixed)) continue
    if (transStatusReason === undefined) return { transStatus, scenario: endsWith }
    const reason = transStatusReason === 'rr' ? tail.slice(-2) : transStatusReason
    if (isReason(reason)) return { transStatus, transStatusReason: reason, scenario: endsWith }
  }
  return undefined
}
