// `sekisho lab train`: a model from a stream of events, with its calibrator, a policy that runs it and its card.
import type { Command } from 'commander'
import { refusedBy, workersOf } from './options.ts'

type TrainFlags = { readonly out?: string; readonly workers?: number; readonly quiet?: boolean }

export function addLabTrain(lab: Command): void {
  lab
    .command('train')
    .description('train a model on a stream of events: logistic regression, boosted trees or an isolation forest')
    .argument('<training>', 'the file that says what is to be trained (YAML, docs/lab-train.md)')
    .option(
      '--out <folder>',
      'where model, policy and card are written (default: the name of the file without .yaml, beside it)',
    )
    .option('--workers <count>', 'threads that make up events', workersOf)
    .option('--quiet', 'no progress, only the result')
    .action(async (file: string, { out, workers = 1, quiet = false }: TrainFlags) => {
      const [{ trainCommand }, { progressShown }] = await Promise.all([
        import('../../lab/train/run.ts'),
        import('./progress-bar.ts'),
      ])
      const stop = new AbortController()
      const onSignal = (): void => stop.abort()
      process.once('SIGINT', onSignal)
      const shown = await progressShown(!quiet)
      process.exitCode = await refusedBy(async () => {
        try {
          const { code, lines } = await trainCommand(file, {
            out,
            workers,
            signal: stop.signal,
            onProgress: shown.tell,
          })
          shown.end()
          for (const line of lines) process.stdout.write(`${line}\n`)
          return code
        } finally {
          shown.end()
          process.off('SIGINT', onSignal)
        }
      })
    })
}
