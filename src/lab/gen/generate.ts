/** A labelled stream from knobs and a seed: the same bytes for the same two, on any machine and any number of workers. */
import { writeStream } from '../stream/store.ts'
import type { EventStream, Part, StreamMeta } from '../stream/table.ts'
import { Blocks } from './block.ts'
import { type GenConfig, version } from './config.ts'
import { day } from './holders.ts'
import { partsOf } from './out.ts'
import { blocksOf, type Scene, sceneOf } from './scene.ts'
import { partsByThreads } from './threads.ts'

export const sliceNames = ['ageBand', 'channel', 'tier', 'language', 'cardAge', 'shopKind'] as const

type Made = {
  readonly generator: 'sekisho'
  readonly version: number
  readonly knobs: GenConfig
}
/** What is known of a stream before it is made. */
type GenPlan = Omit<StreamMeta, 'hash'> & { readonly made: Made }

/** `events` is what is expected: how many there are is known when they have been made. */
function planOf(config: GenConfig, seed: string, scene: Scene = sceneOf(config, seed)): GenPlan {
  return {
    name: config.name,
    seed,
    events: Math.round(scene.expected),
    from: scene.from,
    to: scene.to,
    measuredFrom: scene.from + config.warmUpDays * day,
    slices: [...sliceNames],
    made: { generator: 'sekisho', version, knobs: config },
  }
}

/** Parts as they are made, in this thread. */
export function* partsIn(scene: Scene): Generator<Part> {
  const blocks = new Blocks(scene)
  let first = 0
  for (let block = 0; block < blocks.count; block++) {
    const n = blocks.make(block)
    yield* partsOf(blocks.out, n, first)
    first += n
  }
}

/**
 * A stream that is made as it is read. Its number of events is an estimate and its hash is empty: both are known of one that was
 * written (`writeStream`).
 */
export function generate(config: GenConfig, seed: string): EventStream {
  const scene = sceneOf(config, seed)
  return {
    meta: { ...planOf(config, seed, scene), hash: '' },
    async *parts(from = 0) {
      for (const part of partsIn(scene)) if (part.first + part.n > from) yield part
    },
  }
}

type GenOptions = {
  /** Threads that make blocks beside this one; 0 or 1: none. The same bytes for any number. */
  readonly workers?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Events that were made, of about so many. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}

/** Writes a stream into a folder. Stopped by `signal` nothing is left there. */
export async function generateInto(
  folder: string,
  config: GenConfig,
  seed: string,
  { workers = 0, signal, onProgress }: GenOptions = {},
): Promise<StreamMeta> {
  const scene = sceneOf(config, seed)
  const { events, from: _from, to: _to, ...plan } = planOf(config, seed, scene)
  const writer = await writeStream(folder, plan)
  try {
    let done = 0
    const parts = workers < 2 ? partsIn(scene) : partsByThreads(config, seed, blocksOf(config), workers)
    for await (const part of parts) {
      signal?.throwIfAborted()
      await writer.put(part)
      done += part.n
      onProgress?.(done, events)
    }
    return await writer.end()
  } catch (error) {
    await writer.drop()
    throw error
  }
}
