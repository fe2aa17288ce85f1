import { parse } from 'node-html-parser'
import { beforeAll, expect, test } from 'vitest'
import { compare, withHolm } from '../../../src/lab/metrics/compare.ts'
import { readGround } from '../../../src/lab/metrics/ground.ts'
import { measure } from '../../../src/lab/metrics/measure.ts'
import type { MeasureOptions } from '../../../src/lab/metrics/types.ts'
import { type ScoresToShow, scoresHtml } from '../../../src/lab/report/scores.ts'
import { type Decision, decisionsOf, fixture, fixtureRows, streamOf } from '../metrics/support.ts'

/** Scores a and b of the fixture; b has none for one event. */
async function scored(scale: 'probability' | 'rank'): Promise<ScoresToShow> {
  const ground = await readGround(streamOf(fixtureRows))
  const side = async (variant: 'a' | 'b') => {
    const list = fixture.rows.map(
      (row, at): Decision => ({
        status: 'Y',
        ...(!(variant === 'b' && at === 7) && { score: row[variant] }),
      }),
    )
    const decisions = decisionsOf(list, fixtureRows)
    const options: MeasureOptions = { variant, mode: 'scores', seed: '1', draws: 100, timeZone: 'UTC', scale, k: 3 }
    return { decisions, measured: await measure(ground, decisions, options) }
  }
  const [a, b] = [await side('a'), await side('b')]
  return {
    metrics: [a.measured.metrics, b.measured.metrics],
    comparisons: withHolm([await compare(ground, a, b, { claims: ['auc', 'averagePrecision'] })]),
    stream: { name: '<b>mine</b>', hash: '0123456789abcdef0123' },
    seed: '1',
  }
}

let page = ''
beforeAll(async () => {
  page = await scoresHtml(await scored('probability'))
})

test('the page has curves, histograms, reliability and the comparison, with their numbers', () => {
  const root = parse(page)
  for (const id of [
    'roc',
    'roc-edge',
    'precision-recall',
    'histogram-0',
    'histogram-1',
    'reliability-0',
    'reliability-1',
  ])
    expect(root.querySelector(`#${id} svg`), id).not.toBeNull()
  for (const id of [
    'glance',
    'family',
    'comparison-0-differences',
    'comparison-0-beside',
    'ranking-metrics',
    'calibration',
  ])
    expect(root.querySelector(`table#${id}`), id).not.toBeNull()
  const differences = root.querySelector('#comparison-0-differences')?.textContent ?? ''
  // One event has no score b: the comparison is over the other 79, and b's own 79 and a's own 80 stand beside.
  expect(differences).toContain('79 events that have both scores')
  expect(root.querySelector('#comparison-0-beside')?.textContent).toContain(
    'each over the events that it scored itself',
  )
  expect(root.querySelector('#comparisons')?.textContent).toContain('over the 79 events that both scored')
  expect(root.querySelectorAll('#comparison-0-differences tbody tr').length).toBe(12)
})

test('nothing on it speaks of policies or rates of decisions, and nothing is left without a word', () => {
  const text = parse(page).querySelector('body')?.textContent ?? ''
  expect(text).not.toMatch(/policy hash|Frictionless|closed loop|undefined|NaN|Infinity|\[object|\{\w+\}/)
  expect(text).not.toContain('log-odds')
  expect(text).toContain('Mode: scores, nothing was decided.')
  expect(page).not.toContain('<b>mine</b>')
  expect(page).not.toMatch(/https?:\/\/|<script|\sstyle="/)
  const ids = parse(page)
    .querySelectorAll('[id]')
    .map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const link of parse(page).querySelectorAll('nav a')) expect(ids).toContain(link.getAttribute('href')?.slice(1))
})

test('every sentence is there in both languages, and either may come first', async () => {
  const root = parse(page)
  expect(root.querySelectorAll('span[lang=ja]').length).toBe(root.querySelectorAll('span[lang=en]').length)
  expect(await scoresHtml(await scored('probability'), { lang: 'ja' })).toContain('<html lang="ja">')
})

test('of scores that only rank there is no reliability and no calibration', async () => {
  const root = parse(await scoresHtml(await scored('rank')))
  expect(root.querySelector('#roc svg')).not.toBeNull()
  expect(root.querySelector('[id^=reliability]')).toBeNull()
  expect(root.querySelector('table#calibration')).toBeNull()
  expect(root.querySelectorAll('#comparison-0-differences tbody tr').length).toBe(9)
})
