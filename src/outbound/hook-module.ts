// The module of the operator, in a thread of its own inside of this process: one that never comes back, also one that never lets go of
// its processor, keeps no AReq waiting longer than the deadline. Such a thread is ended and begun again.
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
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

/** What a thread says; it holds nothing but text. The module can post, too, whatever it likes. */
const answerSchema = z.strictObject({ id: z.int(), text: z.string().optional(), problem: z.string().optional() })
const messageSchema = z.union([
  z.strictObject({ isReady: z.boolean(), problem: z.string().optional() }),
  z.strictObject({ isAlive: z.literal(true) }),
  answerSchema,
])
type Answer = z.output<typeof answerSchema>
/** So many that are none of these, and the thread is ended. */
const mostStrange = 100

/** Between threads that end before they have answered anything; doubled each time. */
const firstPauseMs = 100
const longestPauseMs = 10_000

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
  /** Threads that ended since the last answer, and what begins the next one. */
  let ended = 0
  let next: NodeJS.Timeout | undefined
  let hasRun = false
  const waiting = new Map<number, Waiting>()

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
    let strange = 0
    return new Promise((resolve, reject) => {
      own.on('message', (posted: unknown) => {
        if (worker !== own) return
        const { data: message } = messageSchema.safeParse(posted)
        if (message === undefined) {
          strange += 1
          if (strange >= mostStrange) again('it posts messages of its own')
        } else if ('isAlive' in message) clearProbe()
        else if ('id' in message) settle(message)
        else if (message.isReady) {
          hasRun = true
          resolve()
        } else {
          const problem = message.problem ?? 'it cannot be loaded'
          reject(new Error(problem))
          again(problem)
        }
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

  function settle({ id, text, problem }: Answer): void {
    const asked = waiting.get(id)
    if (asked === undefined) return
    waiting.delete(id)
    ended = 0
    if (problem !== undefined) {
      onProblem(problem)
      asked.reject(new Error(problem))
    } else if (text !== undefined && text.length > longestAnswer) asked.reject(new Error('its answer is too long'))
    else
      try {
        asked.resolve(text === undefined ? undefined : JSON.parse(text))
      } catch {
        asked.reject(new Error('its answer is no JSON'))
      }
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
    void before?.terminate()
    // One that has never run is for whoever started it to see.
    if (isClosed || !hasRun) return
    onProblem(words)
    const pause = ended === 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (ended - 1))
    ended += 1
    next = setTimeout(() => {
      if (!isClosed) begin().catch(() => undefined)
    }, pause).unref()
  }

  const isLoaded = begin()
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
      clearTimeout(next)
      failAll('stopping')
      const own = worker
      worker = undefined
      await own?.terminate()
    },
  }
}
