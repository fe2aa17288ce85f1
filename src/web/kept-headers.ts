// Transport headers that the journal keeps: what helps to find out who spoke how. Never cookies, never authorization.
import type { IncomingHttpHeaders } from 'node:http'

const kept = [
  'content-type',
  'content-length',
  'user-agent',
  'accept',
  'accept-language',
  'origin',
  'x-request-id',
  'x-response-id',
  'sec-fetch-site',
  'sec-fetch-dest',
] as const

const longest = 300

/** Card numbers do not belong there, and are not kept if they are there (SEC-LOG-3). */
const plain = (text: string): string => text.slice(0, longest).replace(/[0-9]{13,}/g, '***')

export function keptHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of kept) {
    const value = headers[name]
    if (typeof value === 'string') found[name] = plain(value)
  }
  return found
}
