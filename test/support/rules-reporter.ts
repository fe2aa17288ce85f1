// Keeps which rules the tests that ran and passed are about, file by file, for `npm run coverage:rules`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { type FileRun, idsIn, type Runs, runsFile } from './rules.ts'

export function readRuns(root: string): Runs {
  try {
    return JSON.parse(readFileSync(resolve(root, runsFile), 'utf8')) as Runs
  } catch {
    return { files: {} }
  }
}

export default class RulesReporter implements Reporter {
  private vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.vitest = vitest
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const { vitest } = this
    // Part of a file says nothing of the file.
    if (vitest === undefined || vitest.config.testNamePattern !== undefined || vitest.config.shard !== undefined) return
    const { root } = vitest.config
    const at = new Date().toISOString()
    const files: Record<string, FileRun> = {}
    for (const module of modules) {
      const passed = new Set<string>()
      for (const test of module.children.allTests('passed')) for (const id of idsIn(test.fullName)) passed.add(id)
      files[relative(root, module.moduleId)] = { at, passed: [...passed].sort() }
    }
    const all = await vitest.globTestSpecifications()
    const isFull = all.every(({ moduleId }) => Object.hasOwn(files, relative(root, moduleId)))
    const before = readRuns(root)
    const runs: Runs = isFull ? { full: at, files } : { ...before, files: { ...before.files, ...files } }
    try {
      const path = resolve(root, runsFile)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${JSON.stringify(runs, undefined, 1)}\n`)
    } catch (error) {
      // The tests themselves may run where nothing can be written.
      process.stderr.write(`${runsFile} is not written: ${String(error)}\n`)
    }
  }
}
