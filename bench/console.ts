// How long the console takes with many transactions: the first rows, a filter, a search, the dashboard. Run: npm run bench:console
import os from 'node:os'
import { parseArgs } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { addHistory } from '../test/console/history.ts'
import { launchChromium } from '../test/support/chromium.ts'
import { running } from '../test/support/running.ts'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '7' } },
})
const count = Number(values.count)
const rounds = Number(values.rounds)

const line = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const sorted = (list: readonly number[]): readonly number[] => list.toSorted((a, b) => a - b)
const report = (name: string, times: readonly number[]): void => {
  const [least = Number.NaN] = sorted(times)
  const middle = sorted(times)[Math.floor(times.length / 2)] ?? Number.NaN
  const most = sorted(times).at(-1) ?? Number.NaN
  line(
    `${name.padEnd(34)} ${least.toFixed(0).padStart(7)} ${middle.toFixed(0).padStart(8)} ${most.toFixed(0).padStart(8)}`,
  )
}

/** Milliseconds from the start of the navigation to the frame after `selector` was there. */
async function firstPaint(page: Page, url: string, selector: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' })
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.querySelector(wanted) === null) requestAnimationFrame(look)
          else requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
        }
        look()
      }),
    selector,
  )
}

/** Milliseconds from what a person does to the frame after the list is no longer busy. */
const refined = (page: Page, action: { readonly click?: string; readonly search?: string }): Promise<number> =>
  page.evaluate(
    ({ click, search }) =>
      new Promise<number>((resolve) => {
        const list = document.querySelector('[data-testid="transactions"]')
        const box = document.querySelector('[data-testid="search"]')
        let wasBusy = false
        const from = performance.now()
        new MutationObserver((_changes, observer) => {
          const isBusy = list?.getAttribute('aria-busy') === 'true'
          if (wasBusy && !isBusy) {
            observer.disconnect()
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)))
          }
          wasBusy ||= isBusy
        }).observe(list as Element, { attributes: true })
        if (click !== undefined) document.querySelector<HTMLElement>(`[data-testid="${click}"]`)?.click()
        else if (box instanceof HTMLInputElement) {
          box.value = search ?? ''
          box.dispatchEvent(new Event('input'))
        }
      }),
    action,
  )

const sekisho = await running()
if (sekisho.store === undefined) throw new Error('no store')
await addHistory(sekisho.store, { count, until: Date.now(), spanMs: 20 * 3_600_000 })
const browser = await launchChromium()
const newContext = async (): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addInitScript('globalThis.__name = (it) => it') // what the compiler of this file wraps functions in
  return context
}
const page = await (await newContext()).newPage()
const url = `${sekisho.acs}/console`

line(
  `Node ${process.versions.node}, Chromium ${browser.version()}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}; load ${os
    .loadavg()[0]
    ?.toFixed(1)}; headless, server in the process that measures`,
)
line(`${count} transactions, ${rounds} rounds; milliseconds`)
line('')
line(`${''.padEnd(34)}   least   median     most`)

const times = { cold: [], warm: [], status: [], rare: [], search: [], dashboard: [] } as Record<string, number[]>
for (let round = 0; round < rounds; round += 1) {
  const fresh = await newContext()
  times.cold?.push(await firstPaint(await fresh.newPage(), url, '.rows .row'))
  await fresh.close()
  times.warm?.push(await firstPaint(page, url, '.rows .row'))
  times.status?.push(await refined(page, { click: 'filter-transStatus-C' }))
  await refined(page, { click: 'filter-transStatus-C' })
  times.rare?.push(await refined(page, { click: 'filter-transStatus-I' }))
  await refined(page, { click: 'filter-transStatus-I' })
  times.search?.push(await refined(page, { search: 'no such merchant' }))
  times.dashboard?.push(await firstPaint(page, `${url}/dashboard`, '.chart canvas'))
}
report('list, first visit', times.cold ?? [])
report('list, later visit', times.warm ?? [])
report('filter that fits often (C)', times.status ?? [])
report('filter that fits rarely (I)', times.rare ?? [])
report('search that finds nothing', times.search ?? [])
report('dashboard with its charts', times.dashboard ?? [])
line('Goal: first rows and filters below 1,000 ms. A search waits 180 ms for the next key; that is counted.')

await browser.close()
await sekisho.close()
