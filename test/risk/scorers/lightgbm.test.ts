import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import { about, contributionsOf, problemsOf, sumOf } from './support.ts'

const engine = ['amount', 'age', 'kind']

/** Three leaves: kind in {1, 33}, else amount <= 100 with missing values to the right (decision_type 8: NaN is missing). */
const byHand = `tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=2
objective=binary sigmoid:2
feature_names=amount age kind
feature_infos=[0:1000] [0:10] 0:1:33
tree_sizes=400 120

Tree=0
num_leaves=3
num_cat=1
split_feature=2 0
split_gain=9 4
threshold=0 100
decision_type=1 8
left_child=-1 -2
right_child=1 -3
leaf_value=0.5 -0.25 0.125
leaf_weight=1 1 1
leaf_count=10 60 30
internal_value=0 0
internal_weight=0 0
internal_count=100 90
cat_boundaries=0 2
cat_threshold=2 2
is_linear=0
shrinkage=0.1


Tree=1
num_leaves=1
num_cat=0
leaf_value=-1
is_linear=0
shrinkage=1


end of trees

feature_importances:
amount=1
kind=1

parameters:
[boosting: gbdt]
end of parameters

pandas_categorical:[]
`

describe('a text written by hand', () => {
  const scorer = readScorer(about('lightgbm'), byHand, engine)
  const score = (amount: number, kind: number): number => scorer.logOdds(Float64Array.of(amount, 5, kind))

  test('is walked as LightGBM walks, times the sigmoid of the objective', () => {
    expect(score(50, 1)).toBe(2 * (0.5 - 1))
    expect(score(50, 33)).toBe(2 * (0.5 - 1))
    expect(score(50, 33.9)).toBe(2 * (0.5 - 1)) // the whole part counts
    expect(score(100, 2)).toBe(2 * (-0.25 - 1))
    expect(score(100.0001, 2)).toBe(2 * (0.125 - 1))
    expect(score(Number.NaN, 65)).toBe(2 * (0.125 - 1)) // missing goes right; 65 is beyond the set
    expect(score(0, -1)).toBe(2 * (-0.25 - 1)) // no negative code is in a set
    expect(score(0, Number.NaN)).toBe(2 * (-0.25 - 1)) // nor is what is missing
  })

  test('contributions are the ways of the means of the leaves below, by their counts', () => {
    // Times the sigmoid: root (10·0.5 - 60·0.25 + 30·0.125)/100 = -0.0625, below it (-15 + 3.75)/90 = -0.125.
    const { base, out } = contributionsOf(scorer, Float64Array.of(50, 5, 7))
    expect(base).toBe(2 * (-0.0625 - 1))
    expect([...out]).toEqual([2 * (-0.25 + 0.125), 0, 2 * (-0.125 + 0.0625)])
  })
})

type Node =
  | { readonly leaf: number; readonly count: number }
  | {
      readonly feature: number
      readonly missing: 0 | 1 | 2
      readonly defaultLeft: boolean
      readonly cut: number | readonly number[]
      readonly left: Node
      readonly right: Node
    }

const values = [0, -0, 1e-36, -1e-36, 1e-30, 1, 2, 3.5, -2, 31, 32, 40, 63, 64, 1e9, Number.NaN]
const node: fc.Arbitrary<Node> = fc.letrec<{ node: Node; leaf: Node; split: Node }>((tie) => ({
  leaf: fc.record({ leaf: fc.double({ min: -3, max: 3, noNaN: true }), count: fc.integer({ min: 1, max: 500 }) }),
  split: fc.record({
    feature: fc.nat(2),
    missing: fc.constantFrom(0 as const, 1 as const, 2 as const),
    defaultLeft: fc.boolean(),
    cut: fc.oneof(
      fc.constantFrom(0, 1e-35, -1e-36, 1, 2, 3.5, -2, 50),
      fc.uniqueArray(fc.nat(70), { minLength: 1, maxLength: 9 }),
    ),
    left: tie('node'),
    right: tie('node'),
  }),
  node: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('split')),
})).node

