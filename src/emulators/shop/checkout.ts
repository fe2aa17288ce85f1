// The checkout form. The card is kept apart from all else: it goes to the 3DS Server and the acquirer and is never stored
// or shown again.
import { z } from 'zod'
import { hakone, loginMethods, memberOf } from './accounts.ts'
import type { Address, Card } from './card-and-address.ts'
import { personaIds, personaOf } from './personas.ts'
import { phoneParts, screeningDoors, screeningUses } from './screening-choice.ts'

const address = z.object({
  line1: z.string(),
  city: z.string(),
  state: z.string(),
  postCode: z.string(),
  country: z.string(),
})

export const challengeWindowSizes = ['01', '02', '03', '04', '05'] as const
/** Those from 10 on came with 2.3.1. */
export const challengeIndicators = [
  ...['01', '02', '03', '04', '05', '06', '07', '08', '09'],
  ...['10', '11', '12', '13', '14'],
] as const

/** What the shop may do later with a card, without its holder (see ./follow-ups.ts). */
export const followUpKinds = [
  'recurring',
  'instalment',
  'splitShipment',
  'topUp',
  'mailOrder',
  'telephoneOrder',
  'trustListCheck',
  'deviceCheck',
  'accountCheck',
] as const
export type FollowUpKind = (typeof followUpKinds)[number]

const followUp = z.object({
  /** The order that it follows. */
  of: z.string(),
  kind: z.enum(followUpKinds),
  threeRIInd: z.string(),
  /** Minor units; absent: it pays nothing. */
  amount: z.string().optional(),
})
export type FollowUp = z.infer<typeof followUp>

/** The version of the messages: one by name, or the newest that 3DS Server, DS and ACS share (FLOW-PRE-6). */
export const messageVersions = ['2.1.0', '2.2.0', '2.3.1', 'highest'] as const

/** Which authentications the shop takes to the authorisation: proven ones only, or attempts too. */
export const acceptances = ['YA', 'Y'] as const
export type Acceptance = (typeof acceptances)[number]

// Members that came with later releases have defaults, since orders outlive them.
const checkout = z.object({
  cardholderName: z.string(),
  email: z.string(),
  billing: address,
  shipsElsewhere: z.boolean(),
  shipping: address,
  challengeWindowSize: z.enum(challengeWindowSizes),
  threeDSRequestorChallengeInd: z.string(),
  /** Whether the challenge frame may run scripts. */
  frameHasScripts: z.boolean(),
  /** The challenge takes the whole window, as it does for a browser without scripts. */
  isFullWindow: z.boolean().default(false),
  /** The requestor gives up as soon as a challenge is asked for (FLOW-BRW-9). */
  skipsChallenge: z.boolean(),
  /** Accept header of the page request, for the AReq. */
  browserAcceptHeader: z.string(),
  persona: z.enum(personaIds).default('self'),
  /** The member who is logged in; absent: a guest. */
  member: z.string().optional(),
  loginMethod: z.enum(loginMethods).default('02'),
  loggedInAt: z.number().default(0),
  /** The saved card that pays, and since when the shop has it. */
  savedCard: z.string().optional(),
  savedAt: z.number().optional(),
  remembersCard: z.boolean().default(false),
  acceptance: z.enum(acceptances).default('YA'),
  messageVersion: z.enum(messageVersions).default('2.2.0'),
  /** The shop wants to be asked about: for the trust list, for the device to be bound. */
  asksForTrust: z.boolean().default(false),
  asksForDevice: z.boolean().default(false),
  followUp: followUp.optional(),
  /** Whether a screening service is asked, how its opinion reaches the issuer, and what the shop makes of it. */
  screening: z.enum(screeningDoors).default('off'),
  screeningUse: z.enum(screeningUses).default('inform'),
  /** For the screening only: the names as the buyer writes them, a telephone number, a price for new customers. */
  kanji: z.string().default(''),
  kana: z.string().default(''),
  phone: z.string().default(''),
  firstTimeOffer: z.boolean().default(false),
})
export type Checkout = z.infer<typeof checkout>

