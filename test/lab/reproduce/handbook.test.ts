import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grown, shareAt } from '../../../src/lab/reproduce/decision-tree.ts'
import { markdownOf, pageOf } from '../../../src/lab/reproduce/document.ts'
import { baselineOf, handbook, handbookStart, measuresOf, type Scored } from '../../../src/lab/reproduce/handbook.ts'
import {
  featureNames,
  featuresOf,
  readTransactions,
  splitOf,
  type Transactions,
} from '../../../src/lab/reproduce/handbook-data.ts'
import { handbookDocument } from '../../../src/lab/reproduce/handbook-report.ts'
import { chanceOf } from '../run/made-up.ts'

type Row = {
  readonly id: number
  readonly at: Date
  readonly customer: number
  readonly terminal: number
  readonly amount: number
  readonly isFraud: number
}

/** Nine weeks of a few cards and terminals: high amounts are fraud, and so is much on a terminal that was taken over. */
function madeUp(): readonly Row[] {
  const chance = chanceOf(5)
  const below = (most: number): number => Math.floor(chance() * most)
  const rows: Omit<Row, 'id'>[] = []
  for (let day = 0; day < 61; day++)
    for (let i = 0; i < 40; i++) {
      // Whole minutes, so that some of the same card come in the same second.
      const at = new Date(Date.UTC(2018, 5, 15 + day, below(24), below(6) * 10))
      const terminal = below(15)
      const isTaken = terminal === Math.floor(day / 9)
      const amount = Math.round((5 + chance() * 120) * (chance() < 0.02 ? 3 : 1) * 100) / 100
      const isFraud = amount > 220 || (isTaken && chance() < 0.6) ? 1 : 0
      rows.push({ at, customer: below(30), terminal, amount, isFraud })
    }
  return rows.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map((row, id) => ({ ...row, id }))
}
const rows = madeUp()
const start = handbookStart

const csvOf = (all: readonly Row[]): string =>
  [
    'TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_TIME_SECONDS,TX_TIME_DAYS,TX_FRAUD,TX_FRAUD_SCENARIO',
    ...all.map(({ id, at, customer, terminal, amount, isFraud }) =>
      [id, at.toISOString().slice(0, 19).replace('T', ' '), customer, terminal, amount, 0, 0, isFraud, 0].join(','),
    ),
  ].join('\n')

let folder = ''
let all: Transactions
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-handbook-'))
  // Two files, the later first.
  const middle = rows.length >> 1
  await writeFile(join(folder, 'a.csv'), csvOf(rows.slice(middle)))
  await writeFile(join(folder, 'b.csv'), csvOf(rows.slice(0, middle)))
  all = await readTransactions([join(folder, 'a.csv'), join(folder, 'b.csv')], { workFolder: folder })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The handbook's text, a transaction at a time over all that was before. */
function plainFeatures(row: Row, place: number): readonly number[] {
  const days = 86_400_000
  const upTo = rows.slice(0, place + 1)
  const inside = (one: Row, width: number): boolean => one.at.getTime() > row.at.getTime() - width * days
  const weekday = row.at.getUTCDay()
  return [
    row.amount,
    weekday === 0 || weekday === 6 ? 1 : 0,
    row.at.getUTCHours() <= 6 ? 1 : 0,
    ...[1, 7, 30].flatMap((width) => {
      const own = upTo.filter((one) => one.customer === row.customer && inside(one, width))
      return [own.length, own.reduce((sum, { amount }) => sum + amount, 0) / own.length]
    }),
    ...[1, 7, 30].flatMap((width) => {
      const there = upTo.filter((one) => one.terminal === row.terminal)
      const long = there.filter((one) => inside(one, width + 7))
      const short = there.filter((one) => inside(one, 7))
      const frauds = (some: readonly Row[]): number => some.reduce((sum, { isFraud }) => sum + isFraud, 0)
      const count = long.length - short.length
      return [count, count === 0 ? 0 : (frauds(long) - frauds(short)) / count]
    }),
  ]
}

test('transactions of several files are put in order of time', () => {
  expect(all.n).toBe(rows.length)
  rows.forEach((row, i) => {
    expect([all.id[i], all.ts[i], all.amount[i], all.isFraud[i]]).toEqual([
      row.id,
      row.at.getTime() / 1_000,
      row.amount,
      row.isFraud,
    ])
  })
})

