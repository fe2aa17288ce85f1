/**
 * Trees of every kind in one form, and the walk through them.
 *
 * A split is numeric (at most the threshold: left) or categorical (a set of codes goes one way). What is not known (NaN)
 * goes where the split says. Before the trees are walked, every treatment of a feature that some split wants gets a *slot*
 * with the number to compare: ±Infinity for what is missing, 0 or 1 for a set of codes. Children stand side by side, so that
 * a step is one comparison without a branch, done in four trees at once; the result is that of the plain walk to the last bit.
 *
 * Contributions follow the path of an event through each tree: a split on feature f contributes to f how much the mean of
 * the leaves below changes with it. They sum to the score exactly. They are no Shapley values: a split near the root is
 * told by what the splits above it left open, and features that say the same share their credit as the trees happened to.
 */
import { toGrain } from './grain.ts'
import { type Model, refuse } from './scorer.ts'

/** How a numeric split sees a value that is missing; NaN always is, zero only to `zero…`. `nan0`: NaN counts as 0. */
export type Missing = 'left' | 'right' | 'zeroLeft' | 'zeroRight' | 'nan0'

export type Split = {
  /** Index of the model's feature. */
  readonly feature: number
  /** >= 0: a split; otherwise ~index of a leaf. */
  readonly left: number
  readonly right: number
} & (
  | { readonly threshold: number; readonly missing: Missing }
  | {
      readonly codes: ReadonlySet<number>
      /** Where the codes of the set go; every other code goes the other way. */
      readonly codesGo: 'left' | 'right'
      readonly missingGoes: 'left' | 'right'
    }
)

/** Splits and leaves; the root is split 0, or leaf 0 where there are no splits. */
export type Tree = {
  readonly splits: readonly Split[]
  readonly leaves: Float64Array
  /** How much of the training came to each leaf: what the means of the contributions are weighted by. */
  readonly covers: Float64Array
}

export type Trees = {
  readonly features: readonly string[]
  /** Where the engine keeps them. */
  readonly positions: Int32Array
  readonly base: number
  readonly trees: readonly Tree[]
  /** XGBoost compares and adds up 32-bit numbers: values are rounded to such, and so is the sum after every tree. */
  readonly isSingle: boolean
}

export const limits = { trees: 10_000, nodes: 1_000_000, depth: 512, features: 4_096, leaf: 65_536 } as const

/** The order of a tree from the root down: every split and leaf once, or the file is refused. */
type Walked = { readonly order: Int32Array; readonly depth: number }

function walked({ splits, leaves }: Tree, path: string): Walked {
  if (leaves.length !== splits.length + 1)
    refuse(path, `${splits.length} splits have ${splits.length + 1} leaves, not ${leaves.length}`)
  const depths = new Int32Array(splits.length)
  const seen = new Uint8Array(splits.length)
  const seenLeaf = new Uint8Array(leaves.length)
  const order = new Int32Array(splits.length)
  let found = splits.length === 0 ? 0 : 1
  let depth = 0
  if (found === 1) seen[0] = 1
  for (let next = 0; next < found; next++) {
    const at = order[next] ?? 0
    const split = splits[at]
    if (split === undefined) break
    const below = (depths[at] ?? 0) + 1
    if (below > limits.depth) refuse(path, `more than ${limits.depth} splits deep`)
    if (below > depth) depth = below
    for (const child of [split.left, split.right]) {
      const isLeaf = child < 0
      const index = isLeaf ? ~child : child
      const marks = isLeaf ? seenLeaf : seen
      if (!(index < marks.length))
        refuse(path, `split ${at} leads to ${isLeaf ? 'leaf' : 'split'} ${index}, which is not there`)
      if (marks[index] === 1) refuse(path, `${isLeaf ? 'leaf' : 'split'} ${index} is reached twice: not a tree`)
      marks[index] = 1
      if (isLeaf) continue
      depths[index] = below
      order[found++] = index
    }
  }
  if (found < splits.length) refuse(path, `${splits.length - found} splits are not reached from the root`)
  return { order, depth }
}

