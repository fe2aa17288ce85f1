// `sekisho lab reproduce`: published studies made again, against policies and data of one's own.
import { type Command, InvalidArgumentError } from 'commander'
import { refusedBy, workersOf } from './options.ts'

export type OutputOptions = {
  readonly seed: string
  readonly json?: boolean
  readonly out?: string
  readonly lang: 'en' | 'ja'
  readonly quiet?: boolean
}
export type ProbeCommandOptions = OutputOptions & {
  readonly policy: string
  readonly repetitions: number
  readonly scatter: number
}

export type TraCommandOptions = OutputOptions & {
  readonly policy?: readonly string[]
  readonly checkSeed: string
  readonly preset: string
  readonly events: number
  readonly withoutWishes?: boolean
  readonly from: number
  readonly to: number
  readonly step: number
  readonly draws: number
  readonly workers?: number
  readonly keep?: string
  readonly again?: boolean
}

export type LoginsCommandOptions = OutputOptions & { readonly rows: number }

export type HandbookCommandOptions = OutputOptions & { readonly trainFrom?: number; readonly draws: number }

const another = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]
const wholeFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const count = Number(text)
    if (!Number.isInteger(count) || count < least || count > most)
      throw new InvalidArgumentError(`a whole number from ${least} to ${most} expected.`)
    return count
  }
const numberFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`a number from ${least} to ${most} expected.`)
    return value
  }
function langOf(text: string): 'en' | 'ja' {
  if (text !== 'en' && text !== 'ja') throw new InvalidArgumentError('en or ja expected.')
  return text
}

/** Seconds since 1970. */
function dayOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('a day such as 2018-07-25 expected.')
  return at / 1_000
}

const withOutput = (command: Command): Command =>
  command
    .option('--seed <text>', 'all chance comes from it: the same seed, the same bytes', '1')
    .option('--json', 'the result as JSON')
    .option('--out <file>', 'also write it to a file: .md, .html or .json')
    .option('--lang <language>', 'en or ja', langOf, 'en')
    .option('--quiet', 'no progress, only the result')

export function addLabReproduce(lab: Command): void {
  const reproduce = lab
    .command('reproduce')
    .description('make published studies again, and see how near they come (docs/lab-reproductions.md)')
  withOutput(
    reproduce
      .command('probe')
      .description('the factorial probe of 2018 against a policy: device data, region, amount and site; odds ratios')
      .option('--policy <name>', 'a policy that comes with Sekisho, or a file', 'probe-2018')
      .option('--repetitions <count>', 'of each of the 16 cells', wholeFrom(2, 10_000), 40)
      .option(
        '--scatter <scale>',
        'how far the thresholds of issuers that differ lie apart, in log-odds; 0 leaves them out',
        numberFrom(0, 10),
        1,
      ),
  ).action(async (options: ProbeCommandOptions) => {
    const { probeCommand } = await import('./reproduce-command.ts')
    process.exitCode = await refusedBy(() => probeCommand(options))
  })
  withOutput(
    reproduce
      .command('tra')
      .description('which policies keep the 90-day fraud rate under 13, 6 and 1 basis points, and what that buys')
      .option('--policy <name>', 'a policy that comes with Sekisho, or a file; several times', another)
      .option('--preset <name>', 'of the population', 'japan')
      .option('--events <count>', 'AReqs of each population', wholeFrom(1_000, 200_000_000), 200_000)
      .option('--check-seed <text>', 'of the population on which what was picked is measured', '2')
      .option('--without-wishes', 'shops ask for nothing, so that friction is the policies’ own')
      .option('--from <log-odds>', 'lowest threshold, from the policy’s own', numberFrom(-100, 100), -3)
      .option('--to <log-odds>', 'highest threshold, from the policy’s own', numberFrom(-100, 100), 3)
      .option('--step <log-odds>', 'between two of them', numberFrom(0.001, 100), 1)
      .option('--draws <count>', 'resamples of cards', wholeFrom(100, 20_000), 500)
      .option('--workers <count>', 'threads', workersOf)
      .option('--keep <folder>', 'keep both experiments, with their reports; lab verify runs them again')
      .option('--again', 'replace what the folder of --keep holds'),
  ).action(async (options: TraCommandOptions) => {
    const { traCommand } = await import('./reproduce-command.ts')
    process.exitCode = await refusedBy(() => traCommand(options))
  })
  withOutput(
    reproduce
      .command('logins')
      .description('the login study of 2022 on its open data set: how often users are asked again (bring the file)')
      .argument('<file>', 'the Login Data Set for Risk-Based Authentication: CSV, also packed with gzip, or Parquet')
      .option('--rows <count>', 'read the first so many rows only', wholeFrom(1, 1_000_000_000), 1_000_000),
  ).action(async (file: string, options: LoginsCommandOptions) => {
    const { loginsCommand } = await import('./reproduce-command.ts')
    process.exitCode = await refusedBy(() => loginsCommand(file, options))
  })
  withOutput(
    reproduce
      .command('handbook')
      .description('the baseline of the Fraud Detection Handbook on its simulated data (bring the files)')
      .argument('<files...>', 'its transactions as CSV, also packed with gzip, or Parquet; several files are one table')
      .option('--train-from <day>', 'first day of the training week (default: 2018-07-25)', dayOf)
      .option('--draws <count>', 'resamples of cards', wholeFrom(100, 20_000), 200),
  ).action(async (files: string[], options: HandbookCommandOptions) => {
    const { handbookCommand } = await import('./reproduce-command.ts')
    process.exitCode = await refusedBy(() => handbookCommand(files, options))
  })
}
