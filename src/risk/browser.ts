/**
 * What a browser is by its own words, and where those words exclude each other. Contradictions say more than names: a
 * robot calls itself what it likes. Two sources: the elements of the AReq, which the shop's page collected, and the data
 * of the 3DS Method, which our own page collected in the same browser. Kept are codes, nothing of what was said.
 */
import Bowser from 'bowser'
import { isbot } from 'isbot'

type Text = string | undefined

/** The elements of an AReq that tell of its browser, as they are on the wire. */
export type BrowserElements = {
  readonly deviceChannel?: Text
  readonly browserUserAgent?: Text
  readonly browserJavascriptEnabled?: boolean | Text
  readonly browserLanguage?: Text
  readonly browserTZ?: Text
  readonly browserScreenWidth?: Text
  readonly browserScreenHeight?: Text
}

/** What the page of the 3DS Method told; see `docs/device-data.md`. */
export type MethodData = {
  readonly deviceId?: string | undefined
  readonly [parameter: string]: string | number | boolean | null | undefined
}

type BrowserFamily = 'chrome' | 'edge' | 'firefox' | 'opera' | 'safari' | 'samsung' | 'other'
type BrowserSystem = 'android' | 'chromeos' | 'ios' | 'linux' | 'macos' | 'windows' | 'other'

export const contradictions = [
  /** The user agent of the AReq is not the one that the browser sent to the page of the 3DS Method. */
  'agentDiffers',
  /** navigator.platform is of another system than the user agent. */
  'platformDiffers',
  /** A phone with a screen that no phone of its kind has. */
  'screenImpossible',
  /** Scripts run, and there is no screen, or one of no size. */
  'screenMissing',
  /** The screen of the AReq is not that of the 3DS Method, on its side or not. */
  'screenDiffers',
  /** A phone that cannot be touched. */
  'touchMissing',
  /** The zone, and an offset that it does not have on that day. */
  'zoneImpossible',
  /** The offset of the AReq is not that of the 3DS Method. */
  'zoneDiffers',
  /** The language of the AReq is none of those of the 3DS Method. */
  'languageDiffers',
  /** The AReq says that the browser runs no scripts, and a script of the 3DS Method has answered. */
  'scriptsDiffer',
  /** The browser's clock was a day and more away from ours when the 3DS Method answered: the data may be of another day. */
  'clockDiffers',
] as const
export type Contradiction = (typeof contradictions)[number]

export type BrowserFacts = {
  readonly family: BrowserFamily
  readonly system: BrowserSystem
  readonly isMobile: boolean
  /** It says that it is a program: a crawler, a library, a test tool. */
  readonly isRobot: boolean
  /** It is driven, or shows its pages to nobody. */
  readonly isHeadless: boolean
  readonly contradictions: readonly Contradiction[]
  /** The 3DS Method answered for this AReq. */
  readonly hasMethod: boolean
  /** The id that was left in the browser was not there before; undefined: it was not told. */
  readonly isIdNew: boolean | undefined
}

type Agent = Pick<BrowserFacts, 'family' | 'system' | 'isMobile' | 'isRobot' | 'isHeadless'> & {
  readonly isIPhone: boolean
}

const noAgent: Agent = {
  family: 'other',
  system: 'other',
  isMobile: false,
  isRobot: false,
  isHeadless: false,
  isIPhone: false,
}

/** Longer ones are cut: what makes the difference stands at the beginning. */
const longestAgent = 512

const familyNames: Readonly<Record<string, BrowserFamily>> = {
  Chrome: 'chrome',
  Chromium: 'chrome',
  'Microsoft Edge': 'edge',
  Firefox: 'firefox',
  Opera: 'opera',
  Safari: 'safari',
  'Samsung Internet for Android': 'samsung',
}

const systemNames: Readonly<Record<string, BrowserSystem>> = {
  Android: 'android',
  'Chrome OS': 'chromeos',
  iOS: 'ios',
  Linux: 'linux',
  macOS: 'macos',
  Windows: 'windows',
}

const headlessAgent = /Headless|PhantomJS|SlimerJS|jsdom/i

function readAgent(text: string): Agent {
  if (text === '') return noAgent
  const parsed = Bowser.parse(text)
  return {
    family: familyNames[parsed.browser.name ?? ''] ?? 'other',
    system: systemNames[parsed.os.name ?? ''] ?? 'other',
    isMobile: parsed.platform.type === 'mobile',
    isRobot: isbot(text),
    isHeadless: headlessAgent.test(text),
    isIPhone: /\biPhone\b/.test(text),
  }
}

/** Reading one costs more than all else here, and there are few of them. */
const agents = new Map<string, Agent>()
const agentsKept = 1_000

function agentOf(userAgent: string): Agent {
  const text = userAgent.slice(0, longestAgent)
  const known = agents.get(text)
  if (known !== undefined) return known
  const read = readAgent(text)
  if (agents.size >= agentsKept) agents.clear()
  agents.set(text, read)
  return read
}

