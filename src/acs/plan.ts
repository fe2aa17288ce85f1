// What somebody other than the engine wants to happen to a transaction: the `then` of a stub, of an override, and a row of the scenario table.
import { z } from 'zod'
import { duration } from '../faults/duration.ts'
import { plannedFaultSchema } from '../faults/rule.ts'

export const transStatuses = ['Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D'] as const

const twoDigits = z.string().regex(/^[0-9]{2}$/, 'two digits expected')

/** How a challenge ends, whatever the cardholder does: the RReq's transStatus, reason and challengeCancel. */
export const endingSchema = z.strictObject({
  transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'D']),
  transStatusReason: twoDigits.optional(),
  challengeCancel: twoDigits.optional(),
  /** start: before any CReq; page: when the first CReq is there, no page is shown; answer: with the first answer; otherwise so long after the first CReq. */
  on: z.enum(['start', 'page', 'answer']).default('answer'),
  /** After that moment, by the clock of the tenant. */
  after: duration().optional(),
})

/** What the cardholder of a decoupled authentication does: confirms, refuses, or nothing until the time is over. */
export const decoupledSchema = z.strictObject({
  result: z.enum(['Y', 'N', 'none']),
  afterSeconds: z.int().min(0).optional(),
})

export const challengeKinds = ['emailOtp', 'smsOtp'] as const

export const planSchema = z.strictObject({
  /** Absent: the engine decides, and the rest applies all the same. */
  transStatus: z.enum(transStatuses).optional(),
  transStatusReason: twoDigits.optional(),
  eci: twoDigits.optional(),
  cardholderInfo: z.string().min(1).max(128).optional(),
  /** Before the ARes leaves. */
  delay: duration(600_000).optional(),
  challenge: z
    .strictObject({
      kind: z.enum(challengeKinds).optional(),
      /** Before each page is shown. */
      pageDelay: duration(600_000).optional(),
      ending: endingSchema.optional(),
    })
    .optional(),
  decoupled: decoupledSchema.optional(),
  /** The RReq, in relation to the final CRes. never: it is lost. insteadOfCRes: the browser is not sent back. afterReturn: once the page that sends the browser back was served. */
  rreq: z
    .strictObject({
      when: z.enum(['beforeCRes', 'afterCRes', 'insteadOfCRes', 'afterReturn', 'never']).default('beforeCRes'),
      delay: duration().optional(),
      /** How often it is sent, byte for byte the same. */
      copies: z.int().min(1).max(20).default(1),
    })
    .optional(),
  faults: z.array(plannedFaultSchema).max(20).optional(),
})
export type Plan = z.output<typeof planSchema>

const contained = z.strictObject({
  is: z.json().optional(),
  oneOf: z.array(z.json()).max(200).optional(),
  contains: z.string().min(1).max(200).optional(),
  startsWith: z.string().min(1).max(200).optional(),
  endsWith: z.string().min(1).max(200).optional(),
  /** Numbers, also of digits in text. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** true: the element has to be there; false: it must not. */
  present: z.boolean().optional(),
})

/** What an AReq must be like; all of it has to fit. Card numbers are kept as keyed id and mask only. */
export const matchSchema = z.strictObject({
  acctNumber: z
    .string()
    .regex(/^[0-9]{13,19}$/, '13 to 19 digits expected')
    .optional(),
  /** Keyed id of the card. */
  card: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /** Leading digits of the card, inclusive. */
  range: z.strictObject({ from: z.string().regex(/^[0-9]{4,19}$/), to: z.string().regex(/^[0-9]{4,19}$/) }).optional(),
  /** Trailing digits of the card; `rr` stands for a reason, `cc` for a challengeCancel. */
  endsWith: z
    .string()
    .regex(/^[0-9]*(?:rr|cc)?$/)
    .optional(),
  scheme: z.string().min(1).max(40).optional(),
  /** Minor units of the purchase's currency. */
  amount: z
    .union([
      z.string().regex(/^[0-9]{1,48}$/),
      z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
    ])
    .optional(),
  /** ISO 4217, letters or digits. */
  currency: z.string().min(3).max(3).optional(),
  /** merchantName, part of it; case and width make no difference. */
  merchant: z.string().min(1).max(200).optional(),
  cardholderName: z.string().min(1).max(200).optional(),
  email: z.string().min(1).max(254).optional(),
  /** User agent or device id, part of it. */
  device: z.string().min(1).max(200).optional(),
  /** 01 app, 02 browser, 03 3RI. */
  deviceChannel: z.enum(['01', '02', '03']).optional(),
  messageVersion: z.string().max(8).optional(),
  /** Any element by its path with dots, such as `acctInfo.chAccAgeInd`: equal to a value, or as the tests say. */
  paths: z.record(z.string().min(1).max(200), z.union([contained, z.json()])).optional(),
})
export type Match = z.output<typeof matchSchema>
