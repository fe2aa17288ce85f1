/** What a model is, what it was made of and how far it can be trusted: as JSON, and as a page for people. */
import { hashOf } from '../../risk/scorers/scorer.ts'
import type { StreamMeta } from '../stream/table.ts'
import { type CardMetric, cardMetrics, type Measured, type Quality } from './measure.ts'
import type { TrainSettings } from './settings.ts'
import type { Trained } from './train.ts'

type Span = { readonly from: string; readonly until: string }

export type ModelCard = {
  readonly format: 'sekisho-model-card'
  readonly formatVersion: 1
  readonly model: {
    readonly name: string
    readonly version: string
    readonly kind: string
    readonly file: string
    /** SHA-256 of the file. */
    readonly hash: string
    readonly calibrator: Trained['about']['calibrator']
    readonly genuineKept: number
  }
  readonly data: {
    readonly stream: Pick<StreamMeta, 'name' | 'seed' | 'hash' | 'events'> & Span
    readonly policy: { readonly name: string; readonly hash: string; readonly hears: string }
    readonly periods: { readonly train: Span; readonly held: Span; readonly test: Span }
    readonly gapDays: number
    readonly matureDays: number
    readonly counts: Trained['counts']
    /** Of the test. */
    readonly baseRate: number
  }
  readonly training: Trained['ended']
  readonly settings: TrainSettings['model']
  readonly features: Trained['features']
  readonly quality: Quality
  readonly policyQuality: Quality | null
  readonly tenths: Trained['tenths']
  readonly kinds: Trained['kinds']
  /** What a policy with this model and these thresholds did on events of other seeds. */
  readonly thresholds: ThresholdsTold | null
  readonly intendedUse: string
  readonly limits: readonly string[]
}

/** Of the events of a seed that reached a decision. */
export type SeedTold = {
  readonly seed: string
  readonly use: 'tuned' | 'checked'
  readonly n: number
  readonly frictionless: number
  readonly challenged: number
  readonly declined: number
  readonly frauds: number
  readonly fraudCaught: number
}

export type ThresholdsTold = {
  readonly challenge: number
  readonly reject: number
  readonly seeds: readonly SeedTold[]
  /** Another policy on the seeds that were checked. */
  readonly beside: { readonly policy: string; readonly seeds: readonly SeedTold[] }
}

export type CardContext = {
  readonly meta: Pick<StreamMeta, 'name' | 'seed' | 'hash' | 'events' | 'from' | 'to'>
  readonly policy: { readonly name: string; readonly hash: string }
  readonly settings: TrainSettings
  readonly file: string
  readonly thresholds?: ThresholdsTold | undefined
}

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')
const spanOf = ({ from, until }: { readonly from: number; readonly until: number }): Span => ({
  from: iso(from),
  until: iso(until),
})

const usualUse =
  'Studies in the lab, and trials of the server. As evidence about real cardholders it has to be trained and measured again on real events.'

export function cardOf(trained: Trained, { meta, policy, settings, file, thresholds }: CardContext): ModelCard {
  const { split, counts } = trained
  return {
    format: 'sekisho-model-card',
    formatVersion: 1,
    model: {
      name: trained.about.name,
      version: trained.about.version,
      kind: trained.about.kind,
      file,
      hash: hashOf(trained.text),
      calibrator: trained.about.calibrator,
      genuineKept: trained.about.genuineKept,
    },
    data: {
      stream: {
        name: meta.name,
        seed: meta.seed,
        hash: meta.hash,
        events: meta.events,
        from: iso(meta.from),
        until: iso(meta.to),
      },
      policy: { ...policy, hears: settings.hears },
      periods: {
        train: spanOf(split.periods.train),
        held: spanOf(split.periods.held),
        test: spanOf(split.periods.test),
      },
      gapDays: split.periods.gapDays,
      matureDays: settings.split.matureDays,
      counts,
      baseRate: counts.test.frauds / counts.test.n,
    },
    training: trained.ended,
    settings: settings.model,
    features: trained.features,
    quality: trained.quality,
    policyQuality: trained.policyQuality ?? null,
    tenths: trained.tenths,
    kinds: trained.kinds,
    thresholds: thresholds ?? null,
    intendedUse: settings.card.intendedUse ?? usualUse,
    limits: settings.card.limits,
  }
}

