/** Work on a ground shared out to threads, or done in this one. Who does a piece of it makes no difference to what comes out. */
import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { threadOf } from '../run/thread.ts'
import type { Ground, GroundData } from './ground.ts'
import { MeasureError } from './join.ts'
import { type Done, perform, type Work } from './work.ts'
import type { WorkerSaid } from './worker.ts'

type Wanted = {
  readonly work: Work
  readonly resolve: (done: Done) => void
  readonly reject: (error: Error) => void
}

export class Crew {
  readonly #ground: Ground
  readonly #waiting: Wanted[] = []
  readonly #idle: Worker[] = []
  readonly #all: Worker[] = []
  readonly #busy = new Map<Worker, Wanted>()
  readonly #isHere: boolean
  /** What is done in this thread waits for what was asked before: all at once would be in memory together. */
  #before: Promise<unknown> = Promise.resolve()
  /** Without a thread all is done in this one. */
  constructor(ground: Ground, threads: number) {
    this.#ground = ground
    this.#isHere = threads === 0
    const { parts: _, close: __, ...data } = ground
    for (let thread = 0; thread < threads; thread++) this.#begin(data)
  }
  #begin(data: GroundData): void {
    const worker = threadOf(new URL('./worker', import.meta.url), data)
    this.#all.push(worker)
    this.#idle.push(worker)
    worker.on('message', (said: WorkerSaid) => {
      const wanted = this.#busy.get(worker)
      this.#busy.delete(worker)
      this.#idle.push(worker)
      if ('done' in said) wanted?.resolve(said.done)
      else wanted?.reject(new MeasureError(said.problem.message))
      this.#next()
    })
    const fail = (error: Error): void => {
      this.#drop(worker, error)
    }
    worker.on('error', fail)
    worker.on('exit', () => fail(new MeasureError('a thread ended before it was done')))
  }
  /** What it was doing has failed, and nobody else may be left to do the rest. */
  #drop(worker: Worker, error: Error): void {
    this.#all.splice(0, this.#all.length, ...this.#all.filter((one) => one !== worker))
    this.#idle.splice(0, this.#idle.length, ...this.#idle.filter((one) => one !== worker))
    this.#busy.get(worker)?.reject(error)
    this.#busy.delete(worker)
    if (this.#all.length === 0) for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop() as Worker
      const wanted = this.#waiting.shift() as Wanted
      this.#busy.set(worker, wanted)
      worker.postMessage(wanted.work)
    }
  }
  do(work: Work): Promise<Done> {
    if (this.#isHere) {
      const done = this.#before.then(() => perform(this.#ground, work))
      this.#before = done.catch(() => undefined)
      return done
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject })
      this.#next()
    })
  }
  /** What is still under way is broken off. */
  async end(): Promise<void> {
    await Promise.all(
      this.#all.map(async (worker) => {
        const ended = once(worker, 'exit')
        if (this.#busy.has(worker)) await worker.terminate()
        else worker.postMessage('end')
        await ended
      }),
    )
  }
}
