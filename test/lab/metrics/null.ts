/**
 * `npm run lab:null -- --seeds 500`: do intervals and tests keep their word? Two policies with equal true rates, then with a planted difference
 * whose power is computed before anything is drawn. Results and what they mean: docs/lab-statistics.md.
 */
import { parseArgs } from 'node:util'
import { withHolm } from '../../../src/lab/metrics/compare.ts'
import type { EstimateKey, Metrics } from '../../../src/lab/metrics/types.ts'
import { runSeed } from './null-run.ts'
import {
  nullWorld,
  plannedFrictionless,
  plannedStopped,
  type Truth,
  truthOf,
  type World,
  wilson,
} from './null-world.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    draws: { type: 'string', default: '2000' },
    cards: { type: 'string', default: String(nullWorld.cards) },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const seeds = Number(values.seeds)
const draws = Number(values.draws)
const first = Number(values.first)
const world: World = { ...nullWorld, cards: Number(values.cards) }

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`
function line(name: string, hits: number, n: number): void {
  const { low, high } = wilson(hits, n)
  console.log(
    `${name.padEnd(46)} ${String(hits).padStart(4)} of ${n}: ${percent(hits / n)} (${percent(low)} to ${percent(high)})`,
  )
}

const rates = ['frictionless', 'fraudStopped', 'genuineLost', 'auc'] as const satisfies readonly (keyof Truth &
  EstimateKey)[]
const differences = [
  'frictionless',
  'fraudStopped',
  'fraudStoppedAmount',
  'genuineLost',
  'auc',
  'averagePrecision',
] as const

const count = <K extends string>(keys: readonly K[]): Record<K, number> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>

async function runNull(world: World, name: string): Promise<void> {
  const truth = truthOf(world, 'A')
  const claims = count(differences)
  const byP = count(differences)
  const own = count(differences)
  const covered = count(rates)
  let deLong = 0
  let mcNemar = 0
  let anyByHolm = 0
  for (let seed = first; seed < first + seeds; seed++) {
    const { a, comparison } = await runSeed(world, `null/${seed}`, draws)
    for (const key of differences) {
      const difference = comparison.differences.find((one) => one.key === key)
      if (difference?.shown === true) claims[key]++
      if ((difference?.p ?? 1) <= 0.05) byP[key]++
      if (comparison.beside.find((one) => one.key === key)?.shown === true) own[key]++
    }
    for (const key of rates) if (covers(a, key, truth[key])) covered[key]++
    if ((comparison.deLong.p ?? 1) <= 0.05) deLong++
    const budget = comparison.mcNemar.find(({ flags, over }) => flags === 'budget' && over === 'fraud')
    if ((budget?.exactP ?? 1) <= 0.05) mcNemar++
    if (withHolm([comparison])[0]?.differences.some(({ holm, shown }) => holm !== null && shown) === true) anyByHolm++
    progress(seed)
  }
  console.log(
    `\nNull: ${name}, ${seeds} seeds, ${draws} draws each. False claims at 5 %, and coverage of 95 % intervals:`,
  )
  for (const key of differences) line(`false claim, interval: ${key}`, claims[key], seeds)
  for (const key of differences) line(`false claim, p ≤ 0.05: ${key}`, byP[key], seeds)
  if (world.unserved !== undefined)
    for (const key of differences) line(`false claim, interval, each over its own: ${key}`, own[key], seeds)
  line('false claim, DeLong', deLong, seeds)
  line('false claim, McNemar exact, fraud, at budget', mcNemar, seeds)
  line('any claim of the six after Holm', anyByHolm, seeds)
  // What cannot be served is no longer part of the rates, whose true values are then others.
  if (world.unserved === undefined)
    for (const key of rates) line(`interval of the rate holds the truth: ${key}`, covered[key], seeds)
}

const covers = (metrics: Metrics, key: EstimateKey, truth: number): boolean => {
  const { interval } = metrics.estimates[key]
  return interval !== null && interval.low <= truth && truth <= interval.high
}

type Planted = { readonly name: string; readonly key: 'frictionless' | 'fraudStopped'; readonly world: World }
const planted: readonly Planted[] = [
  { name: 'frictionless, threshold moved', key: 'frictionless', world: { ...world, cutB: world.cutA + 0.065 } },
  {
    name: 'fraud stopped, better signal',
    key: 'fraudStopped',
    world: { ...world, signalB: world.signalA + 0.42 },
  },
]

async function runPlanted({ name, key, world }: Planted): Promise<void> {
  const plan = key === 'frictionless' ? plannedFrictionless(world) : plannedStopped(world)
  console.log(
    `\nPlanted: ${name}. Beforehand: difference ${percent(plan.difference, 3)}, standard error ${percent(plan.se, 3)}, power ${percent(plan.power)}`,
  )
  let found = 0
  let covered = 0
  let sum = 0
  let squares = 0
  for (let seed = first; seed < first + seeds; seed++) {
    const { comparison } = await runSeed(world, `planted/${key}/${seed}`, draws)
    const difference = comparison.differences.find((one) => one.key === key)
    const value = difference?.value ?? 0
    sum += value
    squares += value ** 2
    if (difference?.shown === true) found++
    const interval = difference?.interval
    if (interval && interval.low <= plan.difference && plan.difference <= interval.high) covered++
    progress(seed)
  }
  const mean = sum / seeds
  const deviation = Math.sqrt((squares / seeds - mean ** 2) * (seeds / (seeds - 1)))
  console.log(`mean difference ${percent(mean, 3)}, standard deviation over seeds ${percent(deviation, 3)}`)
  line(`found: ${key}`, found, seeds)
  line(`interval holds the planted difference: ${key}`, covered, seeds)
}

function progress(seed: number): void {
  if (process.stderr.isTTY === true && (seed - first + 1) % 10 === 0)
    process.stderr.write(`\r${seed - first + 1}/${seeds} `)
}

if (values.only === undefined || values.only === 'null') await runNull(world, 'equal true rates')
if (values.only === undefined || values.only === 'unserved')
  await runNull({ ...world, unserved: 0.2 }, 'equal true rates, one challenge in five answered with U')
for (const one of planted) if (values.only === undefined || values.only === one.key) await runPlanted(one)
