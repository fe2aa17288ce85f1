/** Browsers and what they tell: to the shop (AReq) and to the page of the 3DS Method. */
import type { Chance } from './chance.ts'
import { zoneNames } from './world.ts'

type Model = {
  readonly agent: (version: number) => string
  /** Of the browser, on the first day of the stream. */
  readonly version: number
  readonly platform: string
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly cores: number
  readonly touch: number
  /** How many there are beside the others of its kind. */
  readonly share: number
}

const iphone = (width: number, height: number, share: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (iPhone; CPU iPhone OS ${v}_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${v}.0 Mobile/15E148 Safari/604.1`,
  version: 18,
  platform: 'iPhone',
  width,
  height,
  depth: 24,
  cores: 4,
  touch: 5,
  share,
})
const android = (name: string, width: number, height: number, share: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (Linux; Android 14; ${name}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Mobile Safari/537.36`,
  version: 134,
  platform: 'Linux armv81',
  width,
  height,
  depth: 24,
  cores: 8,
  touch: 5,
  share,
})
const windows = (width: number, height: number, cores: number, share: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36`,
  version: 134,
  platform: 'Win32',
  width,
  height,
  depth: 24,
  cores,
  touch: 0,
  share,
})
const mac = (width: number, height: number, share: number): Model => ({
  agent: (v) =>
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${v}.1 Safari/605.1.15`,
  version: 18,
  platform: 'MacIntel',
  width,
  height,
  depth: 30,
  cores: 8,
  touch: 0,
  share,
})
const linux: Model = {
  agent: (v) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${v}.0.0.0 Safari/537.36`,
  version: 132,
  platform: 'Linux x86_64',
  width: 1920,
  height: 1080,
  depth: 24,
  cores: 16,
  touch: 0,
  share: 0,
}
const phones = [
  iphone(390, 844, 4),
  iphone(393, 852, 4),
  iphone(430, 932, 2),
  iphone(375, 667, 1),
  android('Pixel 8', 412, 915, 2),
  android('SO-51D', 411, 960, 1),
  android('SC-52D', 384, 832, 1),
]
const computers = [
  windows(1920, 1080, 8, 4),
  windows(1536, 864, 12, 3),
  windows(1366, 768, 4, 1),
  windows(2560, 1440, 16, 1),
  mac(1440, 900, 2),
  mac(1512, 982, 1),
]
/** Phones first, then computers, the newest telephone (sold from the day of `calendar.newDevices`) and the robot last. */
export const models: readonly Model[] = [...phones, ...computers, iphone(402, 874, 0), linux]
export const newestPhone = models.length - 2
export const robotModel = models.length - 1
const phoneShares = phones.map(({ share }) => share)
const computerShares = computers.map(({ share }) => share)

export const modelFor = (isPhone: boolean, chance: Chance): number =>
  isPhone ? chance.weighted(phoneShares) : phones.length + chance.weighted(computerShares)
export const isPhoneModel = (model: number): boolean => model < phones.length || model === newestPhone

/** Versions of a browser that a stream can come to. */
export const mostVersions = 128
export const agentText = (model: number, version: number, isHeadless = false): string => {
  const { agent, version: first } = models[model] as Model
  const text = agent(first + version)
  return isHeadless ? text.replace('Chrome/', 'HeadlessChrome/') : text
}

export type Method = {
  readonly model: number
  /** What its drawing comes to: eight hexadecimal digits. */
  readonly canvas: string
  readonly language: string
  readonly tz: number
  readonly isHeadless?: boolean
  readonly isIdNew?: boolean
  /** Milliseconds since 1970; only where a run is told in full, since it makes every text another. */
  readonly clock?: number
}
/** What one run of the 3DS Method told beside the device's id, as JSON. */
export function methodText({ model, canvas, language, tz, isHeadless, isIdNew, clock }: Method): string {
  const { width, height, depth, platform, cores, touch } = models[model] as Model
  const zone = zoneNames[tz]
  return JSON.stringify({
    screenWidth: width,
    screenHeight: height,
    colorDepth: depth,
    timeZoneOffset: tz,
    ...(zone !== undefined && { timeZone: zone }),
    language,
    languages: language,
    platform,
    hardwareConcurrency: cores,
    maxTouchPoints: touch,
    canvasHash: canvas,
    ...(isHeadless === true && { webdriver: true }),
    ...(isIdNew === true && { deviceIdIsNew: true }),
    ...(clock !== undefined && { clock }),
  })
}

/** deviceInfo of an app: base64url of JSON. Spec: EMV 3-D Secure SDK, device information. */
export const deviceInfoText = (model: number, language: string): string =>
  Buffer.from(
    JSON.stringify({
      DV: '1.6',
      DD: {
        C001: (models[model] as Model).platform === 'iPhone' ? 'iOS' : 'Android',
        C005: language,
        C008: `${(models[model] as Model).width}x${(models[model] as Model).height}`,
      },
    }),
  ).toString('base64url')
