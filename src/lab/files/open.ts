/** Which reader a file needs: by its name, and where that says nothing by how it begins. */
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { isGzip, startOf } from './bytes.ts'
import { openCsv } from './csv.ts'
import { isJournal, openJournal } from './journal.ts'
import { openJsonLines } from './json-lines.ts'
import { openParquet } from './parquet.ts'
import { LabFileError, type Source } from './rows.ts'

export const fileFormats = ['csv', 'jsonl', 'parquet', 'journal'] as const
export type FileFormat = (typeof fileFormats)[number]

export type OpenOptions = {
  /** Undefined: found out. */
  readonly format?: FileFormat | undefined
  readonly encoding?: string | undefined
  readonly separator?: string | undefined
  readonly wanted: (name: string) => boolean
  readonly workFolder: string
}

const startSize = 1 << 16

/** The first characters, unpacked as far as they are there. */
function textStart(start: Buffer): string {
  if (!isGzip(start)) return start.toString('utf8')
  try {
    return gunzipSync(start, { finishFlush: 2 }).toString('utf8')
  } catch {
    return ''
  }
}

async function formatOf(path: string): Promise<FileFormat> {
  const start = await startOf(path, startSize)
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet'
  const text = textStart(start).replace(/^\uFEFF/, '')
  const name = basename(path).toLowerCase().replace(/\.gz$/, '')
  if (text.trimStart().startsWith('{') && !/\.(csv|tsv|txt)$/.test(name)) {
    const end = text.indexOf('\n')
    return isJournal(end < 0 ? text : text.slice(0, end)) ? 'journal' : 'jsonl'
  }
  if (/\.(csv|tsv|txt)$/.test(name)) return 'csv'
  if (/\.(jsonl|ndjson|json)$/.test(name)) {
    if (text.trimStart().startsWith('['))
      throw new LabFileError(basename(path), 'is one JSON array; one object a line is expected')
    return 'jsonl'
  }
  if (name.endsWith('.parquet'))
    throw new LabFileError(basename(path), 'is no Parquet file, whatever its name says: it does not begin with PAR1')
  const problem = 'it is not known what this is (.csv, .tsv, .jsonl, .ndjson, .parquet; or say it with --format)'
  throw new LabFileError(basename(path), problem)
}

/** @throws LabFileError */
export async function openSource(path: string, options: OpenOptions): Promise<Source> {
  const format = options.format ?? (await formatOf(path))
  if (format === 'parquet') return openParquet(path, options)
  if (format === 'journal') return openJournal(path)
  return format === 'csv' ? openCsv(path, options) : openJsonLines(path, options.encoding)
}
