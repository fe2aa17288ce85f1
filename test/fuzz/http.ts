// Posts mutated messages to a running ACS and counts what it answers. Spec: ACS-VAL-1…19, FLOW-GEN-2, FLOW-GEN-3, FLOW-GEN-10.
import { parseARes, parseErro, parseMessage } from '../../src/protocol/messages/parse.ts'
import { isObject, type JsonObject } from '../../src/protocol/rules/conditions.ts'
import { columns } from '../support/columns.ts'
import { type Input, inputsOf } from './inputs.ts'

export interface HttpReport {
  readonly seconds: number
  readonly answers: ReadonlyMap<string, number>
  readonly slowest: { readonly index: number; readonly ms: number }
  readonly failures: readonly {
    readonly index: number
    readonly steps: readonly string[]
    readonly problem: string
    readonly bytes: Buffer
  }[]
}

const limitBytes = 1024 * 1024

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What is wrong with an answer to the AReq endpoint; undefined: nothing. */
export function problemWith(status: number, text: string, bytes: Buffer): string | undefined {
  if (bytes.length > limitBytes) return status === 413 ? undefined : `HTTP ${status} instead of 413`
  if (status !== 200) return `HTTP ${status}`
  const sent = parsed(new TextDecoder().decode(bytes)) // without a byte order mark
  if (text === '') return sent?.messageType === 'Erro' ? undefined : 'an empty answer to what is no Erro' // FLOW-GEN-10
  const answer = parsed(text)
  if (answer === undefined) return 'the answer is no JSON object'
  const body = Buffer.from(text)
  try {
    switch (answer.messageType) {
      case 'Erro':
        parseErro(body, { profile: 'strict' })
        // Nothing a sender writes is a failure of ours (ACS-VAL-19).
        return ['402', '403', '404', '405'].includes(String(answer.errorCode)) ? `Erro ${answer.errorCode}` : undefined
      case 'ARes':
        parseARes(body, {
          profile: 'strict',
          leg: 'ACS-DS',
          channel: String(sent?.deviceChannel),
          category: String(sent?.messageCategory),
          ...(sent !== undefined && { context: { AReq: sent } }),
        })
        return undefined
      case 'ORes':
        parseMessage(body, { profile: 'strict', leg: 'ACS-DS', expects: ['ORes'] })
        return undefined
      default:
        return `an answer of type ${String(answer.messageType).slice(0, 20)}`
    }
  } catch (error) {
    return `the ${answer.messageType} is refused: ${why(error)}`
  }
}

const answerOf = (status: number, text: string): string => {
  const answer = parsed(text)
  if (status !== 200) return `HTTP ${status}`
  if (answer === undefined) return text === '' ? 'empty' : 'no JSON'
  if (answer.messageType === 'ARes') return `ARes ${answer.transStatus}`
  return answer.messageType === 'Erro' ? `Erro ${answer.errorCode}` : String(answer.messageType)
}

/** Every message gets ids of its own, a DS address where nobody is, and a card of this issuer. */
const renewed = (dsURL: string, accounts: readonly string[]) => (chance: { pick<T>(list: readonly T[]): T }) => ({
  threeDSServerTransID: crypto.randomUUID(),
  dsTransID: crypto.randomUUID(),
  dsURL,
  acctNumber: chance.pick(accounts),
})

export interface Target {
  readonly areqUrl: string
  /** Where RReqs may go. */
  readonly dsURL: string
  readonly accounts: readonly string[]
}

/** An answer is waited for this long; what takes longer hangs. */
const abortAfterMs = 30_000

export async function fuzzHttp(
  seed: number,
  count: number,
  { areqUrl, dsURL, accounts }: Target,
  inFlight = 8,
): Promise<HttpReport> {
  const areqs = columns.filter(({ message, leg }) => message === 'AReq' && leg === 'DS-ACS')
  const good = inputsOf(seed, { only: areqs, change: renewed(dsURL, accounts) })
  const others = inputsOf(seed)
  const answers = new Map<string, number>()
  const failures: { index: number; steps: readonly string[]; problem: string; bytes: Buffer }[] = []
  let slowest = { index: -1, ms: 0 }
  const post = async ({ index, bytes, steps }: Input): Promise<void> => {
    const start = performance.now()
    let problem: string | undefined
    try {
      const response = await fetch(areqUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: new Uint8Array(bytes),
        signal: AbortSignal.timeout(abortAfterMs),
      })
      const text = await response.text()
      const answer = answerOf(response.status, text)
      answers.set(answer, (answers.get(answer) ?? 0) + 1)
      problem = problemWith(response.status, text, bytes)
    } catch (error) {
      problem = `no answer: ${why(error)}`
    }
    const ms = performance.now() - start
    if (ms > slowest.ms) slowest = { index, ms }
    if (problem !== undefined) failures.push({ index, steps, problem, bytes })
  }
  const from = performance.now()
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next
      next += 1
      await post((index % 5 === 4 ? others : good).input(index))
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return { seconds: (performance.now() - from) / 1000, answers, slowest, failures }
}
