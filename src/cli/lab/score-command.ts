import { writeFile } from 'node:fs/promises'
import { measureScores, type Scored } from '../../lab/files/score.ts'
import type { Estimate, EstimateKey } from '../../lab/metrics/types.ts'
import { definitions, whyNotWords } from '../../lab/metrics/words.ts'
import { openStream } from '../../lab/stream/store.ts'
import type { StreamMeta } from '../../lab/stream/table.ts'
import { barOf } from './bar.ts'
import type { ScoreCommandOptions } from './score.ts'
import { columns } from './table.ts'

const shown: readonly EstimateKey[] = [
  'auc',
  'averagePrecision',
  'tprAtFpr1',
  'tprAtFpr5',
  'ks',
  'precisionAtK',
  'cardPrecisionAtK',
]
const ofProbabilities: readonly EstimateKey[] = ['brier', 'logLoss', 'ece']

export async function scoreCommand(folder: string, options: ScoreCommandOptions): Promise<number> {
  const stream = await openStream(folder)
  const bar = barOf(options.quiet === true)
  let scored: Scored
  try {
    scored = await measureScores(stream, {
      seed: options.seed,
      k: options.k,
      areProbabilities: options.probabilities,
      scores: options.score,
      onProgress: (done, of) => bar.at(done / of, `${done} of ${of} scores`),
    })
  } finally {
    bar.end()
  }
  for (const file of options.out ?? []) await writeFile(file, await contentOf(file, scored, stream.meta, options))
  process.stdout.write(wordsOf(scored, options.probabilities === true))
  return 0
}

async function contentOf(
  file: string,
  scored: Scored,
  { name, hash }: StreamMeta,
  { seed, lang = 'en' }: ScoreCommandOptions,
): Promise<string> {
  if (!/\.html?$/i.test(file)) return `${JSON.stringify(scored, null, 2)}\n`
  const { scoresHtml } = await import('../../lab/report/scores.ts')
  return scoresHtml({ ...scored, stream: { name, hash }, seed }, { lang })
}

const count = (value: number): string => value.toLocaleString('en')

function numberOf({ value, interval, why }: Estimate): string {
  if (value === null) return why === undefined ? '–' : whyNotWords[why].en
  const middle = value.toFixed(4)
  return interval === null ? middle : `${middle} (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})`
}

function wordsOf({ metrics, comparisons }: Scored, areProbabilities: boolean): string {
  const [first] = metrics
  if (first === undefined) return 'There is no score.\n'
  const { population, k } = first
  const lines = [
    `Nothing was decided: scores are measured. ${count(population.decided)} events of ${count(population.cards)} cards on ${count(population.days)} days, ${count(population.fraud)} of them fraud; 95 % intervals by resampling cards, k = ${k}.`,
    '',
    columns(
      ['', ...metrics.map(({ variant }) => variant)],
      [...shown, ...(areProbabilities ? ofProbabilities : [])].map((key) => [
        definitions[key].title.en,
        ...metrics.map(({ estimates }) => numberOf(estimates[key])),
      ]),
    ),
  ]
  for (const { words } of comparisons) lines.push('', ...words.map(({ en }) => en))
  return `${lines.join('\n')}\n`
}
