/**
 * `gbdt`: our own form of boosted trees. At most the threshold goes left; a missing value goes where the split says.
 * Per tree and split: feature (index), threshold, left, right (>= 0: a split; -1 is leaf 0, -2 leaf 1, …), missingLeft
 * (0 or 1); per leaf: leaf (log-odds) and cover (how many of the training came there). The root is split 0.
 */
import { z } from 'zod'
import { forest, limits, type Tree } from './forest.ts'
import { checkedBy, type Model, positionsOf, refuse, type scorerAbout } from './scorer.ts'

const index = z.int().min(-limits.nodes).max(limits.nodes)

export const splitColumns = {
  feature: z.array(z.int().min(0).max(limits.features)),
  threshold: z.array(z.number()),
  left: z.array(index),
  right: z.array(index),
  missingLeft: z.array(z.literal([0, 1])),
}

const treeSchema = z.strictObject({
  ...splitColumns,
  leaf: z.array(z.number().min(-limits.leaf).max(limits.leaf)).min(1),
  cover: z.array(z.number().min(0).max(1e15)),
})

const gbdtSchema = z.strictObject({
  format: z.literal('sekisho-gbdt'),
  formatVersion: z.literal(1),
  /** What was trained on what, for people. */
  note: z.string().max(2_000).optional(),
  features: z.array(z.string().min(1).max(200)).max(limits.features),
  /** Log-odds before the first tree. */
  base: z.number().min(-100).max(100),
  trees: z.array(treeSchema).max(limits.trees),
})
export type GbdtFile = Readonly<z.input<typeof gbdtSchema>>

type Columns = {
  readonly feature: readonly number[]
  readonly threshold: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  readonly missingLeft: readonly (0 | 1)[]
}

/** Columns of equal length to splits. `features`: how many the file names. */
export function splitsOf(columns: Columns, features: number, path: string): Tree['splits'] {
  const { feature, threshold, left, right, missingLeft } = columns
  for (const [name, column] of Object.entries({ threshold, left, right, missingLeft }))
    if (column.length !== feature.length)
      refuse(`${path}.${name}`, `${column.length} entries for ${feature.length} splits`)
  return feature.map((of, i) => {
    if (of >= features) refuse(`${path}.feature.${i}`, `the file names ${features} features; there is no feature ${of}`)
    return {
      feature: of,
      threshold: threshold[i] ?? 0,
      left: left[i] ?? 0,
      right: right[i] ?? 0,
      missing: missingLeft[i] === 1 ? ('left' as const) : ('right' as const),
    }
  })
}

export function gbdt(data: unknown, about: z.output<typeof scorerAbout>, engine: readonly string[]): Model {
  const file = checkedBy(gbdtSchema, data)
  const positions = positionsOf(file.features, about, engine, (i) => `features.${i}`)
  const trees = file.trees.map((tree, t) => {
    const path = `trees.${t}`
    if (tree.cover.length !== tree.leaf.length)
      refuse(`${path}.cover`, `${tree.cover.length} entries for ${tree.leaf.length} leaves`)
    return {
      splits: splitsOf(tree, file.features.length, path),
      leaves: Float64Array.from(tree.leaf),
      covers: Float64Array.from(tree.cover),
    }
  })
  return forest({ features: file.features, positions, base: file.base, trees, isSingle: false })
}
