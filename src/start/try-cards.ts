// The cards that the shop offers, with who decides about each.
import { type Issuer, rangeOf } from '../acs/issuer.ts'
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

export const tryCards = (issuer: Issuer): readonly TestCard[] =>
  issuer.try.map(({ acctNumber, what, whatJa }) => ({
    acctNumber,
    about: { en: what, ja: whatJa },
    ...decided(issuer, acctNumber),
  }))
