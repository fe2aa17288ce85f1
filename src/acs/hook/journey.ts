// What a shopper does at a merchant beside paying: log-ins and orders, as the merchant tells them. What they say of a log-in that went
// wrong is evidence for the payments that follow; nothing here ever raises trust.
import { z } from 'zod'
import { sourceName } from '../../risk/assessment.ts'
import type { Signals } from '../../risk/signals.ts'
import { looksLikeCard } from '../policies/text.ts'
import type { Clock, Secrets, Store, UnitOfWork } from '../ports.ts'
import { orderId, orderNames, type Teller, tellingId } from './feedback.ts'
import { type JourneyEvent, type NewJourneyEvent, orderStates, stepUps } from './journey-event.ts'

const shopper = z
  .string()
  .min(1)
  .max(64)
  .refine((text) => !looksLikeCard(text), 'no card numbers')
  .meta({ description: "The shopper as the merchant's AReqs name it: acctID. Kept as a keyed hash." })

const common = {
  source: sourceName.optional().meta({ description: 'Who says it; may stand in the header sekisho-source instead.' }),
  id: tellingId.meta({ description: 'Of the source, for this event: told twice it counts once.' }),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'When it was. Default: now. Not later than five minutes from now.' }),
  acquirerMerchantID: z
    .string()
    .min(1)
    .max(35)
    .optional()
    .meta({ description: 'Where it was; may be left out by a source that speaks for one merchant only.' }),
}

export const eventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('login'),
    ...common,
    shopper,
    result: z.enum(['success', 'failure']),
    stepUp: z.enum(stepUps).optional().meta({ description: 'Whether more than a password was asked for, and given.' }),
    attempts: z.int().min(1).max(1_000).optional().meta({ description: 'Failed attempts that a failure stands for.' }),
    passwordReset: z.boolean().optional(),
    isNewDevice: z.boolean().optional(),
    device: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: "The shop's name for the device. Kept as a keyed hash." }),
  }),
  z.strictObject({
    kind: z.literal('order'),
    ...common,
    shopper: shopper.optional(),
    orderId,
    state: z.enum(orderStates),
    threeDSServerTransID: z
      .guid()
      .optional()
      .meta({ description: 'The payment of the order: feedback may name it by orderId from then on.' }),
    amount: z
      .string()
      .regex(/^[0-9]{1,15}$/, 'minor units expected')
      .optional(),
    currency: z
      .string()
      .regex(/^[0-9]{3}$/, 'three digits expected (ISO 4217)')
      .optional(),
  }),
])
export type ToldEvent = z.output<typeof eventSchema>

