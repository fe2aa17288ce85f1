import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { compareVariants } from '../../../src/lab/experiment/comparing.ts'
import { hashesIn } from '../../../src/lab/experiment/folder.ts'
import { readExperiment } from '../../../src/lab/experiment/job.ts'
import { runExperiment } from '../../../src/lab/experiment/run.ts'
import { openSummary } from '../../../src/lab/experiment/summary-files.ts'
import { verify } from '../../../src/lab/experiment/verify.ts'
import { reportCommand } from '../../../src/lab/report/command.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-experiment-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const text = `
name: small
question: { en: Is it the same again?, ja: もう一度同じか。 }
seed: 3
stream: { preset: japan, events: 2000 }
policies: [features-30, rules-eu]
assessments: both
ablate: [{ each: [night] }]
bootstrap: { draws: 100 }
keep: { events: true }
`

type Options = Omit<Parameters<typeof runExperiment>[1], 'out'> & { readonly text?: string }
async function run(name: string, { text: own = text, ...options }: Options = {}) {
  const out = join(folder, name)
  const { summary } = await runExperiment(readExperiment(join(folder, 'small.yaml'), own), { out, ...options })
  return { out, summary }
}

describe('an experiment', { timeout: 240_000 }, () => {
  test('gives the same bytes on one worker and on two, twice', async () => {
    const runs = [
      await run('one', { workers: 1 }),
      await run('two', { workers: 2 }),
      await run('three', { workers: 2 }),
    ]
    const [first, ...others] = await Promise.all(runs.map(({ out }) => hashesIn(out)))
    for (const other of others) expect(other).toEqual(first)
    const [manifest, ...manifests] = await Promise.all(
      runs.map(({ out }) => readFile(join(out, 'manifest.json'), 'utf8')),
    )
    for (const other of manifests) expect(other).toBe(manifest)
    expect(Object.keys(first ?? {})).toEqual(
      expect.arrayContaining([
        'decisions.parquet',
        'events.parquet',
        'experiment.yaml',
        'metrics.json',
        'report.html',
        'tables/rates.csv',
        'policies/features-30/policy.yaml',
      ]),
    )
    expect(await readdir(join(folder, 'one'))).not.toContain('.work')
  })

  test('tells of every variant what it is, what it came to and how it compares', async () => {
    const summary = await openSummary(join(folder, 'one'))
    expect(summary.manifest).toMatchObject({ state: 'whole', left: [], mode: 'replay', seed: '3' })
    expect(summary.variants.map(({ id }) => id)).toEqual([
      'features-30',
      'features-30/without-assessments',
      'rules-eu',
      'features-30/without-night',
    ])
    const hashes = summary.variants.map(({ policy }) => policy.hash)
    expect(new Set(hashes).size).toBe(hashes.length)
    for (const { metrics } of summary.variants) {
      const { frictionless, challenge, decline } = metrics.estimates
      expect((frictionless.value ?? 0) + (challenge.value ?? 0) + (decline.value ?? 0)).toBeCloseTo(1, 12)
    }
    expect(summary.comparisons.map(({ a, b }) => [a, b])).toEqual([
      ['features-30', 'features-30/without-assessments'],
      ['features-30', 'rules-eu'],
      ['features-30', 'features-30/without-night'],
    ])
  })

  test('writes decisions that give the same rates again', async () => {
    const summary = await openSummary(join(folder, 'one'))
    const file = await asyncBufferFromFile(join(folder, 'one', 'decisions.parquet'))
    const rows = await parquetReadObjects({ file })
    expect(rows).toHaveLength(summary.manifest.stream.events)
    const measured = rows.filter((row) => Number(row.ts) >= summary.manifest.stream.measuredFrom)
    for (const { id, metrics } of summary.variants) {
      const statuses = measured.map((row) => String(row[`${id}.status`]))
      const passed = statuses.filter((status) => 'YAI'.includes(status)).length
      const decided = statuses.filter((status) => 'YAICDSNR'.includes(status)).length
      expect(passed / decided).toBe(metrics.estimates.frictionless.value)
    }
  })

  test('is verified, and one changed byte is found', async () => {
    expect((await verify(join(folder, 'one'), { workers: 1 })).isSame).toBe(true)
    const copy = join(folder, 'changed')
    await cp(join(folder, 'one'), copy, { recursive: true })
    const bytes = await readFile(join(copy, 'decisions.parquet'))
    const at = bytes.length >> 1
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(join(copy, 'decisions.parquet'), bytes)
    const { isSame, files } = await verify(copy, { workers: 2 })
    expect(isSame).toBe(false)
    expect(files.filter(({ verdict }) => verdict !== 'same')).toEqual([
      { name: 'decisions.parquet', verdict: 'changed' },
    ])
  })

  test('is never verified into its own folder, nor into one in it', async () => {
    const before = await hashesIn(join(folder, 'one'))
    for (const keep of ['one', 'one/again', '.'])
      await expect(verify(join(folder, 'one'), { keep: join(folder, keep) })).rejects.toThrow('a folder of its own')
    expect(await hashesIn(join(folder, 'one'))).toEqual(before)
  })

  test('has the same report when it is written again, and its other languages beside the folder', async () => {
    const before = await hashesIn(join(folder, 'one'))
    expect(await reportCommand(join(folder, 'one'), {})).toBe(0)
    expect(await reportCommand(join(folder, 'one'), { lang: 'ja' })).toBe(0)
    expect(await hashesIn(join(folder, 'one'))).toEqual(before)
    expect(await readFile(join(folder, 'one.ja.html'), 'utf8')).toContain('</html>')
  })

  test('that was stopped leaves a folder that opens, and goes on to the same bytes', async () => {
    const { events } = (await openSummary(join(folder, 'one'))).manifest.stream
    // Four variants, two at a time: the first two are through.
    const { out, summary } = await run('stopped', { workers: 1, stopAfter: 2.4 * events })
    expect(summary.manifest.state).toBe('partial')
    expect(summary.manifest).not.toHaveProperty('cutAt')
    expect(summary.variants.map(({ id }) => id)).toEqual(['features-30', 'features-30/without-assessments'])
    expect(summary.manifest.left).toEqual(['rules-eu', 'features-30/without-night'])
    expect((await openSummary(out)).manifest.left).toEqual(summary.manifest.left)
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('</html>')
    await expect(verify(out, {})).rejects.toThrow('partial result')
    await expect(run('stopped')).rejects.toThrow('--resume goes on')
    await expect(run('stopped', { resume: true, text: text.replace('2000', '2500') })).rejects.toThrow(
      'another experiment',
    )

    const whole = await run('stopped', { resume: true, workers: 2 })
    expect(whole.summary.manifest.state).toBe('whole')
    expect(await hashesIn(whole.out)).toEqual(await hashesIn(join(folder, 'one')))
  })

  test('that was stopped before a variant was through is cut where all have come to', async () => {
    const { out, summary } = await run('cut', {
      workers: 1,
      text: text
        .replace('events: 2000', 'events: 20000')
        .replace('policies: [features-30, rules-eu]', 'policies: [features-30]')
        .replace('ablate: [{ each: [night] }]\n', ''),
      // Neither of the two comes to its end, and both come through the first part of the stream.
      stopAfter: 25_000,
    })
    const { cutAt = 0, stream, state, left } = summary.manifest
    expect(state).toBe('partial')
    expect(left).toEqual([])
    expect(summary.variants).toHaveLength(2)
    expect(cutAt).toBeGreaterThan(10_000)
    expect(cutAt).toBeLessThan(12_600)
    expect(stream.events).toBe(cutAt)
    for (const { metrics } of summary.variants) expect(metrics.population.events).toBeLessThan(cutAt + 1)
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(out, 'decisions.parquet')) })
    expect(rows).toHaveLength(cutAt)
  })

  test('whose one variant was stopped long before its end leaves the others out that had hardly begun', async () => {
    const { summary } = await run('first', { workers: 1, stopAfter: 1_200 })
    const { cutAt = 0, state, left } = summary.manifest
    expect(state).toBe('partial')
    expect(cutAt).toBeGreaterThan(0)
    expect(cutAt).toBeLessThan(2_000)
    expect(left).toEqual(expect.arrayContaining(['rules-eu', 'features-30/without-night']))
    expect(summary.variants.length + left.length).toBe(4)
  })

  test('that is stopped by a signal before anything was decided has nothing to show, and goes on', async () => {
    const controller = new AbortController()
    const signalled = run('signalled', {
      workers: 1,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase === 'decisions') controller.abort()
      },
    })
    await expect(signalled).rejects.toThrow('--resume goes on')
    const { out } = await run('signalled', { resume: true })
    expect(await hashesIn(out)).toEqual(await hashesIn(join(folder, 'one')))
  })

  test('that is finished is not run again by --resume', async () => {
    const before = await hashesIn(join(folder, 'one'))
    const tell = vi.fn()
    const { summary } = await run('one', { resume: true, onProgress: tell })
    expect(summary).toEqual(await openSummary(join(folder, 'one')))
    expect(tell).not.toHaveBeenCalled()
    expect(await hashesIn(join(folder, 'one'))).toEqual(before)
    await expect(run('one', { resume: true, text: text.replace('seed: 3', 'seed: 4') })).rejects.toThrow(
      'the results of another experiment',
    )
  })

  test('does not write where another run writes', async () => {
    const own = text.replace('events: 2000', 'events: 500').replace(/^ablate.*\n/m, '')
    const first = run('twice', { text: own })
    const results = await Promise.allSettled([first, run('twice', { text: own })])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [refused] = results.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refused).toMatch(/another run writes into it|holds a run that was stopped/)
    expect((await openSummary(join(folder, 'twice'))).manifest.state).toBe('whole')
    expect(await readdir(join(folder, 'twice'))).not.toContain('.work')
  })

  test('takes up what a process left that is gone', async () => {
    const { out } = await run('gone', { workers: 1, stopAfter: 1_200 })
    const gone = { pid: 2 ** 30, host: hostname() }
    await writeFile(join(out, '.work', 'lock.json'), JSON.stringify({ ...gone, pid: process.pid }))
    await expect(run('gone', { resume: true })).rejects.toThrow(`process ${process.pid}`)
    await writeFile(join(out, '.work', 'lock.json'), JSON.stringify(gone))
    expect(await hashesIn((await run('gone', { resume: true })).out)).toEqual(await hashesIn(join(folder, 'one')))
  })

  test('that is finished is no result of events that have changed since', async () => {
    const preset = (seed: number): string =>
      `name: events\nseed: ${seed}\nstream: { preset: japan, events: 300 }\npolicies: [rules-jp]\nbootstrap: { draws: 100 }\nkeep: { events: true, stream: true }\n`
    const [first, second] = [await run('events-1', { text: preset(1) }), await run('events-2', { text: preset(2) })]
    const file = join(folder, 'own.parquet')
    await cp(join(first.out, 'events.parquet'), file)
    const text = 'name: own\nstream: { import: own.parquet }\npolicies: [rules-jp]\nbootstrap: { draws: 100 }\n'
    const own = await run('own', { text })
    expect((await run('own', { text, resume: true })).summary).toEqual(own.summary)
    await cp(join(second.out, 'events.parquet'), file)
    await expect(run('own', { text, resume: true })).rejects.toThrow('results of other events')

    const stream = join(first.out, 'stream')
    const stored = await run('stored', { text, stream })
    expect((await run('stored', { text, stream, resume: true })).summary).toEqual(stored.summary)
    await expect(run('stored', { text, stream: join(second.out, 'stream'), resume: true })).rejects.toThrow(
      'results of other events',
    )
    expect(await readdir(stored.out)).not.toContain('.work')
  })

  test('does not write over what is there', async () => {
    await expect(run('one')).rejects.toThrow('holds results already')
    const other = join(folder, 'other')
    await cp(join(folder, 'one', 'tables'), other, { recursive: true })
    await expect(run('other')).rejects.toThrow('holds other files')
    expect(await readdir(other)).toContain('rates.csv')
  })

  test('is compared within itself and with another on the same events', async () => {
    const own = await compareVariants(`${join(folder, 'one')}:features-30`, `${join(folder, 'one')}:rules-eu`, {})
    const inside = (await openSummary(join(folder, 'one'))).comparisons.find(({ b }) => b === 'rules-eu')
    expect(own).toEqual(inside)
    const across = await compareVariants(`${join(folder, 'one')}:features-30`, `${join(folder, 'two')}:rules-eu`, {})
    const rate = (key: string, { differences }: typeof own) => differences.find((one) => one.key === key)
    expect(rate('frictionless', across)).toMatchObject({
      a: rate('frictionless', own)?.a,
      b: rate('frictionless', own)?.b,
      value: rate('frictionless', own)?.value,
      interval: rate('frictionless', own)?.interval,
    })
    await expect(
      compareVariants(`${join(folder, 'one')}:rules-ue`, `${join(folder, 'two')}:rules-eu`, {}),
    ).rejects.toThrow('did you mean rules-eu?')
  })

  test('moves thresholds on another population until two variants meet, and repeats them over others', async () => {
    const { out, summary } = await run('matched', {
      text: `
