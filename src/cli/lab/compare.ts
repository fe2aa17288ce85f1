// `sekisho lab compare`: two variants of one experiment, or of two experiments on the same stream.
import { type Command, Option } from 'commander'
import { refusedBy } from './options.ts'

export type CompareOptions = { readonly seed?: string; readonly lang?: 'en' | 'ja'; readonly json?: boolean }

export function addLabCompare(lab: Command): void {
  lab
    .command('compare')
    .description('compare two variants on the same events: paired by card, with intervals and plain words')
    .argument('<a>', 'folder of an experiment and the id of a variant, such as results:rules-jp')
    .argument('<b>', 'the other one')
    .option('--seed <text>', 'seed of the bootstrap (default: that of the first experiment)')
    .addOption(new Option('--lang <language>', 'language of the sentences').choices(['en', 'ja']).default('en'))
    .option('--json', 'print JSON instead of words')
    .action(async (a: string, b: string, options: CompareOptions) => {
      const { compareCommand } = await import('./commands.ts')
      process.exitCode = await refusedBy(() => compareCommand(a, b, options))
    })
}
