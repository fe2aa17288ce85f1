// Runs mutated messages through the parser and counts what it says.
import { type Input, inputsOf } from './inputs.ts'
import { verdictOn } from './laws.ts'
import { minimise } from './minimise.ts'

export interface Failure {
  readonly index: number
  readonly steps: readonly string[]
  readonly problem: string
  readonly input: Input
  readonly smallest: Buffer
}

export interface Report {
  readonly count: number
  readonly seconds: number
  /** How often each answer was given. */
  readonly answers: ReadonlyMap<string, number>
  readonly slowest: {
    readonly index: number
    readonly ms: number
    readonly bytes: number
    readonly steps: readonly string[]
  }
  readonly failures: number
  readonly first?: Failure
}

/** Processor time in milliseconds: a busy machine is slow, not wrong. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** `hangAfterMs`: an answer that takes more of the processor breaks the law. */
export function fuzzParser(seed: number, count: number, hangAfterMs = 1_000): Report {
  const inputs = inputsOf(seed)
  const answers = new Map<string, number>()
  let slowest = { index: -1, ms: 0, bytes: 0, steps: [] as readonly string[] }
  let failures = 0
  let first: Failure | undefined
  const from = performance.now()
  for (let index = 0; index < count; index += 1) {
    const input = inputs.input(index)
    const start = cpuMs()
    const { answer, problem: broken } = verdictOn(input.bytes, input.about)
    const ms = cpuMs() - start
    const problem = broken ?? (ms > hangAfterMs ? `took ${Math.round(ms)} ms` : undefined)
    answers.set(answer, (answers.get(answer) ?? 0) + 1)
    if (ms > slowest.ms) slowest = { index, ms, bytes: input.bytes.length, steps: input.steps }
    if (problem === undefined) continue
    failures += 1
    if (first !== undefined) continue
    const isSame = (bytes: Buffer): boolean => {
      const again = verdictOn(bytes, input.about).problem
      // The same law, whatever is named in it.
      return again !== undefined && again.split(':').slice(0, 2).join(':') === problem.split(':').slice(0, 2).join(':')
    }
    first = {
      index,
      steps: input.steps,
      problem,
      input,
      smallest: broken === undefined ? input.bytes : minimise(input.bytes, isSame),
    }
  }
  return {
    count,
    seconds: (performance.now() - from) / 1000,
    answers,
    slowest,
    failures,
    ...(first !== undefined && { first }),
  }
}
