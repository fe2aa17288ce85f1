// The third door: a source is asked by a signed POST while the AReq waits. What it is asked, and what its answer is worth. Pure.
import { isMessageId, webhookHeaders, webhookProblem } from '../../protocol/crypto/webhook-signature.ts'
import type { Unheard } from '../../risk/assessment.ts'
import { type Judged, jsonIn, judgeFor, longestAssessment, type Purchase, readAssessment } from './check.ts'
import type { HookAnswer, Question } from './door-ports.ts'
import { type HookSource, usualShare } from './sources.ts'

/** Of the AReq as it may be kept, what the source is told. */
export function questionFor(
  source: HookSource,
  purchase: Purchase,
  areq: Readonly<Record<string, unknown>>,
  now: number,
): Omit<Question, 'signal'> {
  const { threeDSServerTransID, acquirerMerchantID } = purchase
  const shared = [...usualShare, ...(source.ask?.share ?? [])].filter((name) => areq[name] !== undefined)
  const body = JSON.stringify({
    type: 'assessment.requested',
    timestamp: new Date(now).toISOString(),
    source: source.name,
    about: { threeDSServerTransID, ...(acquirerMerchantID !== undefined && { acquirerMerchantID }) },
    areq: Object.fromEntries(shared.map((name) => [name, areq[name]])),
  })
  // The same question has the same id: a transaction is asked about once.
  const id = `ask_${threeDSServerTransID.toLowerCase()}_${source.name}`.replace(/[^A-Za-z0-9_:-]/g, '_')
  return {
    url: source.ask?.url ?? '',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...webhookHeaders(source.secret ?? '', id, now, body),
    },
    body,
    threeDSServerTransID,
  }
}

/** Ids of answers, so that none counts twice. */
export interface AnswersSeen {
  /** False: it was there before. */
  add(source: string, id: string): boolean
}

export function createAnswersSeen(most = 20_000): AnswersSeen {
  const seen = new Set<string>()
  return {
    add(source, id) {
      const name = `${source} ${id}`
      if (seen.has(name)) return false
      seen.add(name)
      const [oldest] = seen
      if (seen.size > most && oldest !== undefined) seen.delete(oldest)
      return true
    },
  }
}

/** Whether it is asked less for it: what says that nobody is there, not that somebody lies. */
export const isFailure = ({ problem }: Pick<Unheard, 'problem'>): boolean =>
  problem === 'timeout' || problem === 'unreachable' || problem === 'badStatus'

/** Undefined: the source has nothing to say. */
export function judgeAnswer(
  answer: HookAnswer,
  {
    source,
    purchase,
    now,
    seen,
  }: { readonly source: HookSource; readonly purchase: Purchase; readonly now: number; readonly seen: AnswersSeen },
): Judged | undefined {
  if (answer.kind === 'unreachable') return { problem: 'unreachable' }
  if (answer.kind === 'tooLarge') return { problem: 'tooLarge' }
  if (answer.kind === 'status') return answer.status === 204 ? undefined : { problem: 'badStatus' }
  const { bytes, headers } = answer
  if (bytes.length > longestAssessment) return { problem: 'tooLarge' }
  const value = jsonIn(bytes)
  if (value === undefined) return { problem: 'malformed' }
  if (source.ask?.signed !== false) {
    const problem = webhookProblem(source.webhookKeys, headers, bytes, now)
    if (problem !== undefined) return { problem }
  }
  const id = headers['webhook-id']
  if (typeof id === 'string' && isMessageId(id) && !seen.add(source.name, id)) return { problem: 'replayed' }
  const read = readAssessment(value)
  return 'assessment' in read ? judgeFor(read.assessment, { source, purchase, now }) : read
}
