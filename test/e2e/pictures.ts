// Takes the pictures of docs/pictures/ from a real Sekisho: npx tsx test/e2e/pictures.ts [directory]
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { manualClock } from '../../src/clock.ts'
import { launchChromium } from '../support/chromium.ts'
import { challengeOf, enter, house, mails, otherThan, pay, person, resultPage } from './support.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })

const clock = manualClock(Date.parse('2026-04-10T05:30:00Z'))
const sekisho = await house({ seed: 'pictures' }, { clock })
const browser = await launchChromium('--force-color-profile=srgb')

const shoot = async (page: Page, name: string, fullPage = false): Promise<void> => {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage, animations: 'disabled', caret: 'hide' })
}

const viewport = { width: 960, height: 720 }

{
  const someone = await person(browser, sekisho, { lang: 'en', viewport })
  const { page, at, frame } = someone
  await page.goto(`${sekisho.shop}/shop`)
  await shoot(page, 'shop-catalogue')
  await at('add-headphones').click()
  await at('to-checkout').click()
  await at('card-4000000000007700').click()
  await page.evaluate(() => scrollTo(0, 0))
  await shoot(page, 'shop-checkout')
  await page.route('**/acs/method', () => {}) // the bank takes its time
  await at('pay').click()
  await at('processing').waitFor()
  await shoot(page, 'shop-processing')
  await page.unrouteAll()
  await page.reload()
  const acsTransID = await challengeOf(someone)
  await shoot(page, 'shop-challenge-en')
  const [mail] = await mails(sekisho, acsTransID)
  await enter(someone, mail?.code ?? '')
  await resultPage(someone)
  await shoot(page, 'shop-result-y')
  await pay(someone, { card: '4000000000007700' })
  await challengeOf(someone)
  await frame.getByTestId('cancel').click()
  await resultPage(someone)
  await shoot(page, 'shop-result-n')
  await someone.leave()
}

{
  const someone = await person(browser, sekisho, { lang: 'ja', viewport })
  await pay(someone, { card: '4111110000000021', cart: { headphones: 1 } })
  await challengeOf(someone)
  await shoot(someone.page, 'shop-challenge-ja')
  clock.advance(60_000)
  await pay(someone, { card: '4000000000007700', cart: { camera: 1 } })
  await challengeOf(someone)
  await someone.page.goto(`${sekisho.acs}/inbox`)
  await shoot(someone.page, 'inbox')
  await someone.leave()
}

for (const lang of ['en', 'ja'] as const) {
  for (const [size, width, height] of [
    ['01', 250, 400],
    ['04', 600, 400],
  ] as const) {
    const someone = await person(browser, sekisho, { lang })
    await pay(someone, { card: '4000000000007700', cart: { headphones: 1 }, windowSize: size })
    const acsTransID = await challengeOf(someone)
    if (size === '04') {
      const [mail] = await mails(sekisho, acsTransID)
      await enter(someone, otherThan(mail?.code ?? ''))
      await someone.frame.getByTestId('hint').waitFor()
    }
    const alone = await someone.at('challenge-frame').boundingBox()
    if (alone === null) throw new Error('no frame')
    await someone.page.screenshot({
      path: path.join(folder, `challenge-${width}x${height}-${lang}.png`),
      clip: { ...alone, width, height },
      caret: 'hide',
    })
    await someone.leave()
  }
}

await browser.close()
await sekisho.close()
