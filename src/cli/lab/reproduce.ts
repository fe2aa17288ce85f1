// `sekisho lab reproduce`: published studies made again, against policies and data of one's own.
import { type Command, InvalidArgumentError } from 'commander'
import { refusedBy } from './options.ts'

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
}
