/** The numbers of metrics.json as tables (CSV, RFC 4180, UTF-8), each with n, interval and denominator. Pure. */
import type { Comparison, Difference, Estimate, Interval, Metrics } from '../metrics/types.ts'
import type { Summary, VariantResult } from './summary.ts'

type Cell = string | number | boolean | null | undefined
type Row = readonly Cell[]

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
/** A cell that begins like a formula is none for a reader of numbers: texts come from streams of others. */
const safe = (text: string): string =>
  /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text
const cell = (value: Cell): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? quoted(safe(value)) : String(value)

export const csv = (head: readonly string[], rows: readonly Row[]): string =>
  `${[head, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`

const intervalHead = ['low', 'high', 'level', 'method', 'draws'] as const
const intervalCells = (interval: Interval | null): Row =>
  interval === null
    ? [null, null, null, null, null]
    : [interval.low, interval.high, interval.level, interval.method, interval.draws]
const estimateHead = ['value', ...intervalHead, 'numerator', 'n', 'denominator', 'cards', 'why'] as const
const estimateCells = ({ value, interval, numerator, n, denominator, cards, why }: Estimate): Row => [
  value,
  ...intervalCells(interval),
  numerator,
  n,
  denominator,
  cards,
  why,
]

const time = (seconds: number): string => new Date(seconds * 1_000).toISOString()
const perVariant = (variants: readonly VariantResult[], rows: (one: VariantResult) => readonly Row[]): readonly Row[] =>
  variants.flatMap((one) => rows(one).map((row) => [one.id, one.policy.hash, one.metrics.mode, ...row]))
const variantHead = ['variant', 'policyHash', 'mode'] as const

/** What the cuts are over: decided events with a score and a truth. Measures of order have none of them where a class is missing. */
export function cutOver({ histogram }: Pick<Metrics, 'histogram'>): {
  readonly events: number
  readonly fraud: number
} {
  const fraud = histogram.reduce((sum, bin) => sum + bin.fraud, 0)
  return { events: histogram.reduce((sum, bin) => sum + bin.genuine, fraud), fraud }
}

