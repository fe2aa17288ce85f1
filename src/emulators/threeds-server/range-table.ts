// The card ranges of the DS as the 3DS Server knows them: asked for by PReq, kept, brought up to date.
// Spec: sections 2.4.1, 5.9.1 [Req 246–250, 303, 385, 419, 422]; FLOW-PRE-1…9.
import { ProtocolError, toErro } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/messages/types.ts'
import { bytesOf } from '../message-endpoint.ts'
import { send, tell } from '../outgoing.ts'
import { receive } from '../receive.ts'
import { spanOf } from '../spans.ts'
import { compareVersions, highestCommon, type Version } from '../versions.ts'
import type { ThreeDSServerSettings } from './options.ts'
import { changesIn, dsVersionsIn, type KnownSpan, updated } from './range-update.ts'

const hour = 3_600_000
const minute = 60_000

/** A PRes with a hundred thousand ranges and more. */
const presLimitBytes = 128 * 1_048_576

interface Known {
  readonly serialNum: string | undefined
  readonly askedAt: number
  readonly dsVersions: readonly string[]
  readonly ranges: readonly KnownSpan[]
}

/** What came of a PReq. */
export interface Asked {
  readonly messageVersion: string
  readonly outcome: 'updated' | 'unchanged' | 'refused' | 'faulty' | 'late' | 'unreachable'
  /** Of the Erro, whoever made it. */
  readonly errorCode?: string | undefined
}

export interface RangeTable {
  /** Asks the DS where it is time to; waits for the answer while nothing is known, and the first time. */
  ready(): Promise<void>
  /** Asks the DS now, whenever it was asked before. `isWhole`: for all ranges. */
  refresh(isWhole: boolean): Promise<Asked>
  /** Whether the DS has told of its ranges at all. */
  isKnown(): boolean
  find(acctNumber: string): KnownSpan | undefined
  /** The newest version that the 3DS Server, the DS and the ACS of the card have; undefined: there is none (FLOW-PRE-6). */
  versionFor(acctNumber: string): Version | undefined
  summary(): Readonly<Record<string, unknown>>
}

