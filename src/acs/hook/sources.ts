// Who may speak at the hook: sources with their keys, doors and merchants, read from YAML. Keys never leave this module but to the
// functions that check signatures and make them.
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { duration } from '../../faults/duration.ts'
import { algorithmOf, type TokenKey } from '../../protocol/crypto/assessment-extension.ts'
import { type Ed25519Jwk, secretBytes, type WebhookKey } from '../../protocol/crypto/webhook-signature.ts'
import { elements } from '../../protocol/tables/elements.ts'
import { sensitiveElements } from '../../protocol/tables/sensitive.ts'
import { doors, sourceName } from '../../risk/assessment.ts'
import { nestsDeeper } from '../nesting.ts'
import { type Problem, problemAt, problemsOf } from '../yaml-problems.ts'

/** What a source may do: bring assessments by a door, tell what became of payments, tell of log-ins and orders, have mail boxes checked. */
export const openings = [...doors, 'feedback', 'events', 'mail-check'] as const
export type Opening = (typeof openings)[number]

const secret = z
  .string()
  .refine((text) => secretBytes(text) !== undefined, 'whsec_ and 16 to 64 octets in base64 expected')
const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 octets in base64url expected')
/** What else a JWK may say; nothing here goes by it. */
const aside = {
  kid: z.string().max(200).optional(),
  use: z.literal('sig').optional(),
  alg: z.string().max(20).optional(),
}
const jwk = z.discriminatedUnion(
  'kty',
  [
    z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: base64url, y: base64url, ...aside }),
    z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url, ...aside }),
  ],
  { error: 'a public key as JWK expected: EC with P-256, or OKP with Ed25519' },
)

const oneOrMore = <S extends z.ZodType>(schema: S) =>
  z.union([schema, z.array(schema).min(1).max(4)]).transform((value) => [value].flat() as z.output<S>[])

const httpUrl = z.url({ protocol: /^https?$/, error: 'an http or https address expected' }).refine((text) => {
  const { username, password } = new URL(text)
  return username === '' && password === ''
}, 'an address without user and password expected')

/** Members of an AReq that a source may be told, by their names. */
const isShared = (name: string): boolean =>
  Object.hasOwn(elements, name) && !name.includes('.') && !Object.hasOwn(sensitiveElements, name)

export const usualShare = [
  'messageVersion',
  'deviceChannel',
  'messageCategory',
  'threeDSRequestorID',
  'threeDSRequestorName',
  'acquirerBIN',
  'acquirerMerchantID',
  'merchantName',
  'merchantCountryCode',
  'mcc',
  'purchaseAmount',
  'purchaseCurrency',
  'purchaseExponent',
  'purchaseDate',
] as const

const askSchema = z.strictObject({
  url: httpUrl.meta({ description: 'Where the question is posted.' }),
  deadline: duration(5_000)
    .refine((ms) => ms >= 10, 'at least 10 ms expected')
    .default(300)
    .meta({ description: 'How long an AReq waits for the answer at most (300ms).' }),
  when: z
    .enum(['always', 'named'])
    .default('always')
    .meta({ description: 'For every AReq, or for those that name the source in their extension (`ask`).' }),
  share: z
    .array(z.string().refine(isShared, 'an element of the AReq expected, and none with card data or secrets'))
    .max(100)
    .default([])
    .meta({ description: 'Elements of the AReq that it is told besides the usual ones.' }),
  signed: z.boolean().default(true).meta({
    description: 'Whether its answers have to be signed; without it whoever sits on the connection is believed.',
  }),
  failures: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .meta({ description: 'After so many failures in a row it is not asked for a while.' }),
  openFor: duration(600_000)
    .default(10_000)
    .meta({ description: 'How long that is (10s); then one question tries again.' }),
})
export type Ask = Readonly<z.output<typeof askSchema>>

const webhookSchema = z.strictObject({
  url: httpUrl.meta({ description: 'Where it is told what became of its payments.' }),
  events: z
    .array(z.string().regex(/^[a-z][a-z.-]{0,63}$/, 'names of events expected'))
    .max(50)
    .optional()
    .meta({
      description: 'Which events; absent: all.',
    }),
})

