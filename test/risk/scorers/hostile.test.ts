import { readFileSync } from 'node:fs'
import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readScorer } from '../../../src/risk/scorers/read.ts'
import { ModelError, scorerKinds } from '../../../src/risk/scorers/scorer.ts'
import { about, problemsOf } from './support.ts'

const engine = ['a', 'b']
const tree = {
  feature: [0, 1],
  threshold: [1, 2],
  left: [1, -1],
  right: [-2, -3],
  missingLeft: [0, 1],
  leaf: [1, 2, 3],
  cover: [4, 5, 6],
}
const gbdt = (change: object, of: object = tree): string =>
  JSON.stringify({ format: 'sekisho-gbdt', formatVersion: 1, features: engine, base: 0, trees: [{ ...of, ...change }] })

/** A chain: every split leads to the next one. */
const chain = (splits: number): typeof tree => ({
  feature: new Array<number>(splits).fill(0),
  threshold: new Array<number>(splits).fill(1),
  left: Array.from({ length: splits }, (_, i) => (i + 1 < splits ? i + 1 : ~splits)),
  right: Array.from({ length: splits }, (_, i) => ~i),
  missingLeft: new Array<number>(splits).fill(0),
  leaf: new Array<number>(splits + 1).fill(0.5),
  cover: new Array<number>(splits + 1).fill(1),
})

test('the tree that the cases below break is a good one', () => {
  expect(problemsOf(about('gbdt'), gbdt({}), engine)).toBeUndefined()
  expect(problemsOf(about('gbdt'), gbdt({}, chain(512)), engine)).toBeUndefined()
})

describe('trees that are none are refused, with their place', () => {
  const cases: readonly [what: string, change: object, path: string][] = [
    ['a split that leads to itself', { left: [0, -1] }, 'trees.0'],
    ['two splits in a circle', { left: [1, 0], right: [-2, -3] }, 'trees.0'],
    ['a split reached twice', { left: [1, -1], right: [1, -3] }, 'trees.0'],
    ['a leaf reached twice', { right: [-1, -3] }, 'trees.0'],
    ['a split that nothing leads to', { left: [-1, -1], right: [-2, -3] }, 'trees.0'],
    ['a split that is not there', { left: [2, -1] }, 'trees.0'],
    ['a leaf that is not there', { right: [-2, -4] }, 'trees.0'],
    ['children far outside', { right: [-2, -1_000_000_000_000] }, 'trees.0.right.1'],
    ['half a child', { right: [-2, 0.5] }, 'trees.0.right.1'],
    ['columns of unequal length', { threshold: [1] }, 'trees.0.threshold'],
    ['a leaf too many', { leaf: [1, 2, 3, 4], cover: [1, 1, 1, 1] }, 'trees.0'],
    ['no leaf', { leaf: [], cover: [] }, 'trees.0.leaf'],
    ['fewer covers than leaves', { cover: [1, 2] }, 'trees.0.cover'],
    ['a feature that the file does not name', { feature: [0, 2] }, 'trees.0.feature.1'],
    ['a threshold that is a text', { threshold: [1, '2'] }, 'trees.0.threshold.1'],
    ['a leaf above all bounds', { leaf: [1, 2, 1e300] }, 'trees.0.leaf.2'],
    ['a member that nobody knows', { weights: [1] }, 'trees.0'],
  ]
  test.each(cases)('%s', (_what, change, path) => {
    expect(problemsOf(about('gbdt'), gbdt(change), engine)?.[0]?.path).toBe(path)
  })

  test('leaves that add up to more than a score can be', () => {
    const text = JSON.stringify({
      ...JSON.parse(gbdt({})),
      trees: new Array(40).fill({ ...tree, leaf: [60_000, 1, 2] }),
    })
    expect(problemsOf(about('gbdt'), text, engine)?.[0]).toMatchObject({ path: 'trees' })
  })

  test('a tree without end, in no stack of ours', () => {
    expect(problemsOf(about('gbdt'), gbdt({}, chain(100_000)), engine)?.[0]).toEqual({
      path: 'trees.0',
      problem: 'more than 512 splits deep',
    })
    const iforest = JSON.stringify({
      format: 'sekisho-iforest',
      formatVersion: 1,
      features: engine,
      sampleSize: 256,
      trees: [
        (({ leaf: _, cover, ...columns }) => ({ ...columns, size: cover }))(chain(20_000)),
        { feature: [0, 0], threshold: [0, 0], left: [1, 0], right: [-1, -2], missingLeft: [0, 0], size: [1, 1, 1] },
      ],
    })
    const calibrator = { kind: 'platt', on: 'score', slope: 1, intercept: 0 } as const
    expect(problemsOf(about('iforest', { calibrator }), iforest, engine)?.[0]?.problem).toMatch(/reached twice/)
  })
})

describe('texts that are no model', () => {
  test('a text of a megabyte that does not end is looked at once', () => {
    const started = process.cpuUsage().user
    expect(problemsOf(about('gbdt'), `{"a":NaN,"b":"${'\\"'.repeat(500_000)}`, engine)).toHaveLength(1)
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000)
  })
  const nested = (open: string, close: string): string => open.repeat(1_000_000) + close.repeat(1_000_000)
  test('a million brackets', () => {
    expect(problemsOf(about('gbdt'), nested('[', ']'), engine)?.length).toBeGreaterThan(0)
    expect(problemsOf(about('gbdt'), nested('{"a":', '').slice(0, -4), engine)?.[0]?.problem).toBe('not JSON')
  })
  test.each(['', 'null', '[]', '{}', '"', 'NaN', '{"__proto__":1}', '{"format":"sekisho-gbdt"}', '\u0000'])(
    '%j',
    (text) => {
      for (const kind of ['logistic', 'gbdt', 'iforest', 'xgboost', 'lightgbm'] as const)
        expect(problemsOf(about(kind), text, engine)?.length, kind).toBeGreaterThan(0)
    },
  )
  test('a policy that names a kind without a file is told so', () => {
    expect(problemsOf(about('onnx'), '{}', engine)?.[0]?.path).toBe('kind')
    expect(problemsOf(about('freeman'), '{}', engine)?.[0]?.path).toBe('kind')
  })
  test('names that every object has are no features', () => {
    const model = {
      format: 'sekisho-logistic',
      formatVersion: 1,
      intercept: 0,
      terms: [{ feature: 'toString', weight: 1 }],
    }
    expect(problemsOf(about('logistic'), JSON.stringify(model), engine)?.[0]).toMatchObject({ path: 'terms.0.feature' })
  })
})

