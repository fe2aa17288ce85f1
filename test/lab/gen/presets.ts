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

const referencePolicy: { readonly [P in PresetName]: ShippedPolicy } = {
  japan: 'rules-jp',
  europe: 'rules-eu',
  us: 'rules-jp',
}

/** One stream, decided by the policy in replay, with everything that the shops say. */
async function measured(
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
    /** Prints what was measured, a line per seed: several processes may share the seeds. */
    lines: { type: 'boolean', default: false },
    /** Takes such lines instead of measuring. */
    from: { type: 'string' },
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

type Line = { readonly preset: PresetName; readonly seed: string; readonly bands: readonly Band[] }
type Run = { readonly preset: PresetName; readonly lines: readonly Line[] }
const presets = options.preset.split(',') as readonly PresetName[]

const linesIn = (file: string): readonly Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
    .sort((a, b) => Number(a.seed) - Number(b.seed))

async function linesOf(): Promise<readonly Line[]> {
  if (options.from !== undefined) return linesIn(options.from)
  const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => String(Number(options.first) + i))
  const all: Line[] = []
  for (const preset of presets)
    for (const seed of seeds) {
      const line = { preset, seed, bands: await measured(preset, seed, changesOf(), options.without ? 'none' : 'all') }
      all.push(line)
      if (options.lines) process.stdout.write(`${JSON.stringify(line)}\n`)
      process.stderr.write(`${preset}, seed ${seed}\n`)
    }
  return all
}

/** Of a preset that is not judged by the bands of Japan: its own, or none. */
const judged: { readonly [P in PresetName]?: Readonly<Record<string, readonly [low: number, high: number]>> } = {
  europe: { frictionless_rate: [0.57, 0.67] },
  us: {},
}

function lineOf({ preset, lines }: Run, at: number): readonly string[] {
  const all = lines.map(({ bands }) => bands)
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
  const rows = (run.lines[0]?.bands ?? []).map((_, at) => lineOf(run, at))
  const head = ['Number', 'Band', 'Mean of seeds', 'Least – most', 'All in', 'n of one seed (mean)']
  const size = `Seeds ${run.lines[0]?.seed} to ${run.lines.at(-1)?.seed}; about ${count(config.events)} events each in ${config.days} days, of which ${config.days - config.warmUpDays} are measured.`
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [size, '', row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')
}

const page = 'docs/lab-presets.md'
const lines = await linesOf()
const runs = presets
  .map((preset): Run => ({ preset, lines: lines.filter((line) => line.preset === preset) }))
  .filter((run) => run.lines.length > 0)
if (!options.lines)
  for (const run of runs) {
    process.stdout.write(`${tableOf(run)}\n\n`)
    for (const [at, { id }] of (run.lines[0]?.bands ?? []).entries())
      process.stdout.write(
        `${id.padEnd(45)} ${run.lines.map(({ bands }) => digits(bands[at]?.got ?? Number.NaN)).join(' ')}\n`,
      )
  }
if (options.write)
  writeFileSync(
    page,
    filled(readFileSync(page, 'utf8'), Object.fromEntries(runs.map((run) => [run.preset, () => tableOf(run)]))),
  )
