// The issuer's data: ranges, scenario table, register. Checked once when it is loaded.
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Version } from '../protocol/tables/types.ts'
import { isReasonOf } from '../risk/reason-codes.ts'
import { contrast, papers, readable } from './brand.ts'
import type { DecoupledPlan } from './challenge/state.ts'
import { nestsDeeper, yamlNestsDeeper } from './nesting.ts'
import { decoupledSchema, hasCardNumber, type Plan } from './plan.ts'
import type { CardRange } from './ports.ts'
import { scenarioSchema } from './scenarios.ts'
import { type Problem, problemAt, problemsOf } from './yaml-problems.ts'

const digits = z.string().regex(/^[0-9]{4,19}$/, 'digits expected')

const rangeSchema = z
  .strictObject({
    from: digits,
    to: digits,
    scheme: z.string().min(1),
    mode: z.enum(['scripted', 'risk']),
    /** Id of one of `issuers`; absent: the first of them. */
    issuer: z.string().optional(),
  })
  .refine(
    (range) => range.from.length === range.to.length && range.from <= range.to,
    'from and to must be equally long and in order',
  )

const cardSchema = z.strictObject({
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

const habitSchema = z.strictObject({
  amountMinor: z.object({ mean: z.number().positive(), spread: z.number().positive() }),
  perWeek: z.number().positive(),
  weeks: z.number().positive(),
  hours: z.object({ from: z.number().min(0).max(24), to: z.number().min(0).max(24) }),
  shops: z.array(z.object({ acquirerMerchantID: z.string(), merchantName: z.string() })),
  countries: z.array(z.string().regex(/^[0-9]{3}$/)),
})

/** Blanks around it do not count, and nothing but blanks is nothing (CHL-UI-1). */
const words = (most: number) => z.string().trim().min(1).max(most)

const infoText = words(128)
  .refine((text) => !hasCardNumber(text), 'no card numbers: it stands in messages and records')
  .optional()

/** Words of an issuer in one language, within the lengths of the specification; absent: the usual ones. */
const issuerWordsSchema = z.strictObject({
  name: words(45),
  /** cardholderInfo (RES-AR-6): with D, with an N, U or R by the issuer, and [2.3.1] with the RReq of a challenge that was not passed. */
  cardholderInfo: z
    .strictObject({
      decoupled: infoText,
      refused: infoText,
      failed: infoText,
    })
    .default({}),
  /** challengeInfoHeader, challengeInfoText, whyInfoText (CHL 5.1). */
  header: words(45).optional(),
  text: words(350).optional(),
  why: words(256).optional(),
})

/** A colour that can be read on the paper of its pages, in light or in dark. */
const accentOn = (paper: keyof typeof papers) =>
  z
    .string()
    .regex(/^#[0-9a-f]{6}$/, { error: 'a colour such as #1f6f5c expected', abort: true })
    .refine((colour) => contrast(colour, papers[paper]) >= readable, {
      error: ({ input }) =>
        `${contrast(String(input), papers[paper]).toFixed(1)} to 1 on ${papers[paper]}; text needs ${readable} to 1`,
    })

/** A fictitious issuer: what its cardholders see and read. */
const issuerBrandSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  theme: z.strictObject({
    /** Of buttons, links and the mark, on light and on dark ground. */
    accent: accentOn('light'),
    accentDark: accentOn('dark'),
    /** Of the bar with the heading. */
    bar: z.enum(['plain', 'filled', 'lined']).default('plain'),
    mark: z.enum(['gate', 'moon', 'wave', 'pine', 'wheel']),
    corners: z.enum(['square', 'soft', 'round']).default('soft'),
    type: z.enum(['sans', 'serif']).default('sans'),
  }),
  en: issuerWordsSchema,
  ja: issuerWordsSchema,
})
export type IssuerBrand = z.output<typeof issuerBrandSchema>
export type IssuerWords = z.output<typeof issuerWordsSchema>

const optionSchema = z.strictObject({
  /** CHL-UI-6, VER-23-29. */
  key: z.string().regex(/^[0-9a-z]{1,4}$/),
  text: words(45),
  textJa: words(45),
  isRight: z.boolean().default(false),
})

const isUnlike = (texts: readonly string[]): boolean => new Set(texts).size === texts.length

const questionSchema = (rightOnes: 'one' | 'several') =>
  z.strictObject({
    text: words(350),
    textJa: words(350),
    options: z
      .array(optionSchema)
      .min(2)
      .max(8)
      .refine((options) => new Set(options.map(({ key }) => key)).size === options.length, 'a key stands there twice')
      .refine(
        (options) => (['text', 'textJa'] as const).every((name) => isUnlike(options.map((option) => option[name]))),
        'two of them read the same', // CHL-UI-15
      )
      .refine((options) => options.filter(({ isRight }) => isRight).length >= 1, 'none of them is right')
      .refine(
        (options) => rightOnes === 'several' || options.filter(({ isRight }) => isRight).length === 1,
        'exactly one must be right',
      ),
  })

/** What every cardholder of this issuer knows. */
const knowledgeSchema = z.strictObject({
  question: questionSchema('one'),
  pictures: questionSchema('several'),
  /** In lower case; case, width and blanks around it make no difference, here as on the page. */
  password: z.string().normalize('NFKC').trim().min(4).max(40).toLowerCase(),
})

const issuerSchema = z
  .strictObject({
    /** The first is the usual one. */
    issuers: z
      .array(issuerBrandSchema)
      .min(1)
      .refine((issuers) => new Set(issuers.map(({ id }) => id)).size === issuers.length, 'an id stands there twice'),
    knowledge: knowledgeSchema,
    ranges: z.array(rangeSchema).min(1),
    scenarios: z.array(scenarioSchema).max(2_000),
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
  .superRefine(({ issuers, ranges }, context) => {
    for (const [index, { issuer }] of ranges.entries()) {
      if (issuer === undefined || issuers.some(({ id }) => id === issuer)) continue
      const known = issuers.map(({ id }) => id).join(', ')
      context.addIssue({
        code: 'custom',
        path: ['ranges', index, 'issuer'],
        message: `there is no issuer ${issuer} among ${known}`,
      })
    }
  })

export type Issuer = z.output<typeof issuerSchema>
export type RegisterSeed = Issuer['cards'][number]

/** Issuer data that cannot be used, with all that is wrong with them. */
export class IssuerError extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const [first] = problems
    const where = first?.line === undefined ? '' : ` (line ${first.line}, column ${first.column ?? 1})`
    super(`issuer data: ${first?.path ?? ''}: ${first?.message ?? 'not valid'}${where}`)
    this.problems = problems
  }
}

/** At most this much of what is wrong is told at once. */
const mostProblems = 50

/** Parts that the text does not have are those of `base`, a text by itself valid. Throws IssuerError. */
/** The shipped data are read at every start of a tenant: parsed once as long as they are the same. */
let parsedBase: { readonly text: string; readonly data: object } | undefined
function baseOf(text: string): object {
  if (parsedBase?.text !== text) parsedBase = { text, data: parseDocument(text).toJS() as object }
  return parsedBase.data
}

export function loadIssuer(text: string, base?: string): Issuer {
  if (text === base) {
    const result = issuerSchema.safeParse(baseOf(base))
    if (result.success) return result.data
  }
  if (yamlNestsDeeper(text)) throw new IssuerError([{ path: '', message: 'nested too deeply' }])
  const lines = new LineCounter()
  // Without pretty errors: a text that is nothing but mistakes would be quoted at every one of them.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    throw new IssuerError(
      document.errors.slice(0, mostProblems).map(({ message, pos }) => {
        const { line, col } = lines.linePos(pos[0])
        return { path: '', message, line, column: col }
      }),
    )
  }
  let written: unknown
  try {
    written = document.toJS({ maxAliasCount: 1_000 })
  } catch (error) {
    throw new IssuerError([{ path: '', message: error instanceof Error ? error.message : 'no YAML' }])
  }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new IssuerError([problemAt(document, lines, [], 'ranges, scenarios and cards by name expected')])
  }
  // Also what an anchor makes a part of itself.
  if (nestsDeeper(written)) throw new IssuerError([{ path: '', message: 'nested too deeply' }])
  // Members with x- are the writer's own, for anchors and notes.
  const own = Object.fromEntries(Object.entries(written).filter(([name]) => !name.startsWith('x-')))
  const usual = base === undefined ? {} : baseOf(base)
  const result = issuerSchema.safeParse({ ...usual, ...own })
  if (result.success) return result.data
  throw new IssuerError(problemsOf(result.error, document, lines).slice(0, mostProblems))
}

