/** The Summary as its files: manifest.json, metrics.json, environment.json. */
import { join } from 'node:path'
import { hashesIn, jsonText, names, put, readJson } from './folder.ts'
import { LabExperimentError } from './problems.ts'
import type { Environment, Manifest, Summary } from './summary.ts'

type Results = Omit<Summary, 'manifest' | 'environment'>
/** Of the manifest, and of metrics.json: 2 since differences are over the events that both decided. */
const format = 1
const metricsFormat = 2

export const metricsText = ({ manifest: _, environment: __, ...results }: Summary): string =>
  jsonText({ format: metricsFormat, ...results })

/** Last of all: the hashes of what else is there. */
export async function putManifest(folder: string, manifest: Summary['manifest']): Promise<void> {
  const whole: Manifest = { ...manifest, files: await hashesIn(folder) }
  await put(folder, names.manifest, jsonText(whole))
}

const hasFormat = (value: unknown, wanted: number): value is { readonly format: number } =>
  typeof value === 'object' && value !== null && 'format' in value && value.format === wanted

export async function openManifest(folder: string): Promise<Manifest> {
  const manifest = await readJson(folder, names.manifest)
  if (!hasFormat(manifest, format))
    throw new LabExperimentError(join(folder, names.manifest), [
      { path: '', message: 'is not there, or not of this version: no experiment has ended here' },
    ])
  return manifest as Manifest
}

/** What the report is made of. `withEnvironment`: also the facts of the machine, where they are still there. */
export async function openSummary(folder: string, { withEnvironment = false } = {}): Promise<Summary> {
  const { files: _, commit: ___, ...manifest } = await openManifest(folder)
  const results = await readJson(folder, names.metrics)
  if (!hasFormat(results, metricsFormat))
    throw new LabExperimentError(join(folder, names.metrics), [
      { path: '', message: 'is not there, or not of this version' },
    ])
  const { format: __, ...rest } = results as Results & { readonly format: number }
  const environment = withEnvironment ? await readJson(folder, names.environment) : undefined
  return { manifest, ...rest, ...(environment !== undefined && { environment: environment as Environment }) }
}
