/** Columns that are being written: texts are interned once per thing, so that most cells cost one look into an array. */
import { type Column, Dictionary, type Part, partSize } from '../stream/table.ts'

/** Texts known beforehand, by number; 0 is "not sent". */
export type Words = { readonly values: readonly string[]; readonly ids: Uint32Array }

class TextOut {
  dictionary = new Dictionary()
  ids = new Uint32Array(0)
  readonly #caches: Uint32Array[] = []

  /** Ids of the texts of so many things; 0: not yet asked for. Emptied when the dictionary is full. */
  cache(size: number): Uint32Array {
    const cache = new Uint32Array(size)
    this.#caches.push(cache)
    return cache
  }
  words(values: readonly string[]): Words {
    return { values, ids: this.cache(values.length) }
  }
  id(text: string): number {
    return this.dictionary.idOf(text)
  }
  /** The id of a word; 0 of word 0 where that is the empty text. */
  word(words: Words, i: number): number {
    const known = words.ids[i] as number
    if (known !== 0) return known
    const text = words.values[i] as string
    if (text === '') return 0
    const id = this.dictionary.idOf(text)
    words.ids[i] = id
    return id
  }
  begin(rows: number): void {
    this.ids = new Uint32Array(rows)
    if (!this.dictionary.isFull) return
    this.dictionary = new Dictionary()
    for (const cache of this.#caches) cache.fill(0)
  }
}
class NumberOut {
  values = new Float64Array(0)
  begin(rows: number): void {
    this.values = new Float64Array(rows).fill(Number.NaN)
  }
}

export const textNames = [
  'card',
  'bin',
  'merchant',
  'merchantName',
  'mcc',
  'merchantCountryCode',
  'messageVersion',
  'messageCategory',
  'deviceChannel',
  'purchaseCurrency',
  'purchaseExponent',
  'cardholderName',
  'email',
  'mobilePhone',
  'acctID',
  'addrMatch',
  'billAddrCountry',
  'billAddrState',
  'billAddrLine1',
  'billAddrPostCode',
  'shipAddrCountry',
  'shipAddrState',
  'shipAddrCity',
  'shipAddrLine1',
  'shipAddrPostCode',
  'shipIndicator',
  'deliveryTimeframe',
  'deliveryEmailAddress',
  'preOrderPurchaseInd',
  'reorderItemsInd',
  'giftCardCurr',
  'chAccAgeInd',
  'chAccChangeInd',
  'chAccPwChangeInd',
  'shipAddressUsageInd',
  'suspiciousAccActivity',
  'threeDSRequestorChallengeInd',
  'threeDSReqAuthMethod',
  'threeDSCompInd',
  'browserIP',
  'browserUserAgent',
  'browserLanguage',
  'browserColorDepth',
  'browserJavascriptEnabled',
  'sdkAppID',
  'appIp',
  'deviceInfo',
  'deviceId',
  'methodData',
  'ipCountry',
  'ipType',
  'merchantSource',
  'merchantVerdict',
  'merchantSource2',
  'merchantVerdict2',
  'merchantSignals',
  'kind',
  'campaign',
  'challengeMethod',
  'ageBand',
  'channel',
  'tier',
  'language',
  'cardAge',
  'shopKind',
] as const
export const numberNames = [
  'ts',
  'purchaseAmount',
  'giftCardAmount',
  'giftCardCount',
  'nbPurchaseAccount',
  'txnActivityDay',
  'browserTZ',
  'browserScreenWidth',
  'browserScreenHeight',
  'ipLat',
  'ipLon',
  'ipRadiusKm',
  'merchantScore',
  'merchantScore2',
  'cardAgeDays',
  'isFraud',
  'labelTs',
  'pChallengePass',
  'pChallengeAbandon',
  'uChallenge',
] as const
type TextName = (typeof textNames)[number]
type NumberName = (typeof numberNames)[number]

export type Out = { readonly [N in TextName]: TextOut } & { readonly [N in NumberName]: NumberOut }
export const newOut = (): Out =>
  Object.fromEntries([
    ...textNames.map((name) => [name, new TextOut()] as const),
    ...numberNames.map((name) => [name, new NumberOut()] as const),
  ]) as Out

export function begin(out: Out, rows: number): void {
  for (const name of textNames) out[name].begin(rows)
  for (const name of numberNames) out[name].begin(rows)
}

/** What was written since `begin`, in parts of at most `partSize` rows. */
export function partsOf(out: Out, rows: number, first: number): readonly Part[] {
  const parts: Part[] = []
  for (let from = 0; from < rows; from += partSize) {
    const to = Math.min(from + partSize, rows)
    const columns = new Map<string, Column>()
    for (const name of numberNames) columns.set(name, { kind: 'number', values: out[name].values.subarray(from, to) })
    for (const name of textNames) {
      const { dictionary, ids } = out[name]
      columns.set(name, { kind: 'text', dictionary, ids: ids.subarray(from, to) })
    }
    parts.push({ n: to - from, first: first + from, columns })
  }
  return parts
}
