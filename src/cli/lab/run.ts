// `sekisho lab run`: an experiment from its file to its report.
import type { Command } from 'commander'
import { refusedBy, workersOf } from './options.ts'

export type RunOptions = {
  readonly out?: string
  readonly workers?: number
  readonly resume?: boolean
  readonly again?: boolean
  readonly quiet?: boolean
}

export function addLabRun(lab: Command): void {
  lab
    .command('run')
    .description('run an experiment: several policies on one stream of events, measured and compared')
    .argument('<experiment>', 'the file that says what is to be run (YAML, docs/lab-experiment.md)')
    .option('--out <folder>', 'where the results are written (default: the name of the file without .yaml, beside it)')
    .option('--workers <count>', 'threads (default: as the file says, or one per core)', workersOf)
    .option('--resume', 'go on with a run that was stopped: what is finished stays')
    .option('--again', 'run into a folder that holds results already, and replace them')
    .option('--quiet', 'no progress, only the result')
    .addHelpText(
      'after',
      '\nCtrl-C once: finish the variants that run, and leave a partial result that says so; twice: stop at once.\nExit code: 0 all of it, 3 a partial result, 1 it could not be run.',
    )
    .action(async (file: string, options: RunOptions) => {
      const { runCommand } = await import('./commands.ts')
      process.exitCode = await refusedBy(() => runCommand(file, options))
    })
}
