// Sekisho as the operating system sees it: built once, run as child processes, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildInto } from '../support/build.ts'

export const repository: string = fileURLToPath(new URL('../..', import.meta.url))

const folders: string[] = []

export function newFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sekisho-durability-'))
  folders.push(folder)
  return folder
}

export const removeFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** A build in a new folder, laid out as an installation is. Returns the folder. */
export async function build(): Promise<string> {
  const root = newFolder()
  await buildInto(path.join(root, 'dist'))
  for (const name of ['src', 'public', 'node_modules', 'package.json']) {
    symlinkSync(path.join(repository, name), path.join(root, name))
  }
  return root
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const seed = (): number => Number(process.env.SEKISHO_TEST_SEED ?? Math.floor(Math.random() * 1_000_000))

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks again and again until there is something other than undefined or false. */
export async function until<T>(what: string, ask: () => Promise<T> | T, withinMs = 90_000): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== null && answer !== false) return answer
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
    await sleep(25)
  }
}

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host }, () => server.close(() => resolve(true)))
  })

const given = new Set<number>()

/**
 * A port below those that outgoing connections get: one of these could take the port of a killed server before it is
 * back.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (given.has(port)) continue
    given.add(port)
    if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '::1'))) return port
  }
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Launched {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly isRunning: () => boolean
  readonly stdout: () => string
  readonly stderr: () => string
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export function launch(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Launched {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: options.cwd ?? os.tmpdir(),
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const texts = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text
  })
  let isRunning = true
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      isRunning = false
      running.delete(child)
      resolve({ code, signal })
    })
  })
  return {
    child,
    ended,
    isRunning: () => isRunning,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

export interface Party {
  /** The newest process. */
  readonly now: () => Launched
  /** Starts a process that does not have to get ready. */
  launch(): Launched
  /** Starts a process and waits until it answers. A port that is not free again yet is waited for. */
  start(): Promise<Launched>
  readonly starts: () => number
  /** All that the processes of this party ever wrote to stderr. */
  readonly complaints: () => string
}

const isReady = async (port: number): Promise<boolean> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`, { headers: { connection: 'close' } })
    await response.text()
    return response.ok
  } catch {
    return false
  }
}

/** A party that is started again and again with the same settings. */
export function party(root: string, port: number, args: readonly string[]): Party {
  const all: Launched[] = []
  const launchOne = (): Launched => {
    const launched = launch(path.join(root, 'dist', 'cli', 'main.js'), ['serve', ...args])
    all.push(launched)
    return launched
  }
  return {
    now() {
      const last = all.at(-1)
      if (last === undefined) throw new Error('not started')
      return last
    },
    launch: launchOne,
    async start() {
      const end = Date.now() + 90_000
      for (;;) {
        const launched = launchOne()
        await until('a start', async () => !launched.isRunning() || (await isReady(port)))
        if (launched.isRunning()) return launched
        if (!launched.stderr().includes('is in use; choose another') || Date.now() > end) {
          throw new Error(`did not start: ${launched.stderr()}${launched.stdout().slice(-500)}`)
        }
        await sleep(100)
      }
    },
    starts: () => all.length,
    complaints: () => all.map((launched) => launched.stderr()).join(''),
  }
}
