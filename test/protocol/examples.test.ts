// The example messages of spec-fixtures/examples in both profiles: 548 that are valid, and the handbook's with what each must be answered.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decodeBase64url } from '../../src/protocol/base64url.ts'
import { inspectMessage } from '../../src/protocol/messages/inspect.ts'
import type { Reading } from '../../src/protocol/messages/parse.ts'
import { acrossFindings } from '../../src/protocol/rules/across.ts'
import type { JsonObject } from '../../src/protocol/rules/conditions.ts'
import type { Leg } from '../../src/protocol/tables/types.ts'

interface Example {
  readonly name: string
  readonly meta: {
    readonly title: string
    readonly message: string
    readonly version: string
    readonly channel: string
    readonly category: string
    readonly leg: Leg
  }
  readonly context: JsonObject
  readonly message: JsonObject
}

interface HandbookReading {
  readonly leg: Leg
  readonly channel?: string
  readonly category?: string
  readonly context?: JsonObject
  /** Names of other messages of the transaction. */
  readonly of?: Readonly<Record<string, string>>
}

interface Change {
  readonly base: string
  readonly rule: string
  readonly set?: JsonObject
  readonly remove?: readonly string[]
  readonly errorCode?: string
  readonly errorDetail?: string
}

interface Judged {
  readonly rule: string
  readonly element?: string
  readonly reason: string
  readonly profile?: 'lenient' | 'strict'
  readonly reading?: Partial<Reading>
  /** Judged with what this test has not; null: by nothing yet. */
  readonly testedIn?: string | null
}

interface Handbook {
  readonly messages: Readonly<Record<string, JsonObject>>
  readonly rejected: readonly Change[]
  readonly accepted: readonly Change[]
}

interface AllJudged {
  readonly messages: readonly { readonly name: string; readonly reason: string; readonly set: JsonObject }[]
  readonly rejected: readonly Judged[]
  readonly accepted: readonly Judged[]
}

const folder = fileURLToPath(new URL('../../spec-fixtures/examples/', import.meta.url))
const textOf = (file: string): string => readFileSync(`${folder}${file}`, 'utf8')
const profiles = ['lenient', 'strict'] as const
const bytesOf = (message: JsonObject): Uint8Array => Buffer.from(JSON.stringify(message))

/** Codes of a channel or category are written with a word: `02-BRW`. Messages without a channel have `*`. */
const codeOf = (text: string): { readonly code: string } | undefined =>
  text === '*' ? undefined : { code: text.slice(0, 2) }

/** `{ "CRes.acsUiType": "01" }` as messages by type: `{ CRes: { acsUiType: "01" } }`; flags stay as they are. */
function nested(context: JsonObject): JsonObject {
  const messages: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(context)) {
    const [type = path, name] = path.split('.')
    messages[type] = name === undefined ? value : { ...(messages[type] as JsonObject | undefined), [name]: value }
  }
  return messages
}

describe.each(readdirSync(`${folder}spec`))('the examples of %s', (file) => {
  const examples = textOf(`spec/${file}`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Example)
  const isPost = examples.some(({ meta }) => meta.message.endsWith('Post'))

  if (isPost) {
    test.each(examples)('$name: $meta.title', ({ meta, message }) => {
      const { threeDSMethodData, creq, cres } = message
      const bytes = decodeBase64url(String(threeDSMethodData ?? creq ?? cres))
      if (bytes === undefined) throw new Error('not base64url')
      if (threeDSMethodData !== undefined) {
        expect(JSON.parse(bytes.toString())).toHaveProperty('threeDSServerTransID')
        return
      }
      const type = creq === undefined ? 'CRes' : 'CReq'
      const reading = { leg: meta.leg, channel: '02', category: '01', version: meta.version, context: { final: true } }
      for (const profile of profiles) {
        expect(inspectMessage(bytes, { ...reading, profile })).toMatchObject({ messageType: type, findings: [] })
      }
    })
    return
  }

  test.each(examples)('$name: $meta.title', ({ meta, context, message }) => {
    const channel = codeOf(meta.channel)
    const category = codeOf(meta.category)
    const reading = {
      leg: meta.leg,
      version: meta.version,
      ...(channel !== undefined && { channel: channel.code }),
      ...(category !== undefined && { category: category.code }),
      context: nested(context),
    }
    for (const profile of profiles) {
      const { messageType, findings, erro } = inspectMessage(bytesOf(message), { ...reading, profile })
      expect({ profile, messageType, findings, erro }).toEqual({
        profile,
        messageType: meta.message,
        findings: [],
        erro: undefined,
      })
    }
  })
})

