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
    let strength = 0
    let window = ''
    let n = 0
    const consider = (name: '10m' | '1h' | '24h' | '7d', count: number) => {
      const here = along(count, own[name])
      if (here <= strength) return
      strength = here
      window = name
      n = count
    }
    consider('10m', features[at.account] ?? 0)
    consider('1h', features[at.account + 1] ?? 0)
    consider('24h', features[at.account + 2] ?? 0)
    consider('7d', features[at.account + 3] ?? 0)
    if (strength === 0) return abstain('the card is not used unusually often')
    return {
      checkId: 'account-velocity',
      weight: own.weight * strength,
      code: 'account.busy',
      params: { n, window },
      paths,
    }
  },
)
