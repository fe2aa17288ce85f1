// The card ranges of the DS: where AReqs go, and what a PRes tells of them, with a serial number for each change.
// Spec: FLOW-DS-2, FLOW-PRE-2…8, [Req 250, 385].
import { findRange } from '../cards.ts'
import type { Uuid } from '../ports.ts'
import { disjoint, type Span } from '../spans.ts'
import type { Table, TellingRow } from '../store.ts'
import type { Version } from '../versions.ts'
import type { DsRoute } from './options.ts'

/** A card range as 3DS Servers are told of it. */
export interface ToldRange extends Span {
  readonly versions: readonly Version[]
  readonly methodUrl?: string
  readonly acsInfoInd?: readonly string[]
  readonly issuerCountryCode?: string
}

export interface RangeChange {
  readonly actionInd: 'A' | 'M' | 'D'
  readonly range: ToldRange
}

export interface RangeBook {
  routes(): readonly DsRoute[]
  routeOf(acctNumber: string): DsRoute | undefined
  /** The serial number of the ranges as they are. */
  serialNum(): string
  /** All ranges, in order. */
  told(): readonly ToldRange[]
  /** What is different since then, deletions first; undefined: that serial number is not known. */
  changesSince(serialNum: string): readonly RangeChange[] | undefined
  /** Replaces the ranges until the process ends; undefined: those of the configuration again. */
  replace(routes: readonly DsRoute[] | undefined): void
}

interface LogEntry extends RangeChange {
  readonly serial: number
  /** What a modified range was. */
  readonly was?: ToldRange
}

/** Older serial numbers are not known any more. */
const keptChanges = 50_000

/** Digits of card numbers of a scheme, where a range is given by its leading digits. */
const lengthOf = (scheme: string): number => (scheme === 'amex' ? 15 : 16)

function toldRange(route: DsRoute, versions: readonly Version[]): ToldRange {
  const { from, to, scheme, methodUrl, acsInfoInd, issuerCountryCode } = route
  const length = Math.max(from.length, lengthOf(scheme))
  return {
    start: from.padEnd(length, '0'),
    end: to.padEnd(length, '9'),
    versions: route.versions?.filter((version) => versions.includes(version)) ?? versions,
    ...(methodUrl !== undefined && { methodUrl }),
    ...(acsInfoInd !== undefined && { acsInfoInd }),
    ...(issuerCountryCode !== undefined && { issuerCountryCode }),
  }
}

const keyOf = ({ start, end }: Span): string => `${start}-${end}`

/** From one state to another: what has gone, then what is new, then what is different. */
function changesBetween(before: readonly ToldRange[], after: readonly ToldRange[]): readonly RangeChange[] {
  const old = new Map(before.map((range) => [keyOf(range), range]))
  const present = new Set(after.map(keyOf))
  const added: RangeChange[] = []
  const modified: RangeChange[] = []
  for (const range of after) {
    const known = old.get(keyOf(range))
    if (known === undefined) added.push({ actionInd: 'A', range })
    else if (JSON.stringify(known) !== JSON.stringify(range)) modified.push({ actionInd: 'M', range })
  }
  const gone = before.filter((range) => !present.has(keyOf(range)))
  return [...gone.map((range): RangeChange => ({ actionInd: 'D', range })), ...added, ...modified]
}

/** The state before `changes`, from the state after them. */
function undo(after: readonly ToldRange[], entries: readonly LogEntry[]): readonly ToldRange[] {
  const state = new Map(after.map((range) => [keyOf(range), range]))
  for (const { actionInd, range, was } of entries.toReversed()) {
    if (actionInd === 'A') state.delete(keyOf(range))
    else state.set(keyOf(range), was ?? range)
  }
  return [...state.values()]
}

interface State {
  readonly prefix: string
  readonly serial: number
  readonly ranges: readonly ToldRange[]
  readonly log: readonly LogEntry[]
}

export function createRangeBook(options: {
  readonly table: Table<TellingRow>
  readonly configured: () => readonly DsRoute[]
  readonly versions: readonly Version[]
  readonly uuid: Uuid
}): RangeBook {
  const { table, configured, versions, uuid } = options
  let own: readonly DsRoute[] | undefined
  let toldOf: readonly DsRoute[] | undefined
  let state: State | undefined

  const routes = (): readonly DsRoute[] => own ?? configured()
  const serialOf = ({ prefix, serial }: State): string => `${prefix}${String(serial).padStart(6, '0')}`

  function load(): State | undefined {
    const row = table.find('ranges')
    if (row === undefined) return undefined
    return {
      prefix: row.serialNum.slice(0, -6),
      serial: Number(row.serialNum.slice(-6)),
      ranges: JSON.parse(row.ranges) as readonly ToldRange[],
      log: JSON.parse(row.log) as readonly LogEntry[],
    }
  }

  /** The state as it is now; a change of the ranges, over a restart too, has got a serial number. */
  function current(): State {
    const now = routes()
    if (state !== undefined && now === toldOf) return state
    const ranges = disjoint(now.map((route) => toldRange(route, versions)).filter((range) => range.versions.length > 0))
    // Another life of this DS has another prefix, so that its serial numbers are not taken for ours.
    const before = state ?? load() ?? { prefix: uuid().slice(0, 8), serial: 0, ranges: [], log: [] }
    const changes = changesBetween(before.ranges, ranges)
    const serial = before.serial + (changes.length > 0 || before.serial === 0 ? 1 : 0)
    const old = new Map(before.ranges.map((range) => [keyOf(range), range]))
    const entries = changes.map(({ actionInd, range }): LogEntry => {
      const was = old.get(keyOf(range))
      return { serial, actionInd, range, ...(actionInd === 'M' && was !== undefined && { was }) }
    })
    // The first list is no change: nobody has a serial number of before.
    const log = before.serial === 0 ? [] : [...before.log, ...entries].slice(-keptChanges)
    state = { prefix: before.prefix, serial, ranges, log }
    toldOf = now
    if (serial !== before.serial) {
      const row = { id: 'ranges', serialNum: serialOf(state), ranges: JSON.stringify(ranges), log: JSON.stringify(log) }
      table.save(row)
    }
    return state
  }

  return {
    routes,
    routeOf: (acctNumber) => findRange(routes(), acctNumber),
    serialNum: () => serialOf(current()),
    told: () => current().ranges,
    changesSince(serialNum) {
      const { prefix, serial, ranges, log } = current()
      if (!serialNum.startsWith(prefix)) return undefined
      const digits = serialNum.slice(prefix.length)
      const since = Number(digits)
      // Once changes were forgotten, what is left of the oldest serial number may not be all of it.
      const oldest = log.length < keptChanges ? 1 : (log[0]?.serial ?? serial)
      if (!/^\d{6}$/.test(digits) || since < oldest || since > serial) return undefined
      const before = undo(
        ranges,
        log.filter((entry) => entry.serial > since),
      )
      return changesBetween(before, ranges)
    },
    replace(list) {
      own = list
    },
  }
}
