import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { markdownOf, pageOf, textOf } from '../../../src/lab/reproduce/document.ts'
import { policyOf } from '../../../src/lab/reproduce/policy-of.ts'
import { analysisOf, probe, type Trial } from '../../../src/lab/reproduce/probe.ts'
import { cells, eventsOf, factors, isChanged, memories, setting } from '../../../src/lab/reproduce/probe-events.ts'
import { patternOf, probeDocument } from '../../../src/lab/reproduce/probe-report.ts'
import { loadPolicy, shippedPolicy } from '../../../src/risk/policy.ts'

const { issuer } = loadPolicy(readFileSync(shippedPolicy('probe-2018'), 'utf8'))
const columns = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map((row) => row.join('\t')).join('\n')

/** Elements by which each thing shows. */
const shows = {
  device: [
    'browserUserAgent',
    'deviceId',
    'methodData',
    'browserScreenWidth',
    'browserScreenHeight',
    'browserColorDepth',
  ],
  region: ['browserIP', 'ipCountry', 'ipLat', 'ipLon'],
  amount: ['purchaseAmount'],
  site: ['merchant', 'merchantName', 'mcc'],
} as const

describe.each(memories)('probes with a memory that is %s', (memory) => {
  test.each(Array.from({ length: cells }, (_, cell) => cell))(
    'of cell %i differ in what it changes and in nothing else',
    (cell) => {
      const usual = eventsOf('1', 3, 0, memory, issuer)
      const changed = eventsOf('1', 3, cell, memory, issuer)
      expect(changed.slice(0, -1)).toEqual(usual.slice(0, -1))
      const [before, after] = [usual.at(-1) ?? {}, changed.at(-1) ?? {}]
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof typeof before)[]
      const different = names.filter((name) => before[name] !== after[name])
      for (const factor of factors) {
        const own = different.filter((name) => (shows[factor] as readonly string[]).includes(name))
        expect(own.length > 0, factor).toBe(isChanged(cell, factor))
      }
      expect(
        different.filter(
          (name) =>
            !Object.values(shows)
              .flat()
              .some((one) => one === name),
        ),
      ).toEqual([])
      if (isChanged(cell, 'region')) expect(after.ipCountry).not.toBe(issuer.country)
      if (isChanged(cell, 'amount')) {
        const times = Number(after.purchaseAmount) / Number(before.purchaseAmount)
        expect(times).toBeGreaterThan(setting.times[0] - 0.1)
        expect(times).toBeLessThan(setting.times[1] + 0.1)
      }
    },
  )

  test('come after a history that is there or not, in order of time', () => {
    for (let repetition = 0; repetition < 20; repetition++) {
      const rows = eventsOf('7', repetition, 0, memory, issuer)
      const own = rows.filter(({ card }) => card === `probe-${repetition}`).length - 1
      expect(own).toBeGreaterThanOrEqual(memory === 'clean' ? 0 : setting.purchases[0])
      expect(own).toBeLessThanOrEqual(memory === 'clean' ? 0 : setting.purchases[1])
      expect(rows.length).toBe(setting.others + own + 1)
      rows.forEach((row, i) => {
        expect(Number(row.ts)).toBeGreaterThanOrEqual(Number(rows[i - 1]?.ts ?? 0))
      })
    }
  })
})

/** An issuer that challenges whoever changes the device, refuses with all three, and looks at nothing else. */
const planted: readonly Trial[] = Array.from({ length: 5 * cells }, (_, i): Trial => {
  const cell = i % cells
  const [device, region, amount] = (['device', 'region', 'amount'] as const).map((factor) => isChanged(cell, factor))
  return {
    repetition: Math.floor(i / cells),
    cell,
    answer: device && region && amount ? 'refused' : device ? 'challenged' : 'frictionless',
    score: (device ? 2 : 0) + (region ? 0.5 : 0),
  }
})

