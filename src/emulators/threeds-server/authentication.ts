// From the requestor's request to the ARes. Spec: sections 2.4.2, 3.3, 5.9.4; FLOW-S-1, FLOW-S-4, FLOW-TMR-14,
// FLOW-TMR-13.
import { ProtocolError, toErro } from '../../protocol/errors.ts'
import type { ARes } from '../../protocol/messages/types.ts'
import type { PassedOn } from '../../web/passed-on.ts'
import { checkAgreement } from '../agreement.ts'
import { contextOf, decoupledMinutes } from '../asked.ts'
import { bytesOf } from '../message-endpoint.ts'
import { send, tell } from '../outgoing.ts'
import { receive } from '../receive.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import { buildAReq } from './areq.ts'
import type { ThreeDSServerSettings } from './options.ts'
import type { Elements } from './shapes.ts'
import { decoupledUntil, infoIn } from './transaction.ts'

/** Sends the AReq of `transaction`, which is saved with what came of it. */
export async function authenticate(
  settings: ThreeDSServerSettings,
  transaction: ThreeDSServerTransaction,
  known: Elements,
  passed?: PassedOn,
): Promise<ThreeDSServerTransaction> {
  const { store, messages, profile, clock, log, fetch, faults, tls, aresWithinMs, dsUrl: url } = settings
  const { threeDSServerTransID, messageVersion, deviceChannel, messageCategory } = transaction
  const areq = buildAReq(known, transaction, settings, clock())
  const leg = messages.leg('DS', threeDSServerTransID)
  const sending = { fetch, faults, tls, url, withinMs: aresWithinMs, requestId: threeDSServerTransID, leg }
  const delivery = await send({ ...sending, body: bytesOf(areq), passedOn: passed })

  const settle = (change: Partial<ThreeDSServerTransaction>): ThreeDSServerTransaction => {
    const settled = { ...transaction, context: contextOf(areq), ...change }
    store.threeDSServer.save(settled)
    return settled
  }
  /** What an ARes makes of the transaction: over, or waiting for an RReq. */
  function taken(ares: ARes): Partial<ThreeDSServerTransaction> {
    const { transStatus } = ares
    const common = {
      dsTransID: ares.dsTransID,
      acsTransID: ares.acsTransID,
      aresStatus: transStatus,
      transStatus,
      transStatusReason: ares.transStatusReason,
      eci: ares.eci,
      authenticationValue: ares.authenticationValue,
      cardholderInfo: infoIn(ares.cardholderInfo),
      acsURL: ares.acsURL,
      acsDecConInd: ares.acsDecConInd,
      trustListStatus: ares.trustListStatus ?? ares.whiteListStatus,
      deviceBindingStatus: ares.deviceBindingStatus,
      transChallengeExemption: ares.transChallengeExemption,
      context: contextOf(areq, ares),
    }
    if (transStatus === 'C') return { ...common, phase: 'challenge' }
    if (transStatus !== 'D') return { ...common, phase: 'settled', settledBy: 'ARes' }
    const waitsUntil = decoupledUntil(clock(), decoupledMinutes(areq), messageVersion)
    return { ...common, phase: 'decoupled', waitsUntil }
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
      channel: deviceChannel,
      category: messageCategory,
      version: messageVersion,
      context: { AReq: areq },
    })
    if (received.kind === 'erro') {
      log.info({ threeDSServerTransID, errorCode: received.errorCode }, '3DS Server: Erro received')
      return settle({ phase: 'settled', settledBy: 'Erro', erro: JSON.stringify(received.erro) }) // FLOW-GEN-10
    }
    const ares = received.message
    delivery.entry.remark(received.warnings)
    const { dsTransID, acsTransID, transStatus } = ares
    const about = { threeDSServerTransID, dsTransID, acsTransID, messageVersion, errorMessageType: 'ARes' } as const
    checkAgreement(ares, { AReq: areq }, profile, about)
    log.info({ threeDSServerTransID, dsTransID, acsTransID, transStatus }, '3DS Server: ARes received')
    return settle(taken(ares))
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