const elsewhere: Address = {
  line1: '4-5-6 Umeda',
  city: 'Osaka',
  state: '27',
  postCode: '530-0001',
  country: '392',
}

const defaultCheckout: Checkout = {
  cardholderName: 'Hanako Yamada',
  email: 'hanako@example.com',
  billing: hakone,
  shipsElsewhere: false,
  shipping: elsewhere,
  challengeWindowSize: '03',
  threeDSRequestorChallengeInd: '01',
  frameHasScripts: true,
  isFullWindow: false,
  skipsChallenge: false,
  browserAcceptHeader: '*/*',
  persona: 'self',
  loginMethod: '02',
  loggedInAt: 0,
  remembersCard: false,
  acceptance: 'YA',
  messageVersion: '2.2.0',
  asksForTrust: false,
  asksForDevice: false,
  screening: 'off',
  screeningUse: 'inform',
  kanji: '山田 花子',
  kana: 'ヤマダ ハナコ',
  phone: '090-1234-0311',
  firstTimeOffer: false,
}

export const readCheckout = (json: string | undefined): Checkout =>
  json === undefined ? defaultCheckout : checkout.parse(JSON.parse(json))

export type CheckoutField =
  | 'acctNumber'
  | 'cardExpiryDate'
  | 'cardholderName'
  | 'email'
  | 'kanji'
  | 'kana'
  | 'phone'
  | `${'bill' | 'ship'}Addr${'Line1' | 'City' | 'State' | 'PostCode' | 'Country'}`

export interface FilledForm {
  readonly checkout: Checkout
  /** Absent when something in it is wrong. */
  readonly card: Card | undefined
  readonly wrong: readonly CheckoutField[]
  /** A persona was chosen without a script to fill in what is hers. */
  readonly isToBeFilled: boolean
}

/**
 * threeDSRequestorChallengeInd: the prompts that the version has, then the wish, which the DS judges (RES-CI-3, RES-CI-4). Up to
 * 2.2.0 there is room for one, from 2.3.1 on for two.
 */
export function wishesOf(
  { threeDSRequestorChallengeInd: wish, asksForTrust, asksForDevice }: Checkout,
  messageVersion: string,
): readonly string[] {
  const prompts = [
    ...(asksForTrust && messageVersion !== '2.1.0' ? ['09'] : []),
    ...(asksForDevice && messageVersion === '2.3.1' ? ['12'] : []),
  ]
  const all = prompts.length > 0 && wish === '01' ? prompts : [...new Set([...prompts, wish])]
  return all.slice(0, messageVersion === '2.3.1' ? 2 : 1)
}

/** MM/YY, MMYY or MM/20YY as people write it, to YYMM. */
function expiryOf(text: string): string | undefined {
  const [, month, year] = /^(0[1-9]|1[0-2])\s*[/-]?\s*(?:20)?(\d\d)$/.exec(text) ?? []
  return month === undefined || year === undefined ? undefined : `${year}${month}`
}

/** What the account and the persona put into the form; the rest stays as it is. */
export function filledFor(current: Checkout): Checkout {
  const member = memberOf(current.member)
  const persona = personaOf(current.persona)
  return {
    ...current,
    cardholderName: member?.name ?? defaultCheckout.cardholderName,
    email: persona.email ?? member?.email ?? defaultCheckout.email,
    kanji: member?.kanji ?? defaultCheckout.kanji,
    kana: member?.kana ?? defaultCheckout.kana,
    phone: member?.phone ?? defaultCheckout.phone,
    billing: member?.address ?? defaultCheckout.billing,
    shipsElsewhere: persona.shipping !== undefined,
    shipping: persona.shipping ?? defaultCheckout.shipping,
  }
}

