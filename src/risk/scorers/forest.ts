/**
 * Trees of every kind in one form, and the walk through them.
 *
 * A split is numeric (at most the threshold: left) or categorical (a set of codes goes one way). What is not known (NaN)
 * goes where the split says. Before the trees are walked, every treatment of a feature that some split wants gets a *slot*
 * with the number to compare: ±Infinity for what is missing, 0 or 1 for a set of codes. Children stand side by side, so that
 * a step is one comparison without a branch, done in eight trees at once; the result is that of the plain walk to the last bit.
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

/** What a treatment makes of NaN: everything below all thresholds, above them, or a number to compare. */
const standIns: Readonly<Record<Missing, number>> = {
  left: Number.NEGATIVE_INFINITY,
  right: Number.POSITIVE_INFINITY,
  zeroLeft: Number.NEGATIVE_INFINITY,
  zeroRight: Number.POSITIVE_INFINITY,
  nan0: 0,
}
/** As LightGBM has it, NaN included. */
const isZero = (value: number): boolean => !(Math.abs(value) > smallest)
const smallest = Math.fround(1e-35)

type CategoricalSplit = Extract<Split, { codes: unknown }>
type Slot =
  | { readonly position: number; readonly missing: Missing }
  | { readonly position: number; readonly split: CategoricalSplit }

/** Plain ones first, then those to which zero is missing, then sets: each kind is filled in a loop of its own. */
const rankOf = (slot: Slot): number =>
  'split' in slot ? 2 : slot.missing === 'zeroLeft' || slot.missing === 'zeroRight' ? 1 : 0

/** The numbers that splits compare, in one array that is written again for every event. */
function slotsOf(slots: readonly Slot[], isSingle: boolean) {
  const order = slots.map((_, i) => i).sort((a, b) => rankAt(a) - rankAt(b) || a - b)
  function rankAt(i: number): number {
    const slot = slots[i]
    return slot === undefined ? 0 : rankOf(slot)
  }
  const places = new Int32Array(slots.length)
  for (const [place, i] of order.entries()) places[i] = place
  const sorted = order.flatMap((i) => slots[i] ?? [])
  const from = Int32Array.from(sorted, ({ position }) => position)
  const standIn = Float64Array.from(sorted, (slot) => ('split' in slot ? 0 : standIns[slot.missing]))
  const sets = sorted.flatMap((slot) => ('split' in slot ? [slot.split] : []))
  const plain = sorted.filter((slot) => rankOf(slot) === 0).length
  const setsFrom = sorted.length - sets.length
  // A model without splits still has a slot for its leaves to look at.
  const numbers = new Float64Array(sorted.length + 1)

  function fill(event: Float64Array): void {
    for (let i = 0; i < plain; i++) {
      const told = event[from[i] as number] as number
      numbers[i] = Number.isNaN(told) ? (standIn[i] as number) : told
    }
    for (let i = plain; i < setsFrom; i++) {
      const told = event[from[i] as number] as number
      numbers[i] = isZero(told) ? (standIn[i] as number) : told
    }
    if (isSingle) for (let i = 0; i < setsFrom; i++) numbers[i] = Math.fround(numbers[i] as number)
    for (let i = 0; i < sets.length; i++) {
      const told = event[from[setsFrom + i] as number] as number
      numbers[setsFrom + i] = isRightOf(sets[i] as CategoricalSplit, told) ? 1 : 0
    }
  }
  return { places, numbers, fill }
}

/** Trees that are walked side by side. */
const abreast = 8

/**
 * From the roots to the leaves, `abreast` trees at a time; gives the sum of what they are worth. A function of its own with the columns as parameters: so they are
 * looked up once and not at every step, which halves what it takes.
 */
function walkAll(
  heads: Int32Array,
  depths: Int32Array,
  firsts: Int32Array,
  slotAt: Int32Array,
  thresholds: Float64Array,
  numbers: Float64Array,
  values: Float64Array,
  ends: Int32Array,
): number {
  let sum = 0
  for (let group = 0; group < depths.length; group++) {
    const at = abreast * group
    let a = heads[at] as number
    let b = heads[at + 1] as number
    let c = heads[at + 2] as number
    let d = heads[at + 3] as number
    let e = heads[at + 4] as number
    let f = heads[at + 5] as number
    let g = heads[at + 6] as number
    let h = heads[at + 7] as number
    for (let step = depths[group] as number; step > 0; step--) {
      // A comparison turned into a number, and no `? :`, which would be a branch that is guessed wrong half the time.
      a = (firsts[a] as number) + +((numbers[slotAt[a] as number] as number) > (thresholds[a] as number))
      b = (firsts[b] as number) + +((numbers[slotAt[b] as number] as number) > (thresholds[b] as number))
      c = (firsts[c] as number) + +((numbers[slotAt[c] as number] as number) > (thresholds[c] as number))
      d = (firsts[d] as number) + +((numbers[slotAt[d] as number] as number) > (thresholds[d] as number))
      e = (firsts[e] as number) + +((numbers[slotAt[e] as number] as number) > (thresholds[e] as number))
      f = (firsts[f] as number) + +((numbers[slotAt[f] as number] as number) > (thresholds[f] as number))
      g = (firsts[g] as number) + +((numbers[slotAt[g] as number] as number) > (thresholds[g] as number))
      h = (firsts[h] as number) + +((numbers[slotAt[h] as number] as number) > (thresholds[h] as number))
    }
    ends[at] = a
    ends[at + 1] = b
    ends[at + 2] = c
    ends[at + 3] = d
    ends[at + 4] = e
    ends[at + 5] = f
    ends[at + 6] = g
    ends[at + 7] = h
    // Whole grains: exact in any order. In pairs, so that no addition waits for the one before.
    const abcd = (values[a] as number) + (values[b] as number) + ((values[c] as number) + (values[d] as number))
    const efgh = (values[e] as number) + (values[f] as number) + ((values[g] as number) + (values[h] as number))
    sum += abcd + efgh
  }
  return sum
}

export function forest({ features, positions, base, trees, isSingle }: Trees): Model {
  const steps = trees.map((tree, i) => walked(tree, `trees.${i}`))
  const depthOf = (tree: number): number => steps[tree]?.depth ?? 0
  const order = trees.map((_, i) => i)
  // Trees of like depth stand together, since those side by side take as many steps as the deepest. A sum that is rounded
  // after every tree keeps their order.
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
  const heads = new Int32Array(abreast * Math.ceil(trees.length / abreast)).fill(nodes - 1)
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

  const groups = heads.length / abreast
  const depths = Int32Array.from({ length: groups }, (_, group) =>
    Math.max(...order.slice(abreast * group, abreast * (group + 1)).map(depthOf)),
  )
  const { places, numbers, fill } = slotsOf(slots, isSingle)
  for (const [node, first] of firsts.entries()) if (first !== node) slotAt[node] = places[slotAt[node] ?? 0] ?? 0
  const start = toGrain(base)
  /** Where each tree ends. */
  const ends = new Int32Array(heads.length)

  const walk = (): number => walkAll(heads, depths, firsts, slotAt, thresholds, numbers, values, ends)

  function singly(): number {
    walk()
    let sum = Math.fround(base)
    for (let i = 0; i < ends.length; i++) sum = Math.fround(sum + (singles[ends[i] as number] as number))
    return toGrain(sum)
  }

  return {
    features,
    gives: 'logOdds',
    most: farthest,
    score(event) {
      fill(event)
      return isSingle ? singly() : start + walk()
    },
    parts(event, out) {
      fill(event)
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