/** Means of the leaves below each split, weighted by their covers; where no cover is known, every leaf counts alike. */
function meansOf({ splits, leaves, covers }: Tree, order: Int32Array): Float64Array {
  const means = new Float64Array(splits.length)
  const weights = new Float64Array(splits.length)
  for (let next = order.length - 1; next >= 0; next--) {
    const at = order[next] ?? 0
    const split = splits[at]
    if (split === undefined) continue
    const meanOf = (child: number): number => (child < 0 ? leaves[~child] : means[child]) ?? 0
    const weightOf = (child: number): number => (child < 0 ? covers[~child] : weights[child]) ?? 0
    const left = weightOf(split.left)
    const right = weightOf(split.right)
    const all = left + right
    const share = all > 0 ? left / all : 0.5
    weights[at] = all
    means[at] = share * meanOf(split.left) + (1 - share) * meanOf(split.right)
  }
  for (let i = 0; i < means.length; i++) means[i] = toGrain(means[i] ?? 0)
  return means
}

/** Which way a value goes at a categorical split; a code is the whole part of the value. */
function isRightOf(split: Extract<Split, { codes: unknown }>, value: number): boolean {
  if (Number.isNaN(value)) return split.missingGoes === 'right'
  return split.codes.has(Math.trunc(value) + 0) === (split.codesGo === 'right')
}

/** What a treatment makes of a value: everything below all thresholds, above them, or a number to compare. */
function treated(value: number, missing: Missing): number {
  switch (missing) {
    case 'left':
      return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
    case 'right':
      return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
    case 'zeroLeft':
      return isZero(value) ? Number.NEGATIVE_INFINITY : value
    case 'zeroRight':
      return isZero(value) ? Number.POSITIVE_INFINITY : value
    case 'nan0':
      return Number.isNaN(value) ? 0 : value
  }
}
/** As LightGBM has it, NaN included. */
const isZero = (value: number): boolean => !(Math.abs(value) > Math.fround(1e-35))

type CategoricalSplit = Extract<Split, { codes: unknown }>
type Slot =
  | { readonly position: number; readonly missing: Missing }
  | { readonly position: number; readonly split: CategoricalSplit }

