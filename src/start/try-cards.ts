// The cards that the shop offers, with who decides about each.
import { type Issuer, rangeOf } from '../acs/issuer.ts'
import { cardTable, type EndingGroup } from '../acs/queries/card-table.ts'
import { aboutCard, scenarioFor } from '../acs/scenarios.ts'
import type { TestCard } from '../emulators/shop/options.ts'

/** What a card of the register is answered in this state, whatever it buys. */
function stateOf(issuer: Issuer, acctNumber: string): 'N' | 'R' | undefined {
  const card = issuer.cards.find((seed) => seed.acctNumber === acctNumber)
  if (card?.stolen === true) return 'R'
  return card?.blocked === true || card?.expired === true ? 'N' : undefined
}

function decided(issuer: Issuer, acctNumber: string): Pick<TestCard, 'group' | 'transStatus'> {
  const state = stateOf(issuer, acctNumber)
  if (state !== undefined) return { group: 'register', transStatus: state }
  const range = rangeOf(issuer.ranges, acctNumber)
  const { outcome } =
    range?.mode === 'scripted' ? scenarioFor(issuer.scenarios, aboutCard(acctNumber, range.scheme)) : {}
  const transStatus = outcome?.plan.transStatus
  return transStatus === undefined ? { group: 'risk' } : { group: 'scripted', transStatus }
}

const isOfChallenges = (group: string): group is NonNullable<TestCard['group']> & EndingGroup =>
  group === 'codes' || group === 'choices' || group === 'app' || group === 'automatic'

/** One card for every kind of challenge that the table of the moment has, and for those that play by themselves. */
const challengeCards = (issuer: Issuer): readonly TestCard[] =>
  cardTable(issuer).endings.flatMap(({ group, example, what }) =>
    isOfChallenges(group) && example !== '' ? [{ acctNumber: example, about: what, group, transStatus: 'C' }] : [],
  )

export const tryCards = (issuer: Issuer): readonly TestCard[] => [
  ...issuer.try.map(({ acctNumber, what, whatJa }) => ({
    acctNumber,
    about: { en: what, ja: whatJa },
    ...decided(issuer, acctNumber),
  })),
  ...challengeCards(issuer),
]