/** The decisions of LightGBM as its documentation and sources have them, one value at a time. */
function walk(tree: Node, event: readonly number[]): number {
  let at = tree
  while (!('leaf' in at)) {
    const value = event[at.feature] ?? Number.NaN
    let isLeft: boolean
    if (typeof at.cut !== 'number') {
      isLeft = at.cut.some((code) => code === Math.trunc(value))
    } else {
      const number = Number.isNaN(value) && at.missing !== 2 ? 0 : value
      const isMissing =
        at.missing === 1 ? Math.abs(number) <= Math.fround(1e-35) : at.missing === 2 && Number.isNaN(number)
      isLeft = isMissing ? at.defaultLeft : number <= at.cut
    }
    at = isLeft ? at.left : at.right
  }
  return at.leaf
}

/** The text of trees, with splits and leaves numbered from the root on. */
function textOf(trees: readonly Node[], sigmoid: number): string {
  const sections = trees.map((tree, t) => {
    const rows: string[][] = [[], [], [], [], []]
    const leaves: string[] = []
    const counts: string[] = []
    const sets: number[] = []
    const boundaries = [0]
    const number = (at: Node): number => {
      if ('leaf' in at) {
        counts.push(String(at.count))
        return -leaves.push(String(at.leaf))
      }
      const [features = [], cuts = [], types = [], lefts = [], rights = []] = rows
      const own = features.push(String(at.feature)) - 1
      const isSet = typeof at.cut !== 'number'
      types.push(String((isSet ? 1 : 0) + (at.defaultLeft ? 2 : 0) + 4 * at.missing))
      cuts.push(String(isSet ? boundaries.length - 1 : at.cut))
      if (typeof at.cut !== 'number') {
        const words = new Uint32Array(Math.floor(Math.max(...at.cut) / 32) + 1)
        for (const code of at.cut) words[code >>> 5] = (words[code >>> 5] ?? 0) | (1 << (code & 31))
        sets.push(...words)
        boundaries.push(sets.length)
      }
      lefts[own] = String(number(at.left))
      rights[own] = String(number(at.right))
      return own
    }
    number(tree)
    const names = ['split_feature', 'threshold', 'decision_type', 'left_child', 'right_child']
    return [
      `Tree=${t}`,
      `num_leaves=${leaves.length}`,
      `num_cat=${boundaries.length - 1}`,
      ...names.map((name, i) => `${name}=${rows[i]?.join(' ')}`),
      `leaf_value=${leaves.join(' ')}`,
      `leaf_count=${counts.join(' ')}`,
      ...(sets.length > 0 ? [`cat_boundaries=${boundaries.join(' ')}`, `cat_threshold=${sets.join(' ')}`] : []),
      'is_linear=0',
      'shrinkage=0.1',
    ].join('\n')
  })
  const head = `tree\nversion=v3\nnum_class=1\nmax_feature_idx=2\nobjective=binary sigmoid:${sigmoid}\nfeature_names=${engine.join(' ')}\n`
  return `${head}\n${sections.join('\n\n')}\n\nend of trees\n`
}

prop.prop([
  fc.array(node, { minLength: 1, maxLength: 9 }),
  fc.array(fc.tuple(fc.constantFrom(...values), fc.constantFrom(...values), fc.constantFrom(...values)), {
    minLength: 1,
    maxLength: 12,
  }),
  fc.constantFrom(1, 0.7),
])(
  'any trees give what a plain walk over them gives, missing values and categories included',
  (trees, events, sigmoid) => {
    const scorer = readScorer(about('lightgbm'), textOf(trees, sigmoid), engine)
    for (const event of events) {
      const plain = sigmoid * trees.reduce((sum, tree) => sum + walk(tree, event), 0)
      const numbers = Float64Array.from(event)
      expect(Math.abs(scorer.logOdds(numbers) - plain)).toBeLessThan(1e-8)
      const { base, out } = contributionsOf(scorer, numbers)
      expect(sumOf(base, out)).toBe(scorer.logOdds(numbers))
    }
  },
)

