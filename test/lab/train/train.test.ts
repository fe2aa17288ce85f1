// From rows, and from a file, to a model with its card and a policy that runs it.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Chance, keyOf } from '../../../src/lab/gen/chance.ts'
import type { FeatureRows } from '../../../src/lab/run/types.ts'
import { cardMarkdown, cardOf, type ModelCard } from '../../../src/lab/train/card.ts'
import { qualityOf, tenthsOf } from '../../../src/lab/train/measure.ts'
import { runTraining } from '../../../src/lab/train/run.ts'
import { type TrainSettings, trainSchema } from '../../../src/lab/train/settings.ts'
import { train } from '../../../src/lab/train/train.ts'
import { loadPolicy } from '../../../src/risk/policy.ts'
import { hashOf } from '../../../src/risk/scorers/scorer.ts'
import { plainAuc, scoresOf } from './support.ts'

const day = 86_400
const names = ['amount_ratio_log10', 'device_is_first', 'accounts_24h_device']

/** A hundred days, sixty payments each of forty cards; reports come within twenty days. */
function rowsOf(seed: string): FeatureRows {
  const n = 100 * 60
  const chance = new Chance().at(keyOf(seed, 'rows'), 0)
  const features = names.map((_, j) =>
    Float64Array.from({ length: n }, () => (j === 0 ? chance.normal() : chance.chance(0.2) ? 1 : 0)),
  )
  const y = new Uint8Array(n)
  const labelTs = new Float64Array(n).fill(Number.NaN)
  const ts = Float64Array.from({ length: n }, (_, i) => Math.floor((i * day) / 60))
  for (let i = 0; i < n; i++) {
    const [a = 0, b = 0, c = 0] = features.map((column) => column[i] as number)
    y[i] = chance.chance(1 / (1 + Math.exp(4 - 1.2 * a - 1.5 * b - c))) ? 1 : 0
    if (y[i] === 1) labelTs[i] = (ts[i] as number) + Math.floor(20 * day * chance.unit())
  }
  return {
    n,
    names,
    features,
    event: Float64Array.from({ length: n }, (_, i) => i),
    ts,
    labelTs,
    y,
    card: Uint32Array.from({ length: n }, () => chance.below(40)),
    amount: new Float64Array(n).fill(1_000),
    kind: Uint16Array.from(y),
    kinds: ['', 'stolen_number'],
    score: features[0]?.map((value) => value + 0.1 * chance.normal()) ?? new Float64Array(n),
  }
}
const meta = { name: 'made-up', seed: '1', hash: 'abc', events: 6_000, from: 0, to: 100 * day - 1, measuredFrom: 0 }
const settingsOf = (model: object, more: object = {}): TrainSettings =>
  trainSchema.parse({
    name: 'mine',
    seed: 's',
    stream: { folder: 'nowhere' },
    model,
    split: { testFrom: { share: 0.3 }, gapDays: 20, matureDays: 20 },
    bootstrap: { draws: 100 },
    ...more,
  })
const kinds = [
  { kind: 'logistic', signs: { accounts_24h_device: 'rising' } },
  { kind: 'gbdt', trees: 30, leastRows: 10, signs: { accounts_24h_device: 'rising' } },
  { kind: 'iforest', trees: 40 },
] as const

