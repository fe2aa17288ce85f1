/** A thread that measures and pairs what it is asked to, one piece of work after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { type GroundData, groundOf } from './ground.ts'
import { type Done, perform, type Work } from './work.ts'

export type WorkerSaid =
  | { readonly done: Done }
  | { readonly problem: { readonly name: string; readonly message: string } }

const ground = groundOf(workerData as GroundData)

parentPort?.on('message', (work: Work | 'end') => {
  if (work === 'end') {
    parentPort?.close()
    void ground.close()
    return
  }
  perform(ground, work).then(
    (done) => tell({ done }),
    (error: unknown) => {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      tell({ problem: { name, message } })
    },
  )
})

const tell = (said: WorkerSaid): void => parentPort?.postMessage(said)
