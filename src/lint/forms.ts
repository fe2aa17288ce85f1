// Messages in form fields and in HTTP requests as people copy them. Spec: sections 3.3, 6.1.4; FLOW-GEN-4, FLOW-GEN-5, ACS-VAL-90, ACS-VAL-91.
import { decodeBase64url } from '../protocol/base64url.ts'
import type { Carrier, EnvelopeFault, Found } from './types.ts'

const carriers: readonly Carrier[] = ['creq', 'cres', 'threeDSMethodData']

export const isCarrier = (name: string): name is Carrier => carriers.some((carrier) => carrier === name)

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** UTF-8 text of the bytes; undefined: they are something else. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** The message in a base64url text, and how the encoding departs from what a sender writes (FLOW-GEN-4). */
export function unwrapped(value: string): { readonly text: string; readonly envelope: readonly EnvelopeFault[] } {
  const bytes = decodeBase64url(value)
  const text = bytes === undefined ? undefined : textOf(bytes)
  if (text === undefined) return { text: '', envelope: ['notBase64url'] }
  const envelope: EnvelopeFault[] = []
  if (value.trim().endsWith('=')) envelope.push('padding')
  if (/[+/ ]/.test(value.trim())) envelope.push('alphabet')
  return { text, envelope }
}

/** threeDSSessionData is at most this long. Spec: Table A.1; ACS-VAL-102. */
const longestSession = 1_024

/** What the fields of one form hold. */
export function inFields(fields: ReadonlyMap<string, string>, where: string): readonly Found[] {
  const session = fields.get('threeDSSessionData')
  return carriers.flatMap((carrier) => {
    const value = fields.get(carrier)
    if (value === undefined) return []
    const { text, envelope } = unwrapped(value)
    const isTooLong = carrier !== 'threeDSMethodData' && Buffer.byteLength(session ?? '') > longestSession
    return [
      {
        where: where === '' ? carrier : `${where} (${carrier})`,
        text,
        carrier,
        envelope: isTooLong ? [...envelope, 'sessionTooLong'] : envelope,
        ...(session !== undefined && carrier !== 'threeDSMethodData' && { threeDSSessionData: session }),
      },
    ]
  })
}

/** Fields of a form body that holds a message; undefined: it is no such body. */
export function formFields(text: string): ReadonlyMap<string, string> | undefined {
  const body = text.trim().replace(/^\?/, '')
  if (!/(?:^|&)(?:creq|cres|threeDSMethodData)=/.test(body) || /[{}"<>]/.test(body)) return undefined
  // Line breaks of a long value that was wrapped when it was copied.
  return new Map(new URLSearchParams(body.replace(/[\r\n]+/g, '')))
}

/** An HTTP request or answer as text: its content type and body; undefined: it is none. */
export function httpBody(text: string): { readonly body: string; readonly offset: number } | undefined {
  const start =
    /^\s*(?:[A-Z]{3,7} \S+(?: HTTP\/[0-9.]+)?|HTTP\/[0-9.]+ [0-9]{3}[^\n]*|[A-Za-z][A-Za-z0-9-]*:[^\n]*)\r?\n/.exec(
      text,
    )
  if (start === null) return undefined
  const blank = /\r?\n[ \t]*\r?\n/.exec(text)
  if (blank === null) return undefined
  const head = text.slice(0, blank.index).split(/\r?\n/).slice(1)
  if (!head.every((line) => /^(?:[A-Za-z][A-Za-z0-9-]*:|[ \t])/.test(line))) return undefined
  const offset = blank.index + blank[0].length
  return { body: text.slice(offset), offset }
}

/** Five parts: encrypted, three: signed. Both without blanks. */
export const compactParts = (text: string): number =>
  /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,4}$/.test(text.trim()) ? text.trim().split('.').length : 0
