// Every setting, with its default and its text: one schema for flags, environment and file.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { parse } from 'yaml'
import { z } from 'zod'
import { secretBytes } from './protocol/crypto/webhook-signature.ts'

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
const httpUrl = z
  .url({ protocol: /^https?$/ })
  .transform((text) => text.replace(/^https?:/i, (scheme) => scheme.toLowerCase()).replace(/\/+$/, ''))
const list = z
  .union([z.array(z.string()), z.string()])
  .transform((value) =>
    (typeof value === 'string' ? value.split(',') : value).map((entry) => entry.trim()).filter((entry) => entry !== ''),
  )

/** An address, a network in CIDR notation, or one of the names that Express has for networks. */
function isProxy(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address = '', bits, ...more] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  if (bits === undefined) return true
  // Not /0: everybody would be a proxy. An IPv4 network is written as such, not inside of an IPv6 one.
  const isMapped = version === 6 && address.includes('.')
  return /^[1-9][0-9]{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128) && !isMapped
}

/** An address, or a name as certificates have it: ASCII labels, the first of which may be a star. */
const isHostName = (entry: string): boolean =>
  isIP(entry) !== 0 ||
  (entry.length <= 253 &&
    /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(entry))

// Not 'true': with every hop trusted a client writes its own address (the left-most entry is anybody's word).
const proxies = z
  .union([z.number(), z.array(z.string()), z.string()])
  .transform((value) =>
    typeof value === 'string' && /^[0-9]+$/.test(value.trim())
      ? Number(value)
      : typeof value === 'string'
        ? value.split(',').map((entry) => entry.trim())
        : value,
  )
  .refine(
    (value) =>
      typeof value === 'number'
        ? Number.isInteger(value) && value >= 1 && value <= 10
        : value.length > 0 && value.every(isProxy),
    'a number of hops (1 to 10) or addresses of proxies expected, such as 1, loopback or 10.0.0.0/8',
  )

/** An https or http origin: nothing after the host and port. */
const origins = list
  .pipe(
    z.array(
      z.string().refine((entry) => {
        if (!URL.canParse(entry)) return false
        const { protocol, origin, href } = new URL(entry)
        return (protocol === 'http:' || protocol === 'https:') && href === `${origin}/`
      }, 'an origin expected, such as https://ds.example:8443'),
    ),
  )
  .transform((entries) => entries.map((entry) => new URL(entry).origin))

export const parties = ['acs', 'ds', '3ds-server', 'shop', 'screening'] as const

