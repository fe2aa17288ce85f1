// Messages as the other parties send them.
import { readFileSync } from 'node:fs'

export type Members = Record<string, unknown>

const base = JSON.parse(
  readFileSync(new URL('../../spec-fixtures/areq-browser-220/base-minimal.json', import.meta.url), 'utf8'),
) as Members

/** A browser AReq of 2.2.0 with new ids; a member that is undefined is left out. */
export const browserAReq = (change: Members = {}): Members => {
  const areq = { ...base, threeDSServerTransID: crypto.randomUUID(), dsTransID: crypto.randomUUID(), ...change }
  return Object.fromEntries(Object.entries(areq).filter(([, value]) => value !== undefined))
}

/** A scripted card that is always challenged, and one that never is. */
export const challengeCard = '4000000000007700'
export const frictionlessCard = '4000000000005100'

export const creqFor = (ares: Members, change: Members = {}): string =>
  Buffer.from(
    JSON.stringify({
      messageType: 'CReq',
      messageVersion: '2.2.0',
      threeDSServerTransID: ares.threeDSServerTransID,
      acsTransID: ares.acsTransID,
      challengeWindowSize: '02',
      ...change,
    }),
  ).toString('base64url')

export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Members }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Members) }
}

/** A form post as a browser makes it; the page that comes back as text. */
export async function postForm(
  url: string,
  fields: Record<string, string>,
): Promise<{ status: number; headers: Headers; page: string }> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  return { status: response.status, headers: response.headers, page: await response.text() }
}

const unescaped = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39|#x27);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  )

/** Value of a hidden or other input of a page. */
export function field(page: string, name: string): string | undefined {
  const tag = [...page.matchAll(/<input\b[^>]*>/g)]
    .map(([text]) => text)
    .find((text) => text.includes(`name="${name}"`))
  const value = tag === undefined ? undefined : /value="([^"]*)"/.exec(tag)?.[1]
  return value === undefined ? undefined : unescaped(value)
}

/** The message in the `cres` field of a page that returns to the shop. */
export function cresIn(page: string): Members | undefined {
  const cres = field(page, 'cres')
  return cres === undefined ? undefined : (JSON.parse(Buffer.from(cres, 'base64url').toString('utf8')) as Members)
}
