/**
 * `xgboost`: what `Booster.save_model('….json')` of XGBoost 1.3 to 3.x writes, for boosters gbtree and dart with the
 * objective binary:logistic. UBJSON and the older binary form are not read.
 *
 * Read as that library scores: values are 32-bit numbers; below the condition goes left; a missing value goes where
 * default_left says; of a categorical split the codes of the set go right, every other code, also one that the training never
 * saw, goes left. Sums are rounded to 32 bits after every tree, in the order
 * of the trees; what that takes from the contributions stands in the base. All trees count, also those after `best_iteration`.
 */
import { z } from 'zod'
import { forest, justBelow, limits, type Split, type Tree } from './forest.ts'
import { checkedBy, type Model, positionsOf, refuse, type scorerAbout } from './scorer.ts'

const int = z.int().min(-1).max(limits.nodes)
const flag = z.union([z.literal([0, 1]), z.boolean()])
/** NaN is no JSON, and XGBoost writes it where a number means nothing: it is read as null. */
const single = z.number().nullable()
/** XGBoost writes numbers as texts here, from 3.1 on in brackets. */
const numeral = z
  .string()
  .max(40)
  .regex(/^\[?[-+0-9.Ee]+\]?$/, 'must be a number')
  .transform((text) => Number(text.replace(/^\[|\]$/g, '')))

const treeSchema = z.object({
  left_children: z.array(int).min(1),
  right_children: z.array(int),
  split_indices: z.array(z.number()),
  split_conditions: z.array(single),
  default_left: z.array(flag),
  sum_hessian: z.array(single).optional(),
  split_type: z.array(z.literal([0, 1])).optional(),
  categories: z.array(z.int().min(0).max(16_777_215)).default([]),
  categories_nodes: z.array(int).default([]),
  categories_segments: z.array(z.int().min(0)).default([]),
  categories_sizes: z.array(z.int().min(0)).default([]),
})

const modelSchema = z.object({
  trees: z.array(treeSchema).max(limits.trees),
  cats: z.object({ enc: z.array(z.unknown()) }).optional(),
})

const xgboostSchema = z.object({
  learner: z.object({
    feature_names: z.array(z.string().min(1).max(200)).max(limits.features).default([]),
    learner_model_param: z.object({
      base_score: numeral,
      num_class: numeral.optional(),
      num_feature: numeral,
      num_target: numeral.optional(),
    }),
    objective: z.object({ name: z.literal('binary:logistic', { error: 'must be binary:logistic' }) }),
    gradient_booster: z.discriminatedUnion('name', [
      z.object({ name: z.literal('gbtree'), model: modelSchema }),
      z.object({ name: z.literal('dart'), gbtree: z.object({ model: modelSchema }), weight_drop: z.array(z.number()) }),
    ]),
  }),
})

type TreeFile = z.output<typeof treeSchema>

export function xgboost(data: unknown, about: z.output<typeof scorerAbout>, engine: readonly string[]): Model {
  const { learner } = checkedBy(xgboostSchema, data)
  const { base_score, num_class, num_feature, num_target } = learner.learner_model_param
  const parameters = 'learner.learner_model_param'
  if ((num_class ?? 0) > 1 || (num_target ?? 1) > 1) refuse(parameters, 'more than one class or target')
  if (!(base_score > 0 && base_score < 1)) refuse(`${parameters}.base_score`, 'must be a probability between 0 and 1')
  if (!(Number.isInteger(num_feature) && num_feature >= 0 && num_feature <= limits.features))
    refuse(`${parameters}.num_feature`, `must be 0 to ${limits.features}`)
  // Trained on a matrix without names, the features are f0, f1, …, and the policy says what they are.
  const names =
    learner.feature_names.length > 0 ? learner.feature_names : Array.from({ length: num_feature }, (_, i) => `f${i}`)
  const booster = learner.gradient_booster
  const { trees: files, cats } = booster.name === 'dart' ? booster.gbtree.model : booster.model
  const within = `learner.gradient_booster${booster.name === 'dart' ? '.gbtree' : ''}.model`
  if ((cats?.enc.length ?? 0) > 0)
    refuse(`${within}.cats`, 'categories by name: train with numeric codes, as the engine gives them')
  if (booster.name === 'dart' && booster.weight_drop.length !== files.length)
    refuse('learner.gradient_booster.weight_drop', `${booster.weight_drop.length} weights for ${files.length} trees`)
  const trees = files.map((tree, t) => {
    const weight = booster.name === 'dart' ? (booster.weight_drop[t] ?? 1) : 1
    return treeOf(tree, names.length, weight, `${within}.trees.${t}`)
  })
  const positions = positionsOf(names, about, engine, (i) => `learner.feature_names.${i}`)
  const base = Math.log(base_score / (1 - base_score))
  return forest({ features: names, positions, base, trees, isSingle: true })
}

