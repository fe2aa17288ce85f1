// The policy in the console: what runs, in words and as a scale.

import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shippedPolicy } from '../../src/risk/policy.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { desk } from './support.ts'

describe.skipIf(!hasChromium)('the policy', () => {
  let sekisho: Running
  let browser: Browser
  beforeAll(async () => {
    sekisho = await running({ only: ['acs'] })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await sekisho.close()
  })

  test('says which file and version runs, and where the bands begin', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/policy`)
    await expect.poll(() => at('policy-name').textContent()).toMatch(/default.*version 1.*default\.yaml.*11 checks/)
    expect(await at('scale').getAttribute('aria-label')).toBe(
      'A scale of the score. A payment starts at −4, which is a probability of 1.8%. Below −1 (27%) it passes without a ' +
        'challenge, from there it is challenged, and from +3.5 (97%) on it is rejected.',
    )
    const bands = await at('scale')
      .locator('.scale-band')
      .evaluateAll((all) => all.map((band) => band.getBoundingClientRect()).map(({ left, right }) => [left, right]))
    expect(bands.length).toBe(3)
    expect(bands[0]?.[1]).toBeCloseTo(bands[1]?.[0] ?? 0, 0)
    expect(bands[1]?.[1]).toBeCloseTo(bands[2]?.[0] ?? 0, 0)
    expect(complaints).toEqual([])
    await leave()
  })

  test('tells of each check what it looks at, how far it reaches, and what each parameter means', async () => {
    const { page, at, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/policy`)
    await at('check-first-device').waitFor()
    expect(await page.locator('.check-item').count()).toBe(11)
    const device = at('check-first-device')
    expect(await device.locator('.reach-bar').getAttribute('aria-label')).toBe(
      'First purchase on a device: from −0.8 to +1',
    )
    await device.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await device.locator('.element').allTextContents()).toContain('browserUserAgent')
    const row = device.locator('tr', { hasText: 'trusted.withId' })
    expect(await row.textContent()).toMatch(/−0\.8Challenge passed here before/)
    expect(await at('rule-velocity-limit').textContent()).toMatch(/If purchases in an hour of this card ≥ 40: then N/)
    await leave()
  })

  test('in Japanese no sentence is left in English', async () => {
    const { page, at, leave } = await desk(browser, { locale: 'ja-JP' })
    await page.goto(`${sekisho.acs}/console/policy`)
    await at('check-night').waitFor()
    for (const text of await page
      .locator('.check-words h3, .check-words p, .params td:last-child, .view-about')
      .allTextContents())
      expect(text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
    await leave()
  })

  test('every feature of a long scorecard has words in both languages', async () => {
    const other = await running({ only: ['acs'], policy: fileURLToPath(shippedPolicy('features-30')) })
    for (const [locale, letters] of [
      ['en', /^[\w ,()’-]+ [a-z0-9_A-Z]+$/],
      ['ja-JP', /[\u3040-\u30ff\u4e00-\u9fff]/],
    ] as const) {
      const { page, at, leave } = await desk(browser, { locale })
      await page.goto(`${other.acs}/console/policy`)
      await at('policy-scorecard').waitFor()
      const features = await at('policy-scorecard').locator('tbody td:first-child').allTextContents()
      expect(features.length).toBe(30)
      for (const feature of features) {
        expect(feature).toMatch(letters)
        expect(feature.split(' ').length, feature).toBeGreaterThan(1)
      }
      await leave()
    }
    await other.close()
  })

  test('it passes axe and never scrolls sideways, in both languages and themes', { timeout: 120_000 }, async () => {
    const wrong = await looksOf(browser, sekisho, 'policy', async (page) => {
      for (const summary of await page.locator('.check-item summary').all()) await summary.click()
    })
    expect(wrong).toEqual([])
  })
})
