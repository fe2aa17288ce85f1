// The workflow of the examples: a sound file, and commands that there are.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { addInbox } from '../../src/cli/inbox.ts'
import { addStub } from '../../src/cli/stub.ts'
import { repository } from './pages.ts'

const document = parseDocument(readFileSync(path.join(repository, 'examples/github-actions.yml'), 'utf8'))
const step = z.union([
  z.strictObject({
    uses: z.string().regex(/^[\w-]+\/[\w-]+@v\d+$/),
    with: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ name: z.string().optional(), if: z.string().optional(), run: z.string() }),
])
const workflow = z.strictObject({
  name: z.string(),
  on: z.array(z.enum(['push', 'pull_request'])),
  jobs: z.record(
    z.string(),
    z.strictObject({
      'runs-on': z.string(),
      env: z.record(z.string(), z.string()),
      steps: z.array(step),
    }),
  ),
})

describe('examples/github-actions.yml', () => {
  test('is YAML of the form that GitHub Actions read', () => {
    expect(document.errors).toEqual([])
    expect(workflow.safeParse(document.toJS()).error?.issues).toBeUndefined()
  })

  const lines = Object.values(workflow.parse(document.toJS()).jobs).flatMap(({ steps }) =>
    steps.flatMap((one) => ('run' in one ? one.run.split(/[\n;]/).map((line) => line.trim()) : [])),
  )
  const known = new Set(['serve', 'stub', 'inbox'])

  test('runs commands that there are', () => {
    const commands = lines.filter((line) => line.startsWith('npx sekisho')).map((line) => line.split(' ').slice(2))
    expect(commands.length).toBeGreaterThan(2)
    for (const words of commands) expect(known.has(words[0] ?? ''), words.join(' ')).toBe(true)
    const program = new Command()
    for (const add of [addStub, addInbox]) add(program)
    for (const words of commands) {
      const command = program.commands.find((one) => one.name() === words[0])
      if (command === undefined) continue // serve: its settings have tests of their own
      const own = command.commands.find((one) => one.name() === words[1]) ?? command
      const flags = words.filter((word) => word.startsWith('--'))
      expect(flags.filter((flag) => !own.options.some(({ long }) => long === flag))).toEqual([])
    }
  })
})
