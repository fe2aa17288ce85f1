/** Decisions of a variant beside the truth of their events, part by part, in the order in which they happened. */
import type { DecisionPart } from '../run/decisions.ts'
import type { Ground, GroundPart, Suspects } from './ground.ts'

/** Rows with ts ≥ measuredFrom. Arrays are filled anew for the next part. */
export type JoinedPart = {
  readonly n: number
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

/** All first attempts of events one behind the other, as replay writes them. */
const isPlain = (part: DecisionPart): boolean => {
  const first = part.event[0] as number
  if ((part.event[part.n - 1] as number) - first !== part.n - 1) return false
  for (let row = 0; row < part.n; row++) if (part.attempt[row] !== 0 || part.event[row] !== first + row) return false
  return true
}

/** The stream's side of the join: goes on, and never back. */
class Events {
  readonly #parts: AsyncIterator<GroundPart>
  here: GroundPart | undefined
  constructor(ground: Ground) {
    this.#parts = ground.parts()[Symbol.asyncIterator]()
  }
  holds(event: number): boolean {
    return this.here !== undefined && event < this.here.first + this.here.n
  }
  /** To the part that holds an event. */
  async to(event: number): Promise<void> {
    while (!this.holds(event)) {
      const next = await this.#parts.next()
      if (next.done === true) throw new MeasureError(`the decisions hold event ${event}, the stream ends before it`)
      this.here = next.value
    }
    if (event < (this.here?.first ?? 0)) throw new MeasureError(`the decisions hold event ${event} after a later one`)
  }
}

/** `slices`: how many of the first are looked up. @throws MeasureError where the decisions do not fit the stream */
export async function* joined(
  ground: Ground,
  decisions: AsyncIterable<DecisionPart>,
  slices = ground.slices.length,
): AsyncGenerator<JoinedPart> {
  const events = new Events(ground)
  const { firstEvent } = ground
  let out = partFor(0, slices)
  for await (const part of decisions) {
    if (part.n === 0 || (part.event[part.n - 1] as number) < firstEvent) {
      if (!part.attempt.some((attempt) => attempt > 0)) continue
    }
    if (part.n > out.capacity) out = partFor(part.n, slices)
    if (isPlain(part) && (part.event[0] as number) >= firstEvent) {
      await beside(events, part, out, slices)
      const { event, attempt, ts, amount, score, status, challenge, n } = part
      yield { ...out, event, attempt, ts, amount, score, status, challenge, n }
      continue
    }
    const n = await rowByRow(ground, events, part, out, slices)
    if (n > 0) yield { ...out, n }
  }
}

/** Whole stretches of the stream's columns. */
async function beside(events: Events, part: DecisionPart, out: JoinedPart, slices: number): Promise<void> {
  for (let row = 0; row < part.n; ) {
    const event = part.event[row] as number
    await events.to(event)
    const here = events.here as GroundPart
    const from = event - here.first
    const to = Math.min(here.n, from + part.n - row)
    out.card.set(here.card.subarray(from, to), row)
    out.merchant.set(here.merchant.subarray(from, to), row)
    out.kind.set(here.kind.subarray(from, to), row)
    out.truth.set(here.truth.subarray(from, to), row)
    for (let slice = 0; slice < slices; slice++)
      out.slices.set(here.slices.subarray(slice * here.n + from, slice * here.n + to), slice * out.capacity + row)
    row += to - from
  }
}

async function rowByRow(
  ground: Ground,
  events: Events,
  part: DecisionPart,
  out: JoinedPart,
  slices: number,
): Promise<number> {
  const { firstEvent, suspects } = ground
  const { measuredFrom } = ground.meta
  const width = ground.slices.length
  let to = 0
  for (let row = 0; row < part.n; row++) {
    const event = part.event[row] as number
    if ((part.attempt[row] as number) > 0) {
      if ((part.ts[row] as number) < measuredFrom) continue
      const at = suspectOf(suspects, event)
      out.card[to] = suspects.card[at] as number
      out.merchant[to] = suspects.merchant[at] as number
      out.kind[to] = suspects.kind[at] as number
      out.truth[to] = suspects.truth[at] as number
      for (let slice = 0; slice < slices; slice++)
        out.slices[slice * out.capacity + to] = suspects.slices[at * width + slice] as number
    } else {
      if (event < firstEvent) continue
      if (!events.holds(event) || event < (events.here?.first ?? 0)) await events.to(event)
      const here = events.here as GroundPart
      const at = event - here.first
      out.card[to] = here.card[at] as number
      out.merchant[to] = here.merchant[at] as number
      out.kind[to] = here.kind[at] as number
      out.truth[to] = here.truth[at] as number
      for (let slice = 0; slice < slices; slice++)
        out.slices[slice * out.capacity + to] = here.slices[slice * here.n + at] as number
    }
    out.event[to] = event
    out.attempt[to] = part.attempt[row] as number
    out.ts[to] = part.ts[row] as number
    out.amount[to] = part.amount[row] as number
    out.score[to] = part.score[row] as number
    out.status[to] = part.status[row] as number
    out.challenge[to] = part.challenge[row] as number
    to++
  }
  return to
}
