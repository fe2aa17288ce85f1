// List and dashboard under axe-core: both languages, both themes, with many transactions and with none.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { addHistory } from './history.ts'
import { type Desk, desk } from './support.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly impact?: string
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[]
}

/** Serious and critical findings, a line each. */
async function findingsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const run: (options: object) => Promise<{ readonly violations: readonly Violation[] }> = Reflect.get(
      globalThis,
      'axe',
    ).run
    const { violations } = await run({ resultTypes: ['violations'], preload: false })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
      )
  })
}

describe.skipIf(!hasChromium)('list and dashboard', () => {
  let many: Running
  let none: Running
  let browser: Browser
  beforeAll(async () => {
    many = await running()
    none = await running()
    if (many.store === undefined) throw new Error('no store')
    await addHistory(many.store, { count: 150, until: Date.now(), spanMs: 20 * 3_600_000 })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await many.close()
    await none.close()
  })

  const settle = async ({ page, at }: Desk, path: string, isFull: boolean): Promise<void> => {
    if (!isFull) await at('empty').waitFor()
    else if (path === 'dashboard') await at('chart-latency').locator('canvas').waitFor()
    else await page.locator('.rows .row').first().waitFor()
  }

  test.each(
    (['en', 'ja'] as const).flatMap((lang) => (['light', 'dark'] as const).map((theme) => [lang, theme] as const)),
  )(
    'have no serious finding in %s, %s',
    async (lang, colorScheme) => {
      for (const size of [
        { width: 1280, height: 800 },
        { width: 390, height: 844 },
      ]) {
        const seat = await desk(browser, { locale: lang, colorScheme, viewport: size })
        for (const [sekisho, isFull] of [
          [many, true],
          [none, false],
        ] as const) {
          for (const path of ['', 'dashboard']) {
            await seat.page.goto(`${sekisho.acs}/console/${path}`)
            await settle(seat, path, isFull)
            if (path === '' && isFull) {
              await seat.at('filter-transStatus-Y').click()
              await seat.at('filters').click()
              await seat.page.keyboard.press('j')
            }
            expect(await findingsOf(seat.page), `/${path} ${size.width} ${isFull}`).toEqual([])
          }
        }
        await seat.leave()
      }
    },
    120_000,
  )
})
