// Purchases without a browser: the calls of a shop at its 3DS Server, and the forms that a browser would post.
import { encodeBase64url } from '../../src/protocol/base64url.ts'
import type { Running } from '../support/running.ts'

type Members = Readonly<Record<string, unknown>>

export interface Purchase {
  readonly acsTransID: string
  readonly threeDSServerTransID: string
  readonly transStatus: string
  readonly creq: string
}

const asForm = (fields: Readonly<Record<string, string>>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})

async function json(url: string, body: object): Promise<Members> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Members
}

const shopSays = {
  threeDSRequestorID: 'HAKONE-GOODS-0001',
  threeDSRequestorName: 'Hakone Goods',
  threeDSRequestorURL: 'http://127.0.0.1/shop',
  merchantName: 'Hakone Goods',
  acquirerBIN: '400000',
  acquirerMerchantID: 'HAKONE-0001',
  mcc: '5999',
  merchantCountryCode: '392',
  threeDSRequestorChallengeInd: '01',
  transType: '01',
  purchaseAmount: '1480',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  cardExpiryDate: '3012',
  cardholderName: 'Hanako Yamada',
  email: 'hanako@example.com',
  billAddrLine1: '1-2-3 Yumoto',
  billAddrCity: 'Hakone',
  billAddrState: '14',
  billAddrPostCode: '250-0311',
  billAddrCountry: '392',
  shipAddrLine1: '1-2-3 Yumoto',
  shipAddrCity: 'Hakone',
  shipAddrState: '14',
  shipAddrPostCode: '250-0311',
  shipAddrCountry: '392',
  addrMatch: 'Y',
  acctInfo: { chAccAgeInd: '01' },
  merchantRiskIndicator: { shipIndicator: '01', deliveryTimeframe: '04', reorderItemsInd: '01' },
  browserJavascriptEnabled: true,
  browserJavaEnabled: false,
  browserLanguage: 'en-GB',
  browserColorDepth: '24',
  browserScreenHeight: '800',
  browserScreenWidth: '1280',
  browserTZ: '-540',
} as const

/** Up to the ARes. */
export async function buy({ shop }: Running, acctNumber: string, more: Members = {}): Promise<Purchase> {
  const server = `${shop}/3ds-server`
  const { threeDSServerTransID, threeDSMethodData } = await json(`${server}/versioning`, { acctNumber })
  if (typeof threeDSMethodData === 'string') {
    await fetch(`${server}/method-notification`, asForm({ threeDSMethodData }))
  }
  const answer = await json(`${server}/authenticate`, {
    threeDSServerTransID,
    threeDSSessionData: encodeBase64url('order 1'),
    challengeWindowSize: '03',
    areq: { ...shopSays, acctNumber, ...more },
  })
  return {
    acsTransID: String(answer.acsTransID),
    threeDSServerTransID: String(threeDSServerTransID),
    transStatus: String(answer.transStatus),
    creq: String(answer.creq),
  }
}

/** Where a form of an issuer's page posts to, and its hidden fields. */
const fieldsOf = (html: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ]),
  )

/** The challenge as a browser has it on its screen. */
export interface Visit {
  /** Posts the page's form; once the challenge is over, what the browser then posts to the 3DS Server. */
  answer(action: 'verify' | 'resend' | 'cancel', otp?: string): Promise<void>
  code(): Promise<string>
}

export async function openChallenge({ acs, shop }: Running, { acsTransID, creq }: Purchase): Promise<Visit> {
  let page = await (
    await fetch(`${acs}/acs/challenge`, asForm({ creq, threeDSSessionData: encodeBase64url('order 1') }))
  ).text()
  const code = async (): Promise<string> => {
    const answer = await fetch(`${acs}/api/v1/inbox?acsTransID=${acsTransID}`)
    return ((await answer.json()) as { messages: readonly { code: string }[] }).messages[0]?.code ?? ''
  }
  return {
    code,
    async answer(action, otp = '') {
      const address = /<form[^>]*action="([^"]*)"/.exec(page)?.[1] ?? ''
      const url = new URL(address, `${acs}/acs/challenge`)
      page = await (await fetch(url, asForm({ ...fieldsOf(page), action, otp }))).text()
      const { cres, threeDSSessionData } = fieldsOf(page)
      if (cres === undefined) return
      await fetch(
        `${shop}/3ds-server/challenge-notification`,
        asForm({ cres, ...(threeDSSessionData !== undefined && { threeDSSessionData }) }),
      )
    },
  }
}

/** A code that is surely not the right one. */
export const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

/** What the shop hears when it asks how it went on. */
export const statusOf = async ({ shop }: Running, threeDSServerTransID: string): Promise<Members> =>
  (await (await fetch(`${shop}/3ds-server/transactions/${threeDSServerTransID}`)).json()) as Members

/** A challenge with a wrong code first and the right one then. */
export async function passedAtSecondTry(sekisho: Running, acctNumber: string, more: Members = {}): Promise<Purchase> {
  const purchase = await buy(sekisho, acctNumber, more)
  const visit = await openChallenge(sekisho, purchase)
  const code = await visit.code()
  await visit.answer('verify', otherThan(code))
  await visit.answer('verify', code)
  await statusOf(sekisho, purchase.threeDSServerTransID)
  return purchase
}
