/** What a mail address tells by itself. */
import type { Tables } from '../tables.ts'

export type MailKind = 'throwAway' | 'relay' | 'provider' | 'other'
export type Mail = {
  /** One spelling per mail box. */
  readonly box: string
  /** As sent it was another spelling of the box. */
  readonly isAlias: boolean
  readonly domain: string
  /** The part of the domain that somebody registered; the domain itself when it is under no public suffix. */
  readonly registrable: string
  readonly kind: MailKind
  /** False: nothing can arrive. True says only that nothing speaks against it. */
  readonly isDeliverable: boolean
  /** Why it is not. */
  readonly fault: 'syntax' | 'suffix' | 'ended' | undefined
  /** The big provider that was probably meant. */
  readonly slipOf: string | undefined
  /** The big provider that the domain is made to be taken for. */
  readonly lookAlike: string | undefined
  /** The part before the @ looks as if a machine had drawn it. */
  readonly looksRandom: boolean
  readonly domainLooksRandom: boolean
}

export function mailOf(address: string, tables: Tables): Mail | undefined {
  const text = address.normalize('NFKC').trim().toLowerCase()
  const at = text.lastIndexOf('@')
  if (at < 1 || at === text.length - 1) return undefined
  const said = text.slice(at + 1)
  const domain = said === 'googlemail.com' ? 'gmail.com' : said
  const plus = text.slice(0, at).indexOf('+')
  const local = text.slice(0, plus > 0 ? plus : at)
  const box = `${domain === 'gmail.com' ? local.replaceAll('.', '') : local}@${domain}`
  return {
    box,
    isAlias: box !== address.trim().toLowerCase(),
    domain,
    registrable: tables.registrableOf(domain) ?? domain,
    kind: tables.isThrowAway(domain) ? 'throwAway' : 'other',
    isDeliverable: true,
    fault: undefined,
    slipOf: undefined,
    lookAlike: undefined,
    looksRandom: false,
    domainLooksRandom: false,
  }
}
