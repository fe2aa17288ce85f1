/** Text of a file, piece by piece, whatever it was packed in. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { LabFileError } from './rows.ts'

const pieceSize = 1 << 18

export type TextFile = {
  readonly pieces: AsyncIterable<string>
  /** 0 to 1, of the bytes of the file. */
  readonly progress: () => number
}

/** The first bytes of a file. */
export async function startOf(path: string, size: number): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new LabFileError(basename(path), 'cannot be opened', undefined, { cause: error })
  })
  try {
    if ((await file.stat()).isDirectory())
      throw new LabFileError(basename(path), 'is a folder; files are read one by one')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

/**
 * `encoding`: a label that TextDecoder knows; a byte order mark goes before it. Bytes that are none of that encoding become U+FFFD.
 * @throws LabFileError: no such file, or no such encoding
 */
export async function textOf(path: string, encoding = 'utf-8'): Promise<TextFile> {
  const start = await startOf(path, 4)
  const { size } = await stat(path)
  const packed = isGzip(start)
  const marked = packed ? undefined : encodingOfMark(start)
  let decoder: InstanceType<typeof TextDecoder>
  try {
    decoder = new TextDecoder(marked ?? encoding)
  } catch (error) {
    throw new LabFileError(basename(path), `no encoding "${encoding}" is known`, undefined, { cause: error })
  }
  const file = createReadStream(path, { highWaterMark: pieceSize })
  async function* pieces(): AsyncGenerator<string> {
    try {
      const bytes = packed ? file.pipe(createGunzip({ chunkSize: pieceSize })) : file
      if (packed) file.on('error', (error) => bytes.destroy(error))
      for await (const piece of bytes as AsyncIterable<Buffer>) yield decoder.decode(piece, { stream: true })
      yield decoder.decode()
    } catch (error) {
      const why = packed ? 'cannot be unpacked' : 'cannot be read'
      throw new LabFileError(basename(path), why, undefined, { cause: error })
    } finally {
      file.destroy()
    }
  }
  return { pieces: pieces(), progress: () => (size === 0 ? 1 : file.bytesRead / size) }
}

/** By its byte order mark; without one by its first character, which is one that ASCII has. */
function encodingOfMark([a, b]: Uint8Array): string | undefined {
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return 'utf-16le'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0 && b !== undefined)) return 'utf-16be'
  return undefined
}
