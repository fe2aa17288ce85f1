/** A row of a stream as the engine would get it from an AReq, the 3DS Method and the hook. Plain and slow: what fast reading is held against. */
import type { Assessment, Heard, ScreeningVerdict } from '../../risk/assessment.ts'
import { verdicts } from '../../risk/assessment.ts'
import type { AReqFacts, MethodData } from '../../risk/facts.ts'
import { type Network, type NetworkKind, networkKinds, networkTables } from '../../risk/net/network.ts'
import { placed } from '../../risk/net/places.ts'
import { type Signals, signalsSchema } from '../../risk/signals.ts'
import type { Tables } from '../../risk/tables.ts'
import type { EventColumn } from '../stream/schema.ts'
import { numberIn, type Part, textIn } from '../stream/table.ts'

/** 53 bits of a text: what an entity is known by in memory. Two FNV-1a lanes, as `markOf` has them, with more of the second. */
export function hashOf(text: string): number {
  let low = 0x811c9dc5
  let high = 0x2f0b4c67
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x01000193) ^ (low >>> 15)
  }
  return ((high >>> 5) & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0)
}

/** `markOf` of a text whose hash this is. */
export const markOfHash = (hash: number): number => {
  const high = Math.floor(hash / 0x1_0000_0000)
  return ((high >>> 3) & 0xffff) * 0x1_0000_0000 + (hash - high * 0x1_0000_0000)
}

/** The lab's own key of a value: there is nobody to keep it from, and it stays in memory. */
export const labKeyOf = (kind: string, value: string): string => `${kind}:${value}`

/** Numbers of the browser and of counts that lie further out were not told. */
export const farthestNumber = 2 ** 30
/** Whole numbers as the wire has them; anything else was not told. */
export const wholeText = (value: number, most = Number.MAX_SAFE_INTEGER): string | undefined =>
  Number.isInteger(value) && Math.abs(value) <= most ? String(value) : undefined

const luhn = (digits: string): number => {
  let sum = 0
  for (let i = digits.length - 1, twice = true; i >= 0; i--, twice = !twice) {
    const digit = Number(digits[i]) * (twice ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return (10 - (sum % 10)) % 10
}

/** The card itself where it is a number that fits; otherwise one that is made up of its range. Undefined: the range is not known. */
export function acctNumberOf(card: string, bin: string | undefined): string | undefined {
  if (/^\d{13,19}$/.test(card) && (bin === undefined || card.startsWith(bin))) return card
  if (bin === undefined || !/^\d{6}$/.test(bin)) return undefined
  const number = `${bin}${String(hashOf(`card:${card}`) % 1e9).padStart(9, '0')}`
  return `${number}${luhn(number)}`
}

/** "81-9012345678" as the wire has it. */
export function phoneElementOf(text: string): { readonly cc?: string; readonly subscriber?: string } {
  const dash = text.indexOf('-')
  return dash < 0 ? { subscriber: text } : { cc: text.slice(0, dash), subscriber: text.slice(dash + 1) }
}

type Members = Record<string, unknown>
/** Undefined where nothing was told. */
function told<T extends Members>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } | undefined {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as ReturnType<typeof told<T>>)
}

