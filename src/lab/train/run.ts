/** A training from its file to its folder: the model, a policy that runs it, and its card. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { candidatesOf } from '../experiment/policies.ts'
import { LabExperimentError, problemAt, readYaml, type Source } from '../experiment/problems.ts'
import { Meter, type OnProgress } from '../experiment/progress.ts'
import { type Prepared, prepare, streamProblems } from '../experiment/stream.ts'
import { featureRows } from '../run/rows.ts'
import type { FeatureRows } from '../run/types.ts'
import { cardMarkdown, cardOf, type ModelCard } from './card.ts'
import { fileText } from './file-text.ts'
import { policyText } from './policy-text.ts'
import { LabTrainError } from './problem.ts'
import { type TrainSettings, trainSchema, usualFeatures } from './settings.ts'
import { type Trained, type TrainHooks, train } from './train.ts'

export type TrainOptions = {
  /** Folder that gets the results. */
  readonly out: string
  /** What paths of the settings are relative to. */
  readonly base: string
  readonly workers: number
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  readonly onTree?: TrainHooks['onTree']
}

export type TrainResult = { readonly trained: Trained; readonly card: ModelCard; readonly files: readonly string[] }

type PolicyRead = {
  readonly name: string
  readonly hash: string
  readonly text: string
  readonly models: Readonly<Record<string, string>>
}

/** The policy that runs while the profiles grow. */
async function policyOf({ policy }: TrainSettings, base: string, source: Source): Promise<PolicyRead> {
  const one = typeof policy === 'string' ? policy : { ...policy, hears: 'all' as const }
  try {
    const [found] = await candidatesOf({ policies: [one] }, base, source)
    if (found === undefined) throw new LabTrainError('there is no policy', 'policy')
    return { name: found.id, hash: found.policy.hash, text: found.text, models: found.models }
  } catch (error) {
    if (!(error instanceof LabExperimentError)) throw error
    // It is one policy here, and stands under its own key.
    throw new LabExperimentError(
      source.file,
      error.problems.map(({ message }) => problemAt(source, ['policy'], message)),
    )
  }
}

/** What the engine saw of each event from where the stream is measured. */
export const rowsFor = (
  { folder, stream }: Prepared,
  policy: Pick<PolicyRead, 'text' | 'models'>,
  settings: TrainSettings,
  meter: Meter,
  signal: AbortSignal,
): Promise<FeatureRows> =>
  featureRows(folder, policy, {
    features: settings.model.features ?? usualFeatures,
    hears: settings.hears,
    from: stream.meta.measuredFrom,
    signal,
    onProgress: ({ done, total }) => meter.at('decisions', done, total),
  })

/** `file`: where the text comes from, for messages. Throws an error for people; stopped by `signal` nothing is written. */
export async function runTraining(file: string, text: string, options: TrainOptions): Promise<TrainResult> {
  const { base, out, workers, signal, onProgress } = options
  const { value: settings, source } = readYaml(file, text, trainSchema)
  const problems = await streamProblems(settings.stream, base, source)
  if (problems.length > 0) throw new LabExperimentError(file, problems)
  const policy = await policyOf(settings, base, source)
  const scratch = await mkdtemp(join(tmpdir(), 'sekisho-train-'))
  try {
    const meter = new Meter(onProgress)
    const prepared = await prepare(settings.stream, join(scratch, 'stream'), {
      seed: settings.seed,
      base,
      workers,
      signal,
      meter,
    })
    const rows = await rowsFor(prepared, policy, settings, meter, signal)
    const trained = train(rows, prepared.stream.meta, settings, { signal, onTree: options.onTree })
    const modelFile = `${settings.name}.json`
    const card = cardOf(trained, { meta: prepared.stream.meta, policy, settings, file: modelFile })
    const written = {
      [modelFile]: trained.text,
      [`${settings.name}.yaml`]: policyFor(trained, settings, modelFile, policy.text),
      'card.json': cardText(card),
      'card.md': cardMarkdown(card),
    }
    await mkdir(out, { recursive: true })
    for (const [name, content] of Object.entries(written)) await writeFile(join(out, name), content)
    return { trained, card, files: Object.keys(written) }
  } catch (error) {
    if (signal.aborted) throw new LabTrainError('stopped; nothing was written')
    throw error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

export const cardText = (card: ReturnType<typeof cardOf>): string => fileText(card)

/** Share of the test that lies above where challenges begin, until somebody chooses otherwise. */
const challengedShare = 0.25
/** Log-odds of a probability of 0.9. */
export const rejectFrom = 2.2

function policyFor(trained: Trained, { name }: TrainSettings, file: string, like: string): string {
  const { testScores } = trained
  const cut = testScores[Math.floor((1 - challengedShare) * testScores.length)] ?? 0
  const challenge = Math.round(1e3 * Math.min(cut, rejectFrom)) / 1e3
  return policyText(
    {
      name,
      about: {
        en: `Runs the model ${name} and nothing else.`,
        ja: `モデル ${name} だけで判断します。`,
      },
      comment: [
        `Written by \`sekisho lab train\`, with the model ${file} beside it; what it was made of stands in card.md. Where challenges begin`,
        `lets the safest ${Math.round(100 * (1 - challengedShare))} in 100 payments of the test pass before rules, wishes and the protocol have their say: choose it for yourself.`,
      ],
      file,
      thresholds: { challenge, reject: rejectFrom },
    },
    trained,
    like,
  )
}

export type Outcome = { readonly code: number; readonly lines: readonly string[] }

/** What `sekisho lab train` does, beside showing how far it is. Paths of the file are relative to it. */
export async function trainCommand(
  file: string,
  options: Omit<TrainOptions, 'base' | 'out'> & { readonly out?: string | undefined },
): Promise<Outcome> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new LabTrainError(
      `${file} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'})`,
    )
  }
  const base = dirname(resolve(file))
  const out = options.out ?? join(base, basename(file).replace(/\.ya?ml$/, ''))
  const { trained, card, files } = await runTraining(file, text, { ...options, base, out })
  const { auc, averagePrecision } = card.quality.metrics
  const told = (value: number): string => value.toFixed(4)
  const span = ({ value, low, high }: typeof auc): string =>
    low === null || high === null ? told(value) : `${told(value)} (${told(low)} to ${told(high)})`
  return {
    code: 0,
    lines: [
      `${card.model.name} (${card.model.kind}): trained on ${trained.counts.train.n} events with ${trained.counts.train.frauds} frauds, tested on ${card.quality.n} with ${card.quality.frauds}`,
      `AUC ${span(auc)}, average precision ${span(averagePrecision)}`,
      `written to ${out}: ${files.join(', ')}`,
    ],
  }
}
