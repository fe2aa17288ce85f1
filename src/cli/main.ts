#!/usr/bin/env node
// The command line: serve (the default), lint, db prune, tls. Thin: reads settings, calls, prints.
import { existsSync } from 'node:fs'
import { type Command, Command as Program } from 'commander'
import { type Config, ConfigError, configSchema, envName, flagName, readConfig, settingNames } from '../config.ts'
import { version } from '../start/version.ts'
import { addChallenge } from './challenge.ts'
import { addClock } from './clock.ts'
import { addConformance } from './conformance.ts'
import { addDiff } from './diff.ts'
import { addHook } from './hook.ts'
import { addInbox } from './inbox.ts'
import { addJournal } from './journal.ts'
import { addLab } from './lab.ts'
import { addLint } from './lint.ts'
import { addReset } from './reset.ts'
import { addScenario } from './scenario.ts'
import { addStub } from './stub.ts'
import { addTail } from './tail.ts'
import { addVerify } from './verify.ts'

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const complain = (message: string): void => {
  process.stderr.write(`sekisho: ${message.replace(/\s+/g, ' ').trim()}\n`)
}

/** One line and exit code 1: what a person can do something about. */
function stop(message: string): never {
  complain(message)
  process.exit(1)
}

const isFlag = (name: keyof Config): boolean => {
  const setting = configSchema.shape[name]
  return setting.safeParse('true').success && !setting.safeParse('maybe').success && setting.safeParse(true).success
}

function withSettings(command: Command): Command {
  for (const name of settingNames) {
    const text = configSchema.shape[name].description ?? ''
    const fallback = configSchema.shape[name].safeParse(undefined)
    const shown = fallback.success && fallback.data !== undefined ? String(fallback.data) : ''
    const note = shown === '' || shown === 'false' ? '' : ` (default ${shown})`
    command.option(isFlag(name) ? flagName(name) : `${flagName(name)} <value>`, `${text}${note} [${envName(name)}]`)
  }
  return command.option(
    '--config <file>',
    'file with settings by name (YAML or JSON; default sekisho.yaml if there) [SEKISHO_CONFIG]',
  )
}

function configOf(options: Record<string, unknown>): Config {
  const { config, ...flags } = options
  const named = typeof config === 'string' ? config : process.env.SEKISHO_CONFIG
  const file = named ?? (existsSync('sekisho.yaml') ? 'sekisho.yaml' : undefined)
  return readConfig({ flags, env: process.env, file })
}

/** Problems of this machine or these settings in one line; anything else is ours and keeps its trace. */
async function orStop<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConfigError) stop(error.message)
    const { StartError } = await import('../start/files.ts')
    const { ListenError } = await import('../web/server.ts')
    const { PolicyError } = await import('../risk/policy.ts')
    if (error instanceof StartError || error instanceof ListenError || error instanceof PolicyError) stop(error.message)
    throw error
  }
}

