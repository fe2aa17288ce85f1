// What an imported transaction was decided by: facts, what was asked, evidence. The engine decides by it again, so it must be
// what an engine has written, whoever wrote the file. Pure.
import { z } from 'zod'
import { cardNumberIn } from '../acs/policies/text.ts'
import { featureNames, featureSet } from '../risk/features.ts'
import { listKinds } from '../risk/policy/lists.ts'
import { signalsSchema } from '../risk/signals.ts'

const text = (most: number) => z.string().max(most)
const flag = z.boolean().optional()
const number = z.number().optional()
const word = text(80).optional()

/** A keyed hash; a number of a card is none. */
const key = z.string().regex(/^(?![0-9]{13,19}$)[\w+/=:-]{1,200}$/, 'a keyed hash expected')
const mark = z.number()

const levels = z.looseObject({ narrow: mark, middle: mark, wide: mark }).optional()
const said = z.looseObject({ method: word, minutesAgo: number }).optional()
const { sharedList, addressKind } = signalsSchema.shape
const agreement = z.enum(['agrees', 'unknown', 'contradicts']).optional()

/** As `Facts` has them: what was not told is not there. */
const facts = z.looseObject({
  keys: z.object({ account: key }).catchall(key),
  marks: z.object({ account: mark }).catchall(mark).optional(),
  amount: z.number().min(0).optional(),
  localHour: z.number().min(0).max(24).optional(),
  month: z.int().min(0).max(1_000_000).optional(),
  device: z.enum(['id', 'method', 'browser']).optional(),
  ip: z.enum(['public', 'private']).optional(),
  ...{ ipCountry: word, emailDomain: text(320).optional(), emailAlias: flag, merchantCountry: word, mcc: word },
  ...{ billCountry: word, shipCountry: word, language: word, browserTZ: number, addrMatch: word, shipIndicator: word },
  ...{ shipForwarding: flag, shipPlace: addressKind, shipPostalCode: agreement, billPostalCode: agreement },
  ...{ giftCardAmount: number, giftCardCount: number, deliveryTimeframe: number, reordered: flag },
  ...{ shopAccountAge: number, shopAccountChange: number, shopPasswordChange: number, shopPurchases: number },
  ...{ shopPurchasesToday: number, shopPurchasesYear: number, shipAddressAge: number, shopSuspects: flag },
  mail: z
    .looseObject({
      kind: z.enum(['throwAway', 'relay', 'provider', 'other']),
      ...{ isDeliverable: flag, fault: word, slipOf: text(320).optional(), lookAlike: text(320).optional() },
      ...{ looksRandom: flag, domainLooksRandom: flag },
    })
    .optional(),
  phone: z
    .looseObject({ kind: z.enum(['mobile', 'fixed', 'ip', 'tollFree', 'other', 'impossible']), country: word })
    .optional(),
  network: z
    .looseObject({ kind: word, country: word, lat: number, lon: number, radiusKm: number, isCountryWide: flag })
    .optional(),
  browser: z
    .looseObject({
      ...{ family: text(40), system: text(40), isMobile: flag, isRobot: flag, isHeadless: flag },
      contradictions: z.array(text(40)).max(40),
      ...{ hasMethod: flag, isIdNew: flag },
    })
    .optional(),
  ...{ isNewcomer: flag, deliveryEmail: z.enum(['same', 'other']).optional(), preOrder: flag },
  ...{ provisionAttempts: number, paymentAccountAge: number, shipNameDiffers: flag },
  ...{ requestorAuth: said, priorAuth: said, authenticationInd: word, compInd: word },
  challengeInds: z.array(text(8)).min(1).max(20).optional(),
  signals: z
    .looseObject({
      ...{ addressExists: flag, addressVacant: flag, addressKind, phoneReachable: flag, mailDeliverable: flag },
      ...{ domainAgeDays: number, firstTimeOffer: flag, loginFailures: number, passwordReset: flag, sharedList },
      ...{ stepUpFailures: number, newDeviceLogin: flag },
      behaviour: z
        .looseObject({
          ...{ keys: z.number(), pastes: z.number(), fills: z.number(), corrections: z.number(), taps: z.number() },
          ...{ scripted: z.number(), isUnseen: flag, msToFirst: number, msTotal: z.number(), evenness: number },
        })
        .optional(),
      ...{ address: number, person: number, receiver: number, receiverIsHolder: flag },
      ...{ kanaAgainstKanji: agreement, nameAgainstKana: agreement, postalCode: agreement },
    })
    .optional(),
  chains: z.looseObject({ network: levels, agent: levels }).optional(),
  presence: text(200).optional(),
  missing: z.int().min(0).max(10).optional(),
})
/** What today's checks look at in every record. */
const always = ['marks', 'month', 'challengeInds', 'presence', 'missing'] as const

const matches = z.array(z.looseObject({ kind: z.enum(listKinds), reason: text(200) })).max(200)
const whole = z.int().min(0)

/** As `KeptInputs` has them. Nothing else is taken over: what is there takes the place of what the engine would be given. */
const inputs = z.object({
  asked: z.looseObject({
    messageVersion: z.enum(['2.1.0', '2.2.0', '2.3.1']),
    deviceChannel: text(2),
    messageCategory: text(2),
    challengeInds: z.array(text(8)).min(1).max(20),
    ...{ authenticationInd: word, threeRIInd: word },
    decReqInd: z.enum(['Y', 'N', 'F', 'B']),
    decMaxTimeMinutes: whole.optional(),
    ...{ trustListStatus: word, deviceBindingStatus: word },
  }),
  card: z.looseObject({
    status: z.enum(['active', 'expired', 'stolen', 'blocked']),
    usableMethods: whole,
    ...{ merchantTrusted: flag, deviceBound: flag },
  }),
  supportsDevice: flag,
  prior: z.enum(['none', 'unknown', 'notAuthenticated', 'beyondTerms', 'good']).optional(),
  decoupled: z.looseObject({ minimumMinutes: whole, defaultMinutes: whole }).optional(),
  listed: z.looseObject({ allow: matches, deny: matches }).optional(),
})

/** Members of the record of a transaction that the engine has written. */
export const engineShape = {
  /** As `KeptEvidence` has it. */
  evidence: z
    .array(z.tuple([text(200), text(200), z.number(), z.record(text(80), z.union([text(400), z.number()]))]))
    .max(500),
  features: z.array(z.number().nullable()).max(2_000),
  featureSet: text(40).optional(),
  facts,
  inputs: inputs.optional(),
  policy: text(200),
  policyHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
}

interface Engine {
  readonly features: readonly unknown[]
  readonly featureSet?: string | undefined
  readonly facts: Readonly<Record<string, unknown>>
}

/** What is missing in a record that says that it is as today's are. */
export function missingIn({ features, featureSet: kept, facts: known }: Engine): string | undefined {
  if (kept !== featureSet) return undefined
  if (features.length !== featureNames.length) return 'features'
  const fact = always.find((name) => known[name] === undefined)
  return fact === undefined ? undefined : `facts.${fact}`
}

/** Whether a card number stands in a text of it, however deep. */
export function hasCardNumber(value: unknown): boolean {
  if (typeof value === 'string') return value.length >= 13 && cardNumberIn(value) !== undefined
  return typeof value === 'object' && value !== null && Object.values(value).some(hasCardNumber)
}
