// The file of --policy: read again when it changes, and left alone while it is not valid.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BasePolicy } from '../../src/acs/policies/desk.ts'
import { openPolicySource, type PolicySource } from '../../src/start/policy-source.ts'
import { usual, withChallengeAt } from './support.ts'

let folder: string
let file: string
let source: PolicySource
let lines: string[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-'))
  file = path.join(folder, 'mine.yaml')
  writeFileSync(file, usual)
  lines = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  source = openPolicySource({ file, modelsFolder: folder, log, everyMs: 20 })
})

afterEach(() => {
  source.close()
  rmSync(folder, { recursive: true })
})

/** As editors do: another file in its place. */
const replace = (text: string): void => {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}

test('a change is told to those who listen; a tenant with a policy of its own hears nothing', async () => {
  const heard: BasePolicy[] = []
  const own: BasePolicy[] = []
  source.origin().onChange((base) => heard.push(base))
  source.origin(withChallengeAt(-9)).onChange((base) => own.push(base))
  replace(withChallengeAt(-2))
  await vi.waitFor(() => expect(heard).toEqual([{ text: withChallengeAt(-2), from: 'file', file: 'mine.yaml' }]), 5_000)
  expect(source.origin().base().text).toBe(withChallengeAt(-2))
  expect(own).toEqual([])
  expect(source.origin(withChallengeAt(-9)).base()).toMatchObject({ text: withChallengeAt(-9), from: 'tenant' })
})

test('a file that is not valid is told of with its lines, and the policy before goes on until it is mended', async () => {
  const origin = source.origin()
  replace(`${usual}nonsense: 1\n`)
  await vi.waitFor(() => expect(origin.problem()).toBeDefined(), 5_000)
  const line = usual.split('\n').length
  expect(origin.problem()).toMatchObject({ file: 'mine.yaml', problems: [{ path: 'nonsense', line }] })
  expect(lines.join('')).toContain('the one before goes on')
  expect(origin.base().text).toBe(usual)
  replace(usual)
  await vi.waitFor(() => expect(origin.problem()).toBeUndefined(), 5_000)
})

test('the name of a policy that Sekisho comes with stands for it, with its model; a file of that name comes first', () => {
  const log = pino({ level: 'silent' })
  const named = openPolicySource({ file: 'logistic', modelsFolder: folder, log })
  expect(named.origin().base()).toMatchObject({ from: 'shipped', file: 'logistic.yaml' })
  const { scorers } = named.load(named.origin().base().text)
  expect(scorers.map(({ scorer }) => scorer.kind)).toEqual(['logistic'])
  named.close()
  const here = process.cwd()
  writeFileSync(path.join(folder, 'gbdt'), usual)
  try {
    process.chdir(folder)
    const own = openPolicySource({ file: 'gbdt', modelsFolder: folder, log })
    expect(own.origin().base()).toEqual({ text: usual, from: 'file', file: 'gbdt' })
    own.close()
  } finally {
    process.chdir(here)
  }
})

test('all policies that Sekisho comes with can be read', () => {
  const { shipped, load } = source.origin()
  expect(shipped().map(({ policy }) => policy.name)).toContain('rules-jp')
  for (const { policy, text } of shipped()) expect(load(text).hash).toBe(policy.hash)
})

test('the first text must be a policy', () => {
  writeFileSync(file, 'base: x')
  const options = { file, modelsFolder: folder, log: pino({ level: 'silent' }) }
  expect(() => openPolicySource(options)).toThrow('policy:')
})