const sourceSchema = z
  .strictObject({
    name: sourceName
      .refine((name) => name !== 'cardholder', 'is what reports of cardholders are kept under')
      .meta({ description: 'As it stands in its assessments: `source`.' }),
    label: z
      .strictObject({ en: z.string().min(1).max(80), ja: z.string().min(1).max(80) })
      .optional()
      .meta({ description: 'As people read it.' }),
    key: z
      .strictObject({
        secret: oneOrMore(secret).optional().meta({ description: 'whsec_…; several while it is changed.' }),
        jwk: oneOrMore(jwk).optional().meta({ description: 'Public keys, as JWK: P-256 for JWS, Ed25519 for both.' }),
      })
      .refine((key) => key.secret !== undefined || key.jwk !== undefined, 'secret or jwk expected')
      .optional(),
    doors: z
      .array(z.enum(openings))
      .min(1)
      .optional()
      .meta({ description: 'What it may do; absent: all that its keys and members allow.' }),
    merchants: z
      .array(z.string().min(1).max(35))
      .min(1)
      .max(1_000)
      .optional()
      .meta({ description: 'acquirerMerchantIDs that it may speak about; absent: all.' }),
    maxAge: duration(604_800_000)
      .default(86_400_000)
      .meta({ description: 'How old an assessment may be that does not say itself until when it holds (1d).' }),
    vouchesForItself: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether its own word that a payment was good counts for how good the source is.' }),
    ask: askSchema.optional(),
    webhook: webhookSchema.optional(),
  })
  .superRefine((source, context) => {
    const say = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message })
    for (const [index, door] of (source.doors ?? []).entries()) {
      const missing = missingFor(door, source)
      if (missing !== undefined) say(['doors', index], `${door} needs ${missing}`)
    }
    const hasSecret = source.key?.secret !== undefined
    if (source.ask !== undefined && !hasSecret) say(['ask'], 'questions are signed: key.secret expected')
    if (source.webhook !== undefined && !hasSecret) say(['webhook'], 'webhooks are signed: key.secret expected')
    if (usableDoors(source).length === 0) say(['name'], 'a source without key can do nothing but doors: [module]')
  })

type Written = {
  readonly doors?: readonly Opening[] | undefined
  readonly key?:
    | { readonly secret?: readonly string[] | undefined; readonly jwk?: readonly z.output<typeof jwk>[] | undefined }
    | undefined
  readonly ask?: unknown
}

const canSignPosts = ({ key }: Written): boolean =>
  key?.secret !== undefined || key?.jwk?.some(({ kty }) => kty === 'OKP') === true

/** What a door asks for that is not there. */
function missingFor(door: Opening, source: Written): string | undefined {
  if (door === 'module') return undefined
  if (source.key === undefined) return 'a key'
  if (door === 'areq') return undefined
  if (door === 'asked') return source.ask === undefined ? 'ask' : undefined
  return canSignPosts(source) ? undefined : 'key.secret, or an Ed25519 key'
}

const usableDoors = (source: Written): readonly Opening[] =>
  source.doors ?? openings.filter((door) => door !== 'module' && missingFor(door, source) === undefined)

const fileSchema = z.strictObject({ sources: z.array(sourceSchema).max(100) }).superRefine(({ sources }, context) => {
  for (const [index, { name }] of sources.entries())
    if (sources.findIndex((one) => one.name === name) !== index)
      context.addIssue({ code: 'custom', path: ['sources', index, 'name'], message: `${name} stands there twice` })
})

/** For editors. */
export const sourcesJsonSchema = (): object => z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' })

export interface HookSource {
  readonly name: string
  readonly label: { readonly en: string; readonly ja: string }
  readonly doors: readonly Opening[]
  readonly merchants?: readonly string[] | undefined
  readonly maxAge: number
  /** Its own word that a payment was good counts for itself. */
  readonly vouchesForItself: boolean
  /** What its posts and answers may be signed with. */
  readonly webhookKeys: readonly WebhookKey[]
  /** What its assessments in AReqs may be signed with. */
  readonly tokenKeys: readonly TokenKey[]
  /** What is sent to it is signed with; undefined: nothing is. */
  readonly secret?: string | undefined
  readonly ask?: Ask | undefined
  readonly webhook?: { readonly url: string; readonly events?: readonly string[] | undefined } | undefined
}

