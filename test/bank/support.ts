// What waits for the banking app, and a banking app that a test holds in its hand.
import type { ListeningDs } from '../support/ds.ts'
import { browserAReq, creqFor, field, type Members, post, postForm } from '../support/messages.ts'
import type { Running } from '../support/running.ts'

let cards = 0

/** A scripted card with these last digits that no other test has used. */
export const cardEnding = (ending: string): string => {
  cards += 1
  return `400000${String(cards).padStart(7, '0')}${ending}`
}

export interface Asked {
  readonly acsTransID: string
  readonly ares: Members
  /** The page that the shop's frame shows; empty where there is none. */
  readonly page: string
  readonly acctNumber: string
}

/** A challenge whose page was opened, so that the banking app is asked. */
export async function asked(sekisho: Running, ds: ListeningDs, ending: string, change: Members = {}): Promise<Asked> {
  const acctNumber = cardEnding(ending)
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, browserAReq({ acctNumber, dsURL: ds.url, ...change }))
  if (ares.transStatus !== 'C') throw new Error(`expected a challenge, got ${JSON.stringify(ares)}`)
  const messageVersion = change.messageVersion ?? '2.2.0'
  const { page } = await postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(ares, { messageVersion }) })
  return { acsTransID: String(ares.acsTransID), ares, page, acctNumber: String(change.acctNumber ?? acctNumber) }
}

export interface BankPage {
  readonly status: number
  readonly headers: Headers
  readonly page: string
  /** After a redirect: where it is. */
  readonly url: string
}

export async function bankPage(
  sekisho: Running,
  path: string,
  headers: Record<string, string> = {},
): Promise<BankPage> {
  const response = await fetch(`${sekisho.acs}${path}`, { headers: { 'accept-language': 'en', ...headers } })
  return { status: response.status, headers: response.headers, page: await response.text(), url: response.url }
}

/** Posts a form of the page as a browser would, and follows to the page after it. */
export async function tapped(
  sekisho: Running,
  path: string,
  { page }: Pick<BankPage, 'page'>,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<BankPage> {
  const body = new URLSearchParams({ token: field(page, 'token') ?? '', ...fields })
  const response = await fetch(`${sekisho.acs}${path}`, {
    method: 'POST',
    body,
    headers: { 'accept-language': 'en', ...headers },
  })
  return { status: response.status, headers: response.headers, page: await response.text(), url: response.url }
}

export const stateOf = ({ page }: Pick<BankPage, 'page'>): string | undefined =>
  /data-testid="bank-state" data-state="([A-Za-z]+)"/.exec(page)?.[1]
export const endingOf = ({ page }: Pick<BankPage, 'page'>): string | undefined =>
  /data-ending="([a-z]+)"/.exec(page)?.[1]

/** Text of the element with this test id. */
export const textOf = ({ page }: Pick<BankPage, 'page'>, testId: string): string | undefined =>
  new RegExp(`data-testid="${testId}"[^>]*>([^<]*)<`).exec(page)?.[1]
