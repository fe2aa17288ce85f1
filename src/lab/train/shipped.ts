/**
 * The models that come with Sekisho: trained on the Japanese preset, their policies' thresholds set on other seeds and checked on
 * yet others. `npm run lab:models` writes src/risk/policies/{logistic,gbdt}.yaml with their models, and the cards in docs/models.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPolicy, shippedPolicy } from '../../risk/policy.ts'
import { readYaml } from '../experiment/problems.ts'
import { Meter, type OnProgress } from '../experiment/progress.ts'
import { type Prepared, prepare } from '../experiment/stream.ts'
import { openDecisions } from '../run/decision-files.ts'
import { isChallenge, isDecided, isDecline, isFrictionless } from '../run/decisions.ts'
import { featureRows } from '../run/rows.ts'
import { runVariants } from '../run/run.ts'
import type { FeatureRows } from '../run/types.ts'
import { openStream } from '../stream/store.ts'
import { type EventStream, numberIn } from '../stream/table.ts'
import { cardMarkdown, cardOf, type SeedTold, type ThresholdsTold } from './card.ts'
import { fileText } from './file-text.ts'
import { type PolicyParts, policyText } from './policy-text.ts'
import { type TrainSettings, trainSchema, usualFeatures } from './settings.ts'
import { type Trained, train } from './train.ts'

export const shippedModels = ['logistic', 'gbdt'] as const
type ShippedModel = (typeof shippedModels)[number]

/** Of the events that reached a decision. */
const wantedFrictionless = 0.6
/** Log-odds of a probability of 0.9. */
const reject = 2.2
const tuningRounds = 4
/** Rates of one seed lie some points beside those of another: other shops, other wishes. */
const tuning = { seeds: ['shipped-thresholds-1', 'shipped-thresholds-2'], events: 150_000 } as const
const checking = ['shipped-check-1', 'shipped-check-2'] as const
/** What a study would hold them against. */
const beside = 'rules-jp'

const abouts: Readonly<Record<ShippedModel, { readonly about: PolicyParts['about']; readonly what: string }>> = {
  logistic: {
    what: 'A logistic regression',
    about: {
      en: 'A logistic regression over what is known of card, device, network and shop, trained on made-up Japanese payments. In doubt the holder is asked.',
      ja: 'カード・端末・ネットワーク・加盟店の履歴を使うロジスティック回帰です。人工の国内取引で学習しました。疑わしいときは本人認証を求めます。',
    },
  },
  gbdt: {
    what: 'Boosted trees',
    about: {
      en: 'Boosted trees over what is known of card, device, network and shop, trained on made-up Japanese payments. In doubt the holder is asked.',
      ja: 'カード・端末・ネットワーク・加盟店の履歴を使う勾配ブースティング木です。人工の国内取引で学習しました。疑わしいときは本人認証を求めます。',
    },
  },
}

const limits = [
  'Trained and tested on events that a generator made up (docs/lab-population.md). The generator knows fourteen patterns of attack; how good the model is against them says nothing sure about thieves who do something else, and nothing at all about real rates.',
  'Frauds of one run belong together, and some runs are long (enumeration): there are fewer attacks than frauds. Look at the table by pattern before at the AUC.',
  'The profiles grew while `rules-jp` ran: what a challenge taught is what that policy asked. Under another policy trust comes about otherwise.',
  'Probabilities are calibrated to the base rate of the stream as far as it was reported by then. On the test there was more fraud than was said (the ten parts above): part of it had not been reported, and the stream changes with time. Where fraud is more or less common they are wrong, and the thresholds lie elsewhere.',
  'Assessments of merchants’ screenings, presence of elements and texts (names, addresses, mail domains) are not among the features: the model does not see what the checks of `rules-jp` see there.',
  'Trained on labels as an issuer gets them: late, and some never. What is never reported teaches the model that it is genuine.',
]

export type ShippedOptions = {
  /** Root of the project. */
  readonly root: string
  /** Folder for streams and decisions; is not emptied. */
  readonly scratch: string
  readonly workers: number
  /** Of the training, instead of what the settings say: a trial. */
  readonly events?: number | undefined
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  readonly tell: (line: string) => void
}

async function settingsOf(root: string, name: ShippedModel, events: number | undefined): Promise<TrainSettings> {
  const file = `src/lab/train/shipped/${name}.yaml`
  const settings = readYaml(file, await readFile(join(root, file), 'utf8'), trainSchema).value
  const { stream } = settings
  return events === undefined || !('preset' in stream) ? settings : { ...settings, stream: { ...stream, events } }
}

/** The rows with some of their features. */
function narrowed(rows: FeatureRows, names: readonly string[]): FeatureRows {
  return {
    ...rows,
    names,
    features: names.map((name) => rows.features[rows.names.indexOf(name)] ?? new Float64Array(rows.n)),
  }
}

