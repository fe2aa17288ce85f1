// `sekisho lab report`: the page that says what an experiment showed, made again from its folder.
import type { Command } from 'commander'
import { Option } from 'commander'
import { refusedBy } from './options.ts'

export type ReportOptions = { readonly out?: string; readonly lang: 'en' | 'ja' }

export function addLabReport(lab: Command): void {
  lab
    .command('report')
    .description('write the report of a finished experiment: one HTML file that opens from disk')
    .argument('<folder>', 'the folder of the experiment')
    .option(
      '--out <file>',
      'where it is written, with how fast it was (default: report.html in the folder, as the run wrote it; in Japanese <folder>.ja.html beside it)',
    )
    .addOption(
      new Option('--lang <language>', 'the language that is shown first; both are in it')
        .choices(['en', 'ja'])
        .default('en'),
    )
    .action(async (folder: string, options: ReportOptions) => {
      const { reportCommand } = await import('../../lab/report/command.ts')
      process.exitCode = await refusedBy(() => reportCommand(folder, options))
    })
}
