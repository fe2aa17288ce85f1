/** Much in a short time with one card: the window that is fullest for its kind speaks. */
import { z } from 'zod'
import { abstain, along, check, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

const paths = ['acctNumber']

export const accountVelocity = check(
  'account-velocity',
  paths,
  z.strictObject({ weight, '10m': ramp, '1h': ramp, '24h': ramp, '7d': ramp }),
  ({ features }, own) => {
    const n10m = features[at.account] ?? 0
    const n1h = features[at.account + 1] ?? 0
    const n24h = features[at.account + 2] ?? 0
    const n7d = features[at.account + 3] ?? 0
    const in10m = along(n10m, own['10m'])
    const in1h = along(n1h, own['1h'])
    const in24h = along(n24h, own['24h'])
    const in7d = along(n7d, own['7d'])
    const strength = Math.max(in10m, in1h, in24h, in7d)
    if (strength === 0) return abstain('the card is not used unusually often')
    const params =
      strength === in10m
        ? { n: n10m, window: '10m' }
        : strength === in1h
          ? { n: n1h, window: '1h' }
          : strength === in24h
            ? { n: n24h, window: '24h' }
            : { n: n7d, window: '7d' }
    return { checkId: 'account-velocity', weight: own.weight * strength, code: 'account.busy', params, paths }
  },
  ({ weight }) => [weight],
)
