import { exportStream } from '../../lab/files/export.ts'
import { type ImportProgress, type ImportResult, importStream } from '../../lab/files/import.ts'
import { openStream } from '../../lab/stream/store.ts'
import { barOf } from './bar.ts'
import type { ExportCommandOptions } from './export.ts'
import type { ImportCommandOptions } from './import.ts'

const phaseWords: Readonly<Record<ImportProgress['phase'], string>> = {
  read: 'reading',
  join: 'joining the truth',
  write: 'writing',
}

const number = (value: number): string => value.toLocaleString('en')
const rows = (count: number): string => (count === 1 ? '1 row' : `${number(count)} rows`)
const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

export async function importCommand(files: readonly string[], options: ImportCommandOptions): Promise<number> {
  const bar = barOf(options.quiet === true || options.json === true)
  let result: ImportResult
  try {
    result = await importStream({
      events: files,
      out: options.out,
      truth: options.truth,
      isScores: options.scores,
      format: options.format,
      encoding: options.encoding,
      separator: options.separator,
      isStrict: options.strict,
      slices: options.slice,
      renames: new Map(options.rename),
      ignored: options.ignore,
      empties: options.empty,
      name: options.name,
      seed: options.seed,
      keepsCards: options.testData,
      measuredFrom: options.measuredFrom,
      warmUpDays: options.warmUp,
      onProgress: ({ phase, done, rows: count }) => bar.at(done, `${phaseWords[phase]}, ${rows(count)}`),
    })
  } finally {
    bar.end()
  }
  process.stdout.write(options.json === true ? `${JSON.stringify(result, null, 2)}\n` : wordsOf(result))
  return 0
}

/** What became of the files; nothing that was left out goes without a word. */
function wordsOf(result: ImportResult): string {
  const { meta, leftOut, columnsLeftOut } = result
  const lines = [
    `Taken in: ${number(result.taken)} of ${rows(result.rows)}, ${dayOf(meta.from)} to ${dayOf(meta.to)} (UTC), measured from ${dayOf(meta.measuredFrom)}.`,
    result.withTruth === 0
      ? 'Of no event it is known whether it is fraud: rates of decisions can be measured, rates of fraud cannot.'
      : `Truth: of ${number(result.withTruth)} of ${number(result.taken)} events${result.truthRows === 0 ? '' : ` (${rows(result.truthRows)} in its table)`}.`,
  ]
  if (result.outOfOrder > 0) lines.push(`Not in order of time: ${rows(result.outOfOrder)}; sorted.`)
  if (result.labelledBefore > 0) lines.push(`Labelled before they happened: ${number(result.labelledBefore)} events.`)
  if (result.hasPseudonyms)
    lines.push(
      'Card numbers stood there in the clear: they are kept under pseudonyms (--seed; --test-data keeps numbers that are made up).',
    )
  if (columnsLeftOut.length > 0) lines.push(`Columns left out, since nobody knows them: ${columnsLeftOut.join(', ')}.`)
  if (leftOut.rows === 0) lines.push('No row was left out.')
  else {
    lines.push(`Left out: ${rows(leftOut.rows)}, each in ${leftOut.path}:`)
    const reasons = Object.entries(leftOut.reasons).sort(([, a], [, b]) => b - a)
    for (const [reason, count] of reasons) lines.push(`  ${number(count).padStart(9)}  ${reason}`)
    for (const one of leftOut.shown.slice(0, shownRows)) lines.push(`  ${one}`)
    if (leftOut.rows > shownRows) lines.push('  …')
  }
  lines.push(`SHA-256 of the content: ${meta.hash}`)
  return `${lines.join('\n')}\n`
}
const shownRows = 10

export async function exportCommand(folder: string, options: ExportCommandOptions): Promise<number> {
  const stream = await openStream(folder)
  const bar = barOf(options.quiet === true)
  try {
    const { events, files, columns } = await exportStream(stream, {
      format: options.format,
      out: options.out,
      columns: options.column,
      onProgress: (done, of) => bar.at(of === 0 ? 1 : done / of, rows(done)),
    })
    bar.end()
    const [first = options.out] = files
    const where = files.length === 1 ? first : `${number(files.length)} files in ${options.out}`
    process.stdout.write(`Written: ${number(events)} events, ${columns.length} columns, ${where}.\n`)
    return 0
  } finally {
    bar.end()
  }
}