const words: Readonly<Record<CardMetric, string>> = {
  auc: 'AUC (ROC)',
  averagePrecision: 'average precision',
  ks: 'KS',
  tprAtFpr1: 'fraud found where 1 % of genuine events are flagged',
  brier: 'Brier',
  logLoss: 'log loss',
  ece: 'calibration error (ECE, 10 bins)',
}
const ranking: readonly CardMetric[] = ['auc', 'averagePrecision', 'ks', 'tprAtFpr1']

const digits = (value: number): string =>
  value === 0 ? '0' : Math.abs(value) < 0.01 ? value.toPrecision(3) : value.toFixed(4)
const percent = (value: number, places = 2): string => `${(100 * value).toFixed(places)} %`
const count = new Intl.NumberFormat('en')
const withInterval = ({ value, low, high }: Measured): string =>
  low === null || high === null ? digits(value) : `${digits(value)} (${digits(low)} to ${digits(high)})`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${' --- |'.repeat(head.length)}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]

export function cardMarkdown(card: ModelCard): string {
  const { model, data, quality, policyQuality, tenths, kinds, thresholds, features } = card
  const { counts, stream, periods } = data
  const signed = features.filter(({ sign }) => sign !== null).length
  const lines = [
    `# Model card: ${model.name}`,
    '',
    '## What it is',
    '',
    ...table(
      ['', ''],
      [
        ['kind', model.kind],
        ['version', model.version],
        ['file', `\`${model.file}\``],
        ['SHA-256', `\`${model.hash}\``],
        ['training', trainingWords(card)],
        ['calibrator', calibratorWords(card)],
        ['features', `${features.length}, of which ${signed} may move the score one way only`],
      ],
    ),
    '',
    `**Intended use.** ${card.intendedUse}`,
    '',
    '## What it was made of',
    '',
    ...table(
      ['', ''],
      [
        [
          'stream',
          `${stream.name}, seed ${stream.seed}, ${count.format(stream.events)} events, ${stream.from} to ${stream.until} UTC`,
        ],
        ['SHA-256 of the stream', `\`${stream.hash}\``],
        [
          'policy that ran meanwhile',
          `${data.policy.name} (\`${data.policy.hash}\`), assessments heard: ${data.policy.hears}`,
        ],
        [
          'gap',
          `${data.gapDays} days between what was trained on and the test; an event counts as genuine after ${data.matureDays} days without a report`,
        ],
      ],
    ),
    '',
    ...table(
      ['Part', 'From (UTC)', 'Until', 'Events', 'Frauds known', 'Share'],
      (
        [
          ['train', periods.train, counts.train],
          ['held back', periods.held, counts.held],
          ['test', periods.test, counts.test],
        ] as const
      ).map(([part, span, { n, frauds }]) => [
        part,
        span.from,
        span.until,
        count.format(n),
        count.format(frauds),
        n === 0 ? '–' : percent(frauds / n),
      ]),
    ),
    '',
    `The model was trained as of the first moment of the test, with the labels that had come by then: ${count.format(counts.unreported)} frauds before the gap had not been reported and counted as genuine. ` +
      `The training kept ${percent(model.genuineKept, 0)} of the genuine events${model.genuineKept === 1 ? '' : '; the odds are shifted back'}. Frauds of the test are all that were committed, reported or not.`,
    '',
    '## How good it is',
    '',
    `On the test: ${count.format(quality.n)} events of ${count.format(quality.cards)} cards, ${count.format(quality.frauds)} frauds (${percent(data.baseRate)}). In brackets the middle ${percent(quality.level, 0)} of ${count.format(quality.draws)} resamples of whole cards.`,
    '',
    ...table(
      ['Metric', model.name, ...(policyQuality === null ? [] : [`${data.policy.name}, on the same events`])],
      cardMetrics.map((metric) => [
        words[metric],
        withInterval(quality.metrics[metric]),
        // A scorecard's score is no probability.
        ...(policyQuality === null
          ? []
          : [ranking.includes(metric) ? withInterval(policyQuality.metrics[metric]) : '–']),
      ]),
    ),
    '',
    'What was said and what was, in ten parts of equal size from the lowest to the highest score:',
    '',
    ...table(
      ['Part', 'Events', 'Mean probability said', 'Share of fraud'],
      tenths.map(({ n, said, frauds }, i) => [
        String(i + 1),
        count.format(n),
        percent(said, 3),
        percent(n === 0 ? 0 : frauds / n, 3),
      ]),
    ),
    '',
    'Frauds of the test by pattern, and how many lie among the riskiest 1 % and 5 % of all events:',
    '',
    ...table(
      ['Pattern', 'Frauds', 'in 1 %', 'in 5 %'],
      kinds.map(({ kind, frauds, at1, at5 }) => [
        kind === '' ? '(not told)' : `\`${kind}\``,
        count.format(frauds),
        `${at1} (${percent(at1 / frauds, 0)})`,
        `${at5} (${percent(at5 / frauds, 0)})`,
      ]),
    ),
    '',
    ...(thresholds === null ? [] : thresholdLines(thresholds, model.name)),
    '## What it looks at',
    '',
    'Share: the mean of the absolute log-odds that the feature added on the test. A feature that may only rise never lowers the score when it grows.',
    '',
    ...table(
      [
        'Feature',
        'Constraint',
        'Missing in training',
        'Share',
        ...(card.training.kind === 'logistic' ? ['Weight'] : []),
      ],
      features.map(({ name, sign, missing, share, weight }) => [
        `\`${name}\``,
        sign ?? '',
        percent(missing, 1),
        share.toFixed(3),
        ...(card.training.kind === 'logistic' ? [weight === null ? '' : weight.toFixed(3)] : []),
      ]),
    ),
    '',
    ...(card.limits.length === 0 ? [] : ['## Limits', '', ...card.limits.map((limit) => `- ${limit}`), '']),
  ]
  return lines.join('\n')
}