const textIn = (method: MethodData | undefined, name: string): Text => {
  const value = method?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
const numberIn = (method: MethodData | undefined, name: string): number | undefined => {
  const value = method?.[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
const wholeOf = (text: Text): number | undefined =>
  text !== undefined && /^[+-]?\d{1,6}$/.test(text) ? Number(text) : undefined

/** `now` in milliseconds: whether a zone has an offset depends on the day. Undefined: there is no browser, or it says nothing. */
export function browserFactsOf(
  areq: BrowserElements,
  method: MethodData | undefined,
  now: number,
): BrowserFacts | undefined {
  if (areq.deviceChannel === '01' || areq.deviceChannel === '03') return undefined
  const { browserUserAgent } = areq
  if (browserUserAgent === undefined && method === undefined) return undefined
  const agent = browserUserAgent === undefined ? noAgent : agentOf(browserUserAgent)
  const found: Contradiction[] = []
  const screen = screenOf(areq)
  if (browserUserAgent !== undefined) contradictionsOfAgent(areq, screen, agent, method, found)
  if (method !== undefined) contradictionsOfMethod(areq, screen, method, now, found)
  const { family, system, isMobile, isRobot, isHeadless } = agent
  return {
    family,
    system,
    isMobile,
    isRobot,
    isHeadless: isHeadless || method?.webdriver === true,
    contradictions: found.length === 0 ? none : found,
    hasMethod: method !== undefined,
    isIdNew: typeof method?.deviceIdIsNew === 'boolean' ? method.deviceIdIsNew : undefined,
  }
}

const none: readonly never[] = []

/** In CSS pixels: the largest iPhones so far have 440 × 956. */
const iPhoneScreen = [500, 1_100] as const
/** Folding phones, unfolded, have up to about 900 on the short side; tablets do not call themselves mobile. */
const phoneScreen = [1_000, 1_600] as const

/** In one order, however the device is held; undefined: not told, or of no size. */
type Screen = { readonly short: number; readonly long: number } | undefined

const turned = (width: number | undefined, height: number | undefined): Screen =>
  width === undefined || height === undefined || width <= 0 || height <= 0
    ? undefined
    : width < height
      ? { short: width, long: height }
      : { short: height, long: width }
const screenOf = ({ browserScreenWidth, browserScreenHeight }: BrowserElements): Screen =>
  turned(wholeOf(browserScreenWidth), wholeOf(browserScreenHeight))

function contradictionsOfAgent(
  areq: BrowserElements,
  screen: Screen,
  agent: Agent,
  method: MethodData | undefined,
  found: Contradiction[],
): void {
  const { browserJavascriptEnabled: scripts } = areq
  // Without scripts no shop can know the screen (A.1: required where scripts run).
  if (screen === undefined && (scripts === true || scripts === 'true')) found.push('screenMissing')
  if (screen !== undefined && agent.isMobile) {
    const [short, long] = agent.isIPhone ? iPhoneScreen : phoneScreen
    if (screen.short > short || screen.long > long) found.push('screenImpossible')
  }
  if (method === undefined) return
  const sent = textIn(method, 'userAgent')
  if (sent !== undefined && !isSameAgent(sent, areq.browserUserAgent ?? '')) found.push('agentDiffers')
  const platform = textIn(method, 'platform')
  if (platform !== undefined && !platforms[agent.system].test(platform)) found.push('platformDiffers')
  if (agent.isMobile && numberIn(method, 'maxTouchPoints') === 0) found.push('touchMissing')
}

/** What `navigator.platform` may be for a system. A tablet that asks for desktop pages says that it is a Mac. */
const platforms: { readonly [S in BrowserSystem]: RegExp } = {
  android: /^(Linux|Android)/,
  chromeos: /^Linux/,
  ios: /^(iP|Mac)/,
  linux: /^(Linux|X11|FreeBSD|OpenBSD)/,
  macos: /^(Mac|iP)/,
  windows: /^Win/,
  other: /(?:)/,
}

/** As far as both were kept: messages allow 2,048 characters, we keep fewer. */
function isSameAgent(a: string, b: string): boolean {
  const size = Math.min(a.length, b.length, longestAgent)
  return size > 0 && (size === longestAgent || a.length === b.length) && a.slice(0, size) === b.slice(0, size)
}

function contradictionsOfMethod(
  areq: BrowserElements,
  screen: Screen,
  method: MethodData,
  now: number,
  found: Contradiction[],
): void {
  const own = turned(numberIn(method, 'screenWidth'), numberIn(method, 'screenHeight'))
  if (screen !== undefined && own !== undefined && (screen.short !== own.short || screen.long !== own.long)) {
    found.push('screenDiffers')
  }
  const told = wholeOf(areq.browserTZ)
  const ownOffset = numberIn(method, 'timeZoneOffset')
  if (told !== undefined && ownOffset !== undefined && told !== ownOffset) found.push('zoneDiffers')
  const zone = textIn(method, 'timeZone')
  const offset = ownOffset ?? told
  if (zone !== undefined && offset !== undefined && !mayHave(zone, offset, now)) found.push('zoneImpossible')
  const { browserLanguage: language } = areq
  if (language !== undefined && speaks(method, primary(language)) === false) found.push('languageDiffers')
  const { browserJavascriptEnabled: scripts } = areq
  if (scripts === false || scripts === 'false') found.push('scriptsDiffer')
  // Hours are a clock that was set by hand, or a zone that was not.
  if (Math.abs(numberIn(method, 'clockOff') ?? 0) > dayMs) found.push('clockDiffers')
}

const dayMs = 86_400_000

const primary = (tag: string): string => (/^\s*([A-Za-z0-9]+)/.exec(tag)?.[1] ?? '').toLowerCase()

/** Whether it is one of the browser's languages; undefined: it told none. */
function speaks(method: MethodData, language: string): boolean | undefined {
  const first = textIn(method, 'language')
  if (first !== undefined && primary(first) === language) return true
  const all = textIn(method, 'languages')
  if (first === undefined && all === undefined) return undefined
  return all?.split(',').some((tag) => primary(tag) === language) ?? false
}

/** Data of the 3DS Method are at most so much older than the AReq. */
const methodMs = 900_000

/** What is no zone here may be one of a newer browser, and says nothing. */
export function mayHave(name: string, offset: number, now: number): boolean {
  const zone = zoneOf(name)
  if (zone === undefined) return true
  return minutesBehind(zone, now) === offset || minutesBehind(zone, now - methodMs) === offset
}

/** A zone, and its offset in the quarter of an hour that was asked for last: zones change on a full quarter. */
type Zone = { readonly format: Intl.DateTimeFormat; quarter: number; behind: number }

/** Making one is dear, and there are about 400 zones; of what else is sent, little is remembered. */
const zones = new Map<string, Zone | undefined>()
const zonesKept = 600

function zoneOf(name: string): Zone | undefined {
  if (zones.has(name)) return zones.get(name)
  if (zones.size >= zonesKept) zones.clear()
  const format = makeZone(name)
  const zone = format && { format, quarter: Number.NaN, behind: 0 }
  zones.set(name, zone)
  return zone
}

function makeZone(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,39}$/.test(zone)) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
}

/** Minutes behind UTC, as browsers count: Tokyo is -540. */
function minutesBehind(zone: Zone, at: number): number {
  const quarter = Math.floor(at / 900_000)
  if (quarter === zone.quarter) return zone.behind
  const name = zone.format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
  const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name) ?? []
  const ahead = Number(hours) * 60 + Number(minutes)
  zone.quarter = quarter
  zone.behind = ahead === 0 ? 0 : sign === '-' ? ahead : -ahead
  return zone.behind
}