export interface HookSources {
  readonly list: readonly HookSource[]
  get(name: string): HookSource | undefined
}

export const sourcesOf = (list: readonly HookSource[]): HookSources => {
  const byName = new Map(list.map((source) => [source.name, source]))
  return { list, get: (name) => byName.get(name) }
}

export const noSources = sourcesOf([])

/** Whether the source may do that; a merchant is known where an AReq says it. */
export const mayUse = ({ doors: own, merchants }: HookSource, door: Opening, merchant?: string | undefined): boolean =>
  own.includes(door) && (merchants === undefined || merchant === undefined || merchants.includes(merchant))

/** Sources that cannot be used, with all that is wrong with them. Values are never repeated: they may be keys. */
export class SourcesError extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    const [first] = problems
    const where = first?.line === undefined ? '' : ` (line ${first.line}, column ${first.column ?? 1})`
    const path = first?.path === undefined || first.path === '' ? '' : `${first.path}: `
    super(`${path}${first?.message ?? 'not valid'}${where}`)
    this.problems = problems
  }
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const longestText = 200_000

/** Puts variables of the environment into texts; what is not set is told with its path. */
function filled(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  path: readonly PropertyKey[],
  missing: (path: readonly PropertyKey[], name: string) => void,
): unknown {
  if (typeof value === 'string')
    return value.replace(variable, (_, name: string) => {
      const found = env[name]
      if (found === undefined || found === '') missing(path, name)
      return found ?? ''
    })
  if (Array.isArray(value)) return value.map((entry, index) => filled(entry, env, [...path, index], missing))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, filled(member, env, [...path, name], missing)]),
  )
}

/** `env`: what `${NAME}` stands for. Throws SourcesError. */
export function readSources(text: string, env: Readonly<Record<string, string | undefined>>): HookSources {
  if (text.length > longestText)
    throw new SourcesError([{ path: '', message: `longer than ${longestText} characters` }])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    throw new SourcesError(
      document.errors.slice(0, 50).map(({ code, pos }) => {
        const { line, col } = lines.linePos(pos[0])
        return { path: '', message: `no YAML: ${code.toLowerCase().replaceAll('_', ' ')}`, line, column: col }
      }),
    )
  let written: unknown
  try {
    written = document.toJS({ maxAliasCount: 1_000 })
  } catch {
    throw new SourcesError([{ path: '', message: 'no YAML: too many aliases' }])
  }
  if (nestsDeeper(written)) throw new SourcesError([{ path: '', message: 'nested too deeply' }])
  const unset: Problem[] = []
  const values = filled(written, env, [], (path, name) => {
    unset.push(problemAt(document, lines, path, `the variable ${name} is not set`))
  })
  if (unset.length > 0) throw new SourcesError(unset)
  const result = fileSchema.safeParse(values)
  if (!result.success) throw new SourcesError(problemsOf(result.error, document, lines).slice(0, 50))
  return sourcesOf(result.data.sources.map(sourceOf))
}

function sourceOf({ key, label, doors: _doors, ...source }: z.output<typeof sourceSchema>): HookSource {
  const secrets = key?.secret ?? []
  const pairs = (key?.jwk ?? []).map(({ kid: _kid, use: _use, alg: _alg, ...own }) => own)
  return {
    ...source,
    label: label ?? { en: source.name, ja: source.name },
    doors: usableDoors({ doors: _doors, key, ask: source.ask }),
    webhookKeys: [...secrets, ...pairs.filter((one): one is Ed25519Jwk => one.kty === 'OKP')],
    tokenKeys: [...secrets, ...pairs].filter((one) => algorithmOf(one) !== undefined),
    secret: secrets[0],
  }
}

/** Who speaks for --hook-module where no source of the file does. */
export const moduleSource: HookSource = {
  name: 'module',
  label: { en: 'Module', ja: 'モジュール' },
  doors: ['module'],
  maxAge: 86_400_000,
  vouchesForItself: false,
  webhookKeys: [],
  tokenKeys: [],
}
