// sekisho lint: checks messages and recordings, without a server. Thin: reads, calls, prints.
import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { legs } from '../lint/flow.ts'
import { inputText } from '../lint/input.ts'
import { exitCodeOf, lint, unread } from '../lint/lint.ts'
import { coloured, plain, reportOf } from '../lint/report.ts'
import type { Language, LintOptions, LintResult } from '../lint/types.ts'
import { supportedVersions } from '../protocol/messages/head.ts'
import type { Leg, Version } from '../protocol/tables/types.ts'

interface Options {
  readonly json?: boolean
  readonly show?: boolean
  readonly profile: 'strict' | 'lenient'
  readonly lang?: Language
  readonly channel?: 'app' | 'browser' | '3ri'
  readonly category?: 'payment' | 'non-payment'
  readonly leg?: Leg
  readonly messageVersion?: Version
  readonly versions?: readonly Version[]
}

const channels = { app: '01', browser: '02', '3ri': '03' } as const
const categories = { payment: '01', 'non-payment': '02' } as const

function versionList(text: string): readonly Version[] {
  const versions = text.split(',').map((word) => supportedVersions.find((known) => known === word.trim()))
  const known = versions.filter((version) => version !== undefined)
  if (known.length !== versions.length)
    throw new InvalidArgumentError(`any of ${supportedVersions.join(',')} expected.`)
  return supportedVersions.filter((version) => known.includes(version))
}

/** That of the terminal, as far as we speak it. */
const usualLanguage = (): Language =>
  /^ja/i.test(process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? '') ? 'ja' : 'en'

const optionsOf = (options: Options): LintOptions => ({
  profile: options.profile,
  lang: options.lang ?? usualLanguage(),
  ...(options.channel !== undefined && { channel: channels[options.channel] }),
  ...(options.category !== undefined && { category: categories[options.category] }),
  leg: options.leg,
  messageVersion: options.messageVersion,
  versions: options.versions,
  show: options.show,
  mostFindings: 2_000,
  mostMessages: 100_000,
})

async function standardInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) process.stderr.write('Paste a message, then end with Ctrl-D.\n')
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EISDIR') return 'a folder, not a file'
  return code === 'EACCES' ? 'not readable' : 'cannot be read'
}

async function checked(file: string, options: LintOptions): Promise<LintResult | string> {
  try {
    const input = inputText(file === '-' ? await standardInput() : await readFile(file))
    return 'fault' in input ? unread(input.fault, options) : lint(input.text, options)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return reasonOf(error)
  }
}

async function run(files: readonly string[], given: Options): Promise<void> {
  const options = optionsOf(given)
  const isColoured = process.stdout.isTTY === true && process.env.NO_COLOR === undefined
  let worst = 0
  for (const file of files.length === 0 ? ['-'] : files) {
    const result = await checked(file, options)
    if (typeof result === 'string') {
      process.stderr.write(`sekisho: ${file}: ${result}\n`)
      worst = 2
      continue
    }
    worst = Math.max(worst, exitCodeOf(result))
    const name = file === '-' ? '' : file
    const text = given.json
      ? `${JSON.stringify({ ...(name !== '' && { file: name }), ...result })}\n`
      : reportOf(result, name, isColoured ? coloured : plain)
    process.stdout.write(text)
  }
  process.exitCode = worst
}

export function addLint(program: Command): void {
  program
    .command('lint')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2)) // 1 says what was found
    .description('check 3DS messages and recordings: JSON, JSON lines, HAR, creq and cres, HTTP, journal exports')
    .argument('[files...]', 'files to check; - or none: standard input')
    .option('--json', 'print the result as JSON, one line per input')
    .option('--show', 'print each message as well, sensitive values masked')
    .addOption(new Option('--profile <name>', 'how strict').choices(['strict', 'lenient']).default('strict'))
    .addOption(new Option('--lang <language>', 'en or ja (default: that of the terminal)').choices(['en', 'ja']))
    .addOption(new Option('--channel <channel>', 'of messages that do not say it').choices(Object.keys(channels)))
    .addOption(new Option('--category <category>', 'of messages that do not say it').choices(Object.keys(categories)))
    .addOption(new Option('--leg <leg>', 'the hop of the message').choices(legs))
    .addOption(new Option('--message-version <version>', 'the version of the transaction').choices(supportedVersions))
    .option('--versions <list>', 'active versions, with commas (default: all)', versionList)
    .addHelpText('after', '\nExit codes: 0 nothing wrong, 1 errors, 2 something could not be read.')
    .action(run)
}
