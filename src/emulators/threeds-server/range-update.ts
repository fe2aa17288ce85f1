// What a PRes makes of the card ranges a 3DS Server knows. Spec: sections 5.9.1, [Req 250, 385]; FLOW-PRE-3, 5, 7, 8.
import type { Finding } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/messages/types.ts'
import { applyCardRanges } from '../../protocol/rules/card-ranges.ts'
import type { Span } from '../spans.ts'
import { isAtLeast, versionsBetween } from '../versions.ts'

/** What the ACS of a range can do in one version. */
export interface AcsVersion {
  readonly version: string
  readonly acsInfoInd?: readonly string[]
  readonly threeDSMethodURL?: string
}

export interface KnownSpan extends Span {
  readonly acsProtocolVersions: readonly AcsVersion[]
  readonly dsProtocolVersions?: readonly string[]
  readonly issuerCountryCode?: string
}

interface SpanChange {
  readonly actionInd: 'A' | 'M' | 'D'
  readonly span: KnownSpan
}

type PRes = Message<'PRes'>
type Item = NonNullable<PRes['cardRangeData']>[number]

const actionOf = ({ actionInd }: Item): SpanChange['actionInd'] =>
  actionInd === 'D' || actionInd === 'M' ? actionInd : 'A'

const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : undefined

/** Up to 2.2.0 a range has a first and a last version; the method and the abilities are those of all. */
function ofItem(item: Item): readonly SpanChange[] {
  const { startRange = '', endRange = '', acsStartProtocolVersion = '', acsEndProtocolVersion = '' } = item
  const { threeDSMethodURL, dsStartProtocolVersion, dsEndProtocolVersion } = item
  const acsInfoInd = texts(item.acsInfoInd)
  const about = {
    ...(acsInfoInd !== undefined && { acsInfoInd }),
    ...(threeDSMethodURL !== undefined && { threeDSMethodURL }),
  }
  const acsProtocolVersions = versionsBetween(acsStartProtocolVersion, acsEndProtocolVersion).map((version) => ({
    version,
    ...about,
  }))
  const hasDs = dsStartProtocolVersion !== undefined && dsEndProtocolVersion !== undefined
  const span: KnownSpan = {
    start: startRange,
    end: endRange,
    acsProtocolVersions,
    ...(hasDs && { dsProtocolVersions: versionsBetween(dsStartProtocolVersion, dsEndProtocolVersion) }),
  }
  return [{ actionInd: actionOf(item), span }]
}

/** From 2.3.1 on an entry has many ranges and a list of versions. */
function ofEntry(item: Item): readonly SpanChange[] {
  const { ranges = [], acsProtocolVersions = [], dsProtocolVersions, issuerCountryCode } = item
  const about = {
    acsProtocolVersions: acsProtocolVersions.map(({ version = '', acsInfoInd, threeDSMethodURL }) => ({
      version,
      ...(acsInfoInd !== undefined && { acsInfoInd }),
      ...(threeDSMethodURL !== undefined && { threeDSMethodURL }),
    })),
    ...(dsProtocolVersions !== undefined && { dsProtocolVersions }),
    ...(issuerCountryCode !== undefined && { issuerCountryCode }),
  }
  const actionInd = actionOf(item)
  return ranges.map(({ start = '', end = '' }) => ({ actionInd, span: { start, end, ...about } }))
}

/** The changes of a PRes as they stand in it. */
export function changesIn(pres: PRes): readonly SpanChange[] {
  const isNewest = isAtLeast(pres.messageVersion, '2.3.1')
  return (pres.cardRangeData ?? []).flatMap((item) => (isNewest ? ofEntry(item) : ofItem(item)))
}

/** Versions the DS speaks, as the PRes says. */
export function dsVersionsIn(pres: PRes): readonly string[] {
  const { dsProtocolVersions, dsStartProtocolVersion, dsEndProtocolVersion } = pres
  if (dsProtocolVersions !== undefined) return dsProtocolVersions
  return versionsBetween(dsStartProtocolVersion ?? '', dsEndProtocolVersion ?? '')
}

/**
 * The ranges after a PRes, in order; undefined: a finding drops the update. `isWhole`: the PRes answers a request without a
 * serial number, so it replaces what was known and its actions do not count (FLOW-PRE-7).
 */
export function updated(
  known: readonly KnownSpan[],
  pres: PRes,
  isWhole: boolean,
): { readonly ranges?: readonly KnownSpan[] | undefined; readonly findings: readonly Finding[] } {
  const of = (entry: KnownSpan) => ({ start: entry.start, end: entry.end, entry })
  const { table, findings } = applyCardRanges(known.map(of), {
    isWhole,
    readOrder: pres.readOrder === '02' ? '02' : '01',
    changes: changesIn(pres).map(({ actionInd, span }) => ({ actionInd, ...of(span) })),
  })
  return { ranges: table?.map(({ entry }) => entry), findings }
}
