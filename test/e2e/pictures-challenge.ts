// Takes the pictures of every challenge screen for docs/pictures/ from a real Sekisho: npx tsx test/e2e/pictures-challenge.ts [directory]
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { manualClock } from '../../src/clock.ts'
import { areqOf } from '../http/any-areq.ts'
import { launchChromium } from '../support/chromium.ts'
import { creqFor, type Members, post } from '../support/messages.ts'
import { running } from '../support/running.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
mkdirSync(folder, { recursive: true })

const sekisho = await running(
  { only: ['acs'], acsPort: 9440, seed: 'pictures' },
  { clock: manualClock(Date.parse('2026-04-10T05:30:00Z')) },
)
const browser = await launchChromium('--force-color-profile=srgb')

type Language = 'en' | 'ja'
type Size = readonly [width: number, height: number]

let lastCard = 0

/** Shows a challenge of a card that ends so, as the window of its own page. */
async function show(page: Page, ending: string, lang: Language, range = '400000'): Promise<void> {
  lastCard += 1
  const areq = areqOf('browser-231', {
    acctNumber: `${range}${String(lastCard).padStart(7, '0')}${ending}`,
    browserLanguage: lang,
    merchantName: 'Hakone Goods',
    purchaseAmount: '24800',
    purchaseCurrency: '392',
    purchaseExponent: '0',
  })
  const { body: ares } = await post(`${sekisho.acs}/acs/areq`, areq)
  const creq = creqFor(ares as Members, { messageVersion: '2.3.1' })
  await page.setContent(
    `<form method="post" action="${sekisho.acs}/acs/challenge"><input name="creq" value="${creq}"></form>`,
  )
  await page.locator('form').evaluate((form) => form instanceof HTMLFormElement && form.submit())
  await page.getByTestId('challenge-page').waitFor()
}

/** What the window shows now, for a sheet. */
async function taken(page: Page, [width, height]: Size): Promise<string> {
  await page.setViewportSize({ width, height })
  const png = await page.screenshot({ caret: 'hide', animations: 'disabled' })
  return `<img width="${width}" height="${height}" src="data:image/png;base64,${png.toString('base64')}" alt="">`
}

async function sheet(name: string, columns: number, [width, height]: Size, images: readonly string[]): Promise<void> {
  const gap = 16
  const rows = Math.ceil(images.length / columns)
  const page = await browser.newPage({
    viewport: { width: columns * (width + gap) + gap, height: rows * (height + gap) + gap },
  })
  await page.setContent(`<!DOCTYPE html><style>
    body { margin: 0; padding: ${gap}px; display: grid; grid-template-columns: repeat(${columns}, ${width}px); gap: ${gap}px; background: #dfe3ea }
    img { display: block }
  </style>${images.join('')}`)
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
  await page.close()
}

const sizes: readonly Size[] = [
  [250, 400],
  [390, 400],
  [500, 600],
  [600, 400],
]
/** In the order of the templates. */
const endings = ['001', '004', '005', '006', '007', '009', '008', '010']

const page = await browser.newPage()
for (const lang of ['en', 'ja'] as const) {
  const windows = sizes.map((): string[] => [])
  for (const ending of endings) {
    await show(page, ending, lang)
    for (const [index, size] of sizes.entries()) windows[index]?.push(await taken(page, size))
  }
  for (const [index, size] of sizes.entries()) {
    await sheet(`challenge-${lang}-${size.join('x')}`, 4, size, windows[index] ?? [])
  }
}

// One card of each issuer, in light and below it in dark.
const size: Size = [390, 400]
const issuers: string[] = []
for (const colorScheme of ['light', 'dark'] as const) {
  await page.emulateMedia({ colorScheme })
  for (const [range, ending, lang] of [
    ['400000', '001', 'en'],
    ['520000', '005', 'ja'],
    ['352800', '008', 'en'],
    ['340000', '004', 'ja'],
    ['545454', '006', 'en'],
  ] as const) {
    await show(page, ending, lang, range)
    issuers.push(await taken(page, size))
  }
}
await sheet('challenge-issuers', 5, size, issuers)

await browser.close()
await sekisho.close()