/** What stays the same on a device when its storage is emptied, its zone changes or its browser is updated. */
const lasting = [
  'platform',
  'colorDepth',
  'languages',
  'hardwareConcurrency',
  'deviceMemory',
  'maxTouchPoints',
] as const
/** Fewer would be true of too many devices. */
const lastingLeast = 4

/**
 * By what a device is known where the id that we left in it is gone: a text to be hashed. Devices of one make may share it,
 * so it is a likeness, not an identity. Undefined: too little was told, or no drawing, which tells most.
 */
export function likenessOf(method: MethodData | undefined): string | undefined {
  const drawing = textIn(method, 'canvasHash')
  if (method === undefined || drawing === undefined) return undefined
  const told = lasting.filter((name) => method[name] !== undefined && method[name] !== null)
  const width = numberIn(method, 'screenWidth')
  const height = numberIn(method, 'screenHeight')
  if (width === undefined || height === undefined || told.length < lastingLeast) return undefined
  const agent = textIn(method, 'userAgent')
  const { family, system } = agent === undefined ? noAgent : agentOf(agent)
  const screen = `${Math.min(width, height)}x${Math.max(width, height)}`
  return ['likeness', family, system, screen, drawing, ...told.map((name) => `${name}=${method[name]}`)].join('\n')
}

/** Not told by the script, so they are no part of a copy. */
const notedByUs: ReadonlySet<string> = new Set(['userAgent', 'clockOff'])

/**
 * All that one run of the 3DS Method told: a text to be hashed. It holds the browser's clock in milliseconds, so no two runs
 * are alike; one that comes again is a copy. Undefined: without the clock two honest runs would be alike, too.
 */
export function methodDigestOf(method: MethodData | undefined): string | undefined {
  if (method === undefined || numberIn(method, 'clock') === undefined) return undefined
  const names = Object.keys(method).filter((name) => !notedByUs.has(name))
  return names.sort().reduce((all, name) => `${all}\n${name}=${method[name]}`, 'run')
}
