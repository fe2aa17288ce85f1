// `sekisho lab score`: scores of elsewhere, measured.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { refusedBy } from './options.ts'

export type ScoreCommandOptions = {
  readonly score?: readonly string[]
  readonly probabilities?: boolean
  readonly k?: number
  readonly seed: string
  readonly out?: readonly string[]
  readonly lang?: 'en' | 'ja'
  readonly quiet?: boolean
}

const another = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1 expected.')
  return count
}

export function addLabScore(lab: Command): void {
  lab
    .command('score')
    .description('measure scores of elsewhere that `lab import --scores` took in, and compare them')
    .argument('<stream>', 'the folder of the stream')
    .option('--score <name>', 'only this score; several times, the others are held against the first', another)
    .option('--probabilities', 'the scores are probabilities of fraud: their calibration is measured, too')
    .option('--k <count>', 'how many events and cards are looked at a day (default 100)', countOf)
    .option('--seed <text>', 'of the resamples', '1')
    .option(
      '--out <file>',
      'all numbers as JSON; by a name that ends in .html a page with curves; several times for both',
      another,
    )
    .addOption(
      new Option('--lang <language>', 'the language that the page shows first; both are in it')
        .choices(['en', 'ja'])
        .default('en'),
    )
    .option('--quiet', 'no progress, only the result')
    .action(async (stream: string, options: ScoreCommandOptions) => {
      const { scoreCommand } = await import('./score-command.ts')
      process.exitCode = await refusedBy(() => scoreCommand(stream, options))
    })
}
