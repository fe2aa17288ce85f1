// A person in front of the shop, and the three records of what came of it: the shop's page, the ACS's, the 3DS Server's.
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import type { Members } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'

/** Waits of the shop as short as a test wants them; the frame has time to bring the browser back by itself. */
const shortWaits = { processingScreenMs: 0, methodWithinMs: 8_000, returnWithinMs: 4_000 }

export const house = (
  settings: Parameters<typeof running>[0] = {},
  overrides: Parameters<typeof running>[1] = {},
): Promise<Running> => running(settings, { ...overrides, shop: { ...shortWaits, ...overrides.shop } })

let lastCard = 0

/** A scripted card of its own for every caller, so that wrong codes of one test lock no card of another. */
export function scriptedCard(ending: string, range = '400000'): string {
  lastCard += 1
  return `${range}${String(lastCard).padStart(7, '0')}${ending}`
}

export interface Person {
  readonly sekisho: Running
  readonly context: BrowserContext
  readonly page: Page
  readonly hasScripts: boolean
  /** Whatever a browser complains about, on any page of the context: errors, refusals by a policy, failed loads. */
  readonly complaints: string[]
  /** What a page of another origin told the shop's page by postMessage. */
  readonly told: string[]
  /** An element of the shop's page. */
  at(testId: string): Locator
  /** The page of the card issuer, in the shop's frame. */
  readonly frame: FrameLocator
  leave(): Promise<void>
}

export interface PersonOptions extends BrowserContextOptions {
  readonly lang?: 'en' | 'ja'
}

export async function person(
  browser: Browser,
  sekisho: Running,
  { lang = 'en', ...options }: PersonOptions = {},
): Promise<Person> {
  const locale = lang === 'ja' ? 'ja-JP' : 'en-GB'
  const context = await browser.newContext({ locale, viewport: { width: 1_000, height: 760 }, ...options })
  const told: string[] = []
  await context.exposeBinding('tellTest', (_source, what: string) => told.push(what))
  await context.addInitScript(() => {
    if (window !== window.top) return
    const tell: unknown = Reflect.get(window, 'tellTest')
    addEventListener('message', ({ origin, data }) => {
      if (typeof tell === 'function' && origin !== location.origin) tell(`${origin}: ${JSON.stringify(data)}`)
    })
  })
  const complaints: string[] = []
  context.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
  context.on('weberror', (error) => complaints.push(String(error.error())))
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return {
    sekisho,
    context,
    page,
    hasScripts: options.javaScriptEnabled !== false,
    complaints,
    told,
    at: (testId) => page.getByTestId(testId),
    frame: page.frameLocator('[data-testid="challenge-frame"]'),
    leave: () => context.close(),
  }
}

type AtTheEnd = (work: () => Promise<void>) => void

/**
 * People for the tests of a file. Who is done goes home and comes again as somebody else, in the same browser context: a new
 * one costs more than the purchase in it.
 */
export function people(browser: () => Browser) {
  const atHome: { readonly lang: 'en' | 'ja'; readonly someone: Person }[] = []
  return async (sekisho: Running, atTheEnd: AtTheEnd, lang: 'en' | 'ja' = 'en'): Promise<Person> => {
    const index = atHome.findIndex((one) => one.lang === lang)
    const [known] = index < 0 ? [] : atHome.splice(index, 1)
    const someone = known === undefined ? await person(browser(), sekisho, { lang }) : { ...known.someone, sekisho }
    atTheEnd(async () => {
      const { context, page, complaints, told } = someone
      await context.unrouteAll({ behavior: 'ignoreErrors' })
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      for (const other of context.pages()) if (other !== page) await other.close()
      try {
        if (!page.url().endsWith('/result')) await page.goto('about:blank') // other pages go on asking for news
      } catch {
        return context.close() // after a failed test the page may still be on its way
      }
      complaints.length = 0
      told.length = 0
      atHome.push({ lang, someone })
      return undefined
    })
    return someone
  }
}

/** Where the tests of a file happen. */
export interface Town {
  readonly visit: ReturnType<typeof people>
  readonly browser: () => Browser
  /** The Sekisho that tests share who need none of their own. */
  readonly main: () => Running
}

export interface Wish {
  readonly card: string
  /** Product ids with their quantities. */
  readonly cart?: Readonly<Record<string, number>>
  readonly challengeInd?: string
  readonly windowSize?: string
  readonly shipsElsewhere?: boolean
  readonly frameWithoutScripts?: boolean
  readonly skipsChallenge?: boolean
  readonly messageVersion?: string
}

