// The DS-facing interface: AReq, OReq and Erro to POST /acs/areq. Spec: section 5.1; ACS-VAL-1…6, FLOW-GEN-1…3, FLOW-OP.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AuthenticatePorts, authenticate } from '../acs/authenticate/authenticate.ts'
import { type ConversePorts, receiveErro } from '../acs/challenge/converse.ts'
import { buildORes } from '../acs/result/messages.ts'
import type { OperationSequence, OpStatus } from '../acs/result/operations.ts'
import { type Altered, alter, metFault } from '../faults/alter.ts'
import { answerThrough } from '../faults/answer.ts'
import { messageIn, receiveThrough } from '../faults/receive.ts'
import type { FaultBook } from '../faults/registry.ts'
import type { Fault, MetFault } from '../faults/rule.ts'
import { type About, ProtocolError, toErro } from '../protocol/errors.ts'
import { maskMessage, maskRefused } from '../protocol/mask.ts'
import { type AnyMessage, type Profile, parseMessage } from '../protocol/messages/parse.ts'
import type { AReq, Message, MessageType, Version } from '../protocol/messages/types.ts'
import { isObject } from '../protocol/rules/conditions.ts'
import { BodyAborted, BodyTooLarge, isEncoded, mediaTypeOf, readBody } from '../web/body.ts'
import { keptHeaders } from '../web/kept-headers.ts'
import { overrideHeader } from '../web/passed-on.ts'

export interface DsPorts extends AuthenticatePorts, ConversePorts {
  readonly issuer: AuthenticatePorts['issuer']
  readonly faults: FaultBook
  readonly profile: Profile
  readonly tenant: number
  readonly exponentCheck: boolean
  /** ACS-VAL-156, ACS-VAL-15. */
  readonly dateCheck?: boolean
  readonly mccCheck?: boolean
  /** Switched on; others are 102 (ACS-VAL-9). */
  readonly versions: readonly Version[]
  /** What is said to an OReq. */
  readonly operations: (sequence: OperationSequence, opCategory: string) => OpStatus
}

/** ACS-VAL-3. */
const areqLimitBytes = 1024 * 1024

const jsonType = 'application/json; charset=utf-8'

function answer(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return
  res.writeHead(status, {
    'content-type': jsonType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  })
  res.end(text)
}

const link = 'ACS→DS'

/** A message that met a fault, and the answer that it becomes. */
interface Faulty {
  readonly met: MetFault
  send(res: ServerResponse, headers?: Readonly<Record<string, string>>): Promise<void>
}

/** Nearly always there is none, which is found fast. */
function faultOf(
  { faults }: DsPorts,
  text: string,
  about: {
    readonly message: string
    readonly threeDSServerTransID?: string | undefined
    readonly acsTransID?: string | undefined
  },
): Faulty | undefined {
  const fault: Fault | undefined = faults.isIdle() ? undefined : faults.take({ link, ...about })
  if (fault === undefined) return undefined
  const bytes = Buffer.from(text)
  const altered = alter(fault, bytes, link)
  return {
    met: metFault(fault, bytes, altered),
    send(res, headers = {}) {
      const answered = { status: 200, headers: { 'content-type': jsonType, 'cache-control': 'no-store', ...headers } }
      return answerThrough(res, fault, { ...answered, body: bytes }, { link, exchanges: faults.exchanges, altered })
    },
  }
}

/** Without a version of its own an Erro has the highest that is switched on (ERR-A3). */
function erroText({ versions }: DsPorts, error: ProtocolError): string {
  const { errorMessageType, ...about } = error.about
  const messageVersion = about.messageVersion ?? versions.at(-1)
  // OReq and ORes are no types before 2.3.1, and so none that an Erro of an older version may name.
  const isNamed = errorMessageType !== undefined && (messageVersion === '2.3.1' || !/^OR/.test(errorMessageType))
  return JSON.stringify(
    toErro(new ProtocolError(error.errorCode, error.errorDetail), 'A', {
      ...about,
      ...(messageVersion !== undefined && { messageVersion }),
      ...(isNamed && { errorMessageType }),
    }),
  )
}

const notWellFormed = (ports: DsPorts): string => erroText(ports, new ProtocolError('101', 'Invalid Formatted Message'))

/** The messages that come here; OReq is of 2.3.1 (ACS-VAL-6, FLOW-GEN-12). */
const expected: readonly MessageType[] = ['AReq', 'OReq', 'Erro']
const expectedBefore231: readonly MessageType[] = ['AReq', 'Erro']

/** A body as it came. */
interface Post {
  readonly bytes: Buffer
  readonly receivedAt: number
  readonly headers: Readonly<Record<string, string>>
}

