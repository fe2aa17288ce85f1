// The only way to get a message from the wire. Spec: section 5.9, Annex B; ACS-VAL-4…16, ACS-VAL-20.
import { type About, detailOf, type Finding, ProtocolError, refuse } from '../errors.ts'
import { type Check, compileCheck, type Profile } from '../rules/checker.ts'
import type { JsonObject, Surroundings } from '../rules/conditions.ts'
import { formatTests } from '../rules/formats.ts'
import { elements } from '../tables/elements.ts'
import { currencies } from '../tables/iso.ts'
import type { ElementTable, Leg, MessageType, Version } from '../tables/types.ts'
import { duplicateNames, readMessage } from './read.ts'
import type { AReq, ARes, CReq, Erro, RReq, RRes } from './types.ts'

export type { Profile } from '../rules/checker.ts'

const messageTypes: readonly string[] = [
  'AReq',
  'ARes',
  'CReq',
  'CRes',
  'RReq',
  'RRes',
  'PReq',
  'PRes',
  'OReq',
  'ORes',
  'Erro',
]

/** Versions that the table describes, the oldest first. */
export const supportedVersions: readonly Version[] = ['2.1.0', '2.2.0', '2.3.1']

export interface Reading {
  readonly expects: readonly MessageType[]
  readonly leg: Leg
  readonly profile: Profile
  /** Of the transaction; an AReq says its own. */
  readonly channel?: string
  readonly category?: string
  /** The version of the transaction: any other is 203 (ACS-VAL-10). Without it any active version may come (ACS-VAL-9). */
  readonly version?: string
  /** Versions that are switched on, the oldest first; all by default. 102 lists them (ACS-VAL-9). */
  readonly versions?: readonly Version[]
  /** Other messages of the transaction by type, and flags, for conditions that look there. */
  readonly context?: JsonObject
  /** Refuse a currency whose exponent is not its ISO 4217 minor unit (ACS-VAL-67); otherwise a warning. */
  readonly exponentCheck?: boolean
}

export interface Parsed<M> {
  readonly message: M
  /** What a lenient profile let pass, with the id of the tolerance. */
  readonly warnings: readonly Finding[]
  /** The decoded body. */
  readonly text: string
}

export interface AnyMessage extends JsonObject {
  readonly messageType: MessageType
}

const idNames = ['threeDSServerTransID', 'acsTransID', 'dsTransID', 'sdkTransID'] as const

/** The ids of a message that an Erro may repeat (ERR-A2). */
function aboutOf(message: JsonObject, version: string | undefined): About {
  const about: { -readonly [K in keyof About]: About[K] } = {}
  for (const name of idNames) {
    const id = message[name]
    if (typeof id === 'string' && formatTests.uuid?.(id) === true) about[name] = id
  }
  const { messageType } = message
  if (typeof messageType === 'string' && messageTypes.includes(messageType))
    about.errorMessageType = messageType as MessageType
  if (version !== undefined) about.messageVersion = version
  return about
}

function versionOf(message: JsonObject, reading: Reading, about: About): Version {
  const { messageVersion } = message
  if (messageVersion === undefined || messageVersion === null || messageVersion === '') {
    throw new ProtocolError('201', 'messageVersion', { about }) // ACS-VAL-7
  }
  const isWellFormed =
    typeof messageVersion === 'string' &&
    messageVersion.length >= 5 &&
    messageVersion.length <= 8 &&
    formatTests.version?.(messageVersion)
  if (isWellFormed !== true) throw new ProtocolError('203', 'messageVersion', { about }) // ACS-VAL-8
  if (reading.version !== undefined && messageVersion !== reading.version)
    throw new ProtocolError('203', 'messageVersion', { about }) // ACS-VAL-10
  const { versions = supportedVersions } = reading
  const version = versions.find((active) => active === messageVersion)
  // ACS-VAL-9, ERR-A3
  if (version === undefined)
    throw new ProtocolError('102', versions.join(','), { about: { ...about, messageVersion: versions.at(-1) ?? '' } })
  return version
}