async function serve(options: Record<string, unknown>): Promise<void> {
  await orStop(async () => {
    const config = configOf(options)
    const { startSekisho } = await import('../server.ts')
    const sekisho = await startSekisho(config)
    // Before a word is said: who reads that it runs may stop it at once.
    let isStopping = false
    const shutDown = (): void => {
      if (isStopping) return
      isStopping = true
      sekisho.close().then(
        () => process.exit(0),
        (error: unknown) =>
          stop(`could not stop in order: ${error instanceof Error ? error.message : 'unknown reason'}`),
      )
    }
    process.on('SIGTERM', shutDown)
    process.on('SIGINT', shutDown)
    const { acs, shop, servers } = sekisho.urls
    const runs = (party: Config['only'][number]): boolean => config.only.includes(party)
    print(`Sekisho ${version} is running${config.ephemeral ? ' (nothing is kept)' : `, data in ${config.dataDir}`}.`)
    if (shop !== undefined && runs('shop')) print(`  Shop        ${shop}/shop`)
    if (acs !== undefined && runs('acs')) {
      print(`  Console     ${acs}/console`)
      print(`  Inbox       ${acs}/inbox   (the codes of challenges)`)
      print(`  ACS         ${servers}/acs/areq`)
    }
    if (runs('ds')) print(`  DS          ${servers}/ds/areq`)
    if (shop !== undefined && runs('3ds-server')) print(`  3DS Server  ${shop}/3ds-server`)
    if (shop !== undefined && runs('screening')) print(`  Screening   ${shop}/screening`)
    if (acs !== undefined && runs('acs')) print(`  API         ${acs}/api/v1/transactions`)
    if (config.tls) {
      const at = `${acs ?? shop}/ca.pem`
      print(`  CA          ${sekisho.caFile === undefined ? at : `${sekisho.caFile}   (also at ${at})`}`)
      print(
        'Browsers warn until they trust this CA; other servers need it, and a client certificate (sekisho tls client).',
      )
    }
    print('Cards to try:')
    for (const card of sekisho.issuer.try.slice(0, 3)) print(`  ${card.acctNumber}  ${card.what}`)
    if ((acs ?? shop ?? '').startsWith('http:'))
      print('Links are not encrypted (http): for test data on this machine only; --tls encrypts them.')
    print('Stop with Ctrl-C.')
  })
}

async function prune(options: Record<string, unknown>): Promise<void> {
  const { olderThanDays, ...rest } = options
  await orStop(async () => {
    const days = Number(olderThanDays)
    if (!Number.isFinite(days) || days < 0)
      throw new ConfigError(`--older-than-days is not valid: a number of days expected`)
    const config = configOf(rest)
    const { pruneData } = await import('../server.ts')
    const count = await pruneData(config, Date.now() - days * 86_400_000)
    print(`Removed ${count} transaction${count === 1 ? '' : 's'} older than ${days} day${days === 1 ? '' : 's'}.`)
  })
}

/** The CA, made if there is none yet. */
async function showCa(options: Record<string, unknown>): Promise<void> {
  await orStop(async () => {
    const { openCa } = await import('../start/certificates.ts')
    print(await openCa(configOf(options), Date.now()))
  })
}

/** A certificate for a server of yours that posts to the mTLS port. */
async function makeClient(options: Record<string, unknown>): Promise<void> {
  const { role, name, out, ...rest } = options
  await orStop(async () => {
    const { makeClientFile } = await import('../start/certificates.ts')
    const wanted = { role: String(role), name: String(name), out: String(out) }
    const { file, ca } = await makeClientFile(configOf(rest), wanted, Date.now())
    print(`${file} holds a client certificate and its key; the CA that servers here are known by is ${ca}.`)
  })
}

const program = new Program('sekisho')
  .version(version)
  .configureOutput({ outputError: (text) => complain(`${text.replace(/^error: /, '').trim()} (see sekisho --help)`) })
withSettings(program.command('serve', { isDefault: true }).description('run the ACS and the parties around it')).action(
  serve,
)
addLint(program)
const db = program.command('db').description('look after the database')
withSettings(db.command('prune').description('remove transactions that ended, and all that belongs to them'))
  .requiredOption('--older-than-days <days>', 'how old a transaction must be')
  .action(prune)
const tls = program.command('tls').description('look after the certificates that --tls makes')
withSettings(tls.command('ca').description('print where the CA lies; make it if there is none')).action(showCa)
withSettings(tls.command('client').description('make a client certificate for a server that is not run here'))
  .requiredOption('--role <party>', 'what it may post as: acs, ds or 3ds-server')
  .requiredOption('--name <name>', 'common name of the certificate')
  .requiredOption('--out <file>', 'where certificate and key are written (PEM)')
  .action(makeClient)

addConformance(program, complain)
for (const add of [
  addStub,
  addScenario,
  addChallenge,
  addInbox,
  addHook,
  addJournal,
  addLab,
  addTail,
  addDiff,
  addVerify,
  addClock,
  addReset,
])
  add(program)

// Who reads our output may stop before its end, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

await program.parseAsync()