export function forest({ features, positions, base, trees, isSingle }: Trees): Model {
  const steps = trees.map((tree, i) => walked(tree, `trees.${i}`))
  const depthOf = (tree: number): number => steps[tree]?.depth ?? 0
  const order = trees.map((_, i) => i)
  // Trees of like depth stand together, since four of them take as many steps as the deepest. A sum that is rounded after
  // every tree keeps their order.
  if (!isSingle) order.sort((a, b) => depthOf(a) - depthOf(b) || a - b)
  let nodes = 1 // the last one is for groups that are not full: it leads to itself and is worth nothing
  for (const { splits } of trees) nodes += 2 * splits.length + 1
  if (nodes > limits.nodes) refuse('trees', `more than ${limits.nodes} splits and leaves`)

  const slots: Slot[] = []
  const numericSlots = new Map<string, number>()
  /** The left child of every node, the right one beside it. A leaf leads to itself: nothing is above Infinity. */
  const firsts = Int32Array.from({ length: nodes }, (_, node) => node)
  const slotAt = new Int32Array(nodes)
  const thresholds = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY)
  /** Of a leaf its value, of a split the mean of the leaves below. */
  const values = new Float64Array(nodes)
  const singles = new Float32Array(isSingle ? nodes : 0)
  const featureAt = new Int32Array(nodes).fill(-1)
  const heads = new Int32Array(4 * Math.ceil(trees.length / 4)).fill(nodes - 1)
  let farthest = Math.abs(base)
  let free = 0

  const slotOf = (split: Split): number => {
    const position = positions[split.feature] ?? 0
    if ('codes' in split) return slots.push({ position, split }) - 1
    const key = `${position} ${split.missing}`
    const known = numericSlots.get(key)
    if (known !== undefined) return known
    numericSlots.set(key, slots.length)
    return slots.push({ position, missing: split.missing }) - 1
  }

  for (const [at, t] of order.entries()) {
    const tree = trees[t]
    const step = steps[t]
    if (tree === undefined || step === undefined) continue
    const means = meansOf(tree, step.order)
    const placeOfSplit = new Int32Array(tree.splits.length)
    let largest = 0
    const place = (child: number, node: number): void => {
      if (child >= 0) {
        placeOfSplit[child] = node
        values[node] = means[child] ?? 0
        return
      }
      const leaf = tree.leaves[~child] ?? 0
      values[node] = toGrain(leaf)
      if (isSingle) singles[node] = leaf
      largest = Math.max(largest, Math.abs(leaf))
    }
    heads[at] = free
    place(tree.splits.length === 0 ? ~0 : 0, free++)
    for (const index of step.order) {
      const split = tree.splits[index]
      if (split === undefined) continue
      const node = placeOfSplit[index] ?? 0
      featureAt[node] = split.feature
      slotAt[node] = slotOf(split)
      thresholds[node] = 'codes' in split ? 0.5 : split.threshold
      firsts[node] = free
      place(split.left, free++)
      place(split.right, free++)
    }
    farthest += largest
  }
  if (!(farthest <= limits.leaf)) refuse('trees', `the leaves add up to more than ${limits.leaf}`)

  const groups = heads.length / 4
  const depths = Int32Array.from({ length: groups }, (_, group) =>
    Math.max(...order.slice(4 * group, 4 * group + 4).map(depthOf)),
  )
  // A model without splits still has a slot for its leaves to look at.
  const numbers = new Float64Array(slots.length + 1)
  const start = toGrain(base)

  /** Every slot for one event. */
  function prepare(event: Float64Array): void {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]
      if (slot === undefined) continue
      const told = event[slot.position] ?? Number.NaN
      if ('split' in slot) numbers[i] = isRightOf(slot.split, told) ? 1 : 0
      else numbers[i] = treated(isSingle ? Math.fround(told) : told, slot.missing)
    }
  }

  /** Where four trees end. */
  const ends = new Int32Array(4)
  function walk(group: number): void {
    let a = heads[4 * group] as number
    let b = heads[4 * group + 1] as number
    let c = heads[4 * group + 2] as number
    let d = heads[4 * group + 3] as number
    for (let step = depths[group] as number; step > 0; step--) {
      // A comparison turned into a number, and no `? :`, which would be a branch that is guessed wrong half the time.
      a = (firsts[a] as number) + +((numbers[slotAt[a] as number] as number) > (thresholds[a] as number))
      b = (firsts[b] as number) + +((numbers[slotAt[b] as number] as number) > (thresholds[b] as number))
      c = (firsts[c] as number) + +((numbers[slotAt[c] as number] as number) > (thresholds[c] as number))
      d = (firsts[d] as number) + +((numbers[slotAt[d] as number] as number) > (thresholds[d] as number))
    }
    ends[0] = a
    ends[1] = b
    ends[2] = c
    ends[3] = d
  }

  function exactly(): number {
    let sum = start
    for (let group = 0; group < groups; group++) {
      walk(group)
      for (let i = 0; i < 4; i++) sum += values[ends[i] as number] as number
    }
    return sum
  }

  function singly(): number {
    let sum = Math.fround(base)
    for (let group = 0; group < groups; group++) {
      walk(group)
      for (let i = 0; i < 4; i++) sum = Math.fround(sum + (singles[ends[i] as number] as number))
    }
    return toGrain(sum)
  }

  return {
    features,
    gives: 'logOdds',
    most: farthest,
    score(event) {
      prepare(event)
      return isSingle ? singly() : exactly()
    },
    parts(event, out) {
      prepare(event)
      out.fill(0, 0, features.length)
      let sum = start
      for (const root of heads) {
        let node = root
        let mean = values[node] ?? 0
        sum += mean
        for (let feature = featureAt[node] ?? -1; feature >= 0; feature = featureAt[node] ?? -1) {
          const isRight = (numbers[slotAt[node] ?? 0] ?? 0) > (thresholds[node] ?? 0)
          node = (firsts[node] ?? 0) + (isRight ? 1 : 0)
          const next = values[node] ?? 0
          out[feature] = (out[feature] ?? 0) + (next - mean)
          mean = next
        }
      }
      if (!isSingle) return sum
      // What sums of 32 bits lose on the way stands in the base.
      sum = singly()
      for (let i = 0; i < features.length; i++) sum -= out[i] ?? 0
      return sum
    },
  }
}

/** The largest double below a finite one: `x < t` is `x <= justBelow(t)`. */
const bits = new BigInt64Array(1)
const double = new Float64Array(bits.buffer)
export function justBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE
  double[0] = value
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? -1n : 1n)
  return double[0] ?? 0
}
