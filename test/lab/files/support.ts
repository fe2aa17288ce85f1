import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ImportOptions, type ImportResult, importStream } from '../../../src/lab/files/import.ts'
import { openStream } from '../../../src/lab/stream/store.ts'
import { type EventStream, numberIn, textIn } from '../../../src/lab/stream/table.ts'

export type Cells = Readonly<Record<string, string | number>>

/** A folder of its own for a file of tests. */
export function desk(): {
  readonly folder: string
  put(name: string, content: string | Uint8Array): string
  clear(): void
} {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-files-'))
  return {
    folder,
    put(name, content) {
      const path = join(folder, name)
      writeFileSync(path, content)
      return path
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What was sent of each event. */
export async function cellsOf(stream: EventStream): Promise<readonly Cells[]> {
  const rows: Cells[] = []
  for await (const part of stream.parts())
    for (let row = 0; row < part.n; row++) {
      const cells: Record<string, string | number> = {}
      for (const [name, column] of part.columns) {
        const value = column.kind === 'text' ? textIn(column, row) : numberIn(column, row)
        if (value !== undefined && !Number.isNaN(value)) cells[name] = value
      }
      rows.push(cells)
    }
  return rows
}

export async function imported(options: ImportOptions): Promise<ImportResult & { readonly events: readonly Cells[] }> {
  const result = await importStream(options)
  return { ...result, events: await cellsOf(await openStream(options.out)) }
}
