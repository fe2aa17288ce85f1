// PReq in, PRes out: what the DS tells of its card ranges. Spec: sections 2.4.1, 5.9.1 [Req 246–250, 303, 385];
// FLOW-PRE-1…8.
import { ProtocolError } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/messages/types.ts'
import { bytesOf, type Reply } from '../message-endpoint.ts'
import type { Entry } from '../message-log.ts'
import { receive } from '../receive.ts'
import { compareVersions, isAtLeast, type Version } from '../versions.ts'
import type { DsSettings } from './options.ts'
import type { RangeChange, ToldRange } from './range-book.ts'

type PReq = Message<'PReq'>
type Elements = Readonly<Record<string, unknown>>

const hour = 3_600_000

/** Up to 2.2.0: one item per range, with the first and the last version (FLOW-PRE-3). */
function itemOf({ actionInd, range }: RangeChange, version: Version): Elements {
  const { start, end, versions, methodUrl, acsInfoInd } = range
  const ordered = versions.toSorted(compareVersions)
  const known = acsInfoInd?.filter((code) => code <= '04' || code >= '80')
  return {
    startRange: start,
    endRange: end,
    actionInd,
    acsStartProtocolVersion: ordered[0],
    acsEndProtocolVersion: ordered.at(-1),
    // Up to 2.2.0 the address is shorter; what does not fit cannot be told.
    ...(methodUrl !== undefined && methodUrl.length <= 256 && { threeDSMethodURL: methodUrl }),
    ...(version === '2.2.0' && known !== undefined && known.length > 0 && { acsInfoInd: known }),
  }
}

/** How many ranges an entry of 2.3.1 holds at most (FLOW-PRE-5). */
const rangesPerEntry = 5_000

/** From 2.3.1 on: ranges that are alike share an entry (FLOW-PRE-5). */
function entriesOf(changes: readonly RangeChange[]): readonly Elements[] {
  const groups = new Map<string, { readonly first: RangeChange; readonly ranges: Elements[] }>()
  for (const change of changes) {
    const { actionInd, range } = change
    const { start, end, ...about } = range
    const key = JSON.stringify([actionInd, about])
    const group = groups.get(key) ?? { first: change, ranges: [] }
    groups.set(key, group)
    group.ranges.push({ start, end })
  }
  return [...groups.values()].flatMap(({ first, ranges }) => {
    const { versions, methodUrl, acsInfoInd, issuerCountryCode } = first.range
    const entry = {
      actionInd: first.actionInd,
      ...(issuerCountryCode !== undefined && { issuerCountryCode }),
      acsProtocolVersions: versions.map((version) => ({
        version,
        ...(acsInfoInd !== undefined && { acsInfoInd }),
        ...(methodUrl !== undefined && { threeDSMethodURL: methodUrl }),
      })),
    }
    const count = Math.ceil(ranges.length / rangesPerEntry)
    return Array.from({ length: count }, (_, index) => ({
      ...entry,
      ranges: ranges.slice(index * rangesPerEntry, (index + 1) * rangesPerEntry),
    }))
  })
}

const added = (range: ToldRange): RangeChange => ({ actionInd: 'A', range })

export function answerPReq(settings: DsSettings): (bytes: Buffer, entry: Entry) => Reply {
  const { book, profile, versions, clock, uuid, log } = settings
  /** When each 3DS Server asked last; nothing of it outlives the process (FLOW-PRE-1). */
  const askedAt = new Map<string, number>()

  function checkRate({ threeDSServerRefNumber, threeDSServerOperatorID = '' }: PReq, about: object): void {
    const who = `${threeDSServerRefNumber} ${threeDSServerOperatorID}`
    const last = askedAt.get(who)
    const now = clock()
    if (settings.limitsPReq === true && last !== undefined && now - last < hour) {
      throw new ProtocolError('103', 'two range requests within an hour', { about })
    }
    askedAt.set(who, now)
  }

  return (bytes, entry) => {
    const received = receive<PReq>(bytes, 'PReq', { leg: '3DSS-DS', profile, versions })
    if (received.kind === 'erro') return { body: undefined } // FLOW-GEN-10
    const preq = received.message
    entry.remark(received.warnings)
    const { threeDSServerTransID, threeDSServerRefNumber, serialNum } = preq
    const version = preq.messageVersion as Version
    const about = { threeDSServerTransID, messageVersion: version, errorMessageType: 'PReq' } as const
    if (settings.threeDSServerReferenceNumbers?.includes(threeDSServerRefNumber) === false) {
      throw new ProtocolError('303', 'threeDSServerRefNumber', { about })
    }
    checkRate(preq, about)
    const changes = serialNum === undefined ? book.told().map(added) : book.changesSince(serialNum)
    if (changes === undefined) throw new ProtocolError('307', 'serialNum', { about }) // FLOW-PRE-2

    const dsTransID = uuid()
    const ordered = versions.toSorted(compareVersions)
    const common = {
      messageType: 'PRes',
      messageVersion: version,
      threeDSServerTransID,
      dsTransID,
    }
    const reply = (pres: object): Reply => {
      log.info(
        { threeDSServerTransID, dsTransID, serialNum: book.serialNum(), changes: changes.length },
        'DS: card ranges told',
      )
      return { body: bytesOf(pres), requestId: threeDSServerTransID, responseId: dsTransID }
    }
    if (!isAtLeast(version, '2.3.1')) {
      const cardRangeData = changes.map((change) => itemOf(change, version))
      return reply({
        ...common,
        serialNum: book.serialNum(),
        dsStartProtocolVersion: ordered[0],
        dsEndProtocolVersion: ordered.at(-1),
        ...(cardRangeData.length > 0 && { cardRangeData }),
      })
    }
    const { dsUrlList } = settings
    const cardRangeData = entriesOf(changes)
    const told = {
      ...common,
      dsProtocolVersions: ordered,
      readOrder: '01',
      ...(dsUrlList !== undefined && {
        dsUrlList: dsUrlList.map((threeDSServerToDsUrl) => ({ threeDSServerToDsUrl })),
      }),
    }
    return reply({
      ...told,
      serialNum: book.serialNum(),
      ...(cardRangeData.length > 0 && { cardRangeData }),
    })
  }
}
