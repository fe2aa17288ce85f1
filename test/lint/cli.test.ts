// sekisho lint as people run it: files, standard input, exit codes, both languages.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LintResult } from '../../src/lint/types.ts'
import { challenge, changed } from './messages.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const { areq, ares, creq } = challenge

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sekisho-lint-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const place = path.join(folder, name)
  writeFileSync(place, content)
  return place
}

const run = (args: readonly string[], input: string | Uint8Array = '', env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, 'lint', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
  })
  return { status, stdout, stderr }
}

describe('sekisho lint', () => {
  test('a good message: exit code 0, and says so', () => {
    const { status, stdout, stderr } = run([file('good.json', JSON.stringify(areq))])
    expect(stderr).toBe('')
    expect(stdout).toContain('nothing to object to')
    expect(stdout).toContain('1 message in 1 transaction: 0 errors, 0 warnings.')
    expect(status).toBe(0)
  })

  test('a broken one: exit code 1, with place, path, rule, what was expected and an example', () => {
    const broken = JSON.stringify(changed(areq, { purchaseAmount: '12.50', acctNumber: '4000000000000002x' }), null, 2)
    const name = file('broken.json', broken)
    const { status, stdout } = run([name])
    const line = broken.split('\n').findIndex((text) => text.includes('purchaseAmount')) + 1
    expect(stdout).toContain(`${line}:3 error 203 $.purchaseAmount ACS-VAL-13`)
    expect(stdout).toContain('expected: a string: 1 to 48 digits')
    expect(stdout).toMatch(/example: "purchaseAmount": "[0-9]+"/)
    expect(stdout).toContain('Erro 203, errorDetail "acctNumber,purchaseAmount"')
    expect(stdout).not.toContain('4000000000000002')
    expect(stdout).not.toContain('\u001b[')
    expect(status).toBe(1)
  })

  test('standard input, in Japanese where the terminal is, and as JSON', () => {
    const text = JSON.stringify(changed(creq, { challengeWindowSize: '9' }))
    const japanese = run([], text, { LANG: 'ja_JP.UTF-8' })
    expect(japanese.stdout).toContain('challengeWindowSize（Challenge Window Size）')
    expect(japanese.status).toBe(1)
    const { stdout, status } = run(['--json', '--lang', 'ja', '-'], text)
    const result = JSON.parse(stdout) as LintResult
    expect(result.summary).toEqual({ messages: 1, transactions: 1, errors: 1, warnings: 0, problems: 0 })
    expect(result.messages[0]?.findings[0]).toMatchObject({
      path: '$.challengeWindowSize',
      rule: 'ACS-VAL-13',
      line: 1,
    })
    expect(result.messages[0]?.findings[0]?.message).toContain('短すぎます')
    expect(status).toBe(1)
  })

  test('several files are a line of JSON each; the worst of them is the exit code', () => {
    const files = [file('one.json', JSON.stringify([areq, ares])), file('two.txt', 'hello')]
    const { stdout, status } = run(['--json', ...files])
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LintResult & { file: string })
    expect(results.map(({ file: name, summary }) => [path.basename(name), summary.messages, summary.problems])).toEqual(
      [
        ['one.json', 2, 0],
        ['two.txt', 0, 1],
      ],
    )
    expect(status).toBe(2)
  })

  test('a file in UTF-16 is read, one that is no text is told of', () => {
    const wide = Buffer.from(`\ufeff${JSON.stringify(areq)}`, 'utf16le')
    expect(run([file('wide.json', wide)]).status).toBe(0)
    const { stdout, status } = run([file('picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe))])
    expect(stdout).toContain('This is not UTF-8 text.')
    expect(status).toBe(2)
  })

  test('a file that is not there is told in a line', () => {
    const { stderr, status } = run([path.join(folder, 'nowhere.json')])
    expect(stderr).toMatch(/nowhere\.json: no such file\n$/)
    expect(status).toBe(2)
  })

  test.each([
    ['--profile', 'kind', /strict, lenient/],
    ['--versions', '2.0.0', /2\.1\.0,2\.2\.0,2\.3\.1/],
  ])('%s %s is refused with what there is', (option, value, expected) => {
    const { stderr, status } = run([option, value])
    expect(stderr).toMatch(expected)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(status).not.toBe(0)
  })

  test.each([
    [['--versions', '2.1.0,2.3.1'], 'Erro 102, errorDetail "2.1.0,2.3.1"'],
    [['--message-version', '2.3.1'], 'ACS-VAL-10'],
    [['--leg', '3DSS-DS'], 'browser, payment, 3DSS-DS\n'],
  ])('%j counts', (options, expected) => {
    expect(run(options, JSON.stringify(areq)).stdout).toContain(expected)
  })

  test('warnings alone are no reason to fail', () => {
    const tolerated = JSON.stringify(changed(areq, { threeDSRequestorPriorAuthenticationInfo: {} }))
    const { status, stdout } = run(['--profile', 'lenient'], tolerated)
    expect(stdout).toContain('0 errors, 1 warning.')
    expect(status).toBe(0)
  })

  test('--show prints the message, masked', () => {
    const { stdout } = run(['--show'], JSON.stringify(areq))
    expect(stdout).toContain('"acctNumber": "400000******0002"')
    expect(stdout).not.toContain('4000000000000002')
  })
})
