/** Which elements a row has: `presence` of the facts, worked out once for each pattern of columns. */
import type { AReqFacts } from '../../../risk/facts.ts'
import { presenceOf, type ReadPath, readPaths } from '../../../risk/presence.ts'
import type { EventColumn } from '../../stream/schema.ts'
import { farthestNumber } from '../areq.ts'
import type { Columns } from './texts.ts'

/** Elements that have columns of other names. */
const columnsOf: { readonly [P in ReadPath]?: readonly EventColumn[] } = {
  acquirerMerchantID: ['merchant'],
  threeDSRequestorAuthenticationInfo: ['threeDSReqAuthMethod', 'threeDSReqAuthTimestamp'],
  threeDSRequestorPriorAuthenticationInfo: ['threeDSReqPriorAuthMethod', 'threeDSReqPriorAuthTimestamp'],
}
/** Columns of numbers, with the least and the most that count. */
const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  purchaseAmount: [0, Number.MAX_SAFE_INTEGER],
  browserTZ: [-farthestNumber, farthestNumber],
  browserScreenWidth: [-farthestNumber, farthestNumber],
  browserScreenHeight: [-farthestNumber, farthestNumber],
  ...Object.fromEntries(
    (
      [
        'nbPurchaseAccount',
        'txnActivityDay',
        'txnActivityYear',
        'provisionAttemptsDay',
        'giftCardAmount',
        'giftCardCount',
      ] satisfies EventColumn[]
    ).map((name) => [name, [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]]),
  ),
}
const nameOf = (path: string): string => path.slice(path.indexOf('.') + 1)

type Asked = (row: number) => boolean
/** Bits of a number that a bit mask holds. */
const half = 27

export class Presence {
  readonly #known = new Map<number, Map<number, string>>()
  #asked: readonly Asked[] = []

  bind(columns: Columns): void {
    this.#asked = readPaths.map((path): Asked => {
      const name = nameOf(path)
      const range = ranges[name]
      if (range === undefined) {
        const [ids, others] = (columnsOf[path] ?? [name]).map((one) => columns.ids(one))
        if (others === undefined) return (row) => ids?.[row] !== 0
        return (row) => ids?.[row] !== 0 || others[row] !== 0
      }
      const numbers = columns.numbers(name)
      const [least, most] = range
      return (row) => {
        const value = numbers[row] as number
        return Number.isInteger(value) && value >= least && value <= most
      }
    })
  }

  /** `kind`: a number for each combination of version, channel and category. */
  at(
    row: number,
    kind: number,
    about: Pick<AReqFacts, 'messageVersion' | 'deviceChannel' | 'messageCategory'>,
  ): string {
    let low = 0
    let high = 0
    for (let i = 0; i < half; i++) if (this.#asked[i]?.(row) === true) low |= 1 << i
    for (let i = half; i < readPaths.length; i++) if (this.#asked[i]?.(row) === true) high |= 1 << (i - half)
    const key = kind * 2 ** half + low
    const known = this.#known.get(key) ?? new Map<number, string>()
    const found = known.get(high)
    if (found !== undefined) return found
    const letters = lettersOf(low, high, about)
    known.set(high, letters)
    this.#known.set(key, known)
    return letters
  }
}

function lettersOf(low: number, high: number, about: object): string {
  const areq: Record<string, unknown> = { ...about }
  readPaths.forEach((path, i) => {
    const isThere = i < half ? (low >>> i) & 1 : (high >>> (i - half)) & 1
    if (isThere === 0) return
    const [name = '', member] = path.split('.')
    areq[name] = member === undefined ? 1 : { ...(areq[name] as object | undefined), [member]: 1 }
  })
  return presenceOf(areq)
}