test('what was answered is counted by cell, by factor and by pair', () => {
  const { cells: counts, outcomes, score } = analysisOf('history', 'one', planted, 5)
  expect(counts[0]).toEqual({ changed: [], n: 5, frictionless: 5, challenged: 0, refused: 0 })
  expect(counts[7]).toEqual({
    changed: ['device', 'region', 'amount'],
    n: 5,
    frictionless: 0,
    challenged: 0,
    refused: 5,
  })
  const [friction, challenge, refusal] = outcomes
  expect(friction?.factors[0]).toMatchObject({
    without: { hits: 0, n: 40 },
    with: { hits: 40, n: 40 },
    // Forty pairs of five persons are five.
    pairs: { n: 40, onlyWith: 40, onlyWithout: 0, repetitions: { n: 5, more: 5, fewer: 0 }, p: 2 / 2 ** 5 },
    odds: { kind: 'above' },
  })
  expect(friction?.factors[1]?.pairs).toMatchObject({ n: 40, onlyWith: 0, onlyWithout: 0, p: 1 })
  // Refused ones are left out: 10 of 80 trials, and their pairs with them.
  expect(challenge).toMatchObject({ n: 70, hits: 30 })
  expect(challenge?.factors[0]?.pairs).toMatchObject({ n: 30, onlyWith: 30 })
  expect(refusal).toMatchObject({ n: 80, hits: 10 })
  expect(score.map(({ mean }) => mean)).toEqual([2, 0.5, 0, 0])
})

test('five persons show nothing, however many pairs they give; six do', () => {
  const sixth = planted.slice(0, cells).map((trial) => ({ ...trial, repetition: 5 }))
  expect(patternOf(analysisOf('history', 'one', planted, 5))).toEqual({
    raising: [],
    isSiteSilent: true,
    refusing: [],
  })
  expect(patternOf(analysisOf('history', 'one', [...planted, ...sixth], 6))).toEqual({
    raising: ['device'],
    isSiteSilent: true,
    refusing: ['device', 'region', 'amount'],
  })
})

test('each memory has its own number of probes answered', () => {
  const unanswered = planted.map((trial): Trial => (trial.repetition < 2 ? { ...trial, answer: 'unanswered' } : trial))
  const { chapters } = probeDocument({
    reproduction: 'probe',
    seed: '1',
    repetitions: 5,
    scatter: 0,
    policy: { id: 'planted', name: 'Planted', version: 1, hash: '0' },
    isByPrices: false,
    analyses: [analysisOf('clean', 'one', unanswered, 5), analysisOf('history', 'one', planted, 5)],
  })
  const [inCells, inLevels] = chapters[0]?.tables ?? []
  expect(inCells?.heads.filter((head) => head === 'n')).toHaveLength(2)
  expect(inCells?.rows[0]?.slice(1)).toEqual(['3 / 0 / 0', '3', '5 / 0 / 0', '5'])
  expect([inLevels?.rows[0]?.[2], inLevels?.rows[0]?.[4]]).toEqual(['6', '10'])
})

test('separation by an interaction is not told as one factor that decides', () => {
  // Nobody is asked but where device and region are new together; the amount then decides by the person.
  const trials = planted.map((trial): Trial => {
    const isNew = isChanged(trial.cell, 'device') && isChanged(trial.cell, 'region')
    const isAsked = isNew && (isChanged(trial.cell, 'amount') || trial.repetition < 2)
    return { ...trial, answer: isAsked ? 'challenged' : 'frictionless' }
  })
  const analysis = analysisOf('history', 'one', trials, 5)
  expect(analysis.outcomes[0]?.isSeparated).toBe(true)
  const document = probeDocument({
    reproduction: 'probe',
    seed: '1',
    repetitions: 5,
    scatter: 0,
    policy: { id: 'planted', name: 'Planted', version: 1, hash: '0' },
    isByPrices: false,
    analyses: [analysis],
  })
  const [english, japanese] = (['en', 'ja'] as const).map((lang) => textOf(document, lang, columns))
  expect(english).toContain('the factors together leave no doubt in some cells')
  expect(english).toContain('5 repetitions are too few to tell any effect')
  expect(english).not.toContain('decides alone')
  expect(japanese).toContain('要因の組み合わせによって応答が確定するセルがあり')
  expect(japanese).not.toContain('単独で')
})