name: matched
seed: 4
mode: closedLoop
stream: { preset: japan, events: 2000 }
policies: [features-30]
assessments: both
match:
  - { variant: features-30/without-assessments, measure: challenge, on: { seed: 5 } }
  - { variant: features-30/without-assessments, id: before, measure: frictionless, on: before, warmUpDays: 1 }
claims: [challenge]
repeats: [6, 7]
bootstrap: { draws: 100 }
keep: { decisions: false }
`,
    })
    const [other, before] = summary.manifest.matched
    expect(summary.manifest.matched).toHaveLength(2)
    expect(other).toMatchObject({ toMeet: 'features-30', on: { seed: '5' } })
    expect(before?.on).toMatchObject({ to: expect.any(Number) })
    expect(other?.hash).not.toBe(summary.manifest.stream.hash)
    // Asked at most as often, let pass at least as often; the next shift that was tried does not do.
    expect(other?.reached).toBeLessThanOrEqual(other?.wanted ?? 0)
    expect(before?.reached).toBeGreaterThanOrEqual(before?.wanted ?? 1)
    const next = other?.tried.findLast(({ by }) => by < (other?.by ?? 0))
    expect(next?.measure ?? 1).toBeGreaterThan(other?.wanted ?? 0)
    const moved = summary.variants.find(({ kind }) => kind === 'match')
    expect(moved?.thresholds?.challenge).toBeCloseTo(-1 + (other?.by ?? 0), 9)
    expect(await readFile(join(out, 'policies', 'before.yaml'), 'utf8')).toContain('thresholds:')
    const family = summary.comparisons.flatMap(({ differences }) => differences.filter(({ holm }) => holm !== null))
    expect(new Set(family.map(({ key }) => key))).toEqual(new Set(['challenge']))

    const repeated = summary.repeats.find(
      (one) => one.rate === 'challenge' && one.variant === 'before' && one.against === 'features-30',
    )
    expect(repeated?.bySeed.map(({ seed }) => seed)).toEqual(['6', '7'])
    const values = repeated?.bySeed.map(({ value }) => value) ?? []
    expect(repeated?.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 2, 12)
    expect((await verify(out, {})).isSame).toBe(true)
    await expect(compareVariants(`${join(folder, 'one')}:features-30`, `${out}:before`, {})).rejects.toThrow(
      'other events',
    )
  })

  test('says so where what is wanted cannot be met', async () => {
    await expect(
      run('unmet', {
        text: `
name: unmet
stream: { preset: japan, events: 600 }
policies: [never-challenge, always-challenge]
match: [{ variant: always-challenge, toMeet: never-challenge, measure: challenge, on: before, warmUpDays: 1 }]
bootstrap: { draws: 100 }
`,
      }),
    ).rejects.toThrow('cannot be met')
  })
})
