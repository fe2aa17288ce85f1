// npm run bench:lab: what the lab costs: replay beside JSON.parse of the same AReqs, and one worker beside two. Everything that is compared is measured in turn within one run, so that a busy machine hits both. See docs/lab-run.md.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { PolicySource } from '../src/lab/run/types.ts'
import type { Part } from '../src/lab/stream/table.ts'
import { benchLive } from './live.ts'
import { madeUpTrees } from './made-up-trees.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'profiles,replay,workers,pipeline,memory' },
    events: { type: 'string', default: '200000' },
    policies: { type: 'string', default: 'logistic-30,trees-200,rules-jp,logistic,gbdt' },
    preset: { type: 'string', default: 'japan' },
  },
})

/** As it is shipped: what runs the sources directly wraps functions, which costs. */
const shipped = async <Module>(file: string): Promise<Module> =>
  (await import(new URL(`../dist/${file}`, import.meta.url).href)) as Module
const gen = await shipped<typeof import('../src/lab/gen/generate.ts')>('lab/gen/generate.js')
const { configOf } = await shipped<typeof import('../src/lab/gen/config.ts')>('lab/gen/config.js')
const { openStream } = await shipped<typeof import('../src/lab/stream/store.ts')>('lab/stream/store.js')
const { foldsOf, policyOf, timesOf } = await shipped<typeof import('../src/lab/run/pass.ts')>('lab/run/pass.js')
const { ownColumns } = await shipped<typeof import('../src/lab/run/own-columns.ts')>('lab/run/own-columns.js')
const { areqOf } = await shipped<typeof import('../src/lab/run/areq.ts')>('lab/run/areq.js')
const { runVariants } = await shipped<typeof import('../src/lab/run/run.ts')>('lab/run/run.js')
const { featureNames } = await shipped<typeof import('../src/risk/features.ts')>('risk/features.js')
const { shippedPolicy } = await shipped<typeof import('../src/risk/policy.ts')>('risk/policy.js')

