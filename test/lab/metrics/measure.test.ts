import { describe, expect, test } from 'vitest'
import { denominators } from '../../../src/lab/metrics/estimate.ts'
import { readGround } from '../../../src/lab/metrics/ground.ts'
import { type Measured, measure, measureRates } from '../../../src/lab/metrics/measure.ts'
import { manifestMonths } from '../../../src/lab/metrics/merchants.ts'
import { type Estimate, estimateKeys, type MeasureOptions } from '../../../src/lab/metrics/types.ts'
import { definitions, denominatorWords, whyNotWords } from '../../../src/lab/metrics/words.ts'
import { atRate, type Decision, decisionsOf, fixtureRows, type Row, streamOf } from './support.ts'

const prices = { lossShare: 1, challenge: 10, margin: 0.1, review: 7 }
const options: MeasureOptions = { variant: 'v', mode: 'replay', seed: '1', draws: 200, timeZone: 'UTC', k: 2, prices }
const day = 86_400

async function measured(
  rows: readonly Row[],
  decisions: readonly Decision[],
  more: Partial<MeasureOptions> = {},
  stream: Parameters<typeof streamOf>[1] = {},
): Promise<Measured> {
  const ground = await readGround(streamOf(rows, { perPart: 3, ...stream }))
  const got = await measure(ground, decisionsOf(decisions, rows, 4), { ...options, ...more })
  expect(JSON.stringify(got.metrics)).not.toMatch(/NaN|Infinity/)
  // What JSON cannot hold would come back as null.
  expect(JSON.parse(JSON.stringify(got.metrics))).toEqual(got.metrics)
  return got
}

/** Every status once or more, in order: one card each, amounts 100, 200, … */
const statuses: readonly Decision[] = [
  { status: 'Y', score: -3 },
  { status: 'A', score: -3 },
  { status: 'I', score: -2 },
  { status: 'C', score: 0, challenge: 1 },
  { status: 'C', score: 0, challenge: 2 },
  { status: 'D', score: 1, challenge: 3 },
  { status: 'S', score: 1, challenge: 4 },
  { status: 'N', score: 2 },
  { status: 'R', score: 3 },
  { status: 'U' },
  { status: 'E' },
]
const statusRows: readonly Row[] = statuses.map((_, at) => ({
  ts: at * 60,
  card: `K${at}`,
  // The fraud: frictionless Y, a challenge passed, a challenge failed, and the rejected one.
  y: [0, 3, 4, 8].includes(at) ? 1 : 0,
  amount: 100 * (at + 1),
}))

