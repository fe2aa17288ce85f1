/**
 * What a merchant-side screening may tell about a purchase beside its verdict: what an AReq has no element for, and what
 * only somebody outside can know. Nothing is required, and what is not told is not known. Names and addresses are compared
 * and forgotten: facts keep grades, codes, counts and marks (signal-facts.ts).
 */
import { z } from 'zod'
import { behaviourSchema } from './behaviour.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const times = z.int().min(0).max(1_000_000)

const addressKinds = ['house', 'flat', 'office', 'hotel', 'weeklyMansion', 'postBox', 'forwarding', 'pickUp'] as const
export type AddressKind = (typeof addressKinds)[number]
export const listReasons = ['fraud', 'chargeback', 'abuse', 'takeover', 'nonPayment', 'confirmedGood'] as const
export const listKinds = ['card', 'device', 'email', 'phone', 'shipTo', 'ip'] as const

const listed = z.object({
  kind: z.enum(listKinds).meta({ description: 'What of the purchase is on a list that merchants share.' }),
  reason: z.enum(listReasons),
  merchants: z.int().min(1).max(10_000).optional().meta({ description: 'How many merchants have reported it.' }),
})

export const signalsSchema = z.object({
  kanji: text(60)
    .optional()
    .meta({ description: "The holder's name in kanji, as the shop has it.", example: '山田 太郎' }),
  kana: text(80).optional().meta({ description: "The holder's name in kana.", example: 'ヤマダ タロウ' }),
  receiverKanji: text(60).optional().meta({ description: 'The name of whom the goods are sent to, in kanji.' }),
  receiverKana: text(80).optional().meta({ description: 'The same in kana.' }),
  rawAddress: text(300).optional().meta({
    description: 'The address of delivery as it was typed, in any spelling.',
    example: '東京都新宿区西新宿１丁目２−３ サンプルハイツ４０５号室',
  }),
  postCode: text(12).optional().meta({ description: 'Its postal code.', example: '160-0023' }),
  addressExists: z.boolean().optional().meta({ description: 'An address service knows it, or does not.' }),
  addressVacant: z.boolean().optional().meta({ description: 'Nobody lives there, says an address service.' }),
  addressKind: z.enum(addressKinds).optional().meta({ description: 'What kind of place it is.' }),
  phoneReachable: z.boolean().optional().meta({ description: '疎通: the number was rung, or asked of the carrier.' }),
  mailDeliverable: z
    .boolean()
    .optional()
    .meta({ description: 'The mail server of the address was asked for the box.' }),
  domainAgeDays: z
    .int()
    .min(0)
    .max(20_000)
    .optional()
    .meta({ description: 'Days since the mail domain was registered.' }),
  firstTimeOffer: z.boolean().optional().meta({ description: 'A price that is for new customers only.' }),
  loginFailures: times.optional().meta({ description: 'Failed log-ins at the shop in the last 24 hours.' }),
  passwordReset: z.boolean().optional().meta({ description: 'The password was reset in the last 24 hours.' }),
  stepUpFailures: times.optional().meta({
    description: 'Times in the last 24 hours that more than a password was asked for at the log-in, and not given.',
  }),
  newDeviceLogin: z.boolean().optional().meta({
    description:
      'Somebody logged in within the last 24 hours with a device that the shop had not seen with this account, and gave nothing more than the password.',
  }),
  behaviour: behaviourSchema.optional().meta({ description: 'How the order was typed: counts and times, never what.' }),
  sharedList: z.array(listed).max(20).optional().meta({ description: 'What a list that merchants share says.' }),
})
export type Signals = Readonly<z.infer<typeof signalsSchema>>
