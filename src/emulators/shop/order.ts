// An order and how far it has come. Spec: FLOW-BRW-8; RES-EX-1.
import { z } from 'zod'
import type { Order } from '../store.ts'
import type { TransactionStatus } from '../threeds-server/api.ts'
import { causes } from './acquirer-api.ts'

const step = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('authentication'),
    at: z.number(),
    threeDSServerTransID: z.string(),
    acsTransID: z.string().optional(),
    challengeInd: z.string(),
    /** Of 3RI. */
    threeRIInd: z.string().optional(),
    wasChallenged: z.boolean(),
    /** Absent: there was no result. */
    transStatus: z.string().optional(),
  }),
  z.object({
    kind: z.literal('authorisation'),
    at: z.number(),
    threeDSServerTransID: z.string(),
    responseCode: z.string(),
    cause: z.enum(causes),
    liability: z.enum(['issuer', 'merchant']).optional(),
    approvalCode: z.string().optional(),
  }),
  /** There was an authentication to show, and no authorisation for it. */
  z.object({ kind: z.literal('notSent'), at: z.number(), why: z.enum(['cardForgotten', 'acquirerSilent']) }),
])
export type Step = z.infer<typeof step>
export type AuthenticationStep = Extract<Step, { readonly kind: 'authentication' }>
export type AuthorisationStep = Extract<Step, { readonly kind: 'authorisation' }>

const steps = z.array(step).readonly()

export const stepsOf = (order: Order): readonly Step[] =>
  order.progress === undefined ? [] : steps.parse(JSON.parse(order.progress))

export const withSteps = (order: Order, ...more: readonly Step[]): Order => ({
  ...order,
  progress: JSON.stringify([...stepsOf(order), ...more]),
})

export const newOrder = (fresh: Pick<Order, 'orderId' | 'lang' | 'cart' | 'checkout' | 'createdAt'>): Order => ({
  phase: 'cart',
  card: undefined,
  threeDSServerTransID: undefined,
  threeDSMethodURL: undefined,
  threeDSMethodData: undefined,
  challengeOpenedAt: undefined,
  failure: undefined,
  progress: undefined,
  screening: undefined,
  ...fresh,
})

/** Whether the issuer declined softly and the shop asks with a demanded challenge now. */
export const isAskedAgain = (order: Order): boolean =>
  stepsOf(order).some((one) => one.kind === 'authorisation' && one.cause === 'authenticationRequired')

/** Where an order stands: which page it belongs on. */
export type Place = 'cart' | 'processing' | 'challenge' | 'result'

export function placeOf(order: Order, status: TransactionStatus | undefined): Place {
  if (order.phase === 'cart') return 'cart'
  if (status === undefined) return 'result'
  if (status.phase === 'prepared' || status.phase === 'authenticating') return 'processing'
  const isOpen = status.phase === 'challenge' && status.acsURL !== undefined && !status.isReturned
  return isOpen ? 'challenge' : 'result'
}