describe('an XGBoost model that was tampered with', () => {
  const text = readFileSync(
    new URL('../../../spec-fixtures/models/xgboost-dart.json', import.meta.url),
    'utf8',
  ).replaceAll('NaN', 'null')
  const names = JSON.parse(text).learner.feature_names as string[]
  const model = 'learner.gradient_booster.gbtree.model'
  // biome-ignore lint/suspicious/noExplicitAny: a file of others, changed at will
  type Any = any
  const cases: readonly [what: string, change: (learner: Any, tree: Any) => void, path: string][] = [
    ['another objective', (learner) => (learner.objective.name = 'reg:squarederror'), 'learner.objective.name'],
    ['several classes', (learner) => (learner.learner_model_param.num_class = '3'), 'learner.learner_model_param'],
    ['several targets', (learner) => (learner.learner_model_param.num_target = '2'), 'learner.learner_model_param'],
    [
      'no probability to start from',
      (learner) => (learner.learner_model_param.base_score = '1'),
      'learner.learner_model_param.base_score',
    ],
    [
      'a start that is no number',
      (learner) => (learner.learner_model_param.base_score = 'x'),
      'learner.learner_model_param.base_score',
    ],
    ['a linear booster', (learner) => (learner.gradient_booster.name = 'gblinear'), 'learner.gradient_booster.name'],
    [
      'fewer weights than trees',
      (learner) => learner.gradient_booster.weight_drop.pop(),
      'learner.gradient_booster.weight_drop',
    ],
    ['a circle', (_, tree) => (tree.left_children[1] = 0), `${model}.trees.0`],
    ['a node reached twice', (_, tree) => (tree.left_children[0] = tree.right_children[0]), `${model}.trees.0`],
    ['a node that is not there', (_, tree) => (tree.left_children[0] = 999), `${model}.trees.0`],
    ['one child', (_, tree) => (tree.left_children[0] = -1), `${model}.trees.0`],
    ['no nodes', (_, tree) => (tree.left_children = []), `${model}.trees.0.left_children`],
    ['a column cut short', (_, tree) => tree.split_conditions.pop(), `${model}.trees.0.split_conditions`],
    ['a feature beyond the last', (_, tree) => (tree.split_indices[0] = 99), `${model}.trees.0.split_indices.0`],
    [
      'categories beyond the list',
      (_, tree) => (tree.categories_sizes[0] = 9_999),
      `${model}.trees.0.categories_segments.0`,
    ],
    [
      'sets of categories that overlap',
      (_, tree) => {
        tree.categories_segments = tree.categories_segments.map(() => 0)
        tree.categories_sizes = tree.categories_sizes.map(() => tree.categories.length)
      },
      `${model}.trees.0.categories_sizes.1`,
    ],
    [
      'no categories',
      (_, tree) => (tree.categories_nodes = tree.categories_sizes = tree.categories_segments = []),
      `${model}.trees.0.categories_nodes`,
    ],
    [
      'a node with two sets',
      (_, tree) => (tree.categories_nodes[1] = tree.categories_nodes[0]),
      `${model}.trees.0.categories_nodes.1`,
    ],
    ['categories by name', (learner) => (learner.gradient_booster.gbtree.model.cats = { enc: [{}] }), `${model}.cats`],
  ]
  test.each(cases)('%s', (_what, change, path) => {
    const file = JSON.parse(text)
    change(file.learner, file.learner.gradient_booster.gbtree.model.trees[0])
    expect(problemsOf(about('xgboost'), JSON.stringify(file), names)?.[0]?.path).toBe(path)
  })

  /** Any member of the file, replaced by something else. */
  const paths: (string | number)[][] = []
  const collect = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path)
    if (Array.isArray(value)) for (const [i, item] of value.slice(0, 3).entries()) collect(item, [...path, i])
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) collect(item, [...path, key])
  }
  collect(JSON.parse(text), [])
  const junk = fc.constantFrom<unknown>(null, -1, 0.5, 1e308, 4_294_967_296, '', 'x', [], {}, [[]], true, -0)
  prop.prop([fc.constantFrom(...paths), junk], { numRuns: 150 })(
    'is refused or scored, and never crashes',
    (path, value) => {
      const file = JSON.parse(text)
      let at: Any = file
      for (const step of path.slice(0, -1)) at = at[step]
      at[path.at(-1) as string] = value
      try {
        const scorer = readScorer(about('xgboost'), JSON.stringify(file), names)
        expect(Number.isFinite(scorer.logOdds(new Float64Array(names.length).fill(1)))).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(ModelError)
      }
    },
  )
})

prop.prop([fc.constantFrom(...scorerKinds), fc.string({ maxLength: 200 })])(
  'no text crashes a reader',
  (kind, text) => {
    expect(problemsOf(about(kind), text, engine)?.length).toBeGreaterThan(0)
  },
)