describe('what is no model that gives log-odds is refused, with its place', () => {
  const cases: readonly [what: string, from: string | RegExp, to: string, path: string][] = [
    ['several classes', 'num_class=1', 'num_class=3', 'num_class'],
    ['another objective', 'binary sigmoid:2', 'regression', 'objective'],
    ['a sigmoid of nothing', 'sigmoid:2', 'sigmoid:x', 'objective'],
    ['a random forest', 'label_index=0', 'average_output', 'average_output'],
    ['linear trees', 'is_linear=0', 'is_linear=1', 'Tree=0.is_linear'],
    ['a cut-off text', 'end of trees', '', ''],
    ['another text', /^tree/, 'forest', ''],
    ['too few leaves', 'leaf_value=0.5 -0.25 0.125', 'leaf_value=0.5 -0.25', 'Tree=0.leaf_value'],
    ['no leaves', 'num_leaves=3', 'num_leaves=0', 'Tree=0.num_leaves'],
    ['ever so many leaves', 'num_leaves=3', 'num_leaves=999999999', 'Tree=0.num_leaves'],
    ['a leaf that is no number', '0.125\n', 'nan\n', 'Tree=0.leaf_value.2'],
    ['a leaf beyond all numbers', '0.125\n', '1e999\n', 'Tree=0.leaf_value.2'],
    ['a split on no feature', 'split_feature=2 0', 'split_feature=2 3', 'Tree=0.split_feature.1'],
    ['a circle', 'left_child=-1 -2', 'left_child=-1 0', 'trees.0'],
    ['a leaf reached twice', 'left_child=-1 -2', 'left_child=-1 -1', 'trees.0'],
    ['a child that is not there', 'right_child=1 -3', 'right_child=1 -4', 'trees.0'],
    ['a decision of no type', 'decision_type=1 8', 'decision_type=1 12', 'Tree=0.decision_type.1'],
    ['a set that is not there', 'threshold=0 100', 'threshold=1 100', 'Tree=0.threshold.0'],
    ['sets that fall', 'cat_boundaries=0 2', 'cat_boundaries=2 2', 'Tree=0.cat_boundaries.0'],
    ['fewer words than sets', 'cat_boundaries=0 2', 'cat_boundaries=0 1', 'Tree=0.cat_threshold'],
    ['sets without end', 'cat_boundaries=0 2', 'cat_boundaries=0 99', 'Tree=0.cat_threshold'],
    ['words above 32 bits', 'cat_threshold=2 2', 'cat_threshold=2 4294967296', 'Tree=0.cat_threshold.1'],
    ['a line twice', 'num_cat=1', 'num_cat=1\nnum_cat=1', 'Tree=0.num_cat'],
    ['a feature that the engine does not know', 'feature_names=amount', 'feature_names=amuont', 'feature_names.0'],
    ['fewer names than features', 'max_feature_idx=2', 'max_feature_idx=3', 'max_feature_idx'],
  ]
  test.each(cases)('%s', (_what, from, to, path) => {
    const text = byHand.replace(from, to)
    expect(text).not.toBe(byHand)
    const [problem] = problemsOf(about('lightgbm'), text, engine) ?? []
    expect(problem?.path).toBe(path)
    expect(problem?.problem).toMatch(/\w/)
  })

  test('the name that was probably meant is told', () => {
    const problems = problemsOf(
      about('lightgbm'),
      byHand.replace('feature_names=amount', 'feature_names=amuont'),
      engine,
    )
    expect(problems?.[0]?.problem).toBe('the engine knows no feature "amuont" (did you mean amount?)')
  })
})
