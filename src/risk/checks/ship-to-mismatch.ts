/** Goods that go elsewhere than to the holder: parts add up, the largest gives the reason. */
import { z } from 'zod'
import { abstain, check, largest, type Params, type Part, sum, weight } from '../check.ts'
import { at } from '../features.ts'
import { find } from '../profile.ts'
import type { ReasonCode } from '../reasons.ts'

const paths = [
  'addrMatch',
  'merchantRiskIndicator.shipIndicator',
  'shipAddrLine1',
  'shipAddrLine2',
  'shipAddrLine3',
  'shipAddrCity',
  'shipAddrPostCode',
]
const share = z.number().min(0).max(2)

export const shipToMismatch = check(
  'ship-to-mismatch',
  paths,
  z.strictObject({
    weight,
    most: z.number().positive(),
    shipIndicator: z.record(z.string().regex(/^0[1-7]$/), share),
    addressesDiffer: share,
    newAddress: share,
    forwarding: share,
    manyAccounts: z.strictObject({ from: z.int().positive(), share }),
    trusted: weight,
  }),
  ({ facts, profiles, features }, own) => {
    const { shipIndicator, addrMatch, marks } = facts
    if (shipIndicator === undefined && addrMatch === undefined && marks.shipTo === undefined) {
      return abstain('nothing is said about delivery')
    }
    const shipTos = profiles.account?.shipTos ?? []
    const known = find(shipTos, marks.shipTo)
    const toAnAddress = shipIndicator === undefined || shipIndicator <= '03'
    if (known?.trusted === true && toAnAddress) {
      return { checkId: 'ship-to-mismatch', weight: own.trusted, code: 'ship-to.trusted', params: {}, paths }
    }
    const parts: Part[] = []
    const add = (share: number, code: ReasonCode, params: Params = {}) => parts.push({ share, code, params })
    if (shipIndicator !== undefined) {
      add(own.shipIndicator[shipIndicator] ?? 0, toAnAddress ? 'ship-to.differs' : 'ship-to.not-to-an-address')
    }
    if (addrMatch === 'N') add(own.addressesDiffer, 'ship-to.differs')
    if (marks.shipTo !== undefined && known === undefined && shipTos.length > 0) add(own.newAddress, 'ship-to.new')
    if (facts.shipForwarding === true) add(own.forwarding, 'ship-to.forwarding')
    const n = features[at.accounts_7d_shipTo] ?? 0
    if (n >= own.manyAccounts.from) add(own.manyAccounts.share, 'ship-to.many-accounts', { n })
    const first = largest(parts)
    if (first === undefined) return abstain('the goods go where they should')
    const total = own.weight * Math.min(sum(parts), own.most)
    return { checkId: 'ship-to-mismatch', weight: total, code: first.code, params: first.params, paths }
  },
  ({ weight, most, trusted }) => [weight * most, trusted],
)