/** Every table by the name of its file. Tables that would be empty are left out. */
export function tablesOf(summary: Summary): Readonly<Record<string, string>> {
  const { manifest, variants, comparisons, repeats, targets } = summary
  const tables: Record<string, string> = {}
  const add = (name: string, head: readonly string[], rows: readonly Row[]): void => {
    if (rows.length > 0) tables[name] = csv(head, rows)
  }
  add(
    'variants.csv',
    [...variantHead, 'kind', 'of', 'policy', 'version', 'hears', 'challengeFrom', 'rejectFrom', 'changes'],
    perVariant(variants, ({ kind, of, policy, hears, thresholds, changes }) => [
      [
        kind,
        of,
        policy.name,
        policy.version,
        typeof hears === 'string' ? hears : hears.join(' '),
        thresholds?.challenge,
        thresholds?.reject,
        changes.length === 0 ? '' : JSON.stringify(changes),
      ],
    ]),
  )
  add(
    'population.csv',
    [
      ...variantHead,
      'from',
      'to',
      'timeZone',
      'days',
      'events',
      'attempts',
      'notMade',
      'decided',
      'u',
      'erro',
      'genuine',
      'fraud',
      'cards',
      'fraudCards',
      'withoutAmount',
      'withoutScore',
      'withoutTruth',
      'amount',
      'fraudAmount',
      'currency',
    ],
    perVariant(variants, ({ metrics: { population: p } }) => [
      [
        time(p.from),
        time(p.to),
        p.timeZone,
        p.days,
        p.events,
        p.attempts,
        p.notMade,
        p.decided,
        p.u,
        p.erro,
        p.genuine,
        p.fraud,
        p.cards,
        p.fraudCards,
        p.withoutAmount,
        p.withoutScore,
        p.withoutTruth,
        p.amount,
        p.fraudAmount,
        p.currency,
      ],
    ]),
  )
  add(
    'rates.csv',
    [...variantHead, 'rate', ...estimateHead],
    perVariant(variants, ({ metrics }) =>
      Object.entries(metrics.estimates).map(([key, estimate]) => [key, ...estimateCells(estimate)]),
    ),
  )
  add(
    'statuses.csv',
    [...variantHead, 'transStatus', 'rows'],
    perVariant(variants, ({ metrics }) => Object.entries(metrics.statuses)),
  )
  add(
    'challenge-ends.csv',
    [...variantHead, 'end', 'challenges'],
    perVariant(variants, ({ metrics }) => Object.entries(metrics.challengeEnds)),
  )
  add(
    'cuts.csv',
    [
      ...variantHead,
      'score',
      'frictionless',
      'frictionlessLow',
      'frictionlessHigh',
      'caught',
      'caughtLow',
      'caughtHigh',
      'caughtAmount',
      'caughtAmountLow',
      'caughtAmountHigh',
      'stopped',
      'stoppedLow',
      'stoppedHigh',
      'stoppedAmount',
      'stoppedAmountLow',
      'stoppedAmountHigh',
      'falsePositiveRatio',
      'cost',
      'scoredEvents',
      'scoredFraud',
    ],
    perVariant(variants, ({ metrics }) =>
      metrics.cuts.map((c) => [
        c.score,
        c.frictionless,
        c.frictionlessBand?.low,
        c.frictionlessBand?.high,
        c.caught,
        c.caughtBand?.low,
        c.caughtBand?.high,
        c.caughtAmount,
        c.caughtAmountBand?.low,
        c.caughtAmountBand?.high,
        c.stopped,
        c.stoppedBand?.low,
        c.stoppedBand?.high,
        c.stoppedAmount,
        c.stoppedAmountBand?.low,
        c.stoppedAmountBand?.high,
        c.falsePositiveRatio,
        c.cost,
        ...Object.values(cutOver(metrics)),
      ]),
    ),
  )
  add(
    'daily.csv',
    [
      ...variantHead,
      'day',
      'decided',
      'u',
      'erro',
      'frictionless',
      'challenged',
      'declined',
      'genuine',
      'genuineFlagged',
      'fraud',
      'fraudCaught',
      'fraudStopped',
      'amount',
      'approvedAmount',
      'approvedFraudAmount',
      'precisionAtK',
      'cardPrecisionAtK',
    ],
    perVariant(variants, ({ metrics }) =>
      metrics.daily.map((d) => [
        d.day,
        d.decided,
        d.u,
        d.erro,
        d.frictionless,
        d.challenged,
        d.declined,
        d.genuine,
        d.genuineFlagged,
        d.fraud,
        d.fraudCaught,
        d.fraudStopped,
        d.amount,
        d.approvedAmount,
        d.approvedFraudAmount,
        d.precisionAtK,
        d.cardPrecisionAtK,
      ]),
    ),
  )
  add(
    'attacks.csv',
    [...variantHead, 'kind', 'measure', ...estimateHead],
    perVariant(variants, ({ metrics }) =>
      metrics.attacks.flatMap(({ kind, caught, stopped, caughtAmount, stoppedAmount }) =>
        Object.entries({ caught, stopped, caughtAmount, stoppedAmount }).map(([name, estimate]) => [
          kind,
          name,
          ...estimateCells(estimate),
        ]),
      ),
    ),
  )
  add(
    'slices.csv',
    [...variantHead, 'slice', 'value', 'measure', ...estimateHead],
    perVariant(variants, ({ metrics }) =>
      metrics.slices.flatMap(({ column, values, gap }) => [
        ...values.flatMap(({ value, decided: _, cards: __, ...measures }) =>
          Object.entries(measures).map(([name, estimate]): Row => [column, value, name, ...estimateCells(estimate)]),
        ),
        ...(gap === null
          ? []
          : [[column, `${gap.high} less ${gap.low}`, 'genuineFlagged gap', ...estimateCells(gap.difference)] as Row]),
      ]),
    ),
  )
  add(
    'comparisons.csv',
    [
      'a',
      'b',
      'mode',
      'pairedEvents',
      'decidedA',
      'decidedB',
      'over',
      'rate',
      'valueA',
      'nA',
      'valueB',
      'nB',
      'difference',
      ...intervalHead,
      'p',
      'claimed',
      'holm',
      'shown',
      'why',
    ],
    comparisons.flatMap(({ a, b, mode: how, pairedEvents, decidedA, decidedB, over, differences, beside }) => {
      const rows = (of: Comparison['over'], all: readonly Difference[]): readonly Row[] =>
        all.map((d) => [
          ...[a, b, how, pairedEvents, decidedA, decidedB, of],
          ...[d.key, d.a, d.nA, d.b, d.nB, d.value],
          ...intervalCells(d.interval),
          ...[d.p, d.claimed, d.holm, d.shown, d.why],
        ])
      return [...rows(over, differences), ...rows(over === 'both' ? 'own' : 'both', beside)]
    }),
  )
  add(
    'tests.csv',
    [
      'a',
      'b',
      'test',
      'over',
      'flags',
      'n',
      'both',
      'onlyA',
      'onlyB',
      'neither',
      'difference',
      'se',
      'statistic',
      'p',
      'why',
    ],
    comparisons.flatMap(({ a, b, deLong: d, mcNemar }) => [
      [a, b, 'DeLong', 'scoredPairs', null, d.n, null, null, null, null, d.difference, d.se, d.z, d.p, d.why] as Row,
      ...mcNemar.flatMap((m): readonly Row[] => [
        [
          a,
          b,
          'McNemar exact',
          m.over,
          m.flags,
          m.n,
          m.both,
          m.onlyA,
          m.onlyB,
          m.neither,
          null,
          null,
          null,
          m.exactP,
          m.why,
        ],
        [
          a,
          b,
          'McNemar chi-squared',
          m.over,
          m.flags,
          m.n,
          m.both,
          m.onlyA,
          m.onlyB,
          m.neither,
          null,
          null,
          m.chi2,
          m.chi2P,
          m.why,
        ],
      ]),
    ]),
  )
  add(
    'family.csv',
    ['a', 'b', 'rate', 'over', 'nA', 'nB', 'p', 'holm'],
    comparisons.flatMap(({ a, b, over, differences }) =>
      differences
        .filter(({ holm }) => holm !== null)
        .map(({ key, nA, nB, p, holm }): Row => [a, b, key, over, nA, nB, p, holm]),
    ),
  )
  add(
    'matched.csv',
    ['variant', 'toMeet', 'measure', 'on', 'movedBy', 'wanted', 'reached', 'tried'],
    manifest.matched.map(({ variant, toMeet, measure, on, by, wanted, reached, tried }) => [
      variant,
      toMeet,
      measure,
      'seed' in on ? `seed ${on.seed}` : `${time(on.from)} to ${time(on.to)}`,
      by,
      wanted,
      reached,
      tried.length,
    ]),
  )
  add(
    'repeats.csv',
    ['variant', 'against', 'rate', 'seed', 'value'],
    repeats.flatMap(({ variant, against, rate, bySeed }) =>
      bySeed.map(({ seed, value }): Row => [variant, against, rate, seed, value]),
    ),
  )
  add(
    'repeat-means.csv',
    ['variant', 'against', 'rate', 'seeds', 'mean', 'deviation', 'low', 'high'],
    repeats.map(({ variant, against, rate, bySeed, mean, deviation, interval }) => [
      variant,
      against,
      rate,
      bySeed.length,
      mean,
      deviation,
      interval?.[0],
      interval?.[1],
    ]),
  )
  add(
    'targets.csv',
    ['target', 'low', 'high', 'got', 'n', 'of', 'isInside'],
    targets.map(({ id, low, high, got, n, of, isInside }) => [id, low, high, got, n, of.en, isInside]),
  )
  return tables
}
