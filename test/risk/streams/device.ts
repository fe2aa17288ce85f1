/** Browsers and what they tell: to the shop (AReq) and to the page of the 3DS Method. */
import type { AReqFacts } from '../../../src/risk/facts.ts'
import type { Random } from './random.ts'

export type MethodData = {
  readonly deviceId?: string
  readonly [parameter: string]: string | number | boolean | undefined
}

type Model = {
  readonly agent: (version: number) => string
  readonly version: number
  readonly platform: string
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly cores: number
  readonly touch: number
  readonly isPhone: boolean
}

const iphone = (width: number, height: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (iPhone; CPU iPhone OS ${v}_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${v}.0 Mobile/15E148 Safari/604.1`,
  version: 18,
  platform: 'iPhone',
  width,
  height,
  depth: 24,
  cores: 4,
  touch: 5,
  isPhone: true,
})
const android = (name: string, width: number, height: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (Linux; Android 14; ${name}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Mobile Safari/537.36`,
  version: 140,
  platform: 'Linux armv81',
  width,
  height,
  depth: 24,
  cores: 8,
  touch: 5,
  isPhone: true,
})
const windows = (width: number, height: number, cores: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36`,
  version: 140,
  platform: 'Win32',
  width,
  height,
  depth: 24,
  cores,
  touch: 0,
  isPhone: false,
})
const mac = (width: number, height: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${v}.1 Safari/605.1.15`,
  version: 18,
  platform: 'MacIntel',
  width,
  height,
  depth: 30,
  cores: 8,
  touch: 0,
  isPhone: false,
})
export const linux: Model = {
  agent: (v) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36`,
  version: 138,
  platform: 'Linux x86_64',
  width: 1920,
  height: 1080,
  depth: 24,
  cores: 16,
  touch: 0,
  isPhone: false,
}

const phones: readonly (readonly [Model, number])[] = [
  [iphone(390, 844), 4],
  [iphone(393, 852), 4],
  [iphone(430, 932), 2],
  [iphone(375, 667), 1],
  [android('Pixel 8', 412, 915), 2],
  [android('SO-51D', 411, 960), 1],
  [android('SC-52D', 384, 832), 1],
]
const computers: readonly (readonly [Model, number])[] = [
  [windows(1920, 1080, 8), 4],
  [windows(1536, 864, 12), 3],
  [windows(1366, 768, 4), 1],
  [windows(2560, 1440, 16), 1],
  [mac(1440, 900), 2],
  [mac(1512, 982), 1],
]

export type Device = {
  readonly model: Model
  readonly version: number
  readonly id: string
  readonly canvas: string
  readonly language: string
  /** The browser keeps what a page leaves in it, also in a frame of another site. */
  readonly keepsId: boolean
  /** When the id was left in it. */
  readonly idSince: number
  readonly isHeadless: boolean
  readonly isPhone: boolean
}

export function makeDevice(random: Random, kind: 'phone' | 'computer', language: string, since: number): Device {
  const model = random.weighted(kind === 'phone' ? phones : computers)
  return {
    model,
    version: model.version - random.whole(0, 3),
    id: hex(random, 32),
    canvas: hex(random, 8),
    language,
    keepsId: random.chance(0.75),
    idSince: since,
    isHeadless: false,
    isPhone: model.isPhone,
  }
}

export const hex = (random: Random, n: number): string =>
  Array.from({ length: n }, () => random.whole(0, 15).toString(16)).join('')

/** The same browser in a window that forgets: a fresh id each time. */
export const privately = (device: Device, random: Random, now: number): Device => ({
  ...device,
  id: hex(random, 32),
  idSince: now,
})

type BrowserElements = Pick<
  AReqFacts,
  | 'browserUserAgent'
  | 'browserLanguage'
  | 'browserTZ'
  | 'browserScreenWidth'
  | 'browserScreenHeight'
  | 'browserColorDepth'
>

export function elementsOf(device: Device, tz: number): BrowserElements & { browserJavascriptEnabled: boolean } {
  const { model, version, language } = device
  return {
    browserUserAgent: agentOf(device, version),
    browserLanguage: language,
    browserTZ: String(tz),
    browserScreenWidth: String(model.width),
    browserScreenHeight: String(model.height),
    browserColorDepth: String(model.depth),
    browserJavascriptEnabled: true,
  }
}

const agentOf = ({ model, isHeadless }: Device, version: number): string =>
  isHeadless ? model.agent(version).replace('Chrome/', 'HeadlessChrome/') : model.agent(version)

const zones: Readonly<Record<number, string>> = {
  [-540]: 'Asia/Tokyo',
  [-480]: 'Asia/Singapore',
  [-420]: 'Asia/Bangkok',
  [-120]: 'Africa/Johannesburg',
  [-60]: 'Africa/Lagos',
  0: 'UTC',
  180: 'America/Sao_Paulo',
  300: 'America/Panama',
  480: 'Etc/GMT+8',
}

/** What one run of the 3DS Method tells; `ts` in seconds. */
export function methodOf(device: Device, tz: number, ts: number, random: Random): MethodData {
  const { model, version, language, canvas, id, keepsId, idSince, isHeadless } = device
  const zone = zones[tz]
  return {
    screenWidth: model.width,
    screenHeight: model.height,
    colorDepth: model.depth,
    timeZoneOffset: tz,
    ...(zone !== undefined && { timeZone: zone }),
    language,
    languages: language,
    platform: model.platform,
    hardwareConcurrency: model.cores,
    maxTouchPoints: model.touch,
    userAgent: agentOf(device, version),
    canvasHash: canvas,
    clock: ts * 1000 - random.whole(2_000, 60_000),
    ...(isHeadless && { webdriver: true }),
    ...(keepsId && { deviceId: id, deviceIdIsNew: ts - idSince < 60 }),
  }
}
