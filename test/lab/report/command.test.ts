import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { compareVariants } from '../../../src/lab/experiment/comparing.ts'
import { names, put } from '../../../src/lab/experiment/folder.ts'
import { metricsText, putManifest } from '../../../src/lab/experiment/summary-files.ts'
import { reportCommand } from '../../../src/lab/report/command.ts'
import { reportHtml } from '../../../src/lab/report/report.ts'
import { summaryOf } from './summary.ts'

let work = ''
let results = ''
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'report-command-'))
  results = join(work, 'results')
  const { environment: _, ...summary } = summaryOf({ policies: 1 })
  await put(results, names.metrics, metricsText(summary))
  await put(results, names.report, await reportHtml(summary))
  await putManifest(results, summary.manifest)
  await symlink(results, join(work, 'linked'))
})
beforeEach(() => {
  const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  return () => quiet.mockRestore()
})
afterAll(() => rm(work, { recursive: true }))

const page = (): Promise<string> => readFile(join(results, names.report), 'utf8')

test.each([
  ['report.html in Japanese', names.report, 'ja'],
  ['another file of the results', names.metrics, 'en'],
  ['a new file among them', 'tables/page.html', 'en'],
] as const)('%s is not written: lab verify compares what is there', async (_, name, lang) => {
  const before = await page()
  const files = await readdir(results, { recursive: true })
  for (const folder of [results, join(work, 'linked')])
    await expect(reportCommand(results, { lang, out: join(folder, name) })).rejects.toThrow('lab verify')
  expect(await page()).toBe(before)
  expect(await readdir(results, { recursive: true })).toEqual(files)
})

test('in English it is written again with the same bytes; elsewhere in any language', async () => {
  const before = await page()
  await reportCommand(results, { out: join(work, 'linked', names.report) })
  expect(await page()).toBe(before)
  await reportCommand(results, { lang: 'ja', out: join(work, 'new', 'deep', 'page.html') })
  expect(await readFile(join(work, 'new', 'deep', 'page.html'), 'utf8')).toContain('<html lang="ja">')
})

test('a variant is not compared with itself, and nothing is read or run to say so', async () => {
  for (const [a, b] of [
    [`${results}:rules-jp`, `${join(work, 'linked')}:rules-jp`],
    [`${work}/nowhere:x`, `${work}/./nowhere:x`],
  ] as const)
    await expect(compareVariants(a, b, { seed: '7' })).rejects.toThrow('is the very variant')
})

test('results of an earlier version are told apart, not misread', async () => {
  const earlier = join(work, 'earlier')
  const { manifest, environment: _, ...results } = summaryOf({ policies: 1 })
  await put(earlier, names.metrics, JSON.stringify({ format: 1, ...results }))
  await putManifest(earlier, manifest)
  await expect(reportCommand(earlier, {})).rejects.toThrow('not of this version')
})
