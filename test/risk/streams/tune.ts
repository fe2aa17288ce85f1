/**
 * What a policy does to streams, and why. Weights are set with seeds that no test uses.
 *
 *   npx tsx test/risk/streams/tune.ts --policy src/risk/policies/rules-jp.yaml --first 101 --seeds 10
 *     --why                 how often each reason comes up among people and among attacks
 *     --show genuine        some of the genuine purchases that are flagged; of a pattern, some that are missed
 *     --without a,b         the same streams, decided without these checks (replay)
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadPolicy, type Policy, shippedPolicy } from '../../../src/risk/policy.ts'
import { measure, rateOf, type Share, total } from './measure.ts'
import { type Judged, replayed, run } from './runner.ts'
import { measured, size, streamOf } from './stream.ts'

const { values: options } = parseArgs({
  options: {
    policy: { type: 'string' },
    first: { type: 'string', default: '101' },
    seeds: { type: 'string', default: '2' },
    why: { type: 'boolean', default: false },
    show: { type: 'string' },
    without: { type: 'string' },
  },
})
const policy = loadPolicy(readFileSync(options.policy ?? shippedPolicy('rules-jp'), 'utf8'))
const off = new Set(options.without?.split(','))
const others: Policy = { ...policy, checks: policy.checks.filter(({ id }) => !off.has(id)) }

const all = Array.from({ length: Number(options.seeds) }, (_, i) => {
  const seed = Number(options.first) + i
  return run(seed, streamOf(seed, size), policy)
})
const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(6)} %`
const decided = all.map((judged) => measure(judged))
const without = total(all.map((judged) => measure(judged, replayed(judged, others))))
const line = (name: string, share: Share, less: Share | undefined): string =>
  `${name.padEnd(20)} ${String(share.n).padStart(6)} ${percent(rateOf(share))}${off.size > 0 && less !== undefined ? `  without: ${percent(rateOf(less))}` : ''}`

const { genuine, patterns } = total(decided)
console.log(line('genuine', genuine, without.genuine))
for (const [id, share] of [...patterns].sort()) console.log(line(id, share, without.patterns.get(id)))
console.log('genuine by seed:', decided.map((one) => percent(rateOf(one.genuine)).trim()).join(', '))

const groups = new Map<string, Judged[]>()
for (const one of all.flat()) {
  if (one.event.pattern === undefined && one.event.ts < measured.from) continue
  const id = one.event.pattern ?? 'genuine'
  const group = groups.get(id)
  if (group === undefined) groups.set(id, [one])
  else group.push(one)
}
if (options.why) printReasons()
if (options.show !== undefined) printSome(options.show, groups.get(options.show) ?? [])

function printReasons(): void {
  console.log(`\n${'reason'.padEnd(44)}  genuine   attacks  ratio  most often`)
  for (const reason of reasons()) {
    const shares = new Map(
      [...groups].map(([id, list]) => [id, list.filter((one) => one.reasons.includes(reason)).length / list.length]),
    )
    const honest = shares.get('genuine') ?? 0
    shares.delete('genuine')
    // Each pattern counts as much as any other, however many events it has.
    const mean = [...shares.values()].reduce((sum, share) => sum + share, 0) / shares.size
    const ratio = Math.log(Math.max(mean, 1e-4) / Math.max(honest, 1e-4)).toFixed(1)
    const most = [...shares].filter(([, share]) => share >= 0.1).sort(([, a], [, b]) => b - a)
    const told = most.slice(0, 5).map(([id, share]) => `${id} ${Math.round(100 * share)}`)
    console.log(`${reason.padEnd(44)} ${percent(honest)}  ${percent(mean)} ${ratio.padStart(6)}  ${told.join(', ')}`)
  }
}

function reasons(): readonly string[] {
  const found = new Set<string>()
  for (const list of groups.values())
    for (const one of list) for (const reason of one.reasons) if (reason !== undefined) found.add(reason)
  return [...found].sort()
}

function printSome(id: string, list: readonly Judged[]): void {
  const some = list.filter(({ flagged }) => flagged === (id === 'genuine'))
  console.log(`\n${some.length} of ${list.length} ${id === 'genuine' ? 'flagged' : 'missed'}`)
  for (const one of some.filter((_, i) => i % Math.ceil(some.length / 25) === 0)) {
    const { score, event, weights } = one
    const parts = one.reasons.flatMap((reason, i) =>
      reason === undefined ? [] : [`${reason} ${(weights[i] ?? 0).toFixed(1)}`],
    )
    console.log(`${score.toFixed(1).padStart(5)} ${event.who} JPY ${one.facts.amount}: ${parts.join(', ')}`)
  }
}
