// RReq in, RRes out: the second half of a DS. Spec: sections 5.9.8, 5.9.10, [Req 74, 212, 340, 432]; FLOW-DS-6, 7, 8, 11,
// FLOW-TMR-10, 11.
import { createHash } from 'node:crypto'
import { ProtocolError, refuse, toErro } from '../../protocol/errors.ts'
import type { AnyMessage } from '../../protocol/messages/parse.ts'
import type { RReq, RRes } from '../../protocol/messages/types.ts'
import { checkAgreement } from '../agreement.ts'
import { contextOfRow } from '../asked.ts'
import { withoutStrangers } from '../columns.ts'
import { foreignIds } from '../ids.ts'
import { bytesOf, type Reply } from '../message-endpoint.ts'
import type { Entry } from '../message-log.ts'
import { send, tell } from '../outgoing.ts'
import { idsIn, receive } from '../receive.ts'
import type { DsTransaction } from '../store.ts'
import { isAtLeast } from '../versions.ts'
import type { DsSettings } from './options.ts'

const idNames = ['threeDSServerTransID', 'acsTransID', 'dsTransID'] as const

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url')

/** What the 3DS Server gets: up to 2.2.0 without authenticationMethod, which is the DS's alone (FLOW-DS-7). */
function forThreeDSServer(rreq: AnyMessage, transaction: DsTransaction): Buffer {
  const { messageVersion: version, deviceChannel: channel, messageCategory: category } = transaction
  const { authenticationMethod, ...rest } = withoutStrangers(rreq, { message: 'RReq', version, channel, category })
  const isForAll = isAtLeast(version, '2.3.1') && authenticationMethod !== undefined
  return bytesOf(isForAll ? { ...rest, authenticationMethod } : rest)
}

const aboutOf = (transaction: DsTransaction) => ({
  threeDSServerTransID: transaction.threeDSServerTransID,
  dsTransID: transaction.dsTransID,
  ...(transaction.acsTransID !== undefined && { acsTransID: transaction.acsTransID }),
  messageVersion: transaction.messageVersion,
})

