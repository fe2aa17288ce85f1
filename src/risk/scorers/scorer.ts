/** What every scorer is: named numbers of an AReq to log-odds of fraud, with what each number contributed. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Calibrator, calibrated, calibratorSchema, uncalibrated } from '../calibrators.ts'
import { meant } from '../policy/nearest.ts'
import { most, toGrain } from './grain.ts'

export const scorerKinds = ['logistic', 'gbdt', 'lightgbm', 'xgboost', 'iforest', 'onnx', 'freeman'] as const
type ScorerKind = (typeof scorerKinds)[number]

export type Scorer = {
  readonly kind: ScorerKind
  readonly name: string
  readonly version: string
  /** SHA-256 of the model's text, in hex. */
  readonly hash: string
  /** The engine's features that the model reads, in the order of its contributions. */
  readonly features: readonly string[]
  readonly calibrator: Calibrator
  /** Log-odds of fraud, a multiple of 2^-30. */
  logOdds(event: Float64Array): number
  /** Fills `out`, one place per entry of `features`; gives the base. base + contributions = logOdds exactly. */
  contributions(event: Float64Array, out: Float64Array): number
}

/** What the policy says of a model; the file holds the numbers only. */
export const scorerAbout = z.strictObject({
  kind: z.enum(scorerKinds),
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  calibrator: calibratorSchema.default(uncalibrated),
  /** Feature of the model → feature of the engine, where the names differ. */
  features: z.record(z.string(), z.string()).default({}),
  /** Share of genuine events that the training kept: it shifts the odds, p = βq / (βq + 1 - q). */
  genuineKept: z.number().positive().max(1).default(1),
})
export type ScorerAbout = z.input<typeof scorerAbout>

export type Problem = { readonly path: string; readonly problem: string }

/** What is wrong with a model, each with its path in the file. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(`model: ${problems.map(({ path, problem }) => (path === '' ? problem : `${path}: ${problem}`)).join('; ')}`)
    this.problems = problems
  }
}

export function refuse(path: string, problem: string): never {
  throw new ModelError([{ path, problem }])
}

/** Where the engine keeps the features of a model. `path` names the place of one in the file. */
export function positionsOf(
  names: readonly string[],
  { features }: z.output<typeof scorerAbout>,
  engine: readonly string[],
  path: (i: number) => string,
): Int32Array {
  const known = new Map(engine.map((name, at) => [name, at]))
  return Int32Array.from(names, (name, i) => {
    const wanted = engineName(name, features)
    const at = known.get(wanted)
    return at ?? refuse(path(i), `the engine knows no feature ${shortly(wanted)}${meant(wanted, engine)}`)
  })
}

const engineName = (name: string, renamed: Readonly<Record<string, string>>): string =>
  Object.hasOwn(renamed, name) ? (renamed[name] ?? name) : name

/** A text of a file as an error message may hold it. */
export const shortly = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

/** A model before its calibrator: `score` = base + parts exactly, all of them multiples of 2^-30. */
export type Model = {
  readonly features: readonly string[]
  /** Log-odds, or a score that is none and needs a calibrator. */
  readonly gives: 'logOdds' | 'score'
  /** The score is never further from 0 than this. */
  readonly most: number
  score(features: Float64Array): number
  parts(features: Float64Array, out: Float64Array): number
}

export const hashOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')

const maxProblems = 10

/** `data` as `schema` reads it; what is wrong is told with its path. */
export function checkedBy<S extends z.ZodType>(schema: S, data: unknown, within = ''): z.output<S> {
  const read = schema.safeParse(data)
  if (read.success) return read.data
  throw new ModelError(
    read.error.issues.slice(0, maxProblems).map(({ path, message }) => ({
      path: [...(within === '' ? [] : [within]), ...path.map(String)].join('.'),
      problem: message,
    })),
  )
}

/** Where a step of an isotonic calibrator is steeper than this, the base takes what is left. */
const steepest = 64
const stretchOf = (calibrator: Calibrator): number =>
  calibrator.kind === 'none' ? 1 : calibrator.kind === 'platt' ? calibrator.slope : steepest

export function scorerOf(about: z.output<typeof scorerAbout>, hash: string, model: Model): Scorer {
  const { kind, name, version, calibrator, genuineKept } = about
  if (calibrator.kind === 'none' && model.gives === 'score')
    refuse('calibrator', `the score of ${kind} is no log-odds: it needs a calibrator, platt or isotonic`)
  if (calibrator.kind === 'platt' && calibrator.on !== model.gives)
    refuse(
      'calibrator.on',
      `the score of ${kind} is ${model.gives === 'score' ? 'a raw score' : 'log-odds'}: ${model.gives}`,
    )
  if (genuineKept !== 1 && model.gives === 'score')
    refuse('genuineKept', `the score of ${kind} is no log-odds, so that there are no odds to shift`)
  if (model.most * stretchOf(calibrator) > most / 2) refuse('', `log-odds above ${most / 2} are no log-odds any more`)
  const shift = toGrain(Math.log(genuineKept))
  const features = model.features.map((feature) => engineName(feature, about.features))
  const head = { kind, name, version, hash, features, calibrator }
  if (calibrator.kind === 'none')
    return {
      ...head,
      logOdds: (event) => model.score(event) + shift,
      contributions: (event, out) => model.parts(event, out) + shift,
    }
  const toLogOdds = calibrated(calibrator)
  return {
    ...head,
    logOdds: (event) => toGrain(toLogOdds(model.score(event) + shift)),
    contributions(event, out) {
      const base = model.parts(event, out) + shift
      const score = model.score(event) + shift
      const from = toLogOdds(base)
      const logOdds = toGrain(toLogOdds(score))
      // Platt stretches every part alike. Isotonic is bent: each part gets its share of the way from the base to the end.
      const stretch =
        calibrator.kind === 'platt'
          ? calibrator.slope
          : score === base
            ? 0
            : Math.min((logOdds - from) / (score - base), steepest)
      let rest = logOdds
      for (let i = 0; i < model.features.length; i++) {
        const part = toGrain((out[i] ?? 0) * stretch)
        out[i] = part
        rest -= part
      }
      return rest
    },
  }
}
