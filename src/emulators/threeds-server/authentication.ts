// From the requestor's request to the ARes. Spec: sections 2.4.2, 3.3, 5.9.4; FLOW-S-1, FLOW-S-4, FLOW-TMR-14.
import { ProtocolError, toErro } from '../../protocol/errors.ts'
import type { ARes } from '../../protocol/messages/types.ts'
import { checkARes } from '../ares-checks.ts'
import { bytesOf } from '../message-endpoint.ts'
import { send, tell } from '../outgoing.ts'
import { receive } from '../receive.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import { buildAReq } from './areq.ts'
import type { ThreeDSServerSettings } from './options.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Sends the AReq of `transaction`, which is saved with what came of it. */
export async function authenticate(
  settings: ThreeDSServerSettings,
  transaction: ThreeDSServerTransaction,
  known: Readonly<Record<string, unknown>>,
): Promise<ThreeDSServerTransaction> {
  const { store, messages, dsUrl: url, profile, clock, log, fetch, aresWithinMs } = settings
  const { threeDSServerTransID, messageVersion } = transaction
  const areq = buildAReq(known, transaction, settings, clock())
  const leg = messages.leg('DS', threeDSServerTransID)
  const sending = { fetch, url, withinMs: aresWithinMs, requestId: threeDSServerTransID, leg }
  const delivery = await send({ ...sending, body: bytesOf(areq) })

  const settle = (change: Partial<ThreeDSServerTransaction>): ThreeDSServerTransaction => {
    const settled = { ...transaction, ...change }
    store.threeDSServer.save(settled)
    return settled
  }
  try {
    if (delivery.kind === 'late') {
      throw new ProtocolError('402', `no ARes within ${aresWithinMs} ms`, { about: { errorMessageType: 'ARes' } })
    }
    if (delivery.kind === 'unreachable') {
      throw new ProtocolError('405', 'the DS cannot be reached', { about: { errorMessageType: 'AReq' } })
    }
    const received = receive<ARes>(delivery.bytes, 'ARes', {
      leg: 'DS-3DSS',
      profile,
      channel: '02',
      category: '01',
      version: messageVersion,
      context: { AReq: areq },
    })
    if (received.kind === 'erro') {
      log.info({ threeDSServerTransID, errorCode: received.errorCode }, '3DS Server: Erro received')
      return settle({ phase: 'settled', settledBy: 'Erro', erro: JSON.stringify(received.erro) }) // FLOW-GEN-10
    }
    const ares = received.message
    delivery.entry.remark(received.warnings)
    const asked = {
      threeDSServerTransID,
      messageVersion,
      deviceChannel: '02',
      threeDSRequestorChallengeInd: text(areq.threeDSRequestorChallengeInd),
      threeDSRequestorDecReqInd: text(areq.threeDSRequestorDecReqInd),
    }
    checkARes(ares, asked, profile)
    const { dsTransID, acsTransID, transStatus } = ares
    log.info({ threeDSServerTransID, dsTransID, acsTransID, transStatus }, '3DS Server: ARes received')
    const hasResultToCome = transStatus === 'C' || transStatus === 'D'
    return settle({
      phase: hasResultToCome ? 'challenge' : 'settled',
      settledBy: hasResultToCome ? undefined : 'ARes',
      dsTransID,
      acsTransID,
      aresStatus: transStatus,
      transStatus,
      transStatusReason: ares.transStatusReason,
      eci: ares.eci,
      authenticationValue: ares.authenticationValue,
      cardholderInfo: typeof ares.cardholderInfo === 'string' ? ares.cardholderInfo : ares.cardholderInfo?.text,
      acsURL: ares.acsURL,
    })
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const erro = toErro(error, 'S', { threeDSServerTransID, messageVersion })
    log.warn(
      { threeDSServerTransID, errorCode: error.errorCode, errorDetail: error.errorDetail },
      '3DS Server: no usable ARes',
    )
    if (delivery.kind === 'answer') delivery.entry.refused(error)
    // A faulty ARes was an answer already, so the DS hears of it by a message of its own (FLOW-S-4).
    if (delivery.kind === 'answer') tell({ ...sending, body: bytesOf(erro) })
    return settle({ phase: 'settled', settledBy: 'Erro', erro: JSON.stringify(erro) })
  }
}