export class EventProblem extends Error {
  readonly path: string
  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/** How far clocks may differ. */
const toleranceMs = 300_000
/** Nobody needs to tell what was long ago. */
const oldestMs = 30 * 86_400_000

/** The same shopper at the same merchant; no other merchant's. */
export const shopperKey = (secrets: Pick<Secrets, 'keyOf'>, acquirerMerchantID: string, name: string): string =>
  secrets.keyOf('shopper', `${acquirerMerchantID}\n${name}`)

function merchantFor({ merchants }: Teller, told: string | undefined): string {
  if (told !== undefined) {
    if (merchants !== undefined && !merchants.includes(told))
      throw new EventProblem('acquirerMerchantID', 'not one that this source speaks for')
    return told
  }
  const [only, ...more] = merchants ?? []
  if (only === undefined || more.length > 0) throw new EventProblem('acquirerMerchantID', 'expected')
  return only
}

export interface JourneyPorts {
  readonly store: Pick<Store, 'unit'>
  readonly clock: Pick<Clock, 'now'>
  readonly secrets: Pick<Secrets, 'keyOf'>
  readonly tenant: number
}

/** False: it was told before. Throws EventProblem. */
export async function takeEvent(
  { store, clock, secrets, tenant }: JourneyPorts,
  teller: Teller,
  told: ToldEvent,
): Promise<{ readonly isNew: boolean; readonly shopper?: string | undefined }> {
  const now = clock.now()
  const at = told.at === undefined ? now : Date.parse(told.at)
  if (at > now + toleranceMs) throw new EventProblem('at', 'lies in the future')
  if (at < now - oldestMs) throw new EventProblem('at', 'more than 30 days ago')
  const merchant = merchantFor(teller, told.acquirerMerchantID)
  const own = told.shopper === undefined ? undefined : shopperKey(secrets, merchant, told.shopper)
  const common = { at, source: teller.name, eventId: told.id }
  if (told.kind === 'login') {
    const { result, stepUp, attempts, passwordReset, isNewDevice, device } = told
    if (own === undefined) throw new EventProblem('shopper', 'expected')
    const event: NewJourneyEvent = {
      ...common,
      shopper: own,
      kind: 'login',
      result,
      ...(stepUp !== undefined && { stepUp }),
      ...(attempts !== undefined && { attempts }),
      ...(passwordReset !== undefined && { passwordReset }),
      ...(isNewDevice !== undefined && { isNewDevice }),
      ...(device !== undefined && { device: secrets.keyOf('shopDevice', `${merchant}\n${device}`) }),
    }
    const isNew = await store.unit(({ hook }) => hook.journey.add(tenant, event) !== undefined)
    return { isNew, shopper: own }
  }
  const { state, threeDSServerTransID, amount, currency } = told
  const isNew = await store.unit((unit) => {
    const id = threeDSServerTransID?.toLowerCase()
    const known = unit.hook.journey.serverTransIDOf(tenant, teller.name, told.orderId)
    // Whose order it is, by the payment that it was paid with, where the event does not say it.
    const event: NewJourneyEvent = {
      ...common,
      shopper: own ?? shopperOfPayment(unit, tenant, merchant, id ?? known) ?? '',
      kind: 'order',
      orderId: told.orderId,
      state,
      ...(id !== undefined && { threeDSServerTransID: id }),
      ...(amount !== undefined && { amount }),
      ...(currency !== undefined && { currency }),
    }
    if (unit.hook.journey.add(tenant, event) === undefined) return false
    // An order keeps the payment that it was first told with: another one would move what is said of it.
    if (id !== undefined && known === undefined) orderNames(unit, tenant, teller.name, told.orderId, id)
    return true
  })
  return { isNew, shopper: own }
}

/** Of a payment at the merchant whose event it is: nobody writes into the journeys of another one. */
function shopperOfPayment(
  unit: UnitOfWork,
  tenant: number,
  merchant: string,
  threeDSServerTransID: string | undefined,
): string | undefined {
  if (threeDSServerTransID === undefined) return undefined
  const { acquirerMerchantID, shopper } = unit.transactionBy(tenant, { threeDSServerTransID })?.details ?? {}
  return acquirerMerchantID === merchant ? shopper : undefined
}

const dayMs = 86_400_000
/** Events of a shopper that are looked at before a payment. */
const mostRead = 50

/** What went wrong at the log-in in the last 24 hours; undefined: nothing was told of this shopper. */
export function loginSignals(events: readonly JourneyEvent[], now: number): Signals | undefined {
  const logins = events.filter((event) => event.kind === 'login').filter(({ at }) => at > now - dayMs && at <= now)
  if (logins.length === 0) return undefined
  const failures = logins
    .filter(({ result }) => result === 'failure')
    .reduce((sum, { attempts = 1 }) => sum + attempts, 0)
  const hasReset = logins.some(({ passwordReset }) => passwordReset === true)
  const stepUpFailures = logins.filter(({ stepUp }) => stepUp === 'failed').length
  // A step-up that was passed has asked already whose device it is.
  const hasNewDevice = logins.some(
    ({ result, isNewDevice, stepUp }) => result === 'success' && isNewDevice === true && stepUp !== 'passed',
  )
  return {
    loginFailures: failures,
    ...(hasReset && { passwordReset: true }),
    ...(stepUpFailures > 0 && { stepUpFailures }),
    ...(hasNewDevice && { newDeviceLogin: true }),
  }
}

/** Of the shopper that an AReq names. */
export function signalsOfShopper(unit: UnitOfWork, tenant: number, key: string, now: number): Signals | undefined {
  return loginSignals(unit.hook.journey.of(tenant, key, mostRead), now)
}

/** The worse of two words about the same: what one has not heard of, the other may have. */
export function worseOf(one: Signals | undefined, other: Signals | undefined): Signals | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const times = (name: 'loginFailures' | 'stepUpFailures'): Signals =>
    one[name] === undefined && other[name] === undefined ? {} : { [name]: Math.max(one[name] ?? 0, other[name] ?? 0) }
  const flag = (name: 'passwordReset' | 'newDeviceLogin'): Signals => {
    const isSo = one[name] === true || other[name] === true ? true : (one[name] ?? other[name])
    return isSo === undefined ? {} : { [name]: isSo }
  }
  return {
    ...one,
    ...{ ...times('loginFailures'), ...times('stepUpFailures') },
    ...{ ...flag('passwordReset'), ...flag('newDeviceLogin') },
  }
}
