/** A folder for what is put aside during one piece of work; it goes when the work ends, however it ends. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TableWriter, writeTable } from '../stream/table-file.ts'

export class Scratch {
  readonly folder: string
  readonly #open = new Set<TableWriter>()
  constructor(folder: string) {
    this.folder = folder
  }
  /** Makes the folder anew. */
  async begin(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
    await mkdir(this.folder)
  }
  path(name: string): string {
    return join(this.folder, name)
  }
  async write(name: string): Promise<TableWriter> {
    const writer = await writeTable(this.path(name))
    this.#open.add(writer)
    return {
      ...writer,
      end: () => {
        this.#open.delete(writer)
        return writer.end()
      },
    }
  }
  async clear(): Promise<void> {
    for (const writer of this.#open) await writer.end()
    this.#open.clear()
    await rm(this.folder, { recursive: true, force: true })
  }
}
