// Settings: where they come from, which wins, and what is said of a bad one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, envName, flagName, readConfig, type Sources, settingNames } from '../src/config.ts'

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const fileWith = (text: string, name = 'sekisho.yaml'): string => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

const problem = (sources: Sources): string => {
  try {
    readConfig(sources)
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

test('without any setting there are defaults for all that need one', () => {
  expect(readConfig({})).toEqual({
    acsPort: 9440,
    shopPort: 9441,
    host: 'localhost',
    dataDir: 'data',
    ephemeral: false,
    validation: 'lenient',
    smtpFrom: 'Sekisho Bank <otp@issuer.example>',
    logLevel: 'info',
    singlePort: false,
    dsOrigins: [],
    '3dsServerOrigins': [],
    tls: false,
    mtlsPort: 9442,
    tlsNames: [],
    mtlsClients: [],
    only: ['acs', 'ds', '3ds-server', 'shop', 'screening'],
    alerts: ['declined', 'unusual', 'listed'],
    hookModuleDeadline: 300,
    versions: ['2.1.0', '2.2.0', '2.3.1'],
    exponentCheck: false,
    creqRepeats: 'refused',
    rreqRetries: 'letter',
    outgoingCheck: 'log',
    dateCheck: false,
    mccCheck: false,
    nonPaymentValues: false,
    networkTables: [],
    simulatedProvider: false,
    unknownCards: 'test-cards',
    testData: false,
    hookRequestsPerMinute: 6_000,
    browserRequestsPerMinute: 6_000,
    maxTenants: 1_000,
    overrides: false,
    adminWritesPerMinute: 30_000,
  })
})

test('a flag wins over the environment, the environment over the file', () => {
  const file = fileWith('acsPort: 1\nshop-port: 2\nvalidation: strict\ndata-dir: from-file\n')
  const env = { SEKISHO_SHOP_PORT: '22', SEKISHO_DATA_DIR: 'from-env', OTHER: 'x' }
  const config = readConfig({ flags: { dataDir: 'from-flag' }, env, file })
  expect(config).toMatchObject({ acsPort: 1, shopPort: 22, validation: 'strict', dataDir: 'from-flag' })
})

test('an empty variable is none', () => {
  expect(readConfig({ env: { SEKISHO_ACS_PORT: '', SEKISHO_ADMIN_TOKEN: '' } })).toEqual(readConfig({}))
})

test('lists are written with commas or as lists, switches as words', () => {
  expect(readConfig({ env: { SEKISHO_ONLY: 'acs, ds ,' } }).only).toEqual(['acs', 'ds'])
  expect(readConfig({ file: fileWith('only: [shop, 3ds-server]') }).only).toEqual(['shop', '3ds-server'])
  for (const [text, value] of [
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ] as const)
    expect(readConfig({ env: { SEKISHO_EPHEMERAL: text } }).ephemeral).toBe(value)
})

test('a file may be JSON, or empty, and its names may have hyphens', () => {
  expect(readConfig({ file: fileWith('{"acs-port": 7, "logLevel": "debug"}', 'x.json') })).toMatchObject({
    acsPort: 7,
    logLevel: 'debug',
  })
  expect(readConfig({ file: fileWith('') })).toEqual(readConfig({}))
})

test('a slash at the end of an address does not count', () => {
  expect(readConfig({ flags: { publicUrl: 'http://localhost:1//' } }).publicUrl).toBe('http://localhost:1')
})

test('a setting whose name begins with a digit has its spelling in every source', () => {
  const url = 'http://localhost:5000/3ds'
  expect(envName('3dsServerUrl')).toBe('SEKISHO_3DS_SERVER_URL')
  expect(flagName('3dsServerUrl')).toBe('--3ds-server-url')
  for (const sources of [
    { env: { SEKISHO_3DS_SERVER_URL: url } },
    { file: fileWith(`3ds-server-url: ${url}\n`) },
    { file: fileWith(`3dsServerUrl: ${url}\n`) },
    { flags: { '3dsServerUrl': url } },
  ])
    expect(readConfig(sources)['3dsServerUrl']).toBe(url)
  const run = spawnSync(process.execPath, ['--import', 'tsx', main, 'serve', '--3ds-server-url', 'ftp://x'], {
    encoding: 'utf8',
  })
  expect(run.stderr).toMatch(/^sekisho: --3ds-server-url is not valid: /)
})

test('an origin is written as people write one', () => {
  const dsOrigins = 'https://DS.example:443, http://10.1.2.3:8080/'
  expect(readConfig({ flags: { dsOrigins } }).dsOrigins).toEqual(['https://ds.example', 'http://10.1.2.3:8080'])
})

test('a certificate of your own switches TLS on', () => {
  expect(readConfig({ flags: { tlsCert: 'a.pem', tlsKey: 'b.pem' } }).tls).toBe(true)
})

test('proxies are a number of hops, addresses or networks', () => {
  const adminToken = 'a-token-of-some-length'
  const read = (trustProxy: unknown) => readConfig({ flags: { trustProxy, adminToken } }).trustProxy
  expect(read('1')).toBe(1)
  expect(read(2)).toBe(2)
  expect(read('loopback, 10.0.0.0/8')).toEqual(['loopback', '10.0.0.0/8'])
  expect(read(['::1', 'fd00::/8'])).toEqual(['::1', 'fd00::/8'])
})

test('a seed keeps nothing', () => {
  expect(readConfig({ flags: { seed: 'x' } }).ephemeral).toBe(true)
})

describe('a bad setting is told in one line that names it as it was written:', () => {
  test.each<[string, () => Sources, RegExp]>([
    ['a flag', () => ({ flags: { acsPort: '99999' } }), /^--acs-port is not valid: /],
    ['a flag that is no number', () => ({ flags: { acsPort: 'x' } }), /^--acs-port is not valid: /],
    ['a flag without a value', () => ({ flags: { acsPort: '' } }), /^--acs-port is not valid: /],
    ['a variable', () => ({ env: { SEKISHO_VALIDATION: 'loose' } }), /^SEKISHO_VALIDATION is not valid: .*"lenient"/],
    ['a switch', () => ({ env: { SEKISHO_EPHEMERAL: 'maybe' } }), /^SEKISHO_EPHEMERAL is not valid: /],
    ['a party', () => ({ flags: { only: 'acs,bank' } }), /^--only is not valid: .*"shop"/],
    ['no party at all', () => ({ flags: { only: ',' } }), /^--only is not valid: /],
    ['a line of the file', () => ({ file: fileWith('shopPort: many') }), /^shopPort in .*sekisho\.yaml is not valid: /],
    [
      'a line of the file with hyphens',
      () => ({ file: fileWith('shop-port: many') }),
      /^shop-port in .*sekisho\.yaml is not valid: /,
    ],
    [
      'an unknown line of the file',
      () => ({ file: fileWith('shop-prot: 1') }),
      /^shop-prot in .*sekisho\.yaml is no setting of Sekisho$/,
    ],
    [
      'a line of the file that says nothing',
      () => ({ file: fileWith('acsPort:') }),
      /^acsPort in .*sekisho\.yaml is not valid: /,
    ],
    ['an address', () => ({ flags: { dsUrl: 'ftp://x' } }), /^--ds-url is not valid: /],
    [
      'an origin with a path',
      () => ({ flags: { dsOrigins: 'https://ds/rreq' } }),
      /^--ds-origins is not valid: an origin /,
    ],
    [
      'an origin without a scheme',
      () => ({ flags: { '3dsServerOrigins': 's' } }),
      /^--3ds-server-origins is not valid: /,
    ],
    ...['true', '0', '11', 'everybody', '10.0.0.0/33', '0.0.0.0/0', '::/0', '::ffff:10.0.0.0/8', '1.2.3.4/8/8', ''].map(
      (trustProxy): [string, () => Sources, RegExp] => [
        `proxies written as '${trustProxy}'`,
        () => ({ flags: { trustProxy, adminToken: 'a-token-of-some-length' } }),
        /^--trust-proxy is not valid: a number of hops/,
      ],
    ),
    ['a proxy without a token', () => ({ flags: { trustProxy: '1' } }), /^--trust-proxy .* set --admin-token/],
    [
      'a public address that looks like a path of ours',
      () => ({ flags: { publicUrl: 'http://localhost/acs/x' } }),
      /^--public-url is not valid: the path \/acs is one of Sekisho's own$/,
    ],
    [
      'a public address with a query',
      () => ({ flags: { shopPublicUrl: 'http://localhost/x?y' } }),
      /^--shop-public-url is not valid: /,
    ],
    [
      'one port with two paths',
      () => ({ flags: { singlePort: true, publicUrl: 'http://localhost/a', shopPublicUrl: 'http://127.0.0.1/b' } }),
      /^--shop-public-url is not valid: with --single-port /,
    ],
    ['a certificate without its key', () => ({ flags: { tlsCert: 'x' } }), /^--tls-cert needs --tls-key/],
    [
      'a key without its certificate',
      () => ({ flags: { tlsClientKey: 'x' } }),
      /^--tls-client-key needs --tls-client-cert/,
    ],
    ['clients of no CA', () => ({ flags: { mtlsClients: 'x' } }), /^--mtls-clients needs --tls-ca/],
    [
      'an mTLS address without TLS',
      () => ({ flags: { mtlsPublicUrl: 'http://ds.example' } }),
      /^--mtls-public-url is not valid: an https address/,
    ],
    ...(['publicUrl', 'dsUrl', 'acsUrl', '3dsServerUrl'] as const).flatMap((name) =>
      ['http://h.example?', 'http://h.example/x?y=1', 'http://h.example/#', 'http://user:hidden@h.example'].map(
        (url): [string, () => Sources, RegExp] => [
          `${url} as ${name}`,
          () => ({ flags: { [name]: url, adminToken: 'a-token-of-some-length' } }),
          /^--[a-z0-9-]+-url is not valid: an address without query, fragment or password expected$/,
        ],
      ),
    ),
    [
      'a plain address of a party under TLS',
      () => ({ flags: { tls: true, publicUrl: 'http://localhost:1' } }),
      /^--public-url is not valid: with --tls an https address/,
    ],
    ...['münchen.example', 'a b', '-x.example', 'a..b', '*', 'a.*.example'].map(
      (tlsNames): [string, () => Sources, RegExp] => [
        `'${tlsNames}' as a name of a certificate`,
        () => ({ flags: { tls: true, tlsNames } }),
        /^--tls-names is not valid: host names and addresses expected/,
      ],
    ),
    ['names of certificates that nobody makes', () => ({ flags: { tlsNames: 'x' } }), /^--tls-names needs --tls, too/],
    [
      'an mTLS port that is not there',
      () => ({ flags: { mtlsPublicUrl: 'https://ds.example' } }),
      /^--mtls-public-url needs --tls, too/,
    ],
    [
      'a shop and a DS without a 3DS Server',
      () => ({ flags: { only: 'shop,ds' } }),
      /^--only shop needs .*--3ds-server-url/,
    ],
    ['a shop without a 3DS Server', () => ({ flags: { only: 'shop' } }), /^--only shop needs .*--3ds-server-url/],
    [
      'a file that is none',
      () => ({ file: '/nowhere/sekisho.yaml' }),
      /^The config file \/nowhere\/sekisho\.yaml cannot be read: /,
    ],
    ['a file that is no YAML', () => ({ file: fileWith('a: b: c:\n - x') }), /^The config file .* cannot be read: /],
    ['a file that is a list', () => ({ file: fileWith('- a') }), /^The config file .* has to hold settings by name\.$/],
    [
      'a file that is a word',
      () => ({ file: fileWith('hello') }),
      /^The config file .* has to hold settings by name\.$/,
    ],
    [
      'the winning one of two',
      () => ({ flags: { acsPort: '1' }, env: { SEKISHO_SHOP_PORT: 'x' } }),
      /^SEKISHO_SHOP_PORT /,
    ],
  ])('%s', (_, sources, message) => {
    const text = problem(sources())
    expect(text).toMatch(message)
    expect(text).not.toContain('\n')
  })

  test('a secret is not repeated', () => {
    expect(problem({ env: { SEKISHO_ADMIN_TOKEN: 'short-secret' } })).not.toContain('short-secret')
    expect(problem({ flags: { smtpUrl: 'http://user:hidden@mail' } })).not.toContain('hidden')
    expect(problem({ flags: { panHashKey: 'secret' } })).not.toMatch(/: .*secret/)
  })
})

test('every setting has a flag, a variable and a text in --help', () => {
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', main, 'serve', '--help'], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '200' },
  })
  expect(status).toBe(0)
  expect(settingNames.length).toBeGreaterThan(15)
  const words = stdout.replace(/\s+/g, ' ')
  for (const name of settingNames) {
    expect(words).toMatch(new RegExp(` ${flagName(name)}(?: <value>)? [a-z]`))
    expect(words).toContain(`[${envName(name)}]`)
  }
  for (const word of ['undefined', 'NaN', '[object']) expect(words).not.toContain(word)
  expect(words).toContain('(default 9440)')
})
