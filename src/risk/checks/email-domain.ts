/** A throw-away box, a domain made to look like a big provider's, or one box behind many cards. An alias alone is no sin. */
import { z } from 'zod'
import { abstain, along, check, ramp, weight } from '../check.ts'
import { at } from '../features.ts'

const paths = ['email']
const domains = z.array(z.string().min(3)).transform((list) => new Set(list))

export const emailDomain = check(
  'email-domain',
  paths,
  z.strictObject({
    weight,
    throwAway: domains,
    providers: domains,
    lookAlike: z.number().min(0).max(2),
    manyAccounts: z.strictObject({ accounts24h: ramp, share: z.number().min(0).max(2) }),
  }),
  ({ facts: { emailDomain: domain }, features }, own) => {
    if (domain === undefined) return abstain('no mail address')
    if (own.throwAway.has(domain)) {
      return { checkId: 'email-domain', weight: own.weight, code: 'email.throw-away', params: { domain }, paths }
    }
    if (!own.providers.has(domain)) {
      for (const like of own.providers) {
        if (!oneSlip(domain, like)) continue
        const total = own.weight * own.lookAlike
        return { checkId: 'email-domain', weight: total, code: 'email.look-alike', params: { domain, like }, paths }
      }
    }
    const n = features[at.accounts_24h_email] ?? 0
    const strength = own.manyAccounts.share * along(n, own.manyAccounts.accounts24h)
    if (strength === 0) return abstain('nothing to say of the mail address')
    return { checkId: 'email-domain', weight: own.weight * strength, code: 'email.many-accounts', params: { n }, paths }
  },
  ({ weight, lookAlike, manyAccounts }) => [weight, weight * lookAlike, weight * manyAccounts.share],
)

/** One letter more, fewer or other, or two neighbours exchanged. */
export function oneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let i = 0
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (a.length > b.length) return a.slice(i + 1) === b.slice(i)
  if (a.length < b.length) return a.slice(i) === b.slice(i + 1)
  if (a.slice(i + 1) === b.slice(i + 1)) return true
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)
}
