/**
 * What assessments bring on labelled streams: the same purchases decided without them, with them, and by a blind sum of what the verdicts
 * say by themselves. Replay: the streams stay as they were, so that decisions are measured and not their consequences.
 *
 *   npx tsx test/risk/streams/comparison.ts --first 1 --seeds 10
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { loadPolicy, type Policy, shippedPolicy } from '../../../src/risk/policy.ts'
import { calibrated, emptySource, type Opinion, opinionOf, type SourceRecord } from '../../../src/risk/sources.ts'
import { run } from './runner.ts'
import {
  difference,
  isAttack,
  isMeasured,
  type Records,
  type Ruling,
  rulingBy,
  type Screened,
  type SourceName,
  screenedOf,
  sourceNames,
  unknown,
} from './screening.ts'
import { size, streamOf } from './stream.ts'

export const policy: Policy = loadPolicy(readFileSync(shippedPolicy('rules-jp'), 'utf8'))
const listening = policy.assessments
if (listening === undefined) throw new Error('rules-jp does not listen')
const sources = Object.fromEntries(sourceNames.map((name) => [name, { trust: 1 }]))
const heeding = { ...listening, sources }
/** Each verdict at its face value: no records, no limits, everybody counts whole. */
const naive = { ...heeding, further: 1, most: { for: 20, against: 20 }, floorsFrom: 0 }

const ways = {
  without: { policy, opinions: (): readonly Opinion[] => [] },
  /** As rules-jp does it, all sources named. */
  fused: { policy: { ...policy, assessments: heeding }, opinions: (all: readonly Opinion[]) => all },
  /** The same, and no verdict is a floor. */
  noFloors: {
    policy: { ...policy, assessments: { ...heeding, floors: {} } },
    opinions: (all: readonly Opinion[]) => all,
  },
  cautious: {
    policy: { ...policy, assessments: { ...heeding, mode: 'cautious' as const } },
    opinions: (all: readonly Opinion[]) => all,
  },
  /** Nobody is named: all weigh a quarter. */
  unnamed: {
    policy: { ...policy, assessments: { ...heeding, sources: {} } },
    opinions: (all: readonly Opinion[]) => all,
  },
  blind: { policy: { ...policy, assessments: naive }, opinions: unknown },
  blindNoFloors: { policy: { ...policy, assessments: { ...naive, floors: {} } }, opinions: unknown },
} as const
export type Way = keyof typeof ways
export const wayNames = Object.keys(ways) as readonly Way[]

export type Row = {
  readonly who: string
  readonly kind: 'genuine' | 'attack' | 'family'
  readonly by: { readonly [W in Way]: Ruling }
}
export type Compared = { readonly rows: readonly Row[]; readonly records: readonly Records[] }

const kindOf = (one: Screened): Row['kind'] =>
  isAttack(one) ? 'attack' : one.judged.event.pattern === undefined ? 'genuine' : 'family'

export function compared(seeds: readonly number[]): Compared {
  const records: Records[] = []
  const rows = seeds.flatMap((seed) => {
    const { screened, atEnd } = screenedOf(seed, run(seed, streamOf(seed, size), policy))
    records.push(atEnd)
    const rule = Object.fromEntries(wayNames.map((name) => [name, rulingBy(ways[name].policy)]))
    return screened.filter(isMeasured).map(
      (one): Row => ({
        who: `${seed}/${one.judged.event.who}`,
        kind: kindOf(one),
        by: Object.fromEntries(
          wayNames.map((name) => [name, rule[name]?.(one, ways[name].opinions(one.opinions))]),
        ) as Row['by'],
      }),
    )
  })
  return { rows, records }
}

export const of = ({ rows }: Compared, kind: Row['kind']): readonly Row[] => rows.filter((row) => row.kind === kind)
const share = (rows: readonly Row[], is: (row: Row) => boolean): number => rows.filter(is).length / rows.length

/** Challenged or refused, of all of that kind. */
export const flaggedBy = (all: Compared, kind: Row['kind'], way: Way): number =>
  share(of(all, kind), ({ by }) => by[way].flagged)

