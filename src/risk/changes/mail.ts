/** Mail addresses that might have been told. */
import type { Basis } from '../again.ts'
import type { Facts } from '../facts.ts'
import type { FeatureName } from '../features.ts'
import { feature, type Patch, quiet } from './change.ts'

export const mailSeen = { email_is_first: 0, email_is_trusted: 0, email_known_days: 90 } as const satisfies NonNullable<
  Patch['features']
>
/** As far as the card has ever told of one. */
export const mailOwn = (basis: Basis): NonNullable<Patch['features']> =>
  feature(basis, 'emails_known') > 0 ? mailSeen : { email_is_first: 1, email_is_trusted: 0, email_known_days: 0 }
export const mailFeatures: readonly FeatureName[] = [
  ...(Object.keys(quiet.mail) as FeatureName[]),
  'email_is_first',
  'email_is_trusted',
  'email_is_alias',
  'email_known_days',
  'frauds_email',
  'domain_age_days',
]
export const untold = (names: readonly FeatureName[]): NonNullable<Patch['features']> =>
  Object.fromEntries(names.map((name) => [name, Number.NaN]))

export const fewer = ({ facts }: Basis): number => Math.max(0, facts.missing - 1)

/** A box at a domain that nobody lends to everybody. */
export const ordinaryMail = ({ mail }: Facts): Pick<Facts, 'mail' | 'emailDomain'> => ({
  emailDomain: 'mail.example',
  mail: {
    ...mail,
    kind: 'other',
    isDeliverable: true,
    fault: undefined,
    slipOf: undefined,
    lookAlike: undefined,
    looksRandom: false,
    domainLooksRandom: false,
  },
})
