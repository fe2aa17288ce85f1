// A console in a browser: its page, and what it asked for and complained about.
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserAReq, frictionlessCard, type Members, post } from '../support/messages.ts'
import type { Running } from '../support/running.ts'

export interface Desk {
  readonly page: Page
  readonly at: (testId: string) => Locator
  /** Every address the page asked for. */
  readonly asked: string[]
  /** Errors, and refusals of the content security policy. */
  readonly complaints: string[]
  leave(): Promise<void>
}

export async function desk(browser: Browser, options: BrowserContextOptions = {}): Promise<Desk> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, at: (testId) => page.getByTestId(testId), asked, complaints, leave: () => context.close() }
}

/** What becomes true soon, on a busy machine too. */
export const eventually = <T>(read: () => T, timeout = 15_000) => expect.poll(read, { timeout, interval: 40 })

/** Sends an AReq to the ACS, by default of a card that is never challenged; the ARes. */
export async function sendAReq(sekisho: Running, change: Members = {}): Promise<Members> {
  const { body } = await post(
    `${sekisho.acs}/acs/areq`,
    browserAReq({ acctNumber: frictionlessCard, dsURL: `${sekisho.acs}/ds/rreq`, ...change }),
  )
  if (body.messageType !== 'ARes') throw new Error(`expected an ARes, got ${JSON.stringify(body)}`)
  return body
}

/** Nodes of the page. */
export const nodesOf = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length)
