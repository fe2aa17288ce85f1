// Turns the schema of the settings into docs/configuration.md and docs/sekisho.schema.json, that of policies into
// docs/policy.schema.json, the checks into docs/checks.md, the element table into docs/elements.md, the issuer's table into docs/test-cards.md, and the
// rows of endings into docs/endings.md, the schema of experiments into docs/lab-experiment.md and docs/experiment.schema.json. Run by
// `npm run docs`; all are committed, and a test says when they are not current.
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { sourcesJsonSchema } from '../acs/hook/sources.ts'
import { configSchema, envName, flagName, settingNames } from '../config.ts'
import { doorSchema, doorSchemas, hookDocument } from '../http/hook-document.ts'
import { policyJsonSchema } from '../risk/policy/json-schema.ts'
import { version } from '../start/version.ts'
import { adminApiPage } from './admin-api-page.ts'
import { checksPage } from './checks-page.ts'
import { elementsPage } from './elements-page.ts'
import { endingsPage } from './endings-page.ts'
import { experimentPage, experimentPageFile, experimentSchemaFile } from './experiment-page.ts'
import { clientTypes, settingsType } from './generate-client.ts'
import { testCardsPage } from './test-cards-page.ts'

type Name = (typeof settingNames)[number]

/** The order of the page. A setting that is named nowhere comes last, under "More". */
const groups: readonly { readonly title: string; readonly text?: string; readonly names: readonly Name[] }[] = [
  {
    title: 'Addresses',
    text: 'What these mean together: [TLS, proxies and addresses](network.md).',
    names: ['acsPort', 'shopPort', 'singlePort', 'host', 'publicUrl', 'shopPublicUrl', 'trustProxy'],
  },
  {
    title: 'Parties',
    text: 'For parties of your own: [plugging in](plugging-in/README.md).',
    names: ['only', 'dsUrl', 'acsUrl', '3dsServerUrl', 'cardRanges', 'dsOrigins', '3dsServerOrigins'],
  },
  {
    title: 'TLS',
    names: [
      'tls',
      'mtlsPort',
      'mtlsPublicUrl',
      'tlsDir',
      'tlsNames',
      'tlsCert',
      'tlsKey',
      'tlsCa',
      'tlsClientCert',
      'tlsClientKey',
      'mtlsClients',
    ],
  },
  { title: 'Data', names: ['dataDir', 'ephemeral', 'seed', 'panHashKey', 'testData'] },
  {
    title: 'Tenants',
    text: 'Each has its own data, clock and chance: [tenants](tenants.md).',
    names: ['maxTenants', 'clock', 'overrides'],
  },
  {
    title: 'Who may look',
    names: ['adminToken', 'browserRequestsPerMinute', 'hookRequestsPerMinute', 'adminWritesPerMinute'],
  },
  {
    title: 'Protocol and decisions',
    names: [
      'validation',
      'versions',
      'exponentCheck',
      'dateCheck',
      'mccCheck',
      'nonPaymentValues',
      'creqRepeats',
      'rreqRetries',
      'outgoingCheck',
      'policy',
      'issuer',
      'unknownCards',
    ],
  },
  {
    title: 'Hook',
    text: 'What shops know: [the hook](hook.md).',
    names: ['hookSources', 'hookModule', 'hookModuleDeadline', 'alerts'],
  },
  { title: 'Codes and log', names: ['smtpUrl', 'smtpFrom', 'logLevel'] },
]

const settingOf = (name: Name) => configSchema.shape[name]
const takes = (name: Name, value: unknown): boolean => settingOf(name).safeParse(value).success
const jsonOf = (name: Name) => z.toJSONSchema(settingOf(name), { io: 'input' })

/** Told by what the setting takes, so that it cannot say anything else. */
function kindOf(name: Name): string {
  const { enum: values, format } = jsonOf(name)
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ')
  if (takes(name, true)) return 'yes or no'
  const isList = takes(name, []) || takes(name, ['acs']) || takes(name, ['loopback'])
  if (takes(name, 1)) return isList ? 'number or list' : 'number'
  if (isList) return 'list'
  return format === 'uri' ? 'URL' : 'text'
}

