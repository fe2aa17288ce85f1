import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readExperiment } from '../../../src/lab/experiment/job.ts'
import type { Candidate } from '../../../src/lab/experiment/policies.ts'
import type { Estimate } from '../../../src/lab/metrics/types.ts'
import { markdownOf, pageOf } from '../../../src/lab/reproduce/document.ts'
import { policyOf } from '../../../src/lab/reproduce/policy-of.ts'
import {
  experimentText,
  picksOf,
  populationOf,
  type TraOptions,
  type TraPopulation,
  type TraRow,
  tra,
} from '../../../src/lab/reproduce/tra.ts'
import { traDocument } from '../../../src/lab/reproduce/tra-report.ts'

let folder = ''
let policies: readonly Candidate[] = []
let options: TraOptions
let population: TraPopulation
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-tra-'))
  policies = [await policyOf('rules-jp', '.')]
  options = {
    seed: '1',
    checkSeed: '2',
    preset: 'japan',
    events: 1_500,
    isWithoutWishes: true,
    offsets: [-2, 0],
    draws: 100,
    workers: 2, // all variants at once, since threads take long to start
    folder,
    base: '.',
  }
  population = await populationOf(policies, options, '1', 'picked')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const of = (variant: string): TraRow | undefined => population.rows.find((row) => row.variant === variant)

describe('the question of risk analysis', () => {
  test('is asked by an experiment that anybody could have written', () => {
    const text = experimentText(policies, options, '1')
    const { experiment } = readExperiment('tra.yaml', text)
    expect(experiment.sweep).toEqual([{ of: ['rules-jp'], challenge: [-3] }])
    expect(experiment.stream).toMatchObject({
      preset: 'japan',
      events: 1_500,
      population: { shops: { wishes: { none: 1, always: 0 } } },
    })
    expect(parse(experimentText(policies, { ...options, isWithoutWishes: false }, '1')).stream).not.toHaveProperty(
      'population',
    )
  })

  test('is answered for each threshold, and for the two ends', () => {
    expect(population.rows.map(({ variant }) => variant)).toEqual([
      'rules-jp',
      'never-challenge',
      'always-challenge',
      'rules-jp/challenge=-3',
    ])
    expect(of('rules-jp')).toMatchObject({ policy: 'rules-jp', challengeFrom: -1, isAsWritten: true })
    expect(of('rules-jp/challenge=-3')).toMatchObject({ policy: 'rules-jp', challengeFrom: -3, isAsWritten: false })
    expect(of('never-challenge')?.frictionless.value).toBe(1)
    expect(of('always-challenge')?.frictionless.value).toBe(0)
    expect(population.days).toBeGreaterThan(90)
    expect(population).toMatchObject({ seed: '1', events: expect.any(Number) })
  })

  test('has the worst of all full windows, as the days of the experiment add up to it', async () => {
    const lines = (await readFile(join(folder, 'picked/tables/daily.csv'), 'utf8')).trim().split('\n')
    const head = lines[0]?.split(',') ?? []
    const cell = (line: string, name: string): string => line.split(',')[head.indexOf(name)] ?? ''
    // The day from which it is measured: the preset begins on 2025-04-01, and 60 days let the profiles grow.
    const first = Date.parse('2025-05-31') / 86_400_000
    for (const row of population.rows) {
      const days = lines.slice(1).filter((line) => cell(line, 'variant') === row.variant)
      const at = (line: string): number => Date.parse(cell(line, 'day')) / 86_400_000
      let worst = 0
      let full = 0
      const last = at(days.at(-1) ?? '')
      for (let day = first + 89; day <= last; day++) {
        const window = days.filter((line) => at(line) > day - 90 && at(line) <= day)
        const sum = (name: string): number => window.reduce((total, line) => total + Number(cell(line, name)), 0)
        worst = Math.max(worst, (10_000 * sum('approvedFraudAmount')) / sum('approvedAmount'))
        full++
      }
      expect(row.fullWindows).toBe(full)
      expect(row.worst?.bps).toBeCloseTo(worst, 9)
      for (const { bps, isKept } of row.kept) expect(isKept).toBe(worst <= bps)
    }
  })

  test('is told in both languages without numbers that are none', () => {
    const document = traDocument({
      reproduction: 'tra',
      preset: 'japan',
      isWithoutWishes: true,
      populations: [population, { ...population, seed: '2' }],
      picks: picksOf(['rules-jp', 'always-challenge'], population.rows, population.rows),
    })
    for (const text of [markdownOf(document, 'en'), markdownOf(document, 'ja'), pageOf(document, 'en')])
      expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/)
  })

  test('is not answered where thresholds would be picked and checked on the same population', async () => {
    await expect(tra(policies, { ...options, checkSeed: '1' })).rejects.toThrow('--check-seed 1')
  })
})

const estimate = (value: number): Estimate => ({
  value,
  interval: null,
  numerator: null,
  n: 10,
  denominator: 'decided',
  cards: 10,
})
const row = (policy: string, from: number, frictionless: number, worst: number): TraRow => ({
  variant: `${policy}/challenge=${from}`,
  policy,
  challengeFrom: from,
  isAsWritten: false,
  frictionless: estimate(frictionless),
  fraudStoppedAmount: estimate(0.5),
  worst: { day: '2026-01-01', bps: worst, full: true },
  last: estimate(worst),
  fullWindows: 31,
  kept: [13, 6, 1].map((bps) => ({ bps, isKept: worst <= bps })),
})

test('of the thresholds that keep a rate the one with the most frictionless decisions is picked, and found again elsewhere', () => {
  const rows = [
    row('a', -2, 0.5, 0.8),
    row('a', -1, 0.8, 5),
    row('a', 0, 0.9, 12),
    row('a', 1, 0.95, 14),
    row('b', 0, 0.99, 20),
  ]
  const others = [row('a', -2, 0.51, 2), row('a', -1, 0.79, 7), row('a', 0, 0.91, 9)]
  const picks = picksOf(['a', 'b'], rows, others)
  expect(picks.map(({ policy, bps, picked }) => [policy, bps, picked?.challengeFrom ?? null])).toEqual([
    ['a', 13, 0],
    ['a', 6, -1],
    ['a', 1, -2],
    ['b', 13, null],
    ['b', 6, null],
    ['b', 1, null],
  ])
  expect(picks[1]?.checked?.worst?.bps).toBe(7)
  expect(picks[3]?.checked).toBeNull()
})
