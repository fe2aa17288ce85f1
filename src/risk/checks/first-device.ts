/**
 * A device on which a challenge was passed speaks for the cardholder, a new one against. Having been tried before says
 * little: whoever was refused yesterday is no acquaintance. Without an id the device may be copied, so it says less.
 */
import { z } from 'zod'
import { abstain, check, weight } from '../check.ts'
import { find } from '../profile.ts'

const paths = [
  'browserUserAgent',
  'browserScreenWidth',
  'browserScreenHeight',
  'browserTZ',
  'browserLanguage',
  'sdkAppID',
]

export const firstDevice = check(
  'first-device',
  paths,
  z.strictObject({
    weight,
    /** Share of the weight for a device seen often enough over long enough, though no challenge was passed on it. */
    seen: z.strictObject({ times: z.int(), days: z.number(), share: z.number().min(0).max(1) }),
    trusted: z.strictObject({ withId: weight, withoutId: weight }),
  }),
  ({ facts, profiles }, own) => {
    if (facts.device === undefined) return abstain('no device information')
    const device = find(profiles.account?.devices ?? [], facts.marks.device)
    if (device === undefined) {
      return { checkId: 'first-device', weight: own.weight, code: 'device.first', params: {}, paths }
    }
    if (device.trusted) {
      const trust = facts.device === 'id' ? own.trusted.withId : own.trusted.withoutId
      return { checkId: 'first-device', weight: trust, code: 'device.trusted', params: {}, paths }
    }
    const settled = device.count >= own.seen.times && device.last - device.first >= own.seen.days * 86_400
    const share = settled ? own.seen.share : 1
    return { checkId: 'first-device', weight: own.weight * share, code: 'device.seen', params: {}, paths }
  },
  ({ weight, seen, trusted }) => [weight, weight * seen.share, trusted.withId, trusted.withoutId],
)
