// The second door: an assessment that is told ahead of its AReq, by a signed POST.
import { z } from 'zod'
import type { HookProblem, Unheard } from '../../risk/assessment.ts'
import type { Clock, Store } from '../ports.ts'
import { type Judged, judgeFor, type PathProblem, type Purchase, readAssessment } from './check.ts'
import { orderNames } from './feedback.ts'
import type { HookReads } from './ports.ts'
import type { Refusals } from './refusals.ts'
import { type HookSource, type HookSources, mayUse } from './sources.ts'

export interface AheadPorts {
  readonly store: Pick<Store, 'unit'>
  readonly clock: Pick<Clock, 'now'>
}

export interface Told {
  readonly tenant: number
  readonly source: HookSource
  readonly messageId: string
  /** The body, as it was parsed. */
  readonly value: unknown
}

export type TellOutcome =
  | { readonly kind: 'taken'; readonly threeDSServerTransID: string; readonly verdict: string }
  | { readonly kind: 'refused'; readonly problem: HookProblem; readonly problems?: readonly PathProblem[] | undefined }

/** Ids are kept so long, assessments so long after they came. */
const keptIdsMs = 86_400_000
const keptMs = 604_800_000
/** How often the old ones are looked for. */
const sweepEveryMs = 3_600_000

/** Of a signed POST; durable when the promise resolves. */
export function createAhead({ store, clock }: AheadPorts): (told: Told) => Promise<TellOutcome> {
  let sweptAt = Number.NEGATIVE_INFINITY
  return async ({ tenant, source, messageId, value }) => {
    const now = clock.now()
    const judged = judgeAhead(value, source, now)
    if ('problem' in judged) return { kind: 'refused', ...judged }
    const { assessment } = judged
    const { threeDSServerTransID = '', orderId } = assessment.about
    const isSweeping = now - sweptAt >= sweepEveryMs || now < sweptAt
    const isNew = await store.unit((unit) => {
      const { hook } = unit
      if (!hook.seen.add(tenant, source.name, messageId, now)) return false
      if (isSweeping) {
        hook.seen.sweep(now - keptIdsMs)
        hook.ahead.sweep(now - keptMs)
      }
      // The youngest counts, in whatever order they come.
      const before = hook.ahead
        .of(tenant, threeDSServerTransID)
        .find((one) => one.assessment.source === source.name)?.assessment
      if (before === undefined || Date.parse(before.issuedAt) <= Date.parse(assessment.issuedAt))
        hook.ahead.put(tenant, threeDSServerTransID, now, assessment)
      if (orderId !== undefined) orderNames(unit, tenant, source.name, orderId, threeDSServerTransID.toLowerCase())
      return true
    })
    if (!isNew) return { kind: 'refused', problem: 'replayed' }
    if (isSweeping) sweptAt = now
    return { kind: 'taken', threeDSServerTransID, verdict: assessment.verdict }
  }
}

function judgeAhead(value: unknown, source: HookSource, now: number): Judged {
  const read = readAssessment(value)
  if ('problem' in read) return read
  const { threeDSServerTransID, acquirerMerchantID } = read.assessment.about
  if (threeDSServerTransID === undefined)
    return { problem: 'otherTransaction', problems: [{ path: 'about.threeDSServerTransID', message: 'expected here' }] }
  if (acquirerMerchantID !== undefined && !mayUse(source, 'ahead', acquirerMerchantID))
    return {
      problem: 'unknownSource',
      problems: [{ path: 'about.acquirerMerchantID', message: 'not one of this source' }],
    }
  return judgeFor(read.assessment, { source, purchase: { threeDSServerTransID, acquirerMerchantID }, now })
}

const guid = z.guid()

/** The transaction that a body names which was refused; whoever wrote it. */
export function transactionNamedIn(value: unknown): string | undefined {
  const about = typeof value === 'object' && value !== null && 'about' in value ? value.about : undefined
  const id =
    typeof about === 'object' && about !== null && 'threeDSServerTransID' in about ? about.threeDSServerTransID : ''
  const read = guid.safeParse(id)
  return read.success ? read.data : undefined
}

/** What was told ahead of this purchase, judged once more: time has gone on, and the merchant is known now. */
export function toldAhead(
  ports: { readonly hook: Pick<HookReads, 'ahead'>; readonly refusals: Refusals },
  {
    tenant,
    sources,
    purchase,
    now,
  }: { readonly tenant: number; readonly sources: HookSources; readonly purchase: Purchase; readonly now: number },
): readonly (Unheard | { readonly source: HookSource; readonly judged: Judged })[] {
  const { threeDSServerTransID, acquirerMerchantID } = purchase
  const kept = ports.hook.ahead.of(tenant, threeDSServerTransID).map(({ assessment }) => {
    const source = sources.get(assessment.source)
    return source === undefined || !mayUse(source, 'ahead', acquirerMerchantID)
      ? ({ door: 'ahead', source: assessment.source, problem: 'unknownSource' } as const)
      : { source, judged: judgeFor(assessment, { source, purchase, now }) }
  })
  return [...kept, ...ports.refusals.of(threeDSServerTransID)]
}