/** Refused before its body was read: kept as well, as far as anything is known of it. */
function turnAway(
  ports: DsPorts,
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = notWellFormed(ports)
  const { tenant, store, clock, observer } = ports
  const at = clock.now()
  const asked = { event: 'refused', method: String(req.method).slice(0, 16) }
  store
    .unit((unit) => {
      unit.journal({ tenant, at, link: 'DS→ACS', masked: JSON.stringify(asked), headers: keptHeaders(req.headers) })
      unit.journal({ tenant, at, link, messageType: 'Erro', masked: text, httpStatus: status })
    })
    .catch((error: unknown) => observer.failed({ what: 'journal', error }))
  answer(res, status, text, headers)
}

/** Journals what was refused and answers with its Erro, HTTP 200 (FLOW-GEN-2). */
async function refuse(
  ports: DsPorts,
  res: ServerResponse,
  error: ProtocolError,
  { bytes, receivedAt, headers }: Post,
): Promise<void> {
  const text = erroText(ports, error)
  ports.outgoing.check('Erro', text, { leg: 'ACS-DS' })
  const { tenant } = ports
  const faulty = faultOf(ports, text, { message: 'Erro', threeDSServerTransID: error.about.threeDSServerTransID })
  await ports.store.unit((unit) => {
    unit.journal({
      tenant,
      at: receivedAt,
      link: 'DS→ACS',
      messageType: error.about.errorMessageType,
      masked: maskRefused(bytes.toString('utf8')),
      findings: error.findings,
      headers,
      ...(ports.keepsRaw && { raw: bytes }),
    })
    unit.journal({
      tenant,
      at: ports.clock.now(),
      link: 'ACS→DS',
      messageType: 'Erro',
      masked: maskRefused(text),
      httpStatus: 200,
      durationMs: ports.clock.now() - receivedAt,
      ...faulty?.met,
    })
  })
  ports.observer.refused({
    messageType: error.about.errorMessageType ?? 'unknown',
    errorCode: error.errorCode,
    errorDetail: error.errorDetail,
  })
  if (faulty !== undefined) return faulty.send(res)
  answer(res, 200, text)
}

/** A message of a DS that is not ours meets its fault here. What gets through has its own row as well. */
const incomingOf = (ports: DsPorts) =>
  ({
    faults: ports.faults,
    link: 'DS→ACS',
    limitBytes: areqLimitBytes,
    onFault(fault: Fault, bytes: Buffer, altered: Altered) {
      const { tenant, store, clock, observer } = ports
      const messageType = messageIn(bytes, 'application/json').messageType
      const entry = {
        tenant,
        at: clock.now(),
        link: 'DS→ACS',
        ...(typeof messageType === 'string' && { messageType: messageType.slice(0, 16) }),
        masked: maskRefused(bytes.toString('utf8')),
        ...metFault(fault, bytes, altered),
      } as const
      store.unit((unit) => unit.journal(entry)).catch((error: unknown) => observer.failed({ what: 'journal', error }))
    },
  }) as const

/** A component that fails inside says so in the protocol's own words (ACS-VAL-19, ACS-VAL-81). */
function fail(ports: DsPorts, res: ServerResponse, error: unknown, about: About): void {
  ports.observer.failed({ what: 'AReq', error })
  answer(res, 200, erroText(ports, new ProtocolError('403', 'The ACS could not process the message', { about })))
}

