/**
 * Gradient boosting with histograms, for log loss: every tree follows the gradient of the sum of those before it by Newton's step
 * in each leaf, -G/(H + penalty). Leaf-wise: the leaf whose best split lowers the loss most is split next; depth-wise: level by
 * level. A missing value goes to whichever side lowers the loss more.
 *
 * Monotone constraints: of a split on a feature that may only rise, the left side is never worth more than the right one, and
 * what lies below is held on its side of the middle between the two, so that no deeper split undoes it.
 */
import type { GbdtFile } from '../../risk/scorers/gbdt.ts'
import { Chance, keyOf } from '../gen/chance.ts'
import { type Binned, binned, codeOf } from './bins.ts'
import { bothClasses, type Matrix, type Signs, signsOf } from './matrix.ts'

export type GbdtOptions = {
  readonly trees?: number | undefined
  readonly growth?: 'leafWise' | 'depthWise' | undefined
  readonly leaves?: number | undefined
  readonly depth?: number | undefined
  /** What of a leaf's step is taken. */
  readonly rate?: number | undefined
  /** Penalty on the square of a leaf's value. */
  readonly penalty?: number | undefined
  /** Rows that a leaf must have at least, and the least sum of p(1 - p) over them. */
  readonly leastRows?: number | undefined
  readonly leastCurvature?: number | undefined
  /** A leaf's step, before `rate`, is at most this: where hardly anything is fraud, one more seems to be worth anything. */
  readonly mostStep?: number | undefined
  /** By how much a split must lower the loss. */
  readonly leastGain?: number | undefined
  readonly bins?: number | undefined
  /** Shares of the rows and of the features that each tree sees. */
  readonly rowShare?: number | undefined
  readonly featureShare?: number | undefined
  readonly signs?: Signs | undefined
  readonly seed?: string | undefined
  /** Rows on which the number of trees is chosen: growing ends when so many trees did not lower their log loss. */
  readonly held?: { readonly matrix: Matrix; readonly y: Uint8Array } | undefined
  readonly patience?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly onTree?: ((tree: number, of: number) => void) | undefined
}

/** In columns, as the file has them. */
type TreeFile = GbdtFile['trees'][number]

export type GbdtFit = {
  readonly base: number
  readonly trees: readonly TreeFile[]
  /** Mean log loss after each tree that was grown: of the training, and of the rows held back. */
  readonly losses: readonly { readonly train: number; readonly held: number | undefined }[]
}

const defaults = {
  trees: 200,
  growth: 'leafWise',
  leaves: 31,
  depth: 6,
  rate: 0.1,
  penalty: 1,
  leastRows: 20,
  leastCurvature: 1e-3,
  mostStep: Number.POSITIVE_INFINITY,
  leastGain: 1e-6,
  bins: 63,
  rowShare: 1,
  featureShare: 1,
  patience: 20,
} as const
type Settings = { [K in keyof typeof defaults]: K extends 'growth' ? 'leafWise' | 'depthWise' : number }

/** Places of a bin's sums in a histogram: gradient, curvature, rows. */
const perBin = 3

type Split = {
  readonly feature: number
  /** Codes up to this one go left. */
  readonly code: number
  readonly missingLeft: boolean
  readonly gain: number
  readonly left: number
  readonly right: number
}
type Node = {
  readonly from: number
  readonly to: number
  readonly depth: number
  /** What its value must lie between. */
  readonly low: number
  readonly high: number
  readonly value: number
  readonly histogram: Float64Array
  readonly best: Split | undefined
  /** Where the file says of it: `parent` and the side. */
  readonly parent: number
  readonly isLeft: boolean
}

const clamped = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value)

class Grower {
  readonly #binned: Binned
  readonly #settings: Settings
  readonly #signs: Int8Array
  readonly #gradients: Float64Array
  readonly #curvatures: Float64Array
  /** Rows of the tree, those of a node side by side. */
  #rows = new Uint32Array(0)
  readonly #spare: Uint32Array
  readonly #starts: Int32Array
  readonly #size: number
  readonly #pool: Float64Array[] = []
  #features: readonly number[] = []

  constructor(binned: Binned, settings: Settings, signs: Int8Array, gradients: Float64Array, curvatures: Float64Array) {
    this.#binned = binned
    this.#settings = settings
    this.#signs = signs
    this.#gradients = gradients
    this.#curvatures = curvatures
    this.#spare = new Uint32Array(binned.n)
    this.#starts = new Int32Array(binned.cuts.length + 1)
    for (const [j, cuts] of binned.cuts.entries())
      this.#starts[j + 1] = (this.#starts[j] as number) + perBin * (cuts.length + 2)
    this.#size = this.#starts[binned.cuts.length] as number
  }