describe('probe-2018', async () => {
  const policy = await policyOf('probe-2018', '.')
  const result = await probe(policy, { seed: '1', repetitions: 10, scatter: 0 })
  const [clean, history] = result.analyses

  test('gives the pattern of the study back to who probes it with a history', () => {
    if (history === undefined) throw new Error('no analysis')
    expect(patternOf(history)).toMatchObject({ raising: ['device', 'region', 'amount'], isSiteSilent: true })
    const odds = history.score.map(({ mean }) => Math.exp(mean))
    expect(odds[0]).toBeCloseTo(6.05, 2)
    expect(odds[1]).toBeCloseTo(6.05, 2)
    expect(odds[2]).toBeGreaterThan(3)
    expect(odds[2]).toBeLessThan(8)
    expect(odds[3]).toBeCloseTo(1, 6)
    // Nothing is refused at home, and nothing is asked where nothing was changed.
    for (const { changed, refused, frictionless, n } of history.cells) {
      if (!changed.includes('region')) expect(refused).toBe(0)
      if (changed.every((factor) => factor === 'site')) expect(frictionless).toBe(n)
    }
  })

  test('cannot tell a device that was changed where it has never seen the card', () => {
    expect(clean?.score[0]?.mean).toBe(0)
    expect(clean?.outcomes[0]?.factors[0]?.pairs).toMatchObject({ onlyWith: 0, onlyWithout: 0 })
  })

  test('has odds ratios of five to seven where issuers differ', async () => {
    const { analyses } = await probe(policy, { seed: '1', repetitions: 16, scatter: 1, memories: ['history'] })
    const many = analyses.find(({ issuers }) => issuers === 'many')
    const [device, region, amount, site] = many?.outcomes[0]?.factors.map(({ odds }) => odds) ?? []
    for (const one of [device, region, amount]) {
      expect(one).toMatchObject({ kind: 'finite', method: 'cluster' })
      expect(one?.low).toBeGreaterThan(1)
      expect(one?.low).toBeLessThan(7)
      expect(one?.high).toBeGreaterThan(5)
    }
    expect(site?.low).toBeLessThan(1)
    expect(site?.high).toBeGreaterThan(1)
  })

  test('is told in both languages without numbers that are none', () => {
    const document = probeDocument(result)
    for (const lang of ['en', 'ja'] as const)
      for (const text of [textOf(document, lang, columns), markdownOf(document, lang), pageOf(document, lang)])
        expect(text).not.toMatch(/undefined|NaN|Infinity|∞|\[object/)
    expect(pageOf(document, 'ja')).toContain('オッズ比')
    expect(JSON.stringify(result)).not.toMatch(/null,"high":null,"method":"wald"/)
  })
})

test('the same seed gives the same probes, another one others', async () => {
  const policy = await policyOf('rules-jp', '.')
  const run = (seed: string) => probe(policy, { seed, repetitions: 2, scatter: 0, memories: ['history'] })
  const first = await run('1')
  expect(await run('1')).toEqual(first)
  expect((await run('2')).analyses).not.toEqual(first.analyses)
})

test('a policy that decides by prices has no thresholds to move', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sekisho-probe-'))
  try {
    const file = join(folder, 'prices.yaml')
    const costs =
      'costs: { lossShare: 1, challenge: 50, margin: 0.05, passes: { genuine: 0.95, fraud: 0.1 }, calibrator: none }'
    await writeFile(file, `${readFileSync(shippedPolicy('probe-2018'), 'utf8')}\n${costs}\n`)
    const policy = await policyOf(file, '.')
    const result = await probe(policy, { seed: '1', repetitions: 2, scatter: 1, memories: ['clean'] })
    expect(result.isByPrices).toBe(true)
    expect(result.analyses.map(({ issuers }) => issuers)).toEqual(['one'])
    expect(
      probeDocument(result)
        .about.map(({ en }) => en)
        .join(' '),
    ).toContain('decides by prices')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a policy that is not there is told with the name that was meant', async () => {
  await expect(policyOf('rules-pj', '.')).rejects.toThrow(
    /^--policy rules-pj: no policy rules-pj.*did you mean rules-jp/,
  )
  await expect(policyOf('./nowhere.yaml', '.')).rejects.toThrow(
    '--policy ./nowhere.yaml: ./nowhere.yaml cannot be read (ENOENT)',
  )
})
