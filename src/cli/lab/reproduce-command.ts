// What `sekisho lab reproduce` does; loaded when it is called.
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Document, markdownOf, pageOf, textOf } from '../../lab/reproduce/document.ts'
import { handbook, handbookStart } from '../../lab/reproduce/handbook.ts'
import { handbookDocument } from '../../lab/reproduce/handbook-report.ts'
import { logins } from '../../lab/reproduce/logins.ts'
import { loginsDocument } from '../../lab/reproduce/logins-report.ts'
import { policyOf } from '../../lab/reproduce/policy-of.ts'
import { probe } from '../../lab/reproduce/probe.ts'
import { probeDocument } from '../../lab/reproduce/probe-report.ts'
import { LabReproduceError } from '../../lab/reproduce/problem.ts'
import { tra } from '../../lab/reproduce/tra.ts'
import { traDocument } from '../../lab/reproduce/tra-report.ts'
import { barOf } from './bar.ts'
import { progressShown } from './progress-bar.ts'
import type {
  HandbookCommandOptions,
  LoginsCommandOptions,
  OutputOptions,
  ProbeCommandOptions,
  TraCommandOptions,
} from './reproduce.ts'
import { stopOnInterrupt } from './stop.ts'
import { columns } from './table.ts'

const formats = ['.md', '.html', '.json'] as const
type Format = (typeof formats)[number]

function formatOf(file: string): Format {
  const format = formats.find((one) => file.toLowerCase().endsWith(one))
  if (format === undefined) throw new LabReproduceError(`${file}: a name that ends in .md, .html or .json expected`)
  return format
}

/** Its folder is there, and can be written to. */
async function placeOf(file: string): Promise<void> {
  const folder = dirname(resolve(file))
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new LabReproduceError(`--out ${file}: its folder cannot be written to (${(error as { code?: string }).code})`)
  }
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory() === true) throw new LabReproduceError(`--out ${file}: there is a folder of that name`)
}

/** Known before anything is run, and printed before it is written, so that no result is lost for its name. */
async function outputOf(options: OutputOptions): Promise<(result: unknown, document: Document) => Promise<void>> {
  const { out, lang, json = false } = options
  const format = out === undefined ? undefined : formatOf(out)
  if (out !== undefined) await placeOf(out)
  return async (result, document) => {
    const asJson = `${JSON.stringify(result, null, 2)}\n`
    process.stdout.write(json ? asJson : textOf(document, lang, columns))
    if (out !== undefined && format !== undefined)
      await writeFile(
        out,
        format === '.json' ? asJson : format === '.md' ? markdownOf(document, lang) : pageOf(document, lang),
      )
  }
}

export async function probeCommand(options: ProbeCommandOptions): Promise<number> {
  const put = await outputOf(options)
  const candidate = await policyOf(options.policy, process.cwd())
  const bar = barOf(options.quiet === true || options.json === true)
  const { seed, repetitions, scatter } = options
  try {
    const result = await probe(candidate, {
      seed,
      repetitions,
      scatter,
      onProgress: (done, of) => bar.at(done / of, `${done} of ${of} repetitions`),
    })
    bar.end()
    await put(result, probeDocument(result))
  } finally {
    bar.end()
  }
  return 0
}

/** From the lowest to the highest, both included where a step ends there. */
function offsetsOf({ from, to, step }: TraCommandOptions): readonly number[] {
  if (from > to) throw new LabReproduceError('--from must not be above --to')
  const steps = Math.floor((to - from) / step + 1e-9)
  if (steps > 100) throw new LabReproduceError('--step: more than 100 thresholds nobody can read')
  return Array.from({ length: steps + 1 }, (_, i) => Number((from + i * step).toFixed(9)))
}

const usualPolicies = ['rules-jp', 'logistic', 'gbdt', 'freeman']

export async function traCommand(options: TraCommandOptions): Promise<number> {
  const put = await outputOf(options)
  const offsets = offsetsOf(options)
  const base = process.cwd()
  const policies = await Promise.all((options.policy ?? usualPolicies).map((name) => policyOf(name, base)))
  const folder = options.keep === undefined ? await mkdtemp(join(tmpdir(), 'sekisho-tra-')) : resolve(options.keep)
  const shown = await progressShown(options.quiet !== true && options.json !== true)
  const stopping = stopOnInterrupt((line) => void process.stderr.write(`${line}\n`))
  try {
    const { seed, checkSeed, preset, events, withoutWishes, draws, workers, again } = options
    const result = await tra(policies, {
      seed,
      checkSeed,
      preset,
      events,
      isWithoutWishes: withoutWishes === true,
      offsets,
      draws,
      workers,
      folder,
      base,
      again,
      onProgress: shown.tell,
      signal: stopping.signal,
    })
    shown.end()
    await put(result, traDocument(result))
  } finally {
    shown.end()
    stopping.end()
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true })
  }
  return 0
}

export async function loginsCommand(file: string, options: LoginsCommandOptions): Promise<number> {
  const put = await outputOf(options)
  const { seed, rows } = options
  const workFolder = await mkdtemp(join(tmpdir(), 'sekisho-logins-'))
  const bar = barOf(options.quiet === true || options.json === true)
  try {
    const result = await logins(file, {
      seed,
      rows,
      workFolder,
      onProgress: (done, count) => bar.at(Math.max(done, count / rows), `${count.toLocaleString('en')} rows`),
    })
    bar.end()
    await put(result, loginsDocument(result))
  } finally {
    bar.end()
    await rm(workFolder, { recursive: true, force: true })
  }
  return 0
}

export async function handbookCommand(files: readonly string[], options: HandbookCommandOptions): Promise<number> {
  const put = await outputOf(options)
  const { seed, draws, trainFrom: start = handbookStart } = options
  const workFolder = await mkdtemp(join(tmpdir(), 'sekisho-handbook-'))
  const bar = barOf(options.quiet === true || options.json === true)
  try {
    const onProgress = (words: string): void => bar.at(0, words)
    const result = await handbook(files, { seed, draws, start, workFolder, onProgress })
    bar.end()
    await put(result, handbookDocument(result))
  } finally {
    bar.end()
    await rm(workFolder, { recursive: true, force: true })
  }
  return 0
}
