// A summary that no experiment made: smooth curves of two normal distributions, for tests of the report.
import type { Summary, VariantResult } from '../../../src/lab/experiment/summary.ts'
import {
  type Attack,
  type Comparison,
  type CutPoint,
  type Day,
  type Denominator,
  type Difference,
  type Estimate,
  type EstimateKey,
  estimateKeys,
  type Interval,
  type Metrics,
  type Slice,
} from '../../../src/lab/metrics/types.ts'

const fraud = 400
const genuine = 99_600
const n = fraud + genuine
const cards = 21_000

/** Upper tail of the standard normal (Abramowitz and Stegun 7.1.26). */
function above(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const erfc =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x)
  return z >= 0 ? erfc / 2 : 1 - erfc / 2
}

const interval = (value: number, width: number): Interval => ({
  low: Math.max(0, value - width),
  high: value + width,
  level: 0.95,
  method: 'cardBootstrap',
  draws: 2_000,
})
export const estimate = (
  value: number,
  {
    size = n,
    denominator = 'decided',
    width = 0.01,
  }: { size?: number; denominator?: Denominator; width?: number } = {},
): Estimate => ({
  value,
  numerator: Math.round(value * size),
  n: size,
  denominator,
  cards,
  interval: interval(value, width),
})
export const missing = (why: Estimate['why'], denominator: Denominator = 'decided'): Estimate => ({
  value: null,
  numerator: null,
  n: 0,
  denominator,
  cards: 0,
  interval: null,
  ...(why !== undefined && { why }),
})

const day = (index: number): string => new Date(Date.UTC(2026, 1, 1 + index)).toISOString().slice(0, 10)

