// Which message of which version this is: nothing else can be judged before. Spec: section 5.9.1; ACS-VAL-5…10, ERR-A2, ERR-A3.
import type { About, Finding } from '../errors.ts'
import type { Profile } from '../rules/column.ts'
import type { JsonObject } from '../rules/conditions.ts'
import { formatTests } from '../rules/formats.ts'
import type { ErrorCode } from '../tables/errors.ts'
import type { MessageType, Version } from '../tables/types.ts'

export const messageTypes: readonly MessageType[] = [
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

interface Expecting {
  readonly expects: readonly MessageType[]
  readonly version?: string
  readonly versions?: readonly Version[]
  readonly channel?: string
  readonly profile: Profile
}

export interface Head {
  readonly messageType?: MessageType
  /** By which the rest can be judged, also where the receiver did not expect it. */
  readonly version?: Version
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
  /** The answer where a step failed: these steps name themselves alone. */
  readonly errorCode?: ErrorCode
  readonly errorDetail?: string
  /** The version of the Erro (ERR-A3). */
  readonly answersIn?: string
}

const findingOf = (errorCode: ErrorCode, element: string, rule: string): Finding => ({
  errorCode,
  element,
  at: `$.${element}`,
  rule,
})

const isWellFormed = (version: unknown): boolean =>
  typeof version === 'string' && version.length >= 5 && version.length <= 8 && formatTests.version?.(version) === true

/** Versions whose app challenges are alike: an SDK may write one for the other (TOL-8). */
const families: readonly (readonly string[])[] = [['2.1.0', '2.2.0'], ['2.3.1']]

/** An app CReq of a sister version, which its own version then judges (TOL-8). */
const isSister = ({ messageType, messageVersion }: JsonObject, { version, channel, profile }: Expecting): boolean =>
  profile === 'lenient' &&
  messageType === 'CReq' &&
  channel === '01' &&
  families.some((family) => family.includes(String(messageVersion)) && family.includes(String(version)))

function versionOf(message: JsonObject, reading: Expecting): Head {
  const { version: agreed, versions = supportedVersions } = reading
  const { messageVersion } = message
  const refused = (errorCode: ErrorCode, rule: string, errorDetail = 'messageVersion'): Head => {
    const version = supportedVersions.find((known) => known === messageVersion)
    return {
      ...(version !== undefined && { version }),
      findings: [findingOf(errorCode, 'messageVersion', rule)],
      warnings: [],
      errorCode,
      errorDetail,
      ...(agreed !== undefined && { answersIn: agreed }),
    }
  }
  if (messageVersion === undefined || messageVersion === null || messageVersion === '')
    return refused('201', 'ACS-VAL-7')
  if (!isWellFormed(messageVersion)) return refused('203', 'ACS-VAL-8')
  if (agreed !== undefined && messageVersion !== agreed) {
    const version = isSister(message, reading) ? supportedVersions.find((known) => known === messageVersion) : undefined
    if (version === undefined) return refused('203', 'ACS-VAL-10')
    return {
      version,
      findings: [],
      warnings: [findingOf('203', 'messageVersion', 'TOL-8')],
      answersIn: version,
    }
  }
  const version = versions.find((active) => active === messageVersion)
  if (version === undefined)
    return { ...refused('102', 'ACS-VAL-9', versions.join(',')), answersIn: versions.at(-1) ?? '' }
  return { version, findings: [], warnings: [], answersIn: version }
}

/** Operation messages came with 2.3.1 (VER-23-21). */
const newTypes: ReadonlySet<unknown> = new Set(['OReq', 'ORes'])

const isOf = (messageType: MessageType, version: string | undefined): boolean =>
  version === undefined || version === '2.3.1' || !newTypes.has(messageType)

/** Type and version, with the first of ACS-VAL-5…10 that fails as the answer. */
export function headOf(message: JsonObject, reading: Expecting): Head {
  const messageType = messageTypes.find((known) => known === message.messageType)
  const version = versionOf(message, reading)
  const isExpected =
    messageType !== undefined && reading.expects.includes(messageType) && isOf(messageType, version.version)
  if (isExpected) return { messageType, ...version }
  const answersIn = reading.version ?? (version.errorCode === undefined ? version.version : undefined)
  const { answersIn: _own, ...rest } = version
  return {
    ...rest,
    ...(messageType !== undefined && { messageType }),
    findings: [
      findingOf('101', 'messageType', messageType === undefined ? 'ACS-VAL-5' : 'ACS-VAL-6'),
      ...version.findings,
    ],
    errorCode: '101',
    errorDetail: messageType === undefined ? 'Invalid Message Type' : 'Invalid Message for the receiving component',
    ...(answersIn !== undefined && { answersIn }),
  }
}

const idNames = ['threeDSServerTransID', 'acsTransID', 'dsTransID', 'sdkTransID'] as const

/** What an Erro about the message may repeat (ERR-A2, ERR-A3). */
export function aboutOf(message: JsonObject, head: Head): About {
  const about: { -readonly [K in keyof About]: About[K] } = {}
  for (const name of idNames) {
    const id = message[name]
    if (typeof id === 'string' && formatTests.uuid?.(id) === true) about[name] = id
  }
  if (head.messageType !== undefined && isOf(head.messageType, head.answersIn))
    about.errorMessageType = head.messageType
  if (head.answersIn !== undefined) about.messageVersion = head.answersIn
  return about
}
