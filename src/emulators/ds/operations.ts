// OReqs to an ACS or a 3DS Server: one, or a numbered sequence. Spec: section 5.11 [Req 435–439]; FLOW-OP-1…3.
import { z } from 'zod'
import { ProtocolError, toErro } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/messages/types.ts'
import { sameId } from '../ids.ts'
import { bytesOf } from '../message-endpoint.ts'
import { send, tell } from '../outgoing.ts'
import { receive } from '../receive.ts'
import type { DsSettings } from './options.ts'

/** What an operator asks the DS to send. Further members of a message stand in the place of the DS's own, to test with. */
export const operationsRequest = z.strictObject({
  to: z.enum(['acs', '3ds-server']),
  /** Where it goes; by default the 3DS Server of this Sekisho, or the ACS of the first card range. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  messages: z
    .array(
      z.looseObject({
        opCategory: z.string().default('01'),
        opSeverity: z.string().default('04'),
        opDescription: z.string().default('A message of the DS to test with.'),
        /** YYYYMMDD; a year from now if absent. */
        opExpDate: z.string().optional(),
      }),
    )
    .min(1)
    .max(99),
})

type Request = z.output<typeof operationsRequest>

/** What became of one OReq. */
export interface OperationAnswer {
  readonly dsTransID: string
  readonly seqNum: string
  /** The ORes or Erro as it came. */
  readonly answer?: unknown
  readonly problem?: 'late' | 'unreachable'
  /** What is wrong with the answer. */
  readonly erro?: object
}

const year = 365 * 86_400_000

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** Sends them one after the other; every OReq is an HTTP request of its own and gets an answer of its own (FLOW-OP-3). */
export async function sendOperations(settings: DsSettings, request: Request): Promise<readonly OperationAnswer[]> {
  const { fetch, faults, tls, clock, uuid, log, messages, profile, referenceNumber, aresWithinMs: withinMs } = settings
  const isAcs = request.to === 'acs'
  const url = request.url ?? (isAcs ? settings.book.routes()[0]?.acsUrl : settings.threeDSServerUrl)
  if (url === undefined) throw new Error('there is no address to send to')
  const seqId = uuid()
  const answers: OperationAnswer[] = []
  for (const [index, wanted] of request.messages.entries()) {
    const dsTransID = uuid()
    const seqNum = twoDigits(index + 1)
    const oreq = {
      messageType: 'OReq',
      messageVersion: '2.3.1',
      dsTransID,
      dsReferenceNumber: referenceNumber,
      opSeq: { seqId, seqNum, seqTotal: twoDigits(request.messages.length) },
      ...wanted,
      opExpDate: wanted.opExpDate ?? new Date(clock() + year).toISOString().slice(0, 10).replaceAll('-', ''),
    }
    // No transaction depends on it, so the log has it by the id of the DS.
    const leg = messages.leg(isAcs ? 'ACS' : '3DSS', dsTransID)
    const sending = { fetch, faults, tls, url, withinMs, requestId: dsTransID, leg }
    const delivery = await send({ ...sending, body: bytesOf(oreq) })
    if (delivery.kind !== 'answer') {
      answers.push({ dsTransID, seqNum, problem: delivery.kind })
      continue
    }
    try {
      const about = { dsTransID, messageVersion: '2.3.1', errorMessageType: 'ORes' } as const
      const received = receive<Message<'ORes'>>(delivery.bytes, 'ORes', {
        leg: isAcs ? 'ACS-DS' : '3DSS-DS',
        profile,
        version: '2.3.1',
      })
      if (received.kind === 'message' && !sameId(received.message.dsTransID, dsTransID)) {
        throw new ProtocolError('301', 'dsTransID', { about })
      }
      const said = received.kind === 'erro' ? { erro: received.errorCode } : { opStatus: received.message.opStatus }
      log.info({ dsTransID, to: request.to, ...said }, 'DS: OReq answered')
      answers.push({ dsTransID, seqNum, answer: JSON.parse(delivery.bytes.toString('utf8')) as unknown })
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      delivery.entry.refused(error)
      const erro = toErro(error, 'D', { dsTransID, messageVersion: '2.3.1' })
      tell({ ...sending, body: bytesOf(erro) })
      answers.push({ dsTransID, seqNum, erro })
    }
  }
  return answers
}
