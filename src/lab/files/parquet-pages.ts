/**
 * What a Parquet file says of itself, looked through before it is decoded. The reader believes sizes and counts as they stand there:
 * a single byte that is wrong could make it count to two thousand millions, or take all memory there is. Behind these checks
 * decoding ends.
 */
import { createContext, Script } from 'node:vm'
import { brotliDecompressSync, crc32, unzipSync } from 'node:zlib'
import type { ColumnMetaData, Compressors, FileMetaData, PageHeader, RowGroup, SchemaTree } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath } from 'hyparquet/src/schema.js'
import { compressors as others } from 'hyparquet-compressors'

/** The file is broken, and no other reader is asked. */
export class ParquetBroken extends Error {
  override readonly name = 'ParquetBroken'
}

/** Rows of one group, of which a column lies in memory at a time. */
const mostRows = 50_000_000
/** Bytes of a page, unpacked: never more than this, or so many times its packed size. */
const mostPage = 2 ** 26
const mostRatio = 1_024
/** A run of packed values may be filled up to the end of its block. */
const fill = 1_024

const broken = (problem: string): never => {
  throw new ParquetBroken(problem)
}

/** Of a column, or of a part of one that holds lists or records. */
export type Chunk = {
  readonly meta: ColumnMetaData
  /** Bytes of the file. */
  readonly from: number
  readonly to: number
  /** How deep its lists and its missing values go. */
  readonly levels: Levels
}
type Levels = { readonly lists: number; readonly missing: number }

/** Where the parts of a column lie. Throws where that cannot be. */
export function chunksOf(
  { columns, num_rows: rows }: RowGroup,
  column: SchemaTree,
  root: SchemaTree,
  fileSize: number,
): readonly Chunk[] {
  const name = JSON.stringify(column.element.name.slice(0, 40))
  const chunks: Chunk[] = []
  for (const { meta_data: meta } of columns) {
    if (meta?.path_in_schema[0] !== column.element.name) continue
    const path = getTreePath(root, meta.path_in_schema)
    const levels = { lists: getMaxRepetitionLevel(path), missing: getMaxDefinitionLevel(path) }
    const from = Number(meta.dictionary_page_offset || meta.data_page_offset)
    const to = from + Number(meta.total_compressed_size)
    if (!(from >= 4 && to > from && to <= fileSize - 8)) return broken(`${name} lies outside of the file`)
    const { num_values: values } = meta
    if (levels.lists === 0 ? values !== rows : !(values >= 0n && values <= mostRows))
      return broken(`${name} has ${values} values in ${rows} rows`)
    chunks.push({ meta, from, to, levels })
  }
  return chunks.length === 0 ? broken(`a row group without ${name}`) : chunks
}

/** Throws where counts of rows cannot be. */
export function checkRows({ num_rows: all, row_groups: groups }: FileMetaData): void {
  let sum = 0n
  for (const { num_rows: rows } of groups) {
    if (typeof rows !== 'bigint' || rows < 0n)
      throw new ParquetBroken('a row group that does not say how many rows it has')
    if (rows > mostRows) throw new ParquetBroken(`a row group of ${rows} rows; at most ${mostRows} are read`)
    sum += rows
  }
  if (sum !== all) broken(`${all} rows in all, and ${sum} in its row groups`)
}

type Page = {
  readonly values: number
  /** Unpacked, in bytes. */
  readonly size: number
  /** What lies in the unpacked bytes: levels, then numbers into the dictionary, or truths in runs, or values. */
  readonly levels: Levels
  readonly holds: 'numbers' | 'truths' | 'values'
}

/** The pages of the column that is read; one column after the other. */
export class Pages {
  /** By their packed bytes. */
  readonly #pages = new Map<string, Page>()
  clear(): void {
    this.#pages.clear()
  }

  /** Throws where a page cannot be what it says. */
  look(bytes: Uint8Array, { meta, levels }: Chunk): void {
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
    const most = Number(meta.num_values)
    let values = 0
    while (reader.offset < bytes.byteLength && values < most) {
      const header = headerAt(reader)
      const from = reader.offset
      const to = from + header.compressed_page_size
      if (!isCount(header.compressed_page_size) || to > bytes.byteLength)
        broken('a page that is longer than its column')
      const packed = bytes.subarray(from, to)
      const size = header.uncompressed_page_size
      if (!isCount(size) || size > Math.max(mostPage, packed.length * mostRatio)) broken(`a page of ${size} bytes`)
      if (header.crc !== undefined && crc32(packed) !== header.crc >>> 0) broken('a page whose checksum is another')
      values +=
        header.type === 'DICTIONARY_PAGE' ? this.#dictionary(header, packed) : this.#data(header, packed, meta, levels)
      reader.offset = to
    }
    if (values !== most) broken(`pages with ${values} values in the place of ${most}`)
  }