/** Fills the cart from the catalogue on, and goes to the checkout. */
async function shopFor({ page, at, sekisho }: Person, cart: Readonly<Record<string, number>>): Promise<void> {
  await page.goto(`${sekisho.shop}/shop`)
  for (const [product, quantity] of Object.entries(cart)) {
    if ((await at('continue-shopping').count()) > 0) await at('continue-shopping').click()
    await at(`add-${product}`).click()
    if (quantity > 1) {
      await at(`quantity-${product}`).fill(String(quantity))
      await at(`change-${product}`).click()
    }
  }
  await at('to-checkout').click()
}

/** The checkout of a cart with coffee in it, by the address that the catalogue would lead to. */
async function straightToCheckout({ page, context, sekisho }: Person): Promise<void> {
  const order = await context.request.post(`${sekisho.shop}/shop/orders`, { form: { productId: 'coffee' } })
  await page.goto(`${order.url()}/checkout`)
}

/** Up to the click on "Pay"; a wish for certain goods begins at the catalogue. */
export async function pay(someone: Person, wish: Wish): Promise<void> {
  const { at } = someone
  if (wish.cart === undefined) await straightToCheckout(someone)
  else await shopFor(someone, wish.cart)
  const offered = at(`card-${wish.card}`)
  if (someone.hasScripts && (await offered.isVisible()))
    await offered.click() // some are folded
  else {
    await at('acctNumber').fill(wish.card.replace(/(.{4})(?=.)/g, '$1 '))
    await at('cardExpiryDate').fill('12/30')
  }
  if (wish.shipsElsewhere === true) await at('shipsElsewhere').check()
  if (wish.frameWithoutScripts === true) await at('frameWithoutScripts').check()
  if (wish.skipsChallenge === true) await at('skipsChallenge').check()
  if (wish.challengeInd !== undefined) await at('threeDSRequestorChallengeInd').selectOption(wish.challengeInd)
  if (wish.messageVersion !== undefined) await at('messageVersion').selectOption(wish.messageVersion)
  if (wish.windowSize !== undefined) await at('challengeWindowSize').selectOption(wish.windowSize)
  await at('pay').click()
}

/** Pays and comes to the challenge; returns its acsTransID. */
export async function challenged(someone: Person, wish: Wish): Promise<string> {
  await pay(someone, wish)
  return challengeOf(someone)
}

/** The transaction of the challenge that shows. */
export async function challengeOf({ frame }: Pick<Person, 'frame'>): Promise<string> {
  await frame.getByTestId('challenge-page').waitFor()
  return frame.locator('input[name=acsTransID]').inputValue()
}

/** The newest code for this transaction, read from the inbox that the shop's page links to. */
export async function codeFromInbox({ page, at }: Person, acsTransID: string): Promise<string> {
  const [inbox] = await Promise.all([page.waitForEvent('popup'), at('inbox').click()])
  const mail = inbox.locator(`[data-testid=inbox-message][data-transaction="${acsTransID}"]`).first()
  expect(await mail.getByTestId('inbox-about').textContent()).toContain('Hakone Goods')
  const code = await mail.getByTestId('inbox-code').textContent()
  await inbox.close()
  return code ?? ''
}

export interface Mail {
  readonly code: string
  readonly subject: string
  readonly text: string
}

/** Mails of a transaction, newest first. */
export async function mails({ acs }: Running, acsTransID: string): Promise<readonly Mail[]> {
  const answer = await fetch(`${acs}/api/v1/inbox?acsTransID=${acsTransID}`)
  return ((await answer.json()) as { messages: readonly Mail[] }).messages
}

/** Types a code into the issuer's page and sends it. */
export async function enter({ frame }: Pick<Person, 'frame'>, code: string): Promise<void> {
  await frame.getByTestId('otp-input').fill(code)
  await frame.getByTestId('submit').click()
}

/** Waits until an element of the page or frame reads like this. */
export const reads = (element: Locator, text: string): Promise<void> =>
  vi.waitFor(async () => expect(await element.textContent({ timeout: 1_000 })).toBe(text), {
    timeout: 15_000,
    interval: 150,
  })

/** A code that is surely not the right one. */
export const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

interface JournalMessage {
  readonly link: string
  readonly messageType?: string
  readonly message: Members
}