  #taken(): Float64Array {
    return this.#pool.pop() ?? new Float64Array(this.#size)
  }

  /** Sums of the rows `from` … `to - 1`, for every feature of the tree. */
  #histogram(from: number, to: number): Float64Array {
    const out = this.#taken().fill(0)
    const { codes, names } = this.#binned
    const d = names.length
    const starts = this.#starts
    const features = Int32Array.from(this.#features)
    const rows = this.#rows
    const gradients = this.#gradients
    const curvatures = this.#curvatures
    for (let i = from; i < to; i++) {
      const row = rows[i] as number
      const gradient = gradients[row] as number
      const curvature = curvatures[row] as number
      const base = row * d
      for (let f = 0; f < features.length; f++) {
        const feature = features[f] as number
        const at = (starts[feature] as number) + perBin * (codes[base + feature] as number)
        out[at] = (out[at] as number) + gradient
        out[at + 1] = (out[at + 1] as number) + curvature
        out[at + 2] = (out[at + 2] as number) + 1
      }
    }
    return out
  }

  /** What is left of a parent without one of its sides; takes the parent's array. */
  #rest(parent: Float64Array, side: Float64Array): Float64Array {
    for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (side[i] as number)
    return parent
  }

  /** Twice what a leaf of these sums lowers the loss by, with a value that lies between the ends. */
  #worth(gradient: number, curvature: number, low: number, high: number): number {
    const { penalty } = this.#settings
    const value = clamped(-gradient / (curvature + penalty), low, high)
    return -(2 * gradient * value + (curvature + penalty) * value * value)
  }

  #bestOf(node: Omit<Node, 'best' | 'value'>): { best: Split | undefined; value: number } {
    const { histogram, low, high, depth } = node
    const { penalty, leastRows, leastCurvature, leastGain } = this.#settings
    const rows = node.to - node.from
    let gradient = 0
    let curvature = 0
    const first = this.#features[0] ?? 0
    for (let at = this.#starts[first] as number; at < (this.#starts[first + 1] as number); at += perBin) {
      gradient += histogram[at] as number
      curvature += histogram[at + 1] as number
    }
    const value = clamped(-gradient / (curvature + penalty), low, high)
    let best: Split | undefined
    if (depth >= this.#settings.depth || rows < 2 * leastRows) return { best, value }
    const whole = this.#worth(gradient, curvature, low, high)
    let most = 2 * leastGain
    for (const feature of this.#features) {
      const start = this.#starts[feature] as number
      const sign = this.#signs[feature] as number
      const missing = histogram[start + 2] as number
      const codes = ((this.#starts[feature + 1] as number) - start) / perBin
      // What is missing on the right; then, where some of it is, on the left.
      for (const missingLeft of missing > 0 ? [false, true] : [false]) {
        let g = missingLeft ? (histogram[start] as number) : 0
        let h = missingLeft ? (histogram[start + 1] as number) : 0
        let n = missingLeft ? missing : 0
        // A split that parts nothing but what is missing from what is there: all that is there goes left.
        const last = missing > 0 && !missingLeft ? codes - 1 : codes - 2
        for (let code = 1; code <= last; code++) {
          const at = start + perBin * code
          g += histogram[at] as number
          h += histogram[at + 1] as number
          n += histogram[at + 2] as number
          if ((histogram[at + 2] as number) === 0) continue
          if (n < leastRows || h < leastCurvature) continue
          if (rows - n < leastRows || curvature - h < leastCurvature) break
          const left = clamped(-g / (h + penalty), low, high)
          const right = clamped(-(gradient - g) / (curvature - h + penalty), low, high)
          if (sign !== 0 && (right - left) * sign < 0) continue
          const gain = this.#worth(g, h, low, high) + this.#worth(gradient - g, curvature - h, low, high) - whole
          if (gain <= most) continue
          most = gain
          // Nobody was missing here: what will be goes with the many.
          best = { feature, code, missingLeft: missing > 0 ? missingLeft : n * 2 >= rows, gain, left, right }
        }
      }
    }
    return { best, value }
  }

  #node(
    from: number,
    to: number,
    depth: number,
    low: number,
    high: number,
    histogram: Float64Array,
    parent: number,
    isLeft: boolean,
  ): Node {
    const bare = { from, to, depth, low, high, histogram, parent, isLeft }
    return { ...bare, ...this.#bestOf(bare) }
  }

  /** Rows of a node that go left first, each side in its old order. Returns where the right side begins. */
  #parted({ from, to }: Node, { feature, code, missingLeft }: Split): number {
    const { codes, names } = this.#binned
    const d = names.length
    const rows = this.#rows
    const spare = this.#spare
    let left = from
    let right = 0
    for (let i = from; i < to; i++) {
      const row = rows[i] as number
      const own = codes[row * d + feature] as number
      if (own === 0 ? missingLeft : own <= code) rows[left++] = row
      else spare[right++] = row
    }
    rows.set(spare.subarray(0, right), left)
    return left
  }

  /** One tree over these rows, its leaves not yet shrunk. */
  grow(rows: Uint32Array<ArrayBuffer>, features: readonly number[]): { file: TreeFile; splitCodes: readonly number[] } {
    this.#rows = rows
    this.#features = features
    const { leaves, growth, mostStep } = this.#settings
    const file: TreeFile = { feature: [], threshold: [], left: [], right: [], missingLeft: [], leaf: [], cover: [] }
    const splitCodes: number[] = []
    const open: Node[] = [this.#node(0, rows.length, 0, -mostStep, mostStep, this.#histogram(0, rows.length), -1, true)]
    const closed: Node[] = []
    while (open.length > 0) {
      const place = growth === 'depthWise' ? 0 : bestPlace(open)
      const [node] = open.splice(place, 1)
      if (node === undefined) break
      const { best } = node
      if (best === undefined || open.length + closed.length + 2 > leaves) {
        this.#pool.push(node.histogram)
        closed.push(node)
        continue
      }
      const index = file.feature.length
      this.#attach(file, node, index)
      file.feature.push(best.feature)
      file.threshold.push(this.#thresholdOf(best))
      file.missingLeft.push(best.missingLeft ? 1 : 0)
      file.left.push(0)
      file.right.push(0)
      splitCodes.push(best.code)
      const middle = this.#parted(node, best)
      const sign = this.#signs[best.feature] as number
      const between = (best.left + best.right) / 2
      // The smaller side is counted, the larger one is what is left.
      const isLeftSmall = middle - node.from <= node.to - middle
      const small = isLeftSmall ? this.#histogram(node.from, middle) : this.#histogram(middle, node.to)
      const large = this.#rest(node.histogram, small)
      const depth = node.depth + 1
      const [lowLeft, highLeft] = [sign < 0 ? between : node.low, sign > 0 ? between : node.high]
      const [lowRight, highRight] = [sign > 0 ? between : node.low, sign < 0 ? between : node.high]
      open.push(
        this.#node(node.from, middle, depth, lowLeft, highLeft, isLeftSmall ? small : large, index, true),
        this.#node(middle, node.to, depth, lowRight, highRight, isLeftSmall ? large : small, index, false),
      )
    }
    for (const node of closed) {
      this.#attach(file, node, ~file.leaf.length)
      file.leaf.push(node.value)
      file.cover.push(node.to - node.from)
    }
    return { file, splitCodes }
  }

  #attach({ left, right }: TreeFile, { parent, isLeft }: Node, child: number): void {
    if (parent < 0) return
    if (isLeft) left[parent] = child
    else right[parent] = child
  }

  /** Everything that is there is at most Number.MAX_VALUE. */
  #thresholdOf({ feature, code }: Split): number {
    return this.#binned.cuts[feature]?.[code - 1] ?? Number.MAX_VALUE
  }
}

