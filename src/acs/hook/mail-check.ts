// What can be said of a mail address before anybody writes to it. Nothing of it is kept. Pure, but for the provider that is asked.
import { z } from 'zod'
import { sourceName } from '../../risk/assessment.ts'
import { roleNames } from '../../risk/data/role-addresses.ts'
import type { Tables } from '../../risk/tables.ts'
import { type MailKind, mailOf } from '../../risk/text/mail.ts'
import type { SignalsFor } from '../simulated-provider.ts'

export const mailCheckSchema = z.strictObject({ source: sourceName.optional(), email: z.string().min(1).max(320) })

export const mailReasons = {
  syntax: { en: 'This is no mail address.', ja: 'メールアドレスの形式ではありません。' },
  noSuchDomain: { en: 'Nothing can arrive at this domain.', ja: 'このドメインにはメールが届きません。' },
  ended: { en: 'The provider has ended its service.', ja: '提供を終了したメールサービスです。' },
  refused: { en: 'The mail server does not know the box.', ja: 'メールサーバーにこのアドレスがありません。' },
  throwAway: { en: 'A throw-away address.', ja: '使い捨てのアドレスです。' },
  relay: { en: 'A relay that hides the address behind it.', ja: '本来のアドレスを隠す転送サービスです。' },
  alias: { en: 'Another spelling of a mail box.', ja: '同じメールボックスの別表記です。' },
  role: { en: 'The address of a task, not of a person.', ja: '個人ではなく役割のアドレスです。' },
  lookAlike: { en: 'The domain is made to look like {{domain}}.', ja: '{{domain}} に似せたドメインです。' },
  slip: { en: 'Probably {{domain}} was meant.', ja: '{{domain}} の入力誤りと思われます。' },
  randomBox: {
    en: 'The part before the @ looks drawn by a machine.',
    ja: '@より前が機械的に作られた文字列に見えます。',
  },
  randomDomain: { en: 'The domain looks drawn by a machine.', ja: 'ドメインが機械的に作られた文字列に見えます。' },
  youngDomain: { en: 'The domain is {{days}} days old.', ja: 'ドメインは登録から{{days}}日です。' },
  listed: { en: 'Merchants have reported this mail box.', ja: '加盟店から通報されたメールボックスです。' },
} as const
export type MailReason = keyof typeof mailReasons

export const mailVerdicts = ['ok', 'careful', 'bad'] as const
export type MailVerdict = (typeof mailVerdicts)[number]

export interface MailReport {
  /** bad: nothing will arrive, or it is meant to mislead. careful: a person may well use it, but look at the rest. */
  readonly verdict: MailVerdict
  readonly reasons: readonly {
    readonly code: MailReason
    readonly text: { readonly en: string; readonly ja: string }
  }[]
  readonly hasSyntax: boolean
  /** One spelling per mail box. */
  readonly box?: string | undefined
  readonly domain?: string | undefined
  readonly kind?: MailKind | undefined
  readonly isAlias: boolean
  readonly isRole: boolean
  /** Undefined: nobody who knows was asked. */
  readonly isDeliverable?: boolean | undefined
  readonly domainAgeDays?: number | undefined
  /** The address that was probably meant. */
  readonly meant?: string | undefined
}

const bad: ReadonlySet<MailReason> = new Set(['syntax', 'noSuchDomain', 'ended', 'refused', 'lookAlike', 'listed'])
/** Said of it, and nothing against it. */
const harmless: ReadonlySet<MailReason> = new Set(['alias', 'relay'])

const roles: ReadonlySet<string> = new Set(roleNames)
/** Days below which a domain is young. */
const youngDays = 60

export interface MailCheckPorts {
  readonly tables: Tables
  /** Who asks mail servers; absent: nobody. */
  readonly provider?: SignalsFor | undefined
}

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '')

export function checkMail(address: string, { tables, provider }: MailCheckPorts): MailReport {
  const mail = mailOf(address, tables)
  if (mail === undefined || mail.fault === 'syntax') {
    const reasons = [{ code: 'syntax', text: mailReasons.syntax }] as const
    return { verdict: 'bad', reasons, hasSyntax: false, isAlias: false, isRole: false }
  }
  const told = provider?.({ email: address })
  const written = address.normalize('NFKC').trim().toLowerCase()
  const local = written.slice(0, written.lastIndexOf('@'))
  const isRole = roles.has(mail.box.slice(0, mail.box.lastIndexOf('@'))) || roles.has(local)
  const { domainAgeDays } = told ?? {}
  const isListed = told?.sharedList?.some(({ kind }) => kind === 'email') === true
  const found: readonly (readonly [MailReason, boolean])[] = [
    ['noSuchDomain', mail.fault === 'suffix'],
    ['ended', mail.fault === 'ended'],
    ['refused', mail.isDeliverable && told?.mailDeliverable === false],
    ['lookAlike', mail.lookAlike !== undefined],
    ['slip', mail.slipOf !== undefined],
    ['listed', isListed],
    ['throwAway', mail.kind === 'throwAway'],
    ['relay', mail.kind === 'relay'],
    ['alias', mail.isAlias],
    ['role', isRole],
    ['randomBox', mail.looksRandom],
    ['randomDomain', mail.domainLooksRandom],
    ['youngDomain', domainAgeDays !== undefined && domainAgeDays < youngDays],
  ]
  const codes = found.filter(([, is]) => is).map(([code]) => code)
  const values = { domain: mail.lookAlike ?? mail.slipOf ?? '', days: String(domainAgeDays ?? 0) }
  const verdict: MailVerdict = codes.some((code) => bad.has(code))
    ? 'bad'
    : codes.some((code) => !harmless.has(code))
      ? 'careful'
      : 'ok'
  return {
    verdict,
    reasons: codes.map((code) => ({
      code,
      text: { en: filled(mailReasons[code].en, values), ja: filled(mailReasons[code].ja, values) },
    })),
    hasSyntax: true,
    box: mail.box,
    domain: mail.domain,
    kind: mail.kind,
    isAlias: mail.isAlias,
    isRole,
    ...(mail.isDeliverable ? told !== undefined && { isDeliverable: told.mailDeliverable } : { isDeliverable: false }),
    ...(domainAgeDays !== undefined && { domainAgeDays }),
    ...(mail.slipOf !== undefined && { meant: `${local}@${mail.slipOf}` }),
  }
}