describe('every rate, by hand', async () => {
  const { metrics } = await measured(statusRows, statuses)
  const { estimates, population } = metrics
  const value = (key: (typeof estimateKeys)[number]): number | null => estimates[key].value
  test('what was measured adds up', () => {
    expect(population).toMatchObject({ events: 11, decided: 9, u: 1, erro: 1, genuine: 5, fraud: 4, fraudCards: 4 })
    expect(population.amount).toBe(4_500)
    expect(population.fraudAmount).toBe(100 + 400 + 500 + 900)
    expect(metrics.statuses).toEqual({ Y: 1, A: 1, I: 1, C: 2, D: 1, S: 1, N: 1, R: 1, U: 1, E: 1 })
    expect(metrics.challengeEnds).toEqual({ passed: 1, failed: 1, abandoned: 1, technical: 1 })
  })
  test.each([
    ['frictionless', 3 / 9],
    ['frictionlessY', 1 / 9],
    ['frictionlessA', 1 / 9],
    ['frictionlessI', 1 / 9],
    ['challenge', 4 / 9],
    ['challengeC', 2 / 9],
    ['challengeD', 1 / 9],
    ['challengeS', 1 / 9],
    ['decline', 2 / 9],
    ['declineN', 1 / 9],
    ['declineR', 1 / 9],
    ['completion', 4 / 9],
    // Genuine: A, I, D abandoned, S technical, N.
    ['genuineFlagged', 3 / 5],
    ['genuineLost', 3 / 5],
    ['genuineLostAmount', (600 + 700 + 800) / (4_500 - 1_900)],
    ['challengePassedGenuine', 0],
    ['challengeAbandonedGenuine', 1 / 2],
    ['fraudCaught', 3 / 4],
    ['fraudCaughtAmount', 1_800 / 1_900],
    ['fraudStopped', 2 / 4],
    ['fraudStoppedAmount', 1_400 / 1_900],
    ['falsePositiveRatio', 1],
    ['fraudBpsBefore', (10_000 * 1_900) / 4_500],
    ['fraudBpsAfter', (10_000 * 500) / (100 + 200 + 300 + 400)],
    ['cost', 500 + 4 * 10 + 2_100 * 0.1 + 2 * 7],
    ['costPerEvent', (500 + 40 + 210 + 14) / 9],
    ['savings', (1_900 - 764) / 1_900],
  ] as const)('%s', (key, wanted) => {
    expect(value(key)).toBeCloseTo(wanted, 12)
  })
  test('the parts of the cost add up, and so do those without intervals', async () => {
    expect(metrics.cost).toMatchObject({ fraudLoss: 500, challenges: 40, reviews: 14, total: 764, passingAll: 1_900 })
    const ground = await readGround(streamOf(statusRows))
    const rates = await measureRates(ground, decisionsOf(statuses, statusRows), options)
    expect(rates.fraudStopped).toEqual({ value: 0.5, n: 4 })
    expect(rates.frictionless.value).toBe(estimates.frictionless.value)
  })
  test('each says its denominator, and all has words in both languages', () => {
    for (const key of estimateKeys) {
      const estimate: Estimate = estimates[key]
      expect(estimate.denominator).toBe(denominators[key])
      if (estimate.interval === null) expect(whyNotWords[estimate.why ?? 'noEvents'].ja).not.toBe('')
      const { title, definition, limit } = definitions[key]
      for (const words of [title, definition, limit, denominatorWords[estimate.denominator]])
        expect(words.en.length * words.ja.length).toBeGreaterThan(0)
    }
  })
})