/** `skill`: how far the two classes lie apart, in standard deviations; `cut`: the score from which it challenges. */
export function metricsOf(variant: string, skill: number, cut: number): Metrics {
  const caughtAt = (z: number): number => above(z - skill)
  const flaggedAt = (z: number): number => above(z)
  const cuts: CutPoint[] = Array.from({ length: 101 }, (_, index) => {
    const z = -3 + (index * 7) / 100
    const frictionless = 1 - (flaggedAt(z) * genuine + caughtAt(z) * fraud) / n
    const caught = caughtAt(z)
    const band = (value: number) => ({ low: Math.max(0, value - 0.03), high: Math.min(1, value + 0.03) })
    return {
      score: z,
      frictionless,
      frictionlessBand: band(frictionless),
      caught,
      caughtBand: band(caught),
      caughtAmount: caught ** 0.9,
      caughtAmountBand: band(caught ** 0.9),
      stopped: caught * 0.82,
      stoppedBand: band(caught * 0.82),
      stoppedAmount: caught ** 0.9 * 0.8,
      stoppedAmountBand: band(caught ** 0.9 * 0.8),
      falsePositiveRatio: (flaggedAt(z) * genuine) / Math.max(1, caught * fraud),
      cost: (1 - caught * 0.82) * 9_000_000 + flaggedAt(z) * genuine * 5,
    }
  }).toReversed()
  const caught = caughtAt(cut)
  const flagged = flaggedAt(cut)
  const frictionless = 1 - (flagged * genuine + caught * fraud) / n
  const rates: Partial<Record<EstimateKey, Estimate>> = {
    frictionless: estimate(frictionless, { width: 0.004 }),
    frictionlessY: estimate(frictionless, { width: 0.004 }),
    frictionlessA: estimate(0, { width: 0 }),
    frictionlessI: estimate(0, { width: 0 }),
    challenge: estimate((1 - frictionless) * 0.97, { width: 0.004 }),
    challengeC: estimate((1 - frictionless) * 0.97, { width: 0.004 }),
    decline: estimate((1 - frictionless) * 0.03, { width: 0.001 }),
    completion: estimate(1 - flagged * 0.12, { width: 0.003 }),
    genuineFlagged: estimate(flagged, { size: genuine, denominator: 'decidedGenuine', width: 0.004 }),
    genuineLost: estimate(flagged * 0.12, { size: genuine, denominator: 'decidedGenuine', width: 0.002 }),
    fraudCaught: estimate(caught, { size: fraud, denominator: 'decidedFraud', width: 0.04 }),
    fraudStopped: estimate(caught * 0.82, { size: fraud, denominator: 'decidedFraud', width: 0.045 }),
    fraudCaughtAmount: estimate(caught ** 0.9, { size: 9_000_000, denominator: 'decidedFraudAmount', width: 0.05 }),
    fraudStoppedAmount: estimate(caught ** 0.9 * 0.8, {
      size: 9_000_000,
      denominator: 'decidedFraudAmount',
      width: 0.05,
    }),
    falsePositiveRatio: estimate((flagged * genuine) / (caught * fraud), {
      size: Math.round(caught * fraud),
      denominator: 'fraudFlagged',
      width: 6,
    }),
    fraudBpsBefore: estimate(14.2, { size: 900_000_000, denominator: 'decidedAmount', width: 1.5 }),
    fraudBpsAfter: estimate(4.1, { size: 880_000_000, denominator: 'approvedAmount', width: 0.8 }),
    cost: estimate(3_400_000, { size: n, denominator: 'none', width: 300_000 }),
    costPerEvent: estimate(34, { width: 3 }),
    savings: estimate(0.61, { size: 9_000_000, denominator: 'costOfPassingAll', width: 0.04 }),
    auc: estimate(above(-skill / Math.SQRT2), { denominator: 'scoredPairs', size: genuine * fraud, width: 0.008 }),
    averagePrecision: estimate(0.31, { denominator: 'scoredFraud', size: fraud, width: 0.04 }),
    brier: estimate(0.0035, { denominator: 'scored', width: 0.0003 }),
    logLoss: estimate(0.0151, { denominator: 'scored', width: 0.0009 }),
    ece: estimate(0.0021, { denominator: 'scored', width: 0.0004 }),
  }
  const estimates = Object.fromEntries(
    estimateKeys.map((key) => [key, rates[key] ?? estimate(0.2, { denominator: 'scored' })]),
  ) as Record<EstimateKey, Estimate>
  const daily: Day[] = Array.from({ length: 28 }, (_, index) => {
    const wave = frictionless + 0.02 * Math.sin(index / 3)
    return {
      day: day(index),
      decided: 3_571,
      u: 2,
      erro: 1,
      frictionless: Math.round(3_571 * wave),
      challenged: Math.round(3_571 * (1 - wave)),
      declined: 4,
      genuine: 3_557,
      genuineFlagged: Math.round(3_557 * flagged),
      fraud: 14,
      fraudCaught: Math.round(14 * caught),
      fraudStopped: Math.round(14 * caught * 0.8),
      amount: 32_000_000,
      approvedAmount: 31_000_000,
      approvedFraudAmount: 12_000,
      frictionlessRate: estimate(wave, { size: 3_571, width: 0.02 }),
      precisionAtK: 0.06,
      cardPrecisionAtK: 0.05,
    }
  })
  const attack = (kind: string, share: number, count: number): Attack => ({
    kind,
    n: count,
    cards: Math.ceil(count / 2),
    amount: count * 22_000,
    fraud: count,
    caught: estimate(Math.min(1, caught * share), { size: count, denominator: 'decidedPattern', width: 0.1 }),
    stopped: estimate(Math.min(1, caught * share * 0.8), { size: count, denominator: 'decidedPattern', width: 0.11 }),
    caughtAmount: estimate(Math.min(1, caught * share), {
      size: count * 22_000,
      denominator: 'decidedPatternAmount',
      width: 0.12,
    }),
    stoppedAmount: estimate(Math.min(1, caught * share * 0.8), {
      size: count * 22_000,
      denominator: 'decidedPatternAmount',
      width: 0.12,
    }),
  })
  const slice = (column: string, values: readonly string[]): Slice => ({
    column,
    values: values.map((value, index) => {
      const own = flagged * (0.8 + 0.3 * index)
      return {
        value,
        decided: Math.round(n / values.length),
        cards: Math.round(cards / values.length),
        frictionless: estimate(1 - own, { size: Math.round(n / values.length) }),
        genuineFlagged: estimate(own, { size: Math.round(genuine / values.length), denominator: 'decidedGenuine' }),
        challengePassedGenuine: estimate(0.9, { size: 5_000, denominator: 'decidedGenuine' }),
        genuineLost: estimate(own * 0.12, { size: Math.round(genuine / values.length), denominator: 'decidedGenuine' }),
        fraudCaught:
          index === values.length - 1
            ? missing('noFraud', 'decidedFraud')
            : estimate(caught, { size: 100, denominator: 'decidedFraud', width: 0.08 }),
        fraudStopped:
          index === values.length - 1
            ? missing('noFraud', 'decidedFraud')
            : estimate(caught * 0.8, { size: 100, denominator: 'decidedFraud', width: 0.08 }),
      }
    }),
    gap: {
      high: values.at(-1) ?? '',
      low: values[0] ?? '',
      difference: estimate(flagged * 0.3 * (values.length - 1), { size: genuine, denominator: 'decidedGenuine' }),
    },
    gapFrom: 100,
  })
  return {
    variant,
    mode: 'replay',
    population: {
      from: Date.UTC(2026, 1, 1) / 1_000,
      to: Date.UTC(2026, 2, 1) / 1_000 - 1,
      timeZone: 'Asia/Tokyo',
      days: 28,
      events: n + 84,
      attempts: 0,
      notMade: 0,
      decided: n,
      u: 56,
      erro: 28,
      genuine,
      fraud,
      fraudRate: fraud / n,
      cards,
      fraudCards: 180,
      withoutAmount: 0,
      withoutScore: 0,
      withoutTruth: 0,
      amount: 900_000_000,
      fraudAmount: 9_000_000,
      currency: 'JPY',
    },
    mapping: { frictionless: ['Y', 'A', 'I'], challenge: ['C', 'D', 'S'], decline: ['N', 'R'], apart: ['U', 'E'] },
    statuses: {
      Y: Math.round(frictionless * n),
      C: Math.round((1 - frictionless) * 0.97 * n),
      R: Math.round((1 - frictionless) * 0.03 * n),
      U: 56,
      E: 28,
    },
    challengeEnds: { none: 62_000, passed: 33_000, failed: 1_500, abandoned: 3_000, technical: 400 },
    bootstrap: { draws: 2_000, seed: '7', level: 0.95, weights: 'multinomial', cards },
    k: 100,
    estimates,
    cost: {
      prices: { lossShare: 1, challenge: 5, margin: 0.02, review: 0 },
      fraudLoss: 2_600_000,
      challenges: 190_000,
      lostMargin: 610_000,
      reviews: 0,
      total: 3_400_000,
      passingAll: 9_000_000,
    },
    costCurves: (['lossShare', 'challenge', 'margin', 'review'] as const).map((over) => ({
      over,
      points: Array.from({ length: 21 }, (_, index) => ({
        price: over === 'challenge' || over === 'review' ? index * 5 : index * 0.1,
        cost: 3_000_000 + index * 60_000 * skill,
        passingAll: 9_000_000,
      })),
    })),
    tra: {
      days: daily.map((one) => ({ day: one.day, bps: 4.1, full: false })),
      last: estimate(4.1, { size: 880_000_000, denominator: 'approvedAmount', width: 0.8 }),
      lastFull: false,
      worst: { day: day(27), bps: 5.2, full: false },
      bands: [13, 6, 1].map((bps) => ({ bps, upToEur: bps === 13 ? 100 : bps === 6 ? 250 : 500, kept: null })),
    },
    manifestMerchants: {
      threshold: 500_000,
      attempted: 0,
      approved: 0,
      merchants: 350,
      months: 1,
      wholeMonths: 1,
      list: [],
    },
    psi: { referenceDays: 14, value: 0.012, reference: 50_000, compared: 50_000, bins: [] },
    roc: cuts.map((one, index) => ({
      score: one.score,
      fpr: flaggedAt(-3 + ((100 - index) * 7) / 100),
      tpr: caughtAt(-3 + ((100 - index) * 7) / 100),
    })),
    precisionRecall: cuts.map((one, index) => {
      const z = -3 + ((100 - index) * 7) / 100
      return {
        score: one.score ?? 0,
        recall: caughtAt(z),
        precision: (caughtAt(z) * fraud) / (caughtAt(z) * fraud + flaggedAt(z) * genuine),
      }
    }),
    cuts,
    histogram: Array.from({ length: 40 }, (_, index) => {
      const from = -4 + index * 0.25
      return {
        from,
        to: from + 0.25,
        genuine: Math.round(genuine * (above(from) - above(from + 0.25))),
        fraud: Math.round(fraud * (above(from - skill) - above(from + 0.25 - skill))),
      }
    }),
    reliability: Array.from({ length: 10 }, (_, index) => ({
      from: index / 10,
      to: (index + 1) / 10,
      n: index === 8 ? 0 : Math.round(90_000 / 3 ** index),
      fraud: Math.round((90_000 / 3 ** index) * (index / 10)),
      meanP: index === 8 ? null : index / 10 + 0.05,
      observed: index === 8 ? null : Math.min(1, (index / 10 + 0.05) ** (1 / skill)),
      band: index === 8 ? null : { low: Math.max(0, index / 10 - 0.05), high: Math.min(1, index / 10 + 0.2) },
    })),
    daily,
    attacks: [
      attack('card-testing', 1.1, 120),
      attack('account-takeover', 0.9, 80),
      attack('phished-code', 0.7, 40),
      attack('friendly-fraud', 0.2, 60),
      attack('reshipping', 1, 100),
    ],
    slices: [slice('ageBand', ['18-29', '30-49', '50-69', '70+']), slice('language', ['ja', 'other'])],
  }
}

