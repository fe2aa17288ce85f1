/** The same variants over populations of other seeds: how far rates and differences go beyond one population. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { groundColumns, readGround } from '../metrics/ground.ts'
import { type Deciding, decide } from './deciding.ts'
import { jsonText, put, readJson } from './folder.ts'
import { type LightKey, type LightRates, lightKeys, lightRates } from './rates.ts'
import { type Making, narrowed, prepare, Stopped } from './stream.ts'
import { student975 } from './student.ts'
import type { Repeat } from './summary.ts'
import type { Planned } from './variants.ts'

type World = Deciding & Making & { readonly work: string }
type OfSeed = { readonly seed: string; readonly rates: Readonly<Record<string, LightRates>> }

const ratesSchema = z.record(
  z.string(),
  z.object(
    Object.fromEntries(lightKeys.map((key) => [key, z.number().nullable()])) as Record<
      LightKey,
      z.ZodNullable<z.ZodNumber>
    >,
  ),
)

/** Ablations and sweeps are many, and are not repeated. */
export const isRepeated = ({ about: { kind } }: Planned): boolean =>
  kind === 'policy' || kind === 'assessments' || kind === 'match'

export async function repeat(
  variants: readonly Planned[],
  pairs: readonly (readonly [a: string, b: string])[],
  world: World,
): Promise<readonly Repeat[]> {
  const { experiment, work, meter } = world
  const { repeats } = experiment
  const chosen = variants.filter(isRepeated)
  const all: OfSeed[] = []
  for (const [i, seed] of repeats.entries()) {
    meter.at('repeats', i, repeats.length, 'seeds', seed)
    all.push({ seed, rates: await ofSeed(seed, chosen, world) })
  }
  if (all.length > 0) meter.at('repeats', repeats.length, repeats.length, 'seeds')
  await rm(join(work, 'repeat'), { recursive: true, force: true })
  const ids = chosen.map(({ about }) => about.id)
  return [
    ...ids.flatMap((variant) =>
      lightKeys.flatMap((rate) => repeatOf({ variant, rate }, all, (rates) => rates[variant]?.[rate])),
    ),
    ...pairs
      .filter(([a, b]) => ids.includes(a) && ids.includes(b))
      .flatMap(([against, variant]) =>
        lightKeys.flatMap((rate) =>
          repeatOf({ variant, against, rate }, all, (rates) => less(rates[variant]?.[rate], rates[against]?.[rate])),
        ),
      ),
  ]
}

const less = (b: number | null | undefined, a: number | null | undefined): number | null =>
  typeof a === 'number' && typeof b === 'number' ? b - a : null

async function ofSeed(seed: string, variants: readonly Planned[], world: World): Promise<OfSeed['rates']> {
  const { experiment, work, signal } = world
  const note = `repeat-${encodeURIComponent(seed)}.json`
  const kept = ratesSchema.safeParse(await readJson(work, note))
  if (kept.success) return kept.data
  const place = join(work, 'repeat', encodeURIComponent(seed))
  const prepared = await prepare(experiment.stream, join(place, 'stream'), { ...world, seed })
  const runs = await decide(variants, prepared, place, world, 'repeats', `seed ${seed}`)
  if (signal.aborted) throw new Stopped()
  const ground = await readGround(await narrowed(prepared, groundColumns([])), { slices: [], scratch: place })
  const rates: Record<string, LightRates> = {}
  for (const { one, folder } of runs) rates[one.about.id] = await lightRates(ground, folder, experiment)
  await ground.close()
  await put(work, note, jsonText(rates))
  await rm(place, { recursive: true, force: true })
  return rates
}

/** None where a seed has no value. */
function repeatOf(
  about: Pick<Repeat, 'variant' | 'against' | 'rate'>,
  all: readonly OfSeed[],
  read: (rates: OfSeed['rates']) => number | null | undefined,
): readonly Repeat[] {
  const bySeed = all.flatMap(({ seed, rates }) => {
    const value = read(rates)
    return typeof value === 'number' ? [{ seed, value }] : []
  })
  if (bySeed.length === 0 || bySeed.length < all.length) return []
  const n = bySeed.length
  const mean = bySeed.reduce((sum, { value }) => sum + value, 0) / n
  if (n < 2) return [{ ...about, bySeed, mean, deviation: null, interval: null }]
  const deviation = Math.sqrt(bySeed.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (n - 1))
  const half = (student975(n - 1) * deviation) / Math.sqrt(n)
  return [{ ...about, bySeed, mean, deviation, interval: [mean - half, mean + half] }]
}
