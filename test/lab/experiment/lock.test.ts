import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lock } from '../../../src/lab/experiment/lock.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-lock-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const gone = { pid: 2 ** 30, host: hostname() }
const child = join(import.meta.dirname, 'lock-child.ts')

async function stale(name: string, lockText: unknown = gone): Promise<string> {
  const work = join(folder, name)
  await mkdir(work, { recursive: true })
  await writeFile(join(work, 'lock.json'), JSON.stringify(lockText))
  return work
}

async function tell(to: ChildProcess, what: string): Promise<string> {
  const answer = once(to, 'message')
  to.send(what)
  return String((await answer)[0])
}

test('a stale lock lets one of three processes in, however they meet', { timeout: 120_000 }, async () => {
  const children = [1, 2, 3].map(() => fork(child, [], { execArgv: ['--import', 'tsx'], stdio: 'inherit' }))
  try {
    await Promise.all(children.map((one) => once(one, 'message')))
    for (let round = 0; round < 20; round++) {
      const work = await stale('three', { ...gone, round })
      const answers = await Promise.all(children.map((one) => tell(one, work)))
      expect(answers.toSorted()).toEqual(['in', 'refused', 'refused'])
      const [inside] = children.filter((_, i) => answers[i] === 'in')
      expect(JSON.parse(await readFile(join(work, 'lock.json'), 'utf8'))).toMatchObject({ pid: inside?.pid })
      expect(await readdir(work)).toEqual(['lock.json'])
      await Promise.all(children.map((one) => tell(one, '')))
      expect(existsSync(work)).toBe(false)
    }
    // One that is ended inside leaves a stale lock of its own.
    const work = await stale('ended')
    const [first, second] = children as [ChildProcess, ChildProcess]
    expect(await tell(first, work)).toBe('in')
    expect(await tell(second, work)).toBe('refused')
    const ended = once(first, 'exit')
    first.kill('SIGKILL')
    await ended
    expect(await tell(second, work)).toBe('in')
  } finally {
    for (const one of children) one.kill('SIGKILL')
  }
})

test('a lock that follows one that follows one is the lock', async () => {
  const work = await stale('chain')
  const results = await Promise.allSettled(Array.from({ length: 12 }, () => lock(work, work)))
  const [held, ...others] = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(others).toEqual([])
  await expect(lock(work, work)).rejects.toThrow(`another run writes into it (process ${process.pid}`)
  await held?.()
  await (await lock(work, work))()
  expect(existsSync(work)).toBe(false)
})

test('what is given back is only what is one’s own', async () => {
  const work = await stale('own')
  const release = await lock(work, work)
  await writeFile(join(work, 'lock.json'), JSON.stringify({ ...gone, host: 'elsewhere' }))
  await release()
  expect(JSON.parse(await readFile(join(work, 'lock.json'), 'utf8'))).toEqual({ ...gone, host: 'elsewhere' })
  await expect(lock(work, work)).rejects.toThrow('on elsewhere')
})

test('the number of this very process is no sign of life where another had it', async () => {
  for (const started of ['1', null]) {
    const work = await stale('again', { ...gone, pid: process.pid, started, token: 'of-another' })
    await (await lock(work, work))()
    expect(existsSync(work)).toBe(false)
  }
})

test('half a lock may be of one that writes it now', async () => {
  const work = await stale('half')
  await writeFile(join(work, 'lock.json'), '{"pid": 1')
  await expect(lock(work, work)).rejects.toThrow('remove ')
  expect(await readdir(work)).toEqual(['lock.json'])
})
