/** Shop, addresses, network or browser in another country than the card: parts add up, the largest gives the reason. */
import { z } from 'zod'
import { abstain, check, largest, type Part, sum, weight } from '../check.ts'
import { find } from '../profile.ts'
import type { ReasonCode } from '../reasons.ts'

const paths = [
  'merchantCountryCode',
  'billAddrCountry',
  'shipAddrCountry',
  'browserIP',
  'browserLanguage',
  'browserTZ',
  'appIp',
  'deviceInfo',
]
const share = z.number().min(0).max(2)

export const countryMismatch = check(
  'country-mismatch',
  paths,
  z.strictObject({
    weight,
    most: z.number().positive(),
    merchant: share,
    /** The card has been used in the shop's country before. */
    merchantKnown: share,
    billing: share,
    shipping: share,
    ip: share,
    language: share,
    timeZone: share,
  }),
  ({ facts, profiles, issuer }, own) => {
    const parts: Part[] = []
    if (isAbroad(facts.merchantCountry, issuer.country)) {
      const known = find(profiles.account?.countries ?? [], facts.marks.country) !== undefined
      const share = known ? own.merchantKnown : own.merchant
      parts.push(part(share, known ? 'country.merchant-known' : 'country.merchant', facts.merchantCountry))
    }
    if (isAbroad(facts.billCountry, issuer.country)) parts.push(part(own.billing, 'country.billing', facts.billCountry))
    if (isAbroad(facts.shipCountry, issuer.country))
      parts.push(part(own.shipping, 'country.shipping', facts.shipCountry))
    if (isAbroad(facts.ipCountry, issuer.country)) parts.push(part(own.ip, 'country.ip', facts.ipCountry))
    const foreignTongue = facts.language !== undefined && !issuer.languages.includes(facts.language)
    const foreignClock = facts.browserTZ !== undefined && !issuer.browserTZ.includes(facts.browserTZ)
    if (foreignTongue || foreignClock) {
      const share = (foreignTongue ? own.language : 0) + (foreignClock ? own.timeZone : 0)
      parts.push({ share, code: 'country.browser', params: {} })
    }
    const first = largest(parts)
    if (first === undefined) return abstain('nothing is said of another country')
    const total = own.weight * Math.min(sum(parts), own.most)
    return { checkId: 'country-mismatch', weight: total, code: first.code, params: first.params, paths }
  },
  ({ weight, most }) => [weight * most],
)

const isAbroad = (country: string | undefined, home: string): country is string =>
  country !== undefined && country !== home

const part = (share: number, code: ReasonCode, country: string): Part => ({ share, code, params: { country } })