const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-bench-lab-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const median = (list: readonly number[]): number => {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
const events = Number(values.events)

const shippedText = (name: string): string => readFileSync(shippedPolicy(name as never), 'utf8')
const modelFile = (name: string): string =>
  readFileSync(new URL(`../src/risk/policies/${name}`, import.meta.url), 'utf8')

/** Without checks: a policy of which only the models are measured. */
const bare = (scorers: string, scorecard = ''): string =>
  `${shippedText('never-challenge')
    .replace(/^checks:[\s\S]*?(?=^\S)/m, 'checks: {}\n')
    .replace(/^(name: ).*/m, '$1bench')}\n${scorers}${scorecard}`

/** 30 features of the scorecard that is shipped, as a policy of its own. */
const scorecard30 = (): string => /^scorecard:[\s\S]*?(?=^\S)/m.exec(shippedText('features-30'))?.[0] ?? ''

function sourceOf(name: string): PolicySource {
  if (name === 'logistic-30') return { text: bare('', scorecard30()) }
  if (name === 'trees-200')
    return {
      text: bare("scorers: [{ id: trees, kind: gbdt, version: '1', model: trees.json }]\n"),
      models: {
        'trees.json': JSON.stringify(
          madeUpTrees(
            200,
            6,
            featureNames.filter((one) => !one.startsWith('freeman')),
          ),
        ),
      },
    }
  const text = shippedText(name)
  const models = [...text.matchAll(/^\s*(?:- )?(?:\{.*)?model: ([\w.-]+)/gm)].map(([, file = '']) => [
    file,
    modelFile(file),
  ])
  return { text, models: Object.fromEntries(models) as Record<string, string> }
}

const streamOf = async (n: number, at = `stream-${n}`): Promise<string> => {
  const to = path.join(folder, at)
  await gen.generateInto(to, configOf(values.preset as 'japan', { events: n }), 'bench', { workers: 2 })
  return to
}

/** The AReq of a row as it comes over the wire: with all that the lab's columns leave out. */
const base = JSON.parse(
  readFileSync(new URL('../spec-fixtures/areq-browser-220/base-full.json', import.meta.url), 'utf8'),
) as Record<string, unknown>
const wireTexts = (part: Part): readonly string[] =>
  Array.from({ length: part.n }, (_, row) =>
    JSON.stringify({ ...base, messageExtension: undefined, ...areqOf(part, row) }),
  )

/** Microseconds of processor time for each of n. */
function timed(n: number, work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / n
}

setFlagsFromString('--expose-gc')
/** Nobody pays for the garbage of another. */
const gc = runInNewContext('gc') as () => void

/** Parts that are folded in a row before JSON.parse has its turn. */
const inTurn = 4

/**
 * One policy after the other, each alone as on a thread of a run: two that took turns would push each other's profiles out of the
 * processor's cache. The first half fills the profiles; in the second, some parts are folded, then the AReqs of one are parsed.
 */
async function benchReplay(): Promise<void> {
  const stream = await openStream(await streamOf(events))
  const half = Math.floor(stream.meta.events / 2)
  say(`\nReplay on one core, columns in; ${events} events of the preset ${values.preset}, the second half measured`)
  for (const name of values.policies.split(',')) {
    const [one] = foldsOf([{ policy: policyOf(sourceOf(name)), hears: 'all' }], stream.meta, {})
    if (one === undefined) throw new Error('no fold')
    const { fold, reader } = one
    const sink = { put: () => undefined }
    const take = (whole: Part): void => {
      const part = ownColumns(whole)
      const ts = timesOf(part)
      fold.bind(part)
      reader.bind(part)
      for (let row = 0; row < part.n; row++) fold.take(reader, row, part.first + row, 0, ts[row] as number, sink)
    }
    const costs: number[] = []
    const ratios: number[] = []
    const parses: number[] = []
    let turn: Part[] = []
    for await (const part of stream.parts()) {
      if (part.first < half) {
        take(part)
        continue
      }
      turn.push(part)
      if (turn.length < inTurn) continue
      gc()
      const rows = turn.reduce((sum, { n }) => sum + n, 0)
      const cost = timed(rows, () => {
        for (const each of turn) take(each)
      })
      const texts = wireTexts(ownColumns(part))
      gc()
      let read = 0
      const parse = timed(texts.length, () => {
        for (const text of texts) read += (JSON.parse(text) as { acctNumber: string }).acctNumber.length
      })
      if (read === 0) throw new Error('nothing was read')
      costs.push(cost)
      parses.push(parse)
      ratios.push(parse / cost)
      turn = []
    }
    say(
      `  ${name.padEnd(16)} ${median(costs).toFixed(2).padStart(7)} µs   JSON.parse ${median(parses).toFixed(2).padStart(6)} µs   ${median(ratios).toFixed(2)}× its rate   (${costs.length} turns)`,
    )
  }
  say('  Goals: 8× with a logistic scorecard, 2× with 200 trees')
}

/** Two variants of a policy on one worker and on two, in turn. Processor time tells what a busy machine hides: what each thread does for itself. */
async function benchWorkers(): Promise<void> {
  const stream = await streamOf(events, 'workers')
  say(`\nTwo variants over ${events} events, threads started and files written within, ${availableParallelism()} cores`)
  for (const name of ['rules-jp', 'trees-200', 'logistic-30']) {
    const variants = ['a', 'b'].map((id) => ({ id, policy: sourceOf(name), hears: 'all' as const }))
    const walls: number[][] = [[], []]
    const costs: number[][] = [[], []]
    for (let round = 0; round < 3; round++)
      for (const workers of [1, 2]) {
        const start = performance.now()
        const before = process.cpuUsage()
        await runVariants(stream, variants, { mode: 'replay', workers, out: path.join(folder, `w${workers}`) })
        const { user, system } = process.cpuUsage(before)
        walls[workers - 1]?.push((performance.now() - start) / 1000)
        costs[workers - 1]?.push((user + system) / (2 * events))
      }
    const [one = 0, two = 1] = walls.map(median)
    const [alone = 0, both = 1] = costs.map(median)
    say(
      `  ${name.padEnd(12)} 1 worker ${one.toFixed(1)} s, 2 workers ${two.toFixed(1)} s: ${(one / two).toFixed(2)}×   processor time ${alone.toFixed(2)} and ${both.toFixed(2)} µs an event: ${((2 * alone) / both).toFixed(2)}× where two cores do nothing else`,
    )
  }
  say('  Goal: 1.7×')
}

const wanted = new Set(values.only.split(','))
if (wanted.has('profiles')) await benchLive()
if (wanted.has('replay')) await benchReplay()
if (wanted.has('workers')) await benchWorkers()
