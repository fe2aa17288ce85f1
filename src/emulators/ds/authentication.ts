// AReq in, ARes out: the first half of a DS. Spec: sections 2.4.2, 3.3, 5.9.2, 5.9.3; FLOW-DS-1…5, 8, 12, 13.
import { ProtocolError, toErro } from '../../protocol/errors.ts'
import type { AnyMessage } from '../../protocol/messages/parse.ts'
import type { AReq, ARes } from '../../protocol/messages/types.ts'
import type { JsonObject } from '../../protocol/rules/conditions.ts'
import type { PassedOn } from '../../web/passed-on.ts'
import { checkAgreement } from '../agreement.ts'
import { contextOf } from '../asked.ts'
import { maskCard, schemeOf } from '../cards.ts'
import { withoutStrangers } from '../columns.ts'
import { bytesOf, type Reply } from '../message-endpoint.ts'
import type { Entry } from '../message-log.ts'
import { send, tell } from '../outgoing.ts'
import { receive } from '../receive.ts'
import type { DsTransaction } from '../store.ts'
import { isAtLeast } from '../versions.ts'
import type { DsRoute, DsSettings } from './options.ts'
import { profileOf } from './profiles.ts'

/** How far a purchaseDate may be from now, in 2.3.1 (FLOW-DS-13). */
const dateToleranceMs = 30 * 60_000

