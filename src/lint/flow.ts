// Which messages belong together, and what each of them has to be judged by. Spec: chapter 3, Tables A.1, A.17; FLOW-GEN-6, RES-RR-1, RES-RR-8.
import type { Finding } from '../protocol/errors.ts'
import { messageTypes, supportedVersions } from '../protocol/messages/head.ts'
import { acrossFindings } from '../protocol/rules/across.ts'
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import type { Leg, MessageType, Version } from '../protocol/tables/types.ts'
import type { Found, LintOptions } from './types.ts'

/** A message of the input, parsed where that is possible. */
export interface Member {
  readonly found: Found
  readonly message?: JsonObject
  readonly type?: MessageType | '3DSMethodPost'
}

/** A member and what its neighbours say about it. */
export interface Judged extends Member {
  readonly transaction: number
  readonly channel: '01' | '02' | '03'
  readonly category: '01' | '02'
  readonly leg: Leg
  /** The version of the transaction; undefined: the message says its own. */
  readonly version?: Version
  /** `deviceChannel`, `messageCategory`, `leg`: what was not said. */
  readonly assumed: readonly string[]
  /** Other messages of the transaction, and flags. */
  readonly context: JsonObject
  /** What breaks a rule together with other messages; warnings are things a recording may have missed. */
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
}

const isType = (value: unknown): value is MessageType => messageTypes.some((type) => type === value)

/** No message is nested as deep; what is, nobody walks (SEC-B64-4). */
const deepest = 32

const isTooDeep = (value: unknown, level = 1): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (level > deepest || Object.values(value).some((member) => isTooDeep(member, level + 1)))

export function memberOf(found: Found): Member {
  let message: unknown
  try {
    message = JSON.parse(found.text)
  } catch {
    return { found }
  }
  if (!isObject(message) || isTooDeep(message)) return { found }
  if (found.carrier === 'threeDSMethodData') return { found, message, type: '3DSMethodPost' }
  return { found, message, ...(isType(message.messageType) && { type: message.messageType }) }
}

const ids = ['threeDSServerTransID', 'acsTransID', 'dsTransID', 'sdkTransID'] as const

/** Numbers of transactions, by the position of their messages. Messages that share an id belong together. */
function grouped(members: readonly Member[], isOne: boolean): readonly number[] {
  if (isOne) return members.map(() => 0)
  const parent = members.map((_, position) => position)
  const rootOf = (position: number): number => {
    let root = position
    while (parent[root] !== root) root = parent[root] ?? root
    parent[position] = root
    return root
  }
  const seen = new Map<string, number>()
  members.forEach(({ message }, position) => {
    for (const name of ids) {
      const id = message?.[name]
      if (typeof id !== 'string' || id.length < 8) continue
      const key = `${name} ${id.toLowerCase()}`
      const other = seen.get(key)
      if (other === undefined) seen.set(key, position)
      else parent[rootOf(position)] = rootOf(other)
    }
  })
  const numbers = new Map<number, number>()
  return members.map((_, position) => {
    const root = rootOf(position)
    const number = numbers.get(root) ?? numbers.size
    numbers.set(root, number)
    return number
  })
}

/** All hops that messages go. */
export const legs = [
  '3DSS-DS',
  'DS-ACS',
  'ACS-DS',
  'DS-3DSS',
  'SDK-ACS',
  'ACS-SDK',
  'BRW-ACS',
  'ACS-BRW',
] as const satisfies readonly Leg[]

const channels = ['01', '02', '03'] as const
const categories = ['01', '02'] as const
const oneOf = <V extends string>(values: readonly V[], value: unknown): V | undefined =>
  values.find((known) => known === value)

/** What only the SDK writes, or only a browser needs. */
function channelIn(message: JsonObject): '01' | '02' | undefined {
  const isApp = ['sdkTransID', 'sdkCounterStoA', 'acsCounterAtoS', 'acsSignedContent'].some((name) => name in message)
  if (isApp) return '01'
  return 'acsURL' in message || 'challengeWindowSize' in message ? '02' : undefined
}

type Links = Partial<Record<MessageType, readonly Leg[]>>

/** The hops that a message of this type goes, the one that is most looked at first. */
const legsOf = (type: MessageType, channel: string): readonly Leg[] => {
  const isApp = channel === '01'
  const legs: Links = {
    AReq: ['DS-ACS', '3DSS-DS'],
    ARes: ['ACS-DS', 'DS-3DSS'],
    CReq: [isApp ? 'SDK-ACS' : 'BRW-ACS'],
    CRes: [isApp ? 'ACS-SDK' : 'ACS-BRW'],
    RReq: ['ACS-DS', 'DS-3DSS'],
    RRes: ['DS-ACS', '3DSS-DS'],
    PReq: ['3DSS-DS'],
    PRes: ['DS-3DSS'],
    OReq: ['DS-ACS', 'DS-3DSS'],
    ORes: ['ACS-DS', '3DSS-DS'],
  }
  return legs[type] ?? ['DS-ACS']
}

