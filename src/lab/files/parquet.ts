/** Parquet, a row group at a time. What our reader refuses is turned into what it takes by DuckDB, where that is installed. */
import { open, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { AsyncBuffer, DecodedArray, ParquetScan } from 'hyparquet'
import { LabFileError, type RawRow, type Source } from './rows.ts'

const batchSize = 1024

export type ParquetOptions = {
  /** Columns that are wanted; the others are not even decoded. */
  readonly wanted: (name: string) => boolean
  /** A folder for what is made in between. */
  readonly workFolder: string
}

type File = { readonly buffer: AsyncBuffer; close(): Promise<void> }

async function fileOf(path: string): Promise<File> {
  const { size } = await stat(path)
  const file = await open(path, 'r')
  return {
    buffer: {
      byteLength: size,
      async slice(from, to = size) {
        const bytes = Buffer.allocUnsafeSlow(to - from)
        const { bytesRead } = await file.read(bytes, 0, to - from, from)
        return bytes.buffer.slice(0, bytesRead)
      },
    },
    close: () => file.close(),
  }
}

type Opened = {
  readonly names: readonly string[]
  readonly scan: ParquetScan
  /** Columns of the first row group: that they can be read shows that the others can. */
  readonly first: readonly (DecodedArray | undefined)[]
}

async function groupOf(scan: ParquetScan, names: readonly string[], at: number): Promise<readonly DecodedArray[]> {
  const range = scan.ranges[at]
  if (range === undefined) return []
  const columns: DecodedArray[] = []
  // One by one: several at a time would hold the packed bytes of all of them.
  for (const column of names) columns.push(await scan.readColumn({ column, ...range }))
  return columns
}

async function opened(buffer: AsyncBuffer, wanted: ParquetOptions['wanted']): Promise<Opened> {
  const { parquetScan, parquetMetadataAsync, parquetSchema } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const metadata = await parquetMetadataAsync(buffer)
  const names = parquetSchema(metadata)
    .children.map(({ element }) => element.name)
    .filter(wanted)
  const scan = await parquetScan({ file: buffer, metadata, compressors, columns: names })
  return { names, scan, first: await groupOf(scan, names, 0) }
}

/** @throws LabFileError: no Parquet that anybody here can read */
export async function openParquet(path: string, { wanted, workFolder }: ParquetOptions): Promise<Source> {
  const file = basename(path)
  let source: File
  try {
    source = await fileOf(path)
  } catch (error) {
    throw new LabFileError(file, 'cannot be opened', undefined, { cause: error })
  }
  let found: Opened
  try {
    found = await opened(source.buffer, wanted)
  } catch (error) {
    await source.close()
    source = await fileOf(await rewritten(path, join(workFolder, 'rewritten.parquet'), error))
    found = await opened(source.buffer, wanted)
  }
  const { names, scan, first } = found
  let rowsRead = 0
  const all = scan.ranges.at(-1)?.rowEnd ?? 0
  async function* rows(): AsyncGenerator<readonly RawRow[]> {
    try {
      for (let at = 0; at < scan.ranges.length; at++) {
        const columns = at === 0 ? first : await groupOf(scan, names, at)
        const { rowStart = 0, rowEnd = 0 } = scan.ranges[at] ?? {}
        for (let from = rowStart; from < rowEnd; from += batchSize) {
          const batch: RawRow[] = []
          for (let row = from; row < Math.min(rowEnd, from + batchSize); row++)
            batch.push({ line: row + 1, cells: columns.map((column) => column?.[row - rowStart] as unknown) })
          rowsRead = Math.min(rowEnd, from + batchSize)
          yield batch
        }
      }
    } catch (error) {
      throw new LabFileError(file, `cannot be read behind row ${rowsRead}`, undefined, { cause: error })
    } finally {
      await source.close()
    }
  }
  return { file, unit: 'row', names, isOpen: false, progress: () => (all === 0 ? 1 : rowsRead / all), rows: rows() }
}

/** Types that every reader has; values of any other become text. */
const plainType = /^(VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*|DATE|TIMESTAMP.*)$/
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** @throws LabFileError: DuckDB is not installed, or does not want it either */
async function rewritten(path: string, target: string, refusal: unknown): Promise<string> {
  const file = basename(path)
  const why = refusal instanceof Error ? refusal.message : String(refusal)
  let duckdb: typeof import('@duckdb/node-api')
  try {
    duckdb = await import('@duckdb/node-api')
  } catch (error) {
    const problem = `cannot be read as Parquet (${why}). Where @duckdb/node-api is installed, it is asked too`
    throw new LabFileError(file, problem, undefined, { cause: error })
  }
  try {
    const instance = await duckdb.DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      const from = `FROM read_parquet(${literal(path)})`
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * ${from}`)
      const columns = described.getRows().map(([name, type]) => {
        const column = `"${String(name).replaceAll('"', '""')}"`
        return plainType.test(String(type)) ? column : `CAST(${column} AS VARCHAR) AS ${column}`
      })
      const options = '(FORMAT parquet, COMPRESSION snappy)'
      await connection.run(`COPY (SELECT ${columns.join(', ')} ${from}) TO ${literal(target)} ${options}`)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
    return target
  } catch (error) {
    throw new LabFileError(file, `cannot be read as Parquet (${why}), by DuckDB neither`, undefined, { cause: error })
  }
}
