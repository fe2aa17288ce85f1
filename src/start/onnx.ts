// ONNX models. Their runtimes answer later, and a decision is made at once: a session lives in a worker of its own, and the numbers
// go over and back through shared memory while the caller waits. The runtime is a package that users add; it is loaded when a policy asks for it.
import { Worker } from 'node:worker_threads'
import { calibrated } from '../risk/calibrators.ts'
import { toGrain } from '../risk/scorers/grain.ts'
import {
  checkedBy,
  hashOf,
  positionsOf,
  refuse,
  type Scorer,
  type ScorerAbout,
  scorerAbout,
} from '../risk/scorers/scorer.ts'

/** In this order: the one that needs no native code and no network to be installed comes first. */
const runtimes = ['onnxruntime-web', 'onnxruntime-node'] as const

/** Loading a runtime takes a second; one answer takes microseconds. */
const readyWithinMs = 30_000
const answerWithinMs = 1_000
const mostFeatures = 4_096
/** A probability of 0 or 1 has no log-odds. */
const clip = 1e-12

const idle = 0
const asked = 1
const answered = 2
const broken = 3

/** Runs in the worker, without a loader. Flags: 0 what is under way; 1 how many numbers the answer has. */
const worker = `
const { workerData } = require('node:worker_threads')
const { runtime, bytes, flags, input, output, words } = workerData
const fail = (error) => {
  const text = Buffer.from(String(error && error.message || error).slice(0, 400))
  words.fill(0)
  words.set(text.subarray(0, words.length))
  Atomics.store(flags, 0, ${broken})
  Atomics.notify(flags, 0)
}
;(async () => {
  const loaded = await import(runtime)
  const ort = loaded.InferenceSession ? loaded : loaded.default
  if (ort.env && ort.env.wasm) ort.env.wasm.numThreads = 1
  if (ort.env) ort.env.logLevel = 'error'
  const session = await ort.InferenceSession.create(bytes)
  const [first] = session.inputNames
  const last = session.outputNames.find((name) => /prob/i.test(name)) || session.outputNames[session.outputNames.length - 1]
  Atomics.store(flags, 0, ${idle})
  Atomics.notify(flags, 0)
  for (;;) {
    Atomics.wait(flags, 0, ${idle})
    if (Atomics.load(flags, 0) !== ${asked}) { Atomics.wait(flags, 0, ${answered}); continue }
    const given = new ort.Tensor('float32', Float32Array.from(input), [1, input.length])
    const found = (await session.run({ [first]: given }, [last]))[last]
    if (!found || !(found.data instanceof Float32Array)) throw new Error('output ' + last + ' is no tensor of float32: export without ZipMap')
    output.set(Array.from(found.data).slice(0, 2))
    Atomics.store(flags, 1, found.data.length)
    Atomics.store(flags, 0, ${answered})
    Atomics.notify(flags, 0)
  }
})().catch(fail)
`

/** Where the runtime is; undefined: it is not installed. */
function installed(): string | undefined {
  for (const name of runtimes) {
    try {
      return import.meta.resolve(name)
    } catch {
      // The next one.
    }
  }
  return undefined
}

/**
 * A scorer of an ONNX model: one input of float32 [1, n] in the order f0, f1, … of `features`, NaN where a number is not known;
 * its output has one number, log-odds, or two, the probabilities of genuine and fraud. What goes on inside it cannot be seen, so the
 * whole counts as base. Throws a ModelError.
 */
export function onnxScorer(
  told: ScorerAbout,
  bytes: Uint8Array,
  engine: readonly string[],
  runtime: string | undefined = installed(),
): Scorer {
  const about = checkedBy(scorerAbout, told)
  const names = Object.keys(about.features)
  if (names.length === 0 || names.length > mostFeatures || names.some((name, i) => name !== `f${i}`))
    refuse('features', 'an ONNX model has no names of features: say f0: …, f1: …, in the order of its input')
  if (about.calibrator.kind === 'platt' && about.calibrator.on === 'score')
    refuse('calibrator.on', 'an ONNX model gives log-odds: logOdds')
  if (runtime === undefined)
    refuse('kind', `ONNX models need a package that is not installed: npm install ${runtimes[0]} (or ${runtimes[1]})`)
  const positions = positionsOf(names, about, engine, (i) => `features.f${i}`)
  const flags = new Int32Array(new SharedArrayBuffer(8))
  const input = new Float32Array(new SharedArrayBuffer(4 * names.length))
  const output = new Float64Array(new SharedArrayBuffer(16))
  const words = new Uint8Array(new SharedArrayBuffer(512))
  Atomics.store(flags, 0, asked) // until the session is there
  const thread = new Worker(worker, {
    eval: true,
    execArgv: [],
    workerData: { runtime, bytes, flags, input, output, words },
  })
  thread.unref()
  const why = (): string => Buffer.from(words).toString('utf8').replace(/\\0+$/, '')
  if (Atomics.wait(flags, 0, asked, readyWithinMs) === 'timed-out') {
    void thread.terminate()
    refuse('', `the runtime was not ready within ${readyWithinMs / 1_000} s`)
  }
  if (Atomics.load(flags, 0) === broken) refuse('', why())

  const toLogOdds = calibrated(about.calibrator)
  const shift = Math.log(about.genuineKept)
  const scored = (features: Float64Array): number => {
    if (Atomics.load(flags, 0) === broken) return Number.NaN
    for (let i = 0; i < positions.length; i++) input[i] = features[positions[i] ?? -1] ?? Number.NaN
    Atomics.store(flags, 0, asked)
    Atomics.notify(flags, 0)
    const end = Atomics.wait(flags, 0, asked, answerWithinMs)
    const state = Atomics.load(flags, 0)
    if (end === 'timed-out' || state !== answered) {
      Atomics.store(flags, 0, broken)
      void thread.terminate()
      return Number.NaN
    }
    const [first = Number.NaN, second = Number.NaN] = output
    const score = Atomics.load(flags, 1) >= 2 ? logOddsOf(second) : first
    Atomics.store(flags, 0, idle)
    Atomics.notify(flags, 0)
    return toGrain(toLogOdds(score + shift))
  }
  // A model that cannot take what it will be given is refused now and not at the first purchase.
  if (Number.isNaN(scored(new Float64Array(engine.length)))) refuse('', why() || 'the model gave no answer')
  return {
    kind: 'onnx',
    name: about.name,
    version: about.version,
    hash: hashOf(bytes),
    features: names.map((name) => about.features[name] ?? name),
    calibrator: about.calibrator,
    logOdds: scored,
    contributions(features, out) {
      out.fill(0, 0, names.length)
      return scored(features)
    },
  }
}

function logOddsOf(probability: number): number {
  const p = Math.min(Math.max(probability, clip), 1 - clip)
  return Math.log(p / (1 - p))
}
