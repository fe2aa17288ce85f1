/** The folder of an experiment: what lies where, and how it is written. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { LabExperimentError } from './problems.ts'

export const names = {
  manifest: 'manifest.json',
  environment: 'environment.json',
  metrics: 'metrics.json',
  report: 'report.html',
  experiment: 'experiment.yaml',
  decisions: 'decisions.parquet',
  attempts: 'attempts.parquet',
  events: 'events.parquet',
  tables: 'tables',
  policies: 'policies',
  stream: 'stream',
  /** What a run that was stopped needs to go on; gone when it is whole. */
  work: '.work',
} as const satisfies Readonly<Record<string, string>>

/** Never part of what is compared. */
const apart: readonly string[] = [names.manifest, names.environment]

/** Two spaces, and a newline at the end. Numbers as JavaScript writes them: the shortest text that gives the same number. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Whole or not at all. */
export async function put(folder: string, name: string, text: string | Uint8Array): Promise<void> {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

/** Undefined: there is none, or it is no JSON. */
export async function readJson(folder: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8'))
  } catch {
    return undefined
  }
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

/** Paths of all files of a result, with `/`, in the order of their code units; without what is never compared. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !apart.includes(path) && !path.startsWith(`${names.work}/`) && !path.endsWith('.new'))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

export async function hashesIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {}
  for (const path of await filesIn(folder)) hashes[path] = await hashOfFile(join(folder, path))
  return hashes
}

/** A file of ours that stands where results are to be written: others' folders are never emptied. */
const isOurs = (entries: readonly string[]): boolean =>
  entries.length === 0 || entries.includes(names.manifest) || entries.includes(names.work)

/** What of an earlier run is there. */
export type Found = 'nothing' | 'results' | 'unfinished'

export async function lookInto(folder: string): Promise<Found> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new LabExperimentError(folder, [{ path: '', message: `is no folder that can be read (${error.code ?? ''})` }])
  })
  if (!isOurs(entries))
    throw new LabExperimentError(folder, [
      { path: '', message: 'holds other files; results go into a folder of their own (--out)' },
    ])
  if (entries.length === 0) return 'nothing'
  return entries.includes(names.work) ? 'unfinished' : 'results'
}

/** All results of an earlier run. Of what a run that was stopped needs only what `isKept` stays, or all of it. */
export async function clear(folder: string, isKept?: (entry: string) => boolean): Promise<void> {
  const gone = (from: string, entry: string) => rm(join(from, entry), { recursive: true, force: true })
  for (const entry of await readdir(folder).catch((): string[] => []))
    if (entry !== names.work) await gone(folder, entry)
  if (isKept === undefined) return
  const work = join(folder, names.work)
  for (const entry of await readdir(work).catch((): string[] => [])) if (!isKept(entry)) await gone(work, entry)
}
