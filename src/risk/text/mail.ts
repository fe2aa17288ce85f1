/**
 * What a mail address tells by itself: its box, the kind of its domain, whether anything can arrive. Whether a box is there
 * only its server knows (`mailDeliverable` of the hook).
 */
import { ended, providers, relays, simulated, spellings, undeliverable, watched } from '../data/mail-domains.ts'
import { noTables, type Tables } from '../tables.ts'
import { looksMadeByMachine } from './random.ts'

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

const sets = {
  provider: new Set<string>(providers),
  relay: new Set<string>(relays),
  ended: new Set<string>(ended),
  undeliverable: new Set<string>(undeliverable),
  simulated: new Set<string>(simulated),
}

/** Undefined: there are no two sides of an @. */
export function mailOf(address: string, tables: Tables = noTables): Mail | undefined {
  const text = address.normalize('NFKC').trim().toLowerCase()
  const at = text.lastIndexOf('@')
  if (at < 1 || at === text.length - 1) return undefined
  const said = text.slice(at + 1)
  const domain = said.endsWith('.') ? said.slice(0, -1) : said
  const local = text.slice(0, at)
  const spelling = spellings[domain]
  const box = `${foldedLocal(local, spelling)}@${spelling?.as ?? domain}`
  const isPlain = sets.provider.has(domain) || sets.simulated.has(domain)
  const registrable = isPlain ? domain : tables.registrableOf(domain)
  const isSimulated = isWithin(domain, sets.simulated)
  const kind = kindOf(domain, tables)
  const fault =
    !syntax.test(text) || local.length > 64 ? 'syntax' : isSimulated ? undefined : faultOf(domain, registrable)
  const isStrange = kind === 'other' && !isSimulated
  const likeness = isStrange ? likenessOf(domain, registrable) : undefined
  return {
    box,
    isAlias: box !== address.trim().toLowerCase(),
    domain,
    registrable: registrable ?? domain,
    kind,
    isDeliverable: fault === undefined,
    fault,
    slipOf: likeness?.by === 'slip' ? likeness.of : undefined,
    lookAlike: likeness?.by === 'look' ? likeness.of : undefined,
    // A relay's address is drawn by a machine, and meant to be.
    looksRandom: kind !== 'relay' && looksMadeByMachine(local),
    domainLooksRandom: isStrange && looksMadeByMachine((registrable ?? domain).split('.', 1)[0] ?? ''),
  }
}

/** Letters of any script, as SMTPUTF8 has them; no quoted parts, which only tests use. */
const syntax =
  /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u

function foldedLocal(local: string, spelling: (typeof spellings)[string] | undefined): string {
  const plus = local.indexOf('+')
  let folded = plus > 0 ? local.slice(0, plus) : local
  const hyphen = spelling?.hyphen === true ? folded.indexOf('-') : -1
  if (hyphen > 0) folded = folded.slice(0, hyphen)
  return spelling?.dots === true ? folded.replaceAll('.', '') : folded
}

/** The domain or one above it. */
function isWithin(domain: string, set: ReadonlySet<string>): boolean {
  for (let name = domain; ; ) {
    if (set.has(name)) return true
    const dot = name.indexOf('.')
    if (dot < 0) return false
    name = name.slice(dot + 1)
  }
}

function kindOf(domain: string, tables: Tables): MailKind {
  // Before throw-away: public lists name relays as well.
  if (sets.provider.has(domain)) return 'provider'
  if (isWithin(domain, sets.simulated)) return 'other'
  if (isWithin(domain, sets.relay)) return 'relay'
  for (let name = domain; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    if (tables.isThrowAway(name)) return 'throwAway'
  }
  return 'other'
}

function faultOf(domain: string, registrable: string | undefined): Mail['fault'] {
  if (isWithin(domain, sets.undeliverable) || registrable === undefined) return 'suffix'
  return sets.ended.has(domain) ? 'ended' : undefined
}

type Likeness = { readonly by: 'slip' | 'look'; readonly of: string }

/** Domains that are one letter from a big provider and have nothing to do with it. */
const honest = new Set([
  'gmail.co.jp',
  'yahoo.co.uk',
  'rakuten.co.jp',
  'rakuten.com',
  'nifty.jp',
  'cloud.com',
  'icloud.jp',
])

const marks = watched.map((of) => {
  const [name = '', ...ending] = of.split('.')
  return { of, name, ending: ending.join('.') }
})

function likenessOf(domain: string, registrable: string | undefined): Likeness | undefined {
  if (honest.has(registrable ?? domain)) return undefined
  const plain = unmasked(domain)
  const by = plain === domain ? 'slip' : 'look'
  let slip: Likeness | undefined
  for (const { of, name, ending } of marks) {
    // mail.yahoo.co.jp: a part of the provider's own.
    if (domain.endsWith(of) && domain.charAt(domain.length - of.length - 1) === '.') return undefined
    if (isBuiltOn(plain, of, name) || (by === 'look' && plain === of)) return { by: 'look', of }
    if (slip === undefined && oneSlip(plain, of)) slip = { by, of }
    else if (slip === undefined && hasOtherEnding(domain, name, ending)) slip = { by: 'slip', of }
  }
  return slip
}

/** Signs that are taken for others: digits and other scripts for letters, two letters for one. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/0/g, 'o'],
  [/1/g, 'l'],
  [/3/g, 'e'],
  [/5/g, 's'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/[аạàáâäå]/g, 'a'],
  [/[еẹèéêë]/g, 'e'],
  [/[оọòóôöο]/g, 'o'],
  [/[іìíîïı]/g, 'i'],
  [/[сç]/g, 'c'],
  [/[уÿý]/g, 'y'],
  [/ɡ/g, 'g'],
  [/м/g, 'm'],
  [/[ḷłӏ]/g, 'l'],
]
const masked = /[0135]|rn|vv|[^\x20-\x7e]/

function unmasked(domain: string): string {
  if (!masked.test(domain)) return domain
  let plain = domain
  for (const [sign, letter] of masks) plain = plain.replace(sign, letter)
  return plain
}

/**
 * The provider's name in a domain that is another's: yahoo.co.jp.mail-check.net, gmail-support.com, yahoo-co-jp.net. It must
 * stand alone between dots and hyphens, so that hotmailing.jp is nobody's.
 */
function isBuiltOn(domain: string, of: string, name: string): boolean {
  for (let at = domain.indexOf(name); at >= 0; at = domain.indexOf(name, at + 1)) {
    const before = at === 0 ? '' : domain.charAt(at - 1)
    if (before !== '' && before !== '.' && before !== '-') continue
    const rest = domain.slice(at)
    const after = rest.charAt(name.length)
    if (name.length >= 5 && (after === '-' || (before === '-' && after === '.'))) return true
    const next = rest.charAt(of.length)
    if ((next === '.' || next === '-') && rest.slice(0, of.length).replaceAll('-', '.') === of) return true
  }
  return false
}

/** gmail.con, yahoo.co.jo, docomo.co.jp: the name as it should be, the ending almost. */
function hasOtherEnding(domain: string, name: string, ending: string): boolean {
  if (name.length < 5 || !domain.startsWith(name) || domain.charAt(name.length) !== '.') return false
  const said = domain.slice(name.length + 1)
  return oneSlip(said, ending) || slippedEndings.has(said)
}
const slippedEndings = new Set(
  'co cm om comm con cmo ocm vom xom ne.jp co.jp ne.jo co.jo cojp nejp ne jp.com'.split(' '),
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
