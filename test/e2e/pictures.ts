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

/** The pages of the shop, on a desk and on a phone; a phone's file name says so. */
const screens = [
  { lang: 'en', viewport: { width: 1_280, height: 800 }, suffix: '' },
  { lang: 'ja', viewport: { width: 390, height: 844 }, suffix: '-phone' },
] as const

for (const { lang, viewport, suffix } of screens) {
  const someone = await person(browser, sekisho, { lang, viewport })
  const { page, at, frame } = someone
  const shot = (name: string): Promise<void> => shoot(page, `shop-${name}${suffix}`)
  await page.goto(`${sekisho.shop}/shop`)
  await shot('catalogue')
  await at('add-coffee').click()
  await shot('cart')
  await at('to-checkout').click()
  await at('persona-thief').check()
  await shot('checkout')
  await at('sign-in-hanako-06').click()
  await page.locator('.account').scrollIntoViewIfNeeded()
  await page.locator('.account').evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 20))
  await shot('member')
  await at('sign-out').click()
  await page.locator('.try').evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 20))
  await shot('cards')
  await at('persona-home').check()
  await at('card-4111110000000065').click()
  await at('pay').click()
  await challengeOf(someone)
  await page.reload()
  const acsTransID = await challengeOf(someone)
  await page.evaluate(() => scrollTo(0, 0))
  await shot('challenge')
  const [mail] = await mails(sekisho, acsTransID)
  await enter(someone, mail?.code ?? '')
  await resultPage(someone)
  await shot('result-soft')
  clock.advance(60_000)
  await page.route('**/acs/method', () => {}) // the bank takes its time
  await pay(someone, { card: '4000000000007700' })
  await at('processing').waitFor()
  await shot('processing')
  await page.unrouteAll()
  await page.reload()
  await challengeOf(someone)
  await frame.getByTestId('cancel').click()
  await resultPage(someone)
  await shot('result-n')
  await pay(someone, { card: '4111110000000021', cart: { gift: 5 }, shipsElsewhere: true })
  await resultPage(someone)
  await shot('result-r')
  clock.advance(60_000)
  if (lang === 'ja') {
    await someone.leave()
    continue
  }
  await page.setViewportSize({ width: 960, height: 720 })
  await pay(someone, { card: '4000000000007700', cart: { camera: 1 } })
  await challengeOf(someone)
  await page.goto(`${sekisho.acs}/inbox`)
  await shoot(page, 'inbox')
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