test('every example is there', () => {
  const files = readdirSync(`${folder}spec`).map((file) => textOf(`spec/${file}`).trim().split('\n').length)
  expect(files.reduce((sum, lines) => sum + lines, 0)).toBe(548)
})

describe('the examples of the handbook', () => {
  const handbook = JSON.parse(textOf('handbook.json')) as Handbook
  const readings = JSON.parse(textOf('handbook-readings.json')) as Readonly<Record<string, HandbookReading>>
  const judged = JSON.parse(textOf('handbook-judged.json')) as AllJudged

  const messageOf = (name: string): JsonObject => ({
    ...handbook.messages[name],
    ...judged.messages.find((one) => one.name === name)?.set,
  })

  const contextOf = ({ context = {}, of = {} }: HandbookReading): JsonObject => ({
    ...context,
    ...Object.fromEntries(Object.entries(of).map(([type, name]) => [type, messageOf(name)])),
  })

  function answerTo(name: string, message: JsonObject, profile: 'lenient' | 'strict', more: Partial<Reading> = {}) {
    const about = readings[name]
    if (about === undefined) throw new Error(`handbook-readings.json says nothing of ${name}`)
    const { leg, channel, category } = about
    const [messageType] = name.split('.')
    const context = contextOf(about)
    const { messageVersion: version } = messageOf(name)
    const { erro } = inspectMessage(bytesOf(message), {
      leg,
      profile,
      context,
      ...(channel !== undefined && { channel }),
      ...(category !== undefined && { category }),
      // An AReq brings its version; every other message has that of its transaction.
      ...(messageType !== 'AReq' && messageType !== 'Erro' && { version: String(version) }),
      ...(messageType === 'AReq' && { expects: ['AReq', 'OReq', 'Erro'] as const }),
      ...more,
    })
    if (erro !== undefined) return erro
    const [first] = acrossFindings(message, context, profile)
    return first === undefined ? undefined : { errorCode: first.errorCode, errorDetail: first.element }
  }

  const changed = ({ base, set, remove = [] }: Change): JsonObject =>
    Object.fromEntries(Object.entries({ ...messageOf(base), ...set }).filter(([name]) => !remove.includes(name)))

  const judgementOf = (list: readonly Judged[], change: Change): Judged | undefined =>
    list.find(({ rule, element }) => rule === change.rule && element === change.errorDetail)

  test.each(Object.keys(handbook.messages))('%s is valid', (name) => {
    for (const profile of profiles)
      expect({ profile, erro: answerTo(name, messageOf(name), profile) }).toEqual({ profile })
  })

  const here = handbook.rejected.filter((change) => judgementOf(judged.rejected, change)?.testedIn === undefined)
  test.each(here)('$rule $base is refused with $errorCode $errorDetail: set $set, remove $remove', (change) => {
    const { profile: only, reading } = judgementOf(judged.rejected, change) ?? {}
    const { errorCode, errorDetail } = change
    for (const profile of only === undefined ? profiles : [only]) {
      expect({ profile, ...answerTo(change.base, changed(change), profile, reading) }).toEqual({
        profile,
        errorCode,
        errorDetail,
      })
    }
  })

  test.each(handbook.accepted)('$rule $base is taken: set $set, remove $remove', (change) => {
    for (const profile of profiles) {
      if (judgementOf(judged.accepted, change)?.profile === (profile === 'lenient' ? 'strict' : 'lenient')) continue
      expect({ profile, erro: answerTo(change.base, changed(change), profile) }).toEqual({ profile })
    }
  })

  test('every judgement is about an entry, and says why', () => {
    for (const judgement of judged.rejected) {
      expect(handbook.rejected.filter((change) => judgementOf([judgement], change) !== undefined)).toHaveLength(1)
    }
    for (const { rule } of judged.accepted) expect(handbook.accepted.map((change) => change.rule)).toContain(rule)
    for (const { name } of judged.messages) expect(handbook.messages).toHaveProperty([name])
    for (const { reason } of [...judged.messages, ...judged.rejected, ...judged.accepted]) expect(reason).not.toBe('')
  })
})
