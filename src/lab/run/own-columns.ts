/**
 * A part without what its AReqs cannot have told: elements that the version, channel and category of a row do not have are ignored
 * by the server, and so they are here (ACS-VAL-32). A row that does not name all three could have sent everything.
 */
import { foreignTo } from '../../protocol/messages/own.ts'
import { type Column, type Part, textIn } from '../stream/table.ts'

/** The element that a column belongs to, where it has another name. */
const elementsOf: Readonly<Record<string, string>> = {
  bin: 'acctNumber',
  merchant: 'acquirerMerchantID',
  threeDSReqAuthMethod: 'threeDSRequestorAuthenticationInfo',
  threeDSReqAuthTimestamp: 'threeDSRequestorAuthenticationInfo',
  threeDSReqPriorAuthMethod: 'threeDSRequestorPriorAuthenticationInfo',
  threeDSReqPriorAuthTimestamp: 'threeDSRequestorPriorAuthenticationInfo',
  ...Object.fromEntries(
    [
      'chAccAgeInd',
      'chAccChangeInd',
      'chAccPwChangeInd',
      'nbPurchaseAccount',
      'txnActivityDay',
      'txnActivityYear',
      'provisionAttemptsDay',
      'paymentAccInd',
      'shipNameIndicator',
      'shipAddressUsageInd',
      'suspiciousAccActivity',
    ].map((name) => [name, 'acctInfo']),
  ),
  ...Object.fromEntries(
    [
      'shipIndicator',
      'deliveryTimeframe',
      'deliveryEmailAddress',
      'preOrderPurchaseInd',
      'reorderItemsInd',
      'giftCardAmount',
      'giftCardCount',
      'giftCardCurr',
    ].map((name) => [name, 'merchantRiskIndicator']),
  ),
}
/** No element: what else is known of a row. */
const isBeside: ReadonlySet<string> = new Set(['id', 'ts', 'card', 'deviceId', 'methodData'])

const versions: ReadonlySet<string | undefined> = new Set(['2.1.0', '2.2.0', '2.3.1'])

/** Columns that the AReq of these three does not have. */
function foreignColumns(part: Part, row: number): readonly string[] {
  const { columns } = part
  const messageVersion = textIn(columns.get('messageVersion'), row)
  const deviceChannel = textIn(columns.get('deviceChannel'), row)
  const messageCategory = textIn(columns.get('messageCategory'), row)
  if (deviceChannel === undefined || messageCategory === undefined || !versions.has(messageVersion)) return []
  const foreign = new Set(foreignTo({ messageVersion: messageVersion ?? '', deviceChannel, messageCategory }))
  return [...columns.keys()].filter((name) => !isBeside.has(name) && foreign.has(elementsOf[name] ?? name))
}

/** Where the rows of a part have the same version, channel and category: a number for each such three, and of which row it was taken. */
function kindsOf(part: Part): { readonly kinds: Uint16Array; readonly firsts: readonly number[] } {
  const { columns, n } = part
  const idsOf = (name: string): Uint32Array | undefined => {
    const column = columns.get(name)
    return column?.kind === 'text' ? column.ids : undefined
  }
  const version = idsOf('messageVersion')
  const channel = idsOf('deviceChannel')
  const category = idsOf('messageCategory')
  const kinds = new Uint16Array(n)
  const firsts: number[] = []
  const known = new Map<string, number>()
  let [a, b, c, kind] = [-1, -1, -1, 0]
  for (let row = 0; row < n; row++) {
    const va = version?.[row] ?? 0
    const vb = channel?.[row] ?? 0
    const vc = category?.[row] ?? 0
    if (va !== a || vb !== b || vc !== c) {
      a = va
      b = vb
      c = vc
      const key = `${va} ${vb} ${vc}`
      const found = known.get(key)
      kind = found ?? firsts.length
      if (found === undefined) {
        known.set(key, kind)
        firsts.push(row)
      }
    }
    kinds[row] = kind
  }
  return { kinds, firsts }
}

/** The same part, or one in which foreign values are not there. */
export function ownColumns(part: Part): Part {
  const { kinds, firsts } = kindsOf(part)
  const foreign = new Map<string, Set<number>>()
  firsts.forEach((row, kind) => {
    for (const name of foreignColumns(part, row)) foreign.set(name, (foreign.get(name) ?? new Set()).add(kind))
  })
  if (foreign.size === 0) return part
  const columns = new Map(part.columns)
  for (const [name, of] of foreign) {
    const column = columns.get(name)
    if (column === undefined) continue
    const isForeign = Uint8Array.from(firsts, (_, kind) => (of.has(kind) ? 1 : 0))
    columns.set(name, without(column, kinds, isForeign, part.n))
  }
  return { ...part, columns }
}

function without(column: Column, kinds: Uint16Array, isForeign: Uint8Array, n: number): Column {
  if (column.kind === 'text') {
    let ids = column.ids
    for (let row = 0; row < n; row++) {
      if (ids[row] === 0 || isForeign[kinds[row] as number] === 0) continue
      if (ids === column.ids) ids = ids.slice()
      ids[row] = 0
    }
    return ids === column.ids ? column : { ...column, ids }
  }
  let values = column.values
  for (let row = 0; row < n; row++) {
    if (isForeign[kinds[row] as number] === 0 || Number.isNaN(values[row])) continue
    if (values === column.values) values = values.slice()
    values[row] = Number.NaN
  }
  return values === column.values ? column : { ...column, values }
}