function defaultOf(name: Name): string {
  const parsed = settingOf(name).safeParse(undefined)
  const value = parsed.success ? parsed.data : undefined
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

function row(name: Name): string {
  const text = settingOf(name).description ?? ''
  const flag = kindOf(name) === 'yes or no' ? flagName(name) : `${flagName(name)} …`
  return `| \`${flag}\`<br>\`${envName(name)}\`<br>\`${name}\` | ${kindOf(name)} | ${cell(defaultOf(name))} | ${cell(text)} |`
}

const head = `# Configuration

<!-- Made from src/config.ts by \`npm run docs\`. Edit the schema, not this page. -->

Each setting can be given in three ways, and the first that says something counts:

1. a flag
2. a variable of the environment
3. a line of a YAML or JSON file: \`sekisho.yaml\` in the folder you start from, or the file named by \`--config\` or \`SEKISHO_CONFIG\`

\`\`\`sh server
npm start -- --acs-port 9450 --shop-port 9451 --ephemeral
\`\`\`
\`\`\`sh server
SEKISHO_ACS_PORT=9452 SEKISHO_SHOP_PORT=9453 SEKISHO_EPHEMERAL=true npm start
\`\`\`
\`\`\`sh server
npm start -- --config examples/sekisho.yaml
\`\`\`

The file of the last one is [examples/sekisho.yaml](../examples/sekisho.yaml):

\`\`\`yaml
${readFileSync(new URL('../../examples/sekisho.yaml', import.meta.url), 'utf8').trim()}
\`\`\`

In the file a name may also be written as in the flag (\`acs-port\`). An editor that knows JSON Schema can check it against
[sekisho.schema.json](sekisho.schema.json). A flag for yes or no takes no value; its variable takes \`true\` or \`false\`. Lists are separated by commas.
What is not valid, or is no setting, is named in one line and nothing is started. \`npm start -- --help\` prints the same list.
Secrets belong into variables or the file: flags can be read by everybody on the machine.
`

export function configurationPage(): string {
  const named = new Set(groups.flatMap(({ names }) => names))
  const rest = settingNames.filter((name) => !named.has(name))
  const all = rest.length === 0 ? groups : [...groups, { title: 'More', names: rest }]
  const sections = all.map((group) =>
    [
      `## ${group.title}`,
      '',
      ...('text' in group && group.text !== undefined ? [group.text, ''] : []),
      '| Flag, variable, name in the file | Value | Default | What it does |',
      '| --- | --- | --- | --- |',
      ...group.names.map(row),
      '',
    ].join('\n'),
  )
  return [head, ...sections].join('\n')
}

/** For editors: the settings of the file, in both spellings. */
export function configurationSchema(): string {
  const { properties = {}, ...schema } = z.toJSONSchema(configSchema, { io: 'input' })
  const both = Object.fromEntries(
    Object.entries(properties).flatMap(([name, setting]) => {
      const hyphened = flagName(name).slice(2)
      return hyphened === name
        ? [[name, setting]]
        : [
            [name, setting],
            [hyphened, setting],
          ]
    }),
  )
  return `${JSON.stringify({ ...schema, title: 'Settings of Sekisho', properties: both }, null, 2)}\n`
}

/** For editors: a policy. */
export const policySchemaFile = (): string => `${JSON.stringify(policyJsonSchema(), null, 1)}\n`

const jsonFile = (value: object): string => `${JSON.stringify(value, null, 1)}\n`
const hookFile = (name: string): URL => new URL(`../../docs/hook/${name}`, import.meta.url)

export const generated: readonly { readonly file: URL; readonly make: () => string }[] = [
  { file: new URL('../../docs/configuration.md', import.meta.url), make: configurationPage },
  { file: new URL('../../docs/sekisho.schema.json', import.meta.url), make: configurationSchema },
  { file: new URL('../../docs/policy.schema.json', import.meta.url), make: policySchemaFile },
  { file: new URL('../../docs/checks.md', import.meta.url), make: checksPage },
  { file: new URL('../../docs/elements.md', import.meta.url), make: elementsPage },
  { file: new URL('../../docs/test-cards.md', import.meta.url), make: testCardsPage },
  { file: new URL('../../docs/endings.md', import.meta.url), make: endingsPage },
  { file: new URL('../../docs/admin-api.md', import.meta.url), make: adminApiPage },
  { file: experimentPageFile, make: experimentPage },
  { file: new URL('../../docs/experiment.schema.json', import.meta.url), make: experimentSchemaFile },
  { file: hookFile('openapi.json'), make: () => jsonFile(hookDocument('http://localhost:9440', version)) },
  { file: hookFile('sources.schema.json'), make: () => jsonFile(sourcesJsonSchema()) },
  ...(Object.keys(doorSchemas) as (keyof typeof doorSchemas)[]).map((name) => ({
    file: hookFile(`${name}.schema.json`),
    make: () => jsonFile(doorSchema(name)),
  })),
  { file: new URL('../client/generated.ts', import.meta.url), make: clientTypes },
  { file: new URL('../client/settings.ts', import.meta.url), make: settingsType },
]

if (import.meta.filename === process.argv[1]) {
  for (const { file, make } of generated) {
    const text = make()
    const isCurrent = (() => {
      try {
        return readFileSync(file, 'utf8') === text
      } catch {
        return false
      }
    })()
    if (!isCurrent) writeFileSync(file, text)
    process.stdout.write(`${isCurrent ? 'current' : 'written'}  ${file.pathname.split('/').slice(-2).join('/')}\n`)
  }
}
