// Purchases through the shop's pages as a person makes them, against a whole Sekisho: one browser for all of them.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import type { Running } from '../support/running.ts'
import { access } from './access.ts'
import { challenge } from './challenge.ts'
import { frictionless } from './frictionless.ts'
import { house, people } from './support.ts'
import { time } from './time.ts'
import { versions } from './versions.ts'

vi.setConfig({ maxConcurrency: 3 }) // more only wait for each other

describe.runIf(hasChromium).concurrent('a purchase in a browser', { timeout: 120_000 }, () => {
  let browser: Browser
  let sekisho: Running

  beforeAll(async () => {
    browser = await launchChromium()
    sekisho = await house()
  })
  afterAll(async () => {
    await browser?.close()
    await sekisho?.close()
  })

  const town = { visit: people(() => browser), browser: () => browser, main: () => sekisho }
  frictionless(town)
  challenge(town)
  time(town)
  access(town)
  versions(town)
})
