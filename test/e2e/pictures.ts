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

const shoot = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' })
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

// The challenge page alone: both windows of a language in one picture.
for (const lang of ['en', 'ja'] as const) {
  const windows: string[] = []
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
    const place = await someone.at('challenge-frame').boundingBox()
    if (place === null) throw new Error('the challenge frame does not show')
    const png = await someone.page.screenshot({ clip: { ...place, width, height }, caret: 'hide' })
    windows.push(`<figure><img width="${width}" src="data:image/png;base64,${png.toString('base64')}">
      <figcaption>${width} × ${height}</figcaption></figure>`)
    await someone.leave()
  }
  const sheet = await browser.newPage({ viewport: { width: 960, height: 488 } })
  await sheet.setContent(`<!DOCTYPE html><style>
    body { margin: 0; padding: 32px; display: grid; grid-template-columns: 250px 600px; gap: 46px; background: #dfe3ea;
      font: 14px sans-serif; color: #444 }
    figure { margin: 0 } figcaption { margin-top: 8px } img { display: block; border-radius: 9px }
  </style>${windows.join('')}`)
  await shoot(sheet, `challenge-pages-${lang}`)
  await sheet.close()
}

await browser.close()
await sekisho.close()
