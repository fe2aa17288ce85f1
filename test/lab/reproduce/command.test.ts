import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addLabReproduce } from '../../../src/cli/lab/reproduce.ts'
import { probeCommand, traCommand } from '../../../src/cli/lab/reproduce-command.ts'
import { names } from '../../../src/lab/experiment/folder.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-reproduce-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const options = { policy: 'probe-2018', seed: '1', lang: 'en', repetitions: 2, scatter: 0, quiet: true } as const

async function printed(work: () => Promise<number>): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(await work()).toBe(0)
    return write.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    write.mockRestore()
  }
}

test('what is printed, and what is written beside it, is one result', async () => {
  const out = join(folder, 'probe.html')
  const text = await printed(() => probeCommand({ ...options, lang: 'ja', json: true, out }))
  expect(JSON.parse(text)).toMatchObject({ reproduction: 'probe', repetitions: 2, policy: { id: 'probe-2018' } })
  expect(await readFile(out, 'utf8')).toMatch(/<html lang="ja">[\s\S]*<span lang="en">Answers<\/span>/)
})

test('a file of another kind is refused before anything is run', async () => {
  await expect(probeCommand({ ...options, policy: 'no such policy', out: 'probe.pdf' })).rejects.toThrow(
    'probe.pdf: a name that ends in .md, .html or .json expected',
  )
})

test('the folder of a file is made; where it cannot be, nothing is run', async () => {
  const out = join(folder, 'new', 'deeper', 'probe.json')
  const text = await printed(() => probeCommand({ ...options, json: true, out }))
  expect(await readFile(out, 'utf8')).toBe(text)
  // The policy is not even looked for.
  const missing = { ...options, policy: 'no such policy' }
  await expect(probeCommand({ ...missing, out: join(out, 'probe.md') })).rejects.toThrow(
    /^--out .*its folder cannot be written to \((ENOTDIR|EEXIST)\)$/,
  )
  await mkdir(join(folder, 'folder.md'))
  await expect(probeCommand({ ...missing, out: join(folder, 'folder.md') })).rejects.toThrow(
    'there is a folder of that name',
  )
})

test('a result whose file cannot be written after all is printed', async () => {
  const out = join(folder, 'goes', 'probe.md')
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((said) => {
    text += String(said)
    rmSync(join(folder, 'goes'), { recursive: true })
    return true
  })
  try {
    await expect(probeCommand({ ...options, out })).rejects.toThrow('ENOENT')
    expect(text).toContain('The factorial probe of 2018')
  } finally {
    write.mockRestore()
  }
})

test.each([
  ['manifest.json', 'holds results already; --again replaces it, or --keep another folder'],
  [names.work, 'holds a run that was stopped; --again replaces it, or --keep another folder'],
  ['notes.txt', 'is no folder of an experiment; --keep another folder'],
])('a folder to keep that holds %s is refused before anything is run, with what helps here', async (file, message) => {
  const keep = await mkdtemp(join(folder, 'keep-'))
  await mkdir(join(keep, 'checked'))
  await writeFile(join(keep, 'checked', file), '{}')
  const risk = { ...options, policy: ['rules-jp'], checkSeed: '2', preset: 'japan', events: 1_000, draws: 100 }
  const refused = traCommand({ ...risk, from: 0, to: 0, step: 1, keep }).catch((error: Error) => error)
  const error = await refused
  expect(error).toMatchObject({ name: 'LabReproduceError', message: expect.stringContaining(message) })
  expect(String(error)).not.toMatch(/--resume|--out/)
})

test('thresholds that nobody could read are refused', async () => {
  const risk = { ...options, policy: ['rules-jp'], checkSeed: '2', preset: 'japan', events: 1_000, draws: 100 }
  await expect(traCommand({ ...risk, from: 1, to: -1, step: 1 })).rejects.toThrow('--from must not be above --to')
  await expect(traCommand({ ...risk, from: -3, to: 3, step: 0.01 })).rejects.toThrow('more than 100 thresholds')
})

test.each([
  [['probe', '--repetitions', '1'], 'a whole number from 2 to 10000 expected'],
  [['probe', '--scatter', ''], 'a number from 0 to 10 expected'],
  [['tra', '--lang', 'fr'], 'en or ja expected'],
  [['handbook', 'x.csv', '--train-from', '25.7.2018'], 'a day such as 2018-07-25 expected'],
])('%j is refused with what is expected', async (args, message) => {
  const program = new Command()
  const told: string[] = []
  addLabReproduce(program)
  const silent = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: (text) => void told.push(text) })
    for (const one of command.commands) silent(one)
  }
  silent(program)
  await expect(program.parseAsync(['node', 'sekisho', 'reproduce', ...args])).rejects.toThrow()
  expect(told.join('')).toContain(message)
})