describe.each(kinds)('$kind', (model) => {
  const rows = rowsOf('rows')
  const settings = settingsOf(model)
  const trained = train(rows, meta, settings)

  test('is trained before the gap, calibrated on what was held back, and measured on the test', () => {
    const { split, counts, quality, scorer } = trained
    expect(split.periods.test.from).toBe(70 * day)
    expect(split.periods.held.until).toBe(50 * day)
    expect(counts.train.n + counts.held.n).toBe(50 * 60)
    expect(counts.test.n).toBe(30 * 60)
    const matrix = { n: rows.n, names, columns: rows.features }
    const scores = scoresOf(scorer, matrix).filter((_, i) => i >= 70 * 60)
    const y = rows.y.filter((_, i) => i >= 70 * 60)
    expect(quality.metrics.auc.value).toBeCloseTo(plainAuc(scores, y), 12)
    expect(quality.metrics.auc.low).toBeLessThan(quality.metrics.auc.value)
    expect(quality.metrics.auc.high).toBeGreaterThan(quality.metrics.auc.value)
    if (model.kind === 'iforest') return
    expect(quality.metrics.auc.value).toBeGreaterThan(0.75)
    // Calibrated: what is said lies about where it is.
    const said = scores.reduce((sum, score) => sum + 1 / (1 + Math.exp(-score)), 0)
    const was = y.reduce((sum, label) => sum + label, 0)
    expect(said / was).toBeGreaterThan(0.7)
    expect(said / was).toBeLessThan(1.4)
  })

  test('gives the same bytes again', () => {
    const again = train(rows, meta, settings)
    expect(again.text).toBe(trained.text)
    expect(again.about).toEqual(trained.about)
    const context = { meta, policy: { name: 'rules-jp', hash: 'x' }, settings, file: 'mine.json' }
    expect(cardOf(again, context)).toEqual(cardOf(trained, context))
  })

  test('says in its card what it was made of', () => {
    const card = cardOf(trained, { meta, policy: { name: 'rules-jp', hash: 'x' }, settings, file: 'mine.json' })
    expect(card.model.hash).toBe(hashOf(trained.text))
    expect(card.data.periods.train.from).toBe('1970-01-01 00:00')
    expect(card.kinds).toMatchObject([{ kind: 'stolen_number', frauds: card.data.counts.test.frauds }])
    const page = cardMarkdown(card)
    for (const word of [card.model.hash, 'stolen_number', 'AUC', ...trained.features.map(({ name }) => name)])
      expect(page).toContain(word)
    expect(page).not.toMatch(/undefined|NaN|\[object/)
    if (model.kind !== 'iforest')
      expect(card.features.find(({ name }) => name === 'accounts_24h_device')?.sign).toBe('rising')
  })
})

test('an isolation forest without a calibrator is refused, and so is a calibrator without events', () => {
  expect(() => train(rowsOf('a'), meta, settingsOf({ kind: 'iforest' }, { calibrator: 'none' }))).toThrow(/calibrator/)
  const split = { testFrom: { share: 0.3 }, gapDays: 20, matureDays: 20, heldShare: 0 }
  expect(() => train(rowsOf('a'), meta, settingsOf({ kind: 'logistic' }, { split }))).toThrow(/heldShare/)
})

test('undersampling leaves the probabilities where they were', () => {
  const split = { testFrom: { share: 0.3 }, gapDays: 20, matureDays: 20, genuineKept: 0.3 }
  const model = { kind: 'logistic' }
  const whole = train(rowsOf('kept'), meta, settingsOf(model, { calibrator: 'none' }))
  const part = train(rowsOf('kept'), meta, settingsOf(model, { calibrator: 'none', split }))
  expect(part.counts.train.n).toBeLessThan(0.45 * whole.counts.train.n)
  const meanOf = ({ tenths }: typeof whole) => tenths.reduce((sum, { said }) => sum + said, 0)
  expect(meanOf(part) / meanOf(whole)).toBeGreaterThan(0.85)
  expect(meanOf(part) / meanOf(whole)).toBeLessThan(1.15)
})

describe('what is measured', () => {
  test('agrees with plain sums, and with weights of one for all cards', () => {
    const scores = Float64Array.of(-2, -1, -1, 0, 1, 2)
    const y = Uint8Array.of(0, 0, 1, 0, 1, 1)
    const { metrics, cards } = qualityOf({ scores, y, card: Uint32Array.of(9, 9, 4, 4, 7, 8) }, 'seed', 50)
    const p = [...scores].map((score) => 1 / (1 + Math.exp(-score)))
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(cards).toBe(4)
    expect(metrics.auc.value).toBeCloseTo(plainAuc(scores, y), 12)
    expect(metrics.brier.value).toBeCloseTo(mean(p.map((one, i) => (one - (y[i] ?? 0)) ** 2)), 12)
    expect(metrics.logLoss.value).toBeCloseTo(mean(p.map((one, i) => -Math.log(y[i] === 1 ? one : 1 - one))), 12)
    // Scores fall 2, 1, 0, -1, -2: precision 1, 1, 2/3, 3/5 where the frauds come.
    expect(metrics.averagePrecision.value).toBeCloseTo((1 + 1 + 3 / 5) / 3, 12)
  })
  test('tenths hold every event once, from the lowest score on', () => {
    const scores = Float64Array.from({ length: 25 }, (_, i) => (i * 7) % 25)
    const tenths = tenthsOf({ scores, y: Uint8Array.from(scores, (score) => (score > 22 ? 1 : 0)) })
    expect(tenths.reduce((sum, { n }) => sum + n, 0)).toBe(25)
    expect(tenths.at(-1)?.frauds).toBe(2)
  })
})

describe('a training file', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sekisho-train-test-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const options = () => ({
    out: join(folder, 'out'),
    base: folder,
    workers: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })

  test('with mistakes is refused with every line', async () => {
    const text =
      'name: mine\nstream: { preset: japn }\nmodel:\n  kind: gbdt\n  trees: many\n  features: [amount_lg]\n  signs: { amount_log: up }\n'
    await expect(runTraining('mine.yaml', text, options())).rejects.toMatchObject({
      problems: [
        { path: 'model.trees', line: 5 },
        { path: 'model.features.0', line: 6, message: expect.stringContaining('amount_log') },
        { path: 'model.signs.amount_log', line: 7 },
      ],
    })
    await expect(
      runTraining('mine.yaml', 'name: mine\nstream: { preset: japn }\nmodel: { kind: gbdt }\n', options()),
    ).rejects.toThrow(/japan/)
    await expect(
      runTraining(
        'mine.yaml',
        'name: mine\npolicy: rules-jn\nstream: { preset: japan }\nmodel: { kind: gbdt }\n',
        options(),
      ),
    ).rejects.toMatchObject({ problems: [{ path: 'policy', line: 2 }] })
  })

  test('leaves a model, a policy that loads with it, and a card', { timeout: 120_000 }, async () => {
    const text = `
name: mine
seed: 3
stream: { preset: japan, events: 6000, population: { days: 90, warmUpDays: 20, attacks: { stolen_number: { per10k: 60 } } } }
model: { kind: logistic, features: [amount_ratio_log10, device_is_first, network_is_first, email_is_first, hour_distance] }
split: { testFrom: { share: 0.4 }, gapDays: 15, matureDays: 15 }
bootstrap: { draws: 100 }
`
    const { card, files } = await runTraining('mine.yaml', text, options())
    expect(files).toEqual(['mine.json', 'mine.yaml', 'card.json', 'card.md'])
    const read = (name: string) => readFile(join(folder, 'out', name), 'utf8')
    const model = await read('mine.json')
    expect(hashOf(model)).toBe(card.model.hash)
    const policy = loadPolicy(await read('mine.yaml'), () => model)
    expect(policy.scorers.map(({ id, scorer }) => [id, scorer.hash])).toEqual([['mine', card.model.hash]])
    expect(JSON.parse(await read('card.json')) as ModelCard).toEqual(JSON.parse(JSON.stringify(card)))
    expect(card.data.stream.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(card.quality.metrics.auc.value).toBeGreaterThan(0.7)
  })
})
