// What screenings of shops said of a transaction, in the console: with and without each of them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webhookHeaders } from '../../src/protocol/crypto/webhook-signature.ts'
import { assessmentOf, secretOf } from '../hook/doors/support.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { browserAReq, type Members, post } from '../support/messages.ts'
import { type Running, running } from '../support/running.ts'
import { looksOf } from './look.ts'
import { desk } from './support.ts'

describe.skipIf(!hasChromium)('a transaction that was spoken of', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sekisho-console-'))
  let sekisho: Running
  let browser: Browser
  let acsTransID: string
  beforeAll(async () => {
    const hookSources = path.join(folder, 'sources.yaml')
    const source = (name: string) => `  - { name: ${name}, key: { secret: '${secretOf(name)}' }, doors: [ahead] }`
    writeFileSync(hookSources, `sources:\n${source('screening')}\n${source('partner')}\n`)
    sekisho = await running({ only: ['acs'], hookSources })
    browser = await launchChromium()
    const areq = browserAReq({ acctNumber: '4111110000000021', purchaseAmount: '1480' })
    const tell = async (name: string, change: Members) => {
      const body = JSON.stringify(assessmentOf(areq.threeDSServerTransID, { source: name, ...change }, Date.now()))
      const headers = webhookHeaders(secretOf(name), `told_${name}`, Date.now(), body)
      const { status } = await post(`${sekisho.acs}/hook/assessments`, body, {
        'content-type': 'application/json',
        ...headers,
      })
      expect(status).toBeLessThan(300)
    }
    await tell('screening', { verdict: 'NG', score: 0.91, reasons: ['shared-list'] })
    await tell('partner', { verdict: 'OK', reasons: [] })
    const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
    acsTransID = String(ares.acsTransID)
  })
  afterAll(async () => {
    await browser?.close()
    await sekisho?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('says who said what, what it was worth, and what there would have been without it', async () => {
    const { page, at, complaints, leave } = await desk(browser)
    await page.goto(`${sekisho.acs}/console/transactions/${acsTransID}`)
    await at('assessments').waitFor()
    const screening = await at('assessment-screening').textContent()
    expect(screening).toMatch(/NG \(ahead of it\) score 0\.91/)
    expect(screening).toMatch(/Counted \+2\.3\d; by its record its word is worth \+2\.3\d\./)
    expect(screening).toMatch(/Known by then: 0 good payments, 0 frauds\./)
    expect(screening).toMatch(/Without it the score would have been −\d\.\d\d\./)
    expect(await at('assessment-partner').textContent()).toMatch(/OK/)
    expect(await at('without-all').textContent()).toMatch(/Nobody heard.*Without all of them/)
    const fallen = await page.locator('.tx-fall', { hasText: 'Screening: screening' }).count()
    expect(fallen).toBe(1)
    expect(complaints).toEqual([])
    await leave()
  })

  test('in Japanese no sentence is left in English', async () => {
    const { page, at, leave } = await desk(browser, { locale: 'ja-JP' })
    await page.goto(`${sekisho.acs}/console/transactions/${acsTransID}`)
    await at('assessments').waitFor()
    for (const text of await at('assessments').locator('h2, h3, p, .tx-said').allTextContents())
      expect(text).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/)
    await leave()
  })

  test('can be used by everybody, on a phone too', async () => {
    const wrong = await looksOf(browser, sekisho, `transactions/${acsTransID}`, (page) =>
      page.getByTestId('assessments').waitFor(),
    )
    expect(wrong).toEqual([])
  }, 60_000)
})