const difference = (key: EstimateKey, a: number, b: number, width: number): Difference => ({
  key,
  a,
  b,
  nA: n,
  nB: n,
  value: b - a,
  interval: { ...interval(b - a, width), low: b - a - width },
  p: Math.abs(b - a) > width ? 0.001 : 0.4,
  pFrom: 'draws',
  claimed: ['frictionless', 'fraudStoppedAmount', 'genuineLost', 'auc'].includes(key),
  holm: ['frictionless', 'fraudStoppedAmount', 'genuineLost', 'auc'].includes(key)
    ? Math.abs(b - a) > width
      ? 0.004
      : 0.8
    : null,
  shown: Math.abs(b - a) > width,
})

function comparisonOf(a: Metrics, b: Metrics): Comparison {
  const keys = ['frictionless', 'fraudStoppedAmount', 'genuineLost', 'auc', 'challenge', 'fraudCaught'] as const
  const widths = {
    frictionless: 0.003,
    fraudStoppedAmount: 0.05,
    genuineLost: 0.001,
    auc: 0.006,
    challenge: 0.003,
    fraudCaught: 0.04,
  }
  return {
    a: a.variant,
    b: b.variant,
    mode: 'replay',
    pairedEvents: n,
    decidedA: n + 40,
    decidedB: n + 10,
    over: 'both',
    differences: keys.map((key) =>
      difference(key, a.estimates[key].value ?? 0, b.estimates[key].value ?? 0, widths[key]),
    ),
    beside: keys.map((key) => ({
      ...difference(key, a.estimates[key].value ?? 0, (b.estimates[key].value ?? 0) + 0.01, widths[key]),
      nA: n + 40,
      nB: n + 10,
      claimed: false,
      holm: null,
    })),
    deLong: { difference: 0.02, a: 0.9, b: 0.92, se: 0.003, z: 6.7, p: 2e-11, n, fraud },
    mcNemar: [
      {
        over: 'events',
        flags: 'decided',
        budget: null,
        n,
        both: 30_000,
        onlyA: 4_000,
        onlyB: 2_000,
        neither: 64_000,
        exactP: 0,
        chi2: 666,
        chi2P: 0,
      },
      {
        over: 'fraud',
        flags: 'budget',
        budget: 0.05,
        n: fraud,
        both: 240,
        onlyA: 21,
        onlyB: 29,
        neither: 110,
        exactP: 0.322,
        chi2: 0.98,
        chi2P: 0.322,
      },
    ],
    words: [
      {
        en: `${b.variant} lets more pass without a challenge than ${a.variant}.`,
        ja: `${b.variant}は${a.variant}よりフリクションレスが多い。`,
      },
    ],
  }
}