/** Currency and exponent of one amount that do not belong together (ACS-VAL-67). */
function exponentFindings(message: JsonObject): readonly Finding[] {
  const { purchaseCurrency, purchaseExponent } = message
  const currency = typeof purchaseCurrency === 'string' ? currencies.get(purchaseCurrency) : undefined
  if (currency === undefined || typeof purchaseExponent !== 'string' || String(currency.exponent) === purchaseExponent)
    return []
  return ['purchaseCurrency', 'purchaseExponent'].map((element) => ({ errorCode: '304', element, rule: 'ACS-VAL-67' }))
}

const oneOf = (value: unknown, allowed: readonly string[], otherwise: string): string =>
  typeof value === 'string' && allowed.includes(value) ? value : otherwise

export type Parser = (bytes: Uint8Array, reading: Reading) => Parsed<AnyMessage>

/** A parser over `table`; the checks of a column are compiled when the column is first seen. */
export function createParser(table: ElementTable): Parser {
  const checks = new Map<string, Check>()
  const checkFor = (
    version: Version,
    message: MessageType,
    channel: string,
    category: string,
    profile: Profile,
  ): Check => {
    const key = `${version} ${message} ${channel} ${category} ${profile}`
    const known = checks.get(key)
    if (known !== undefined) return known
    const check = compileCheck(table, { version, message, channel, category, profile })
    checks.set(key, check)
    return check
  }
  return (bytes, reading) => {
    const { text, message, hasDuplicates } = readMessage(bytes)
    const unversioned = aboutOf(message, reading.version)
    const { messageType } = message
    if (typeof messageType !== 'string' || !messageTypes.includes(messageType)) {
      throw new ProtocolError('101', 'Invalid Message Type', { about: unversioned }) // ACS-VAL-5
    }
    if (!reading.expects.includes(messageType as MessageType)) {
      throw new ProtocolError('101', 'Invalid Message for the receiving component', { about: unversioned }) // ACS-VAL-6
    }
    const version = versionOf(message, reading, unversioned)
    const about = { ...unversioned, messageVersion: version }
    if (hasDuplicates) throw new ProtocolError('204', detailOf(duplicateNames(text)), { about }) // ACS-VAL-11
    const isAReq = messageType === 'AReq'
    const channel = isAReq ? oneOf(message.deviceChannel, ['01', '02', '03'], '02') : (reading.channel ?? '02')
    const category = isAReq ? oneOf(message.messageCategory, ['01', '02'], '01') : (reading.category ?? '01')
    const around: Surroundings = {
      message,
      leg: reading.leg,
      channel,
      category,
      ...(reading.context !== undefined && { context: reading.context }),
    }
    const verdict = checkFor(version, messageType as MessageType, channel, category, reading.profile)(message, around)
    const exponent = isAReq ? exponentFindings(message) : []
    refuse(reading.exponentCheck === true ? [...verdict.findings, ...exponent] : verdict.findings, about)
    const warnings = exponent.length > 0 ? [...verdict.warnings, ...exponent] : verdict.warnings
    return { message: message as AnyMessage, warnings, text }
  }
}

export const parseMessage: Parser = createParser(elements)

type ReadingOf = Omit<Reading, 'expects' | 'leg'> & { readonly leg?: Leg }

const parserOf =
  <M>(messageType: MessageType, leg: Leg) =>
  (bytes: Uint8Array, reading: ReadingOf): Parsed<M> =>
    parseMessage(bytes, { leg, ...reading, expects: [messageType] }) as Parsed<AnyMessage> & Parsed<M>

export const parseAReq = parserOf<AReq>('AReq', 'DS-ACS')
export const parseARes = parserOf<ARes>('ARes', 'ACS-DS')
export const parseCReq = parserOf<CReq>('CReq', 'BRW-ACS')
export const parseRReq = parserOf<RReq>('RReq', 'ACS-DS')
export const parseRRes = parserOf<RRes>('RRes', 'DS-ACS')
export const parseErro = parserOf<Erro>('Erro', 'DS-ACS')
