/**
 * What the presets came to, over several seeds: `npm run lab:presets` writes the tables of docs/lab-presets.md.
 *
 *   npx tsx test/lab/gen/presets.ts --write [--preset japan,europe] [--first 1] [--seeds 10] [--events 300000] [--set shops.foreign=0.1]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Band, bandsOf } from '../../../src/lab/gen/bands.ts'
import { configOf, type PresetName } from '../../../src/lab/gen/config.ts'
import { generateInto } from '../../../src/lab/gen/generate.ts'
import { openDecisions } from '../../../src/lab/run/decision-files.ts'
import { runVariants } from '../../../src/lab/run/run.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { type ShippedPolicy, shippedPolicy } from '../../../src/risk/policy.ts'
import { filled } from './pages.ts'

export const referencePolicy: { readonly [P in PresetName]: ShippedPolicy } = {
  japan: 'rules-jp',
  europe: 'rules-eu',
  us: 'rules-jp',
}

/** One stream, decided by the policy in replay, with everything that the shops say. */
export async function measured(
  preset: PresetName,
  seed: string,
  changes: Readonly<Record<string, unknown>>,
  hears: 'all' | 'none' = 'all',
): Promise<readonly Band[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-presets-'))
  try {
    await generateInto(join(folder, 'stream'), configOf(preset, changes), seed)
    const policy = { text: readFileSync(shippedPolicy(referencePolicy[preset]), 'utf8') }
    const [run] = await runVariants(join(folder, 'stream'), [{ id: preset, policy, hears }], {
      mode: 'replay',
      workers: 0,
      out: join(folder, 'runs'),
    })
    if (run === undefined) throw new Error('nothing was run')
    return await bandsOf(await openStream(join(folder, 'stream')), await openDecisions(run.folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', default: 'japan,europe,us' },
    write: { type: 'boolean', default: false },
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '10' },
    events: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    without: { type: 'boolean', default: false },
  },
})

function changesOf(): Readonly<Record<string, unknown>> {
  const changes: Record<string, unknown> = {}
  if (options.events !== undefined) changes.events = Number(options.events)
  for (const one of options.set) {
    const [path = '', value = ''] = one.split('=')
    const steps = path.split('.')
    const last = steps.pop() as string
    let at = changes
    for (const step of steps) {
      at[step] ??= {}
      at = at[step] as Record<string, unknown>
    }
    at[last] = JSON.parse(value)
  }
  return changes
}

const digits = (value: number): string => (Math.abs(value) >= 2 ? value.toFixed(1) : value.toFixed(3))
const count = (n: number): string => Math.round(n).toLocaleString('en')

type Run = {
  readonly preset: PresetName
  readonly seeds: readonly string[]
  readonly all: readonly (readonly Band[])[]
}

async function runOf(preset: PresetName): Promise<Run> {
  const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => String(Number(options.first) + i))
  const all: (readonly Band[])[] = []
  for (const seed of seeds) {
    all.push(await measured(preset, seed, changesOf(), options.without ? 'none' : 'all'))
    process.stderr.write(`${preset}, seed ${seed}\n`)
  }
  return { preset, seeds, all }
}

/** Of a preset that is not judged by the bands of Japan: its own, or none. */
const judged: { readonly [P in PresetName]?: Readonly<Record<string, readonly [low: number, high: number]>> } = {
  europe: { frictionless_rate: [0.57, 0.67] },
  us: {},
}

function lineOf({ preset, all }: Run, at: number): readonly string[] {
  const [first] = all
  const band = first?.[at] as Band
  const got = all.map((bands) => bands[at]?.got ?? Number.NaN)
  const sorted = got.toSorted((a, b) => a - b)
  const mean = got.reduce((sum, one) => sum + one, 0) / got.length
  const limits = judged[preset] === undefined ? ([band.low, band.high] as const) : judged[preset]?.[band.id]
  const isIn = limits !== undefined && got.every((one) => one >= limits[0] && one <= limits[1])
  const n = all.reduce((sum, bands) => sum + (bands[at]?.n ?? 0), 0) / all.length
  const verdict = limits === undefined ? '–' : isIn ? 'in' : '**out**'
  return [
    band.title.en,
    limits === undefined ? '–' : `${digits(limits[0])} – ${digits(limits[1])}`,
    digits(mean),
    `${digits(sorted[0] ?? Number.NaN)} – ${digits(sorted.at(-1) ?? Number.NaN)}`,
    verdict,
    `${count(n)} ${band.of.en}`,
  ]
}

function tableOf(run: Run): string {
  const config = configOf(run.preset, changesOf())
  const lines = (run.all[0] ?? []).map((_, at) => lineOf(run, at))
  const head = ['Number', 'Band', 'Mean of seeds', 'Least – most', 'All in', 'n of one seed (mean)']
  const size = `Seeds ${run.seeds[0]} to ${run.seeds.at(-1)}; about ${count(config.events)} events each in ${config.days} days, of which ${config.days - config.warmUpDays} are measured.`
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [size, '', row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n')
}

const page = 'docs/lab-presets.md'
const runs: Run[] = []
for (const preset of options.preset.split(',') as PresetName[]) {
  const run = await runOf(preset)
  runs.push(run)
  process.stdout.write(`${tableOf(run)}\n\n`)
  for (const [at, { id }] of (run.all[0] ?? []).entries())
    process.stdout.write(`${id.padEnd(45)} ${run.all.map((bands) => digits(bands[at]?.got ?? Number.NaN)).join(' ')}\n`)
}
if (options.write)
  writeFileSync(
    page,
    filled(readFileSync(page, 'utf8'), Object.fromEntries(runs.map((run) => [run.preset, () => tableOf(run)]))),
  )
