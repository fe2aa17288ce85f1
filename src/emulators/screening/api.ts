// What the screening service is told and what it answers. Everything that comes in is signed, size-limited and checked here.
import { z } from 'zod'
import { assessmentSchema, verdicts } from '../../risk/assessment.ts'
import { listKinds, listReasons } from '../../risk/signals.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const digits = (most: number) => z.string().regex(new RegExp(`^\\d{1,${most}}$`), 'digits expected')
const country = z.string().regex(/^\d{3}$/, 'ISO 3166-1 numeric')
/** Of the shop's own making; it stands in addresses of pages. */
const orderId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, . _ -')

const longNumber = /[0-9](?:[ -]?[0-9]){12,}/
/** What a person has written, as it may be kept and told: without what may be a card number. */
export const noteWithout = (text: string): string => text.replace(new RegExp(longNumber, 'g'), '•••')

const address = z.strictObject({
  line1: text(200),
  line2: text(200).optional(),
  city: text(100).optional(),
  /** ISO 3166-2 after the hyphen. */
  state: z.string().max(3).optional(),
  postCode: z.string().max(16).optional(),
  country: country.optional(),
})
export type OrderAddress = z.infer<typeof address>

export const orderRequest = z.strictObject({
  orderId,
  threeDSServerTransID: z.guid().optional(),
  merchant: z.strictObject({ acquirerMerchantID: text(35), name: text(40) }),
  amount: z.strictObject({ minor: digits(15), currency: country, exponent: z.int().min(0).max(4) }),
  items: z
    .array(
      z.strictObject({
        productId: text(64),
        name: text(100),
        quantity: z.int().min(1).max(9_999),
        amount: digits(15),
        isGiftCard: z.boolean().default(false),
      }),
    )
    .max(100)
    .default([]),
  /** A price that is for new customers only. */
  firstTimeOffer: z.boolean().default(false),
  buyer: z.strictObject({
    /** The account at the shop; absent: a guest. */
    accountId: text(64).optional(),
    accountAgeDays: z.int().min(0).max(100_000).optional(),
    earlierPurchases: z.int().min(0).max(1_000_000).optional(),
    passwordChangedToday: z.boolean().optional(),
    /** As on the card, in Latin letters. */
    name: text(80),
    kanji: text(60).optional(),
    kana: text(80).optional(),
    email: text(254),
    phone: z.strictObject({ cc: digits(3), subscriber: digits(15) }).optional(),
  }),
  billing: address.optional(),
  /** Absent: nothing is sent anywhere. */
  delivery: address.optional(),
  device: z
    .strictObject({
      ip: z.string().max(45).optional(),
      userAgent: z.string().max(2_048).optional(),
      language: z.string().max(35).optional(),
      /** Minutes behind UTC, as browserTZ: Tokyo is -540. */
      timeZone: z.int().min(-900).max(900).optional(),
      screen: z.string().max(20).optional(),
    })
    .default({}),
  /** First six and last four digits; a whole number is refused. */
  card: z
    .string()
    .max(24)
    .refine((text) => !longNumber.test(text), 'the first six and the last four digits expected')
    .optional(),
  /** How the opinion is to reach the issuer. */
  door: z.enum(['areq', 'ahead', 'asked']).default('areq'),
})
export type OrderRequest = z.output<typeof orderRequest>
/** As a shop writes it. */
export type OrderToScreen = z.input<typeof orderRequest>

const words = z.object({ en: z.string(), ja: z.string() })
export const reviewStates = ['none', 'open', 'held', 'passed', 'stopped'] as const
export type ReviewState = (typeof reviewStates)[number]

export const orderAnswer = z.object({
  assessment: assessmentSchema,
  /** The reasons in words, heaviest first. */
  reasons: z.array(z.object({ code: z.string(), weight: z.number(), words })),
  review: z.enum(reviewStates),
  /** For the AReq, where that door was asked for: one entry of messageExtension. */
  extension: z.record(z.string(), z.unknown()).optional(),
  /** For the door *ahead*: whether the issuer took it. */
  told: z.boolean().optional(),
})
export type OrderAnswer = z.output<typeof orderAnswer>

export const stateRequest = z.strictObject({ orderId })
export const stateAnswer = z.object({
  orderId: z.string(),
  verdict: z.enum(verdicts),
  review: z.enum(reviewStates),
  note: z.string().optional(),
})
export type StateAnswer = z.infer<typeof stateAnswer>

/** How a payment ended at the shop. */
export const endings = ['approved', 'declined', 'notAuthenticated', 'stopped', 'abandoned'] as const
export type ScreenedEnding = (typeof endings)[number]
/** What became known later. */
export const labels = ['fraud', 'chargeback', 'confirmedGood'] as const
export type Label = (typeof labels)[number]

export const outcomeRequest = z
  .object({
    orderId: orderId.optional(),
    threeDSServerTransID: z.guid().optional(),
    ending: z.enum(endings).optional(),
    transStatus: z
      .string()
      .regex(/^[A-Z]$/)
      .optional(),
    wasChallenged: z.boolean().optional(),
    label: z.enum(labels).optional(),
    note: z.string().trim().max(500).optional(),
  })
  .refine(
    ({ orderId, threeDSServerTransID }) => orderId !== undefined || threeDSServerTransID !== undefined,
    'orderId or threeDSServerTransID is needed',
  )
  .refine(
    ({ ending, label, transStatus }) => ending !== undefined || label !== undefined || transStatus !== undefined,
    'ending, transStatus or label is needed',
  )
export type OutcomeRequest = z.output<typeof outcomeRequest>

/** What an issuer asks: it names the transaction, and may say more about it, which is not needed here. */
export const assessRequest = z.union([
  z
    .object({ about: z.object({ threeDSServerTransID: z.guid() }) })
    .transform(({ about }) => about.threeDSServerTransID),
  z.object({ threeDSServerTransID: z.guid() }).transform(({ threeDSServerTransID }) => threeDSServerTransID),
])

/** The issuer's own webhooks have what they are about below `data`. */
export const issuersWebhook = z.object({
  type: z.string().max(100),
  data: z.object({ threeDSServerTransID: z.guid(), transStatus: z.string().optional() }),
})

/** A line of the shared list, as the page adds it. */
export const listForm = z.object({
  kind: z.enum(listKinds),
  value: text(300),
  reason: z.enum(listReasons),
  days: z.coerce.number().int().min(1).max(3_650),
  note: z.string().trim().max(200).default(''),
})
