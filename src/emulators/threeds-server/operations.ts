// OReqs of the DS, each answered with an ORes. Spec: section 5.11 [Req 435–439]; FLOW-OP-1…3.
import type { Message } from '../../protocol/messages/types.ts'
import { bytesOf, type Reply } from '../message-endpoint.ts'
import type { Entry } from '../message-log.ts'
import { receive } from '../receive.ts'
import type { ThreeDSServerSettings } from './options.ts'

/** opStatus: received, or a message of the sequence is missing. */
const received01 = '01'
const broken02 = '02'

/** How many sequences are remembered; nothing depends on them. */
const keptSequences = 1_000

export function operationsReceiver({ profile, uuid, log, referenceNumber }: ThreeDSServerSettings) {
  /** The number that was last of each sequence. */
  const sequences = new Map<string, number>()

  function statusOf(seqId: string, seqNum: number): string {
    const isNext = seqNum === (sequences.get(seqId) ?? 0) + 1
    if (!isNext) return broken02
    sequences.set(seqId, seqNum)
    const [oldest] = sequences.keys()
    if (sequences.size > keptSequences && oldest !== undefined) sequences.delete(oldest)
    return received01
  }

  return (bytes: Buffer, entry: Entry): Reply => {
    const received = receive<Message<'OReq'>>(bytes, 'OReq', { leg: 'DS-3DSS', profile, versions: ['2.3.1'] })
    if (received.kind === 'erro') return { body: undefined } // FLOW-GEN-10
    const oreq = received.message
    entry.remark(received.warnings)
    const { dsTransID, opCategory, opSeverity, opSeq } = oreq
    const { seqId = '', seqNum = '' } = opSeq ?? {}
    const threeDSServerTransID = uuid()
    const opStatus = statusOf(seqId.toLowerCase(), Number(seqNum))
    log.info({ dsTransID, opCategory, opSeverity, seqNum, opStatus }, '3DS Server: OReq received')
    const ores = {
      messageType: 'ORes',
      messageVersion: '2.3.1',
      threeDSServerTransID,
      dsTransID,
      threeDSServerRefNumber: referenceNumber,
      opStatus,
    }
    return { body: bytesOf(ores), requestId: dsTransID, responseId: threeDSServerTransID }
  }
}
