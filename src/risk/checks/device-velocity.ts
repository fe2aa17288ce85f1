/** Many cards, or many purchases, on one device. Without an id in the device many phones look alike, so it says less. */
import { z } from 'zod'
import { abstain, along, check, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

const paths = [
  'browserUserAgent',
  'browserScreenWidth',
  'browserScreenHeight',
  'browserTZ',
  'browserLanguage',
  'sdkAppID',
]

export const deviceVelocity = check(
  'device-velocity',
  paths,
  z.strictObject({ weight, accounts24h: ramp, purchases10m: ramp, withoutId: z.number().min(0).max(1) }),
  ({ facts, features }, own) => {
    if (facts.device === undefined) return abstain('no device information')
    const accounts = features[at.accounts_24h_device] ?? 0
    const purchases = features[at.device] ?? 0
    const byAccounts = along(accounts, own.accounts24h)
    const byPurchases = along(purchases, own.purchases10m)
    const strength = Math.max(byAccounts, byPurchases) * (facts.device === 'id' ? 1 : own.withoutId)
    if (strength === 0) return abstain('the device is not busy')
    const cards = byAccounts >= byPurchases
    return {
      checkId: 'device-velocity',
      weight: own.weight * strength,
      code: cards ? 'device.many-accounts' : 'device.busy',
      params: { n: cards ? accounts : purchases },
      paths,
    }
  },
  ({ weight }) => [weight],
)
