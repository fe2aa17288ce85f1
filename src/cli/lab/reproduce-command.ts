// What `sekisho lab reproduce` does; loaded when it is called.
import { writeFile } from 'node:fs/promises'
import { type Document, markdownOf, pageOf, textOf } from '../../lab/reproduce/document.ts'
import { policyOf } from '../../lab/reproduce/policy-of.ts'
import { probe } from '../../lab/reproduce/probe.ts'
import { probeDocument } from '../../lab/reproduce/probe-report.ts'
import { barOf } from './bar.ts'
import type { OutputOptions, ProbeCommandOptions } from './reproduce.ts'
import { columns } from './table.ts'

class LabReproduceError extends Error {
  override readonly name = 'LabReproduceError'
}

const formats = ['.md', '.html', '.json'] as const
type Format = (typeof formats)[number]

function formatOf(file: string): Format {
  const format = formats.find((one) => file.toLowerCase().endsWith(one))
  if (format === undefined) throw new LabReproduceError(`${file}: a name that ends in .md, .html or .json expected`)
  return format
}

/** Known before anything is run, so that no result is lost for its name. */
function outputOf(options: OutputOptions): (result: unknown, document: Document) => Promise<void> {
  const { out, lang, json = false } = options
  const format = out === undefined ? undefined : formatOf(out)
  return async (result, document) => {
    const asJson = `${JSON.stringify(result, null, 2)}\n`
    if (out !== undefined && format !== undefined)
      await writeFile(
        out,
        format === '.json' ? asJson : format === '.md' ? markdownOf(document, lang) : pageOf(document, lang),
      )
    process.stdout.write(json ? asJson : textOf(document, lang, columns))
  }
}

export async function probeCommand(options: ProbeCommandOptions): Promise<number> {
  const put = outputOf(options)
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