describe('what does not exist is null with a reason', () => {
  const rows = (y: (at: number) => number, amount?: number): Row[] =>
    Array.from({ length: 8 }, (_, at) => ({
      ts: at,
      card: `K${at % 4}`,
      y: y(at),
      ...(amount !== undefined && { amount }),
    }))
  const all = (decision: Decision): Decision[] => Array.from({ length: 8 }, () => decision)
  test('no fraud', async () => {
    const { metrics } = await measured(
      rows(() => 0, 5),
      all({ status: 'Y', score: 0 }),
    )
    const { estimates } = metrics
    for (const key of [
      'fraudStopped',
      'fraudCaughtAmount',
      'auc',
      'averagePrecision',
      'ks',
      'cardPrecisionAtK',
    ] as const)
      expect(estimates[key]).toMatchObject({ value: null, interval: null, why: 'noFraud' })
    expect(estimates.savings.why).toBe('noFraud')
    expect(estimates.falsePositiveRatio.why).toBe('noFraud')
    expect(estimates.genuineFlagged).toMatchObject({ value: 0, n: 8, cards: 4 })
    // Nothing flagged on four cards: up to 1 − 0.025^(1/4).
    expect(estimates.genuineFlagged.interval).toMatchObject({ low: 0, method: 'exactCards' })
    expect(estimates.genuineFlagged.interval?.high).toBeCloseTo(1 - 0.025 ** 0.25, 12)
  })
  test('only fraud', async () => {
    const { metrics } = await measured(
      rows(() => 1, 5),
      all({ status: 'N', score: 0 }),
    )
    expect(metrics.estimates.auc.why).toBe('noGenuine')
    expect(metrics.estimates.genuineLost.why).toBe('noGenuine')
    expect(metrics.estimates.fraudBpsAfter.why).toBe('nothingApproved')
    expect(metrics.estimates.fraudStopped).toMatchObject({ value: 1, interval: { high: 1, method: 'exactCards' } })
    // By amount nothing is known of the spread.
    expect(metrics.estimates.fraudStoppedAmount).toMatchObject({ value: 1, interval: null, why: 'noSpread' })
  })
  test('no truth, no amounts, no scores, no prices', async () => {
    const untold = await measured(
      rows(() => Number.NaN),
      all({ status: 'Y' }),
      { prices: undefined as never },
    )
    const { estimates, tra, manifestMerchants, population } = untold.metrics
    expect(estimates.frictionless.value).toBe(1)
    for (const key of ['fraudStopped', 'auc', 'fraudBpsBefore', 'fraudBpsAfter', 'genuineLost', 'brier'] as const)
      expect(estimates[key].why).toBe('noTruth')
    expect(population).toMatchObject({
      withoutTruth: 8,
      withoutAmount: 8,
      withoutScore: 8,
      genuine: 0,
      fraudRate: null,
    })
    expect(tra.last.why).toBe('noTruth')
    expect(manifestMerchants.why).toBe('noTruth')
    const plain = await measured(
      rows((at) => at % 2),
      all({ status: 'Y' }),
      { prices: undefined as never },
    )
    expect(plain.metrics.estimates.cost.why).toBe('noPrices')
    expect(plain.metrics.estimates.auc.why).toBe('noScores')
    expect(plain.metrics.estimates.fraudCaughtAmount.why).toBe('noAmounts')
  })
  test('nothing decided at all', async () => {
    const { metrics } = await measured(
      rows((at) => at % 2, 5),
      all({ status: 'U' }),
    )
    for (const key of estimateKeys) expect(metrics.estimates[key]).toMatchObject({ value: null, why: 'noEvents' })
    expect(metrics.population).toMatchObject({ u: 8, decided: 0, cards: 0 })
  })
  test('no event in the period', async () => {
    const { metrics } = await measured(
      rows((at) => at % 2, 5),
      all({ status: 'Y', score: 1 }),
      {},
      { measuredFrom: 1_000 },
    )
    expect(metrics.population).toMatchObject({ events: 0, days: 0 })
    expect(metrics.estimates.frictionless.why).toBe('noEvents')
  })
  test('all scores equal: a tie counts one half, and one bin holds them', async () => {
    const { metrics } = await measured(
      rows((at) => at % 2, 5),
      all({ status: 'C', challenge: 1, score: 0 }),
    )
    expect(metrics.estimates.auc.value).toBe(0.5)
    expect(metrics.estimates.averagePrecision.value).toBe(0.5)
    expect(metrics.histogram).toHaveLength(1)
    expect(metrics.histogram[0]).toMatchObject({ genuine: 4, fraud: 4 })
  })
  test('scores alone: nothing was decided', async () => {
    const { metrics } = await measured(fixtureRows, atRate('a', 1), { mode: 'scores', scale: 'rank' })
    expect(metrics.estimates.frictionless.why).toBe('noDecisions')
    expect(metrics.estimates.cost.why).toBe('noDecisions')
    expect(metrics.estimates.brier.why).toBe('notProbability')
    expect(metrics.estimates.auc.value).toBeGreaterThan(0.9)
    expect(metrics.slices).toEqual([])
    expect(metrics.daily[0]?.frictionlessRate.why).toBe('noDecisions')
  })
})

