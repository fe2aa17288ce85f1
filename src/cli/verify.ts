// sekisho verify: an assertion about messages. 0 it is so, 1 it is not, 2 trouble.
import type { Command } from 'commander'
import type { z } from 'zod'
import { SekishoError } from '../client/client.ts'
import { expectation } from '../journal/verify.ts'
import { type MatchOptions, matchOf, withMatch } from './journal-options.ts'
import { clientOf, count, orTrouble, print, printJson, type RemoteOptions, textOf, withRemote } from './remote.ts'

interface Options extends RemoteOptions, MatchOptions {
  readonly count?: number
  readonly min?: number
  readonly max?: number
  readonly within?: string
  readonly file?: string
}

async function bodyOf(options: Options): Promise<unknown> {
  if (options.file !== undefined) {
    try {
      return JSON.parse(await textOf(options.file))
    } catch (error) {
      if (error instanceof SyntaxError) throw new SekishoError('verify', 0, options.file, 'no JSON')
      throw error
    }
  }
  const { min, max, within } = options
  const bounds = min === undefined && max === undefined ? options.count : { min, max }
  return {
    match: matchOf(options),
    ...(bounds !== undefined && { count: bounds }),
    ...(within !== undefined && { within }),
  }
}

type Given = z.input<typeof expectation>
const isExpectation = (value: unknown): value is Given => expectation.safeParse(value).success

async function run(options: Options): Promise<void> {
  const body = await bodyOf(options)
  if (!isExpectation(body)) {
    const [issue] = expectation.safeParse(body).error?.issues ?? []
    throw new SekishoError('verify', 0, issue?.path.join('.') ?? '', issue?.message ?? 'not valid')
  }
  const verdict = await clientOf(options).api.verifyJournal({ body })
  if (options.json === true) printJson(verdict)
  else print(verdict.ok ? `It is so: ${verdict.expected} (${verdict.count}).` : (verdict.difference ?? 'It is not so.'))
  process.exitCode = verdict.ok ? 0 : 1
}

export function addVerify(program: Command): void {
  withMatch(withRemote(program.command('verify')))
    .description('whether messages were exchanged, or were not; waits as long as needed')
    .option('--count <count>', 'exactly so many', count)
    .option('--min <count>', 'at least so many (1 where nothing is said)', count)
    .option('--max <count>', 'at most so many', count)
    .option('--within <time>', 'wait for it so long, such as 5s')
    .option('--file <file>', 'the whole assertion as JSON, as POST /verify takes it (- for standard input)')
    .addHelpText('after', '\nExit code: 0 it is so, 1 it is not, 2 it could not be asked.')
    .action((options: Options) => orTrouble(() => run(options)))
}
