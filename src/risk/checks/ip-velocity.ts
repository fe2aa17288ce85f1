/** Many cards, or many purchases, from one network address. Carriers and offices share addresses: evidence, not verdict. */
import { z } from 'zod'
import { abstain, along, check, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

const paths = ['browserIP', 'appIp', 'deviceInfo']

export const ipVelocity = check(
  'ip-velocity',
  paths,
  z.strictObject({ weight, accounts24h: ramp, purchases10m: ramp }),
  ({ facts, features }, own) => {
    if (facts.ip === undefined) return abstain('no network address')
    if (facts.ip === 'private') return abstain('a private address is shared by construction')
    const accounts = features[at.accounts_24h_ip] ?? 0
    const purchases = features[at.ip] ?? 0
    const byAccounts = along(accounts, own.accounts24h)
    const byPurchases = along(purchases, own.purchases10m)
    const strength = Math.max(byAccounts, byPurchases)
    if (strength === 0) return abstain('the address is not busy')
    const cards = byAccounts >= byPurchases
    return {
      checkId: 'ip-velocity',
      weight: own.weight * strength,
      code: cards ? 'ip.many-accounts' : 'ip.busy',
      params: { n: cards ? accounts : purchases },
      paths,
    }
  },
  ({ weight }) => [weight],
)