export interface AcsRecord {
  readonly transStatus: string
  readonly transStatusReason?: string
  readonly resultStatus?: string
  readonly delivery?: string
  readonly decidedBy: string
  readonly facts: Members
  readonly messages: readonly JournalMessage[]
  readonly challenge?: { readonly phase: string; readonly interactions?: number; readonly resends?: number }
}

export async function acsRecord({ acs }: Running, acsTransID: string): Promise<AcsRecord> {
  const answer = await fetch(`${acs}/api/v1/transactions/${acsTransID}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as AcsRecord
}

/** Messages of the ACS itself; the record shows those of its peers as well. */
const ownLinks = ['DS→ACS', 'ACS→DS', 'browser→ACS', 'ACS→browser']

export const journaled = (record: AcsRecord, messageType: string): readonly Members[] =>
  record.messages
    .filter((entry) => entry.messageType === messageType && ownLinks.includes(entry.link))
    .map(({ message }) => message)

export async function serverStatus({ shop }: Running, threeDSServerTransID: string): Promise<Members> {
  const answer = await fetch(`${shop}/3ds-server/transactions/${threeDSServerTransID}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Members
}

/** What the shop's result page says; waits until it says something. */
export async function resultPage({ page, at }: Pick<Person, 'page' | 'at'>): Promise<Readonly<Record<string, string>>> {
  await page.waitForURL('**/result')
  await page.waitForSelector('[data-testid="result"]:not([data-outcome="waiting"])')
  const rows = await page
    .locator('dl.details [data-testid]')
    .evaluateAll((found) =>
      found.map((element) => [element.getAttribute('data-testid')?.slice('result-'.length), element.textContent]),
    )
  return {
    ...(Object.fromEntries(rows) as Record<string, string>),
    outcome: (await at('result').getAttribute('data-outcome')) ?? '',
    title: (await at('result-title').textContent()) ?? '',
  }
}

export interface Ending {
  /** What the shop tells. */
  readonly outcome: string
  readonly transStatus: string
  readonly reason?: string
  readonly cancel?: string
  /** Answers that the ACS evaluated. */
  readonly counter?: string
}

export interface Records {
  readonly shown: Readonly<Record<string, string>>
  readonly acs: AcsRecord
  readonly server: Members
}

async function records(someone: Person): Promise<Records> {
  const shown = await resultPage(someone)
  const [acs, server] = await Promise.all([
    acsRecord(someone.sekisho, shown.acsTransID ?? ''),
    serverStatus(someone.sekisho, shown.threeDSServerTransID ?? ''),
  ])
  return { shown, acs, server }
}

/** A purchase that ended without a challenge: the shop's page, the ACS and the 3DS Server agree, and there was no RReq. */
export async function expectFrictionless(someone: Person, ending: Ending): Promise<Records> {
  const all = await records(someone)
  const { outcome, transStatus, reason } = ending
  expect(all.shown).toMatchObject({ outcome, transStatus })
  expect(all.shown.transStatusReason).toBe(reason)
  expect(all.acs).toMatchObject({ transStatus })
  expect(all.acs.transStatusReason).toBe(reason)
  expect(journaled(all.acs, 'RReq')).toEqual([])
  expect(all.server).toMatchObject({ phase: 'settled', settledBy: 'ARes', transStatus })
  expect(all.server.transStatusReason).toBe(reason)
  return all
}

/** A purchase that ended after a challenge: all three agree, and exactly one RReq told so. */
export async function expectChallenged(someone: Person, ending: Ending): Promise<Records> {
  const all = await records(someone)
  const { outcome, transStatus, reason, cancel, counter } = ending
  expect(all.shown.outcome).toBe(outcome)
  expect(all.shown.transStatus).toBe(transStatus)
  expect(all.shown.transStatusReason).toBe(reason)
  expect(all.shown.challengeCancel).toBe(cancel)
  expect(all.acs).toMatchObject({ transStatus: 'C', resultStatus: transStatus, delivery: 'delivered' })
  expect(all.acs.challenge).toMatchObject({ phase: 'ended' })
  const rreqs = journaled(all.acs, 'RReq')
  expect(rreqs).toHaveLength(1)
  const [rreq] = rreqs
  expect(rreq).toMatchObject({ transStatus, interactionCounter: counter })
  expect(rreq?.transStatusReason).toBe(reason)
  expect(rreq?.challengeCancel).toBe(cancel)
  expect(all.server).toMatchObject({ phase: 'settled', transStatus })
  expect(all.server.transStatusReason).toBe(reason)
  expect(all.server.challengeCancel).toBe(cancel)
  return all
}
