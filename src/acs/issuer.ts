// The issuer's data: ranges, scenario table, register. Checked once when it is loaded.
import { parse } from 'yaml'
import { z } from 'zod'
import type { Version } from '../protocol/tables/types.ts'
import { isReasonOf } from '../risk/reason-codes.ts'
import type { DecoupledPlan } from './challenge/state.ts'
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

/** What the cardholder does when asked outside of the shop: confirms, refuses, or nothing until the time is over. */
const decoupledSchema = z.object({
  result: z.enum(['Y', 'N', 'none']),
  afterSeconds: z.int().min(0).optional(),
})

const scenarioSchema = z
  .object({
    /** Trailing digits; `rr` stands for a reason. */
    endsWith: z.string().regex(/^[0-9]*(?:rr)?$/, 'digits, optionally ending in rr'),
    transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D']),
    transStatusReason: z
      .string()
      .regex(/^(?:rr|[0-9]{2})$/)
      .optional(),
    decoupled: decoupledSchema.optional(),
    title: z.string(),
  })
  .refine(({ transStatus, decoupled }) => decoupled === undefined || transStatus === 'D', {
    path: ['decoupled'],
    message: 'only with transStatus D',
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
  /** acquirerMerchantIDs of the shops on the holder's trust list (RES-CI-5). */
  trusts: z.array(z.string().min(1)).default([]),
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
  decoupled: decoupledSchema
    .extend({
      /** A request that leaves less time gets no D (RES-DEC-9). */
      minimumMinutes: z.int().min(1).max(10_080).default(1),
      /** Where a request of 2.2.0 names no time (ACS-VAL-52). */
      defaultMinutes: z.int().min(1).max(10_080).default(10_080),
    })
    .default({ result: 'Y', afterSeconds: 5, minimumMinutes: 1, defaultMinutes: 10_080 }),
  /** sdkUiType codes the issuer has a page for, by how they are shown (ACS-VAL-55). */
  app: z
    .object({ native: z.array(z.string()), html: z.array(z.string()) })
    .default({ native: ['01'], html: ['01', '05'] }),
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

/** Whether an ARes of the version may carry it; 14 belongs to the RReq. */
export const isReason = (code: string, version: Version = '2.2.0'): boolean => isReasonOf(code, version)

/** Whether the app can show anything that the issuer has (ACS-VAL-55). sdkInterface: 01 native, 02 HTML, 03 both. */
export function supportsDevice(
  { app }: Pick<Issuer, 'app'>,
  { sdkInterface, sdkUiType }: { readonly sdkInterface: string; readonly sdkUiType: readonly string[] },
): boolean {
  const offers = (shown: readonly string[]): boolean => sdkUiType.some((type) => shown.includes(type))
  return (sdkInterface !== '02' && offers(app.native)) || (sdkInterface !== '01' && offers(app.html))
}

/** Whether the holder of the card has put the shop on the trust list. */
export const isOnTrustList = (
  { cards }: Pick<Issuer, 'cards'>,
  pan: string,
  acquirerMerchantID: string | undefined,
): boolean =>
  acquirerMerchantID !== undefined &&
  cards.some(({ acctNumber, trusts }) => acctNumber === pan && trusts.includes(acquirerMerchantID))

export interface ScriptedOutcome {
  readonly transStatus: Scenario['transStatus']
  readonly transStatusReason?: string
  /** What the cardholder will do after a D. */
  readonly decoupled?: NonNullable<Scenario['decoupled']>
  /** Which row it was. */
  readonly scenario: string
}

const results = { Y: 'approved', N: 'refused', none: 'ignored' } as const

/** A row's word, or the issuer's own where the row has none. */
export const planOf = (
  { decoupled: usual }: Pick<Issuer, 'decoupled'>,
  scripted: NonNullable<Scenario['decoupled']> = usual,
): DecoupledPlan => ({ result: results[scripted.result], afterSeconds: scripted.afterSeconds ?? 0 })

/** What the scenario table says of a card of a scripted range. Reasons that the version does not have match nothing. */
export function scenarioFor(
  scenarios: readonly Scenario[],
  pan: string,
  version: Version = '2.2.0',
): ScriptedOutcome | undefined {
  for (const { endsWith, transStatus, transStatusReason, decoupled } of scenarios) {
    const tail = pan.slice(-endsWith.length)
    const hasReason = endsWith.endsWith('rr')
    const fixed = hasReason ? endsWith.slice(0, -2) : endsWith
    if (!tail.startsWith(fixed)) continue
    if (transStatusReason === undefined)
      return { transStatus, ...(decoupled !== undefined && { decoupled }), scenario: endsWith }
    const reason = transStatusReason === 'rr' ? tail.slice(-2) : transStatusReason
    if (isReason(reason, version)) return { transStatus, transStatusReason: reason, scenario: endsWith }
  }
  return undefined
}
