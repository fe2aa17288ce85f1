/** A thread that makes every n-th block of a stream and hands it over in columns, with the texts that are new to it. */
import { parentPort, workerData } from 'node:worker_threads'
import { Blocks } from './block.ts'
import type { GenConfig } from './config.ts'
import { numberNames, textNames } from './out.ts'
import { sceneOf } from './scene.ts'

export type GenTask = {
  readonly config: GenConfig
  readonly seed: string
  /** Blocks first, first + step, … */
  readonly first: number
  readonly step: number
}
/** Columns in the order of `numberNames` and `textNames`. */
export type MadeBlock = {
  readonly n: number
  readonly numbers: readonly Float64Array[]
  readonly ids: readonly Uint32Array[]
  /** Per column: whether its dictionary was begun anew, and the texts that came to it since the last block. */
  readonly renewed: readonly boolean[]
  readonly texts: readonly (readonly string[])[]
}

const { config, seed, first, step } = workerData as GenTask
const blocks = new Blocks(sceneOf(config, seed))
const known = textNames.map((name) => ({ dictionary: blocks.out[name].dictionary, size: 1 }))

function made(block: number): MadeBlock {
  const n = blocks.make(block)
  const { out } = blocks
  const renewed = textNames.map((name, i) => out[name].dictionary !== known[i]?.dictionary)
  const texts = textNames.map((name, i) => {
    const { dictionary } = out[name]
    const told = renewed[i] === true ? 1 : (known[i]?.size ?? 1)
    known[i] = { dictionary, size: dictionary.size }
    return dictionary.values.slice(told)
  })
  const numbers = numberNames.map((name) => out[name].values)
  const ids = textNames.map((name) => out[name].ids)
  return { n, numbers, ids, renewed, texts }
}

let block = first
// One message asks for one block: the reader says how far ahead this may be.
parentPort?.on('message', () => {
  if (block >= blocks.count) return
  const one = made(block)
  block += step
  parentPort?.postMessage(
    one,
    [...one.numbers, ...one.ids].map(({ buffer }) => buffer as ArrayBuffer),
  )
})