async function serve(ports: DsPorts, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method !== 'POST') {
    turnAway(ports, req, res, 405, { allow: 'POST' }) // ACS-VAL-1
    return
  }
  if (!ports.faults.isIdle()) {
    try {
      if (!(await receiveThrough(req, res, incomingOf(ports)))) return
    } catch (error) {
      if (error instanceof BodyAborted) return
      throw error
    }
  }
  if (mediaTypeOf(req) !== 'application/json') {
    turnAway(ports, req, res, 415) // ACS-VAL-2
    return
  }
  if (isEncoded(req)) {
    turnAway(ports, req, res, 415, { 'accept-encoding': 'identity' })
    return
  }
  let bytes: Buffer
  try {
    bytes = await readBody(req, areqLimitBytes)
  } catch (error) {
    if (error instanceof BodyTooLarge)
      turnAway(ports, req, res, 413, { connection: 'close' }) // ACS-VAL-3
    else if (!(error instanceof BodyAborted)) throw error
    return
  }
  const receivedAt = ports.clock.now()
  const startedAt = ports.stopwatch()
  const headers = keptHeaders(req.headers)
  let about: About = {}
  try {
    const {
      message,
      warnings,
      text: received,
    } = parseMessage(bytes, {
      expects: ports.versions.includes('2.3.1') ? expected : expectedBefore231,
      leg: 'DS-ACS',
      profile: ports.profile,
      exponentCheck: ports.exponentCheck,
      dateCheck: ports.dateCheck === true,
      mccCheck: ports.mccCheck === true,
      now: receivedAt,
      versions: ports.versions,
    })
    if (message.messageType === 'Erro') {
      await receiveErro(ports, { tenant: ports.tenant, message, masked: maskRefused(bytes.toString('utf8')), headers })
      acknowledge(res)
      return
    }
    about = aboutOf(message)
    if (message.messageType === 'OReq') {
      await operate(ports, res, message as AnyMessage & Message<'OReq'>, { bytes, receivedAt, headers })
      return
    }
    const areq = message as typeof message & AReq
    const override = req.headers[overrideHeader]
    const { text, acsTransID, delayMs, overrideProblem } = await authenticate(ports, {
      tenant: ports.tenant,
      areq,
      warnings,
      text: received,
      bytes,
      receivedAt,
      startedAt,
      headers,
      ...(typeof override === 'string' && { override }),
    })
    if (delayMs > 0) await ports.faults.exchanges.wait(delayMs)
    const { deviceChannel, messageCategory } = areq
    ports.outgoing.check('ARes', text, { leg: 'ACS-DS', deviceChannel, messageCategory })
    const answered = {
      'x-request-id': areq.dsTransID, // FLOW-GEN-8
      'x-response-id': acsTransID,
      ...(overrideProblem !== undefined && { 'sekisho-override-problem': inHeader(overrideProblem) }),
    }
    const { threeDSServerTransID } = areq
    const faulty = faultOf(ports, text, { message: 'ARes', threeDSServerTransID, acsTransID })
    if (faulty === undefined) answer(res, 200, text, answered)
    else {
      const { tenant } = ports
      const about = { tenant, acsTransID, link, messageType: 'ARes' } as const
      await ports.store.unit((unit) => unit.noteFault({ ...about, ...faulty.met }))
      await faulty.send(res, answered)
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) {
      fail(ports, res, error, about)
      return
    }
    try {
      if (isErro(error, bytes)) {
        // An Erro is never answered with an Erro, however malformed it is (FLOW-GEN-10, ACS-VAL-154).
        await receiveErro(ports, {
          tenant: ports.tenant,
          message: {},
          masked: maskRefused(bytes.toString('utf8')),
          headers,
        })
        acknowledge(res)
      } else {
        await refuse(ports, res, error, { bytes, receivedAt, headers })
      }
    } catch (cause) {
      fail(ports, res, cause, error.about)
    }
  }
}

/** What an Erro of ours may repeat of a message that was parsed. */
const aboutOf = (message: AnyMessage): About => ({
  ...(typeof message.threeDSServerTransID === 'string' && { threeDSServerTransID: message.threeDSServerTransID }),
  dsTransID: String(message.dsTransID),
  ...(typeof message.sdkTransID === 'string' && { sdkTransID: message.sdkTransID }),
  messageVersion: String(message.messageVersion),
  errorMessageType: message.messageType,
})

/** OReq → ORes: each is answered, and kept (FLOW-OP-3). */
async function operate(
  ports: DsPorts,
  res: ServerResponse,
  oreq: AnyMessage & Message<'OReq'>,
  { bytes, receivedAt, headers }: Post,
): Promise<void> {
  if (oreq.messageVersion !== '2.3.1') {
    throw new ProtocolError('101', 'Invalid Message for the receiving component', { about: aboutOf(oreq) }) // ACS-VAL-6
  }
  const { seqId = '', seqNum = '', seqTotal = '' } = oreq.opSeq
  const opStatus = ports.operations({ seqId, seqNum, seqTotal }, oreq.opCategory)
  const acsTransID = ports.random.uuid()
  const ores = buildORes(oreq, acsTransID, opStatus)
  ports.outgoing.check('ORes', ores, { leg: 'ACS-DS' })
  const text = JSON.stringify(ores)
  const { tenant } = ports
  const faulty = faultOf(ports, text, { message: 'ORes', acsTransID })
  await ports.store.unit((unit) => {
    unit.journal({
      tenant,
      at: receivedAt,
      link: 'DS→ACS',
      messageType: 'OReq',
      masked: maskMessage(oreq),
      headers,
      ...(ports.keepsRaw && { raw: bytes }),
    })
    unit.journal({
      tenant,
      at: ports.clock.now(),
      link: 'ACS→DS',
      messageType: 'ORes',
      masked: text,
      httpStatus: 200,
      ...faulty?.met,
    })
  })
  const answered = { 'x-request-id': oreq.dsTransID, 'x-response-id': acsTransID } // FLOW-GEN-8
  if (faulty !== undefined) return faulty.send(res, answered)
  answer(res, 200, text, answered)
}

/** What a header may hold. */
const inHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')

/** HTTP 200 with an empty body (ACS-VAL-6). */
function acknowledge(res: ServerResponse): void {
  res.writeHead(200, { 'content-length': 0 })
  res.end()
}

function isErro(error: ProtocolError, bytes: Buffer): boolean {
  if (error.about.errorMessageType === 'Erro') return true
  if (error.errorCode !== '101') return false
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'))
    return isObject(message) && message.messageType === 'Erro'
  } catch {
    return false
  }
}

/** The handler of the AReq endpoint, for every method. */
export const areqHandler =
  (ports: DsPorts) =>
  (req: IncomingMessage, res: ServerResponse): void => {
    serve(ports, req, res).catch((error: unknown) => fail(ports, res, error, {}))
  }
