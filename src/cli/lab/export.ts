// `sekisho lab export`: a stream as files that others read.
import { type Command, Option } from 'commander'
import { refusedBy } from './options.ts'

export type ExportCommandOptions = {
  readonly format: 'parquet' | 'csv' | 'jsonl'
  readonly out: string
  readonly column?: readonly string[]
  readonly quiet?: boolean
}

const another = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

export function addLabExport(lab: Command): void {
  lab
    .command('export')
    .description('write a stream as Parquet, CSV or JSON lines, which `lab import` takes in again')
    .argument('<stream>', 'the folder of a stream')
    .requiredOption('--out <path>', 'the file; of Parquet also a folder, which gets a file for each day (UTC)')
    .addOption(
      new Option('--format <format>', 'what is written').choices(['parquet', 'csv', 'jsonl']).default('parquet'),
    )
    .option('--column <name>', 'only this column; several times', another)
    .option('--quiet', 'no progress, only the result')
    .action(async (stream: string, options: ExportCommandOptions) => {
      const { exportCommand } = await import('./import-command.ts')
      process.exitCode = await refusedBy(() => exportCommand(stream, options))
    })
}
