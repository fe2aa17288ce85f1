/**
 * `lightgbm`: the text that `Booster.save_model` of LightGBM 2.x to 4.x writes, for gbdt and dart boosting with the
 * objective binary, cross_entropy or xentropy. Linear trees, forests (`average_output`) and several classes are refused.
 *
 * Read as that library scores. Numeric: at most the threshold goes left; NaN counts as 0 unless NaN itself is what the split
 * takes for missing; where zero is missing, so is all within 1e-35 of it. Categorical: the whole part of the value; codes of
 * the set go left; other codes, negative ones and NaN go right. The log-odds are the sum times the objective's `sigmoid`.
 */
import type { z } from 'zod'
import { forest, limits, type Missing, type Split, type Tree } from './forest.ts'
import { type Model, positionsOf, refuse, type scorerAbout, shortly } from './scorer.ts'

/** Lines `key=value`, and words alone such as `average_output`. */
type Section = ReadonlyMap<string, string>

export function lightgbm(text: string, about: z.output<typeof scorerAbout>, engine: readonly string[]): Model {
  const [head, ...sections] = sectionsOf(text)
  if (head === undefined || !head.has('tree')) refuse('', 'a text of LightGBM begins with the line "tree"')
  if (head.has('average_output')) refuse('average_output', 'a random forest gives no log-odds')
  const classes = wholeOf(head, 'num_class', '', 1)
  const perRound = wholeOf(head, 'num_tree_per_iteration', '', 1)
  if (classes !== 1 || perRound !== 1) refuse('num_class', 'more than one class')
  const sigmoid = sigmoidOf(head.get('objective') ?? '')
  const names = (head.get('feature_names') ?? '').split(' ').filter((name) => name !== '')
  if (names.length === 0 || names.length > limits.features)
    refuse('feature_names', `must name 1 to ${limits.features} features`)
  if (wholeOf(head, 'max_feature_idx', '', names.length - 1) !== names.length - 1)
    refuse('max_feature_idx', `${names.length} features are named`)
  if (sections.length > limits.trees) refuse('', `more than ${limits.trees} trees`)
  const positions = positionsOf(names, about, engine, (i) => `feature_names.${i}`)
  const trees = sections.map((section, t) => treeOf(section, names.length, sigmoid, `Tree=${t}`))
  return forest({ features: names, positions, base: 0, trees, isSingle: false })
}

/** The head, then one section per tree, up to `end of trees`. */
function sectionsOf(text: string): readonly Section[] {
  const sections: Map<string, string>[] = [new Map()]
  let isWhole = false
  let from = 0
  while (from < text.length && !isWhole) {
    const end = text.indexOf('\n', from)
    const line = text.slice(from, end === -1 ? text.length : end).trim()
    from = end === -1 ? text.length : end + 1
    if (line === '') continue
    if (line === 'end of trees') isWhole = true
    const equals = line.indexOf('=')
    const key = equals === -1 ? line : line.slice(0, equals)
    if (key === 'Tree') sections.push(new Map())
    const section = sections.at(-1)
    const path = sections.length === 1 ? key : `Tree=${sections.length - 2}.${key}`
    if (section?.has(key)) refuse(path.slice(0, 60), 'stands here twice')
    section?.set(key, equals === -1 ? '' : line.slice(equals + 1))
  }
  if (!isWhole) refuse('', 'the text ends before the line "end of trees"')
  return sections
}

function sigmoidOf(objective: string): number {
  const [name, ...options] = objective.split(' ')
  if (name === 'cross_entropy' || name === 'xentropy') return 1
  if (name !== 'binary') return refuse('objective', `${shortly(objective)}: must be binary or cross_entropy`)
  const told = options.find((option) => option.startsWith('sigmoid:'))
  const sigmoid = told === undefined ? 1 : Number(told.slice('sigmoid:'.length))
  if (!(sigmoid > 0 && sigmoid <= 1_000)) refuse('objective', 'sigmoid must be above 0, at most 1000')
  return sigmoid
}

function wholeOf(section: Section, key: string, path: string, otherwise?: number): number {
  const told = section.get(key)
  const at = path === '' ? key : `${path}.${key}`
  if (told === undefined) return otherwise ?? refuse(at, 'is missing')
  if (!/^\d{1,9}$/.test(told)) refuse(at, 'must be a whole number')
  return Number(told)
}

