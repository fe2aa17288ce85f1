// A real browser for tests: CHROMIUM_PATH, or the one the distribution installs.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const usualPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const chromiumPath =
  process.env.CHROMIUM_PATH ?? usualPaths.find((path) => existsSync(path)) ?? '/usr/bin/chromium'

/** Tests that need a browser are skipped without one; importing this file says so. */
export const hasChromium = existsSync(chromiumPath)
if (!hasChromium) console.warn(`browser tests skipped: no Chromium at ${chromiumPath} (set CHROMIUM_PATH)`)

export const launchChromium = (...more: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  })
