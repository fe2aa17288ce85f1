// Every setting, with its default and its text: one schema for flags, environment and file.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** As a number, or as its digits; nothing else is taken for one. */
const whole = (min: number, max: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^[0-9]+$/)
          .transform(Number),
      ],
      { error: 'a whole number expected' },
    )
    .pipe(z.number().int().min(min).max(max))
const port = whole(0, 65_535)
const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0', '']).transform((text) => text !== 'false' && text !== '0'),
])
const httpUrl = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))
const list = z
  .union([z.array(z.string()), z.string()])
  .transform((value) =>
    (typeof value === 'string' ? value.split(',') : value).map((entry) => entry.trim()).filter((entry) => entry !== ''),
  )

export const parties = ['acs', 'ds', '3ds-server', 'shop'] as const

export const configSchema = z.strictObject({
  acsPort: port.default(9440).describe('port of the ACS, DS, inbox and API'),
  shopPort: port.default(9441).describe('port of the shop and the 3DS Server'),
  host: z.string().min(1).default('localhost').describe('address to listen on; localhost means IPv4 and IPv6 loopback'),
  publicUrl: httpUrl
    .optional()
    .describe('how browsers and the DS reach the ACS port (default http://localhost:<acs-port>)'),
  shopPublicUrl: httpUrl
    .optional()
    .describe('how browsers and the DS reach the shop port (default http://127.0.0.1:<shop-port>)'),
  dataDir: z.string().min(1).default('data').describe('folder of the databases and keys'),
  ephemeral: flag.default(false).describe('keep everything in memory and forget it at the end'),
  seed: z
    .string()
    .min(1)
    .optional()
    .describe('same ids, codes and decisions in every run; implies --ephemeral, loopback only'),
  validation: z
    .enum(['lenient', 'strict'])
    .default('lenient')
    .describe('take what certified senders really send, or judge by the letter'),
  smtpUrl: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('send codes by this SMTP server, besides the built-in inbox'),
  smtpFrom: z.string().default('Sekisho Bank <otp@issuer.example>').describe('sender of the mails with codes'),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('how much is logged'),
  adminToken: z
    .string()
    .min(16)
    .optional()
    .describe('token of the admin API and inbox; needed when the host or the public address is not loopback'),
  panHashKey: z
    .string()
    .min(16)
    .optional()
    .describe('key of the card number hashes (default: made in the data folder)'),
  dsOrigins: list.default([]).describe('origins besides loopback that a dsURL may have, comma separated'),
  only: list
    .pipe(z.array(z.enum(parties)).min(1, 'at least one party expected'))
    .default([...parties])
    .describe('parties to run, comma separated: acs, ds, 3ds-server, shop'),
  dsUrl: httpUrl.optional().describe('address of a DS that is not run here, such as http://localhost:9440/ds'),
  acsUrl: httpUrl.optional().describe('address of an ACS that is not run here, such as http://localhost:9440/acs'),
  policy: z.string().optional().describe('policy file of the risk engine (YAML)'),
  issuer: z.string().optional().describe('file with card ranges, scenario table and register (YAML)'),
  exponentCheck: flag.default(false).describe('refuse a currency exponent that is not the ISO 4217 one (ACS-VAL-67)'),
  testData: flag.default(false).describe('keep messages in clear in the journal; for made-up card data only'),
  browserRequestsPerMinute: whole(1, 1_000_000_000)
    .default(6_000)
    .describe('limit on challenge and 3DS Method requests of one address'),
})

export type Config = z.infer<typeof configSchema>
export type Settings = z.input<typeof configSchema>

/** A setting that cannot be used; the message names it as the person wrote it. */
export class ConfigError extends Error {}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
export const envName = (name: string): string => `SEKISHO_${kebab(name).replaceAll('-', '_').toUpperCase()}`
export const flagName = (name: string): string => `--${kebab(name)}`

export const settingNames = Object.keys(configSchema.shape) as (keyof Config)[]

function fromEnvironment(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of settingNames) {
    const value = env[envName(name)]
    if (value !== undefined && value !== '') found[name] = value
  }
  return found
}

/** Settings by name; in a file the names may have hyphens. */
interface FromFile {
  readonly values: Record<string, unknown>
  /** Each name as it stands in the file. */
  readonly written: ReadonlyMap<string, string>
}

function fromFile(file: string): FromFile {
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    throw new ConfigError(`The config file ${file} cannot be read: ${reason}`)
  }
  if (content === null) return { values: {}, written: new Map() }
  if (typeof content !== 'object' || Array.isArray(content))
    throw new ConfigError(`The config file ${file} has to hold settings by name.`)
  const named = Object.entries(content).map(
    ([name, value]: [string, unknown]) =>
      [name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()), value, name] as const,
  )
  return {
    values: Object.fromEntries(named),
    written: new Map(named.map(([name, , written]) => [name, written])),
  }
}

export interface Sources {
  readonly flags?: Readonly<Record<string, unknown>>
  readonly env?: NodeJS.ProcessEnv
  readonly file?: string | undefined
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '::1'])
export const isLoopbackHost = (host: string): boolean => loopbackHosts.has(host)
const isLoopbackUrl = (url: string): boolean => isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ''))

/** Flags win over the environment, the environment over the file. Throws ConfigError with one line. */
export function readConfig({ flags = {}, env = {}, file }: Sources): Config {
  const kept = file === undefined ? undefined : fromFile(file)
  const sources = [
    { values: flags, nameOf: flagName },
    { values: fromEnvironment(env), nameOf: envName },
    { values: kept?.values ?? {}, nameOf: (name: string) => `${kept?.written.get(name) ?? name} in ${file}` },
  ]
  const merged = Object.assign({}, ...sources.map(({ values }) => values).toReversed()) as Record<string, unknown>
  const result = configSchema.safeParse(merged)
  if (!result.success) {
    const [issue] = result.error.issues
    const name = issue?.code === 'unrecognized_keys' ? String(issue.keys[0]) : String(issue?.path[0] ?? '')
    const written = sources.find(({ values }) => name in values)?.nameOf(name) ?? name
    const problem =
      issue?.code === 'unrecognized_keys' ? 'is no setting of Sekisho' : `is not valid: ${issue?.message ?? ''}`
    throw new ConfigError(`${written} ${problem}`)
  }
  const config = result.data
  if (!isLoopbackHost(config.host) && config.adminToken === undefined) {
    throw new ConfigError(
      `${flagName('host')} ${config.host} is reachable from elsewhere: set ${flagName('adminToken')} (or ${envName('adminToken')}) first.`,
    )
  }
  // A proxy on this machine comes from loopback: without a token it would let everybody into the admin API.
  const isPublic = config.publicUrl !== undefined && !isLoopbackUrl(config.publicUrl)
  if (isPublic && config.adminToken === undefined) {
    throw new ConfigError(
      `${flagName('publicUrl')} is reachable from elsewhere: set ${flagName('adminToken')} (or ${envName('adminToken')}) first.`,
    )
  }
  if (config.seed !== undefined && (isPublic || !isLoopbackHost(config.host))) {
    throw new ConfigError(`${flagName('seed')} makes ids that can be foreseen and works on loopback only.`)
  }
  return config.seed === undefined ? config : { ...config, ephemeral: true }
}