  #dictionary(
    { dictionary_page_header: header, uncompressed_page_size: size }: PageHeader,
    packed: Uint8Array,
  ): number {
    const values = header?.num_values ?? -1
    if (!isCount(values) || values > 8 * size) broken(`a dictionary of ${values} values in ${size} bytes`)
    this.#pages.set(keyOf(packed), { values, size, levels: none, holds: 'values' })
    return 0
  }

  #data(header: PageHeader, packed: Uint8Array, meta: ColumnMetaData, levels: Levels): number {
    const first = header.type === 'DATA_PAGE' ? header.data_page_header : undefined
    const second = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined
    const data = first ?? second
    if (data === undefined) return broken('a page of no kind')
    const { num_values: values, encoding } = data
    if (!isCount(values) || values > Number(meta.num_values)) return broken(`a page of ${values} values`)
    // Of the second version they stand in front, never packed.
    const front = second === undefined ? 0 : checkFront(packed, second, levels)
    const isNumbers = encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY'
    const page: Page = {
      values,
      size: header.uncompressed_page_size - front,
      levels: second === undefined ? levels : none,
      holds: isNumbers ? 'numbers' : encoding === 'RLE' ? 'truths' : 'values',
    }
    const rest = packed.subarray(front)
    if (meta.codec === 'UNCOMPRESSED' || second?.is_compressed === false) checkUnpacked(rest, page)
    else this.#pages.set(keyOf(rest), page)
    return values
  }

  readonly #checked =
    (unpack: Unpack): Unpack =>
    (bytes, size) => {
      const page = this.#pages.get(keyOf(bytes))
      if (page === undefined || page.size !== size) return broken('a page that is not where it was')
      const found = unpack(bytes, size)
      checkUnpacked(found, page)
      return found
    }

  readonly compressors: Compressors = {
    ...Object.fromEntries(Object.entries(others).map(([codec, unpack]) => [codec, this.#checked(timed(unpack))])),
    GZIP: this.#checked((bytes, size) => unzipSync(bytes, { maxOutputLength: size + 1 })),
    BROTLI: this.#checked((bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: size + 1 })),
  }
}

/** What was read may be anything, whatever its type says. */
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0

const none: Levels = { lists: 0, missing: 0 }
const keyOf = (packed: Uint8Array): string => `${packed.length} ${crc32(packed)}`
const widthOf = (level: number): number => 32 - Math.clz32(level)

function headerAt(reader: { view: DataView; offset: number }): PageHeader {
  try {
    return parquetHeader(reader)
  } catch (error) {
    throw new ParquetBroken('a page without its header', { cause: error })
  }
}

/** How many bytes of a page of the second version are levels. */
function checkFront(
  packed: Uint8Array,
  header: NonNullable<PageHeader['data_page_header_v2']>,
  { lists, missing }: Levels,
): number {
  const { definition_levels_byte_length: own, repetition_levels_byte_length: before, num_nulls: nulls } = header
  if (!isCount(own) || !isCount(before) || own + before > packed.length) return broken('levels longer than their page')
  if (!isCount(nulls) || nulls > header.num_values) return broken('more values missing than there are')
  if (lists > 0) checkRuns(packed.subarray(0, before), widthOf(lists), header.num_values)
  if (missing > 0) checkRuns(packed.subarray(before, before + own), widthOf(missing), header.num_values)
  return own + before
}

function checkUnpacked(bytes: Uint8Array, { values, levels: { lists, missing }, holds }: Page): void {
  let at = 0
  const part = (): Uint8Array => {
    if (bytes.length < at + 4) return broken('a page that ends before its values')
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
    at += 4 + size
    return at > bytes.length ? broken('levels longer than their page') : bytes.subarray(at - size, at)
  }
  if (lists > 0) checkRuns(part(), widthOf(lists), values)
  if (missing > 0) checkRuns(part(), widthOf(missing), values)
  if (holds === 'truths') checkRuns(part(), 1, values)
  if (holds !== 'numbers') return
  const width = bytes[at] ?? 0
  if (width > 32) broken(`numbers of ${width} bits`)
  if (width > 0) checkRuns(bytes.subarray(at + 1), width, values)
}

/** Runs of equal or of packed values: that none has more than the page. */
function checkRuns(bytes: Uint8Array, width: number, values: number): void {
  let at = 0
  let seen = 0
  while (seen < values && at < bytes.length) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 28) throw new ParquetBroken('a run that does not say how long it is')
      header += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const isPacked = header % 2 === 1
    const count = isPacked ? ((header - 1) / 2) * 8 : header / 2
    if (count > values + fill) throw new ParquetBroken(`a run of ${count} values in a page of ${values}`)
    seen += count
    at += isPacked ? (count / 8) * width : Math.ceil(width / 8)
  }
}

type Unpack = NonNullable<Compressors[keyof Compressors]>

/** A page is unpacked within this, or never: what is written in JavaScript may lead broken bytes round in a circle. */
const unpackedWithinMs = 5_000
const msPerByte = 1e-3

const timed = (unpack: Unpack): Unpack => {
  const work: { unpack: () => Uint8Array } = { unpack: () => new Uint8Array() }
  const context = createContext(work)
  const script = new Script('unpack()')
  return (bytes, size) => {
    work.unpack = () => unpack(bytes, size)
    try {
      return script.runInContext(context, { timeout: Math.ceil(unpackedWithinMs + size * msPerByte) }) as Uint8Array
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      throw new ParquetBroken('a page that cannot be unpacked', { cause: error })
    }
  }
}
