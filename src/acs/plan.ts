// What somebody other than the engine wants to happen to a transaction: the `then` of a stub, of an override, and a row of the scenario table.
import { z } from 'zod'
import { duration } from '../faults/duration.ts'
import { misfitOf } from '../faults/fits.ts'
import { plannedFaultSchema } from '../faults/rule.ts'
import { maskDigitRuns } from '../protocol/mask.ts'
import type { Version } from '../protocol/tables/types.ts'
import { isCancelOf, isReasonOf, isResultReason, sendableReason } from '../risk/reason-codes.ts'
import { challengeKinds } from './challenge/kinds.ts'
import { currencyCode } from './queries/summaries.ts'

export const transStatuses = ['Y', 'N', 'A', 'U', 'R', 'I', 'C', 'D'] as const

/** Thirteen digits or more, however they are grouped. */
export const hasCardNumber = (text: string): boolean => /[0-9](?:[ -]?[0-9]){12,}/.test(text)

const twoDigits = z.string().regex(/^[0-9]{2}$/, 'two digits expected')

/** What the cardholder of a decoupled authentication does: confirms, refuses, or nothing until the time is over. */
export const decoupledSchema = z.strictObject({
  result: z.enum(['Y', 'N', 'none']),
  afterSeconds: z.int().min(0).optional(),
})

/** What the cardholder of a plan does: by the page, or in the banking app (see docs/challenge-page.md). */
export const playActions = [
  'open',
  'submit',
  'wrong',
  'select',
  'resend',
  'otherWay',
  'continue',
  'cancel',
  'approve',
  'refuse',
  'trust',
  'abandon',
] as const
export const playSchema = z.strictObject({
  do: z.enum(playActions),
  /** From the step before it, or from when it could first be done; by the clock of the tenant. */
  after: duration().optional(),
  /** Of submit: what is entered; of select: the key, or keys with commas. Absent: what is right. */
  value: z
    .string()
    .max(200)
    .refine((text) => !hasCardNumber(text), 'no card numbers: it stands in records')
    .optional(),
})
export type Play = z.output<typeof playSchema>

/** The schema of an ending, with what is taken for the two codes. */
const endingWith = (reason: z.ZodString, cancel: z.ZodString) =>
  z.strictObject({
    transStatus: z.enum(['Y', 'N', 'A', 'U', 'R', 'D']),
    transStatusReason: reason.optional(),
    challengeCancel: cancel.optional(),
    /** start: before any CReq; page: when the first CReq is there, no page is shown; answer: with the first answer; otherwise so long after the first CReq. */
    on: z.enum(['start', 'page', 'answer']).default('answer'),
    /** After that moment, by the clock of the tenant. */
    after: duration().optional(),
  })

/** A fault that would never do anything is said to be wrong, rather than waited for in vain. */
const fittingFault = plannedFaultSchema.superRefine((fault, context) => {
  const misfit = misfitOf(fault)
  if (misfit !== undefined) {
    context.addIssue({ code: 'custom', path: misfit.path.split('.'), message: misfit.message })
  }
})

