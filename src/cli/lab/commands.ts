// What `sekisho lab run`, `verify` and `compare` do; loaded when one of them is called.
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { compareVariants } from '../../lab/experiment/comparing.ts'
import { names } from '../../lab/experiment/folder.ts'
import { readExperiment } from '../../lab/experiment/job.ts'
import { LabExperimentError } from '../../lab/experiment/problems.ts'
import { runExperiment } from '../../lab/experiment/run.ts'
import type { Summary } from '../../lab/experiment/summary.ts'
import { verify } from '../../lab/experiment/verify.ts'
import type { Comparison, Estimate } from '../../lab/metrics/types.ts'
import type { CompareOptions } from './compare.ts'
import { lengthOf, progressShown } from './progress-bar.ts'
import type { RunOptions } from './run.ts'
import { stopOnInterrupt } from './stop.ts'
import { columns } from './table.ts'
import type { VerifyOptions } from './verify.ts'

/** Something is there, but not all of it, or not the same. */
const notWhole = 3

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const note = (text: string): void => void process.stderr.write(`${text}\n`)

const percent = (value: number | null | undefined, digits = 2): string =>
  typeof value === 'number' ? `${(100 * value).toFixed(digits)} %` : '–'

/** With its interval: 61.20 % (60.81 to 61.60). */
function rate({ value, interval }: Estimate): string {
  if (interval === null) return percent(value)
  return `${percent(value)} (${(100 * interval.low).toFixed(2)} to ${(100 * interval.high).toFixed(2)})`
}

const outOf = (file: string): string => join(dirname(file), basename(file).replace(/\.(ya?ml|json)$/, ''))

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new LabExperimentError(file, [{ path: '', message: `cannot be read (${code})` }])
  }
}

export async function runCommand(file: string, options: RunOptions): Promise<number> {
  const written = readExperiment(file, await textOf(file))
  const out = resolve(options.out ?? outOf(file) + (outOf(file) === file ? '-results' : ''))
  const from = performance.now()
  const shown = await progressShown(options.quiet !== true)
  const stopping = stopOnInterrupt(note)
  try {
    const { summary, wasThere } = await runExperiment(written, {
      out,
      workers: options.workers,
      resume: options.resume,
      again: options.again,
      signal: stopping.signal,
      onProgress: shown.tell,
    })
    shown.end()
    if (wasThere === true) note('It is finished already, as this experiment says; nothing was run.')
    tellResult(summary, out, (performance.now() - from) / 1_000)
    return summary.manifest.state === 'whole' ? 0 : notWhole
  } finally {
    shown.end()
    stopping.end()
  }
}

function tellResult({ manifest, variants, comparisons }: Summary, out: string, seconds: number): void {
  const { mode, stream } = manifest
  const first = variants[0]?.metrics.population
  print(
    `${manifest.name} · ${mode === 'replay' ? 'replay' : 'closed loop'} · ${stream.events} events, ${first?.decided ?? 0} measured decisions, ${first?.fraud ?? 0} of them fraud · ${lengthOf(seconds)}`,
  )
  print('')
  print(
    columns(
      ['variant', 'frictionless', 'challenge', 'fraud stopped (value)', 'genuine lost'],
      variants.map(({ id, metrics: { estimates: e } }) => [
        id,
        rate(e.frictionless),
        rate(e.challenge),
        rate(e.fraudStoppedAmount),
        rate(e.genuineLost),
      ]),
    ),
  )
  print('Of AReqs decided by the policy; fraud of fraud amounts, lost of genuine. 95 % intervals, cards resampled.')
  for (const { words } of comparisons.slice(0, 10)) for (const { en } of words.slice(0, 1)) print(`  ${en}`)
  if (manifest.state === 'partial') {
    print('')
    print(
      manifest.cutAt === undefined
        ? `Partial: ${manifest.left.length} variants are missing. --resume goes on.`
        : `Partial: all of it on the first ${manifest.cutAt} events only. --resume goes on.`,
    )
  }
  print('')
  print(`${join(out, names.report)}`)
}

export async function verifyCommand(folder: string, options: VerifyOptions): Promise<number> {
  const shown = await progressShown(options.quiet !== true)
  const stopping = stopOnInterrupt(note)
  try {
    const { files, isSame, writtenBy } = await verify(resolve(folder), {
      workers: options.workers,
      stream: options.stream === undefined ? undefined : resolve(options.stream),
      keep: options.keep === undefined ? undefined : resolve(options.keep),
      signal: stopping.signal,
      onProgress: shown.tell,
    })
    shown.end()
    for (const { name, verdict } of files) if (verdict !== 'same') print(`${verdictWords[verdict]}  ${name}`)
    if (isSame) print(`${files.length} files, every byte the same.`)
    else if (writtenBy !== undefined)
      print(`The folder was written by version ${writtenBy}; other bytes may come of that.`)
    return isSame ? 0 : notWhole
  } finally {
    shown.end()
    stopping.end()
  }
}

const verdictWords = {
  changed: 'changed since it was written ',
  other: 'other bytes in the second run ',
  missing: 'missing                       ',
  unexpected: 'not of the experiment         ',
} as const

export async function compareCommand(a: string, b: string, options: CompareOptions): Promise<number> {
  const shown = await progressShown(options.json !== true)
  const stopping = stopOnInterrupt(note)
  try {
    const comparison = await compareVariants(a, b, {
      seed: options.seed,
      signal: stopping.signal,
      onProgress: shown.tell,
    })
    shown.end()
    if (options.json === true) print(JSON.stringify(comparison, null, 2))
    else tellComparison(comparison, options.lang ?? 'en')
    return 0
  } finally {
    shown.end()
    stopping.end()
  }
}

function tellComparison(comparison: Comparison, lang: 'en' | 'ja'): void {
  const { a, b, mode, pairedEvents, decidedA, decidedB, differences, words } = comparison
  print(`A ${a}`)
  print(`B ${b}`)
  print(
    `${decidedA} events decided by A, ${decidedB} by B, ${pairedEvents} by both · ${mode === 'replay' ? 'replay' : 'closed loop'} · B less A, paired by card`,
  )
  print('')
  print(
    columns(
      ['', 'A', 'n of A', 'B', 'n of B', 'difference', '95 % interval', 'p', 'Holm'],
      differences.map((d) => [
        d.key,
        number(d.a),
        String(d.nA),
        number(d.b),
        String(d.nB),
        number(d.value),
        d.interval === null ? '–' : `${number(d.interval.low)} to ${number(d.interval.high)}`,
        number(d.p),
        number(d.holm),
      ]),
    ),
  )
  for (const one of words) print(one[lang])
}

const number = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(4))))
