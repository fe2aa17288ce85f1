/** Runs variants over a stream, on worker threads or in this one. Which thread folds a variant makes no difference to it. */
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Policy } from '../../risk/policy.ts'
import { openStream } from '../stream/store.ts'
import type { EventStream } from '../stream/table.ts'
import { foldersOf } from './decision-files.ts'
import { type PassOptions, type PassVariant, pass, policyOf } from './pass.ts'
import { threadOf } from './thread.ts'
import { LabRunError, type RunOptions, type RunVariants, type Variant, type VariantRun } from './types.ts'
import type { WorkerSaid, WorkerTask } from './worker.ts'

/** How often progress is told, and a wish to stop looked for in this thread, in milliseconds. */
const everyMs = 100

export const runVariants: RunVariants = async (stream, variants, options) => {
  const policies = checked(variants)
  const folders = foldersOf(variants.map(({ id }) => id))
  const all = variants.map((variant, i) => ({ ...variant, folder: join(options.out, folders[i] ?? '') }))
  const runs =
    typeof stream === 'string' && options.workers > 0
      ? await inThreads(stream, all, policies, options)
      : await here(typeof stream === 'string' ? await openStream(stream) : stream, all, options)
  const byId = new Map(runs.map((run) => [run.id, run]))
  return all.flatMap(({ id }) => byId.get(id) ?? [])
}

/** Policies of all variants, so that what is wrong with one is told before anything is run. */
function checked(variants: readonly Variant[]): readonly Policy[] {
  if (variants.length === 0) throw new LabRunError('nothing to run: there is no variant')
  const ids = new Set<string>()
  for (const { id } of variants) {
    if (ids.has(id)) throw new LabRunError(`two variants are called ${id}`)
    ids.add(id)
  }
  return variants.map(({ policy }) => policyOf(policy))
}

const passOptionsOf = ({ mode, challenges, consequences, goodAfterDays }: RunOptions): PassOptions => ({
  mode,
  challenges,
  consequences,
  goodAfterDays,
})

async function here(
  stream: EventStream,
  variants: readonly PassVariant[],
  options: RunOptions,
): Promise<readonly VariantRun[]> {
  const { signal, stopAfter = Infinity, onProgress, onVariant } = options
  const total = stream.meta.events * variants.length
  let done = 0
  let last = performance.now()
  const runs = await pass(stream, variants, passOptionsOf(options), {
    advance: (events) => {
      done += events
    },
    isStopped: () => signal?.aborted === true || done >= stopAfter,
    pause: async () => {
      const now = performance.now()
      if (now - last < everyMs / 2) return
      last = now
      onProgress?.({ done, total })
      await turn()
    },
  })
  onProgress?.({ done, total })
  for (const run of runs) onVariant?.(run)
  return runs
}

/** About what a variant costs, in microseconds an event: only the shares of the threads go by it. */
const costOf = ({ checks, scorers, countsChains }: Policy): number =>
  1 +
  0.15 * checks.length +
  scorers.reduce((sum, { scorer }) => sum + (scorer.kind === 'logistic' ? 0.3 : 3), 0) +
  (countsChains === true ? 3 : 0)

/** The dearest first, each to who has least. */
function shared<T>(items: readonly T[], costs: readonly number[], threads: number): readonly (readonly T[])[] {
  const loads = Array.from({ length: Math.min(threads, items.length) }, () => ({ sum: 0, items: [] as T[] }))
  const order = items.map((item, i) => ({ item, cost: costs[i] ?? 1, i }))
  for (const { item, cost } of order.toSorted((a, b) => b.cost - a.cost || a.i - b.i)) {
    const least = loads.reduce((a, b) => (b.sum < a.sum ? b : a))
    least.sum += cost
    least.items.push(item)
  }
  return loads.map((load) => load.items)
}

async function inThreads(
  folder: string,
  variants: readonly PassVariant[],
  policies: readonly Policy[],
  options: RunOptions,
): Promise<readonly VariantRun[]> {
  const { signal, stopAfter = Infinity, onProgress, onVariant, workers } = options
  const { meta } = await openStream(folder)
  const groups = shared(variants, policies.map(costOf), workers)
  const memory = new SharedArrayBuffer(8 * (1 + groups.length))
  const numbers = new Float64Array(memory)
  const stop = (): void => {
    numbers[0] = 1
  }
  const total = meta.events * variants.length
  const tell = (): void => onProgress?.({ done: numbers.subarray(1).reduce((sum, n) => sum + n, 0), total })
  const timer = onProgress === undefined ? undefined : setInterval(tell, everyMs)
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop, { once: true })
  const url = new URL('./worker', import.meta.url)
  try {
    const runs = await Promise.all(
      groups.map(async (group, thread) => {
        const task: WorkerTask = {
          stream: folder,
          variants: group,
          options: passOptionsOf(options),
          shared: memory,
          thread,
          stopAfter,
        }
        const done = await inThread(url, task).catch((error: unknown) => {
          stop()
          throw error
        })
        for (const run of done) onVariant?.(run)
        return done
      }),
    )
    tell()
    return runs.flat()
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', stop)
  }
}

function inThread(url: URL, task: WorkerTask): Promise<readonly VariantRun[]> {
  return new Promise((resolve, reject) => {
    const worker = threadOf(url, task)
    let said: WorkerSaid | undefined
    worker.on('message', (message: WorkerSaid) => {
      said = message
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      if (said === undefined) reject(new LabRunError('a worker thread ended before it was done'))
      else if ('problem' in said) reject(new LabRunError(said.problem.message))
      else resolve(said.runs)
    })
  })
}
