// The process that runs an experiment for the console: of low priority, on one thread, and gone with the server that started it.
import { constants, setPriority } from 'node:os'
import { experimentLimits } from '../../acs/experiments.ts'
import { jobOf, readExperiment } from '../experiment/job.ts'
import { LabExperimentError } from '../experiment/problems.ts'
import { runJob } from '../experiment/run.ts'
import { fileName, tooMany } from './check.ts'
import type { FromRunner, ToRunner } from './words.ts'

try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL) // AReqs go before
} catch {
  // some systems do not let a process say so
}

/** Progress is told at most so often. */
const tellEveryMs = 250

const tell = (word: FromRunner): void => {
  process.send?.(word)
}
const stop = new AbortController()

async function run({ text, base, out, resume }: Extract<ToRunner, { do: 'run' }>): Promise<void> {
  const job = await jobOf(readExperiment(fileName, text), base)
  const { experiment, plan } = job
  const variants = plan.variants.length + plan.matches.length
  const { stream } = experiment
  const decisions = 'preset' in stream ? stream.events * variants * (1 + experiment.repeats.length) : 0
  if (decisions > experimentLimits.decisions)
    throw new LabExperimentError(fileName, [{ path: '', message: tooMany(decisions) }])
  tell({ is: 'planned', variants })
  let toldAt = 0
  const { summary } = await runJob(job, {
    base,
    out,
    workers: 1,
    resume,
    signal: stop.signal,
    onProgress(progress) {
      const now = performance.now()
      if (now - toldAt < tellEveryMs && progress.done < progress.of) return
      toldAt = now
      tell({ is: 'progress', progress })
    },
  })
  tell({ is: 'ended', state: summary.manifest.state === 'whole' ? 'done' : 'partial' })
}

/** Errors that a person can do something about carry these names; of others only the first line leaves. */
function wordFor(error: unknown): FromRunner {
  if (error instanceof LabExperimentError)
    return {
      is: 'refused',
      message: error.message,
      problems: error.problems.map(({ path, message, line }) => ({
        path,
        message,
        ...(line !== undefined && { line }),
      })),
    }
  if (error instanceof Error && error.name === 'LabStopped') return { is: 'ended', state: 'stopped' }
  if (error instanceof Error && error.name.startsWith('Lab'))
    return { is: 'failed', message: error.message.split('\n')[0] || error.name }
  // The words of the machine name its folders: they are for the log.
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  return { is: 'failed', message: `it broke down${code}; the log says more` }
}

process.on('message', (word: ToRunner) => {
  if (word.do === 'stop') {
    stop.abort()
    return
  }
  run(word)
    .catch((error: unknown) => {
      const told = wordFor(error)
      if (told.is === 'failed') process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`)
      tell(told)
    })
    .finally(() => process.disconnect())
})
// Whoever asked is gone: nobody waits for the result, and what is finished can be taken up again.
process.on('disconnect', () => process.exit())