describe('which events count', () => {
  const rows: Row[] = [
    { ts: 0, card: 'A', y: 1, kind: 'theft', amount: 10, labelTs: 3 * day },
    { ts: 10, card: 'B', y: 0, amount: 10 },
    { ts: 2 * day, card: 'A', y: 1, kind: 'theft', amount: 10 },
    { ts: 2 * day + 1, card: 'B', y: 0, amount: 10 },
    { ts: 3 * day, card: 'A', y: 1, kind: 'theft', amount: 10 },
    { ts: 3 * day + 1, card: 'C', y: 1, kind: 'theft', amount: 10 },
  ]
  const decisions: Decision[] = rows.map(({ y }) => ({ status: 'Y', score: y }))
  test('those from measuredFrom on; a card whose fraud was known before the day is out of card precision', async () => {
    const { metrics } = await measured(rows, decisions, { k: 1 }, { measuredFrom: 2 * day })
    expect(metrics.population).toMatchObject({ events: 4, cards: 3, days: 2 })
    // Day 2: A (found by the first). Day 3: A is known since its label of midnight, so C is first.
    expect(metrics.daily.map(({ cardPrecisionAtK }) => cardPrecisionAtK)).toEqual([1, 1])
    const later = rows.map((row) => ({ ...row, ...(row.ts === 2 * day && { y: 0, kind: '' }) }))
    const { metrics: other } = await measured(later, decisions, { k: 1 }, { measuredFrom: 2 * day })
    expect(other.daily.map(({ cardPrecisionAtK }) => cardPrecisionAtK)).toEqual([0, 1])
  })
  test('in closed loop further attempts count by themselves, of cards of before too; what was never made does not', async () => {
    const loop: Decision[] = [
      { event: 0, status: 'N', score: 1 },
      { event: 1, status: 'Y', score: 0 },
      { event: 0, attempt: 1, ts: 2 * day - 5, status: 'N', score: 1, amount: 9 },
      { event: 2, status: '' },
      { event: 0, attempt: 2, ts: 2 * day, status: 'C', challenge: 2, score: 1, amount: 8 },
      { event: 3, status: 'Y', score: 0 },
      { event: 4, status: 'N', score: 1 },
      { event: 5, status: 'Y', score: 1 },
      { event: 4, attempt: 1, ts: 3 * day + 60, status: 'Y', score: 1, amount: 7 },
    ]
    const { metrics } = await measured(rows, loop, { mode: 'closedLoop' }, { measuredFrom: 2 * day })
    expect(metrics.population).toMatchObject({ events: 4, attempts: 2, notMade: 1, decided: 5, fraud: 4, genuine: 1 })
    expect(metrics.population.amount).toBe(8 + 10 + 10 + 10 + 7)
    expect(metrics.estimates.fraudStopped).toMatchObject({ numerator: 2, n: 4 })
    expect(metrics.attacks).toMatchObject([{ kind: 'theft', n: 4, fraud: 4, cards: 2 }])
  })
  test('decisions of another stream are refused', async () => {
    await expect(measured(rows, [...decisions, { event: 6, status: 'Y', ts: 9 * day, amount: 1 }])).rejects.toThrow(
      'the stream ends before it',
    )
    await expect(measured(rows, [{ event: 3, attempt: 1, status: 'Y', ts: 9 * day, amount: 1 }])).rejects.toThrow(
      'no attacker made',
    )
  })
})

describe('attacks and slices', () => {
  const rows: Row[] = Array.from({ length: 900 }, (_, at) => ({
    ts: at * 60,
    card: `K${at % 90}`,
    y: at % 30 === 0 ? 1 : 0,
    amount: 100,
    ...(at % 30 === 0 && { kind: at % 60 === 0 ? 'theft' : 'friendly' }),
    ...(at % 45 === 1 && { kind: 'abuse' }),
    slices: { age: at % 90 < 30 ? 'young' : at % 90 < 60 ? 'old' : '' },
  }))
  const decisions: Decision[] = rows.map(({ kind, card }, at) =>
    kind === 'theft' || kind === 'abuse'
      ? { status: 'N', score: 1 }
      : { status: at % 3 === 0 && Number(card.slice(1)) < 30 ? 'C' : 'Y', challenge: 1, score: 0 },
  )
  test('recall by kind, abuse of one’s own card beside it', async () => {
    const { metrics } = await measured(rows, decisions, {}, { slices: ['age'] })
    expect(metrics.attacks.map(({ kind, n, fraud }) => ({ kind, n, fraud }))).toEqual([
      { kind: 'abuse', n: 20, fraud: 0 },
      { kind: 'friendly', n: 15, fraud: 15 },
      { kind: 'theft', n: 15, fraud: 15 },
    ])
    const [abuse, friendly, theft] = metrics.attacks
    expect([abuse?.stopped.value, theft?.stopped.value]).toEqual([1, 1])
    const young = rows.filter(({ kind, card }) => kind === 'friendly' && Number(card.slice(1)) < 30).length
    expect(friendly?.caught).toMatchObject({ numerator: young, n: 15 })
  })
  test('slices add up to the whole and have their gap', async () => {
    const { metrics } = await measured(rows, decisions, {}, { slices: ['age'] })
    const [slice] = metrics.slices
    expect(slice?.column).toBe('age')
    expect(slice?.values.map(({ value }) => value).sort()).toEqual(['', 'old', 'young'])
    expect(slice?.values.reduce((sum, { decided }) => sum + decided, 0)).toBe(900)
    const young = slice?.values.find(({ value }) => value === 'young')
    const inYoung = rows.map((row, at) => ({ row, at })).filter(({ row }) => row.slices?.age === 'young')
    const flagged = inYoung.filter(({ row, at }) => row.y === 0 && decisions[at]?.status !== 'Y').length
    const genuine = inYoung.filter(({ row }) => row.y === 0).length
    // One card of the thirty has frauds only.
    const cards = [...new Set(inYoung.filter(({ row }) => row.y === 0).map(({ row }) => row.card))]
    expect(cards).toHaveLength(29)
    expect(young?.genuineFlagged).toMatchObject({
      numerator: flagged,
      n: genuine,
      cards: 29,
      denominator: 'decidedGenuine',
    })
    expect(slice?.gap).toMatchObject({ high: 'young' })
    expect(slice?.gap?.difference.interval?.method).toBe('cardsLinear')
    // The variance by hand: Σ (x − r·n)² · m/(m − 1).
    const rate = flagged / genuine
    const squares = cards.reduce((sum, card) => {
      const mine = inYoung.filter(({ row }) => row.card === card && row.y === 0)
      const hits = mine.filter(({ at }) => decisions[at]?.status !== 'Y').length
      return sum + (hits - rate * mine.length) ** 2
    }, 0)
    const half = (1.959963984540054 * Math.sqrt((squares * cards.length) / (cards.length - 1))) / genuine
    expect(young?.genuineFlagged.interval?.low).toBeCloseTo(Math.max(0, rate - half), 12)
  })
})

