/** Blocks made by several threads, put together in their order: the same parts, with the same ids, as one thread makes. */
import type { Worker } from 'node:worker_threads'
import { threadOf } from '../run/thread.ts'
import { type Column, Dictionary, type Part, partSize } from '../stream/table.ts'
import type { GenConfig } from './config.ts'
import { numberNames, textNames } from './out.ts'
import type { GenTask, MadeBlock } from './worker.ts'

/** So many blocks a thread may be ahead. */
const ahead = 2

/** Of one thread: its texts by column, and which id they have here; 0: not yet asked for. */
class Texts {
  readonly #texts: string[][] = textNames.map(() => [''])
  readonly #ids: Uint32Array[] = textNames.map(() => new Uint32Array(1_024))
  take({ renewed, texts }: MadeBlock): void {
    for (let column = 0; column < textNames.length; column++) {
      if (renewed[column] === true) {
        this.#texts[column] = ['']
        this.forget(column)
      }
      const known = this.#texts[column] as string[]
      for (const text of texts[column] ?? []) known.push(text)
      const ids = this.#ids[column] as Uint32Array
      if (known.length <= ids.length) continue
      const grown = new Uint32Array(Math.max(known.length, 2 * ids.length))
      grown.set(ids)
      this.#ids[column] = grown
    }
  }
  forget(column: number): void {
    this.#ids[column]?.fill(0)
  }
  /** Ids of the thread become ids of the dictionary, in place. */
  translate(column: number, ids: Uint32Array, dictionary: Dictionary): void {
    const here = this.#ids[column] as Uint32Array
    const texts = this.#texts[column] as string[]
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row] as number
      if (id === 0) continue
      let own = here[id] as number
      if (own === 0) {
        own = dictionary.idOf(texts[id] as string)
        here[id] = own
      }
      ids[row] = own
    }
  }
}

/** What a thread has made and nobody has taken yet. */
class Inbox {
  readonly #made: MadeBlock[] = []
  #wake: (() => void) | undefined
  #failed: unknown
  constructor(worker: Worker) {
    const wake = (): void => this.#wake?.()
    worker.on('message', (block: MadeBlock) => {
      this.#made.push(block)
      wake()
    })
    worker.on('error', (error) => {
      this.#failed = error
      wake()
    })
  }
  async next(): Promise<MadeBlock> {
    for (;;) {
      const block = this.#made.shift()
      if (block !== undefined) return block
      if (this.#failed !== undefined) throw this.#failed
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

export async function* partsByThreads(
  config: GenConfig,
  seed: string,
  blocks: number,
  workers: number,
): AsyncGenerator<Part> {
  const many = Math.min(workers, blocks)
  const threads = Array.from({ length: many }, (_, first) => {
    const task: GenTask = { config, seed, first, step: many }
    const worker = threadOf(new URL('./worker', import.meta.url), task)
    for (let i = 0; i < ahead; i++) worker.postMessage('next')
    return { worker, inbox: new Inbox(worker), texts: new Texts() }
  })
  const dictionaries = textNames.map(() => new Dictionary())
  let first = 0
  try {
    for (let block = 0; block < blocks; block++) {
      const thread = threads[block % many]
      if (thread === undefined) return
      const made = await thread.inbox.next()
      thread.worker.postMessage('next')
      thread.texts.take(made)
      for (let column = 0; column < textNames.length; column++) {
        if (dictionaries[column]?.isFull === true) {
          dictionaries[column] = new Dictionary()
          for (const { texts } of threads) texts.forget(column)
        }
        thread.texts.translate(column, made.ids[column] as Uint32Array, dictionaries[column] as Dictionary)
      }
      yield* cut(made, dictionaries, first)
      first += made.n
    }
  } finally {
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }
}

function* cut({ n, numbers, ids }: MadeBlock, dictionaries: readonly Dictionary[], first: number): Generator<Part> {
  for (let from = 0; from < n; from += partSize) {
    const to = Math.min(from + partSize, n)
    const columns = new Map<string, Column>()
    for (const [i, name] of numberNames.entries())
      columns.set(name, { kind: 'number', values: (numbers[i] as Float64Array).subarray(from, to) })
    for (const [i, name] of textNames.entries())
      columns.set(name, {
        kind: 'text',
        dictionary: dictionaries[i] as Dictionary,
        ids: (ids[i] as Uint32Array).subarray(from, to),
      })
    yield { n: to - from, first: first + from, columns }
  }
}
