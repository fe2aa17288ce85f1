// What the checkout page shows besides the fields: the account, its cards, the personas and the cards to try.

import { schemes } from '../../protocol/tables/schemes.ts'
import { schemeOf } from '../cards.ts'
import { type Accounts, loginMethods, memberOf, members } from './accounts.ts'
import {
  acceptances,
  type Checkout,
  type CheckoutField,
  challengeIndicators,
  challengeWindowSizes,
  filledFor,
  messageVersions,
} from './checkout.ts'
import type { ShopSettings, TestCard } from './options.ts'
import { personaIds, personaOf, personas } from './personas.ts'
import { screeningDoors, screeningUses } from './screening-choice.ts'
import type { TextKey } from './texts.ts'

/** What the form holds that is not kept with the order. */
export interface Prefilled {
  readonly wrong?: readonly CheckoutField[]
  readonly testCard?: TestCard | undefined
  readonly notice?: TextKey | undefined
}

/** Widths and heights of FLOW-BRW, window sizes; the style sheet has the same. */
const frameSizes: Readonly<Record<string, string>> = {
  '01': '250 × 400',
  '02': '390 × 400',
  '03': '500 × 600',
  '04': '600 × 400',
}

/** YYMM, some years ahead. */
export const yearsAhead = (now: number): string =>
  `${String((new Date(now).getUTCFullYear() + 3) % 100).padStart(2, '0')}12`

/** MM/YY as people read it. */
const asPrinted = (cardExpiryDate: string): string => `${cardExpiryDate.slice(2)}/${cardExpiryDate.slice(0, 2)}`

const groups = ['risk', 'scripted', 'register', 'codes', 'choices', 'app', 'automatic', 'other'] as const
/** Many to choose from, which would hide the others: folded. */
const folded: readonly string[] = ['codes', 'choices', 'app', 'automatic']

export function checkoutView(
  { cards, clock, screening }: ShopSettings,
  accounts: Accounts,
  checkout: Checkout,
  { wrong = [], testCard, notice }: Prefilled,
) {
  const now = clock()
  const tryCards = cards.map((card, index) => ({
    ...card,
    index,
    group: card.group ?? 'other',
    scheme: schemes[schemeOf(card.acctNumber) ?? '']?.name ?? '',
    expiry: asPrinted(card.cardExpiryDate ?? yearsAhead(now)),
  }))
  const member = memberOf(checkout.member)
  return {
    checkout,
    wrong,
    notice,
    acctNumber: testCard?.acctNumber ?? '',
    cardExpiryDate: testCard === undefined ? '' : asPrinted(testCard.cardExpiryDate ?? yearsAhead(now)),
    member: member && { ...member, joinedAt: now - member.joined * 86_400_000 },
    members,
    loginMethods,
    savedCards: accounts.savedCards(checkout.member).map(({ id, acctNumber, cardExpiryDate, savedAt }) => ({
      id,
      savedAt,
      last4: acctNumber.slice(-4),
      scheme: schemes[schemeOf(acctNumber) ?? '']?.name ?? '',
      expiry: asPrinted(cardExpiryDate),
    })),
    // Each with what it puts into the form, for the script of the page.
    personas: personas.map((persona) => {
      const { email, shipsElsewhere, shipping } = filledFor({ ...checkout, persona: persona.id })
      return { ...personaOf(persona.id), fills: JSON.stringify({ email, shipsElsewhere, shipping }), email, shipping }
    }),
    personaIds,
    cardGroups: groups
      .map((group) => ({
        group,
        isFolded: folded.includes(group),
        cards: tryCards.filter((card) => card.group === group),
      }))
      .filter((one) => one.cards.length > 0),
    challengeWindowSizes,
    challengeIndicators,
    acceptances,
    messageVersions,
    frameSizes,
    // Undefined: there is no service to ask.
    screening: screening && { doors: screeningDoors, uses: screeningUses, url: screening.publicUrl },
  }
}