/** Nodes of one list to splits and leaves, numbered as they are met from the root; pruned nodes are met nowhere. */
function treeOf(tree: TreeFile, features: number, weight: number, path: string): Tree {
  const { left_children, right_children, split_indices, split_conditions, default_left, split_type, sum_hessian } = tree
  const nodes = left_children.length
  const columns = { right_children, split_indices, split_conditions, default_left, split_type, sum_hessian }
  for (const [name, column] of Object.entries(columns))
    if (column !== undefined && column.length !== nodes)
      refuse(`${path}.${name}`, `${column.length} entries for ${nodes} nodes`)
  const categories = categoriesOf(tree, path)

  const number = new Int32Array(nodes).fill(-1)
  const order = [0]
  let splitCount = 0
  let leafCount = 0
  number[0] = 0
  for (const node of order) {
    const left = left_children[node] ?? -1
    const right = right_children[node] ?? -1
    if ((left === -1) !== (right === -1)) refuse(path, `node ${node} has one child`)
    number[node] = left === -1 ? leafCount++ : splitCount++
    if (left === -1) continue
    for (const child of [left, right]) {
      if (child >= nodes) refuse(path, `node ${node} leads to node ${child}, which is not there`)
      if (number[child] !== -1 || child === 0) refuse(path, `node ${child} is reached twice: not a tree`)
      number[child] = 0
      order.push(child)
    }
  }

  const isLeaf = (node: number): boolean => left_children[node] === -1
  const placeOf = (node: number): number => (isLeaf(node) ? ~(number[node] ?? 0) : (number[node] ?? 0))
  const splits: Split[] = []
  const leaves = new Float64Array(leafCount)
  const covers = new Float64Array(leafCount)
  for (const node of order) {
    const condition = split_conditions[node] ?? Number.NaN
    if (isLeaf(node)) {
      if (Number.isNaN(condition)) refuse(`${path}.split_conditions.${node}`, 'the value of a leaf is missing')
      leaves[number[node] ?? 0] = Math.fround(condition) * Math.fround(weight)
      covers[number[node] ?? 0] = Math.max(0, sum_hessian?.[node] ?? 1)
      continue
    }
    const feature = split_indices[node] ?? -1
    if (!(Number.isInteger(feature) && feature >= 0 && feature < features))
      refuse(`${path}.split_indices.${node}`, `there are ${features} features; there is no feature ${feature}`)
    const missing = default_left[node] === 1 || default_left[node] === true ? 'left' : 'right'
    const children = { left: placeOf(left_children[node] ?? 0), right: placeOf(right_children[node] ?? 0) }
    if (split_type?.[node] === 1) {
      const codes = categories.get(node) ?? refuse(`${path}.categories_nodes`, `no categories for node ${node}`)
      splits[number[node] ?? 0] = { feature, ...children, codes, codesGo: 'right', missingGoes: missing }
    } else {
      if (Number.isNaN(condition)) refuse(`${path}.split_conditions.${node}`, 'the condition of a split is missing')
      const threshold = justBelow(Math.fround(condition))
      splits[number[node] ?? 0] = { feature, ...children, threshold, missing }
    }
  }
  return { splits, leaves, covers }
}

function categoriesOf(tree: TreeFile, path: string): Map<number, Set<number>> {
  const { categories, categories_nodes: nodes, categories_segments: segments, categories_sizes: sizes } = tree
  for (const [name, column] of Object.entries({ categories_segments: segments, categories_sizes: sizes }))
    if (column.length !== nodes.length) refuse(`${path}.${name}`, `${column.length} entries for ${nodes.length} nodes`)
  let codes = 0
  const found = new Map<number, Set<number>>()
  for (const [i, node] of nodes.entries()) {
    const from = segments[i] ?? 0
    const to = from + (sizes[i] ?? 0)
    if (to > categories.length)
      refuse(`${path}.categories_segments.${i}`, `leads beyond the ${categories.length} categories`)
    // Each code stands in one set of the file; sets that overlap could be larger than any file.
    codes += sizes[i] ?? 0
    if (codes > categories.length)
      refuse(`${path}.categories_sizes.${i}`, `more codes than the ${categories.length} categories`)
    if (found.has(node)) refuse(`${path}.categories_nodes.${i}`, 'stands here twice')
    found.set(node, new Set(categories.slice(from, to)))
  }
  return found
}
