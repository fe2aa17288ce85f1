// What the tests of tenants share: one tenant of a running Sekisho as if it were a whole one, and payments in it.
import { type Members, post } from '../support/messages.ts'
import type { Running } from '../support/running.ts'

/** Its addresses lead to the tenant. */
export const tenantOf = (sekisho: Running, name: string): Running => ({
  ...sekisho,
  acs: `${sekisho.acs}/t/${name}`,
  shop: `${sekisho.shop}/t/${name}`,
})

/** A payment as a shop asks its 3DS Server for it: through 3DS Server, DS and ACS. */
export async function paid(tenant: Pick<Running, 'shop'>, acctNumber: string, areq: Members = {}): Promise<Members> {
  const { status, body } = await post(`${tenant.shop}/3ds-server/authenticate`, {
    areq: { ...purchase, acctNumber, ...areq },
    messageVersion: '2.2.0',
  })
  if (status !== 200) throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`)
  return body
}

/** What the 3DS Server knows of a payment. */
export async function paymentOf(tenant: Pick<Running, 'shop'>, threeDSServerTransID: unknown): Promise<Members> {
  const response = await fetch(`${tenant.shop}/3ds-server/transactions/${String(threeDSServerTransID)}`)
  return (await response.json()) as Members
}

const purchase = {
  threeDSRequestorID: 'tenant-tests',
  threeDSRequestorName: 'Hakone Goods',
  threeDSRequestorURL: 'https://hakone.example',
  threeDSRequestorAuthenticationInd: '01',
  acquirerBIN: '400000',
  acquirerMerchantID: 'HAKONE-0001',
  merchantName: 'Hakone Goods',
  merchantCountryCode: '392',
  mcc: '5999',
  purchaseAmount: '24800',
  purchaseCurrency: '392',
  purchaseExponent: '0',
  cardExpiryDate: '3012',
  cardholderName: 'HANAKO YAMADA',
  email: 'hanako@example.test',
  browserJavaEnabled: false,
  browserJavascriptEnabled: true,
  browserLanguage: 'en',
  browserColorDepth: '24',
  browserScreenHeight: '1080',
  browserScreenWidth: '1920',
  browserTZ: '-540',
  browserUserAgent: 'Mozilla/5.0 (tests)',
} as const

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Members
}

/** A request to the admin API of a tenant; a body makes it a write. */
export async function ask(
  tenant: Pick<Running, 'acs'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${tenant.acs}/api/v1${path}`, {
    method,
    headers: { ...(method !== 'GET' && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Members) : {} }
}

/** The body of a stub. */
export const stubFor = (match: Members, transStatus: string, times = 1): Members => ({
  match,
  times,
  // biome-ignore lint/suspicious/noThenProperty: its name in the API
  then: { transStatus },
})
