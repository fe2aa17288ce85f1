// One bash for the blocks of a page, so that a variable set in one block is there in the next; servers run beside it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { vi } from 'vitest'

export interface Where {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export interface Printed {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Shell {
  /** Runs a block; each of its commands has to succeed. */
  run(block: string): Promise<Printed>
  /** Starts a block that goes on, and waits until it says how to stop it. */
  serve(block: string): Promise<string>
  /** All that servers have printed so far. */
  served(): string
  /** Stops everything, as Ctrl-C does; how many servers had ended by themselves. */
  close(): Promise<number>
}

const readyWords = 'Stop with Ctrl-C.'

const collect = (child: ChildProcess): (() => string) => {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8')
    stream?.on('data', (piece: string) => {
      text += piece
    })
  }
  return () => text
}

export async function openShell({ cwd, env }: Where): Promise<Shell> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'sekisho-docs-'))
  const servers: { readonly child: ChildProcess; readonly printed: () => string }[] = []
  const options = { cwd, env: { ...process.env, ...env }, detached: true } as const
  let variables = ''
  let blocks = 0
  return {
    async run(block) {
      blocks += 1
      const file = path.join(scratch, `${blocks}.sh`)
      const kept = path.join(scratch, `${blocks}.env`)
      const names = new Set([...block.matchAll(/^\s*(?:export )?([A-Za-z_]\w*)=/gm)].map(([, name = '']) => name))
      const functions = [...block.matchAll(/^([A-Za-z_]\w*)\(\) \{$/gm)].map(([, name = '']) => name)
      const keep = [
        ...[...names].map((name) => `declare -p ${name} >> '${kept}' 2> /dev/null || true`),
        ...functions.map((name) => `declare -f ${name} >> '${kept}'`),
      ]
      await writeFile(file, ['set -eo pipefail', variables, block, ...keep, ''].join('\n'))
      const child = spawn('bash', ['--norc', file], { ...options, detached: false, stdio: ['ignore', 'pipe', 'pipe'] })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        stdout += piece
      })
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        stderr += piece
      })
      const [code] = (await once(child, 'close')) as [number | null]
      if (keep.length > 0) variables += `\n${await readFile(kept, 'utf8').catch(() => '')}`
      return { code: code ?? -1, stdout, stderr }
    },
    async serve(block) {
      const child = spawn('bash', ['--norc', '-c', block], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
      const printed = collect(child)
      servers.push({ child, printed })
      await vi.waitFor(
        () => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${printed()}`)
          if (!printed().includes(readyWords)) throw new Error(`it did not say "${readyWords}":\n${printed()}`)
        },
        { timeout: 240_000, interval: 25 },
      )
      return printed()
    },
    served: () => servers.map(({ printed }) => printed()).join('\n'),
    async close() {
      let ended = 0
      for (const { child } of servers.toReversed()) {
        if (child.exitCode !== null || child.pid === undefined) {
          ended += 1
          continue
        }
        const closed = once(child, 'close')
        process.kill(-child.pid, 'SIGINT') // the whole group
        await closed
      }
      await rm(scratch, { recursive: true, force: true })
      return ended
    },
  }
}
