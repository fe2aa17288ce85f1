/**
 * What a policy does to streams, and why. Weights are set with seeds that no test uses.
 * `npx tsx test/risk/streams/tune.ts <policy file> [first seed] [seeds] [why]`
 */
import { readFileSync } from 'node:fs'
import { loadPolicy, type Policy } from '../../../src/risk/policy.ts'
import { measure, rateOf, type Share, total } from './measure.ts'
import { type Judged, run } from './runner.ts'
import { measured, size, streamOf } from './stream.ts'

const [file = 'src/risk/policies/rules-jp.yaml', first = '101', seeds = '2', why] = process.argv.slice(2)
const policy = loadPolicy(readFileSync(file, 'utf8'))

const all = Array.from({ length: Number(seeds) }, (_, i) => {
  const seed = Number(first) + i
  return run(seed, streamOf(seed, size), policy)
})
const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(6)} %`
const line = (name: string, share: Share): string =>
  `${name.padEnd(20)} ${String(share.n).padStart(6)} ${percent(rateOf(share))}`
const { genuine, patterns } = total(all.map((judged) => measure(judged)))
console.log(line('genuine', genuine))
for (const [id, share] of [...patterns].sort()) console.log(line(id, share))
console.log('genuine by seed:', all.map((judged) => percent(rateOf(measure(judged).genuine)).trim()).join(', '))

const counted = all.flat().filter(({ event }) => event.pattern !== undefined || event.ts >= measured.from)
if (why !== undefined) {
  const groups = new Map<string, Judged[]>()
  for (const one of counted) {
    const id = one.event.pattern ?? 'genuine'
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [one])
    else group.push(one)
  }
  console.log(`\n${'reason'.padEnd(44)} genuine ${[...groups.keys()].filter((id) => id !== 'genuine').join(' ')}`)
  for (const reason of reasonsOf(counted, policy)) {
    const shares = [...groups].map(
      ([id, list]) => [id, list.filter((one) => one.reasons.includes(reason)).length / list.length] as const,
    )
    const bad = shares.filter(([id]) => id !== 'genuine').map(([id, share]) => [id, share] as const)
    const honest = shares.find(([id]) => id === 'genuine')?.[1] ?? 0
    const mean = bad.reduce((sum, [, share]) => sum + share, 0) / bad.length
    const ratio = Math.log(Math.max(mean, 1e-4) / Math.max(honest, 1e-4))
    const told = bad
      .filter(([, share]) => share >= 0.1)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5)
    console.log(
      `${reason.padEnd(44)} ${percent(honest)} ${percent(mean)}  llr ${ratio.toFixed(1).padStart(5)}  ${told.map(([id, share]) => `${id} ${Math.round(100 * share)}`).join(', ')}`,
    )
  }
  const missed = (list: readonly Judged[], flagged: boolean): void => {
    const some = list.filter((one) => one.flagged === flagged)
    for (const one of some.filter((_, i) => i % Math.ceil(some.length / 8) === 0)) {
      const parts = policy.checks.flatMap((_check, i) => {
        const weight = one.weights[i] ?? Number.NaN
        return Number.isNaN(weight) ? [] : [`${one.reasons[i]} ${weight.toFixed(1)}`]
      })
      console.log(
        `  ${one.score.toFixed(1)} ${one.event.who} ${one.event.areq.merchantName} ${one.event.areq.purchaseAmount}: ${parts.join(', ')}`,
      )
    }
  }
  for (const [id, list] of groups) {
    if (why !== 'all' && why !== id) continue
    console.log(`\n${id}: ${id === 'genuine' ? 'flagged' : 'missed'}`)
    missed(list, id === 'genuine')
  }
}

function reasonsOf(list: readonly Judged[], { checks }: Policy): readonly string[] {
  const found = new Set<string>()
  for (const one of list) for (const reason of one.reasons.slice(0, checks.length)) if (reason) found.add(reason)
  return [...found].sort()
}
