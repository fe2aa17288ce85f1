/** Facts of this machine and this hour, for environment.json; and those of this copy of Sekisho, for the manifest. */
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { z } from 'zod'
import type { Environment } from './summary.ts'

const root = new URL('../../../', import.meta.url)
const packageSchema = z.object({ version: z.string() })

export const version = (): string =>
  packageSchema.parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))).version

/** The commit of the copy that runs, where it is a clone with one; packages have none. */
export function commit(): string | undefined {
  const git = new URL('.git/', root)
  try {
    const head = readFileSync(new URL('HEAD', git), 'utf8').trim()
    if (!head.startsWith('ref: ')) return /^[0-9a-f]{40}$/.test(head) ? head : undefined
    const ref = head.slice(5)
    if (existsSync(new URL(ref, git))) return readFileSync(new URL(ref, git), 'utf8').trim()
    const packed = readFileSync(new URL('packed-refs', git), 'utf8').split('\n')
    return packed.find((line) => line.endsWith(` ${ref}`))?.slice(0, 40)
  } catch {
    return undefined
  }
}

export const usualWorkers = (): number => Math.max(1, availableParallelism())

export const machine = (workers: number): Pick<Environment, 'node' | 'platform' | 'cpu' | 'cores' | 'workers'> => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  workers,
})