const hash = (text: string): string =>
  [...text]
    .reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7)
    .toString(16)
    .padStart(16, '0')

/** `policies` variants, and a sweep and an ablation of the first. */
export function summaryOf({ policies = 4, name = 'rules-jp' }: { policies?: number; name?: string } = {}): Summary {
  const names = [name, 'logistic', 'gbdt', 'rules-eu', 'freeman', 'probe-2018', 'amount-only', 'h', 'i', 'j'].slice(
    0,
    policies,
  )
  const variant = (id: string, change: Partial<VariantResult>, skill: number, cut: number): VariantResult => ({
    id,
    kind: 'policy',
    changes: [],
    hears: 'all',
    policy: { name: id.split('/')[0] ?? id, version: 1, hash: hash(id) },
    thresholds: { challenge: cut, reject: cut + 4 },
    ...change,
    metrics: metricsOf(id, skill, cut),
  })
  const variants: VariantResult[] = names.map((one, index) => variant(one, {}, 1.7 + index * 0.12, 0.25 + index * 0.1))
  variants.push(
    variant(
      `${name}/without-assessments`,
      { kind: 'assessments', of: name, hears: 'none', changes: [{ what: 'hears', hears: 'none' }] },
      1.5,
      0.25,
    ),
    variant(
      `${name}/without-check-night`,
      { kind: 'ablation', of: name, changes: [{ what: 'check', left: 'night' }] },
      1.65,
      0.25,
    ),
    variant(
      `${name}/without-layer-checks`,
      { kind: 'ablation', of: name, changes: [{ what: 'layer', left: 'checks' }] },
      0.9,
      0.25,
    ),
    ...[-0.5, 0, 0.5, 1].map((challenge) =>
      variant(
        `${name}/challenge=${challenge}`,
        { kind: 'sweep' as const, of: name, changes: [{ what: 'thresholds' as const, challenge, reject: 4 }] },
        1.7,
        challenge,
      ),
    ),
  )
  const [first] = variants
  if (first === undefined) throw new Error('no policy')
  const comparisons = variants
    .slice(1)
    .filter(({ kind }) => kind !== 'sweep')
    .map((one) => comparisonOf(first.metrics, one.metrics))
  const slim = variants.map(({ metrics: _, ...rest }) => rest)
  return {
    manifest: {
      format: 1,
      version: '0.1.0',
      state: 'whole',
      left: [],
      name: 'verdicts',
      seed: '7',
      mode: 'replay',
      experiment: { name: 'verdicts', stream: { preset: 'japan', events: 100_000 } },
      stream: {
        name: 'japan',
        seed: '7',
        events: n + 84,
        from: Date.UTC(2026, 0, 1) / 1_000,
        to: Date.UTC(2026, 2, 1) / 1_000,
        measuredFrom: Date.UTC(2026, 1, 1) / 1_000,
        slices: ['ageBand', 'language'],
        hash: '5f'.repeat(32),
        made: { generator: 'sekisho', preset: 'japan' },
      },
      assumptions: {
        challenges: {
          seconds: 60,
          technical: 0.01,
          genuine: { pass: 0.9, abandon: 0.06 },
          fraud: { pass: 0.12, abandon: 0.5 },
        },
      },
      policies: names,
      variants: slim,
      matched: [],
    },
    question: {
      en: 'Does the merchant’s verdict lower the challenge rate at equal fraud?',
      ja: '加盟店の判定は、同じ不正水準でチャレンジ率を下げるか。',
    },
    prices: { lossShare: 1, challenge: 5, margin: 0.02, review: 0 },
    variants,
    baseline: first.id,
    comparisons,
    targets: [
      {
        id: 'fraud-rate',
        title: { en: 'Fraud among payments', ja: '決済に占める不正' },
        low: 0.002,
        high: 0.006,
        got: 0.004,
        n,
        of: { en: 'of AReqs', ja: 'AReqのうち' },
        isInside: true,
      },
    ],
    repeats: [
      {
        variant: first.id,
        rate: 'frictionless',
        bySeed: ['1', '2', '3'].map((seed, index) => ({ seed, value: 0.6 + index * 0.004 })),
        mean: 0.604,
        deviation: 0.004,
        interval: [0.594, 0.614],
      },
    ],
    environment: {
      node: 'v20.19.0',
      platform: 'linux x64',
      cpu: 'a processor',
      cores: 2,
      workers: 2,
      startedAt: '2026-03-01T00:00:00.000Z',
      seconds: 41.5,
      phases: { stream: 12, run: 20, measure: 8, report: 1.5 },
      eventsPerSecond: 92_000,
      latency: variants.slice(0, policies).map((one, index) => ({
        variant: one.id,
        n: 10_000,
        p50: 9 + index,
        p90: 14 + index,
        p99: 22 + index * 2,
        max: 400,
      })),
    },
  }
}