/** The node whose split lowers the loss most; of equals the one that was there first. */
function bestPlace(open: readonly Node[]): number {
  let place = 0
  for (let i = 1; i < open.length; i++) if ((open[i]?.best?.gain ?? -1) > (open[place]?.best?.gain ?? -1)) place = i
  return place
}

/** The leaf of every row is added to its score. */
function addTree(
  scores: Float64Array,
  { codes, names, n }: Binned,
  { feature, left, right, missingLeft, leaf }: TreeFile,
  splitCodes: readonly number[],
): void {
  const d = names.length
  const splits = feature.length
  const [of, cut, lefts, rights, missing] = [feature, splitCodes, left, right, missingLeft].map((column) =>
    Int32Array.from(column),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]
  const values = Float64Array.from(leaf)
  for (let row = 0; row < n; row++) {
    let node = splits === 0 ? -1 : 0
    const base = row * d
    while (node >= 0) {
      const code = codes[base + (of[node] as number)] as number
      const goesLeft = code === 0 ? missing[node] === 1 : code <= (cut[node] as number)
      node = (goesLeft ? lefts[node] : rights[node]) as number
    }
    scores[row] = (scores[row] as number) + (values[~node] as number)
  }
}

function meanLoss(scores: Float64Array, y: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < y.length; i++) {
    const margin = y[i] === 1 ? -(scores[i] as number) : (scores[i] as number)
    sum += margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin))
  }
  return sum / y.length
}