export function createRangeTable(settings: ThreeDSServerSettings): RangeTable {
  const {
    store,
    messages,
    clock,
    uuid,
    log,
    profile,
    fetch,
    faults,
    tls,
    versions,
    dsUrl,
    aresWithinMs,
    referenceNumber,
  } = settings
  const table = store.knownRanges
  let known: Known | undefined
  let isLoaded = false
  let failedAt: number | undefined
  let asking: Promise<Asked> | undefined
  let hasAsked = false
  let last: Asked | undefined

  function current(): Known | undefined {
    if (isLoaded) return known
    isLoaded = true
    const row = table.find(dsUrl)
    if (row !== undefined) {
      known = {
        serialNum: row.serialNum,
        askedAt: row.askedAt,
        dsVersions: JSON.parse(row.dsVersions ?? '[]') as readonly string[],
        ranges: JSON.parse(row.ranges) as readonly KnownSpan[],
      }
    }
    return known
  }

  function keep(next: Known): void {
    known = next
    const { serialNum, askedAt, dsVersions, ranges } = next
    table.save({
      dsUrl: dsUrl.toLowerCase(),
      serialNum,
      askedAt,
      dsVersions: JSON.stringify(dsVersions),
      ranges: JSON.stringify(ranges),
    })
  }

  /** One PReq; a PRes that cannot be used is answered with an Erro and changes nothing. */
  async function askOnce(
    messageVersion: Version,
    serialNum: string | undefined,
  ): Promise<Asked & { versions?: string }> {
    const threeDSServerTransID = uuid()
    const preq = {
      messageType: 'PReq',
      messageVersion,
      threeDSServerTransID,
      threeDSServerRefNumber: referenceNumber,
      ...(serialNum !== undefined && { serialNum }),
    }
    const leg = messages.leg('DS', threeDSServerTransID)
    const sending = { fetch, faults, tls, url: dsUrl, withinMs: aresWithinMs, requestId: threeDSServerTransID, leg }
    const delivery = await send({ ...sending, body: bytesOf(preq), limitBytes: presLimitBytes })
    if (delivery.kind !== 'answer') return { messageVersion, outcome: delivery.kind }
    try {
      const received = receive<Message<'PRes'>>(delivery.bytes, 'PRes', {
        leg: 'DS-3DSS',
        profile,
        version: messageVersion,
        context: { PReq: preq },
      })
      if (received.kind === 'erro') {
        const { errorCode, errorDetail = '' } = received.erro
        log.warn(
          { threeDSServerTransID, errorCode: received.errorCode },
          '3DS Server: no card ranges, an Erro of the DS',
        )
        return { messageVersion, outcome: 'refused', errorCode, versions: errorDetail }
      }
      const pres = received.message
      delivery.entry.remark(received.warnings)
      const about = {
        threeDSServerTransID,
        dsTransID: pres.dsTransID,
        messageVersion,
        errorMessageType: 'PRes',
      } as const
      if (pres.threeDSServerTransID.toLowerCase() !== threeDSServerTransID) {
        throw new ProtocolError('301', 'threeDSServerTransID', { about })
      }
      const isWhole = serialNum === undefined
      const { ranges, findings } = updated(current()?.ranges ?? [], pres, isWhole)
      if (ranges === undefined) {
        const [first] = findings
        throw new ProtocolError(first?.errorCode ?? '203', first?.element ?? '', { about, findings })
      }
      const changes = changesIn(pres)
      keep({ serialNum: pres.serialNum, askedAt: clock(), dsVersions: dsVersionsIn(pres), ranges })
      log.info(
        {
          threeDSServerTransID,
          messageVersion,
          serialNum: pres.serialNum,
          changes: changes.length,
          ranges: ranges.length,
        },
        '3DS Server: card ranges received',
      )
      return { messageVersion, outcome: isWhole || changes.length > 0 ? 'updated' : 'unchanged' }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      const { errorCode, errorDetail } = error
      delivery.entry.refused(error)
      log.warn({ threeDSServerTransID, errorCode, errorDetail }, '3DS Server: no usable card ranges')
      tell({ ...sending, body: bytesOf(toErro(error, 'S', { threeDSServerTransID, messageVersion })) })
      return { messageVersion, outcome: 'faulty', errorCode }
    }
  }

  async function ask(isWhole: boolean): Promise<Asked> {
    const serialNum = isWhole ? undefined : current()?.serialNum
    const newest = versions.toSorted(compareVersions).at(-1) ?? '2.2.0'
    let answer = await askOnce(newest, serialNum)
    if (answer.errorCode === '102') {
      // An older DS names what it speaks (ACS-VAL-9).
      const older = highestCommon(versions, (answer.versions ?? '').split(','))
      if (older !== undefined && older !== newest) answer = await askOnce(older, serialNum)
    }
    const version = answer.messageVersion as Version
    // Our serial number means nothing to it, or what came for it did not fit: all of them, once (FLOW-PRE-2, FLOW-PRE-1).
    if (serialNum !== undefined && (answer.errorCode === '307' || answer.outcome === 'faulty')) {
      answer = await askOnce(version, undefined)
    }
    const { messageVersion, outcome, errorCode } = answer
    last = { messageVersion, outcome, errorCode }
    failedAt = outcome === 'updated' || outcome === 'unchanged' ? undefined : clock()
    return last
  }

  function askNow(isWhole: boolean): Promise<Asked> {
    hasAsked = true
    asking ??= ask(isWhole).finally(() => {
      asking = undefined
    })
    return asking
  }

  const isToBeAsked = (): boolean => {
    if (!settings.asksForRanges) return false
    const now = clock()
    if (failedAt !== undefined && now - failedAt < minute) return false // FLOW-PRE-1
    const askedAt = current()?.askedAt
    // What was known before a restart may be old news: an operator restarts to change things.
    return !hasAsked || askedAt === undefined || now - askedAt >= hour || now < askedAt
  }

  return {
    async ready() {
      const isFirst = current() === undefined || !hasAsked
      if (!isToBeAsked()) return
      const asked = askNow(false)
      if (isFirst) await asked
      else asked.catch((error: unknown) => log.error({ err: error }, '3DS Server: card ranges could not be asked for'))
    },
    refresh: (isWhole) => askNow(isWhole),
    isKnown: () => current() !== undefined,
    find: (acctNumber) => spanOf(current()?.ranges ?? [], acctNumber),
    versionFor(acctNumber) {
      const now = current()
      const newest = versions.toSorted(compareVersions).at(-1)
      // Without a PRes it may be any of its own: the one that most others have.
      if (now === undefined) return versions.includes('2.2.0') ? '2.2.0' : newest
      const span = spanOf(now.ranges, acctNumber)
      const ofAcs = span?.acsProtocolVersions.map(({ version }) => version)
      return highestCommon(versions, span?.dsProtocolVersions ?? now.dsVersions, ofAcs)
    },
    summary() {
      const now = current()
      return {
        dsUrl,
        serialNum: now?.serialNum,
        askedAt: now?.askedAt,
        dsProtocolVersions: now?.dsVersions,
        count: now?.ranges.length ?? 0,
        ranges: now?.ranges.slice(0, 1_000) ?? [],
        last,
      }
    },
  }
}
