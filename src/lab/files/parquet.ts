/** Parquet, a row group at a time. What our reader refuses is turned into what it takes by DuckDB, where that is installed. */
import { open, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { AsyncBuffer, DecodedArray, RowGroup, SchemaTree } from 'hyparquet'
import { checkRows, chunksOf, Pages, ParquetBroken } from './parquet-pages.ts'
import { LabFileError, type RawRow, type Source } from './rows.ts'

const batchSize = 1024

export type ParquetOptions = {
  /** Columns that are wanted; the others are not even decoded. */
  readonly wanted: (name: string) => boolean
  /** A folder for what is made in between. */
  readonly workFolder: string
}

type File = { readonly size: number; read(from: number, to: number): Promise<ArrayBuffer>; close(): Promise<void> }

async function fileOf(path: string): Promise<File> {
  const { size } = await stat(path)
  const file = await open(path, 'r')
  return {
    size,
    async read(from, to) {
      const bytes = Buffer.allocUnsafeSlow(to - from)
      const { bytesRead } = await file.read(bytes, 0, to - from, from)
      return bytes.buffer.slice(0, bytesRead)
    },
    close: () => file.close(),
  }
}

type Opened = {
  readonly names: readonly string[]
  /** Of each row group: how many rows it has. */
  readonly groups: readonly number[]
  /** Columns of a row group. */
  columns(group: number): Promise<readonly DecodedArray[]>
  /** Those of the first: that they can be read shows that the others can. */
  readonly first: readonly DecodedArray[]
}

async function opened(file: File, wanted: ParquetOptions['wanted']): Promise<Opened> {
  const { parquetScan, parquetMetadataAsync, parquetSchema } = await import('hyparquet')
  const whole: AsyncBuffer = { byteLength: file.size, slice: (from, to = file.size) => file.read(from, to) }
  const metadata = await parquetMetadataAsync(whole, { geoparquet: false })
  checkRows(metadata)
  const root = parquetSchema(metadata)
  const all = root.children.filter(({ element }) => wanted(element.name))
  const names = all.map(({ element }) => element.name)
  const groups = metadata.row_groups.map(({ num_rows: rows }) => Number(rows))
  const pages = new Pages()

  async function columnOf(rowGroup: RowGroup, tree: SchemaTree): Promise<DecodedArray> {
    const { name } = tree.element
    const rows = Number(rowGroup.num_rows)
    if (rows === 0) return []
    pages.clear()
    const read = new Map<string, ArrayBuffer>()
    for (const chunk of chunksOf(rowGroup, tree, root, file.size)) {
      const bytes = await file.read(chunk.from, chunk.to)
      pages.look(new Uint8Array(bytes), chunk)
      read.set(`${chunk.from} ${chunk.to}`, bytes)
    }
    const scan = await parquetScan({
      file: {
        byteLength: file.size,
        slice: (from, to = file.size) => read.get(`${from} ${to}`) ?? file.read(from, to),
      },
      metadata: { ...metadata, row_groups: [rowGroup], num_rows: rowGroup.num_rows },
      compressors: pages.compressors,
      columns: [name],
      useOffsetIndex: false,
    })
    const found = await scan.readColumn({ column: name, rowStart: 0, rowEnd: rows })
    if (found.length !== rows)
      throw new ParquetBroken(`${JSON.stringify(name)} has ${found.length} values in ${rows} rows`)
    return found
  }
  /** One by one: several at a time would hold the packed bytes of all of them. */
  async function columns(group: number): Promise<readonly DecodedArray[]> {
    const found: DecodedArray[] = []
    for (const one of all) found.push(await columnOf(metadata.row_groups[group] as RowGroup, one))
    return found
  }
  return { names, groups, columns, first: groups.length === 0 ? [] : await columns(0) }
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
    found = await opened(source, wanted)
  } catch (error) {
    await source.close()
    if (error instanceof ParquetBroken)
      throw new LabFileError(file, `is broken: ${error.message}`, undefined, { cause: error })
    source = await fileOf(await rewritten(path, join(workFolder, 'rewritten.parquet'), error))
    found = await opened(source, wanted)
  }
  const { names, groups, columns: columnsOf, first } = found
  let rowsRead = 0
  const all = groups.reduce((sum, rows) => sum + rows, 0)
  async function* rows(): AsyncGenerator<readonly RawRow[]> {
    try {
      for (const [at, own] of groups.entries()) {
        const columns = at === 0 ? first : await columnsOf(at)
        const start = rowsRead
        for (let from = 0; from < own; from += batchSize) {
          const batch: RawRow[] = []
          const until = Math.min(own, from + batchSize)
          for (let row = from; row < until; row++)
            batch.push({ line: start + row + 1, cells: columns.map((column) => column[row] as unknown) })
          rowsRead = start + until
          yield batch
        }
      }
    } catch (error) {
      throw new LabFileError(file, `cannot be read behind row ${rowsRead} (${whyOf(error)})`, undefined, {
        cause: error,
      })
    } finally {
      await source.close()
    }
  }
  return { file, unit: 'row', names, isOpen: false, progress: () => (all === 0 ? 1 : rowsRead / all), rows: rows() }
}

/** Where the reader stumbles over nonsense, its words are of its own code. */
const whyOf = (error: unknown): string =>
  error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError)
    ? error.message
    : 'what it says of itself makes no sense'

/** Types that every reader has; values of any other become text. */
const plainType = /^(VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*|DATE|TIMESTAMP.*)$/
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** @throws LabFileError: DuckDB is not installed, or does not want it either */
async function rewritten(path: string, target: string, refusal: unknown): Promise<string> {
  const file = basename(path)
  const why = whyOf(refusal)
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