const linkNames: Readonly<Record<string, string>> = { browser: 'BRW', SDK: 'SDK', '3DSS': '3DSS', DS: 'DS', ACS: 'ACS' }

function legOf(
  type: MessageType,
  channel: string,
  member: Member,
  options: LintOptions,
): { readonly leg: Leg; readonly isAssumed: boolean } {
  const legs = legsOf(type, channel)
  const [first = 'DS-ACS'] = legs
  const [from = '', to = ''] = (member.found.link ?? '').split('→')
  const linked = legs.find((leg) => leg === `${linkNames[from]}-${linkNames[to]}`)
  if (linked !== undefined) return { leg: linked, isAssumed: false }
  const asked = legs.find((leg) => leg === options.leg)
  if (asked !== undefined) return { leg: asked, isAssumed: false }
  const message = member.message ?? {}
  // What the DS adds to an AReq, and takes out of an RReq (FLOW-DS-4, FLOW-DS-7).
  if (type === 'AReq') {
    const isAdded = ['dsTransID', 'dsReferenceNumber', 'dsURL', 'deviceInfo'].some((name) => name in message)
    return { leg: isAdded ? 'DS-ACS' : '3DSS-DS', isAssumed: true }
  }
  return { leg: first, isAssumed: legs.length > 1 }
}

/** Equal but for what the DS takes out or puts in: the same message, seen twice. */
function isCopy(one: JsonObject, other: JsonObject): boolean {
  const core = (message: JsonObject): string =>
    JSON.stringify(
      Object.entries(message)
        .filter(([name]) => name !== 'authenticationMethod' && name !== 'messageExtension')
        .toSorted(([first], [second]) => (first < second ? -1 : 1)),
    )
  return core(one) === core(other)
}

type Told = Exclude<MessageType, 'PReq' | 'PRes' | 'OReq' | 'ORes' | 'Erro' | 'RRes'>
const told: readonly Told[] = ['AReq', 'ARes', 'CReq', 'CRes', 'RReq']

/** What has been seen of the transaction so far. */
interface Story {
  readonly messages: Partial<Record<Told, JsonObject>>
  readonly rreqs: JsonObject[]
  /** The form that brought the CReq: its session data, if it had any. */
  creqForm?: { readonly session: string | undefined }
}

const version = (value: unknown): Version | undefined => oneOf(supportedVersions, value)

/** Facts about one message that conditions ask for (`context` of the element table). */
function flagsOf({ type, message }: Member, channel: string, { messages }: Story): JsonObject {
  if (type === 'CRes') return { final: channel === '02' || message?.challengeCompletionInd === 'Y' }
  if (type === 'RReq' && messages.CReq?.challengeCancel !== undefined) return { cancelled: true }
  return {}
}

/** Rules about the whole flow: no receiver answers them with an Erro. */
export const flowRules: ReadonlySet<string> = new Set(['FLOW-GEN-5', 'FLOW-S-2', 'RES-RR-1', 'RES-RR-8'])

const finding = (rule: string, element: string): Finding => ({
  errorCode: '203', // the nearest one; it is not told (flowRules)
  element,
  at: element === '' ? '$' : `$.${element}`,
  rule,
})

/** What the whole transaction says about each of its messages: the AReq counts for those that stand before it too. */
interface Known {
  readonly channel?: '01' | '02' | '03'
  readonly category?: '01' | '02'
  readonly version?: Version
}

function knownOf(members: readonly Member[]): Known {
  const areq = members.findLast(({ type }) => type === 'AReq')?.message
  const others = members.flatMap(({ message }) => (message === undefined ? [] : [message]))
  const channel = oneOf(channels, areq?.deviceChannel) ?? others.map(channelIn).find((value) => value !== undefined)
  const category =
    oneOf(categories, areq?.messageCategory) ??
    others.map(({ messageCategory }) => oneOf(categories, messageCategory)).find((value) => value !== undefined)
  const own = version(areq?.messageVersion)
  return {
    ...(channel !== undefined && { channel }),
    ...(category !== undefined && { category }),
    ...(own !== undefined && { version: own }),
  }
}

function acrossOf({ type, message, found }: Member, story: Story, options: LintOptions): readonly Finding[] {
  if (!isType(type) || message === undefined) return []
  const { RReq, ...others } = story.messages
  const isRelayed = type === 'RReq' && story.rreqs.slice(-4).some((other) => isCopy(other, message))
  const context = RReq === undefined || isRelayed ? others : { ...others, RReq }
  const { creqForm } = story
  const isChanged = found.carrier === 'cres' && creqForm !== undefined && creqForm.session !== found.threeDSSessionData
  return [
    ...acrossFindings(message, context, options.profile),
    ...(isChanged ? [finding('FLOW-GEN-5', 'threeDSSessionData')] : []),
  ]
}

