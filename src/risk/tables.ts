/**
 * What the risk engine looks up but does not know by itself. The edge loads it (src/start/tables.ts), each part when it is
 * first asked for; `noTables` knows nothing. Same tables, same answers: their versions belong to what is kept of a decision.
 */
import type { NetworkTables } from './net/network.ts'
import type { PhoneKind } from './text/phone.ts'
import type { Place } from './text/postal.ts'

export type Tables = {
  /** The part of a domain that somebody registered: example.co.jp of mail.example.co.jp. Undefined: under no public suffix. */
  readonly registrableOf: (domain: string) => string | undefined
  /** Domains that lend a mail box to everybody. */
  readonly isThrowAway: (domain: string) => boolean
  /** The kind of a number outside of Japan, whose plan stands in text/phone.ts. */
  readonly phoneKindOf: (e164: string) => { readonly kind: PhoneKind; readonly country: string | undefined }
  readonly networks: NetworkTables
  /** Where a Japanese postal code (seven digits) lies. */
  readonly placeOfPostalCode: (code: string) => Place | undefined
}

export const noTables: Tables = {
  registrableOf: (domain) => {
    const labels = domain.split('.')
    return labels
      .slice(/^(ac|ad|co|com|ed|edu|go|gov|gr|lg|ne|net|or|org)\.\w\w$/.test(labels.slice(-2).join('.')) ? -3 : -2)
      .join('.')
  },
  isThrowAway: () => false,
  phoneKindOf: () => ({ kind: 'other', country: undefined }),
  networks: { find: () => undefined },
  placeOfPostalCode: () => undefined,
}
