// What tests about the merchant's follow-ups share: a challenge that was passed or failed, in any version, and who sits at the page.
import type { ListeningDs } from '../support/ds.ts'
import { creqFor, type Members, post, postForm } from '../support/messages.ts'
import type { Running } from '../support/running.ts'
import { areqOf } from './any-areq.ts'
import { answered, codeOf, rreqsOf, until, wrongCode } from './support.ts'

let cards = 0
/** A card of a range that the engine decides about, which no other test has used. */
export const engineCard = (stem = '4111112'): string => {
  cards += 1
  return `${stem}${String(cards).padStart(9, '0')}`
}

export const versions = ['2.1.0', '2.2.0', '2.3.1'] as const
export type Version = (typeof versions)[number]
export const digitsOf = (version: string): string => version.replaceAll('.', '')

/** A purchase that is small enough for the engine to let it pass where nobody wants more. */
export const purchase = { purchaseAmount: '5000', purchaseCurrency: '392', purchaseExponent: '0' }

export interface Asked {
  readonly areq: Members
  readonly ares: Members
  readonly acsTransID: string
  readonly messageVersion: string
}

export async function ask(sekisho: Running, column: string, change: Members): Promise<Asked> {
  const areq = areqOf(column, change)
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  return { areq, ares, acsTransID: String(ares.acsTransID), messageVersion: String(areq.messageVersion) }
}

/** A purchase in the browser that is challenged. */
export async function challengedIn(
  sekisho: Running,
  ds: ListeningDs,
  version: Version,
  change: Members = {},
): Promise<Asked> {
  const asked = await ask(sekisho, `browser-${digitsOf(version)}`, {
    acctNumber: engineCard(),
    dsURL: ds.url,
    ...purchase,
    threeDSRequestorChallengeInd: version === '2.3.1' ? ['04'] : '04',
    ...change,
  })
  if (asked.ares.transStatus !== 'C') throw new Error(`expected a challenge, got ${JSON.stringify(asked.ares)}`)
  return asked
}

export const shownPage = (sekisho: Running, { ares, messageVersion }: Asked) =>
  postForm(`${sekisho.acs}/acs/challenge`, { creq: creqFor(ares, { messageVersion }) })

/** The cardholder enters the right code, or a wrong one until it is over; the RReq. */
export async function goneThrough(
  sekisho: Running,
  ds: ListeningDs,
  asked: Asked,
  how: 'passed' | 'failed' | 'cancelled' = 'passed',
  fields: Record<string, string> = {},
): Promise<Members> {
  let page = await shownPage(sekisho, asked)
  const code = await codeOf(sekisho, asked)
  if (how === 'cancelled') page = await answered(sekisho, asked, page, { action: 'cancel' })
  else if (how === 'passed') page = await answered(sekisho, asked, page, { otp: code, ...fields })
  else for (let i = 0; i < 3; i += 1) page = await answered(sekisho, asked, page, { otp: wrongCode(code), ...fields })
  await until(() => rreqsOf(ds, asked.acsTransID).length > 0)
  const [rreq = {}] = rreqsOf(ds, asked.acsTransID)
  return rreq
}
