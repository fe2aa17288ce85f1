/** A thread that makes one pass over a stream. It is told to stop, and tells how far it is, by shared memory. */
import { parentPort, workerData } from 'node:worker_threads'
import { openStream } from '../stream/store.ts'
import { type PassOptions, type PassVariant, pass } from './pass.ts'

export type WorkerTask = {
  readonly stream: string
  readonly variants: readonly PassVariant[]
  readonly options: PassOptions
  /** [0]: 1 to stop. [1 + number of the thread]: events folded. */
  readonly shared: SharedArrayBuffer
  readonly thread: number
  /** Of all threads together. */
  readonly stopAfter: number
}

export type WorkerSaid =
  | { readonly runs: Awaited<ReturnType<typeof pass>> }
  | { readonly problem: { readonly name: string; readonly message: string } }

const { stream, variants, options, shared, thread, stopAfter } = workerData as WorkerTask
const numbers = new Float64Array(shared)
const folded = (): number => numbers.subarray(1).reduce((sum, n) => sum + n, 0)

let said: WorkerSaid
try {
  const runs = await pass(await openStream(stream), variants, options, {
    advance: (events) => {
      numbers[1 + thread] = (numbers[1 + thread] as number) + events
    },
    isStopped: () => numbers[0] === 1 || (stopAfter < Infinity && folded() >= stopAfter),
  })
  said = { runs }
} catch (error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  said = { problem: { name, message } }
}
parentPort?.postMessage(said)