function numbersOf(section: Section, key: string, count: number, path: string, isWhole = false): readonly number[] {
  const told = section.get(key)
  if (told === undefined) return refuse(`${path}.${key}`, 'is missing')
  const words = told.split(' ').filter((word) => word !== '')
  if (words.length !== count) refuse(`${path}.${key}`, `${words.length} entries, not ${count}`)
  return words.map((word, i) => {
    const value = /^[-+0-9.eE]+$/.test(word) ? Number(word) : Number.NaN
    if (!Number.isFinite(value) || (isWhole && !Number.isInteger(value)))
      refuse(`${path}.${key}.${i}`, `${shortly(word)} is no ${isWhole ? 'whole ' : ''}number`)
    return value
  })
}

const missingOf = (type: number): Missing => {
  const isLeft = (type & 2) !== 0
  switch ((type >> 2) & 3) {
    case 0:
      return 'nan0'
    case 1:
      return isLeft ? 'zeroLeft' : 'zeroRight'
    default:
      return isLeft ? 'left' : 'right'
  }
}

function treeOf(section: Section, features: number, sigmoid: number, path: string): Tree {
  const leafCount = wholeOf(section, 'num_leaves', path)
  if (leafCount < 1 || leafCount > limits.nodes) refuse(`${path}.num_leaves`, `must be 1 to ${limits.nodes}`)
  if (wholeOf(section, 'is_linear', path, 0) !== 0) refuse(`${path}.is_linear`, 'linear trees are not read')
  const leaves = Float64Array.from(numbersOf(section, 'leaf_value', leafCount, path), (leaf) => leaf * sigmoid)
  if (leafCount === 1) return { splits: [], leaves, covers: Float64Array.of(1) }
  const covers = Float64Array.from(
    section.has('leaf_count') ? numbersOf(section, 'leaf_count', leafCount, path) : new Float64Array(leafCount).fill(1),
    (count) => Math.max(0, count),
  )
  const count = leafCount - 1
  const split = numbersOf(section, 'split_feature', count, path, true)
  const threshold = numbersOf(section, 'threshold', count, path)
  const decision = numbersOf(section, 'decision_type', count, path, true)
  const left = numbersOf(section, 'left_child', count, path, true)
  const right = numbersOf(section, 'right_child', count, path, true)
  const sets = setsOf(section, path)
  const splits = split.map((feature, i): Split => {
    if (!(feature >= 0 && feature < features))
      refuse(`${path}.split_feature.${i}`, `there are ${features} features; there is no feature ${feature}`)
    const type = decision[i] ?? 0
    if (type < 0 || type > 15 || ((type >> 2) & 3) === 3) refuse(`${path}.decision_type.${i}`, `${type} is not known`)
    const children = { left: left[i] ?? 0, right: right[i] ?? 0 }
    if ((type & 1) === 0) return { feature, ...children, threshold: threshold[i] ?? 0, missing: missingOf(type) }
    const codes =
      sets[threshold[i] ?? -1] ?? refuse(`${path}.threshold.${i}`, `there is no set of categories ${threshold[i]}`)
    return { feature, ...children, codes, codesGo: 'left', missingGoes: 'right' }
  })
  return { splits, leaves, covers }
}

/** Sets of categories as bits: set i is the words from boundary i up to boundary i + 1, 32 codes a word. */
function setsOf(section: Section, path: string): readonly ReadonlySet<number>[] {
  const count = wholeOf(section, 'num_cat', path, 0)
  if (count === 0) return []
  if (count > limits.nodes) refuse(`${path}.num_cat`, `must be at most ${limits.nodes}`)
  const boundaries = numbersOf(section, 'cat_boundaries', count + 1, path, true)
  if (boundaries[0] !== 0) refuse(`${path}.cat_boundaries.0`, 'must be 0')
  const words = numbersOf(section, 'cat_threshold', boundaries.at(-1) ?? 0, path, true)
  return Array.from({ length: count }, (_, i) => {
    const from = boundaries[i] ?? 0
    const to = boundaries[i + 1] ?? 0
    if (!(from >= 0 && from <= to && to <= words.length)) refuse(`${path}.cat_boundaries.${i}`, 'must rise')
    const codes = new Set<number>()
    for (let at = from; at < to; at++) {
      const word = words[at] ?? 0
      if (word < 0 || word > 0xffff_ffff) refuse(`${path}.cat_threshold.${at}`, 'must be 32 bits')
      for (let bit = 0; bit < 32; bit++) if (((word >>> bit) & 1) === 1) codes.add(32 * (at - from) + bit)
    }
    return codes
  })
}
