// The checkout form. The card is kept apart from all else: it goes to the 3DS Server and is never stored or shown again.
import { z } from 'zod'

const address = z.object({
  line1: z.string(),
  city: z.string(),
  state: z.string(),
  postCode: z.string(),
  country: z.string(),
})
export type Address = z.infer<typeof address>

const checkout = z.object({
  cardholderName: z.string(),
  email: z.string(),
  billing: address,
  shipsElsewhere: z.boolean(),
  shipping: address,
  challengeWindowSize: z.enum(['01', '02', '03', '04', '05']),
  threeDSRequestorChallengeInd: z.string(),
  /** Whether the challenge frame may run scripts. */
  frameHasScripts: z.boolean(),
  /** The requestor gives up as soon as a challenge is asked for (FLOW-BRW-9). */
  skipsChallenge: z.boolean(),
  /** Accept header of the page request, for the AReq. */
  browserAcceptHeader: z.string(),
})
export type Checkout = z.infer<typeof checkout>

/** Kept in memory from the checkout to the AReq. */
export interface Card {
  readonly acctNumber: string
  readonly cardExpiryDate: string
}

export const challengeWindowSizes = ['01', '02', '03', '04', '05'] as const
export const challengeIndicators = ['01', '02', '03', '04', '05', '06', '07', '08', '09'] as const

const defaultCheckout: Checkout = {
  cardholderName: 'Hanako Yamada',
  email: 'hanako@example.com',
  billing: { line1: '1-2-3 Yumoto', city: 'Hakone', state: '14', postCode: '250-0311', country: '392' },
  shipsElsewhere: false,
  shipping: { line1: '4-5-6 Umeda', city: 'Osaka', state: '27', postCode: '530-0001', country: '392' },
  challengeWindowSize: '03',
  threeDSRequestorChallengeInd: '01',
  frameHasScripts: true,
  skipsChallenge: false,
  browserAcceptHeader: '*/*',
}

export const readCheckout = (json: string | undefined): Checkout =>
  json === undefined ? defaultCheckout : checkout.parse(JSON.parse(json))

export type CheckoutField =
  | 'acctNumber'
  | 'cardExpiryDate'
  | 'cardholderName'
  | 'email'
  | `${'bill' | 'ship'}Addr${'Line1' | 'City' | 'State' | 'PostCode' | 'Country'}`

export interface FilledForm {
  readonly checkout: Checkout
  /** Absent when something in it is wrong. */
  readonly card: Card | undefined
  readonly wrong: readonly CheckoutField[]
}

/** MM/YY, MMYY or MM/20YY as people write it, to YYMM. */
function expiryOf(text: string): string | undefined {
  const [, month, year] = /^(0[1-9]|1[0-2])\s*[/-]?\s*(?:20)?(\d\d)$/.exec(text) ?? []
  return month === undefined || year === undefined ? undefined : `${year}${month}`
}

const hasLength = (text: string, min: number, max: number): boolean => text.length >= min && text.length <= max

export function readForm(form: URLSearchParams, browserAcceptHeader: string): FilledForm {
  const field = (name: string): string => (form.get(name) ?? '').trim()
  const addressOf = (kind: 'bill' | 'ship'): Address => ({
    line1: field(`${kind}AddrLine1`),
    city: field(`${kind}AddrCity`),
    state: field(`${kind}AddrState`),
    postCode: field(`${kind}AddrPostCode`),
    country: field(`${kind}AddrCountry`),
  })
  const size = challengeWindowSizes.find((known) => known === field('challengeWindowSize'))
  const indicator = challengeIndicators.find((known) => known === field('threeDSRequestorChallengeInd'))
  const filled: Checkout = {
    cardholderName: field('cardholderName'),
    email: field('email'),
    billing: addressOf('bill'),
    shipsElsewhere: form.has('shipsElsewhere'),
    shipping: addressOf('ship'),
    challengeWindowSize: size ?? defaultCheckout.challengeWindowSize,
    threeDSRequestorChallengeInd: indicator ?? defaultCheckout.threeDSRequestorChallengeInd,
    frameHasScripts: !form.has('frameWithoutScripts'),
    skipsChallenge: form.has('skipsChallenge'),
    browserAcceptHeader: browserAcceptHeader.slice(0, 2_048),
  }
  const acctNumber = field('acctNumber').replace(/[\s-]/g, '')
  const cardExpiryDate = expiryOf(field('cardExpiryDate'))
  const wrong: CheckoutField[] = []
  if (!/^\d{13,19}$/.test(acctNumber)) wrong.push('acctNumber')
  if (cardExpiryDate === undefined) wrong.push('cardExpiryDate')
  if (!hasLength(filled.cardholderName, 2, 45)) wrong.push('cardholderName')
  if (!hasLength(filled.email, 3, 254) || !/^[^\s@]+@[^\s@]+$/.test(filled.email)) wrong.push('email')
  const checkAddress = (kind: 'bill' | 'ship', place: Address): void => {
    if (!hasLength(place.line1, 1, 50)) wrong.push(`${kind}AddrLine1`)
    if (!hasLength(place.city, 1, 50)) wrong.push(`${kind}AddrCity`)
    if (!/^[A-Za-z0-9]{0,3}$/.test(place.state)) wrong.push(`${kind}AddrState`)
    if (!hasLength(place.postCode, 1, 16)) wrong.push(`${kind}AddrPostCode`)
    if (!/^\d{3}$/.test(place.country)) wrong.push(`${kind}AddrCountry`)
  }
  checkAddress('bill', filled.billing)
  if (filled.shipsElsewhere) checkAddress('ship', filled.shipping)
  const card = wrong.length > 0 || cardExpiryDate === undefined ? undefined : { acctNumber, cardExpiryDate }
  return { checkout: filled, card, wrong }
}