export async function makeShipped(options: ShippedOptions): Promise<void> {
  const { root, scratch, workers, signal, onProgress, tell } = options
  const meter = new Meter(onProgress)
  const all = await Promise.all(
    shippedModels.map(async (name) => ({ name, settings: await settingsOf(root, name, options.events) })),
  )
  const [first] = all
  if (first === undefined) return
  const making = { base: root, workers, signal, meter }
  // Both are trained on the same stream: it is made and run once.
  const prepared = await prepare(first.settings.stream, join(scratch, 'train'), {
    ...making,
    seed: first.settings.seed,
  })
  const { meta } = prepared.stream
  const like = await readFile(shippedPolicy('rules-jp'), 'utf8')
  const names = [...new Set(all.flatMap(({ settings }) => settings.model.features ?? usualFeatures))]
  const rows = await featureRows(
    prepared.folder,
    { text: like },
    {
      features: names,
      hears: first.settings.hears,
      from: meta.measuredFrom,
      signal,
      onProgress: ({ done, total }) => meter.at('decisions', done, total),
    },
  )
  tell(`${rows.n} events of ${meta.events} to learn from`)
  const policy = { name: 'rules-jp', hash: loadPolicy(like).hash }
  const trained = all.map(({ name, settings }) => {
    const own = narrowed(rows, settings.model.features ?? usualFeatures)
    const withLimits = { ...settings, card: { ...settings.card, limits: [...limits, ...settings.card.limits] } }
    const model = train(own, meta, withLimits, { signal })
    const { auc, averagePrecision } = model.quality.metrics
    tell(`${name}: AUC ${auc.value.toFixed(4)}, average precision ${averagePrecision.value.toFixed(4)}`)
    return { name, settings: withLimits, model }
  })
  const streamFor = (seed: string): Promise<Prepared> =>
    prepare({ preset: 'japan', events: tuning.events, seed, population: {} }, join(scratch, seed), { ...making, seed })
  const told = await thresholdsOf(trained, like, streamFor, options)
  const models = join(root, 'docs/models')
  await mkdir(models, { recursive: true })
  for (const { name, settings, model } of trained) {
    const thresholds = told.get(name)
    if (thresholds === undefined) continue
    const card = cardOf(model, { meta, policy, settings, file: `src/risk/policies/${name}.json`, thresholds })
    await writeFile(join(root, `src/risk/policies/${name}.json`), model.text)
    await writeFile(join(root, `src/risk/policies/${name}.yaml`), textOf(name, model, like, thresholds.challenge))
    await writeFile(join(models, `${name}.json`), fileText(card))
    await writeFile(join(models, `${name}.md`), cardMarkdown(card))
  }
}

const textOf = (name: ShippedModel, trained: Trained, like: string, challenge: number): string =>
  policyText(
    {
      name,
      about: abouts[name].about,
      comment: [
        `${abouts[name].what} over features of the engine and nothing else: no check, no scorecard. Trained by \`npm run lab:models\` on the`,
        'Japanese preset of the lab; docs/models tells on what, how good it is and what it does not know. No payment of a real person',
        'went into it: before it says anything about one, it has to be trained again.',
        'Where challenges begin was set so that 60 in 100 decided events of two other seeds pass without one; from a probability of 0.9 on a payment is refused.',
      ],
      file: `${name}.json`,
      thresholds: { challenge, reject },
    },
    trained,
    like,
  )

type Shares = Omit<SeedTold, 'seed' | 'use'>
type Candidate = { readonly name: ShippedModel; readonly model: Trained }

/** Where challenges begin, so that the wanted share passes without one: by halving on some seeds; then checked on others. */
async function thresholdsOf(
  trained: readonly Candidate[],
  like: string,
  streamFor: (seed: string) => Promise<Prepared>,
  options: ShippedOptions,
): Promise<ReadonlyMap<ShippedModel, ThresholdsTold>> {
  const { tell } = options
  const streams = await inTurn(tuning.seeds, streamFor)
  const open = new Map(trained.map(({ name, model }) => [name, bracketOf(model)]))
  const found = new Map<ShippedModel, { challenge: number; seeds: readonly Shares[] }>()
  for (let round = 0; round < tuningRounds; round++) {
    const tried = trained.map((one) => {
      const { low, high } = open.get(one.name) ?? bracketOf(one.model)
      return { ...one, challenge: rounded(between(low, high)) }
    })
    const bySeed = await inTurn(streams, (stream, i) => sharesOf(tried, like, stream, options, `tuning-${round}-${i}`))
    for (const { name, challenge } of tried) {
      const seeds = bySeed.flatMap((shares) => shares.get(name) ?? [])
      const bracket = open.get(name)
      if (bracket === undefined) continue
      const frictionless = meanOf(seeds)
      tell(`${name}: challenges from ${challenge} on leave ${(100 * frictionless).toFixed(2)} % frictionless`)
      const before = found.get(name)
      if (before === undefined || distance(seeds) < distance(before.seeds)) found.set(name, { challenge, seeds })
      const point = { challenge, frictionless }
      open.set(name, frictionless < wantedFrictionless ? { ...bracket, low: point } : { ...bracket, high: point })
    }
  }
  const chosen = trained.map((one) => ({ ...one, challenge: found.get(one.name)?.challenge ?? reject }))
  const seeds = new Map(
    chosen.map(({ name }): [ShippedModel, SeedTold[]] => {
      const own = found.get(name)?.seeds ?? []
      return [name, own.map((shares, i) => ({ seed: tuning.seeds[i] ?? '', use: 'tuned', ...shares }))]
    }),
  )
  const others: SeedTold[] = []
  for (const seed of checking) {
    const shares = await sharesOf(chosen, like, await streamFor(seed), options, seed, true)
    const other = shares.get(beside)
    if (other !== undefined) {
      others.push({ seed, use: 'checked', ...other })
      tell(`${beside}, ${toldOf(seed, other)}`)
    }
    for (const { name } of chosen) {
      const own = shares.get(name)
      if (own === undefined) continue
      seeds.get(name)?.push({ seed, use: 'checked', ...own })
      tell(`${name}, ${toldOf(seed, own)}`)
    }
  }
  return new Map(
    chosen.map(({ name, challenge }) => [
      name,
      { challenge, reject, seeds: seeds.get(name) ?? [], beside: { policy: beside, seeds: others } },
    ]),
  )
}