const withoutColumn: readonly unknown[] = ['PReq', 'PRes', 'OReq', 'ORes', 'Erro', '3DSMethodPost', undefined]

function judged(member: Member, transaction: number, known: Known, story: Story, options: LintOptions): Judged {
  const { type, message } = member
  const isAReq = type === 'AReq'
  const channel = (isAReq ? oneOf(channels, message?.deviceChannel) : known.channel) ?? options.channel
  const category = oneOf(categories, message?.messageCategory) ?? known.category ?? options.category
  const { leg, isAssumed } = isType(type)
    ? legOf(type, channel ?? '02', member, options)
    : { leg: 'BRW-ACS' as const, isAssumed: false }
  const needsColumn = !withoutColumn.includes(type)
  const agreed = options.messageVersion ?? (isAReq || type === 'Erro' ? undefined : known.version)
  return {
    ...member,
    transaction,
    channel: channel ?? '02',
    category: category ?? '01',
    leg,
    ...(agreed !== undefined && { version: agreed }),
    assumed: [
      ...(needsColumn && channel === undefined ? ['deviceChannel'] : []),
      ...(needsColumn && category === undefined ? ['messageCategory'] : []),
      ...(isAssumed ? ['leg'] : []),
    ],
    context: { ...story.messages, ...flagsOf(member, channel ?? '02', story) },
    errors: acrossOf(member, story, options),
    warnings: [],
  }
}

function remember(story: Story, { type, message, found }: Member): void {
  const name = told.find((one) => one === type)
  if (name !== undefined && message !== undefined && !(name === 'RReq' && story.messages.RReq !== undefined))
    story.messages[name] = message
  if (type === 'RReq' && message !== undefined) story.rreqs.push(message)
  if (found.carrier === 'creq') story.creqForm = { session: found.threeDSSessionData }
}

const challenged: readonly unknown[] = ['C', 'D']

/** One transaction in its order: every message with what came before it. */
function judgedFlow(members: readonly Member[], transaction: number, options: LintOptions): readonly Judged[] {
  const known = knownOf(members)
  const story: Story = { messages: {}, rreqs: [] }
  const flow = members.map((member) => {
    const one = judged(member, transaction, known, story, options)
    remember(story, member)
    return one
  })
  return withWhatIsMissing(flow)
}

const isFinal = ({ type, channel, message }: Judged): boolean =>
  type === 'CRes' && (channel === '02' || message?.challengeCompletionInd === 'Y')

/** What should be there once the flow has come so far. A recording may have missed it: these are warnings, save for the order. */
function withWhatIsMissing(flow: readonly Judged[]): readonly Judged[] {
  const has = (type: MessageType): boolean => flow.some((one) => one.type === type)
  const final = flow.findIndex(isFinal)
  const rreq = flow.findIndex(({ type }) => type === 'RReq')
  const aresAt = flow.findLastIndex(({ type }) => type === 'ARes')
  // A flow that goes on behind the ARes, and not to an Erro.
  const isGoingOn = aresAt !== -1 && aresAt < flow.length - 1 && !has('Erro')
  return flow.map((one, position) => {
    const isUnreported = position === aresAt && isGoingOn && rreq === -1
    const isUnanswered = position === rreq && flow.length > 1 && !has('RRes') && !has('Erro')
    const warnings = [
      ...(isUnreported && challenged.includes(one.message?.transStatus) ? [finding('RES-RR-1', 'transStatus')] : []),
      ...(isUnanswered ? [finding('FLOW-S-2', '')] : []),
    ]
    const errors = position === final && rreq > final ? [...one.errors, finding('RES-RR-8', '')] : one.errors
    return { ...one, errors, warnings }
  })
}

/** All messages, each with its transaction, in the order of the input. */
export function judgeFlows(members: readonly Member[], isOne: boolean, options: LintOptions): readonly Judged[] {
  const numbers = grouped(members, isOne)
  const flows = new Map<number, number[]>()
  for (const [position, number] of numbers.entries()) {
    const flow = flows.get(number)
    if (flow === undefined) flows.set(number, [position])
    else flow.push(position)
  }
  const result: Judged[] = []
  for (const [number, positions] of flows) {
    const flow = judgedFlow(
      positions.flatMap((position) => members[position] ?? []),
      number,
      options,
    )
    for (const [index, one] of flow.entries()) result[positions[index] ?? 0] = one
  }
  return result
}