export const configSchema = z.strictObject({
  acsPort: port.default(9440).describe('port of the ACS, DS, inbox and API'),
  shopPort: port.default(9441).describe('port of the shop and the 3DS Server'),
  singlePort: flag
    .default(false)
    .describe('serve the shop and the 3DS Server on the ACS port too (/shop, /3ds-server)'),
  host: z.string().min(1).default('localhost').describe('address to listen on; localhost means IPv4 and IPv6 loopback'),
  publicUrl: httpUrl
    .optional()
    .describe(
      'how browsers and other parties reach the ACS port, with a path behind a proxy that maps one (default http://localhost:<acs-port>)',
    ),
  shopPublicUrl: httpUrl
    .optional()
    .describe('how browsers and other parties reach the shop port (default http://127.0.0.1:<shop-port>)'),
  trustProxy: proxies
    .optional()
    .describe(
      'proxies whose X-Forwarded headers are believed: a number of hops, or addresses, comma separated (default: none)',
    ),
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
  maxTenants: whole(0, 100_000)
    .default(1_000)
    .describe('how many tenants there may be besides the default one, below /t/{name}'),
  clock: z
    .enum(['run', 'frozen'])
    .optional()
    .describe(
      'how the clock of a new tenant begins: with the time of the machine, or standing at 2026-01-01T00:00:00Z (default: run; frozen with a seed)',
    ),
  overrides: flag
    .default(false)
    .describe('let requests say themselves how they are answered, in every tenant that does not say otherwise'),
  adminWritesPerMinute: whole(1, 1_000_000_000)
    .default(30_000)
    .describe('limit on writing requests of one address to the admin API, over all tenants'),
  panHashKey: z
    .string()
    .min(16)
    .optional()
    .describe('key of the card number hashes (default: made in the data folder)'),
  dsOrigins: origins
    .default([])
    .describe('origins besides loopback that a dsURL may have (where the ACS sends RReqs), comma separated'),
  '3dsServerOrigins': origins
    .default([])
    .describe(
      'origins besides loopback that a threeDSServerURL may have (where the DS sends RReqs), and a notificationURL (where challenges without a browser return to), comma separated',
    ),
  only: list
    .pipe(z.array(z.enum(parties)).min(1, 'at least one party expected'))
    .default([...parties])
    .describe('parties to run, comma separated: acs, ds, 3ds-server, shop, screening'),
  dsUrl: httpUrl.optional().describe('address of a DS that is not run here, such as http://localhost:9440/ds'),
  acsUrl: httpUrl.optional().describe('address of an ACS that is not run here, such as http://localhost:9440/acs'),
  '3dsServerUrl': httpUrl
    .optional()
    .describe('address of a 3DS Server that is not run here, for the shop, such as http://127.0.0.1:9441/3ds-server'),
  screeningUrl: httpUrl
    .optional()
    .describe(
      'address of a screening service that is not run here, for the shop and the ACS, such as http://127.0.0.1:9441/screening',
    ),
  screeningKey: z
    .string()
    .refine((key) => secretBytes(key) !== undefined, 'whsec_ and 16 to 64 bytes in base64 expected')
    .optional()
    .describe(
      'secret that shop, screening service and ACS sign their messages with (default: made in the data folder)',
    ),
  cardRanges: z
    .string()
    .min(1)
    .optional()
    .describe(
      'file with card ranges (YAML): which ACS the DS routes to, which 3DS Method the 3DS Server knows (default: those of the issuer)',
    ),
  tls: flag
    .default(false)
    .describe('https everywhere, with a CA and certificates made in the data folder; servers meet on --mtls-port'),
  mtlsPort: port.default(9442).describe('with --tls: port of AReq and RReq, which demands a client certificate'),
  mtlsPublicUrl: httpUrl
    .refine(
      (url) => url.startsWith('https:') && new URL(url).pathname === '/',
      'an https address without a path expected',
    )
    .optional()
    .describe('how other servers reach the mTLS port (default https://<host of --public-url>:<mtls-port>)'),
  tlsDir: z.string().min(1).optional().describe('folder of the CA and certificates (default: tls in the data folder)'),
  tlsNames: list
    .pipe(z.array(z.string().refine(isHostName, 'host names and addresses expected, such as ds.example or 10.0.0.7')))
    .default([])
    .describe('further host names and addresses for the made certificates, comma separated'),
  tlsCert: z
    .string()
    .min(1)
    .optional()
    .describe('own certificate for browsers, with its chain (PEM file); implies --tls'),
  tlsKey: z.string().min(1).optional().describe('private key of --tls-cert (PEM file)'),
  tlsCa: z
    .string()
    .min(1)
    .optional()
    .describe(
      'CA of other parties (PEM file): outgoing calls believe it, and its clients named by --mtls-clients may come in',
    ),
  tlsClientCert: z
    .string()
    .min(1)
    .optional()
    .describe('own certificate for outgoing calls, with its chain (PEM file; default: a made one per party)'),
  tlsClientKey: z.string().min(1).optional().describe('private key of --tls-client-cert (PEM file)'),
  mtlsClients: list
    .default([])
    .describe('names (CN or DNS name) of certificates by --tls-ca that may post on the mTLS port, comma separated'),
  policy: z
    .string()
    .optional()
    .describe(
      'policy of the risk engine: a file (YAML), read again when it changes, or the name of one that comes with Sekisho, such as rules-jp',
    ),
  hookSources: z
    .string()
    .min(1)
    .optional()
    .describe(
      'file with the sources of the risk hook (YAML): who may speak, with which key, by which door; read again when it changes',
    ),
  alerts: list
    .pipe(z.array(z.enum(['declined', 'unusual', 'listed', 'frictionless', 'none'])))
    .default(['declined', 'unusual', 'listed'])
    .transform((reasons) => reasons.filter((reason) => reason !== 'none'))
    .describe(
      'payments that the cardholder is told of (“was this you?”), comma separated: declined, unusual, listed, frictionless, or none; only what the risk engine decided',
    ),
  hookModule: z
    .string()
    .min(1)
    .optional()
    .describe('file of an ES module that is asked about every AReq, in a thread of this process'),
  hookModuleDeadline: whole(10, 5_000)
    .default(300)
    .describe('how many milliseconds an AReq waits for the module at most'),
  networkTables: list
    .default([])
    .describe(
      'files of network addresses with their countries and kinds, CSV or MMDB; asked before those that are shipped',
    ),
  simulatedProvider: flag
    .default(false)
    .describe(
      'a made-up provider tells the risk engine what only others know: whether numbers answer, mail arrives, addresses are lived in',
    ),
  issuer: z
    .string()
    .optional()
    .describe('file with card ranges, scenario table and register (YAML); read again when it changes'),
  unknownCards: z
    .enum(['test-cards', 'engine', 'refuse'])
    .default('test-cards')
    .describe(
      'cards outside of all ranges that the risk engine decides about: those that providers document for tests, all, or none; others are Erro 305 (ACS-VAL-59)',
    ),
  versions: list
    .default(['2.1.0', '2.2.0', '2.3.1'])
    .pipe(z.array(z.enum(['2.1.0', '2.2.0', '2.3.1'], { error: 'of 2.1.0, 2.2.0 and 2.3.1 expected' })).min(1))
    .transform((versions) => [...new Set(versions)].sort())
    .describe('messageVersions that are spoken here, comma separated; error 102 lists them (ACS-VAL-9)'),
  exponentCheck: flag.default(false).describe('refuse a currency exponent that is not the ISO 4217 one (ACS-VAL-67)'),
  dateCheck: flag
    .default(false)
    .describe('refuse a purchaseDate that is more than 30 minutes off in a 2.3.1 AReq (ACS-VAL-156)'),
  mccCheck: flag.default(false).describe('refuse an mcc that is in no list with Erro 306 (ACS-VAL-15)'),
  nonPaymentValues: flag.default(false).describe('send an authenticationValue for non-payment Y and A, too (RES-AV-3)'),
  creqRepeats: z
    .enum(['refused', 'taken'])
    .default('refused')
    .describe(
      'what a CReq of 2.3.1 meets that comes again changed, or after the RReq: Erro 305 and 315, or as older versions do (CHL-REP-2, CHL-REP-4)',
    ),
  rreqRetries: z
    .enum(['letter', 'same'])
    .default('letter')
    .describe(
      'what an RReq of 2.3.1 says after two tries that did not reach the DS: U by the letter, or the same again (RES-RR-3)',
    ),
  outgoingCheck: z
    .enum(['off', 'log', 'fatal'])
    .default('log')
    .describe(
      'whether messages of the ACS are checked by the table before they leave: a breach is logged, or not sent',
    ),
  testData: flag.default(false).describe('keep messages in clear in the journal; for made-up card data only'),
  hookRequestsPerMinute: whole(1, 1_000_000_000)
    .default(6_000)
    .describe('limit on messages of one source of the hook, and on refused ones of one address'),
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

/** First parts of the paths that are ours: a public address below one of them could not be told from it. */
const ownPaths = new Set([
  'acs',
  'ds',
  '3ds-server',
  'shop',
  'screening',
  'console',
  'inbox',
  'cards',
  'hook',
  'api',
  'health',
  'metrics',
  'ca.pem',
  't',
])

/** Settings that go together, or not at all. */
function checkTogether(config: Config): void {
  for (const name of [
    'publicUrl',
    'shopPublicUrl',
    'dsUrl',
    'acsUrl',
    '3dsServerUrl',
    'screeningUrl',
    'mtlsPublicUrl',
  ] as const) {
    const url = config[name] === undefined ? undefined : new URL(config[name])
    if (url !== undefined && (/[?#]/.test(url.href) || url.username !== '' || url.password !== ''))
      throw new ConfigError(`${flagName(name)} is not valid: an address without query, fragment or password expected`)
  }
  for (const name of ['publicUrl', 'shopPublicUrl'] as const) {
    const url = config[name] === undefined ? undefined : new URL(config[name])
    if (url === undefined) continue
    if (!/^(?:\/|(?:\/[A-Za-z0-9._~-]+)*)$/.test(url.pathname))
      throw new ConfigError(`${flagName(name)} is not valid: a path of letters, digits, - . _ and ~ expected`)
    const [first = ''] = url.pathname.split('/').slice(1)
    if (ownPaths.has(first.toLowerCase()))
      throw new ConfigError(`${flagName(name)} is not valid: the path /${first} is one of Sekisho's own`)
  }
  for (const name of ['publicUrl', 'shopPublicUrl'] as const)
    if (config.tls && config[name]?.startsWith('http:') === true)
      throw new ConfigError(`${flagName(name)} is not valid: with ${flagName('tls')} an https address expected`)
  const { publicUrl, shopPublicUrl } = config
  const pathOf = (url: string | undefined): string => (url === undefined ? '/' : new URL(url).pathname)
  if (config.singlePort && shopPublicUrl !== undefined && pathOf(shopPublicUrl) !== pathOf(publicUrl))
    throw new ConfigError(
      `${flagName('shopPublicUrl')} is not valid: with ${flagName('singlePort')} it has to have the path of ${flagName('publicUrl')}`,
    )
  for (const [one, other] of [
    ['tlsCert', 'tlsKey'],
    ['tlsClientCert', 'tlsClientKey'],
  ] as const) {
    if (config[one] !== undefined && config[other] === undefined)
      throw new ConfigError(`${flagName(one)} needs ${flagName(other)}, too.`)
    if (config[other] !== undefined && config[one] === undefined)
      throw new ConfigError(`${flagName(other)} needs ${flagName(one)}, too.`)
  }
  if (config.mtlsClients.length > 0 && config.tlsCa === undefined)
    throw new ConfigError(
      `${flagName('mtlsClients')} needs ${flagName('tlsCa')}: it names clients whose certificates that CA made.`,
    )
  for (const name of ['mtlsClients', 'mtlsPublicUrl', 'tlsNames'] as const)
    if (!config.tls && config[name] !== undefined && config[name].length > 0)
      throw new ConfigError(`${flagName(name)} needs ${flagName('tls')}, too.`)
  // The two share a port, so there is no other 3DS Server at the usual address.
  const hasNo3dsServer = !config.only.includes('3ds-server') && config['3dsServerUrl'] === undefined
  if (config.only.includes('shop') && hasNo3dsServer)
    throw new ConfigError(
      `${flagName('only')} shop needs a 3DS Server: set ${flagName('3dsServerUrl')}, such as http://127.0.0.1:9441/3ds-server.`,
    )
}

/** Whether others than this machine can come: then nothing may be foreseen. */
export const isReachable = ({ host, publicUrl }: Config): boolean =>
  !isLoopbackHost(host) || (publicUrl !== undefined && !isLoopbackUrl(publicUrl))

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
  const config = { ...result.data, tls: result.data.tls || result.data.tlsCert !== undefined }
  checkTogether(config)
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
  if (config.trustProxy !== undefined && config.adminToken === undefined) {
    throw new ConfigError(
      `${flagName('trustProxy')} lets requests from elsewhere in: set ${flagName('adminToken')} (or ${envName('adminToken')}) first.`,
    )
  }
  if (config.seed !== undefined && isReachable(config)) {
    throw new ConfigError(`${flagName('seed')} makes ids that can be foreseen and works on loopback only.`)
  }
  return config.seed === undefined ? config : { ...config, ephemeral: true }
}
