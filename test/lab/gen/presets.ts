/**
 * What the presets came to, over several seeds: `npm run lab:presets` writes the tables of docs/lab-presets.md.
 *
 *   npx tsx test/lab/gen/presets.ts --preset japan --first 1 --seeds 10 --events 300000 [--set shops.foreign=0.1]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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
    preset: { type: 'string', default: 'japan' },
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
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => String(Number(options.first) + i))
const all: (readonly Band[])[] = []
for (const seed of seeds) {
  all.push(await measured(options.preset as PresetName, seed, changesOf(), options.without ? 'none' : 'all'))
  process.stderr.write(`seed ${seed}\n`)
}
for (const [i, band] of (all[0] ?? []).entries()) {
  const got = all.map((bands) => bands[i]?.got ?? Number.NaN)
  const isOut = all.filter((bands) => bands[i]?.isInside !== true).length
  console.log(
    `${band.id.padEnd(45)} ${digits(band.low).padStart(6)} – ${digits(band.high).padEnd(6)} ${got.map(digits).join(' ')}  n ${band.n}${isOut > 0 ? `  OUT ${isOut}` : ''}`,
  )
}