/** YYYYMMDDHHMMSS in UTC, as a time; the parser has seen to the form. */
const timeOf = (wire: string): number =>
  Date.parse(wire.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'))

/** Checks with codes of their own (FLOW-DS-12, FLOW-DS-13). */
function checkParticipants(areq: AReq, settings: DsSettings): void {
  const { threeDSServerReferenceNumbers, mccs, mayCall, log, clock, isDateChecked } = settings
  const about = {
    threeDSServerTransID: areq.threeDSServerTransID,
    messageVersion: areq.messageVersion,
    errorMessageType: 'AReq',
  } as const
  if (threeDSServerReferenceNumbers?.includes(areq.threeDSServerRefNumber) === false) {
    throw new ProtocolError('303', 'threeDSServerRefNumber', { about })
  }
  // Anybody may write an address into an AReq; the DS posts to those it was told of (as SEC-TLS-9 has it for the dsURL).
  const { threeDSServerURL = '', threeDSServerTransID } = areq
  if (threeDSServerURL !== '' && mayCall?.(threeDSServerURL) === false) {
    const origin = URL.canParse(threeDSServerURL) ? new URL(threeDSServerURL).origin : undefined
    log.warn(
      { threeDSServerTransID, origin },
      'DS: this threeDSServerURL may not be called; if the 3DS Server is yours, name its origin with --3ds-server-origins (SEKISHO_3DS_SERVER_ORIGINS)',
    )
    throw new ProtocolError('303', 'threeDSServerURL', { about })
  }
  if (areq.mcc !== undefined && mccs?.includes(areq.mcc) === false) throw new ProtocolError('306', 'mcc', { about })
  const { purchaseDate, messageVersion } = areq
  if (isDateChecked === true && isAtLeast(messageVersion, '2.3.1') && purchaseDate !== undefined) {
    if (Math.abs(timeOf(purchaseDate) - clock()) > dateToleranceMs)
      throw new ProtocolError('203', 'purchaseDate', { about })
  }
}

/** The DS answers for the ACS: its ids and reference number stand for those of the ACS (FLOW-FRI-3). */
function dsMadeARes(areq: AReq, dsTransID: string, referenceNumber: string): Readonly<Record<string, string>> {
  const isApp = areq.deviceChannel === '01'
  const { transStatus, transStatusReason, eci } = profileOf(schemeOf(areq.acctNumber)).withoutAcs
  return {
    messageType: 'ARes',
    messageVersion: areq.messageVersion,
    threeDSServerTransID: areq.threeDSServerTransID,
    dsTransID,
    acsTransID: dsTransID,
    dsReferenceNumber: referenceNumber,
    acsReferenceNumber: referenceNumber,
    transStatus,
    transStatusReason,
    ...(eci !== undefined && { eci }),
    ...(isApp && areq.sdkTransID !== undefined && { sdkTransID: areq.sdkTransID }),
    // FLOW-APP-9; nobody has looked at the device.
    ...(isApp &&
      isAtLeast(areq.messageVersion, '2.3.1') && {
        deviceInfoRecognisedVersion: '1.0',
        threeDSRequestorAppURLInd: 'N',
      }),
  }
}

const transactionOf = (areq: AReq, dsTransID: string, route: DsRoute | undefined, now: number): DsTransaction => ({
  dsTransID,
  threeDSServerTransID: areq.threeDSServerTransID,
  acsTransID: undefined,
  messageVersion: areq.messageVersion,
  deviceChannel: areq.deviceChannel,
  messageCategory: areq.messageCategory,
  threeDSServerURL: areq.threeDSServerURL ?? '', // 2.1.0 asks a 3RI for none: no RReq follows
  acsUrl: route?.acsUrl ?? '',
  scheme: route?.scheme ?? '',
  card: maskCard(areq.acctNumber),
  aresStatus: undefined,
  rreqHash: undefined,
  rresBytes: undefined,
  createdAt: now,
  context: contextOf(areq),
})

export function relayAReq(settings: DsSettings): (bytes: Buffer, entry: Entry, passed?: PassedOn) => Promise<Reply> {
  const { store, messages, profile, book, dsUrl, referenceNumber, clock, uuid, log, fetch, faults, tls, aresWithinMs } =
    settings

  /** What the ACS said, checked: the bytes for the 3DS Server and the transaction as it then stands. */
  function judge(
    bytes: Buffer,
    areq: JsonObject,
    transaction: DsTransaction,
    entry: Entry,
  ): { readonly body: Buffer; readonly transaction: DsTransaction } {
    const received = receive<ARes>(bytes, 'ARes', {
      leg: 'ACS-DS',
      profile,
      channel: transaction.deviceChannel,
      category: transaction.messageCategory,
      version: transaction.messageVersion,
      context: { AReq: areq },
    })
    if (received.kind === 'erro') {
      log.info({ dsTransID: transaction.dsTransID, errorCode: received.errorCode }, 'DS: Erro from the ACS relayed')
      return { body: bytes, transaction } // FLOW-DS-8
    }
    const ares = received.message
    entry.remark(received.warnings)
    const { dsTransID, threeDSServerTransID, messageVersion } = transaction
    const { acsTransID, transStatus } = ares
    const about = { threeDSServerTransID, dsTransID, acsTransID, messageVersion, errorMessageType: 'ARes' } as const
    checkAgreement(ares, { AReq: areq }, profile, about)
    if (settings.acsReferenceNumbers?.includes(ares.acsReferenceNumber) === false) {
      throw new ProtocolError('303', 'acsReferenceNumber', { about: { errorMessageType: 'ARes' } })
    }
    log.info({ dsTransID, acsTransID, transStatus }, 'DS: ARes relayed')
    const context = contextOf(areq, ares)
    return { body: bytes, transaction: { ...transaction, acsTransID, aresStatus: transStatus, context } }
  }

  return async (bytes, entry, passed) => {
    const received = receive<AReq>(bytes, 'AReq', { leg: '3DSS-DS', profile, versions: settings.versions })
    if (received.kind === 'erro') {
      log.info({ errorCode: received.errorCode, ...received.about }, 'DS: Erro received from the 3DS Server')
      return { body: undefined } // FLOW-GEN-10
    }
    const areq: AReq & AnyMessage = received.message
    entry.remark(received.warnings)
    checkParticipants(areq, settings)
    const { threeDSServerTransID, messageVersion } = areq
    const dsTransID = uuid()
    const about = { threeDSServerTransID, dsTransID, messageVersion }
    const route = book.routeOf(areq.acctNumber) ?? settings.fallback?.(areq.acctNumber)
    const reply = (body: Buffer): Reply => ({ body, requestId: threeDSServerTransID, responseId: dsTransID })

    if (route === undefined) {
      if (settings.outsideRanges === 'erro305') {
        throw new ProtocolError('305', 'acctNumber', { about: { ...about, errorMessageType: 'AReq' } })
      }
      const ares = dsMadeARes(areq, dsTransID, referenceNumber)
      store.ds.save({
        ...transactionOf(areq, dsTransID, undefined, clock()),
        acsTransID: dsTransID,
        aresStatus: ares.transStatus,
      })
      log.info({ dsTransID, transStatus: ares.transStatus }, 'DS: no ACS for this card range, answered by the DS')
      return reply(bytesOf(ares))
    }

    // The ACS of this range speaks other versions than the DS does [Req 18, 95, 280].
    if (route.versions?.some((version) => version === messageVersion) === false) {
      throw new ProtocolError('102', route.versions.join(','), { about: { ...about, errorMessageType: 'AReq' } })
    }
    const transaction = transactionOf(areq, dsTransID, route, clock())
    store.ds.save(transaction)
    const column = {
      message: 'AReq',
      version: messageVersion,
      channel: areq.deviceChannel,
      category: areq.messageCategory,
    } as const
    const outgoing = {
      ...withoutStrangers(await settings.readDevice(areq), column),
      dsReferenceNumber: referenceNumber,
      dsTransID,
      dsURL: dsUrl,
    }
    const { acsUrl: url } = route
    const sending = {
      fetch,
      faults,
      tls,
      url,
      withinMs: aresWithinMs,
      requestId: dsTransID,
      leg: messages.leg('ACS', threeDSServerTransID),
      passedOn: passed,
    }
    const delivery = await send({ ...sending, body: bytesOf(outgoing) })
    try {
      if (delivery.kind === 'late') {
        throw new ProtocolError('402', `no ARes within ${aresWithinMs} ms`, { about: { errorMessageType: 'ARes' } })
      }
      if (delivery.kind === 'unreachable') {
        throw new ProtocolError('405', 'the ACS cannot be reached', { about: { errorMessageType: 'AReq' } })
      }
      const judged = judge(delivery.bytes, outgoing, transaction, delivery.entry)
      store.ds.save(judged.transaction)
      return reply(judged.body)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      if (delivery.kind === 'answer') delivery.entry.refused(error)
      const erro = bytesOf(toErro(error, 'D', about))
      log.warn({ ...about, errorCode: error.errorCode, errorDetail: error.errorDetail }, 'DS: no usable ARes')
      // The ACS hears of its faulty ARes; one that is late or out of reach need not (FLOW-DS-5, FLOW-TMR-2, FLOW-TMR-3).
      if (delivery.kind === 'answer' && error.errorCode !== '303') {
        const known = error.about.acsTransID === undefined ? {} : { acsTransID: error.about.acsTransID }
        const body = bytesOf(toErro(error, 'D', { ...about, ...known }))
        tell({ ...sending, body })
      }
      return reply(erro)
    }
  }
}
