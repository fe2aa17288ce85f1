/** A few rates of a run without intervals, for what is tried many times: thresholds that are tuned, populations of other seeds. */
import type { Ground } from '../metrics/ground.ts'
import { measureRates } from '../metrics/measure.ts'
import { openDecisions } from '../run/decision-files.ts'
import type { Experiment } from './schema.ts'

export const lightKeys = [
  'frictionless',
  'challenge',
  'decline',
  'completion',
  'genuineFlagged',
  'genuineLost',
  'fraudCaught',
  'fraudCaughtAmount',
  'fraudStopped',
  'fraudStoppedAmount',
  'fraudBpsAfter',
] as const
export type LightKey = (typeof lightKeys)[number]
export type LightRates = Readonly<Record<LightKey, number | null>>

/** Of the decisions in a folder, on the measured part of their stream. */
export async function lightRates(
  ground: Ground,
  folder: string,
  { seed, mode }: Pick<Experiment, 'seed' | 'mode'>,
): Promise<LightRates> {
  const { meta, parts } = await openDecisions(folder)
  const rates = await measureRates(ground, parts, { variant: meta.variant, seed, mode })
  return Object.fromEntries(lightKeys.map((key) => [key, rates[key].value])) as Record<LightKey, number | null>
}