/** Issuer data that may be replaced while everything runs: its members are read when they are used. */
export interface LiveIssuer extends Issuer {
  /** As they were written. */
  text(): string
  isReplaced(): boolean
  /** What there would be without a replacement. */
  usual(): string
  /** All or nothing: throws IssuerError, and what was there goes on. */
  replace(text: string): void
  /** Throws IssuerError where `replace` would. */
  check(text: string): Issuer
  /** Takes the usual ones again. */
  restore(): void
  /** New usual ones; they count at once where nobody has replaced them. */
  renew(text: string): void
  /** Called after every change; the returned function ends that. */
  onChange(listener: () => void): () => void
}

export interface LiveIssuerOptions {
  /** What the program came with, for the parts that a text does not have. */
  readonly shipped: string
  /** The usual text; without it the shipped one. */
  readonly usual?: string | undefined
  /** A replacement of an earlier run. */
  readonly kept?: string | undefined
  /** Told of a replacement before it counts; undefined: there is none any more. */
  readonly keep?: ((text: string | undefined) => void) | undefined
  /** Where many have the same table, it is read once. */
  readonly read?: ((text: string) => Issuer) | undefined
}

export function liveIssuer(options: LiveIssuerOptions): LiveIssuer {
  const { shipped, usual = shipped, kept, keep, read = (text: string): Issuer => loadIssuer(text, shipped) } = options
  const listeners = new Set<() => void>()
  let usualText = usual
  let replacement = kept
  let current = read(kept ?? usual)
  const take = (data: Issuer): void => {
    current = data
    for (const listener of listeners) listener()
  }
  const members = Object.keys(issuerSchema.shape) as (keyof Issuer)[]
  const live = {
    text: () => replacement ?? usualText,
    isReplaced: () => replacement !== undefined,
    usual: () => usualText,
    check: read,
    replace(text: string) {
      const data = read(text)
      keep?.(text)
      replacement = text
      take(data)
    },
    restore() {
      const data = read(usualText)
      keep?.(undefined)
      replacement = undefined
      take(data)
    },
    renew(text: string) {
      const data = read(text)
      usualText = text
      if (replacement === undefined) take(data)
    },
    onChange(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  const getters = Object.fromEntries(members.map((name) => [name, { get: () => current[name], enumerable: true }]))
  return Object.defineProperties(live, getters) as LiveIssuer
}

/** The range that serves the PAN, by its leading digits. */
export const rangeOf = (ranges: readonly CardRange[], pan: string): CardRange | undefined =>
  ranges.find((range) => {
    const lead = pan.slice(0, range.from.length)
    return lead >= range.from && lead <= range.to
  })

const schemePrefixes: readonly (readonly [from: string, to: string, scheme: string])[] = [
  ['34', '34', 'amex'],
  ['37', '37', 'amex'],
  ['3528', '3589', 'jcb'],
  ['4', '4', 'visa'],
  ['51', '55', 'mastercard'],
  ['2221', '2720', 'mastercard'],
  ['6011', '6011', 'discover'],
  ['644', '659', 'discover'],
  ['36', '36', 'discover'],
  ['62', '62', 'unionpay'],
]

/** The scheme of a card outside of all ranges, by its leading digits. */
export const schemeOf = (pan: string): string | undefined =>
  schemePrefixes.find(([from, to]) => pan.slice(0, from.length) >= from && pan.slice(0, to.length) <= to)?.[2]

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

const results = { Y: 'approved', N: 'refused', none: 'ignored' } as const

/** What a plan says, or the issuer's own where it says nothing. */
export const planOf = (
  { decoupled: usual }: Pick<Issuer, 'decoupled'>,
  scripted: NonNullable<Plan['decoupled']> = usual,
): DecoupledPlan => ({ result: results[scripted.result], afterSeconds: scripted.afterSeconds ?? 0 })
