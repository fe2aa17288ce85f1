// The RReq sink. Spec: sections 5.9.9, 5.9.10, [Req 212, 430, 431]; FLOW-S-2, 3, 4, RES-RS-1…3.
import { createHash } from 'node:crypto'
import { ProtocolError, refuse } from '../../protocol/errors.ts'
import type { AnyMessage } from '../../protocol/messages/parse.ts'
import type { RReq } from '../../protocol/messages/types.ts'
import { checkAgreement } from '../agreement.ts'
import { contextOfRow } from '../asked.ts'
import { foreignIds } from '../ids.ts'
import { bytesOf, type Reply } from '../message-endpoint.ts'
import type { Entry } from '../message-log.ts'
import { idsIn, receive } from '../receive.ts'
import type { ThreeDSServerTransaction } from '../store.ts'
import { isAtLeast } from '../versions.ts'
import type { ThreeDSServerSettings } from './options.ts'
import { asOf, infoIn } from './transaction.ts'

const idNames = ['threeDSServerTransID', 'acsTransID', 'dsTransID'] as const

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url')

/** What the RReq changes. A transaction that was closed for want of a result, or by an Erro, stays as it was told. */
function settledWith(transaction: ThreeDSServerTransaction, rreq: RReq): ThreeDSServerTransaction {
  if (transaction.settledBy === 'noResult' || transaction.settledBy === 'Erro') return transaction
  return {
    ...transaction,
    phase: 'settled',
    settledBy: transaction.settledBy ?? 'RReq',
    transStatus: rreq.transStatus,
    transStatusReason: rreq.transStatusReason,
    eci: rreq.eci,
    authenticationValue: rreq.authenticationValue,
    challengeCancel: rreq.challengeCancel,
    trustListStatus: rreq.trustListStatus ?? rreq.whiteListStatus ?? transaction.trustListStatus,
    deviceBindingStatus: rreq.deviceBindingStatus ?? transaction.deviceBindingStatus,
    // What the ARes said was for the time until now.
    cardholderInfo: infoIn(rreq.cardholderInfo),
  }
}

/** FLOW-S-3: the requestor had given up, or never heard of the ARes; the authentication goes on decoupled; or plainly received. */
function resultsStatusOf({ gaveUpAt, untoldAt }: ThreeDSServerTransaction, { transStatus }: RReq): string {
  if (gaveUpAt !== undefined) return '02'
  if (untoldAt !== undefined) return '03'
  return transStatus === 'D' ? '04' : '01' // RES-TS-5: checked before
}

export function receiveResults(
  settings: ThreeDSServerSettings & {
    /** An RReq D: what goes on from it (FLOW-S-8). */
    readonly onFallback: (transaction: ThreeDSServerTransaction) => string | undefined
  },
): (bytes: Buffer, entry: Entry) => Reply {
  const { store, profile, clock, log, onFallback } = settings

  /** The one transaction this RReq may speak about, once (FLOW-S-4). */
  function transactionFor(rreq: RReq & AnyMessage, hash: string): ThreeDSServerTransaction {
    const about = { errorMessageType: 'RReq' } as const
    const found = store.threeDSServer.find(rreq.threeDSServerTransID)
    if (found === undefined) throw new ProtocolError('301', 'threeDSServerTransID', { about })
    const transaction = asOf(found, clock(), settings)
    const { threeDSServerTransID, messageVersion, acsTransID, dsTransID, rreqHash } = transaction
    const known = {
      ...about,
      threeDSServerTransID,
      messageVersion,
      ...(acsTransID !== undefined && { acsTransID }),
      ...(dsTransID !== undefined && { dsTransID }),
    }
    refuse(
      foreignIds(idNames, rreq, transaction).map((element) => ({ errorCode: '301', element, rule: 'FLOW-S-4' })),
      { ...about, threeDSServerTransID, messageVersion },
    )
    checkAgreement(rreq, contextOfRow(transaction), profile, known) // RES-TS-5; another status: 313 or 305
    if (rreqHash !== undefined && rreqHash !== hash) {
      const code = isAtLeast(messageVersion, '2.3.1') ? '312' : '301'
      throw new ProtocolError(code, idNames.toSorted().join(','), { about: known })
    }
    return transaction
  }

  function take(rreq: RReq & AnyMessage, hash: string): Buffer {
    const transaction = transactionFor(rreq, hash)
    if (transaction.rresBytes !== undefined) return transaction.rresBytes // the same bytes again
    const { threeDSServerTransID, acsTransID, dsTransID, messageVersion } = transaction
    const resultsStatus = resultsStatusOf(transaction, rreq)
    const rresBytes = bytesOf({
      threeDSServerTransID,
      acsTransID,
      dsTransID,
      // 2.1.0 has no sdkTransID here; FLOW-S-2 asks the others for it in an app.
      ...(rreq.sdkTransID !== undefined && { sdkTransID: rreq.sdkTransID }),
      messageType: 'RRes',
      messageVersion,
      resultsStatus,
    })
    const continuedBy = resultsStatus === '04' ? onFallback(transaction) : undefined
    const settled = settledWith(transaction, rreq)
    store.threeDSServer.save({ ...settled, continuedBy, rreqHash: hash, rresBytes, resultsStatus })
    log.info(
      { threeDSServerTransID, acsTransID, transStatus: rreq.transStatus, resultsStatus },
      '3DS Server: RReq taken',
    )
    return rresBytes
  }

  return (bytes, entry) => {
    const { threeDSServerTransID } = idsIn(bytes)
    const named = threeDSServerTransID === undefined ? undefined : store.threeDSServer.find(threeDSServerTransID)
    const received = receive<RReq>(bytes, 'RReq', {
      leg: 'DS-3DSS',
      profile,
      ...(named !== undefined && {
        channel: named.deviceChannel,
        category: named.messageCategory,
        version: named.messageVersion,
        context: contextOfRow(named),
      }),
    })
    if (received.kind === 'erro') {
      endBy(received.erro)
      return { body: undefined } // FLOW-GEN-10
    }
    const rreq = received.message
    entry.remark(received.warnings)
    return { body: take(rreq, hashOf(bytes)), requestId: rreq.dsTransID, responseId: rreq.threeDSServerTransID }
  }

  /** An Erro of the DS ends a transaction that still waits for its result: there will be none. */
  function endBy(erro: Readonly<Record<string, string>>): void {
    const { threeDSServerTransID, dsTransID } = erro
    log.info({ threeDSServerTransID, dsTransID, errorCode: erro.errorCode }, '3DS Server: Erro received')
    const transaction = threeDSServerTransID === undefined ? undefined : store.threeDSServer.find(threeDSServerTransID)
    if (transaction?.phase !== 'challenge' && transaction?.phase !== 'decoupled') return
    if (foreignIds(['dsTransID'], erro, transaction).length > 0) return
    store.threeDSServer.save({
      ...transaction,
      phase: 'settled',
      settledBy: 'Erro',
      transStatus: undefined,
      erro: JSON.stringify(erro),
    })
  }
}