const toldOf = (seed: string, { frictionless, fraudCaught }: Shares): string =>
  `seed ${seed}: ${(100 * frictionless).toFixed(2)} % frictionless, ${(100 * fraudCaught).toFixed(1)} % of fraud caught`
const meanOf = (seeds: readonly Shares[]): number =>
  seeds.reduce((sum, { frictionless }) => sum + frictionless, 0) / seeds.length
const distance = (seeds: readonly Shares[]): number => Math.abs(meanOf(seeds) - wantedFrictionless)

/** One after the other: each holds a stream's profiles in memory. */
async function inTurn<T, R>(list: readonly T[], work: (one: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const [i, one] of list.entries()) results.push(await work(one, i))
  return results
}

const rounded = (challenge: number): number => Math.round(100 * challenge) / 100

type Point = { readonly challenge: number; readonly frictionless: number | undefined }
type Bracket = { readonly low: Point; readonly high: Point }

/** Scores of the test below and above the threshold that is looked for. */
function bracketOf({ testScores }: Trained): Bracket {
  const at = (share: number): number => testScores[Math.floor(share * (testScores.length - 1))] ?? 0
  return {
    low: { challenge: at(0.7), frictionless: undefined },
    high: { challenge: at(0.998), frictionless: undefined },
  }
}
/** In proportion where both ends are known, as far from an end as it takes to come nearer for sure. */
function between(low: Point, high: Point): number {
  const share =
    low.frictionless === undefined || high.frictionless === undefined || high.frictionless <= low.frictionless
      ? 0.5
      : Math.min(0.9, Math.max(0.1, (wantedFrictionless - low.frictionless) / (high.frictionless - low.frictionless)))
  return low.challenge + share * (high.challenge - low.challenge)
}

/** What policies with these thresholds did. */
async function sharesOf(
  candidates: readonly (Candidate & { readonly challenge: number })[],
  like: string,
  { folder }: Prepared,
  { scratch, workers, signal }: ShippedOptions,
  what: string,
  withBeside = false,
): Promise<ReadonlyMap<string, Shares>> {
  const own = candidates.map(({ name, model, challenge }) => ({
    id: name,
    policy: { text: textOf(name, model, like, challenge), models: { [`${name}.json`]: model.text } },
    hears: 'none' as const,
  }))
  const variants = withBeside ? [...own, { id: beside, policy: { text: like }, hears: 'none' as const }] : own
  const runs = await runVariants(folder, variants, {
    mode: 'replay',
    workers,
    out: join(scratch, `runs-${what}`),
    signal,
  })
  const stream = await openStream(folder, ['ts', 'isFraud'])
  const found = new Map<string, Shares>()
  for (const { id, folder: decisions } of runs) found.set(id, await countedIn(decisions, stream))
  return found
}

async function countedIn(folder: string, stream: EventStream): Promise<Shares> {
  const { meta } = stream
  const frauds = new Uint8Array(meta.events)
  for await (const part of stream.parts()) {
    const column = part.columns.get('isFraud')
    for (let row = 0; row < part.n; row++) frauds[part.first + row] = numberIn(column, row) === 1 ? 1 : 0
  }
  let [n, frictionless, challenged, declined, fraud, caught] = [0, 0, 0, 0, 0, 0]
  for await (const part of (await openDecisions(folder)).parts()) {
    for (let row = 0; row < part.n; row++) {
      const status = part.status[row] as number
      if ((part.ts[row] as number) < meta.measuredFrom || !isDecided(status)) continue
      n++
      const isCaught = !isFrictionless(status)
      if (!isCaught) frictionless++
      if (isChallenge(status)) challenged++
      if (isDecline(status)) declined++
      if (frauds[part.event[row] as number] !== 1) continue
      fraud++
      if (isCaught) caught++
    }
  }
  return {
    n,
    frictionless: frictionless / n,
    challenged: challenged / n,
    declined: declined / n,
    frauds: fraud,
    fraudCaught: fraud === 0 ? 0 : caught / fraud,
  }
}
