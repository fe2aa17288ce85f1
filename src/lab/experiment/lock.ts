/** Who writes into a folder: two runs at once would take each other's files away. */
import { open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { LabExperimentError } from './problems.ts'

export const lockFile = 'lock.json'
const lockSchema = z.object({ pid: z.number(), host: z.string() })

/** Of another machine nobody knows; a process that is gone cannot have taken it away. */
function isHeld({ pid, host }: z.output<typeof lockSchema>): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Throws where somebody else has it. Gives what gives it back. */
export async function lock(work: string, folder: string): Promise<() => Promise<void>> {
  const path = join(work, lockFile)
  for (let again = false; ; again = true) {
    try {
      const file = await open(path, 'wx')
      try {
        await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }))
      } finally {
        await file.close()
      }
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const text = await readFile(path, 'utf8').catch(() => '')
      const found = lockSchema.safeParse(jsonOf(text))
      // What was never written to its end is of a process that was ended just then, or that writes it now: the second look decides.
      const isTaken = found.success ? isHeld(found.data) : again === false && text !== ''
      if (isTaken || again)
        throw new LabExperimentError(folder, [
          {
            path: '',
            message: `another run writes into it${found.success ? ` (process ${found.data.pid} on ${found.data.host})` : ''}; wait for its end, or take another --out. Where there is none any more, remove ${path}`,
          },
        ])
      await rm(path, { force: true })
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