const planWith = (reason: z.ZodString, cancel: z.ZodString) =>
  z.strictObject({
    /** Absent: who comes next decides (the scenario table, then the engine), and the rest applies all the same. */
    transStatus: z.enum(transStatuses).optional(),
    transStatusReason: reason.optional(),
    eci: twoDigits.optional(),
    cardholderInfo: z
      .string()
      .min(1)
      .max(128)
      .refine((text) => !hasCardNumber(text), 'no card numbers: it stands in messages and records')
      .optional(),
    /** Before the ARes leaves. */
    delay: duration(600_000).optional(),
    challenge: z
      .strictObject({
        kind: z.enum(challengeKinds).optional(),
        /** Before each page is shown. */
        pageDelay: duration(600_000).optional(),
        ending: endingWith(reason, cancel).optional(),
        /** The page learns of what the banking app was told after so many more looks; never: it asks to go on for ever. */
        appSeenAfter: z.union([z.int().min(1).max(100), z.literal('never')]).optional(),
        /** Asked beside, whatever the request wished. */
        prompts: z
          .array(z.enum(['trustList', 'deviceBinding']))
          .max(2)
          .optional(),
        /** What the cardholder does, step by step, without anybody. */
        play: z.array(playSchema).max(50).optional(),
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
    faults: z.array(fittingFault).max(20).optional(),
    /** The profiles learn of this purchase and of how it ends, as of any other; otherwise of a decided one they learn nothing. */
    teach: z.boolean().optional(),
  })

/** How a challenge ends, whatever the cardholder does: the RReq's transStatus, reason and challengeCancel. */
export const endingSchema = endingWith(twoDigits, twoDigits)
export type Ending = z.output<typeof endingSchema>

const rules: readonly {
  readonly path: readonly string[]
  readonly message: string
  readonly breaks: (plan: Plan) => boolean
}[] = [
  {
    path: ['transStatusReason'],
    message: 'only N, U and R have a reason',
    breaks: ({ transStatus, transStatusReason }) =>
      transStatusReason !== undefined && !['N', 'U', 'R'].includes(transStatus ?? ''),
  },
  {
    path: ['transStatusReason'],
    message: 'no reason that an ARes may carry (01 to 28 without 14, 80 to 99)',
    breaks: ({ transStatusReason: reason }) =>
      reason !== undefined && reason !== 'rr' && sendableReason(reason, '2.3.1') === undefined,
  },
  {
    path: ['challenge', 'ending', 'transStatusReason'],
    message: 'only N, U, R and D have a reason',
    breaks: ({ challenge }) =>
      challenge?.ending?.transStatusReason !== undefined && !'NURD'.includes(challenge.ending.transStatus),
  },
  {
    path: ['challenge', 'ending', 'transStatusReason'],
    message: 'no reason of any version (01 to 30, 80 to 99)',
    breaks: ({ challenge }) => {
      const reason = challenge?.ending?.transStatusReason
      return reason !== undefined && reason !== 'rr' && !isResultReason(reason, '2.3.1') && !/^[89]/.test(reason)
    },
  },
  {
    path: ['challenge', 'ending', 'challengeCancel'],
    message: 'no challengeCancel of any version (01, 03 to 10, 80 to 99)',
    breaks: ({ challenge }) => {
      const cancel = challenge?.ending?.challengeCancel
      return cancel !== undefined && cancel !== 'cc' && !isCancelOf(cancel, '2.3.1') && !/^[89]/.test(cancel)
    },
  },
  {
    path: ['challenge'],
    message: 'only with transStatus C, D or none',
    breaks: ({ transStatus, challenge }) => challenge !== undefined && !isOpen(transStatus),
  },
  {
    path: ['rreq'],
    message: 'only with transStatus C, D or none: there is no RReq after others',
    breaks: ({ transStatus, rreq }) => rreq !== undefined && !isOpen(transStatus),
  },
  {
    path: ['decoupled'],
    message: 'only with transStatus D or none',
    breaks: ({ transStatus, decoupled }) => decoupled !== undefined && transStatus !== undefined && transStatus !== 'D',
  },
]

const isOpen = (transStatus: string | undefined): boolean =>
  transStatus === undefined || transStatus === 'C' || transStatus === 'D'

/** What does not go together, with where it stands. */
function refused(plan: Plan, context: z.core.$RefinementCtx): void {
  const broken = rules.find(({ breaks }) => breaks(plan))
  if (broken !== undefined) context.addIssue({ code: 'custom', path: [...broken.path], message: broken.message })
}

const plain = planWith(twoDigits, twoDigits)
export type Plan = z.output<typeof plain>

export const planSchema = plain.superRefine(refused).meta({ id: 'Plan' })

/** The plan of a row of the scenario table: `rr` and `cc` stand for digits of the card. */
export const planTemplateSchema = planWith(
  z.string().regex(/^(?:[0-9]{2}|rr)$/, 'two digits or rr expected'),
  z.string().regex(/^(?:[0-9]{2}|cc)$/, 'two digits or cc expected'),
)
  .superRefine(refused)
  .meta({ id: 'PlanTemplate' })

/** The two digits of the card in the places of `rr` and `cc`. */
export function filledIn(template: Plan, digits: string | undefined): Plan {
  if (digits === undefined) return template
  const { transStatusReason, challenge } = template
  const own = <T extends string | undefined>(code: T): T | string => (code === 'rr' || code === 'cc' ? digits : code)
  const ending = challenge?.ending
  return {
    ...template,
    ...(transStatusReason !== undefined && { transStatusReason: own(transStatusReason) }),
    ...(challenge !== undefined &&
      ending !== undefined && {
        challenge: {
          ...challenge,
          ending: {
            ...ending,
            ...(ending.transStatusReason !== undefined && { transStatusReason: own(ending.transStatusReason) }),
            ...(ending.challengeCancel !== undefined && { challengeCancel: own(ending.challengeCancel) }),
          },
        },
      }),
  }
}

/** As a record keeps it: a fault may carry whatever is to stand in a message, a record no card number (SEC-LOG-2). */
export const keptPlan = (plan: Plan): Plan =>
  plan.faults === undefined ? plan : { ...plan, faults: plan.faults.map(withoutCardNumbers) }

/** A fault as it may be shown: the message that meets it has the number, nobody else needs it (SEC-PCI-1). */
export const withoutCardNumbers = <T>(fault: T): T =>
  JSON.parse(JSON.stringify(fault), (_name, value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? maskedValue(value) : value,
  ) as T

function maskedValue(value: string | number): string | number {
  const masked = maskDigitRuns(String(value))
  return masked === String(value) ? value : masked
}

/** The first code of the plan that a message of the version cannot have (RES-TR-2). */
export function codeUnknownTo(version: Version, { transStatusReason: reason, challenge }: Plan): string | undefined {
  const { ending } = challenge ?? {}
  const unless = (code: string | undefined, isKnown: (code: string, version: Version) => boolean) =>
    code === undefined || isKnown(code, version) || /^[89]/.test(code) ? undefined : code
  return (
    unless(reason, isReasonOf) ??
    unless(ending?.transStatusReason, isResultReason) ??
    unless(ending?.challengeCancel, isCancelOf) ??
    (ending?.transStatus === 'D' && version !== '2.3.1' ? 'D' : undefined)
  )
}

/** Reasons of an RReq that come with something else only: 14 with a cancel for lost time (CHL-TMR-4), 29 and 30 with D. */
export function isSoundEnding({ challenge }: Plan): boolean {
  const { transStatus, transStatusReason: reason, challengeCancel: cancel } = challenge?.ending ?? {}
  if (reason === '14') return cancel === '04' || cancel === '05'
  return (reason !== '29' && reason !== '30') || transStatus === 'D'
}

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
export const matchSchema = z
  .strictObject({
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
    range: z
      .strictObject({
        from: z.string().regex(/^[0-9]{1,19}$/, 'digits in quotes expected'),
        to: z.string().regex(/^[0-9]{1,19}$/, 'digits in quotes expected'),
      })
      .refine(
        ({ from, to }) => from.length === to.length && from <= to,
        'from and to must be equally long and in order',
      )
      .optional(),
    /** Trailing digits of the card; `rr` stands for a reason, `cc` for a challengeCancel. */
    endsWith: z
      .string()
      .regex(/^[0-9]*(?:rr|cc)?$/, 'digits in quotes, optionally ending in rr or cc')
      .optional(),
    scheme: z.string().min(1).max(40).optional(),
    /** Minor units of the purchase's currency. */
    amount: z
      .union([
        z.string().regex(/^[0-9]{1,48}$/, 'minor units in digits expected'),
        z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
      ])
      .optional(),
    /** ISO 4217, letters or digits. */
    currency: z
      .string()
      .refine((text) => currencyCode(text) !== undefined, 'no such currency (ISO 4217)')
      .optional(),
    /** Part of merchantName; case and width make no difference, here and below. */
    merchant: z.string().min(1).max(200).optional(),
    /** Part of cardholderName. */
    cardholderName: z.string().min(1).max(200).optional(),
    /** A whole address, or a domain with its @. */
    email: z.string().min(1).max(254).optional(),
    /** Part of the user agent, of a device id, or of a value of the app's device information. */
    device: z.string().min(1).max(200).optional(),
    /** 01 app, 02 browser, 03 3RI. */
    deviceChannel: z.enum(['01', '02', '03']).optional(),
    messageVersion: z.string().max(8).optional(),
    /** Any element by its path with dots, such as `acctInfo.chAccAgeInd`: equal to a value, or as the tests say. */
    paths: z
      .record(
        z.string().min(1).max(200),
        z.union([z.string().max(200), z.number(), z.boolean(), z.array(z.json()).max(200), contained], {
          error: 'a value expected, or tests: is, oneOf, contains, startsWith, endsWith, min, max, present',
        }),
      )
      .optional(),
  })
  .meta({ id: 'Match' })
export type Match = z.output<typeof matchSchema>
/** One test of an element. */
export type Test = z.output<typeof contained>