const versus = (rows: readonly Row[], is: (ruling: Ruling, way: Way) => boolean, [a, b]: readonly [Way, Way]) =>
  difference(
    rows.map(({ who, by }) => ({ who, a: Number(is(by[a], a)), b: Number(is(by[b], b)) })),
    1,
  )

/** How much more of that kind is flagged the second way. */
export const moreFlagged = (all: Compared, kind: Row['kind'], pair: readonly [Way, Way]) =>
  versus(of(all, kind), ({ flagged }) => flagged, pair)

/** The score above which so much of the genuine lies. */
function cutAt(all: Compared, way: Way, budget: number): number {
  const scores = of(all, 'genuine')
    .map(({ by }) => by[way].score)
    .toSorted((a, b) => a - b)
  return scores[Math.floor(scores.length * (1 - budget))] ?? Number.POSITIVE_INFINITY
}

/** Fraud above that score, either way, where as many of the genuine are flagged. */
export function moreCaughtAt(all: Compared, budget: number, pair: readonly [Way, Way]) {
  const cuts = new Map(pair.map((way) => [way, cutAt(all, way, budget)]))
  const isCaught = ({ score }: Ruling, way: Way): boolean => score > (cuts.get(way) ?? 0)
  const rows = of(all, 'attack')
  const [a, b] = pair
  return {
    ...versus(rows, isCaught, pair),
    a: share(rows, ({ by }) => isCaught(by[a], a)),
    b: share(rows, ({ by }) => isCaught(by[b], b)),
  }
}

/** What an NG and an OK of a source are worth by its record. */
export const worthOf = (record: SourceRecord, source: SourceName, verdict: Opinion['verdict']): number =>
  calibrated(
    opinionOf({ source, verdict, reasons: [], issuedAt: '', about: {} }, 'ahead', record, emptySource),
    heeding.average,
  )

function print(): void {
  const { values } = parseArgs({
    options: { first: { type: 'string', default: '1' }, seeds: { type: 'string', default: '10' } },
  })
  const all = compared(Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.first) + i))
  const percent = (value: number): string => (100 * value).toFixed(2).padStart(6)
  const told = ({ by, from, to }: ReturnType<typeof difference>): string =>
    `${percent(by)} [${percent(from)}, ${percent(to)}]`
  console.log(`genuine ${of(all, 'genuine').length}, attack ${of(all, 'attack').length}; all numbers in percent`)
  for (const way of wayNames) {
    const flagged = (kind: Row['kind']) => percent(flaggedBy(all, kind, way))
    const line = `${way.padEnd(14)} frictionless ${percent(1 - flaggedBy(all, 'genuine', way))}  caught ${flagged('attack')}`
    const less = difference(
      of(all, 'genuine').map(({ who, by }) => ({
        who,
        a: Number(!by.without.flagged),
        b: Number(!by[way].flagged),
      })),
      1,
    )
    console.log(
      `${line}  against without: frictionless ${told(less)}  caught ${told(moreFlagged(all, 'attack', ['without', way]))}`,
    )
  }
  for (const budget of [0.005, 0.01, 0.02])
    for (const pair of [
      ['without', 'noFloors'],
      ['without', 'blindNoFloors'],
      ['blindNoFloors', 'noFloors'],
    ] as const) {
      const found = moreCaughtAt(all, budget, pair)
      const names = `${pair[0]} ${percent(found.a)}, ${pair[1]} ${percent(found.b)}`
      console.log(`at ${percent(budget)} of the genuine asked: ${names}, difference ${told(found)}`)
    }
  for (const name of sourceNames) {
    const worths = all.records.map((one) => one.get(name) ?? emptySource)
    const mean = (verdict: Opinion['verdict']): string =>
      (worths.reduce((sum, record) => sum + worthOf(record, name, verdict), 0) / worths.length).toFixed(2)
    console.log(`${name.padEnd(8)} OK ${mean('OK')}  REVIEW ${mean('REVIEW')}  HOLD ${mean('HOLD')}  NG ${mean('NG')}`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) print()
