import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addLabExport } from '../../../src/cli/lab/export.ts'
import { addLabImport } from '../../../src/cli/lab/import.ts'
import { addLabScore } from '../../../src/cli/lab/score.ts'
import { desk } from './support.ts'

const { folder, put, clear } = desk()
afterAll(clear)
const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/lab/import/${name}`, import.meta.url))
const out = join(folder, 'out')

let printed = ''
let complained = ''
beforeEach(() => {
  printed = ''
  complained = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

/** The exit code. */
async function run(...words: readonly string[]): Promise<unknown> {
  const program = new Command('sekisho').exitOverride()
  const lab = program.command('lab').exitOverride()
  for (const add of [addLabImport, addLabExport, addLabScore]) add(lab)
  for (const command of lab.commands) command.exitOverride()
  await program.parseAsync(['lab', ...words], { from: 'user' })
  const code = process.exitCode
  process.exitCode = undefined
  return code
}

test('the example is taken in, and what is left out is told and written down', async () => {
  expect(await run('import', example('events.csv'), '--truth', example('truth.csv'), '--out', out, '--quiet')).toBe(0)
  const told = printed.replaceAll(out, 'my-stream')
  const page = readFileSync(new URL('../../../docs/lab-import.md', import.meta.url), 'utf8')
  const [, answer = ''] = /```text answer\n(Taken in:[\s\S]*?)…\n```/.exec(page) ?? []
  expect(answer.length).toBeGreaterThan(400)
  expect(told.startsWith(answer)).toBe(true)
  expect(readFileSync(join(out, 'left-out.csv'), 'utf8').split('\n')).toHaveLength(5)
})

test('the result is told as JSON', async () => {
  expect(await run('import', example('events.csv'), '--out', out, '--warm-up', '14', '--json')).toBe(0)
  const { meta, taken, leftOut, withTruth } = JSON.parse(printed)
  expect({ taken, leftOut: leftOut.rows, withTruth }).toEqual({ taken: 398, leftOut: 3, withTruth: 0 })
  expect(meta.measuredFrom - meta.from).toBe(14 * 86_400)
})

test('options say what a file means', async () => {
  const file = put('theirs.txt', 'when;who;merchant;sum;region;note;email\n1;c;m;5;kanto;x;NULL\n')
  const options = ['--rename', 'when=ts', '--rename', 'who=card', '--rename', 'sum=purchaseAmount', '--slice', 'region']
  const more = [
    '--ignore',
    'note',
    '--empty',
    'NULL',
    '--separator',
    ';',
    '--encoding',
    'shift_jis',
    '--name',
    'theirs',
  ]
  const run1 = run(
    'import',
    file,
    '--out',
    out,
    '--strict',
    ...options,
    ...more,
    '--measured-from',
    '2026-01-01',
    '--json',
  )
  expect(await run1).toBe(0)
  expect(JSON.parse(printed).meta).toMatchObject({
    ...{ name: 'theirs', slices: ['region'], events: 1, measuredFrom: Date.UTC(2026, 0, 1) / 1000 },
  })
})

test('what cannot be done is one line and a code', async () => {
  expect(await run('import', put('bad.csv', 'ts,card\n1,c\n'), '--out', join(folder, 'bad'))).toBe(1)
  expect(complained).toBe('sekisho: bad.csv: there is no column merchant, purchaseAmount; see docs/lab-import.md\n')
  expect(existsSync(join(folder, 'bad', 'stream.json'))).toBe(false)
  expect(await run('export', folder, '--out', join(folder, 'x.csv'))).toBe(1)
  expect(complained).toContain('no stream here')
  for (const [name, value] of [
    ['--rename', 'ts'],
    ['--separator', '::'],
    ['--measured-from', 'yesterday'],
    ['--warm-up', '-1'],
    ['--format', 'xlsx'],
  ] as const)
    await expect(run('import', 'x.csv', '--out', out, name, value)).rejects.toThrow(/expected|Allowed choices/)
})

test('a stream is written out, whole or in part', async () => {
  await run('import', example('events.csv'), '--out', out, '--quiet')
  printed = ''
  const path = join(folder, 'again.jsonl')
  expect(await run('export', out, '--format', 'jsonl', '--column', 'ts', '--column', 'mcc', '--out', path)).toBe(0)
  expect(printed).toBe(`Written: 398 events, 2 columns, ${path}.\n`)
  expect(readFileSync(path, 'utf8').split('\n')[0]).toBe('{"ts":1743436101,"mcc":"7011"}')
})

test('scores are measured and held against the first', async () => {
  await run('import', '--scores', example('scores.csv'), '--out', out, '--quiet')
  printed = ''
  const path = join(folder, 'numbers.json')
  expect(await run('score', out, '--k', '5', '--out', path, '--quiet')).toBe(0)
  expect(printed).toMatch(
    /^Nothing was decided: scores are measured. 398 events of 58 cards on 40 days, 24 of them fraud/,
  )
  expect(printed).toMatch(/^AUC +0\.80\d\d \(.*\) +0\.99\d\d \(/m)
  expect(printed).not.toMatch(/nothing was decided\)/)
  expect(printed).toMatch(/^AUC: byModel less byAmount is \+0\.18/m)
  expect(JSON.parse(readFileSync(path, 'utf8')).metrics).toHaveLength(2)
  printed = ''
  expect(await run('score', out, '--score', 'byModel', '--probabilities', '--quiet')).toBe(0)
  expect(printed).toMatch(/^Brier/m)
})