/** The form as it was sent, wrong or not. */
export function readFields(form: URLSearchParams, browserAcceptHeader: string, kept: Checkout): Checkout {
  const field = (name: string): string => (form.get(name) ?? '').trim()
  const addressOf = (kind: 'bill' | 'ship'): Address => ({
    line1: field(`${kind}AddrLine1`),
    city: field(`${kind}AddrCity`),
    state: field(`${kind}AddrState`),
    postCode: field(`${kind}AddrPostCode`),
    country: field(`${kind}AddrCountry`),
  })
  const size = challengeWindowSizes.find((known) => known === field('challengeWindowSize'))
  const isFullWindow = field('challengeWindowSize') === 'full'
  const indicator = challengeIndicators.find((known) => known === field('threeDSRequestorChallengeInd'))
  const savedCard = field('savedCard')
  return {
    // Who is logged in is not for the form to say.
    member: kept.member,
    loginMethod: kept.loginMethod,
    loggedInAt: kept.loggedInAt,
    savedCard: kept.member === undefined || savedCard === '' ? undefined : savedCard,
    remembersCard: kept.member !== undefined && form.has('remembersCard'),
    cardholderName: field('cardholderName'),
    email: field('email'),
    billing: addressOf('bill'),
    shipsElsewhere: form.has('shipsElsewhere'),
    shipping: addressOf('ship'),
    challengeWindowSize: isFullWindow ? '05' : (size ?? defaultCheckout.challengeWindowSize),
    threeDSRequestorChallengeInd: indicator ?? defaultCheckout.threeDSRequestorChallengeInd,
    frameHasScripts: !form.has('frameWithoutScripts'),
    isFullWindow,
    skipsChallenge: form.has('skipsChallenge'),
    browserAcceptHeader: browserAcceptHeader.slice(0, 2_048),
    persona: personaIds.find((known) => known === field('persona')) ?? 'self',
    acceptance: acceptances.find((known) => known === field('acceptance')) ?? 'YA',
    messageVersion:
      messageVersions.find((known) => known === field('messageVersion')) ?? defaultCheckout.messageVersion,
    asksForTrust: form.has('asksForTrust'),
    asksForDevice: form.has('asksForDevice'),
    screening: screeningDoors.find((known) => known === field('screening')) ?? 'off',
    screeningUse: screeningUses.find((known) => known === field('screeningUse')) ?? 'inform',
    kanji: field('kanji'),
    kana: field('kana'),
    phone: field('phone'),
    firstTimeOffer: form.has('firstTimeOffer'),
  }
}

/** Whether the form still holds what another persona put into it. */
export function isOfAnother(form: URLSearchParams, { persona }: Checkout): boolean {
  const filledPersona = form.get('filledPersona')
  return filledPersona !== null && filledPersona !== persona
}

/** The card number as typed, without what people put between the digits. */
export const typedCardNumber = (form: URLSearchParams): string => (form.get('acctNumber') ?? '').replace(/[\s-]/g, '')

const hasLength = (text: string, min: number, max: number): boolean => text.length >= min && text.length <= max

export function readForm(
  form: URLSearchParams,
  browserAcceptHeader: string,
  kept: Checkout,
  savedCard: (id: string) => (Card & { readonly savedAt: number }) | undefined,
): FilledForm {
  const fields = readFields(form, browserAcceptHeader, kept)
  const saved = fields.savedCard === undefined ? undefined : savedCard(fields.savedCard)
  const filled: Checkout = { ...fields, savedCard: saved && fields.savedCard, savedAt: saved?.savedAt }
  const wrong: CheckoutField[] = []
  const acctNumber = saved?.acctNumber ?? typedCardNumber(form)
  const cardExpiryDate = saved?.cardExpiryDate ?? expiryOf((form.get('cardExpiryDate') ?? '').trim())
  if (!/^\d{13,19}$/.test(acctNumber)) wrong.push('acctNumber')
  if (cardExpiryDate === undefined) wrong.push('cardExpiryDate')
  if (!hasLength(filled.cardholderName, 2, 45)) wrong.push('cardholderName')
  if (!hasLength(filled.email, 3, 254) || !/^[^\s@]+@[^\s@]+$/.test(filled.email)) wrong.push('email')
  if (filled.screening !== 'off') {
    if (filled.kanji.length > 60) wrong.push('kanji')
    if (filled.kana.length > 80) wrong.push('kana')
    if (filled.phone !== '' && phoneParts(filled.phone) === undefined) wrong.push('phone')
  }
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
  return { checkout: filled, card, wrong, isToBeFilled: isOfAnother(form, filled) }
}
