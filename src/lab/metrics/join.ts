/** Decisions of a variant beside the truth of their events, part by part, in the order in which they happened. */
import type { DecisionPart } from '../run/decisions.ts'
import type { Ground, GroundPart, Suspects } from './ground.ts'

/** Rows with ts ≥ measuredFrom. Arrays are filled anew for the next part. */
export type JoinedPart = {
  n: number
  readonly event: Float64Array
  readonly attempt: Uint8Array
  readonly ts: Float64Array
  readonly amount: Float64Array
  readonly score: Float64Array
  readonly status: Uint8Array
  readonly challenge: Uint8Array
  readonly card: Uint32Array
  readonly merchant: Uint32Array
  readonly kind: Uint16Array
  readonly truth: Uint8Array
  /** By slice, then by row: slice s of a row is at s · capacity + row. */
  readonly slices: Uint8Array
  readonly capacity: number
}

/** Decisions that are not of this stream, or not in its order. */
export class MeasureError extends Error {
  override readonly name = 'LabMeasureError'
}

const partFor = (capacity: number, slices: number): JoinedPart => ({
  n: 0,
  event: new Float64Array(capacity),
  attempt: new Uint8Array(capacity),
  ts: new Float64Array(capacity),
  amount: new Float64Array(capacity),
  score: new Float64Array(capacity),
  status: new Uint8Array(capacity),
  challenge: new Uint8Array(capacity),
  card: new Uint32Array(capacity),
  merchant: new Uint32Array(capacity),
  kind: new Uint16Array(capacity),
  truth: new Uint8Array(capacity),
  slices: new Uint8Array(capacity * slices),
  capacity,
})

/** Position of a further attempt's event among the suspects. */
function suspectOf(suspects: Suspects, event: number): number {
  let low = 0
  let high = suspects.n
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((suspects.event[middle] as number) < event) low = middle + 1
    else high = middle
  }
  if (low === suspects.n || suspects.event[low] !== event)
    throw new MeasureError(
      `the decisions hold a further attempt at event ${event}, which no attacker made: they are not of this stream`,
    )
  return low
}

/** @throws MeasureError where the decisions do not fit the stream */
export async function* joined(ground: Ground, decisions: AsyncIterable<DecisionPart>): AsyncGenerator<JoinedPart> {
  const width = ground.slices.length
  const parts = ground.parts()[Symbol.asyncIterator]()
  const { firstEvent, suspects } = ground
  const { measuredFrom } = ground.meta
  let here: GroundPart | undefined
  let out = partFor(0, width)
  for await (const part of decisions) {
    if (part.n > out.capacity) out = partFor(part.n, width)
    const { capacity } = out
    let to = 0
    for (let row = 0; row < part.n; row++) {
      const event = part.event[row] as number
      const attempt = part.attempt[row] as number
      if (attempt > 0) {
        if ((part.ts[row] as number) < measuredFrom) continue
        const at = suspectOf(suspects, event)
        out.card[to] = suspects.card[at] as number
        out.merchant[to] = suspects.merchant[at] as number
        out.kind[to] = suspects.kind[at] as number
        out.truth[to] = suspects.truth[at] as number
        for (let slice = 0; slice < width; slice++)
          out.slices[slice * capacity + to] = suspects.slices[at * width + slice] as number
      } else {
        if (event < firstEvent) continue
        while (here === undefined || event >= here.first + here.n) {
          const next = await parts.next()
          if (next.done === true) throw new MeasureError(`the decisions hold event ${event}, the stream ends before it`)
          here = next.value
        }
        const at = event - here.first
        if (at < 0) throw new MeasureError(`the decisions hold event ${event} after a later one`)
        out.card[to] = here.card[at] as number
        out.merchant[to] = here.merchant[at] as number
        out.kind[to] = here.kind[at] as number
        out.truth[to] = here.truth[at] as number
        for (let slice = 0; slice < width; slice++)
          out.slices[slice * capacity + to] = here.slices[slice * here.n + at] as number
      }
      out.event[to] = event
      out.attempt[to] = attempt
      out.ts[to] = part.ts[row] as number
      out.amount[to] = part.amount[row] as number
      out.score[to] = part.score[row] as number
      out.status[to] = part.status[row] as number
      out.challenge[to] = part.challenge[row] as number
      to++
    }
    out.n = to
    if (to > 0) yield out
  }
}
