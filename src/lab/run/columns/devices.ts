/** What a row was made with: browser, app, and what the 3DS Method found. */
import { type BrowserFacts, browserFactsOf, likenessOf, mayHave, methodDigestOf } from '../../../risk/browser.ts'
import { chainsOf } from '../../../risk/chains.ts'
import { deviceInfoOf } from '../../../risk/device-info.ts'
import { type AReqFacts, chainTextsOf, type Facts, type MethodData, signatureOf } from '../../../risk/facts.ts'
import type { Setting } from '../../../risk/setting.ts'
import { farthestNumber, labKeyOf, methodDataOf, wholeText } from '../areq.ts'
import { type Entity, entityOf, markFor, type Numbered } from './entities.ts'
import type { ChainHalf } from './places.ts'
import { Reading, type SlotsOf } from './reading.ts'

/** What one text of the 3DS Method tells; each answer is worked out when somebody asks for it. */
export class Method {
  readonly data: MethodData
  readonly zone: string | undefined
  readonly offset: number | undefined
  #entity: Entity | undefined | null = null
  #likeness: number | undefined | null = null
  #digest: number | undefined | null = null
  constructor(data: MethodData) {
    const { timeZone, timeZoneOffset } = data
    this.data = data
    this.zone = typeof timeZone === 'string' && timeZone !== '' ? timeZone : undefined
    this.offset = typeof timeZoneOffset === 'number' && Number.isFinite(timeZoneOffset) ? timeZoneOffset : undefined
  }
  /** Undefined: it tells too little to know the device by. */
  get entity(): Entity | undefined {
    if (this.#entity !== null) return this.#entity
    const { deviceId } = this.data
    const value = deviceId !== undefined ? `id\n${deviceId}` : likenessOf(this.data)
    this.#entity = value === undefined ? undefined : entityOf('device', value)
    return this.#entity
  }
  get by(): Facts['device'] {
    if (this.data.deviceId !== undefined) return 'id'
    return this.entity === undefined ? undefined : 'method'
  }
  get likeness(): number | undefined {
    if (this.#likeness === null) this.#likeness = markFor('likeness', likenessOf(this.data))
    return this.#likeness
  }
  get digest(): number | undefined {
    if (this.#digest === null) this.#digest = markFor('method', methodDigestOf(this.data))
    return this.#digest
  }
}
type Signature = { readonly entity: Entity | undefined; readonly chain: ChainHalf | undefined }

const languageOf = (tag: string): string | undefined => tag.split('-', 1)[0]?.toLowerCase()

export class Devices extends Reading {
  readonly #countsChains: boolean
  readonly #appChain: ChainHalf | undefined
  readonly #byId: Numbered
  readonly #likenesses: Numbered
  readonly #digests: Numbered
  readonly #byMethod: Numbered
  readonly #byApp: Numbered
  readonly #byBrowser: Numbered
  constructor({ countsChains }: Setting, slotsOf: SlotsOf) {
    super()
    const slotOf = slotsOf('device')
    // An id tells the device whatever else the 3DS Method told.
    this.#byId = this.numbered(
      this.#ids,
      (id) => (id === undefined ? undefined : entityOf('device', `id\n${id}`)),
      slotOf,
    )
    this.#likenesses = this.marked(this.#bareMethods, (method) => method?.likeness)
    this.#digests = this.marked(this.#methods, (method) => method?.digest)
    this.#byMethod = this.numbered(this.#bareMethods, (method) => method?.entity, slotOf)
    this.#byApp = this.numbered(this.#apps, (entity) => entity, slotOf)
    this.#byBrowser = this.numbered(this.#signatures, ({ entity }) => entity, slotOf)
    this.#countsChains = countsChains === true
    this.#appChain =
      countsChains === true
        ? chainsOf({ ...chainTextsOf({ deviceChannel: '01' }, undefined, undefined, undefined) }, labKeyOf)
        : undefined
  }

  readonly #channels = this.texts<number>('deviceChannel', (text) => (text === '01' ? 1 : text === '03' ? 3 : 2), 2)
  /** 1 app, 2 browser, 3 without the holder. */
  channelAt(row: number): number {
    return this.#channels.at(row)
  }

  readonly #isOut = this.texts<boolean>('threeDSCompInd', (text) => text === 'N' || text === 'U', false)
  readonly #ids = this.plain('deviceId')
  readonly #data = this.plain('methodData')
  /** Where it told no id. */
  readonly #bareMethods = this.texts<Method | undefined>(
    'methodData',
    (text) => {
      const data = methodDataOf(undefined, text)
      return data === undefined ? undefined : new Method(data)
    },
    undefined,
  )
  readonly #methods = this.tuples<Method | undefined>(['deviceId', 'methodData'], (row) => {
    const bare = this.#data.isTold(row) ? this.#bareMethods.at(row) : undefined
    const deviceId = this.#ids.at(row)
    return deviceId === undefined ? bare : new Method({ ...bare?.data, deviceId })
  })
  methodAt(row: number): Method | undefined {
    if (!this.#ids.isTold(row) && !this.#data.isTold(row)) return undefined
    return this.#isOut.at(row) ? undefined : this.#methods.at(row)
  }

  readonly agents = this.plain('browserUserAgent')
  readonly #channelTexts = this.plain('deviceChannel')
  readonly #languages = this.plain('browserLanguage')
  readonly #depths = this.plain('browserColorDepth')
  readonly #scripts = this.plain('browserJavascriptEnabled')
  readonly #zones = this.numbers('browserTZ')
  readonly #widths = this.numbers('browserScreenWidth')
  readonly #heights = this.numbers('browserScreenHeight')
  readonly #apps = this.texts<Entity | undefined>(
    'sdkAppID',
    (text) => entityOf('device', `app\n${text.toLowerCase()}`),
    undefined,
  )
  #elements(row: number): AReqFacts {
    return {
      deviceChannel: this.#channelTexts.at(row),
      browserUserAgent: this.agents.at(row),
      browserLanguage: this.#languages.at(row),
      browserColorDepth: this.#depths.at(row),
      browserJavascriptEnabled: this.#scripts.at(row),
      browserTZ: wholeText(this.#zones.at(row), farthestNumber),
      browserScreenWidth: wholeText(this.#widths.at(row), farthestNumber),
      browserScreenHeight: wholeText(this.#heights.at(row), farthestNumber),
    }
  }
  readonly #signatures = this.tuples<Signature>(
    [
      'browserUserAgent',
      'browserScreenWidth',
      'browserScreenHeight',
      'browserColorDepth',
      'browserTZ',
      'browserLanguage',
      'deviceChannel',
    ],
    (row) => {
      const elements = this.#elements(row)
      const { browserUserAgent: agent } = elements
      if (agent === undefined) return { entity: undefined, chain: undefined }
      const entity = entityOf('device', `browser\n${signatureOf(elements, agent)}`)
      if (!this.#countsChains) return { entity, chain: undefined }
      const texts = chainTextsOf(elements, undefined, undefined, browserFactsOf(elements, undefined, 0))
      return { entity, chain: chainsOf(texts, labKeyOf) }
    },
  )
  /** Where the 3DS Method does not tell it. */
  otherAt(row: number, channel: number): Entity | undefined {
    if (channel === 1) return this.#apps.at(row)
    return channel === 3 || !this.agents.isTold(row) ? undefined : this.#signatures.at(row).entity
  }
  putDevices(n: number, channels: Uint8Array, slots: Int32Array, marks: Float64Array | undefined): void {
    const { ids } = this.#ids
    const { ids: data } = this.#data
    const { ids: apps } = this.#apps
    const { ids: agents } = this.agents
    for (let row = 0; row < n; row++) {
      const id = ids[row] as number
      const told = data[row] as number
      let by = this.#byId
      let place = id
      let slot = -1
      if ((id !== 0 || told !== 0) && !this.#isOut.at(row)) {
        if (id === 0) {
          by = this.#byMethod
          place = told
        }
        slot = by.slotAt(place)
      }
      if (slot < 0) {
        const channel = channels[row]
        by = this.#byApp
        place = channel === 1 ? (apps[row] as number) : 0
        if (channel === 2 && agents[row] !== 0) {
          by = this.#byBrowser
          place = this.#signatures.placeAt(row)
        }
        slot = by.slotAt(place)
      }
      slots[row] = slot
      if (marks !== undefined) marks[row] = by.markAt(place)
    }
  }
  putLikenesses(n: number, marks: Float64Array): void {
    const { ids: data } = this.#data
    const by = this.#likenesses
    for (let row = 0; row < n; row++) {
      const told = this.#isOut.at(row) ? 0 : (data[row] as number)
      by.slotAt(told)
      marks[row] = by.markAt(told)
    }
  }
  /** Without the text of a run there is none of it. */
  putDigests(n: number, marks: Float64Array): void {
    const { ids: data } = this.#data
    const by = this.#digests
    for (let row = 0; row < n; row++) {
      if (data[row] === 0 || this.#isOut.at(row)) {
        marks[row] = Number.NaN
        continue
      }
      const place = this.#methods.placeAt(row)
      by.slotAt(place)
      marks[row] = by.markAt(place)
    }
  }
  putChannels(n: number, channels: Uint8Array): void {
    for (let row = 0; row < n; row++) channels[row] = this.channelAt(row)
  }
  chainAt(row: number, channel: number): ChainHalf | undefined {
    if (channel === 1) return this.#appChain
    return channel === 3 ? undefined : this.#signatures.at(row).chain
  }

  readonly #browsers = this.tuples<BrowserFacts | undefined>(
    ['browserUserAgent', 'browserScreenWidth', 'browserScreenHeight', 'browserJavascriptEnabled'],
    (row) => browserFactsOf({ ...this.#elements(row), deviceChannel: '02' }, undefined, 0),
  )
  /** Where the zone may have the offset at that time, and where it may not. */
  readonly #methodBrowsers = this.tuples<(BrowserFacts | undefined)[]>(
    [
      'deviceId',
      'methodData',
      'browserUserAgent',
      'browserScreenWidth',
      'browserScreenHeight',
      'browserJavascriptEnabled',
      'browserTZ',
      'browserLanguage',
    ],
    () => [undefined, undefined],
  )
  /** Of a browser; `now` in milliseconds. */
  browserAt(row: number, method: Method | undefined, now: number): BrowserFacts | undefined {
    if (method === undefined) return this.agents.isTold(row) ? this.#browsers.at(row) : undefined
    const { zone, offset = this.#offsetAt(row) } = method
    const place = zone === undefined || offset === undefined || mayHave(zone, offset, now) ? 0 : 1
    const known = this.#methodBrowsers.at(row)
    known[place] ??= browserFactsOf({ ...this.#elements(row), deviceChannel: '02' }, method.data, now)
    return known[place]
  }
  /** browserTZ: minutes behind UTC. */
  zoneAt(row: number): number | undefined {
    const zone = this.#zones.at(row)
    return Number.isInteger(zone) && Math.abs(zone) <= farthestNumber ? zone + 0 : undefined
  }
  /** At most six digits. */
  #offsetAt(row: number): number | undefined {
    const zone = this.zoneAt(row)
    return zone !== undefined && Math.abs(zone) < 1e6 ? zone : undefined
  }

  readonly #languageCodes = this.texts<string | undefined>('browserLanguage', languageOf, undefined)
  readonly #appLanguages = this.texts<string | undefined>(
    'deviceInfo',
    (text) => {
      const { language } = deviceInfoOf(text)
      return language === undefined ? undefined : languageOf(language)
    },
    undefined,
  )
  languageAt(row: number, channel: number): string | undefined {
    if (channel === 2) return this.#languageCodes.at(row)
    return channel === 1 ? this.#appLanguages.at(row) : undefined
  }
}
