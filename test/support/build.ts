// What the compiler makes of src/, once for all tests that run it as a program. Kept by what goes in, so it is never an old one.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const builds = path.join(repository, 'node_modules/.cache/sekisho-builds')
const day = 86_400_000

/** Of every file that the compiler reads, its settings, and the packages that are installed. */
async function nameOf(): Promise<string> {
  const names = await readdir(path.join(repository, 'src'), { recursive: true })
  const read = names.filter((name) => /\.(?:[cm]?[jt]s|json)$/.test(name)).toSorted()
  const hash = createHash('sha256')
  for (const name of ['tsconfig.json', 'package.json', 'package-lock.json', ...read.map((name) => `src/${name}`)])
    hash.update(`${name}\0`).update(await readFile(path.join(repository, name)))
  return hash.digest('hex').slice(0, 24)
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

async function compileInto(folder: string): Promise<void> {
  const compiler = path.join(repository, 'node_modules/typescript/bin/tsc')
  const args = [compiler, '-p', path.join(repository, 'tsconfig.json'), '--outDir', folder]
  await promisify(execFile)(process.execPath, args).catch((error: Error & { readonly stdout?: string }) => {
    throw new Error(`the build failed:\n${error.stdout ?? ''}${error.message}`)
  })
}

/** Of builds and locks; where a run was ended, its lock stays. */
async function removeOlderThan(ageMs: number, ending: string): Promise<void> {
  for (const name of await readdir(builds)) {
    const file = path.join(builds, name)
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (name.endsWith(ending) && mtimeMs < Date.now() - ageMs) await rm(file, { recursive: true, force: true })
  }
}

const made = async (): Promise<string> => {
  await mkdir(builds, { recursive: true })
  for (;;) {
    const name = await nameOf()
    const folder = path.join(builds, name)
    if (await isThere(folder)) return folder
    const lock = `${folder}.lock`
    const held = await open(lock, 'wx').catch(() => undefined)
    if (held === undefined) {
      await removeOlderThan(180_000, '.lock')
      await new Promise((resolve) => setTimeout(resolve, 200))
      continue
    }
    try {
      if (await isThere(folder)) return folder
      await removeOlderThan(day, '')
      const draft = `${folder}.${process.pid}.draft`
      await compileInto(draft)
      // Somebody who edits a file meanwhile gets neither the build before nor a mixed one.
      if ((await nameOf()) === name) await rename(draft, folder)
      else await rm(draft, { recursive: true, force: true })
    } finally {
      await held.close()
      await rm(lock, { force: true })
    }
  }
}

/** Puts a copy of the build at `folder`, which is then the caller's own. */
export async function buildInto(folder: string): Promise<void> {
  await cp(await made(), folder, { recursive: true })
}
