// The issuer's card register: rows that were written, and a made-up cardholder for every other card of our ranges.
import type { CardState } from '../risk/decide.ts'
import { cardFailuresPerDay, failureWindowMs } from './challenge/limits.ts'
import type { Card } from './ports.ts'

/** Most entries of a trust list, and devices of a card; the oldest go first. */
export const mostKept = 50

/** A number of the span that Ofcom keeps for drama: nobody has it. The same card, the same number. */
export const madeUpPhone = (panHash: string): string =>
  `+44 7700 900${String(Number.parseInt(panHash.slice(0, 8), 16) % 1_000).padStart(3, '0')}`

/** A cardholder nobody entered: their inbox is the built-in one. */
export const madeUpCard = (panHash: string, mask: string, scheme: string): Card => ({
  panHash,
  mask,
  scheme,
  holder: `Cardholder ${mask.slice(-4)}`,
  email: `card-${panHash.slice(0, 8)}@cardholder.example`,
  phone: madeUpPhone(panHash),
  language: 'en',
  methods: ['emailOtp'],
  blocked: false,
  stolen: false,
  expired: false,
  failures: 0,
  failuresSince: 0,
  isRegistered: false,
})

/** Too many wrong codes within a day, over all transactions of the card (SEC-OTP-4). */
export const isLocked = (card: Card, at: number): boolean =>
  card.failures >= cardFailuresPerDay && at - card.failuresSince < failureWindowMs

export const withFailure = (card: Card, at: number): Card =>
  at - card.failuresSince >= failureWindowMs || card.failures === 0
    ? { ...card, failures: 1, failuresSince: at }
    : { ...card, failures: card.failures + 1 }

/** YYMM is over at the end of its month. */
export function isPast(cardExpiryDate: string, at: number): boolean {
  const year = 2000 + Number(cardExpiryDate.slice(0, 2))
  const month = Number(cardExpiryDate.slice(2, 4)) // 1–12: the first instant of the month after
  return at >= Date.UTC(year, month)
}

/** What the decision needs to know of the card. `claimsExpired`: the AReq's own expiry date is over (ACS-VAL-77). */
export const cardStateOf = (
  card: Card,
  at: number,
  claimsExpired: boolean,
  known: Pick<CardState, 'merchantTrusted' | 'deviceBound'> = {},
): CardState => ({
  status: card.stolen ? 'stolen' : card.blocked ? 'blocked' : card.expired || claimsExpired ? 'expired' : 'active',
  usableMethods: isLocked(card, at) ? 0 : card.methods.length,
  merchantTrusted: known.merchantTrusted === true,
  deviceBound: known.deviceBound,
})

/** Whether the holder has put the shop on the trust list (RES-CI-5). */
export const isOnTrustList = ({ trusts = [] }: Pick<Card, 'trusts'>, acquirerMerchantID: string | undefined): boolean =>
  acquirerMerchantID !== undefined && trusts.some((shop) => shop.acquirerMerchantID === acquirerMerchantID)

/** Whether the holder has bound one of these devices (CHL-TL-4); none given: undefined. */
export const isBound = ({ devices = [] }: Pick<Card, 'devices'>, ids: readonly string[]): boolean | undefined =>
  ids.length === 0 ? undefined : devices.some(({ id }) => ids.includes(id))
