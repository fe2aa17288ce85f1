// The module of the operator, in a thread of its own inside of this process: one that never comes back, also one that never lets go of
// its processor, keeps no AReq waiting longer than the deadline. Such a thread is ended and begun again.
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { HookModule, ModuleQuestion } from '../acs/hook/door-ports.ts'

export interface HookModuleOptions {
  /** An ES module; its default export, or `assess`, is a function of the question. */
  readonly file: string
  /** Milliseconds. */
  readonly deadline: number
  /** A thread that does not say for so long that it lives is ended. */
  readonly lostAfterMs?: number
  /** Words of a person's module may say anything: the log gets the first line. */
  readonly onProblem: (problem: string) => void
}

/** In the thread. Plain JavaScript: it runs as it stands here, built or not. */
const threadCode = `
const { parentPort, workerData } = require('node:worker_threads')
const first = (error) => String(error instanceof Error ? error.message : error).split('\\n')[0].slice(0, 200)
import(workerData.url).then((module) => {
  const assess = module.default ?? module.assess
  if (typeof assess !== 'function') throw new Error('it exports no function: export default function (question) { … }')
  parentPort.on('message', async ({ id, question }) => {
    if (id === undefined) return parentPort.postMessage({ isAlive: true })
    try {
      const value = await assess(question)
      parentPort.postMessage({ id, text: value === undefined ? undefined : JSON.stringify(value) })
    } catch (error) {
      parentPort.postMessage({ id, problem: first(error) })
    }
  })
  parentPort.postMessage({ isReady: true })
}).catch((error) => parentPort.postMessage({ isReady: false, problem: first(error) }))
`

/** What a thread says; it holds nothing but text. */
interface Message {
  readonly isReady?: boolean
  readonly isAlive?: boolean
  readonly id?: number
  readonly text?: string
  readonly problem?: string
}

/** The longest answer, in characters. */
const longestAnswer = 65_536

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export interface OpenModule extends HookModule {
  /** Rejects with words for a person when the module cannot be used. */
  ready(): Promise<void>
  close(): Promise<void>
}

export function openHookModule({ file, deadline, lostAfterMs = 2_000, onProblem }: HookModuleOptions): OpenModule {
  let worker: Worker | undefined
  let isClosed = false
  let ids = 0
  /** Whether the thread lives was asked, and it has not said so yet. */
  let probe: NodeJS.Timeout | undefined
  const waiting = new Map<number, Waiting>()
  let isLoaded: Promise<void>

  const failAll = (words: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(words))
    waiting.clear()
  }

  function begin(): Promise<void> {
    const own = new Worker(threadCode, {
      eval: true,
      execArgv: [],
      workerData: { url: pathToFileURL(file).href },
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    own.unref()
    worker = own
    return new Promise((resolve, reject) => {
      own.on('message', (message: Message) => {
        const { id, text, problem, isReady, isAlive } = message
        if (isAlive === true) return clearProbe()
        if (isReady === true) return resolve()
        if (isReady === false) return reject(new Error(problem ?? 'it cannot be loaded'))
        const asked = id === undefined ? undefined : waiting.get(id)
        if (id === undefined || asked === undefined) return undefined
        waiting.delete(id)
        if (problem !== undefined) {
          onProblem(problem)
          return asked.reject(new Error(problem))
        }
        if (text !== undefined && text.length > longestAnswer) return asked.reject(new Error('its answer is too long'))
        return asked.resolve(text === undefined ? undefined : JSON.parse(text))
      })
      own.on('error', (error) => {
        reject(error)
        if (worker === own) again(error.message.split('\n')[0] ?? 'it failed')
      })
      own.on('exit', () => {
        reject(new Error('it ended'))
        if (worker === own) again('it ended its thread')
      })
    })
  }

  const clearProbe = (): void => {
    clearTimeout(probe)
    probe = undefined
  }

  /** One whose function is only slow says that it lives. */
  function isItAlive(own: Worker): void {
    if (probe !== undefined || isClosed) return
    own.postMessage({})
    probe = setTimeout(() => {
      probe = undefined
      if (worker === own) again('it did not let go of its thread, which was begun again')
    }, lostAfterMs).unref()
  }

  function again(words: string): void {
    const before = worker
    worker = undefined
    clearProbe()
    failAll(words)
    if (isClosed) return
    onProblem(words)
    void before?.terminate()
    isLoaded = begin()
    isLoaded.catch((error: unknown) => onProblem(error instanceof Error ? error.message : 'it cannot be loaded'))
  }

  isLoaded = begin()
  isLoaded.catch(() => undefined)

  return {
    deadline,
    ready: () => isLoaded,
    ask(question: ModuleQuestion, signal) {
      if (worker === undefined || isClosed) return Promise.reject(new Error('it does not run'))
      const own = worker
      ids += 1
      const id = ids
      return new Promise((resolve, reject) => {
        // The deadline has passed; whether the thread lives at all is seen a while later.
        signal.addEventListener(
          'abort',
          () => {
            if (!waiting.delete(id)) return
            reject(new Error('too late'))
            if (worker === own) isItAlive(own)
          },
          { once: true },
        )
        waiting.set(id, { resolve, reject })
        own.postMessage({ id, question })
      })
    },
    async close() {
      isClosed = true
      clearProbe()
      failAll('stopping')
      const own = worker
      worker = undefined
      await own?.terminate()
    },
  }
}