test('a run of three calendar months, each above the threshold', () => {
  const months = (...list: [number, number][]): Map<number, number> => new Map(list)
  expect(manifestMonths(months([1, 500_001], [2, 500_001], [3, 500_001]))).toEqual([3])
  expect(manifestMonths(months([1, 500_001], [2, 500_000], [3, 500_001], [4, 900_000]))).toEqual([])
  expect(manifestMonths(months([4, 600_000], [1, 600_000], [3, 600_000], [2, 600_000]))).toEqual([3, 4])
  expect(manifestMonths(months([11, 600_000], [12, 600_000], [14, 600_000]))).toEqual([])
})

describe('the TRA rate and manifest-fraud merchants', () => {
  const rows: Row[] = Array.from({ length: 200 }, (_, at) => ({
    ts: at * day + 40_000,
    card: `K${at % 50}`,
    y: at % 20 === 3 ? 1 : 0,
    amount: at % 20 === 3 ? 300_000 : 1_000_000,
    merchant: at % 2 === 1 ? 'odd' : 'even',
  }))
  const decisions: Decision[] = rows.map(() => ({ status: 'Y', score: 0 }))
  test('roll over 90 days of approved amounts', async () => {
    const { metrics } = await measured(rows, decisions)
    const { tra } = metrics
    expect(tra.days).toHaveLength(200)
    expect(tra.days.filter(({ full }) => full)).toHaveLength(111)
    const naive = (last: number): number => {
      const inside = rows.slice(Math.max(0, last - 89), last + 1)
      const sum = (list: readonly Row[]): number => list.reduce((total, { amount }) => total + (amount ?? 0), 0)
      return (10_000 * sum(inside.filter(({ y }) => y === 1))) / sum(inside)
    }
    tra.days.forEach(({ bps }, at) => {
      expect(bps).toBeCloseTo(naive(at), 9)
    })
    expect(tra.last.value).toBeCloseTo(naive(199), 9)
    expect(tra.last.interval).not.toBeNull()
    expect(tra.bands).toEqual([
      { bps: 13, upToEur: 100, kept: false },
      { bps: 6, upToEur: 250, kept: false },
      { bps: 1, upToEur: 500, kept: false },
    ])
  })
  test('is neither kept nor exceeded where nothing was approved', async () => {
    const calm: readonly Row[] = Array.from({ length: 100 }, (_, at) => ({
      ts: at * day,
      card: `K${at}`,
      y: 0,
      amount: 100,
    }))
    const traWith = async (status: 'R' | 'Y') =>
      (
        await measured(
          calm,
          calm.map((): Decision => ({ status, score: 1 })),
        )
      ).metrics.tra
    const none = await traWith('R')
    expect(none.last.why).toBe('nothingApproved')
    expect(none.bands.map(({ kept }) => kept)).toEqual([null, null, null])
    expect((await traWith('Y')).bands.map(({ kept }) => kept)).toEqual([true, true, true])
  })
  test('three months in a row above half a million', async () => {
    const { metrics } = await measured(rows, decisions)
    // 1970: frauds on days 3, 23, 43, … of 300,000 yen, all with the odd shop. January 2 (600,000), February 1 (days 43), so no run.
    expect(metrics.manifestMerchants).toMatchObject({
      threshold: 500_000,
      attempted: 0,
      approved: 0,
      merchants: 2,
      months: 7,
    })
    const twice = rows.map((row) => (row.y === 1 ? { ...row, amount: 600_000 } : row))
    const { metrics: more } = await measured(
      twice,
      twice.map(({ y }, at) => (y === 1 && at > 100 ? { status: 'N', score: 1 } : { status: 'Y', score: 0 })),
    )
    expect(more.manifestMerchants.attempted).toBe(1)
    expect(more.manifestMerchants.approved).toBe(1)
    expect(more.manifestMerchants.list[0]?.merchant).toBe('odd')
    expect(more.manifestMerchants.list[0]?.months.slice(0, 3)).toEqual(['1970-01', '1970-02', '1970-03'])
    const { metrics: euros } = await measured(rows, decisions, { currency: 'EUR' })
    expect(euros.manifestMerchants).toMatchObject({ attempted: null, why: 'notYen' })
  })
})

