// `sekisho lab report`: from the files of an experiment to its page.
import { mkdir, realpath, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { names } from '../experiment/folder.ts'
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

/** In the folder stands what the run wrote, in English; what is asked for in another language lies beside it, since `lab verify` compares every file. */
const placeOf = (folder: string, lang: Language): string =>
  lang === 'en' ? path.join(folder, names.report) : `${path.resolve(folder)}.${lang}.html`

/** A path as it is once links are followed, as far as it is there. */
async function realOf(file: string): Promise<string> {
  const whole = path.resolve(file)
  try {
    return await realpath(whole)
  } catch {
    const above = path.dirname(whole)
    return above === whole ? whole : path.join(await realOf(above), path.basename(whole))
  }
}

/** Every file of a result is compared by `lab verify`: the page that the run wrote may be written again, and nothing else. */
async function isPageOfRun(folder: string, file: string, lang: Language): Promise<boolean> {
  const [home, place] = [await realOf(folder), await realOf(file)]
  const within = path.relative(home, place)
  const isWithin = within !== '' && !path.isAbsolute(within) && within.split(path.sep)[0] !== '..'
  if (!isWithin) return false
  if (within === names.report && lang === 'en') return true
  throw new LabReportError(
    `${file} lies among the results, which \`lab verify\` compares byte by byte: write it elsewhere, or leave --out away${
      within === names.report ? ` (then it goes to ${placeOf(folder, lang)})` : ''
    }.`,
  )
}

/** Returns the exit code. Throws LabExperimentError where the folder holds no results, LabReportError where nothing can be written. */
export async function reportCommand(
  folder: string,
  { out, lang = 'en' }: { readonly out?: string; readonly lang?: Language },
): Promise<number> {
  const file = out ?? placeOf(folder, lang)
  // The machine's facts belong to no file that is compared.
  const isInPlace = await isPageOfRun(folder, file, lang)
  const summary = await openSummary(folder, { withEnvironment: !isInPlace })
  await writeWhole(file, await reportHtml(summary, { lang }))
  process.stdout.write(`${file}\n`)
  return 0
}