/** Six digits say enough, and keep the file small; rounding keeps the order of leaves. */
const shortly = (value: number): number => Number(value.toPrecision(6)) + 0

/** The rows of one tree: all, or those that chance draws. */
function drawn(n: number, share: number, chance: Chance): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(n)
  let taken = 0
  for (let row = 0; row < n; row++) if (share >= 1 || chance.unit() < share) out[taken++] = row
  return taken === n ? out : out.slice(0, taken)
}

function featuresOf(d: number, share: number, chance: Chance): number[] {
  const all = Array.from({ length: d }, (_, i) => i)
  if (share >= 1) return all
  return chance
    .shuffled(all)
    .slice(0, Math.max(1, Math.round(share * d)))
    .sort((a, b) => a - b)
}

/** Throws LabTrainError where there is nothing to learn, AbortError of the signal. */
export function fitGbdt(matrix: Matrix, y: Uint8Array, options: GbdtOptions = {}): GbdtFit {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const settings: Settings = { ...defaults, ...(given as Partial<Settings>) }
  const { held, signal, onTree, seed = 'sekisho' } = options
  const frauds = bothClasses(y)
  const base = shortly(Math.log(frauds / (y.length - frauds)))
  const { n } = matrix
  const own = binned(matrix, settings.bins)
  const scores = new Float64Array(n).fill(base)
  const others = held === undefined ? undefined : alike(held.matrix, own)
  const otherScores = new Float64Array(others?.n ?? 0).fill(base)
  const gradients = new Float64Array(n)
  const curvatures = new Float64Array(n)
  const grower = new Grower(own, settings, signsOf(matrix.names, options.signs), gradients, curvatures)
  const trees: TreeFile[] = []
  const losses: { train: number; held: number | undefined }[] = []
  let best = held === undefined ? 0 : meanLoss(otherScores, held.y)
  let bestTrees = 0
  const chance = new Chance()
  for (let tree = 0; tree < settings.trees; tree++) {
    signal?.throwIfAborted()
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-(scores[i] as number)))
      gradients[i] = p - (y[i] as number)
      curvatures[i] = p * (1 - p)
    }
    const rows = drawn(n, settings.rowShare, chance.at(keyOf(seed, 'rows'), tree))
    const features = featuresOf(matrix.names.length, settings.featureShare, chance.at(keyOf(seed, 'features'), tree))
    const { file, splitCodes } = grower.grow(rows, features)
    for (const [i, value] of file.leaf.entries()) file.leaf[i] = shortly(settings.rate * value)
    trees.push(file)
    addTree(scores, own, file, splitCodes)
    if (others !== undefined) addTree(otherScores, others, file, splitCodes)
    const heldLoss = held === undefined ? undefined : meanLoss(otherScores, held.y)
    losses.push({ train: meanLoss(scores, y), held: heldLoss })
    onTree?.(tree + 1, settings.trees)
    if (heldLoss === undefined) continue
    if (heldLoss < best) {
      best = heldLoss
      bestTrees = tree + 1
    } else if (tree + 1 - bestTrees >= settings.patience) break
  }
  return { base, trees: held === undefined ? trees : trees.slice(0, bestTrees), losses }
}

/** Other rows in the same bins. */
function alike({ n, names, columns }: Matrix, { cuts }: Binned): Binned {
  const d = names.length
  const codes = new Uint8Array(n * d)
  for (let j = 0; j < d; j++) {
    const values = columns[j] as Float64Array
    for (let i = 0, at = j; i < n; i++, at += d) codes[at] = codeOf(cuts[j] as Float64Array, values[i] as number)
  }
  return { n, names, cuts, codes }
}

/** Features that no split asks about are left out. */
export function gbdtFile(matrix: Matrix, { base, trees }: GbdtFit, note?: string): GbdtFile {
  const used = [...new Set(trees.flatMap(({ feature }) => feature))].sort((a, b) => a - b)
  const place = new Map(used.map((feature, i) => [feature, i]))
  return {
    format: 'sekisho-gbdt',
    formatVersion: 1,
    ...(note !== undefined && { note }),
    features: used.map((feature) => matrix.names[feature] ?? ''),
    base,
    trees: trees.map((tree) => ({ ...tree, feature: tree.feature.map((feature) => place.get(feature) ?? 0) })),
  }
}
