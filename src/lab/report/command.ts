// `sekisho lab report`: from the files of an experiment to its page.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openSummary } from '../experiment/summary-files.ts'
import type { Language } from './language.ts'
import { reportHtml } from './report.ts'

/** The file cannot be written. */
export class LabReportError extends Error {
  override readonly name = 'LabReportError'
}

/** Whole or not at all: somebody may have the old one open. */
async function writeWhole(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new LabReportError(`${file} cannot be written (${code}).`)
  }
}

/** Returns the exit code. Throws LabExperimentError where the folder holds no results, LabReportError where nothing can be written. */
export async function reportCommand(
  folder: string,
  { out, lang = 'en' }: { readonly out?: string; readonly lang?: Language },
): Promise<number> {
  const summary = await openSummary(folder, { withEnvironment: true })
  const file = out ?? path.join(folder, 'report.html')
  await writeWhole(file, await reportHtml(summary, { lang }))
  process.stdout.write(`${file}\n`)
  return 0
}
