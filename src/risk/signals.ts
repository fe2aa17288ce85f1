/**
 * What a merchant-side screening may tell about a purchase beside its verdict: what an AReq has no element for, and what
 * only somebody outside can know. Nothing is required; what is not told is not known. Names and addresses are compared
 * and forgotten: facts keep keys and grades.
 */
import { z } from 'zod'

const text = (most: number) => z.string().min(1).max(most)
const seconds = z.number().min(0).max(86_400)
const times = z.int().min(0).max(1_000_000)

export const addressKinds = [
  'house',
  'flat',
  'office',
  'hotel',
  'weeklyMansion',
  'postBox',
  'forwarding',
  'pickUp',
] as const
export const listReasons = ['fraud', 'chargeback', 'abuse', 'takeover', 'nonPayment', 'confirmedGood'] as const
export const listKinds = ['card', 'device', 'email', 'phone', 'shipTo', 'ip'] as const

export const signalsSchema = z.object({
  /** The holder's name in kanji and in kana, as the shop has it. */
  kanji: text(60).optional(),
  kana: text(80).optional(),
  /** Who the goods are sent to. */
  receiverKanji: text(60).optional(),
  receiverKana: text(80).optional(),
  /** The address of delivery as it was typed, and its postal code. */
  rawAddress: text(300).optional(),
  postCode: text(12).optional(),
  /** What an address service says of it. */
  addressExists: z.boolean().optional(),
  addressVacant: z.boolean().optional(),
  addressKind: z.enum(addressKinds).optional(),
  /** 疎通: the number was rung, or asked of the carrier. */
  phoneReachable: z.boolean().optional(),
  /** MX and mail box were asked. */
  mailDeliverable: z.boolean().optional(),
  /** Days since the domain of the mail address was registered. */
  domainAgeDays: z.number().min(0).max(20_000).optional(),
  /** A price for new customers only was taken. */
  firstTimeOffer: z.boolean().optional(),
  /** Before this purchase, in the last 24 hours. */
  loginFailures: times.optional(),
  passwordReset: z.boolean().optional(),
  /** How it was typed at the shop: counts and times, never what was typed. */
  behaviour: z
    .object({
      keys: times.optional(),
      pastes: times.optional(),
      corrections: times.optional(),
      secondsToFirst: seconds.optional(),
      secondsInAll: seconds.optional(),
      /** 0 human unevenness, 1 as even as a machine. */
      evenness: z.number().min(0).max(1).optional(),
      pointerMoves: times.optional(),
    })
    .optional(),
  /** What a list that merchants share says. */
  sharedList: z
    .array(
      z.object({
        kind: z.enum(listKinds),
        reason: z.enum(listReasons),
        merchants: z.int().min(1).max(10_000).optional(),
      }),
    )
    .max(20)
    .optional(),
})
export type Signals = Readonly<z.infer<typeof signalsSchema>>
