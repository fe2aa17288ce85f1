// Operation messages of a DS: one, or a numbered sequence. Spec: [Req 435, 438, 439]; FLOW-OP-1…3. Every OReq is answered.

export interface OperationSequence {
  readonly seqId: string
  /** Two digits, from 01. */
  readonly seqNum: string
  readonly seqTotal: string
}

/** What is remembered of a sequence that is not complete. */
export interface Progress {
  readonly next: number
  readonly total: number
}

export type OpStatus = '01' | '02' | '03'

export interface Received {
  readonly opStatus: OpStatus
  /** Undefined: nothing more is expected of it. */
  readonly progress?: Progress
}

/** Categories that a DS has defined for itself: nobody told the ACS what to do. */
const isOfDs = (opCategory: string): boolean => /^[89][0-9]$/.test(opCategory)

/** 01 in its order, 02 with a gap, a repeat or another total, 03 for what the ACS cannot act on. Pure. */
export function receiveOperation(
  known: Progress | undefined,
  { seqNum, seqTotal }: OperationSequence,
  opCategory: string,
): Received {
  const num = Number(seqNum)
  const total = Number(seqTotal)
  const expected = known ?? { next: 1, total }
  if (num !== expected.next || total !== expected.total || num > total)
    return { opStatus: '02', ...(known !== undefined && { progress: known }) }
  const rest = num === total ? {} : { progress: { next: num + 1, total } }
  return { opStatus: isOfDs(opCategory) ? '03' : '01', ...rest }
}

/** Sequences under way that are remembered; the oldest are forgotten first. */
const most = 1_000

/** Kept in memory: no transaction depends on an operation message (FLOW-OP-1), and a DS starts a broken sequence anew. */
export function createOperations(): (sequence: OperationSequence, opCategory: string) => OpStatus {
  const sequences = new Map<string, Progress>()
  return (sequence, opCategory) => {
    const id = sequence.seqId.toLowerCase()
    const { opStatus, progress } = receiveOperation(sequences.get(id), sequence, opCategory)
    sequences.delete(id)
    if (progress !== undefined) sequences.set(id, progress)
    if (sequences.size > most) sequences.delete(sequences.keys().next().value ?? '')
    return opStatus
  }
}
