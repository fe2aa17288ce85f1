// Buying in the shop over plain HTTP, as a browser without scripts does it.
export interface Page {
  readonly status: number
  readonly path: string
  readonly html: string
}

type Fields = Readonly<Record<string, string>>

/** What a field of the form holds. */
const fieldOf = (html: string, name: string): string =>
  (new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '').replaceAll('&amp;', '&')

const parts = ['Line1', 'City', 'State', 'PostCode', 'Country']
const fieldNames = [
  'cardholderName',
  'email',
  ...['bill', 'ship'].flatMap((kind) => parts.map((part) => `${kind}Addr${part}`)),
]

/** The text of the element with this data-testid. */
export const read = (page: Page, testId: string): string | undefined =>
  new RegExp(`data-testid="${testId}"[^>]*>([^<]*)<`).exec(page.html)?.[1]
export const has = (page: Page, testId: string): boolean => page.html.includes(`data-testid="${testId}"`)
export const outcomeShown = (page: Page): string | undefined => /data-outcome="(\w+)"/.exec(page.html)?.[1]
export const endingShown = (page: Page): string | undefined => /data-ending="(\w+)"/.exec(page.html)?.[1]
export const verdictShown = (page: Page, policy: 'Y' | 'YA'): string | undefined =>
  new RegExp(`data-testid="verdict-${policy}" data-verdict="(\\w+)"`).exec(page.html)?.[1]
/** Status or response code of each step, in order. */
export const stepsShown = (page: Page): readonly string[] =>
  [...page.html.matchAll(/data-testid="step" data-code="(\w+)"/g)].map(([, code = '']) => code)

/** A browser's report of a desk in London. */
const report = {
  browserJavaEnabled: false,
  browserLanguage: 'en-GB',
  browserColorDepth: '24',
  browserScreenHeight: '760',
  browserScreenWidth: '1000',
  browserTZ: '0',
}

/** `base`: the address of the shop. */
export function shopping(base: string) {
  const { origin, pathname } = new URL(base)

  async function visit(path: string, init: RequestInit = {}): Promise<Page> {
    const response = await fetch(`${origin}${path}`, init)
    const url = new URL(response.url)
    return { status: response.status, path: `${url.pathname}${url.search}`, html: await response.text() }
  }
  const submit = (path: string, fields: Fields = {}): Promise<Page> =>
    visit(path, { method: 'POST', body: new URLSearchParams(fields) })

  /** A new order of these goods; its path. */
  async function order(cart: Readonly<Record<string, number>>, currency = '392'): Promise<string> {
    const [[first = 'coffee'] = [], ...others] = Object.entries(cart)
    const { path } = await submit(`${pathname}/orders?currency=${currency}`, { productId: first })
    for (const [productId] of others) await submit(`${path}/items`, { productId })
    for (const [productId, quantity] of Object.entries(cart)) {
      if (quantity > 1) await submit(`${path}/items`, { productId, quantity: String(quantity) })
    }
    return path
  }

  /** The fields of the checkout form as the page has them. */
  async function formOf(path: string): Promise<Fields> {
    const { html } = await visit(`${path}/checkout`)
    const fields = Object.fromEntries(fieldNames.map((name) => [name, fieldOf(html, name)]))
    return /name="shipsElsewhere" value="Y" checked/.test(html) ? { ...fields, shipsElsewhere: 'Y' } : fields
  }

  const authenticate = (path: string): Promise<Page> =>
    visit(`${path}/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(report),
    })

  return {
    open: visit,
    submit,
    order,
    formOf,
    authenticate,
    /** Logs in, becomes a persona, pays; the page the order then belongs on. */
    async buy(
      path: string,
      card: { readonly acctNumber: string } | { readonly savedCard: string },
      { persona = 'self', signIn, ...more }: { readonly persona?: string; readonly signIn?: string } & Fields = {},
    ): Promise<Page> {
      if (signIn !== undefined) await submit(`${path}/fill`, { ...(await formOf(path)), signIn })
      if (persona !== 'self') await submit(`${path}/fill`, { ...(await formOf(path)), persona, fill: 'persona' })
      const fields = { cardExpiryDate: '12/30', ...(await formOf(path)), persona, ...card, ...more }
      await submit(`${path}/checkout`, fields)
      await authenticate(path)
      return visit(`${path}/processing`)
    },
  }
}