/** What the AReq of a row says, for a part of own columns (`own-columns.ts`). */
export function areqOf(part: Part, row: number): AReqFacts & Readonly<Record<string, unknown>> {
  const { columns } = part
  const text = (name: EventColumn): string | undefined => textIn(columns.get(name), row)
  const whole = (name: EventColumn): string | undefined => wholeText(numberIn(columns.get(name), row))
  const near = (name: EventColumn): string | undefined => wholeText(numberIn(columns.get(name), row), farthestNumber)
  const phone = (name: EventColumn) => {
    const said = text(name)
    return said === undefined ? undefined : phoneElementOf(said)
  }
  const amount = numberIn(columns.get('purchaseAmount'), row)
  const scripts = text('browserJavascriptEnabled')
  return (
    told({
      messageVersion: text('messageVersion'),
      deviceChannel: text('deviceChannel'),
      messageCategory: text('messageCategory'),
      acctNumber: acctNumberOf(text('card') ?? '', text('bin')),
      acctID: text('acctID'),
      cardholderName: text('cardholderName'),
      mobilePhone: phone('mobilePhone'),
      homePhone: phone('homePhone'),
      workPhone: phone('workPhone'),
      threeDSCompInd: text('threeDSCompInd'),
      threeDSRequestorAuthenticationInd: text('threeDSRequestorAuthenticationInd'),
      threeDSRequestorChallengeInd: text('threeDSRequestorChallengeInd'),
      threeDSRequestorAuthenticationInfo: told({
        threeDSReqAuthMethod: text('threeDSReqAuthMethod'),
        threeDSReqAuthTimestamp: text('threeDSReqAuthTimestamp'),
      }),
      threeDSRequestorPriorAuthenticationInfo: told({
        threeDSReqPriorAuthMethod: text('threeDSReqPriorAuthMethod'),
        threeDSReqPriorAuthTimestamp: text('threeDSReqPriorAuthTimestamp'),
      }),
      purchaseAmount: amount >= 0 ? wholeText(amount) : undefined,
      purchaseCurrency: text('purchaseCurrency'),
      purchaseExponent: text('purchaseExponent'),
      email: text('email'),
      acquirerMerchantID: text('merchant'),
      merchantName: text('merchantName'),
      merchantCountryCode: text('merchantCountryCode'),
      mcc: text('mcc'),
      addrMatch: text('addrMatch'),
      billAddrCountry: text('billAddrCountry'),
      billAddrLine1: text('billAddrLine1'),
      billAddrPostCode: text('billAddrPostCode'),
      billAddrState: text('billAddrState'),
      shipAddrLine1: text('shipAddrLine1'),
      shipAddrLine2: text('shipAddrLine2'),
      shipAddrLine3: text('shipAddrLine3'),
      shipAddrCity: text('shipAddrCity'),
      shipAddrPostCode: text('shipAddrPostCode'),
      shipAddrState: text('shipAddrState'),
      shipAddrCountry: text('shipAddrCountry'),
      browserIP: text('browserIP'),
      browserUserAgent: text('browserUserAgent'),
      browserLanguage: text('browserLanguage'),
      browserTZ: near('browserTZ'),
      browserScreenWidth: near('browserScreenWidth'),
      browserScreenHeight: near('browserScreenHeight'),
      browserColorDepth: text('browserColorDepth'),
      browserJavascriptEnabled: scripts === 'true' ? true : scripts === 'false' ? false : scripts,
      sdkAppID: text('sdkAppID'),
      appIp: text('appIp'),
      deviceInfo: text('deviceInfo'),
      acctInfo: told({
        chAccAgeInd: text('chAccAgeInd'),
        chAccChangeInd: text('chAccChangeInd'),
        chAccPwChangeInd: text('chAccPwChangeInd'),
        nbPurchaseAccount: whole('nbPurchaseAccount'),
        txnActivityDay: whole('txnActivityDay'),
        txnActivityYear: whole('txnActivityYear'),
        provisionAttemptsDay: whole('provisionAttemptsDay'),
        paymentAccInd: text('paymentAccInd'),
        shipNameIndicator: text('shipNameIndicator'),
        shipAddressUsageInd: text('shipAddressUsageInd'),
        suspiciousAccActivity: text('suspiciousAccActivity'),
      }),
      merchantRiskIndicator: told({
        shipIndicator: text('shipIndicator'),
        deliveryTimeframe: text('deliveryTimeframe'),
        deliveryEmailAddress: text('deliveryEmailAddress'),
        preOrderPurchaseInd: text('preOrderPurchaseInd'),
        reorderItemsInd: text('reorderItemsInd'),
        giftCardAmount: whole('giftCardAmount'),
        giftCardCount: whole('giftCardCount'),
        giftCardCurr: text('giftCardCurr'),
      }),
    }) ?? {}
  )
}