describe('curves', async () => {
  const rows = fixtureRows.map((row) => ({ ...row, pass: row.y === 1 ? 0.2 : 0.9, u: (row.ts % 10) / 10 }))
  const decisions = atRate('a')
  const { metrics } = await measured(rows, decisions, { scale: 'probability' })
  test('at each cut all is as if counted by hand', () => {
    const flagged = (cut: number | null) =>
      rows
        .map((row, at) => ({ row, score: decisions[at]?.score ?? 0 }))
        .filter(({ score }) => cut !== null && score >= cut)
    expect(metrics.cuts.length).toBeGreaterThan(10)
    for (const point of metrics.cuts) {
      const above = flagged(point.score)
      const frauds = above.filter(({ row }) => row.y === 1)
      const stopped = frauds.filter(({ row }) => !(row.u < row.pass))
      const lost = above.filter(({ row }) => row.y === 0 && !(row.u < row.pass))
      const sum = (list: readonly { readonly row: Row }[]): number =>
        list.reduce((total, { row }) => total + (row.amount ?? 0), 0)
      const all = sum(rows.filter(({ y }) => y === 1).map((row) => ({ row })))
      expect(point.frictionless).toBeCloseTo(1 - above.length / 80, 12)
      expect(point.caught).toBeCloseTo(frauds.length / 11, 12)
      expect(point.stopped).toBeCloseTo(stopped.length / 11, 12)
      expect(point.caughtAmount).toBeCloseTo(sum(frauds) / all, 12)
      expect(point.stoppedAmount).toBeCloseTo(sum(stopped) / all, 12)
      expect(point.cost).toBeCloseTo(all - sum(stopped) + 10 * above.length + 0.1 * sum(lost), 6)
    }
    const [first] = metrics.cuts
    expect(first).toMatchObject({ frictionless: 0, caught: 1 })
    expect(metrics.cuts.at(-1)).toMatchObject({ score: null, frictionless: 1, caught: 0, falsePositiveRatio: null })
  })
  test('ROC ends in both corners, reliability and histogram hold every event', () => {
    expect(metrics.roc[0]).toEqual({ score: null, fpr: 0, tpr: 0 })
    expect(metrics.roc.at(-1)).toMatchObject({ fpr: 1, tpr: 1 })
    expect(metrics.reliability.reduce((sum, { n }) => sum + n, 0)).toBe(80)
    expect(metrics.histogram.reduce((sum, { genuine, fraud }) => sum + genuine + fraud, 0)).toBe(80)
    expect(metrics.costCurves.map(({ over }) => over)).toEqual(['lossShare', 'challenge', 'margin', 'review'])
    const middle = metrics.costCurves[0]?.points[5]
    expect(middle?.cost).toBeCloseTo(metrics.cost?.total ?? 0, 9)
  })
})
