// `sekisho lab import`: events of elsewhere become a stream.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { refusedBy } from './options.ts'

export type ImportCommandOptions = {
  readonly out: string
  readonly truth?: string
  readonly scores?: boolean
  readonly format?: 'csv' | 'jsonl' | 'parquet' | 'journal'
  readonly strict?: boolean
  readonly slice?: readonly string[]
  readonly rename?: readonly (readonly [string, string])[]
  readonly ignore?: readonly string[]
  readonly empty?: readonly string[]
  readonly separator?: string
  readonly encoding?: string
  readonly name?: string
  readonly seed?: string
  readonly testData?: boolean
  readonly measuredFrom?: number
  readonly warmUp?: number
  readonly json?: boolean
  readonly quiet?: boolean
}

const another = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

function pair(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const at = text.lastIndexOf('=')
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('theirs=ours expected.')
  return [...before, [text.slice(0, at), text.slice(at + 1)]]
}

function separatorOf(text: string): string {
  const separator = text === 'tab' ? '\t' : text
  if (separator.length !== 1 || separator === '"' || separator === '\n')
    throw new InvalidArgumentError('one character, or the word tab, expected.')
  return separator
}

function momentOf(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000)
  if (!Number.isSafeInteger(seconds)) throw new InvalidArgumentError('seconds since 1970, or a date, expected.')
  return seconds
}

function daysOf(text: string): number {
  const days = Number(text)
  if (text.trim() === '' || !(days >= 0)) throw new InvalidArgumentError('a number of days expected.')
  return days
}

export function addLabImport(lab: Command): void {
  lab
    .command('import')
    .description('take in events of your own: CSV, JSON lines, Parquet, or an export of a journal')
    .argument('<files...>', 'files of events, one table together (docs/lab-import.md says what is in each column)')
    .requiredOption('--out <folder>', 'where the stream is written')
    .option('--truth <file>', 'a second table: id, isFraud, kind, labelTs and slices')
    .option('--scores', 'the files hold scores of elsewhere: id, day, card, y, amount and any scores')
    .addOption(
      new Option('--format <format>', 'what the files are (default: by name and beginning)').choices([
        'csv',
        'jsonl',
        'parquet',
        'journal',
      ]),
    )
    .option('--strict', 'stop at the first row or column that would be left out')
    .option('--rename <theirs=ours>', 'a column with another name; may be given several times', pair)
    .option('--slice <column>', 'a column that reports are cut by; several times', another)
    .option('--ignore <column>', 'a column that is not wanted; several times', another)
    .option('--empty <text>', 'a text that means "not sent", such as NULL; several times', another)
    .option(
      '--separator <character>',
      'of CSV: a character or the word tab (default: , ; or tab by the header)',
      separatorOf,
    )
    .option('--encoding <name>', 'of text, such as shift_jis (default: UTF-8, or by the byte order mark)')
    .option('--name <name>', 'what the stream is called in reports (default: imported)')
    .option('--seed <text>', 'key of the pseudonyms that card numbers in the clear are kept under')
    .option('--test-data', 'card numbers are made up: keep them as they are')
    .option('--measured-from <moment>', 'what lies before only teaches: seconds since 1970 or a date', momentOf)
    .option('--warm-up <days>', 'the same, as days after the first event (default 0)', daysOf)
    .option('--json', 'the result as JSON')
    .option('--quiet', 'no progress, only the result')
    .addHelpText(
      'after',
      '\nRows that cannot be taken stand in left-out.csv in the folder, each with what is wrong with it.',
    )
    .action(async (files: readonly string[], options: ImportCommandOptions) => {
      const { importCommand } = await import('./import-command.ts')
      process.exitCode = await refusedBy(() => importCommand(files, options))
    })
}