export function relayRReq(settings: DsSettings): (bytes: Buffer, entry: Entry) => Promise<Reply> {
  const { store, messages, profile, log, fetch, faults, tls, rresWithinMs } = settings
  /** RReqs on their way to the 3DS Server, so that an impatient repeat waits for the same answer. */
  const underWay = new Map<string, { readonly hash: string; readonly answer: Promise<Buffer> }>()

  /** The transaction that a faulty RReq names by all ids it has, if there is one (FLOW-DS-11). */
  function namedBy(about: ProtocolError['about']): DsTransaction | undefined {
    const transaction = about.dsTransID === undefined ? undefined : store.ds.find(about.dsTransID)
    if (transaction === undefined) return undefined
    const given = idNames.filter((name) => about[name] !== undefined)
    return foreignIds(given, about, transaction).length === 0 ? transaction : undefined
  }

  function tellThreeDSServer(transaction: DsTransaction, error: ProtocolError): void {
    tell({
      fetch,
      faults,
      tls,
      url: transaction.threeDSServerURL,
      body: bytesOf(toErro(error, 'D', aboutOf(transaction))),
      withinMs: rresWithinMs,
      requestId: transaction.dsTransID,
      leg: messages.leg('3DSS', transaction.threeDSServerTransID),
    })
  }

  /** Only a known pair of ids whose ARes was a challenge, and only once (FLOW-DS-6). */
  function transactionFor(rreq: RReq & AnyMessage, hash: string): DsTransaction {
    const about = { errorMessageType: 'RReq' } as const
    const transaction = store.ds.find(rreq.dsTransID)
    if (transaction === undefined) throw new ProtocolError('301', 'dsTransID', { about })
    const known = { ...about, ...aboutOf(transaction) }
    refuse(
      foreignIds(idNames, rreq, transaction).map((element) => ({ errorCode: '301', element, rule: 'FLOW-DS-6' })),
      about,
    )
    checkAgreement(rreq, contextOfRow(transaction), profile, known) // RES-TS-5, RES-TR-1; another status: 313 or 305
    if (transaction.rreqHash !== undefined && transaction.rreqHash !== hash) {
      const code = isAtLeast(transaction.messageVersion, '2.3.1') ? '312' : '301'
      throw new ProtocolError(code, idNames.toSorted().join(','), { about: known })
    }
    return transaction
  }

  /** The answer of the 3DS Server for the ACS: RRes or Erro as received, or an Erro of the DS. */
  async function relay(rreq: RReq & AnyMessage, transaction: DsTransaction): Promise<Buffer> {
    const about = aboutOf(transaction)
    const { threeDSServerURL: url, dsTransID, messageVersion } = transaction
    const body = forThreeDSServer(rreq, transaction)
    const leg = messages.leg('3DSS', transaction.threeDSServerTransID)
    const delivery = await send({ fetch, faults, tls, url, body, withinMs: rresWithinMs, requestId: dsTransID, leg })
    const refusal = (error: ProtocolError): Buffer => {
      log.warn({ ...about, errorCode: error.errorCode, errorDetail: error.errorDetail }, 'DS: no usable RRes')
      return bytesOf(toErro(error, 'D', about))
    }
    if (delivery.kind === 'late') {
      const late = `no RRes within ${rresWithinMs} ms`
      return refusal(new ProtocolError('402', late, { about: { errorMessageType: 'RRes' } }))
    }
    if (delivery.kind === 'unreachable') {
      const unreachable = 'the 3DS Server cannot be reached'
      return refusal(new ProtocolError('405', unreachable, { about: { errorMessageType: 'RReq' } }))
    }
    try {
      const received = receive<RRes>(delivery.bytes, 'RRes', {
        leg: '3DSS-DS',
        profile,
        channel: transaction.deviceChannel,
        category: transaction.messageCategory,
        version: messageVersion,
        context: { ...contextOfRow(transaction), RReq: rreq },
      })
      if (received.kind === 'message') {
        delivery.entry.remark(received.warnings)
        const wrong = { ...about, errorMessageType: 'RRes' } as const
        const strangers = foreignIds(idNames, received.message, transaction)
        refuse(
          strangers.map((element) => ({ errorCode: '301', element, rule: 'RES-RS-3' })),
          wrong,
        )
        checkAgreement(received.message, { RReq: rreq }, profile, wrong)
      }
      store.ds.save({ ...transaction, rresBytes: delivery.bytes })
      const said =
        received.kind === 'message' ? { resultsStatus: received.message.resultsStatus } : { erro: received.errorCode }
      log.info({ ...about, transStatus: rreq.transStatus, ...said }, 'DS: RReq relayed')
      return delivery.bytes // FLOW-DS-8: as received
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      delivery.entry.refused(error)
      tellThreeDSServer(transaction, error) // FLOW-DS-11
      return refusal(error)
    }
  }

  function answerFor(rreq: RReq & AnyMessage, hash: string): Promise<Buffer> {
    const transaction = transactionFor(rreq, hash)
    const { dsTransID, rresBytes } = transaction
    if (rresBytes !== undefined) return Promise.resolve(rresBytes)
    const running = underWay.get(dsTransID)
    if (running !== undefined) return running.answer
    const claimed = { ...transaction, rreqHash: hash }
    store.ds.save(claimed)
    const answer = relay(rreq, claimed).finally(() => underWay.delete(dsTransID))
    underWay.set(dsTransID, { hash, answer })
    return answer
  }

  return async (bytes, entry) => {
    try {
      const named = namedBy(idsIn(bytes))
      const received = receive<RReq>(bytes, 'RReq', {
        leg: 'ACS-DS',
        profile,
        ...(named !== undefined && {
          channel: named.deviceChannel,
          category: named.messageCategory,
          version: named.messageVersion,
          context: contextOfRow(named),
        }),
      })
      if (received.kind === 'erro') {
        log.info({ errorCode: received.errorCode, ...received.about }, 'DS: Erro received from the ACS')
        return { body: undefined } // FLOW-GEN-10
      }
      const rreq = received.message
      entry.remark(received.warnings)
      const body = await answerFor(rreq, hashOf(bytes))
      return { body, requestId: rreq.acsTransID, responseId: rreq.dsTransID }
    } catch (error) {
      if (error instanceof ProtocolError) {
        const transaction = namedBy(error.about)
        if (transaction !== undefined) tellThreeDSServer(transaction, error)
      }
      throw error
    }
  }
}
