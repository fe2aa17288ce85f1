/**
 * Who writes into a folder: two runs at once would take each other's files away. The lock is the end of a chain: lock.json, and where
 * its process is gone the one lock-<hash of it>.json that follows it. Each link is made whole or not at all, by one alone.
 */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { LabExperimentError } from './problems.ts'

const lockFile = 'lock.json'
/** The lock, what follows one, and what is about to be one. */
export const isLock = (name: string): boolean => /^lock[-.]/.test(name)

const lockSchema = z.object({
  pid: z.number(),
  host: z.string(),
  /** Of the process, as the system counts: another one may have its number by now. Null: the system does not tell. */
  started: z.string().nullish(),
  token: z.string().optional(),
})
type Lock = z.output<typeof lockSchema>

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code
const unless =
  (...codes: readonly string[]) =>
  (error: unknown): undefined => {
    if (!codes.includes(codeOf(error) ?? '')) throw error
  }

/** Ticks since the machine was started: the 22nd field, and the second may hold spaces and brackets. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** Of this process, where the system does not tell when one was started. */
const own = new Set<string>()

/** Of another machine nobody knows; a process that is gone cannot have taken it away. */
async function isHeld({ pid, host, started, token }: Lock): Promise<boolean> {
  if (host !== hostname()) return true
  if (typeof started === 'string') {
    const now = await startOf(pid)
    if (now !== null) return now === started
  } else if (pid === process.pid && token !== undefined) return own.has(token)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(unless('ENOENT'))

/** Undefined: no lock of ours that is whole. */
function lockOf(text: string): Lock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const afterOf = (text: string): string => `lock-${createHash('sha256').update(text).digest('hex').slice(0, 32)}.json`

type End = { readonly free: string } | { readonly path: string; readonly text: string; readonly lock?: Lock }

/** From lock.json to the first that is not there, or that is held. What cannot be read may be one's that writes it now. */
async function endOf(work: string): Promise<End> {
  for (let path = join(work, lockFile); ; ) {
    const text = await textOf(path)
    if (text === undefined) return { free: path }
    const lock = lockOf(text)
    if (lock === undefined) return { path, text }
    if (await isHeld(lock)) return { path, text, lock }
    path = join(work, afterOf(text))
  }
}

/** False: there is one already, or no folder any more. */
async function isMade(from: string, path: string): Promise<boolean> {
  try {
    try {
      await link(from, path)
    } catch (error) {
      // File systems without hard links: still by one alone, and who sees it half takes it for held.
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error) ?? '')) throw error
      await copyFile(from, path, constants.COPYFILE_EXCL)
    }
    return true
  } catch (error) {
    unless('EEXIST', 'ENOENT')(error)
    return false
  }
}

/** Throws where somebody else has it. Gives what gives it back, and takes the folder away if it is empty then. */
export async function lock(work: string, folder: string): Promise<() => Promise<void>> {
  const token = randomUUID()
  const text = JSON.stringify({ pid: process.pid, host: hostname(), started: await startOf(process.pid), token })
  const made = join(work, `lock-${token}.new`)
  const leave = async (...paths: readonly string[]): Promise<void> => {
    for (const path of paths) await rm(path, { force: true })
    own.delete(token)
    await rmdir(work).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
  }
  own.add(token)
  try {
    let free: string | undefined
    while (free === undefined) {
      await mkdir(work, { recursive: true })
      // Whoever ended just now may have taken the folder away.
      await writeFile(made, text).catch(unless('ENOENT'))
      const end = await endOf(work)
      if (!('free' in end)) throw heldBy(end, folder)
      if (!(await isMade(made, end.free))) continue
      // Who was there when we looked may have gone in good order meanwhile, and another may have begun: then ours hangs on nothing.
      const now = await endOf(work)
      if ('text' in now && now.text === text) free = end.free
      else await rm(end.free, { force: true })
    }
    const path = join(work, lockFile)
    // A rename onto another name of the same file leaves both.
    await rename(made, path)
    await rm(made, { force: true })
    if (free !== path) await rm(free, { force: true })
    await sweep(work)
    return async () => leave(...((await textOf(path)) === text ? [path] : []))
  } catch (error) {
    await leave(made)
    throw error
  }
}

/** What processes have left that are gone; the lock itself is a living one's. */
async function sweep(work: string): Promise<void> {
  for (const name of await readdir(work)) {
    if (!isLock(name) || name === lockFile) continue
    const text = await textOf(join(work, name))
    const lock = text === undefined ? undefined : lockOf(text)
    if (lock !== undefined && !(await isHeld(lock))) await rm(join(work, name), { force: true })
  }
}

const heldBy = ({ path, lock }: Exclude<End, { free: string }>, folder: string): LabExperimentError =>
  new LabExperimentError(folder, [
    {
      path: '',
      message: `another run writes into it${lock === undefined ? '' : ` (process ${lock.pid} on ${lock.host})`}; wait for its end, or take another --out. Where there is none any more, remove ${path}`,
    },
  ])
