/**
 * `iforest`: an isolation forest (Liu, Ting, Zhou 2008) – how few splits it takes to set an event apart from a sample.
 *
 * The path length of an event is the mean over the trees of depth + c(size of the leaf), with
 * c(n) = 2·(ln(n - 1) + γ) - 2·(n - 1)/n, c(2) = 1, c(1) = 0. The anomaly score of the paper is s = 2^(-length/c(sample));
 * ours is its logarithm to base 2, -length/c(sample), because it is a sum over the splits and so has contributions that
 * add up. It is no log-odds: a calibrator makes it such.
 */
import { z } from 'zod'
import { forest, limits, type Tree } from './forest.ts'
import { splitColumns, splitsOf } from './gbdt.ts'
import { checkedBy, type Model, positionsOf, refuse, type scorerAbout } from './scorer.ts'

const iforestSchema = z.strictObject({
  format: z.literal('sekisho-iforest'),
  formatVersion: z.literal(1),
  note: z.string().max(2_000).optional(),
  features: z.array(z.string().min(1).max(200)).max(limits.features),
  /** Events that each tree was grown on. */
  sampleSize: z.int().min(2).max(1_000_000),
  trees: z
    .array(
      z.strictObject({ ...splitColumns, /** Training events in each leaf. */ size: z.array(z.int().min(1)).min(1) }),
    )
    .min(1)
    .max(limits.trees),
})
export type IforestFile = Readonly<z.input<typeof iforestSchema>>

const gamma = 0.5772156649015329 // Euler and Mascheroni

/** Mean length of an unsuccessful search in a binary tree of n. */
export const searchLength = (n: number): number =>
  n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + gamma) - (2 * (n - 1)) / n

export function iforest(data: unknown, about: z.output<typeof scorerAbout>, engine: readonly string[]): Model {
  const file = checkedBy(iforestSchema, data)
  const positions = positionsOf(file.features, about, engine, (i) => `features.${i}`)
  const scale = -1 / (searchLength(file.sampleSize) * file.trees.length)
  const trees = file.trees.map((tree, t) => {
    const splits = splitsOf(tree, file.features.length, `trees.${t}`)
    const depths = depthsOf(splits, tree.size.length, `trees.${t}`)
    return {
      splits,
      leaves: depths.map((depth, leaf) => scale * (depth + searchLength(tree.size[leaf] ?? 1))),
      covers: Float64Array.from(tree.size),
    }
  })
  return { ...forest({ features: file.features, positions, base: 0, trees, isSingle: false }), gives: 'score' }
}

/** Splits above each leaf. What is no tree is left to `forest` to refuse; here it only must come to an end. */
function depthsOf(splits: Tree['splits'], leaves: number, path: string): Float64Array {
  const depths = new Float64Array(leaves)
  const pending: [split: number, depth: number][] = splits.length === 0 ? [] : [[0, 1]]
  let taken = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (++taken > splits.length) refuse(path, 'a split is reached twice: not a tree')
    const [at, depth] = next
    const split = splits[at]
    for (const child of split === undefined ? [] : [split.left, split.right]) {
      if (child >= 0) pending.push([child, depth + 1])
      else if (~child < leaves) depths[~child] = depth
    }
  }
  return depths
}
