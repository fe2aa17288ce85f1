// What every view of the console has to pass in both languages and themes: axe, and no sideways scroll on a phone.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import type { Running } from '../support/running.ts'
import { desk } from './support.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResults {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string | null
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** Serious and critical findings of axe-core, one a line. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'], preload: false })",
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** Opens `path` at both widths and in both languages, each in both themes at one of the widths; what is wrong, and where. */
export async function looksOf(
  browser: Browser,
  sekisho: Running,
  path: string,
  act: (page: Page) => Promise<unknown>,
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const lang of ['en', 'ja'] as const) {
    const { page, complaints, leave } = await desk(browser, { locale: lang === 'ja' ? 'ja-JP' : 'en-GB' })
    await page.goto(`${sekisho.acs}/console/${path}`)
    await act(page)
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 800 })
      const { scrollWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth }))
      if (scrollWidth > width) wrong.push(`${lang} ${width}: scrolls sideways, ${scrollWidth} wide`)
      const colorScheme = (width === 390) === (lang === 'en') ? 'dark' : 'light' // over both languages, all four
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const fault of await faultsOf(page)) wrong.push(`${lang} ${width} ${colorScheme}: ${fault}`)
    }
    if ((await page.locator('html').getAttribute('lang')) !== lang)
      wrong.push(`${lang}: the page is in another language`)
    wrong.push(...complaints.map((text) => `${lang}: ${text}`))
    await leave()
  }
  return wrong
}