function trainingWords({ training, settings }: ModelCard): string {
  switch (training.kind) {
    case 'logistic':
      return `penalised likelihood, C = ${settings.kind === 'logistic' ? settings.c : '?'}; Newton’s method, ${training.iterations} steps; largest component of the gradient at the end ${training.gradient.toExponential(1)}`
    case 'gbdt':
      return `${training.trees} trees of ${training.grown} grown${settings.kind === 'gbdt' ? `, at most ${settings.leaves} leaves and ${settings.depth} levels, rate ${settings.rate}` : ''}; log loss ${training.trainLoss === null ? '–' : digits(training.trainLoss)} in training, ${training.heldLoss === null ? '–' : digits(training.heldLoss)} on what was held back (both with as few genuine events as the training kept)`
    case 'iforest':
      return `${training.trees} trees, each on ${training.sampleSize} events, without labels`
  }
}

function calibratorWords({ model: { calibrator } }: ModelCard): string {
  switch (calibrator.kind) {
    case 'none':
      return 'none'
    case 'platt':
      return `Platt on the ${calibrator.on === 'score' ? 'raw score' : 'log-odds'}: slope ${calibrator.slope.toPrecision(6)}, intercept ${calibrator.intercept.toPrecision(6)}; fitted on what was held back`
    case 'isotonic':
      return `isotonic, ${calibrator.points.length} points; fitted on what was held back`
  }
}

const thresholdLines = ({ challenge, reject, seeds, beside }: ThresholdsTold, name: string): string[] => [
  '## Thresholds of the shipped policy',
  '',
  `The policy \`${name}\` challenges from ${challenge} on and rejects from ${reject} on (log-odds). Where challenges begin was set on some seeds and checked on others; the model was trained on none of them. Shares are of the events that reached a decision (replay, without assessments).`,
  '',
  ...table(
    [
      'Policy',
      'Seed',
      'Use',
      'Events',
      'Frictionless (Y, A, I)',
      'Challenged (C, D, S)',
      'Declined (N, R)',
      'Frauds',
      'Fraud caught',
    ],
    [...seeds.map((one) => seedRow(name, one)), ...beside.seeds.map((one) => seedRow(beside.policy, one))],
  ),
  '',
]

const seedRow = (policy: string, one: SeedTold): string[] => [
  `\`${policy}\``,
  one.seed,
  one.use,
  count.format(one.n),
  percent(one.frictionless),
  percent(one.challenged),
  percent(one.declined),
  count.format(one.frauds),
  percent(one.fraudCaught, 1),
]
