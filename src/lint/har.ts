// 3DS messages in a recording of a browser or a proxy. HAR 1.2: log.entries[].request.postData, response.content.
import { isObject, type JsonObject } from '../protocol/rules/conditions.ts'
import { inFields, textOf } from './forms.ts'
import type { Found, Recognised } from './types.ts'

interface Har {
  readonly log: { readonly entries: readonly unknown[] }
}

export const isHar = (value: unknown): value is Har =>
  isObject(value) && isObject(value.log) && Array.isArray(value.log.entries)

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const object = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** No body of a 3DS message is longer: PRes with all card ranges come apart. Longer ones are looked into all the same, if they are JSON. */
const longestOther = 4_194_304

/** Nothing but JSON, forms and encrypted messages; scripts, pictures and pages are not read. */
function isWorthReading(body: string): boolean {
  const start = /^\s*(.)/s.exec(body.slice(0, 64))?.[1]
  if (start === '{' || start === '[') return body.includes('"messageType"') || body.includes('TransID"')
  return body.length <= longestOther && start !== undefined && start !== '<'
}

const fieldsOf = (params: unknown): ReadonlyMap<string, string> =>
  new Map(
    (Array.isArray(params) ? params : []).flatMap((param: unknown) => {
      const { name, value } = object(param)
      return typeof name === 'string' && typeof value === 'string' ? [[name, decoded(value)] as const] : []
    }),
  )

/** Some browsers write params as they went over the wire. */
const decoded = (value: string): string => {
  try {
    return value.includes('%') ? decodeURIComponent(value) : value
  } catch {
    return value
  }
}

function bodyOf(content: JsonObject): string | undefined {
  const body = text(content.text)
  if (body === undefined || content.encoding !== 'base64') return body
  return textOf(Buffer.from(body, 'base64'))
}

type ReadBody = (body: string, where: string) => Recognised

/** Requests before answers, entries by their time; what is no 3DS message is passed over. */
export function inHar(har: Har, read: ReadBody): Recognised {
  const entries = har.log.entries
    .map((entry, position) => ({ entry: object(entry), position }))
    .toSorted((one, other) => {
      const [first, second] = [text(one.entry.startedDateTime), text(other.entry.startedDateTime)]
      const [early, late] = [Date.parse(first ?? ''), Date.parse(second ?? '')]
      return Number.isNaN(early) || Number.isNaN(late) ? one.position - other.position : early - late
    })
  const found: Found[] = []
  let encrypted = 0
  const take = (body: string | undefined, where: string): boolean => {
    if (body === undefined || !isWorthReading(body)) return false
    const inner = read(body, where)
    found.push(...inner.found)
    encrypted += inner.encrypted
    return inner.found.length > 0
  }
  for (const { entry, position } of entries) {
    const at = `log.entries[${position}]`
    const postData = object(object(entry.request).postData)
    if (!take(text(postData.text), `${at}.request.postData.text`))
      found.push(...inFields(fieldsOf(postData.params), `${at}.request.postData.params`))
    take(bodyOf(object(object(entry.response).content)), `${at}.response.content.text`)
  }
  return { kind: 'har', found, problems: [], encrypted }
}