test('features are those of the handbook, window by window', () => {
  const columns = featuresOf(all)
  expect(featureNames).toHaveLength(15)
  let ties = 0
  for (let i = 0; i < rows.length; i += 17) {
    const row = rows[i] as Row
    if (rows.some((one, j) => j !== i && one.customer === row.customer && one.at.getTime() === row.at.getTime())) ties++
    const plain = plainFeatures(row, i)
    featureNames.forEach((name, feature) => {
      expect(columns[feature]?.[i], `${name} of ${i}`).toBeCloseTo(plain[feature] ?? Number.NaN, 9)
    })
  }
  expect(ties).toBeGreaterThan(0)
})

test('the split leaves out cards whose fraud is known by then', () => {
  const { train, test: tested, removed } = splitOf(all, start)
  const day = (row: Row): number => Math.floor((row.at.getTime() / 1_000 - start) / 86_400)
  const isIn = (from: number, to: number) => (row: Row) => day(row) >= from && day(row) <= to
  expect([...train]).toEqual(rows.flatMap((row, i) => (isIn(0, 6)(row) ? [i] : [])))
  const known = (at: number): Set<number> =>
    new Set(rows.filter((row) => row.isFraud === 1 && isIn(0, at - 8)(row)).map(({ customer }) => customer))
  const wanted = rows.flatMap((row, i) => (isIn(14, 20)(row) && !known(day(row)).has(row.customer) ? [i] : []))
  expect([...tested]).toEqual(wanted)
  expect(removed).toBe(rows.filter(isIn(14, 20)).length - wanted.length)
  expect(removed).toBeGreaterThan(0)
  expect(tested.length).toBeGreaterThan(0)
})

describe('measures', () => {
  const chance = chanceOf(9)
  const n = 600
  const scored: Scored = {
    score: Float64Array.from({ length: n }, () => Math.round(chance() * 40) / 40),
    y: Uint8Array.from({ length: n }, () => (chance() < 0.2 ? 1 : 0)),
    card: Uint32Array.from({ length: n }, () => Math.floor(chance() * 250)),
    day: Int32Array.from({ length: n }, (_, i) => Math.floor(i / 200)),
  }
  const { auc, averagePrecision, cardPrecision } = measuresOf(scored, '1', 100)

  test('AUC and average precision are those of the definitions', () => {
    let won = 0
    let pairs = 0
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        if (scored.y[i] === 1 && scored.y[j] === 0) {
          pairs++
          const [a, b] = [scored.score[i] as number, scored.score[j] as number]
          won += a > b ? 1 : a === b ? 0.5 : 0
        }
    expect(auc.value).toBeCloseTo(won / pairs, 12)
    const frauds = scored.y.reduce((sum, one) => sum + one, 0)
    let recall = 0
    let ap = 0
    for (const cut of [...new Set(scored.score)].sort((a, b) => b - a)) {
      const above = [...scored.score].flatMap((score, i) => (score >= cut ? [scored.y[i] as number] : []))
      const hits = above.reduce((sum, one) => sum + one, 0)
      ap += (hits / frauds - recall) * (hits / above.length)
      recall = hits / frauds
    }
    expect(averagePrecision.value).toBeCloseTo(ap, 12)
  })

  test('of cards a fraud that was found is left out on later days', () => {
    const found: number[] = []
    const precisions = [0, 1, 2].map((day) => {
      const cards = new Map<number, { score: number; y: number }>()
      for (let i = 0; i < n; i++) {
        const card = scored.card[i] as number
        if (scored.day[i] !== day || found.includes(card)) continue
        const known = cards.get(card)
        cards.set(card, {
          score: Math.max(known?.score ?? 0, scored.score[i] as number),
          y: Math.max(known?.y ?? 0, scored.y[i] as number),
        })
      }
      const first = [...cards].sort(([a, one], [b, other]) => other.score - one.score || a - b).slice(0, 100)
      const frauds = first.filter(([, { y }]) => y === 1)
      found.push(...frauds.map(([card]) => card))
      return frauds.length / 100
    })
    expect(cardPrecision.value).toBeCloseTo(precisions.reduce((sum, one) => sum + one, 0) / 3, 12)
  })

  test('have intervals that hold them', () => {
    for (const { value, low, high } of [auc, averagePrecision]) {
      expect(low).toBeLessThan(value)
      expect(high).toBeGreaterThan(value)
    }
  })
})

