/** What the facts are normalised by: the issuer's own currency, country and local time, and the lists of the policy. */
import { z } from 'zod'
import { countries, currencies } from '../protocol/tables/iso.ts'
import { blockOf } from './policy/blocks.ts'
import { entrySchema, type ListIndex } from './policy/lists.ts'
import { placeTextOf } from './text/place-kind.ts'

const country = z.string().refine((code) => countries.has(code), 'an ISO 3166-1 numeric code, in quotes')
const currencyCode = z.string().refine((code) => currencies.has(code), 'an ISO 4217 numeric code, in quotes')
const currency = currencyCode.transform((code) => ({ code, ...(currencies.get(code) ?? { alpha: '', exponent: 0 }) }))

export const issuerSchema = z.strictObject({
  country,
  currency,
  /** One major unit of a currency in major units of the issuer's: a made-up table that does not move. */
  rates: z.record(currencyCode, z.number().positive()),
  /** A fixed offset: zones with daylight saving need another answer. */
  zone: z.strictObject({ name: z.string(), offsetMinutes: z.int().min(-840).max(840) }),
  /** What browsers of the holders usually say. browserTZ counts minutes behind UTC: Tokyo is -540. */
  languages: z.array(z.string()),
  browserTZ: z.array(z.int()),
})
export type Issuer = Readonly<z.infer<typeof issuerSchema>>

export const listsSchema = z.strictObject({
  /** Words found in a ship-to address; both are compared in lower case, without blanks, punctuation and long vowels. */
  forwarding: z.array(
    z
      .string()
      .min(1)
      .refine((words) => placeTextOf([words]) !== '', 'words that an address may hold')
      .transform((words) => placeTextOf([words])),
  ),
  ipCountries: z.array(
    z.strictObject({
      cidr: z
        .string()
        .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'an IPv4 block such as 192.0.2.0/24')
        .refine((cidr) => blockOf(cidr) !== undefined, 'an IPv4 block such as 192.0.2.0/24'),
      country,
    }),
  ),
  /** What is known to be bad or good; what follows from it is told by rules. */
  deny: z.array(entrySchema).default([]),
  allow: z.array(entrySchema).default([]),
})
/** As they are looked things up in. */
export type Lists = Readonly<Omit<z.infer<typeof listsSchema>, 'deny' | 'allow'>> & {
  readonly deny: ListIndex
  readonly allow: ListIndex
}

export type Setting = {
  readonly issuer: Issuer
  readonly lists: Lists
  /** Values of the network and the browser are counted for the freeman scorer. */
  readonly countsChains?: boolean | undefined
}
