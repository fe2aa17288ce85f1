/** One seed of a known world through the lab's own measuring and comparing. */
import { compare, type Side } from '../../../src/lab/metrics/compare.ts'
import { type Ground, readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import type { Comparison, Metrics } from '../../../src/lab/metrics/types.ts'
import { draw, type World } from './null-world.ts'
import { type Decision, decisionsOf, type Row, streamOf } from './support.ts'

export type Run = { readonly a: Metrics; readonly b: Metrics; readonly comparison: Comparison }

export async function runSeed(world: World, seed: string, draws = 2_000): Promise<Run> {
  const { rows, a, b } = draw(world, seed)
  const ground = await readGround(streamOf(rows))
  const [one, other] = [await side(ground, 'A', a, rows, seed, draws), await side(ground, 'B', b, rows, seed, draws)]
  const comparison = await compare(ground, one, other, {
    claims: ['frictionless', 'fraudStopped', 'fraudStoppedAmount', 'genuineLost', 'auc', 'averagePrecision'],
  })
  return { a: one.measured.metrics, b: other.measured.metrics, comparison }
}

async function side(
  ground: Ground,
  variant: string,
  list: readonly Decision[],
  rows: readonly Row[],
  seed: string,
  draws: number,
): Promise<Side> {
  const decisions = decisionsOf(list, rows, 16_384)
  const measured = await measure(ground, decisions, { variant, mode: 'replay', seed, draws, timeZone: 'UTC' })
  return { measured, decisions }
}