/** What the 3DS Method told; it counts unless the AReq says that it did not run. */
export function methodOf(part: Part, row: number): MethodData | undefined {
  const { columns } = part
  const completed = textIn(columns.get('threeDSCompInd'), row)
  if (completed === 'N' || completed === 'U') return undefined
  return methodDataOf(textIn(columns.get('deviceId'), row), textIn(columns.get('methodData'), row))
}

export function methodDataOf(deviceId: string | undefined, json: string | undefined): MethodData | undefined {
  const read = json === undefined ? undefined : objectIn(json)
  if (deviceId === undefined) return read as MethodData | undefined
  return { ...read, deviceId }
}

function objectIn(json: string): object | undefined {
  try {
    const read: unknown = JSON.parse(json)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : undefined
  } catch {
    return undefined
  }
}

export function signalsOfText(json: string): Signals | undefined {
  const read = objectIn(json)
  if (read === undefined) return undefined
  const { data } = signalsSchema.safeParse(read)
  return data
}

/** A source that the stream does not name is the screening in the box. */
export const namelessSource = 'screening'

const isVerdict = (text: string | undefined): text is ScreeningVerdict => verdicts.some((one) => one === text)

/** What was said of a row, in the order of its columns. A score without a verdict is no assessment. */
export function heardOf(part: Part, row: number, signalsOf = signalsOfText): readonly Heard[] {
  const { columns } = part
  const one = (suffix: '' | '2', fallback: string): readonly Heard[] => {
    const verdict = textIn(columns.get(`merchantVerdict${suffix}`), row)
    if (!isVerdict(verdict)) return []
    const source = textIn(columns.get(`merchantSource${suffix}`), row) ?? fallback
    const score = numberIn(columns.get(`merchantScore${suffix}`), row)
    const json = suffix === '' ? textIn(columns.get('merchantSignals'), row) : undefined
    const signals = json === undefined ? undefined : signalsOf(json)
    const assessment: Assessment = {
      source,
      verdict,
      ...(score >= 0 && score <= 1 && { score }),
      reasons: [],
      ...(signals !== undefined && { signals }),
      issuedAt: '',
      about: {},
    }
    return [{ door: 'ahead', assessment }]
  }
  const [first, second] = [one('', namelessSource), one('2', `${namelessSource}-2`)]
  // At most one of each source: the first that was heard.
  return first[0]?.assessment.source === second[0]?.assessment.source ? first : [...first, ...second]
}

/** What the stream itself knows of the row's address, where it says so. */
export function networkTold(part: Part, row: number): Network | undefined {
  const { columns } = part
  return networkOfParts(
    textIn(columns.get('ipCountry'), row),
    textIn(columns.get('ipType'), row),
    numberIn(columns.get('ipLat'), row),
    numberIn(columns.get('ipLon'), row),
    numberIn(columns.get('ipRadiusKm'), row),
  )
}

const kindsOfNetwork: ReadonlyMap<string, NetworkKind> = new Map(networkKinds.map((kind) => [kind, kind]))

export function networkOfParts(
  country: string | undefined,
  type: string | undefined,
  lat: number,
  lon: number,
  radiusKm: number,
): Network | undefined {
  const kind = type === undefined ? undefined : kindsOfNetwork.get(type)
  if (country === undefined && kind === undefined) return undefined
  const network: { -readonly [K in keyof Network]: Network[K] } = {}
  if (kind !== undefined) network.kind = kind
  if (country === undefined) return network
  network.country = country
  if (Number.isNaN(lat) || Number.isNaN(lon)) return network
  network.lat = lat
  network.lon = lon
  if (!Number.isNaN(radiusKm)) network.radiusKm = radiusKm
  return network
}

/** The tables of the machine behind what the stream tells of this address. */
export function tablesWith(tables: Tables, told: Network | undefined): Tables {
  if (told === undefined) return tables
  const sources = [{ find: () => told }, { find: (_: unknown, text: string) => tables.networks.find(text) }]
  return { ...tables, networks: networkTables(sources, placed) }
}