test('a decision tree takes the split that lowers the impurity most', () => {
  const chance = chanceOf(3)
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: 300 }, () => Math.round(chance() * 30)))
  const y = Uint8Array.from({ length: 300 }, (_, i) => ((columns[1]?.[i] ?? 0) > 20 !== chance() < 0.2 ? 1 : 0))
  const matrix = { n: 300, names: ['a', 'b', 'c'], columns }
  const tree = grown(matrix, y, 2)
  const gini = (some: readonly number[]): number => {
    const p = some.reduce((sum, one) => sum + one, 0) / Math.max(1, some.length)
    return some.length * 2 * p * (1 - p)
  }
  const best = columns
    .flatMap((values, feature) =>
      [...new Set(values)]
        .sort((a, b) => a - b)
        .flatMap((value, at, sorted) => {
          const next = sorted[at + 1]
          if (next === undefined) return []
          const side = (isLeft: boolean) => [...y].filter((_, i) => (values[i] ?? 0) <= value === isLeft)
          return [{ feature, threshold: (value + next) / 2, sum: gini(side(true)) + gini(side(false)) }]
        }),
    )
    .sort((a, b) => a.sum - b.sum)[0]
  expect(tree).toMatchObject({ kind: 'split', feature: best?.feature, threshold: best?.threshold })
  // A leaf says what share of its own was fraud.
  const leaves = new Map<number, number[]>()
  for (let i = 0; i < 300; i++)
    leaves.set(shareAt(tree, matrix, i), [...(leaves.get(shareAt(tree, matrix, i)) ?? []), y[i] as number])
  for (const [share, own] of leaves) expect(share).toBeCloseTo(own.reduce((sum, one) => sum + one, 0) / own.length, 12)
  expect(leaves.size).toBeLessThanOrEqual(4)
})

describe('the baseline', () => {
  const options = { seed: '1', start, draws: 100, workFolder: '' }

  test('ranks fraud by each model, with a logistic regression at its optimum', async () => {
    const result = await handbook([join(folder, 'a.csv'), join(folder, 'b.csv')], { ...options, workFolder: folder })
    expect(result.gradient).toBeLessThan(1e-6)
    expect(result.isHandbookData).toBe(false)
    expect(result.areWindowsCut).toBe(false)
    expect(result.measured.map(({ set, model }) => `${set} ${model}`)).toEqual([
      'test logistic',
      'test treeOfTwo',
      'test boosted',
      'train logistic',
      'train treeOfTwo',
      'train boosted',
    ])
    for (const { set, measures, published, isEqual } of result.measured) {
      if (set === 'train') expect(measures.auc.value).toBeGreaterThan(0.6)
      expect([published, isEqual]).toEqual([null, null])
    }
    expect(result.measured.at(-1)?.measures.auc.value).toBeGreaterThan(0.95)
    expect(baselineOf(all, options)).toEqual(result)
  })

  test('is told in both languages, with published numbers beside them for the data of the handbook only', () => {
    const result = baselineOf(all, options)
    const told = handbookDocument(result)
    for (const text of [markdownOf(told, 'en'), markdownOf(told, 'ja'), pageOf(told, 'en')])
      expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/)
    expect(markdownOf(told, 'en')).toContain('These are other data')
    const measured = result.measured.map((one) => ({
      ...one,
      published: [0.871, 0.606, 0.291] as const,
      isEqual: [true, false, true] as const,
    }))
    const beside = markdownOf(handbookDocument({ ...result, isHandbookData: true, measured }), 'en')
    expect(beside).toContain('0.871 equal')
    expect(beside).toMatch(/\| 0\.606 \|/)
  })

  test('needs both kinds in both weeks, and says which week has not', () => {
    expect(() => baselineOf(all, { ...options, start: start + 28 * 86_400 })).toThrow(
      /the training week from 2018-08-22 on has 0 transactions/,
    )
  })

  test.each([
    [
      'columns.csv',
      'TRANSACTION_ID,TX_DATETIME\n1,2018-04-01 00:00:31\n',
      /columns\.csv:1: there is no column "CUSTOMER_ID"/,
    ],
    [
      'fraud.csv',
      csvOf(rows.slice(0, 2)).replace(/,0,0$/, ',maybe,0'),
      /fraud\.csv:3: TX_FRAUD: "maybe" is not 0 or 1/,
    ],
  ])('says what is wrong with %s, and where', async (name, content, message) => {
    await writeFile(join(folder, name), content)
    await expect(readTransactions([join(folder, name)], { workFolder: folder })).rejects.toThrow(message)
  })

  test('takes no file twice', async () => {
    const path = join(folder, 'a.csv')
    await expect(readTransactions([path, path], { workFolder: folder })).rejects.toThrow('stands there twice')
  })
})
