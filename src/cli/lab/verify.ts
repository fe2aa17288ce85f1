// `sekisho lab verify`: a finished experiment run again, byte against byte.
import type { Command } from 'commander'
import { refusedBy, workersOf } from './options.ts'

export type VerifyOptions = {
  readonly workers?: number
  readonly stream?: string
  readonly keep?: string
  readonly quiet?: boolean
}

export function addLabVerify(lab: Command): void {
  lab
    .command('verify')
    .description('run a finished experiment again from its manifest, and compare every file byte by byte')
    .argument('<folder>', 'the folder of the experiment')
    .option('--workers <count>', 'threads (default: one per core)', workersOf)
    .option('--stream <folder>', 'where the events lie, if they were not generated and lie elsewhere now')
    .option('--keep <folder>', 'keep the second run here')
    .option('--quiet', 'no progress, only the result')
    .addHelpText(
      'after',
      '\nenvironment.json holds what differs between machines, and is not compared.\nExit code: 0 the same bytes, 3 something differs, 1 it could not be run.',
    )
    .action(async (folder: string, options: VerifyOptions) => {
      const { verifyCommand } = await import('./commands.ts')
      process.exitCode = await refusedBy(() => verifyCommand(folder, options))
    })
}
