/** Scores that were imported are measured as they are: nothing is decided, so that only what ranks or tells a probability is. */
import { compare, withHolm } from '../metrics/compare.ts'
import { readGround } from '../metrics/ground.ts'
import { type Measured, measure } from '../metrics/measure.ts'
import type { Comparison, EstimateKey, Metrics } from '../metrics/types.ts'
import type { DecisionPart } from '../run/decisions.ts'
import type { EventStream } from '../stream/table.ts'
import { LabFileError } from './rows.ts'

export type ScoreOptions = {
  /** Of the resamples. */
  readonly seed: string
  readonly draws?: number | undefined
  /** For the precision of each day. */
  readonly k?: number | undefined
  /** The scores are probabilities; otherwise they only rank. */
  readonly areProbabilities?: boolean | undefined
  /** Which scores, the first being what the others are held against; undefined: all, by name. */
  readonly scores?: readonly string[] | undefined
  readonly onProgress?: ((done: number, of: number) => void) | undefined
}
export type Scored = { readonly metrics: readonly Metrics[]; readonly comparisons: readonly Comparison[] }

/** Of a stream that `lab import --scores` wrote. @throws LabFileError */
export function scoresOf({ meta }: EventStream): readonly string[] {
  const { scores } = meta.made
  if (Array.isArray(scores)) return scores.filter((name) => typeof name === 'string')
  throw new LabFileError(meta.name, 'holds no scores of elsewhere (lab import --scores)')
}

/** What a comparison of scores claims something of. */
const rankings = ['auc', 'averagePrecision', 'cardPrecisionAtK'] as const satisfies readonly EstimateKey[]
const yes = 89 // Y: it counts, and nothing is made of it

/** A row per event, with the score in that column. */
export async function* scoredBy(stream: EventStream, score: string): AsyncGenerator<DecisionPart> {
  for await (const { n, first, columns } of stream.parts()) {
    const valuesOf = (name: string): Float64Array => {
      const column = columns.get(name)
      return column?.kind === 'number' ? column.values : new Float64Array(n).fill(Number.NaN)
    }
    yield {
      n,
      event: Float64Array.from({ length: n }, (_, row) => first + row),
      attempt: new Uint8Array(n),
      ts: valuesOf('ts'),
      amount: valuesOf('purchaseAmount'),
      score: valuesOf(score),
      status: new Uint8Array(n).fill(yes),
      challenge: new Uint8Array(n),
      reason: new Uint16Array(n),
    }
  }
}

/** @throws LabFileError: no such score */
export async function measureScores(stream: EventStream, options: ScoreOptions): Promise<Scored> {
  const known = scoresOf(stream)
  const wanted = options.scores ?? known
  const missing = wanted.find((name) => !known.includes(name))
  if (missing !== undefined)
    throw new LabFileError(stream.meta.name, `there is no score ${missing}; there are ${known.join(', ')}`)
  const ground = await readGround(stream)
  try {
    const sides: { readonly measured: Measured; readonly decisions: () => AsyncGenerator<DecisionPart> }[] = []
    for (const [at, variant] of wanted.entries()) {
      options.onProgress?.(at, wanted.length)
      const decisions = (): AsyncGenerator<DecisionPart> => scoredBy(stream, variant)
      const measured = await measure(ground, decisions, {
        variant,
        mode: 'scores',
        seed: options.seed,
        // Days are those of the file.
        timeZone: 'UTC',
        scale: options.areProbabilities === true ? 'probability' : 'rank',
        ...(options.draws !== undefined && { draws: options.draws }),
        ...(options.k !== undefined && { k: options.k }),
      })
      sides.push({ measured, decisions })
    }
    options.onProgress?.(wanted.length, wanted.length)
    const [first, ...others] = sides
    const claims = [...rankings, ...(options.areProbabilities === true ? (['brier'] as const) : [])]
    const comparisons: Comparison[] = []
    if (first !== undefined)
      for (const other of others) comparisons.push(await compare(ground, first, other, { claims }))
    return { metrics: sides.map(({ measured }) => measured.metrics), comparisons: withHolm(comparisons) }
  } finally {
    await ground.close()
  }
}
