// The cards that the shop offers, with who decides about each.
import { type Issuer, rangeOf, scenarioFor } from '../acs/issuer.ts'
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
  const isScripted = rangeOf(issuer.ranges, acctNumber)?.mode === 'scripted'
  const scripted = isScripted ? scenarioFor(issuer.scenarios, acctNumber) : undefined
  return scripted === undefined ? { group: 'risk' } : { group: 'scripted', transStatus: scripted.transStatus }
}

export const tryCards = (issuer: Issuer): readonly TestCard[] =>
  issuer.try.map(({ acctNumber, what, whatJa }) => ({
    acctNumber,
    about: { en: what, ja: whatJa },
    ...decided(issuer, acctNumber),
  }))
